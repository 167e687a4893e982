"""Each page says its facts, in both languages, without a script, and small."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from econcierge.core import clock

from .conftest import add_printer

NB = "\u00a0"
BOTH = ("fr-ca", "en-ca")


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def addresses(office: SimpleNamespace, cast: SimpleNamespace) -> list[tuple[Any, str]]:
    return [
        (cast.owner, "/"),
        (cast.owner, reverse("printer", args=[office.printer.pk])),
        (cast.owner, reverse("describe_printer", args=[office.printer.pk])),
        (cast.owner, reverse("replacement", args=[office.printer.pk, office.doubted.pk])),
        (cast.seller, reverse("replacement", args=[office.printer.pk, office.doubted.pk])),
        (cast.owner, reverse("to_sort_out")),
        (cast.owner, reverse("on_the_shelf", args=[office.printer.site_id])),
        (cast.owner, reverse("choose_supply", args=[office.printer.pk, office.slot.pk])),
        (cast.owner, f"{reverse('review_order')}?slot={office.slot.pk}"),
        (cast.owner, reverse("orders")),
        (cast.owner, reverse("order", args=[office.order.pk])),
        (cast.owner, reverse("ask_for_repair", args=[office.printer.pk])),
        (cast.owner, reverse("repairs")),
        (cast.owner, reverse("repair", args=[office.repair.pk])),
        (cast.owner, reverse("people")),
        (cast.owner, reverse("computers")),
        (cast.owner, reverse("preferences")),
        (cast.owner, reverse("roles")),
        (cast.seller, reverse("dealer_home")),
        (cast.seller, reverse("customers")),
        (cast.seller, reverse("customer", args=[cast.erable.pk])),
        (cast.operator, reverse("operator_home")),
        (cast.technician, reverse("provider_home")),
        (cast.technician, reverse("provider_request", args=[office.repair.pk])),
        (None, reverse("eligible_products")),
        (None, reverse("front_door", args=["papeterie"])),
        (None, reverse("account_login")),
        (None, reverse("account_reset_password")),
    ]


@pytest.mark.parametrize("language", BOTH)
def test_every_page_is_whole_and_safe(
    language: str, office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    """One title, one main heading, the reader's language, nothing inline that the content policy would refuse."""
    for person, path in addresses(office, cast):
        html = page(browser(person, language), path)
        assert f'<html lang="{language}"' in html, path
        assert html.count("<h1") == 1, path
        assert 'href="#main"' in html, path
        assert 'id="main"' in html, path
        assert " style=" not in html, path
        assert "<style" not in html, path
        assert not re.search(r"<script(?![^>]*src=)", html), path
        assert not re.search(r"\son\w+=", html), path


def test_french_pages_hold_no_english(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    english = re.compile(r"\b(the|your|printers|orders|supply|supplies|delivery|ordered|with|from)\b", re.IGNORECASE)
    for person, path in addresses(office, cast):
        html = page(browser(person, "fr-ca"), path)
        words = re.sub(r"<[^>]*>", " ", re.sub(r"<(title|meta)[^>]*>", " ", html))
        assert not english.findall(words), path


@pytest.mark.parametrize(
    ("language", "facts"),
    [
        ("en-ca", ["One thing needs you", "Black toner", "is low", f"12{NB}%", "Order black toner", "Reception"]),
        ("fr-ca", ["Une chose vous attend", "Toner noir", "niveau faible", f"12{NB}%", "Commander le toner noir"]),
    ],
)
def test_home_says_what_needs_somebody(
    language: str, facts: list[str], office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    html = page(browser(cast.owner, language), "/")
    for fact in facts:
        assert fact in html
    # The other printer's black toner is on its way, so nobody is asked for it.
    assert html.count(reverse("choose_supply", args=[office.printer.pk, office.slot.pk])) == 1
    assert reverse("order", args=[office.order.pk]) in html


def test_home_is_calm_when_nothing_is_low(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client], now: Any
) -> None:
    from econcierge.alerts.models import Episode

    Episode.objects.update(closed_at=now)
    html = page(browser(cast.owner, "en-ca"), "/")
    assert "Nothing needs you" in html
    assert "All 2 printers have what they need." in html


def test_home_without_printers_says_what_to_do(cast: SimpleNamespace, browser: Callable[..., Client]) -> None:
    assert "No computer is connected yet." in page(browser(cast.neighbour, "en-ca"), "/")


def test_a_viewer_sees_the_need_and_no_button(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    html = page(browser(cast.viewer, "en-ca"), "/")
    assert "Black toner" in html
    assert "Order black toner" not in html


@pytest.mark.parametrize(
    ("language", "facts"),
    [
        (
            "en-ca",
            ["You are told when black toner falls to", "serial 3102345678", "not enrolled", "Enrol this printer"],
        ),
        (
            "fr-ca",
            ["Un avis vous est envoyé quand le toner noir descend à", "Non inscrite", "Inscrire cette imprimante"],
        ),
    ],
)
def test_printer_page(
    language: str, facts: list[str], office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    html = page(browser(cast.owner, language), reverse("printer", args=[office.printer.pk]))
    for fact in facts:
        assert fact.lower() in html.lower()
    assert html.count('class="bar"') == 5


def test_enrolling_starts_the_story(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client], now: Any
) -> None:
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.journeys import decide_coverage

    client = browser(cast.owner, "en-ca")
    assert client.post(reverse("enrol_printer", args=[office.printer.pk])).status_code == 302
    scoping.enter(Scope.everything())
    decide_coverage.decide(printer_ids=[office.printer.pk], now=now)
    html = page(client, reverse("printer", args=[office.printer.pk]))
    assert "0 of 2 supplies ordered" in html
    assert "Enrolled in the programme" in html
    assert client.post(reverse("enrol_printer", args=[office.printer.pk])).status_code == 409


def test_the_story_does_not_repeat_itself(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client], now: Any
) -> None:
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.coverage.models import Decision

    scoping.enter(Scope.everything())
    for ordered in range(2, 6):
        Decision.objects.create(
            customer=cast.erable,
            printer=office.printer,
            decided_at=now,
            on=now.date() + timedelta(days=ordered),
            status="active",
            reasons=["covered"],
            qualifying=ordered,
            required=2,
            next_step="keep_ordering",
            terms_version="standard-ca-1",
            facts={},
        )
    html = page(browser(cast.owner, "en-ca"), reverse("printer", args=[office.printer.pk]))
    story = html[html.index('<ol class="line">') :]
    assert story.count("Covered") == 1


def test_a_supply_that_nobody_measured_is_told_by_the_printers_own_alert(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    office.slot.percent, office.slot.state = None, "some_remaining"
    office.slot.save()
    assert "as the printer itself says" in page(browser(cast.owner, "en-ca"), "/")
    assert "l’imprimante le signale elle-même" in page(browser(cast.owner, "fr-ca"), "/")


def test_both_capacities_stand_side_by_side(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    html = page(browser(cast.owner, "en-ca"), reverse("choose_supply", args=[office.printer.pk, office.slot.pk]))
    for fact in ("Standard", "High capacity", "$164.95", "$279.95", "3.3¢ a page", "2.7¢ a page", "10,500 pages"):
        assert fact in html
    assert html.count("cheaper per page") == 1
    french = page(browser(cast.owner, "fr-ca"), reverse("choose_supply", args=[office.printer.pk, office.slot.pk]))
    assert f"279,95{NB}$" in french
    assert f"2,7{NB}¢ la page" in french


def test_an_order_is_told_with_its_promise(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    html = page(browser(cast.owner, "en-ca"), reverse("order", args=[office.order.pk]))
    assert "Ships by tomorrow 10:00." in html
    for fact in (office.order.number, "PO-77", f"GST 5{NB}%", f"QST 9.975{NB}%", "on account", "Archives"):
        assert fact in html
    assert f"Expédition d’ici demain à 10{NB}h." in page(
        browser(cast.owner, "fr-ca"), reverse("order", args=[office.order.pk])
    )


def test_the_terms_name_their_statements(cast: SimpleNamespace, browser: Callable[..., Client]) -> None:
    html = page(browser(cast.operator, "en-ca"), reverse("operator_home"))
    for statement in ("R28", "R29", "R31", "R06"):
        assert f"<td>{statement}</td>" in html


def test_eligible_products_can_be_searched_and_taken_along(
    office: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    client = browser(None, "en-ca")
    assert "VersaLink C405" in page(client, "/eligible-products?q=c405")
    assert "No eligible model has" in page(client, "/eligible-products?q=nothing")
    assert "VersaLink C405" in page(client, "/eligible-products.csv").splitlines()[1]
    products = client.get("/eligible-products.json").json()["products"]
    assert products[0]["name"] == "VersaLink C405"
    assert products[0]["listed_from"] == "2020-01-01"


def test_the_dealer_stands_on_every_page_of_its_customers(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    for person, path in addresses(office, cast)[:14]:
        html = page(browser(person, "en-ca"), path)
        assert "Papeterie du Port" in html, path
        assert "ventes@papeterie.test" in html, path


def test_more_printers_make_no_more_queries_and_stay_small(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client], now: Any
) -> None:
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope

    def queries(person: Any, path: str) -> tuple[int, int]:
        client = browser(person, "fr-ca")
        page(client, path)
        with CaptureQueriesContext(connection) as captured:
            size = len(page(client, path).encode())
        return len(captured), size

    paths = [(cast.owner, "/"), (cast.seller, reverse("customer", args=[cast.erable.pk])), (cast.seller, "/dealer/")]
    few = [queries(*one)[0] for one in paths]
    scoping.enter(Scope.everything())
    for number in range(28):
        add_printer(cast.erable, cast.sites["erable"], label=f"Imprimante {number}", now=now, model=office.model)
    many = [queries(*one) for one in paths]
    assert [count for count, _size in many] == few
    assert many[0][1] <= 60_000


def test_a_big_fleet_comes_in_pages_and_can_be_searched(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client], now: Any
) -> None:
    for number in range(60):
        add_printer(cast.erable, cast.sites["erable"], label=f"Floor {number:02}", now=now, model=office.model)
    client = browser(cast.owner, "en-ca")
    assert page(client, "/").count('<th scope="row">') == 30
    assert page(client, "/?page=3").count('<th scope="row">') == 2
    assert page(client, "/?q=floor+37").count('<th scope="row">') == 1
    assert "No printer has" in page(client, "/?q=nowhere")


def test_a_search_drops_what_cannot_be_printed(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    for path in ("/", "/orders/", "/eligible-products"):
        assert browser(cast.owner).get(f"{path}?q=%00").status_code == 200
    assert browser(cast.seller).get("/dealer/customers/?q=%00%1b").status_code == 200
    assert "Reception" in page(browser(cast.owner, "en-ca"), "/?q=Rece%00ption")
    client, path = browser(cast.technician), reverse("provider_request", args=[office.repair.pk])
    client.post(path, {"to_state": "scheduled", "visit_on": "2026-11-25"})
    assert client.post(path, {"to_state": "completed", "note": "New\0 roller\r\nfitted"}).status_code == 302
    assert "New roller" in page(client, path)


def test_a_person_with_two_roles_switches(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    from econcierge.accounts import scoping
    from econcierge.accounts.models import Membership
    from econcierge.accounts.types import Scope

    scoping.enter(Scope.everything())
    second = Membership.objects.create(user=cast.owner.user, role="dealer_agent", dealer=cast.other_dealer)
    client = browser(cast.owner, "en-ca")
    html = page(client, reverse("roles"))
    assert "Érable inc." in html
    assert "Prairie Office" in html
    assert client.post(reverse("roles"), {"membership": second.pk}).status_code == 302
    assert client.get("/").headers["Location"] == reverse("dealer_home")
    assert client.post(reverse("roles"), {"membership": 987654321}).status_code == 404


def test_errors_say_what_to_do(cast: SimpleNamespace, browser: Callable[..., Client]) -> None:
    assert "Rien ici" in page(browser(cast.owner, "fr-ca"), "/printers/987654321/", 404)
    assert "Nothing here" in page(browser(None, "en-ca"), "/no/such/page", 404)
    assert "Not yours to open" in page(browser(cast.owner, "en-ca"), "/operator/", 403)
    strict = Client(enforce_csrf_checks=True)
    assert "This form was open too long" in strict.post("/roles/").content.decode()


def test_people_choose_language_and_mail(cast: SimpleNamespace, browser: Callable[..., Client]) -> None:
    from econcierge.notifications.models import Preference

    client = browser(cast.owner, "fr-ca")
    answer = client.post(reverse("preferences"), {"language": "en-ca", "wanted": ["supply_almost_empty"]}, follow=True)
    assert "Saved." in answer.content.decode()
    cast.owner.user.refresh_from_db()
    assert cast.owner.user.language == "en-ca"
    refused = set(Preference.objects.filter(user=cast.owner.user, wanted=False).values_list("kind", flat=True))
    assert "supply_low" in refused
    assert "supply_almost_empty" not in refused


def test_what_people_say_of_a_printer_is_kept_and_checked(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    client = browser(cast.owner, "en-ca")
    path = reverse("describe_printer", args=[office.printer.pk])
    wrong = client.post(path, {"label": "Front", "extension_ends_on": "2027-01-01"}).content.decode()
    assert "An extension needs the day on which the warranty ends." in wrong
    assert client.post(path, {"label": "Front", "place": "Lobby"}).status_code == 302
    assert "Front" in page(client, reverse("printer", args=[office.printer.pk]))


def test_a_refresh_after_the_session_ended_leads_the_whole_page_to_sign_in(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    refresh = {"HX-Request": "true"}
    path = reverse("printer", args=[office.printer.pk])
    ended = browser().get(path, headers=refresh)
    assert ended.status_code == 200
    assert ended.headers["HX-Redirect"].startswith("/accounts/login/?next=/printers/")
    assert browser(cast.seller).get("/", headers=refresh).headers["HX-Redirect"] == "/dealer/"
    assert "HX-Redirect" not in browser(cast.owner).get(path, headers=refresh).headers


@pytest.mark.parametrize(
    ("who", "language", "sentence"),
    [
        ("owner", "en-ca", "Ask your dealer: no such supply can be ordered here."),
        ("owner", "fr-ca", f"Adressez-vous à votre fournisseur{NB}: cette fourniture ne peut pas être commandée ici."),
        ("seller", "en-ca", "Nothing can be ordered for it here: no part with a price of yours fits."),
    ],
)
@pytest.mark.parametrize("lacking", ["part", "price", "model"])
def test_a_need_that_nothing_answers_has_a_sentence_and_no_button(
    lacking: str, who: str, language: str, sentence: str, office: SimpleNamespace, cast: SimpleNamespace,
    browser: Callable[..., Client],
) -> None:  # fmt: skip
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.catalogue.models import Fit, Price

    scoping.enter(Scope.everything())
    if lacking == "part":
        Fit.objects.all().delete()
    elif lacking == "price":
        Price.objects.all().delete()
    else:
        office.printer.model = None
        office.printer.save()
    path = "/" if who == "owner" else reverse("customer", args=[cast.erable.pk])
    html = page(browser(getattr(cast, who), language), path)
    assert sentence in html
    assert reverse("choose_supply", args=[office.printer.pk, office.slot.pk]) not in html
    if who == "owner":
        assert sentence not in page(browser(cast.viewer, language), path)


def test_a_big_fleets_needs_are_counted_and_the_first_are_said(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client], now: Any
) -> None:
    for number in range(30):
        add_printer(cast.erable, cast.sites["erable"], label=f"Floor {number:02}", now=now, model=office.model)
    html = page(browser(cast.owner, "en-ca"), "/")
    assert "31 things need you" in html
    assert html.count('id="ns') == 12


def test_the_back_offices_pages_have_an_icon(cast: SimpleNamespace, browser: Callable[..., Client]) -> None:
    answer = browser(cast.operator).get("/favicon.ico")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(".svg")


@pytest.mark.parametrize("path", ["printer", "repair", "computers", "home"])
def test_a_page_refreshes_itself_whole_and_what_has_focus_has_a_name(
    path: str, office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    """What is swapped is there to be found again; what can have focus in it carries an id, which keeps the focus."""
    given = {"printer": [office.printer.pk], "repair": [office.repair.pk]}.get(path, [])
    html = page(browser(cast.owner, "en-ca"), reverse(path, args=given))
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    refresh = re.search(r'<div id="live" hx-get="[^"]+"[^>]*>', html)
    assert refresh
    swapped = re.search(r'hx-select-oob="([^"]+)"', refresh[0])
    for name in swapped[1].split(",") if swapped else ():
        assert name.removeprefix("#") in ids
    live = html[refresh.start() : html.index("</main>")]
    assert [tag for tag in re.findall(r"<(?:a|button|summary|details)\b[^>]*>", live) if " id=" not in tag] == []


def refuse(assistant: Any, now: Any, *reasons: str, target: str = "10.0.0.9") -> None:
    from econcierge.supplies.models import Report

    for reason in reasons:
        Report.objects.create(
            customer=assistant.customer, assistant=assistant, message_id=uuid4(), sent_at=now, received_at=now,
            readings=0, refused=[{"reading": 0, "target": target, "reason": reason}],
        )  # fmt: skip


@pytest.fixture
def computers(cast: SimpleNamespace, now: Any) -> SimpleNamespace:
    """A computer that reports and one that went silent at Érable, one at Bouleau, one of another dealer's customer."""
    from econcierge.fleet.models import Assistant

    def connect(customer: Any, name: str, ago: timedelta) -> Any:
        return Assistant.objects.create(
            customer=customer, site=cast.sites[customer.slug], name=name, token_sha256=name.ljust(64, "0"),
            paired_at=now - timedelta(days=60), last_report_at=now - ago,
        )  # fmt: skip

    return SimpleNamespace(
        reception=connect(cast.erable, "PC-RECEPTION", timedelta(minutes=5)),
        archives=connect(cast.erable, "PC-ARCHIVES", timedelta(days=3)),
        neighbour=connect(cast.bouleau, "PC-BOULEAU", timedelta(hours=1)),
        stranger=connect(cast.strangers, "PC-PRAIRIE", timedelta(hours=1)),
    )


@pytest.mark.parametrize(
    ("language", "facts"),
    [
        (
            "en-ca",
            ["last report 5 minutes ago", "The computer’s clock is ahead", "10.0.0.9", "out of service", "3 days ago"],
        ),
        ("fr-ca", ["dernière transmission il y a 5 minutes", "L’horloge de l’ordinateur avance", "retirée du parc"]),
    ],
)
def test_connected_computers_say_what_could_not_be_used_and_why(
    language: str, facts: list[str], computers: SimpleNamespace, cast: SimpleNamespace,
    browser: Callable[..., Client], now: Any,
) -> None:  # fmt: skip
    refuse(computers.reception, now, "from_the_future", "from_the_future", "printer_retired")
    refuse(computers.reception, now - timedelta(days=8), "too_old")
    html = page(browser(cast.owner, language), reverse("computers"))
    for fact in facts:
        assert fact in html
    assert html.count("10.0.0.9") == 2
    assert re.search(r'class="number"[^>]*>2</td>', html)


def test_computers_are_their_own_peoples(
    computers: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client], now: Any
) -> None:
    refuse(computers.reception, now, "no_identity")
    sees = {
        "owner": {"PC-RECEPTION", "PC-ARCHIVES"}, "viewer": {"PC-RECEPTION", "PC-ARCHIVES"},
        "neighbour": {"PC-BOULEAU"}, "stranger": {"PC-PRAIRIE"}, "rival": {"PC-PRAIRIE"},
        "seller": {"PC-RECEPTION", "PC-ARCHIVES", "PC-BOULEAU"},
    }  # fmt: skip
    for who, names in sees.items():
        html = page(browser(getattr(cast, who), "en-ca"), reverse("computers"))
        assert set(re.findall(r"PC-[A-Z]+", html)) == names, who
        assert ("10.0.0.9" in html) is ("PC-RECEPTION" in names), who
    narrowed = page(browser(cast.seller), f"{reverse('computers')}?customer={cast.bouleau.pk}")
    assert set(re.findall(r"PC-[A-Z]+", narrowed)) == {"PC-BOULEAU"}
    other = page(browser(cast.rival), f"{reverse('computers')}?customer={cast.erable.pk}")
    assert "PC-" not in other


def test_row_security_hides_another_customers_reports_from_any_question(
    computers: SimpleNamespace, cast: SimpleNamespace, now: Any
) -> None:
    """The second wall: a question that forgot the first one still finds nothing of others."""
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.supplies import queries

    refuse(computers.reception, now, "no_identity")
    asked = [computers.reception.pk]
    since = now - timedelta(days=1)
    scoping.enter(cast.neighbour.actor.scope)
    assert queries.refused_readings(Scope.everything(), assistant_ids=asked, since=since) == {}
    scoping.enter(cast.owner.actor.scope)
    assert list(queries.refused_readings(Scope.everything(), assistant_ids=asked, since=since)) == asked
    assert queries.refused_readings(cast.neighbour.actor.scope, assistant_ids=asked, since=since) == {}


@pytest.mark.parametrize("language", BOTH)
def test_the_banner_says_how_fast_the_demonstration_runs(
    language: str, cast: SimpleNamespace, browser: Callable[..., Client], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    monkeypatch.setattr(clock, "speed", lambda: 43_200.0)
    said = "12 hours pass every second" if language == "en-ca" else "12 heures passent chaque seconde"
    assert said in page(browser(cast.owner, language), "/")
    settings.DEMO = False
    assert said not in page(browser(cast.owner, language), "/")


def test_a_printers_page_offers_only_what_can_be_ordered(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.catalogue.models import Price

    path = reverse("printer", args=[office.printer.pk])
    order = reverse("choose_supply", args=[office.printer.pk, office.slot.pk])
    html = page(browser(cast.owner, "en-ca"), path)
    assert html.count(order) == 2
    assert html.count("/order/") == 2  # no button for the other colours: nothing is sold for them
    scoping.enter(Scope.everything())
    Price.objects.all().delete()
    html = page(browser(cast.owner, "en-ca"), path)
    assert order not in html
    assert html.count("Ask your dealer: no such supply can be ordered here.") == 1


def test_the_first_need_with_a_button_has_the_strong_one(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client], now: Any
) -> None:
    unknown = add_printer(cast.erable, cast.sites["erable"], label="Unknown", now=now)
    unknown.slots.filter(colour="black").update(percent=3)
    html = page(browser(cast.owner, "en-ca"), "/")
    first, second = html.index("<b>Unknown</b>"), html.index("<b>Reception</b>")
    assert first < second
    assert re.findall(r'<a class="(button[^"]*)"', html[first:]) == ["button"]
