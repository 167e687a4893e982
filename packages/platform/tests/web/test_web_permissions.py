"""Every route as everybody: who may, who may not, and for whom it does not exist. A new route has to be placed here."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from econcierge.interfaces.web import urls

EVERYBODY = (
    "owner", "colleague", "viewer", "neighbour", "stranger", "seller", "rival", "technician", "operator",
)  # fmt: skip
CUSTOMERS = {"owner", "colleague", "viewer", "neighbour", "stranger"}
DEALERS = {"seller", "rival"}
# Whom a thing of Érable's does not exist for.
OTHERS = {"neighbour", "stranger", "rival"}
SEE = {"owner", "colleague", "viewer", "seller", "operator"}

PUBLIC = {
    "eligible_products", "eligible_products_csv", "eligible_products_json", "front_door", "accent", "set_language",
    "styleguide", "icon", "sign_up", "download",
}  # fmt: skip
# Opened by a signed link of a mail, whoever has signed in: tests beside those links say what they let through.
BY_LINK = {"decide_automatic", "join", "download_file", "updates", "withdraw_invitation"}
# route: who may, for whom it is not there; everybody else is refused
RULES: dict[str, tuple[set[str], set[str]]] = {
    "home": (set(EVERYBODY), set()),
    "roles": (set(EVERYBODY), set()),
    "preferences": (set(EVERYBODY), set()),
    "pair": (set(EVERYBODY), set()),
    "marks": (CUSTOMERS | DEALERS, set()),
    "mark_sentence": (CUSTOMERS, set()),
    "forget_mark": ({"owner"}, {"neighbour", "stranger"}),
    "try_mail_again": ({"owner", "neighbour", "stranger"}, set()),
    "keys": (set(EVERYBODY), set()),
    "revoke_key": ({"owner"}, set(EVERYBODY) - {"owner"}),
    "disconnect_computer": ({"owner", "seller", "operator"}, OTHERS),
    "search_printers": ({"owner", "seller", "operator"}, OTHERS),
    "site_reading": ({"owner", "seller", "operator"}, OTHERS),
    "read_now": (SEE, OTHERS),
    "start": ({"owner", "neighbour", "stranger"}, set()),
    "invite_person": ({"owner", "neighbour", "stranger"}, set()),
    "invite_customer": (DEALERS, set()),
    "people": (CUSTOMERS, set()),
    "computers": (CUSTOMERS | DEALERS | {"operator"}, set()),
    "printer": (SEE, OTHERS),
    "describe_printer": ({"owner", "seller", "operator"}, OTHERS),
    "enrol_printer": ({"owner", "seller", "operator"}, OTHERS),
    "replacement": (SEE, OTHERS),
    "to_sort_out": (CUSTOMERS | DEALERS | {"operator"}, set()),
    "sort_out": ({"owner", "seller", "operator"}, OTHERS),
    "on_the_shelf": ({"owner", "colleague", "seller"}, OTHERS),
    "choose_supply": ({"owner", "colleague", "seller"}, OTHERS),
    "ask_for_repair": (SEE, OTHERS),
    "review_order": ({"owner", "colleague", "seller"}, OTHERS),
    "basket": (CUSTOMERS - {"viewer"} | DEALERS, set()),
    "put_into_basket": ({"owner", "colleague", "seller"}, OTHERS),
    "basket_line": ({"owner"}, OTHERS | {"colleague", "seller"}),
    "automatic_orders": (CUSTOMERS | DEALERS | {"operator"}, set()),
    "automatic_printer": (SEE, OTHERS),
    "automatic_off": ({"owner"}, OTHERS),
    "report": (CUSTOMERS | DEALERS, set()),
    "report_csv": (CUSTOMERS | DEALERS, set()),
    "report_minutes": ({"owner", "neighbour", "stranger"}, set()),
    "orders": (CUSTOMERS | DEALERS | {"operator"}, set()),
    "order": (SEE, OTHERS),
    "repairs": (CUSTOMERS | DEALERS | {"operator"}, set()),
    "repair": (SEE, OTHERS),
    "cancel_repair": (SEE, OTHERS),
    "dealer_home": (DEALERS, set()),
    "customers": (DEALERS | {"operator"}, set()),
    "customer": ({"seller", "operator"}, {"rival"}),
    "send_again": ({"seller"}, {"rival"}),
    "operator_home": ({"operator"}, set()),
    "provider_home": ({"technician"}, set()),
    "provider_request": ({"technician"}, set()),
}
KEY = "0b6a6c1e-3f0e-4c1c-9d0a-2f6f5d9c8e11"
BY_POST = {
    "forget_mark", "try_mail_again",
    "report_minutes",
    "automatic_off", "sort_out", "enrol_printer", "cancel_repair", "send_again", "search_printers",
    "read_now", "revoke_key", "put_into_basket", "basket_line",
}  # fmt: skip
ROUTES = sorted(p.name for p in urls.urlpatterns if isinstance(p, URLPattern))


def address(name: str, office: SimpleNamespace, cast: SimpleNamespace) -> str:
    printer = office.printer.pk
    given: dict[str, list[Any]] = {
        "printer": [printer],
        "forget_mark": [office.mark.pk],
        "describe_printer": [printer],
        "enrol_printer": [printer],
        "replacement": [printer, office.doubted.pk],
        "sort_out": [printer],
        "on_the_shelf": [office.printer.site_id],
        "automatic_printer": [printer],
        "automatic_off": [office.standing.pk],
        "choose_supply": [printer, office.slot.pk],
        "ask_for_repair": [printer],
        "order": [office.order.pk],
        "basket_line": [office.basket_line.pk],
        "repair": [office.repair.pk],
        "cancel_repair": [office.repair.pk],
        "customer": [cast.erable.pk],
        "send_again": [office.purchase_order.pk],
        "provider_request": [office.repair.pk],
        "revoke_key": [office.key.pk],
        "disconnect_computer": [office.assistant.pk],
        "search_printers": [office.printer.site_id],
        "site_reading": [office.printer.site_id],
        "read_now": [printer],
        "sign_up": ["papeterie"],
        "front_door": ["papeterie"],
        "accent": ["papeterie"],
    }
    query = f"?slot={office.slot.pk}" if name == "review_order" else ""
    return reverse(name, args=given.get(name, [])) + query


def given(name: str, office: SimpleNamespace) -> dict[str, Any]:
    """What the form of a page says."""
    forms = {"put_into_basket": {"slot": office.slot.pk, "submission_key": KEY}, "basket_line": {"quantity": 2}}
    return forms.get(name, {})


def _without_token(page: bytes) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.decode())


def test_every_route_is_placed() -> None:
    assert set(ROUTES) - PUBLIC - BY_LINK == set(RULES) - (PUBLIC - set(ROUTES))


@pytest.mark.parametrize("name", sorted(RULES))
def test_who_may(name: str, office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]) -> None:
    may, hidden = RULES[name]
    for who in EVERYBODY:
        client = browser(getattr(cast, who))
        path = address(name, office, cast)
        answer = client.post(path, given(name, office)) if name in BY_POST else client.get(path)
        if who in may:
            assert answer.status_code in ({200, 302, 409} if name in {"home", *BY_POST} else {200}), who
            assert "/accounts/login" not in answer.headers.get("Location", ""), who
        else:
            assert answer.status_code == (404 if who in hidden else 403), who
            assert "Reception" not in answer.content.decode(), who
            assert office.order.number not in answer.content.decode(), who


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if rule[1] and name != "review_order"))
def test_a_stranger_cannot_tell_what_exists(
    name: str, office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    """Somebody else's thing and no thing at all answer alike."""
    _may, hidden = RULES[name]
    theirs = address(name, office, cast)
    nothing = re.sub(r"(?<=/)\d+(?=/)", "987654321", theirs, count=1)
    for who in sorted(hidden):
        client = browser(getattr(cast, who))
        ask = client.post if name in BY_POST else client.get
        one, other = ask(theirs), ask(nothing)
        assert one.status_code == other.status_code == 404
        assert _without_token(one.content) == _without_token(other.content).replace(nothing, theirs)


@pytest.mark.parametrize("name", sorted(RULES))
def test_nobody_signed_in_is_sent_to_sign_in(
    name: str, office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    path = address(name, office, cast)
    client = browser()
    answer = client.post(path) if name in BY_POST else client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("name", sorted(PUBLIC & set(ROUTES)))
def test_public_pages_are_open(
    name: str, office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    answer = browser().get(address(name, office, cast))
    assert answer.status_code == {"set_language": 302, "icon": 302}.get(name, 200)
    assert "Reception" not in answer.content.decode()


def test_a_repair_of_another_provider_is_not_there(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    from econcierge.accounts import operations, scoping
    from econcierge.accounts.models import Provider
    from econcierge.accounts.types import Role, Scope

    scoping.enter(Scope.everything())
    other = Provider.objects.create(slug="other", name="Other", email="o@other.test")
    user = operations.add_person(
        email="other@example.test", name="Other", language="en-ca", role=Role.PROVIDER_TECHNICIAN, provider=other
    )
    client = browser(SimpleNamespace(user=user))
    assert client.get(reverse("provider_request", args=[office.repair.pk])).status_code == 404


def test_the_back_office_is_the_operators(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    assert browser(cast.operator).get("/backoffice/").status_code == 200
    for who in set(EVERYBODY) - {"operator"}:
        assert browser(getattr(cast, who)).get("/backoffice/").status_code == 302, who
