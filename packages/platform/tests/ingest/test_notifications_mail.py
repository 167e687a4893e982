"""The words of every message in both languages, as they go out."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.urls import resolve

from econcierge.accounts.models import User
from econcierge.core import colour
from econcierge.notifications import links, mail
from econcierge.notifications.models import Delivery
from econcierge.notifications.types import Kind, Mail, Sender

DEALER = Sender(
    "Papeterie du Port", "ventes@papeterie.test", "514 555-0101", "https://papeterie.test", "1, rue du Port, Montréal"
)
BLACK: dict[str, Any] = {
    "printer_id": 7,
    "printer": "Réception",
    "place": "2e étage",
    "slot_id": 70,
    "kind": "toner",
    "colour": "black",
    "percent": 18.0,
    "state": "measured",
    "because": "programme",
    "threshold_percent": 20.0,
}
LINKED: dict[str, Any] = BLACK | {
    "episode_id": 3, "threshold": "low",
    "coming": [
        {"order_id": 5, "number": "C-1005", "quantity": 1, "ordered_on": "2026-11-20", "expected_on": "2026-11-26",
         "arrived_on": None, "back_ordered": False, "in_time": True},
    ],
}  # fmt: skip
LINES = [
    {"part_number": "106R03512", "kind": "toner", "colour": "black", "quantity": 2, "printer": "Réception",
     "unit_price_minor": 123450},
]  # fmt: skip
ORDER: dict[str, Any] = {"order_id": 5, "number": "C-1005", "lines": LINES, "currency": "CAD"}
COVERAGE: dict[str, Any] = {"printer_id": 7, "printer": "Réception"}
SERVICE: dict[str, Any] = {
    "request_id": 9, "number": "R-1009", "printer": "Réception", "problem": "Bourrage <fréquent>", "covered": True,
    "provider": "Répare-Tout", "provider_phone": "514 555-0199", "visit_on": "2026-11-25",
}  # fmt: skip
AUTOMATIC: dict[str, Any] = {
    "standing_order_id": 3, "printer_id": 7, "printer": "Réception", "place": "2e étage", "site": "Montréal",
}  # fmt: skip
PROPOSED: dict[str, Any] = AUTOMATIC | {
    "proposed_order_id": 11, "needs_approval": False, "total_minor": 23456, "currency": "CAD",
    "lines": [
        {"part_number": "106R03524", "kind": "toner", "colour": "black", "quantity": 1, "unit_price_minor": 20400,
         "percent": 6.0, "p10_on": "2026-11-26", "p90_on": "2026-12-01"},
    ],
}  # fmt: skip
CONTEXTS: dict[Kind, dict[str, Any]] = {
    Kind.SUPPLY_LOW: {"site": "Montréal", "items": [BLACK]},
    Kind.SUPPLY_ALMOST_EMPTY: {"site": "Montréal", "items": [BLACK | {"percent": 4.0, "threshold_percent": 5.0}]},
    Kind.DEALER_SUPPLY_EARLY: {"customer": "Érable Montréal", "customer_id": 4, "items": [BLACK, LINKED]},
    Kind.COLLEAGUE_ASKS: {"name": "Réception", "about": "order", "items": [LINKED]},
    Kind.DAILY: {
        "parts": [
            {"kind": "supply_low", "context": {"site": "Montréal", "items": [LINKED]}},
            {"kind": "coverage_active", "context": COVERAGE | {"active_from": "2026-11-26"}},
        ]
    },
    Kind.ORDER_CONFIRMED: ORDER | {
        "goods_minor": 246900, "shipping_minor": 0, "total_minor": 283871, "site": "Montréal",
        "taxes": [{"code": "GST", "rate_ppm": 50000, "amount_minor": 12345},
                  {"code": "QST", "rate_ppm": 99750, "amount_minor": 24626}],
        "ships_by_at": "2026-11-24T19:30:00+00:00", "expected_on": "2026-11-26",
    },
    Kind.ORDER_SHIPPED: ORDER | {
        "carrier": "Postes Canada", "tracking_number": "TR123", "tracking_url": "https://suivi.test/TR123",
        "partial": True, "expected_on": "2026-12-01",
    },
    Kind.ORDER_DELIVERED: ORDER | {"delivered_at": "2026-11-26T15:00:00+00:00"},
    Kind.ORDER_PROBLEM: {"order_id": 5, "number": "C-1005", "what": "refused", "customer": "Érable inc."},
    Kind.COVERAGE_ACTIVE: COVERAGE | {
        "active_from": "2026-11-26", "ends_on": "2030-03-01",
        "orders": [{"number": "106R03512", "on": "2026-11-23", "quantity": 2}],
    },
    Kind.COVERAGE_CHANGED: COVERAGE | {
        "status": "at_risk", "reasons": ["outside_supply_suspected"], "next_step": "explain_replacement",
    },
    Kind.SERVICE_RECEIVED: SERVICE,
    Kind.SERVICE_DISPATCHED: SERVICE,
    Kind.SERVICE_COMPLETED: SERVICE,
    Kind.AUTO_ORDER_ANNOUNCED: PROPOSED | {
        "token": "WzEsMl0:signed", "may_approve": False, "places_at": "2026-11-24T19:30:00+00:00", "expires_at": None,
        "expected_on": "2026-11-30",
    },
    Kind.MONTHLY_REPORT: {
        "month": "2026-10-01", "who": "Érable inc.", "stock_outs": 2, "path": "/report/?month=2026-10",
        "rows": [
            {"code": "stock_outs", "count": 2, "days": 5.2}, {"code": "rush_orders", "count": 1},
            {"code": "premature", "count": 3, "amount_minor": 4120, "currency": "CAD"},
            {"code": "forecast_error", "count": None, "days": 2.0},
            {"code": "orders", "count": 7, "amount_minor": 123456}, {"code": "automatic", "count": 0},
            {"code": "hours_saved", "count": None, "hours": 11.6},
        ],
    },
    Kind.AUTO_ORDER_STOPPED: PROPOSED | {"reason": "over_order_limit", "limit_minor": 20000},
    Kind.SERVICE_ASSIGNED: SERVICE | {
        "customer": "Érable inc.", "contact_name": "Anne", "contact_phone": "514 555-0142",
        "place": {"name": "Siège", "address_line_1": "1, rue Principale", "city": "Montréal", "region": "QC",
                  "postal_code": "H2X 1Y4"},
        "machine": {"model": "VersaLink C405", "serial": "3102345678", "place": "2e étage"},
    },
}  # fmt: skip
SUBJECTS = {
    (Kind.SUPPLY_LOW, "fr-ca"): "Toner noir faible\u00a0: Réception",
    (Kind.SUPPLY_LOW, "en-ca"): "Black toner low: Réception",
    (Kind.SUPPLY_ALMOST_EMPTY, "fr-ca"): "Toner noir presque épuisé\u00a0: Réception",
    (Kind.SUPPLY_ALMOST_EMPTY, "en-ca"): "Black toner almost empty: Réception",
    (Kind.ORDER_CONFIRMED, "fr-ca"): "Commande C-1005 passée",
    (Kind.ORDER_SHIPPED, "fr-ca"): "Une partie de la commande C-1005 est expédiée",
    (Kind.COVERAGE_ACTIVE, "fr-ca"): "Réception est couverte\u00a0: réparations gratuites",
}


class Reader(HTMLParser):
    """The text that a person sees, and where links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data.split(" ")

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def written(
    kind: Kind, language: str = "fr-ca", context: dict[str, Any] | None = None, sender_accent: str = "", **changed: Any
) -> Mail:
    delivery = Delivery(
        kind=kind.value,
        language=language,
        address="lea@example.test",
        user_id=1,
        created_at=datetime(2026, 11, 23, 15, 0, tzinfo=UTC),
        context=(context or CONTEXTS[kind]) | changed,
        message_id="<1@econcierge.test>",
    )
    sender = dataclasses.replace(DEALER, accent=sender_accent)
    return mail.render(delivery=delivery, sender=sender, customer="Érable inc.")


@pytest.mark.parametrize("language", ["fr-ca", "en-ca"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_message_is_whole_in_both_languages_and_both_forms(kind: Kind, language: str) -> None:
    message = written(kind, language)
    page = Reader(message.html)
    assert page.open == []
    assert message.subject == SUBJECTS.get((kind, language), message.subject)
    for form in (message.text, page.text):
        assert DEALER.name in form
        assert DEALER.postal_address in form
        assert "None" not in form
        assert "%(" not in form
        assert "{" not in form
    fact = message.text.splitlines()[0]
    assert fact in page.text.replace("&nbsp;", "\u00a0") or fact.split("\u00a0")[0] in page.text
    for link in {link for link in page.links if link.startswith("http") and "papeterie" not in link}:
        assert link in message.text
    assert "\n\n\n" not in message.text


@pytest.mark.parametrize("kind", list(Kind))
def test_every_link_into_the_portal_leads_to_a_page(kind: Kind) -> None:
    links = [link for link in Reader(written(kind).html).links if link.startswith(settings.PUBLIC_URL)]
    assert links
    for link in links:
        assert resolve(link.removeprefix(settings.PUBLIC_URL).partition("?")[0]).func


@pytest.mark.parametrize("kind", list(Kind))
def test_the_two_languages_differ(kind: Kind) -> None:
    french, english = written(kind, "fr-ca"), written(kind, "en-ca")
    assert french.subject != english.subject
    shared = {line for line in french.text.splitlines() if line} & {line for line in english.text.splitlines() if line}
    named = {
        "Réception", "R-1009", "C-1005", DEALER.phone, DEALER.postal_address, "Anne", "rue", "Montréal", "TR123",
        "suivi", "VersaLink", "2e étage", "Répare", "Bourrage", "Siège", "--",
    }  # fmt: skip
    assert [line for line in shared if not any(name in line for name in named)] == []


@pytest.mark.parametrize("kind", list(Kind))
def test_french_has_its_spaces_and_apostrophes(kind: Kind) -> None:
    message = written(kind, "fr-ca")
    prose = re.sub(r"https?://\S+|mailto:\S+", "", message.text)
    assert re.findall(r"[^\s\u00a0][:;?!%](?:\s|$)", prose) == []
    assert re.findall(r" [:;?!%»]", prose) == []
    assert "'" not in prose


def test_the_supply_mail_has_one_button_that_leads_to_the_order() -> None:
    """G10: to an order that only has to be placed; what else fits is a plain link."""
    message = written(Kind.SUPPLY_LOW)
    order, compare = f"{settings.PUBLIC_URL}/order/review/?slot=70", f"{settings.PUBLIC_URL}/printers/7/order/70/"
    assert Reader(message.html).links[:2] == [order, compare]
    assert f"Commander\u00a0: {order}\nComparer les capacités\u00a0: {compare}\n" in message.text
    assert f"Compare capacities: {compare}\n" in written(Kind.SUPPLY_LOW, "en-ca").text
    assert message.text.startswith("Toner noir faible, Réception, 2e étage\u00a0: il en reste 18\u00a0%.\n")


def test_money_and_days_are_written_as_each_language_does() -> None:
    french, english = written(Kind.ORDER_CONFIRMED).text, written(Kind.ORDER_CONFIRMED, "en-ca").text
    assert "2\u00a0838,71\u00a0$" in french
    assert "$2,838.71" in english
    assert "24\u00a0novembre\u00a02026, 14\u00a0h\u00a030" in french
    assert "November\u00a024, 2026, 14:30" in english
    assert "1er\u00a0décembre\u00a02026" in written(Kind.ORDER_SHIPPED).text
    assert "9,975\u00a0%" in french


def test_several_supplies_are_one_message_with_a_link_each() -> None:
    cyan = BLACK | {"colour": "cyan", "slot_id": 71, "percent": None, "because": "device", "state": "some_remaining"}
    message = written(Kind.SUPPLY_LOW, items=[BLACK, cyan])
    assert message.subject == "2\u00a0fournitures faibles\u00a0: Montréal"
    for slot in (70, 71):
        for path in (f"/order/review/?slot={slot}", f"/printers/7/order/{slot}/"):
            assert path in message.text
            assert settings.PUBLIC_URL + path in Reader(message.html).links


def test_a_supply_can_be_acted_on_from_its_mail() -> None:
    """Four links of the reader's own, each for one thing; the same whenever the message is written again."""
    message = written(Kind.SUPPLY_LOW, items=[LINKED | {"coming": []}])
    signed = [link for link in Reader(message.html).links if "/m/" in link and "/m/stop/" not in link]
    told = [links.read_action(link.split("/m/")[1].rstrip("/")) for link in signed]
    assert [(one.user_id, one.episode_id, one.action) for one in told] == [
        (1, 3, "order"), (1, 3, "already_ordered"), (1, 3, "later"), (1, 3, "not_ours"),
    ]  # fmt: skip
    assert message.html == written(Kind.SUPPLY_LOW, items=[LINKED | {"coming": []}]).html


def test_what_is_on_its_way_comes_before_another_order() -> None:
    """P31: the button leads to the order there is."""
    message = written(Kind.SUPPLY_ALMOST_EMPTY, "en-ca", items=[LINKED | {"threshold": "almost_empty"}])
    assert Reader(message.html).links[0] == f"{settings.PUBLIC_URL}/orders/5/"
    assert "1 ordered on November\u00a020, 2026, expected on November\u00a026, 2026." in message.text


def test_both_marks_of_a_site_are_one_message() -> None:
    low, empty = BLACK | {"threshold": "low"}, BLACK | {"threshold": "almost_empty", "percent": 3.0}
    message = written(Kind.SUPPLY_ALMOST_EMPTY, "en-ca", items=[empty, low])
    assert message.text.startswith("1 supply is almost empty at Montréal. 1 other is low.\n")


def test_the_dealers_colour_can_be_read() -> None:
    message = written(Kind.SUPPLY_LOW, sender_accent="#ffe100")
    accent = re.search(r"background-color:(#[0-9a-f]{6});color:#ffffff", message.html)
    assert accent is not None
    assert colour.contrast(colour.parsed(accent[1]), (255, 255, 255)) >= colour.ENOUGH


def test_a_gauge_that_disagrees_with_its_printer_is_said() -> None:
    item = BLACK | {"percent": 60.0, "because": "device", "disagrees": True}
    assert "its gauge shows 60\u00a0%" in written(Kind.SUPPLY_LOW, "en-ca", items=[item]).text


def test_in_french_the_adjective_agrees() -> None:
    ink = BLACK | {"kind": "ink", "percent": 3.0}
    assert "Encre noire presque épuisée" in written(Kind.SUPPLY_ALMOST_EMPTY, items=[ink]).subject


def test_what_people_wrote_is_escaped_in_html_and_plain_in_text() -> None:
    message = written(Kind.SERVICE_RECEIVED)
    assert "Bourrage &lt;fréquent&gt;" in message.html
    assert "Bourrage <fréquent>" in message.text


def test_only_what_may_be_refused_offers_to_refuse_it() -> None:
    assert written(Kind.SUPPLY_LOW).unsubscribe_url.startswith(settings.PUBLIC_URL)
    assert "/m/stop/" in written(Kind.DAILY).unsubscribe_url
    assert written(Kind.ORDER_CONFIRMED).unsubscribe_url == ""


def test_the_dealer_writes_through_the_programme() -> None:
    assert written(Kind.SUPPLY_LOW).from_header.startswith("Papeterie du Port par econcierge <")
    assert written(Kind.SUPPLY_LOW, "en-ca").from_header.startswith("Papeterie du Port by econcierge <")
    assert written(Kind.SUPPLY_LOW).reply_to == "Papeterie du Port <ventes@papeterie.test>"


def test_a_subject_is_one_line_whatever_people_call_a_printer() -> None:
    message = written(Kind.SUPPLY_LOW, items=[BLACK | {"printer": "Bcc: x@y.test\r\nevil"}])
    assert "\n" not in message.subject
    assert "\r" not in message.subject


@pytest.mark.django_db
def test_nobody_is_told_twice_of_the_same_and_never_of_what_they_refused(cast: SimpleNamespace, now: datetime) -> None:
    from econcierge.notifications import operations

    people: list[User] = [cast.owner.user, cast.colleague.user]
    operations.set_preference(user=cast.colleague.user, kind=Kind.SUPPLY_LOW, wanted=False)
    operations.set_preference(user=cast.colleague.user, kind=Kind.ORDER_CONFIRMED, wanted=False)

    def tell(kind: Kind) -> None:
        operations.notify(
            kind=kind, users=people, customer_id=cast.erable.pk, key=f"{kind}-1", context=CONTEXTS[kind], now=now
        )

    for kind in (Kind.SUPPLY_LOW, Kind.SUPPLY_LOW, Kind.ORDER_CONFIRMED):
        tell(kind)
    told = Delivery.objects.order_by("id").values_list("user__email", "kind", "language")
    assert list(told) == [
        ("owner@example.test", "supply_low", "fr-ca"),
        ("owner@example.test", "order_confirmed", "fr-ca"),
        ("colleague@example.test", "order_confirmed", "en-ca"),
    ]
