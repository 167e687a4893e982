"""What pages say of a supply that is empty, of a printer that is silent, of a forecast that rests on others."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from econcierge.accounts.types import Scope
from econcierge.forecasting.models import SupplyForecast
from econcierge.forecasting.types import Basis, Forecast
from econcierge.interfaces.shared import runout
from econcierge.journeys import replenish
from econcierge.replenishment.types import Action, Why

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


def _forecast(slot: Any, at: datetime, days: tuple[float, float, float], basis: Basis = Basis.LEVELS) -> None:
    SupplyForecast.objects.update_or_create(
        slot=slot,
        defaults={
            "customer_id": slot.customer_id, "cartridge": slot.cartridge, "at": at, "made_at": at, "basis": basis,
            "p10_days": days[0], "p50_days": days[1], "p90_days": days[2], "p_empty_7d": 0.1, "p_empty_14d": 0.2,
        },
    )  # fmt: skip


def _page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("changes", "is_empty"),
    [
        ({"percent": 0}, True),
        ({"percent": None, "state": "overdue"}, True),
        ({"percent": 3, "panel": "empty"}, True),
        ({"percent": 60, "panel": "empty", "panel_disagrees": True}, False),
        ({"percent": 1}, False),
    ],
)
def test_what_is_empty_does_not_run_out(
    changes: dict[str, Any], is_empty: bool, office: SimpleNamespace, cast: SimpleNamespace, browser: Browser,
    now: datetime,
) -> None:  # fmt: skip
    for name, value in changes.items():
        setattr(office.slot, name, value)
    office.slot.save()
    _forecast(office.slot, now, (0.1, 0.4, 2))
    own = reverse("printer", args=[office.printer.pk])
    for path in ("/", own):
        page = _page(browser(cast.owner, "en-ca"), path)
        assert ("is empty." in page or '<b class="urgent">empty</b>' in page) is is_empty
        assert ("runs out today" in page or "runs out November" in page) is not is_empty
        assert ("may be empty before" in page) is not is_empty
    if is_empty:
        assert "Toner noir : épuisé." in _page(browser(cast.owner, "fr-ca"), "/")
        assert '<b class="urgent">épuisé</b>' in _page(browser(cast.owner, "fr-ca"), own)
        assert "almost empty" not in _page(browser(cast.owner, "en-ca"), own)


def test_printers_silent_for_a_week_are_not_fine_and_nothing_is_foretold(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Browser, now: datetime
) -> None:
    long_ago = now - timedelta(days=12)
    _forecast(office.slot, long_ago, (2, 5, 9))
    for printer in (office.printer, office.other):
        printer.last_read_at = long_ago
        printer.save()
        printer.slots.update(read_at=long_ago, changed_at=long_ago, measured_at=long_ago)
    page = _page(browser(cast.owner, "en-ca"), "/")
    assert "2 printers have said nothing for a week or longer:" in page
    assert "0 printers are fine" in page
    assert "Black toner is low (12 %). Last read 12 days ago." in page
    assert not re.search("runs out (today|around|on|November)", page)
    assert "Express" not in page
    assert "ready" not in page
    french = _page(browser(cast.owner, "fr-ca"), "/")
    assert "2 imprimantes ne disent rien depuis une semaine ou plus :" in french
    assert "Dernière lecture il y a 12 jours." in french
    own = _page(browser(cast.owner, "en-ca"), reverse("printer", args=[office.printer.pk]))
    assert not re.search("runs out (today|around|on|November)", own)
    assert "Express" not in own
    advice = replenish.advise(Scope.everything(), slot_ids={office.slot.pk}, now=now)[office.slot.pk].advice
    assert (advice.action, advice.why) == (Action.NOTHING, Why.UNKNOWN)


def test_a_printer_heard_of_within_the_week_is_counted_as_before(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Browser
) -> None:
    page = _page(browser(cast.owner, "en-ca"), "/")
    assert "1 printer is fine" in page
    assert "said nothing" not in page


def test_a_forecast_from_similar_printers_says_so_and_orders_nothing_weeks_ahead(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Browser, now: datetime
) -> None:
    cyan = office.printer.slots.get(colour="cyan")
    _forecast(cyan, now, (52, 110, 203), Basis.FLEET)
    own = reverse("printer", args=[office.printer.pk])
    assert "runs out January 14 to June 14, 2027, estimated from similar printers" in _page(
        browser(cast.owner, "en-ca"), own
    )
    assert "estimé d’après des imprimantes semblables" in _page(browser(cast.owner, "fr-ca"), own)
    found = replenish.advise(Scope.everything(), slot_ids={cyan.pk}, now=now)[cyan.pk]
    assert found.advice.action is Action.WAIT
    assert found.advice.latest_order_on is not None
    assert (found.advice.latest_order_on - now.date()).days >= 52 - found.delivery.p90_days - 6
    with override("en-ca"):
        own_levels = Forecast(now, 5, 8, 12, 0.3, 0.9, Basis.LEVELS)
        assert "estimated" not in runout.range_in_words(own_levels, now=now)


def test_what_the_printer_says_is_said_once(office: SimpleNamespace, cast: SimpleNamespace, browser: Browser) -> None:
    office.printer.console = ["Black toner is empty.", "Printing has stopped."]
    office.printer.device_alerts = [
        {"text": "Black Toner is empty.  Printing has stopped."}, {"text": "printing has stopped"},
        {"text": "Tray 2 is empty."}, {"text": "Tray 2 is empty."},
    ]  # fmt: skip
    office.printer.save()
    page = _page(browser(cast.owner, "en-ca"), reverse("printer", args=[office.printer.pk]))
    assert page.lower().count("printing has stopped") == 1
    assert page.count("Tray 2 is empty.") == 1
