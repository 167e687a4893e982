"""What people hear of, when, and where: preferences, a customer's own marks, the dealer's wish, addresses set aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.alerts.models import CustomerMark, DealerWish
from econcierge.notifications import operations
from econcierge.notifications.models import Delivery, Habit, SetAside
from econcierge.notifications.types import Kind

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


def everything() -> None:
    scoping.enter(Scope.everything())


def test_a_person_chooses_one_mail_a_day_and_quiet_hours(browser: Browser, cast: SimpleNamespace) -> None:
    client = browser(cast.owner, "en-ca")
    given = {
        "language": "en-ca", "wanted": ["supply_low"], "pace": "daily", "daily_at": "07:30", "quiet_from": "20:00",
        "quiet_to": "06:30", "time_zone": "America/Vancouver",
    }  # fmt: skip
    wrong = client.post(reverse("preferences"), given | {"quiet_to": ""})
    assert (wrong.status_code, "Quiet hours need a beginning and an end." in wrong.content.decode()) == (400, True)
    assert client.post(reverse("preferences"), given).status_code == 302
    everything()
    habit = Habit.objects.get(user=cast.owner.user)
    assert (habit.daily_at, habit.quiet_from, habit.time_zone) == (time(7, 30), time(20), "America/Vancouver")
    page = client.get(reverse("preferences")).content.decode()
    assert 'value="07:30"' in page


def test_who_only_looks_on_is_shown_what_they_really_get(browser: Browser, cast: SimpleNamespace) -> None:
    """P25: a reader is told of what they asked for, so nothing is ticked until they do."""
    page = browser(cast.viewer, "en-ca").get(reverse("preferences")).content.decode()
    assert page.count('name="wanted"') > 0
    assert 'name="wanted" value="supply_low" id="id_wanted_0" checked' not in page
    assert 'value="supply_low" id="id_wanted_0" checked' in browser(cast.owner, "en-ca").get(
        reverse("preferences")
    ).content.decode().replace(" class", "")


def test_a_mark_stands_as_a_sentence_and_can_only_be_earlier(browser: Browser, cast: SimpleNamespace) -> None:
    client = browser(cast.owner, "en-ca")
    answer = client.get(reverse("mark_sentence"), {"kind": "toner", "low_percent": "30"}).content.decode()
    assert "You will be told when toner falls to 30\u00a0% or lower." in answer
    french = browser(cast.owner, "fr-ca").get(reverse("mark_sentence"), {"kind": "toner", "low_percent": "30"})
    assert "toner" in french.content.decode()
    assert "You will" not in french.content.decode()
    refused = client.post(reverse("marks"), {"place": "all", "kind": "toner", "low_percent": "20"})
    assert (refused.status_code, "in any case" in refused.content.decode()) == (400, True)
    assert client.post(reverse("marks"), {"place": "all", "kind": "toner", "low_percent": "30"}).status_code == 302
    second = {"place": "all", "kind": "drum", "low_percent": "30", "almost_empty_percent": "40"}
    assert client.post(reverse("marks"), second).status_code == 400
    everything()
    mark = CustomerMark.objects.get()
    assert (mark.customer, mark.site, mark.printer, mark.low_percent) == (cast.erable, None, None, 30)
    assert "falls to 30\u00a0% or lower" in client.get(reverse("marks")).content.decode()
    client.post(reverse("forget_mark", args=[mark.pk]))
    everything()
    assert not CustomerMark.objects.exists()


@pytest.mark.parametrize("person", ["colleague", "viewer"])
def test_only_who_manages_printers_sets_marks(browser: Browser, cast: SimpleNamespace, person: str) -> None:
    browser(getattr(cast, person)).post(reverse("marks"), {"place": "all", "kind": "all", "low_percent": "30"})
    everything()
    assert not CustomerMark.objects.exists()


def test_a_dealer_asks_to_hear_earlier(browser: Browser, cast: SimpleNamespace) -> None:
    browser(cast.seller).post(reverse("marks"), {"wanted": "on", "points": "10"})
    everything()
    wish = DealerWish.objects.get()
    assert (wish.dealer, wish.wanted, wish.points) == (cast.dealer, True, 10)


def test_an_address_that_mail_came_back_from_is_shown_and_tried_again(
    browser: Browser, cast: SimpleNamespace, now: datetime
) -> None:
    SetAside.objects.create(address="colleague@example.test", since=now, said="550 5.1.1 no such mailbox")
    operations.notify(
        kind=Kind.SERVICE_RECEIVED, users=[cast.colleague.user], customer_id=cast.erable.pk, key="1",
        context={"request_id": 1, "number": "R-1", "printer": "P", "problem": "x", "covered": True}, now=now,
    )  # fmt: skip
    assert Delivery.objects.get().state == Delivery.State.ASIDE
    seen = browser(cast.viewer, "en-ca").get(reverse("people")).content.decode()
    assert "550 5.1.1 no such mailbox" in seen
    assert "Try again" not in seen
    client = browser(cast.owner, "en-ca")
    assert "Try again" in client.get(reverse("people")).content.decode()
    browser(cast.neighbour).post(reverse("try_mail_again"), {"address": "colleague@example.test"})
    everything()
    assert SetAside.objects.exists()
    client.post(reverse("try_mail_again"), {"address": "colleague@example.test"})
    everything()
    assert not SetAside.objects.exists()
    assert Delivery.objects.get().state == Delivery.State.PENDING
