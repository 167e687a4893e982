"""Acting from a mail without signing in: what each link does, for whom, and what it never does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from econcierge.accounts import scoping
from econcierge.accounts.models import Membership
from econcierge.accounts.types import Scope
from econcierge.alerts.models import Answer, Episode
from econcierge.alerts.types import Action
from econcierge.catalogue.models import Fit, Part, Price
from econcierge.fleet.models import Printer
from econcierge.fulfilment.models import Stock
from econcierge.interfaces.web.frommail import opening
from econcierge.notifications import links
from econcierge.notifications.models import Delivery, Preference
from econcierge.notifications.types import Kind
from econcierge.orders.models import BasketLine, Order
from econcierge.payments.models import AccountAgreement

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


@pytest.fixture(autouse=True)
def unhurried() -> None:
    opening.PACE.clear()


@pytest.fixture
def episode(office: SimpleNamespace) -> Episode:
    return Episode.objects.get(slot=office.slot, threshold="low")


@pytest.fixture
def link(episode: Episode, cast: SimpleNamespace, now: datetime) -> Callable[..., str]:
    def link(action: Action, person: str = "owner", *, days_ago: int = 0, episode_id: int | None = None) -> str:
        url = links.action_url(
            user_id=getattr(cast, person).user.pk,
            episode_id=episode_id or episode.pk,
            action=action.value,
            made_at=now - timedelta(days=days_ago),
        )
        return url.removeprefix(settings.PUBLIC_URL)

    return link


def everything() -> None:
    scoping.enter(Scope.everything())


def form_of(page: str) -> dict[str, str]:
    import re

    return dict(re.findall(r'<input type="hidden" name="(part|total|coming)" value="([^"]*)"', page))


def test_an_order_is_two_clicks_from_the_mail(browser: Browser, link: Callable[..., str], cast: Any) -> None:
    """G10: the mail's button, then the one button of its page. Opening it, however often, changes nothing."""
    client, address = browser(language="en-ca"), link(Action.ORDER)
    everything()
    before = Order.objects.count()
    page = client.get(address)
    for _ in range(3):
        client.get(address)
    client.head(address)
    everything()
    assert Order.objects.count() == before
    assert page.status_code == 200
    text = page.content.decode()
    assert text.count('<button class="button"') == 1
    assert "Order for $" in text
    client.post(address, form_of(text))
    everything()
    order = Order.objects.latest("id")
    assert (Order.objects.count(), order.placed_by, order.customer) == (before + 1, cast.owner.user, cast.erable)
    assert f"Order {order.number} is placed" in client.get(address).content.decode()


def test_the_same_form_twice_is_one_order(browser: Browser, link: Callable[..., str]) -> None:
    client, address = browser(), link(Action.ORDER)
    form = form_of(client.get(address).content.decode())
    everything()
    before = Order.objects.count()
    for _ in range(3):
        client.post(address, form)
    everything()
    assert Order.objects.count() == before + 1


def test_a_changed_total_is_shown_before_anything_is_ordered(browser: Browser, link: Callable[..., str]) -> None:
    client, address = browser(language="en-ca"), link(Action.ORDER)
    form = form_of(client.get(address).content.decode())
    everything()
    before = Order.objects.count()
    answer = client.post(address, form | {"total": "1"})
    everything()
    assert (answer.status_code, Order.objects.count()) == (400, before)
    assert "The price has changed" in answer.content.decode()


def test_what_is_on_its_way_is_said_on_the_page(
    browser: Browser, link: Callable[..., str], office: SimpleNamespace, cast: Any
) -> None:
    client = browser(language="en-ca")
    mine = client.get(link(Action.ORDER))
    client.post(link(Action.ORDER), form_of(mine.content.decode()))
    assert "1 is on its way" in client.get(link(Action.ORDER, "colleague")).content.decode()


def test_whose_basket_it_is_in_is_said_on_the_page(
    browser: Browser, link: Callable[..., str], office: SimpleNamespace
) -> None:
    """P31: a colleague put it aside already; ordering it from the mail stays one button."""
    BasketLine.objects.update(printer=office.printer)
    text = browser(language="en-ca").get(link(Action.ORDER, "colleague")).content.decode()
    assert "In the basket of Owner since today." in text
    assert text.count('<button class="button"') == 1


@pytest.mark.parametrize(("language", "button"), [("en-ca", "Order one more"), ("fr-ca", "En commander une de plus")])
def test_two_people_who_looked_at_once_order_two_only_if_they_mean_to(
    browser: Browser, link: Callable[..., str], language: str, button: str
) -> None:
    first, second = link(Action.ORDER), link(Action.ORDER, "colleague")
    client = browser(language=language)
    forms = [form_of(client.get(address).content.decode()) for address in (first, second)]
    everything()
    before = Order.objects.count()
    assert client.post(first, forms[0]).status_code == 302
    answer = client.post(second, forms[1])
    everything()
    assert (answer.status_code, Order.objects.count()) == (400, before + 1)
    page = answer.content.decode()
    assert f'<button class="button">{button}</button>' in page
    assert client.post(second, form_of(page)).status_code == 302
    everything()
    assert Order.objects.count() == before + 2


def test_a_link_orders_for_its_own_supply_only(
    browser: Browser, link: Callable[..., str], office: SimpleNamespace
) -> None:
    client, address = browser(language="en-ca"), link(Action.ORDER)
    form = form_of(client.get(address).content.decode())
    everything()
    cyan = Part.objects.create(
        part_number="106R03522", kind="toner", colour="cyan", sold="retail", regions=["NA"], yield_pages=4800
    )
    Fit.objects.create(part=cyan, model=office.printer.model)
    same = Price.objects.get(part__part_number=form["part"])
    Price.objects.create(
        dealer=same.dealer, part=cyan, unit_price_minor=same.unit_price_minor, valid_from=same.valid_from
    )
    stock = Stock.objects.get(part=same.part)
    Stock.objects.create(distributor=stock.distributor, part=cyan, quantity=20, as_of=stock.as_of)
    before = Order.objects.count()
    answer = client.post(address, form | {"part": "106R03522"})  # of the same price, so nothing else stops it
    everything()
    assert (answer.status_code, Order.objects.count()) == (400, before)
    assert "does not go where you want it" in answer.content.decode()


def test_a_viewer_passes_the_wish_on(browser: Browser, link: Callable[..., str], cast: Any) -> None:
    client, address = browser(language="en-ca"), link(Action.ORDER, "viewer")
    page = client.get(address).content.decode()
    assert "Ask them to order it" in page
    everything()
    before = Order.objects.count()
    for _ in range(2):
        client.post(address, {"part": "106R03512", "total": "1"})
    everything()
    assert Order.objects.count() == before
    asked = Delivery.objects.filter(kind=Kind.COLLEAGUE_ASKS.value)
    assert sorted(asked.values_list("address", flat=True)) == ["colleague@example.test", "owner@example.test"]


def test_without_an_agreement_the_portal_goes_on(browser: Browser, link: Callable[..., str], office: Any) -> None:
    everything()
    AccountAgreement.objects.all().delete()
    page = browser(language="en-ca").get(link(Action.ORDER)).content.decode()
    assert "Sign in and go on there" in page
    assert '<button class="button"' not in page


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("person", ["neighbour", "stranger", "seller", "technician", "operator"])
def test_a_link_opens_nothing_for_who_has_no_role_there(
    browser: Browser, link: Callable[..., str], action: Action, person: str
) -> None:
    client = browser(language="en-ca")
    assert client.get(link(action, person)).status_code == 410
    assert client.post(link(action, person), {"days": "3"}).status_code == 410


@pytest.mark.parametrize("action", list(Action))
def test_a_link_dies_with_its_persons_role(
    browser: Browser, link: Callable[..., str], action: Action, cast: Any
) -> None:
    everything()
    Membership.objects.filter(user=cast.owner.user).delete()
    assert browser().post(link(action), {"days": "3"}).status_code == 410
    everything()
    assert not Answer.objects.exists()


def test_a_link_is_good_for_thirty_days_and_not_to_be_forged(browser: Browser, link: Callable[..., str]) -> None:
    client, good = browser(language="en-ca"), link(Action.LATER)
    assert client.get(link(Action.LATER, days_ago=29)).status_code == 200
    old = client.get(link(Action.LATER, days_ago=30))
    assert (old.status_code, "good for 30 days" in old.content.decode()) == (410, True)
    for bad in (good[:-3] + "x/", "/m/nonsense/", good.replace(":", "", 1)):
        assert client.get(bad).status_code == 404
    stop = links.stop_url(user_id=1, kind=Kind.SUPPLY_LOW).removeprefix(settings.PUBLIC_URL)
    assert client.get(stop.replace("/m/stop/", "/m/")).status_code == 404


def test_each_link_is_good_for_one_thing_only(browser: Browser, link: Callable[..., str]) -> None:
    everything()
    before = Order.objects.count()
    browser().post(link(Action.LATER), {"part": "106R03512", "total": "18965", "days": "1"})
    everything()
    assert (Order.objects.count(), Answer.objects.count()) == (before, 0)


def test_already_ordered_is_kept_and_taken_back(browser: Browser, link: Callable[..., str], now: datetime) -> None:
    client, address = browser(language="en-ca"), link(Action.ALREADY_ORDERED)
    client.post(address, {"quantity": "2"})
    everything()
    answer = Answer.objects.get(ended_at__isnull=True)
    assert (answer.quantity, answer.until_at) == (2, now + timedelta(days=14))
    assert "Noted: it is ordered" in client.get(address).content.decode()
    client.post(address, {"undo": "1"})
    everything()
    assert not Answer.objects.filter(ended_at__isnull=True).exists()


def test_remind_me_later_has_three_choices(browser: Browser, link: Callable[..., str], now: datetime) -> None:
    client, address = browser(language="fr-ca"), link(Action.LATER, "viewer")
    page = client.get(address).content.decode()
    assert [f'value="{days}"' in page for days in (3, 7, 14)] == [True, True, True]
    client.post(address, {"days": "7"})
    everything()
    assert Answer.objects.get().until_at == now + timedelta(days=7)


def test_not_our_printer_sets_it_aside_with_an_undo(
    browser: Browser, link: Callable[..., str], office: SimpleNamespace
) -> None:
    client, address = browser(language="en-ca"), link(Action.NOT_OURS)
    client.post(address)
    everything()
    assert Printer.objects.get(pk=office.printer.pk).retired_at is not None
    assert browser().get(link(Action.ORDER)).status_code == 410
    client.post(address, {"undo": "1"})
    everything()
    assert Printer.objects.get(pk=office.printer.pk).retired_at is None


def test_who_may_not_change_printers_tells_the_administrator(
    browser: Browser, link: Callable[..., str], office: SimpleNamespace
) -> None:
    browser().post(link(Action.NOT_OURS, "colleague"))
    everything()
    assert Printer.objects.get(pk=office.printer.pk).retired_at is None
    asked = Delivery.objects.filter(kind=Kind.COLLEAGUE_ASKS.value)
    assert list(asked.values_list("address", flat=True)) == ["owner@example.test"]


def test_pages_from_mails_are_kept_nowhere_and_opened_no_oftener_than_people_do(
    browser: Browser, link: Callable[..., str]
) -> None:
    client, address = browser(), link(Action.LATER)
    page = client.get(address)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "no-store, private"
    assert page.headers["Referrer-Policy"] == "same-origin"
    answers = [client.get("/m/nonsense/").status_code for _ in range(45)]
    assert answers[-1] == 429
    assert client.get(address).status_code == 200  # who has a link does not suffer for the forgers beside them
    answers = [client.get(address).status_code for _ in range(45)]
    assert (answers[-1], client.get(link(Action.LATER, "viewer")).status_code) == (429, 200)
    assert int(client.get(address).headers["Retry-After"]) >= 1


def test_one_click_unsubscribe_is_one_post_without_a_sign_in(browser: Browser, cast: Any) -> None:
    """RFC 8058: the mail programme posts `List-Unsubscribe=One-Click`; following the link only shows a button."""
    url = links.stop_url(user_id=cast.owner.user.pk, kind=Kind.SUPPLY_LOW).removeprefix(settings.PUBLIC_URL)
    client = Client(enforce_csrf_checks=True)
    assert client.get(url).status_code == 200
    everything()
    assert not Preference.objects.exists()
    assert client.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    everything()
    assert Preference.objects.values_list("user__email", "kind", "wanted").get() == (
        "owner@example.test", "supply_low", False,
    )  # fmt: skip
    client.post(url, {"undo": "1"})
    everything()
    assert Preference.objects.get().wanted
