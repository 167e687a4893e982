"""Each page says its facts, in both languages, without a script, and small."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

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
        (cast.owner, reverse("choose_supply", args=[office.printer.pk, office.slot.pk])),
        (cast.owner, f"{reverse('review_order')}?slot={office.slot.pk}"),
        (cast.owner, reverse("orders")),
        (cast.owner, reverse("order", args=[office.order.pk])),
        (cast.owner, reverse("ask_for_repair", args=[office.printer.pk])),
        (cast.owner, reverse("repairs")),
        (cast.owner, reverse("repair", args=[office.repair.pk])),
        (cast.owner, reverse("people")),
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
    for person, path in addresses(office, cast)[:13]:
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
