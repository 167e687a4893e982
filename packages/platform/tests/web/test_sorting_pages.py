"""What waits for a person stands on that person's first page; what a panel says stands beside its level."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.coverage.types import Outcome
from econcierge.fleet.models import Printer
from econcierge.journeys import explain_replacement

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


def _page(client: Client, name: str, *arguments: int) -> str:
    return client.get(reverse(name, args=arguments)).content.decode()


def test_a_contested_decision_reaches_the_operator_and_the_dealer_until_it_is_ended(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Browser, now: datetime
) -> None:
    where = {"printer_id": office.printer.pk, "cartridge_id": office.doubted.pk}
    link = f'href="{reverse("replacement", args=list(where.values()))}"'
    homes = [(cast.operator, "operator_home"), (cast.seller, "dealer_home")]

    def decide(person: SimpleNamespace, at: datetime) -> None:
        scoping.enter(person.actor.scope)
        outcome = Outcome.OUTSIDE_SUPPLY
        explain_replacement.decide(actor=person.actor, outcome=outcome, note="Seen elsewhere", now=at, **where)

    decide(cast.seller, now)
    assert all(link not in _page(browser(person), name) for person, name in homes)
    scoping.enter(cast.owner.actor.scope)
    explain_replacement.contest(actor=cast.owner.actor, text="It was yours", now=now + timedelta(hours=1), **where)
    assert all(link in _page(browser(person), name) for person, name in homes)
    assert link not in _page(browser(cast.rival), "dealer_home")
    assert "the programme operator decides now" in _page(browser(cast.owner, "en-ca"), "replacement", *where.values())
    decide(cast.operator, now + timedelta(hours=2))
    assert all(link not in _page(browser(person), name) for person, name in homes)


def test_serials_to_sort_out_are_on_the_first_page_while_there_are_any(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Browser
) -> None:
    homes = [(cast.owner, "home"), (cast.seller, "dealer_home"), (cast.operator, "operator_home")]
    link = f'id="sort-out" href="{reverse("to_sort_out")}"'
    assert all(link not in _page(browser(person), name) for person, name in homes)
    scoping.enter(Scope.everything())
    Printer.objects.create(customer=cast.erable, site=cast.sites["erable"], serial=office.printer.serial, serial_key="")
    assert all(link in _page(browser(person), name) for person, name in homes)
    assert link not in _page(browser(cast.stranger), "home")


@pytest.mark.parametrize(
    ("percent", "disagrees", "english", "french"),
    [
        (64, True, "the printer itself says: low; its level says otherwise",
         "l’imprimante elle-même dit\xa0: faible\xa0; son niveau dit autre chose"),
        (35, False, "the printer itself says: low<", "l’imprimante elle-même dit\xa0: faible<"),
    ],
)  # fmt: skip
def test_a_panel_that_says_low_beside_a_fine_level_is_said(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Browser,
    percent: int, disagrees: bool, english: str, french: str,
) -> None:  # fmt: skip
    scoping.enter(Scope.everything())
    cyan = office.printer.slots.get(colour="cyan")
    assert "itself says" not in _page(browser(cast.owner, "en-ca"), "printer", office.printer.pk)
    cyan.panel, cyan.panel_disagrees, cyan.percent = "low", disagrees, percent
    cyan.save()
    for language, sentence in (("en-ca", english), ("fr-ca", french)):
        assert sentence in _page(browser(cast.owner, language), "printer", office.printer.pk)
