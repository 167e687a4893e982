"""Every route of the API as everybody: who may, who may not, for whom a thing does not exist. A new route has to be
placed here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.django_db

EVERYBODY = (
    "owner", "colleague", "viewer", "neighbour", "stranger", "seller", "rival", "technician", "operator",
)  # fmt: skip
OTHERS = {"neighbour", "stranger", "rival"}
READERS = {"owner", "colleague", "viewer", "seller", "operator"}
BUYERS = {"owner", "colleague"}
# Whoever may buy, or ask, for their own company: a thing of Érable's is not there for them.
OTHER_CUSTOMERS = {"neighbour", "stranger"}
# route: who may, for whom it is not there; everybody else is refused
RULES: dict[tuple[str, str], tuple[set[str], set[str]]] = {
    ("get", "/me"): (set(EVERYBODY), set()),
    ("get", "/printers"): (set(EVERYBODY) - {"technician"}, set()),
    ("get", "/printers/{printer_id}"): (READERS, OTHERS),
    ("post", "/printers/{printer_id}/read-now"): (READERS, OTHERS),
    ("post", "/printers/{printer_id}/repair-requests"): ({"owner", "colleague", "viewer"}, OTHER_CUSTOMERS),
    ("get", "/slots/{slot_id}/choices"): (BUYERS, OTHER_CUSTOMERS),
    ("post", "/quotes"): (BUYERS, OTHER_CUSTOMERS),
    ("post", "/orders"): (BUYERS, OTHER_CUSTOMERS),
    ("get", "/orders"): (set(EVERYBODY) - {"technician"}, set()),
    ("get", "/orders/{order_id}"): (READERS, OTHERS),
    ("get", "/basket"): ({"owner", "colleague", "neighbour", "stranger"}, set()),
    ("put", "/basket/lines"): (BUYERS, OTHER_CUSTOMERS),
    ("delete", "/basket/lines/{line_id}"): (BUYERS, OTHER_CUSTOMERS),
    ("post", "/basket/check-out"): (BUYERS, OTHER_CUSTOMERS),
    ("delete", "/token"): (set(EVERYBODY), set()),
}


def routes() -> set[tuple[str, str]]:
    from econcierge.interfaces.api.routes import api

    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    return {(method, path.removeprefix("/api/v1")) for path, found in paths.items() for method in found}


def ask(programme: Any, method: str, route: str, office: SimpleNamespace) -> Any:
    line = {"slot_id": office.slot.pk, "part_number": "106R03524", "quantity": 1}
    basket = programme.put("/basket/lines", line) if route.startswith("/basket") else None
    if method == "put":
        return basket
    own = basket.json() if basket is not None and basket.status_code == 200 else {}
    line_id = own["lines"][-1]["id"] if own else office.basket_line.pk
    path = route.format(printer_id=office.printer.pk, slot_id=office.slot.pk, order_id=office.order.pk, line_id=line_id)
    if method == "get":
        return programme.get(path)
    if method == "delete":
        return programme.delete(path)
    lines = {"lines": [line]}
    quote = programme.post("/quotes", lines).json() if route == "/orders" else {}
    total = quote["total"]["amount_minor"] if "total" in quote else 0
    seen = own["total"]["amount_minor"] if own else 1
    bodies = {
        "/basket/check-out": {
            "submission_key": str(uuid4()),
            "expected": [{"site_id": office.printer.site_id, "total_minor": seen}],
        },
        "/quotes": lines,
        "/orders": lines | {"submission_key": str(uuid4()), "expected_total_minor": total},
        "/printers/{printer_id}/repair-requests": {"submission_key": str(uuid4()), "text": "Jams", "contact": "Ann"},
    }
    return programme.post(path, bodies.get(route))


def test_every_route_is_placed() -> None:
    assert routes() == set(RULES)


@pytest.mark.parametrize("route", sorted(RULES), ids=" ".join)
def test_who_may(
    route: tuple[str, str], office: SimpleNamespace, cast: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    may, hidden = RULES[route]
    for who in EVERYBODY:
        answer = ask(programme(getattr(cast, who)), *route, office)
        said = answer.content.decode()
        if who in may:
            assert answer.status_code in {200, 201, 202, 204}, (who, said)
        else:
            assert answer.status_code == (404 if who in hidden else 403), (who, said)
            assert answer.json()["error"]["code"] == ("not_found" if who in hidden else "not_allowed")
        if who in OTHERS or who == "technician":
            assert "Reception" not in said
            assert office.order.number not in said


def test_without_a_key_that_works(
    office: SimpleNamespace, cast: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    nobody = programme(None)
    for header in ({}, {"Authorization": "Bearer ecp_x"}, {"Authorization": "Basic YTpi"}, {"Authorization": "ecp_"}):
        nobody.headers = header
        for route in RULES:
            answer = ask(nobody, *route, office)
            assert answer.status_code == 401
            assert answer.json()["error"]["code"] == "token_unknown"
            assert answer["WWW-Authenticate"] == "Bearer"


def test_a_session_of_a_browser_opens_nothing_here(
    cast: SimpleNamespace, office: SimpleNamespace, browser: Callable[..., Any]
) -> None:
    assert browser(cast.owner).get("/api/v1/printers").status_code == 401


def test_somebody_elses_thing_and_none_answer_alike(
    cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    neighbour = programme(cast.neighbour)
    for path in ("/printers/%d", "/orders/%d", "/slots/%d/choices"):
        theirs = {"/printers/%d": office.printer.pk, "/orders/%d": office.order.pk}.get(path, office.slot.pk)
        assert neighbour.get(path % theirs).content == neighbour.get(path % 987654321).content


def test_lists_hold_ones_own_only(
    cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    def count(who: Any, path: str, **query: Any) -> int:
        return len(programme(who).get(path, **query).json()["items"])

    assert [count(cast.owner, path) for path in ("/printers", "/orders")] == [2, 1]
    assert [count(cast.neighbour, path) for path in ("/printers", "/orders")] == [0, 0]
    assert [count(cast.seller, "/printers", customer_id=pk) for pk in (cast.erable.pk, cast.bouleau.pk)] == [2, 0]
    assert count(cast.neighbour, "/printers", customer_id=cast.erable.pk) == 0
    assert count(cast.rival, "/orders", customer_id=cast.erable.pk) == 0


def test_a_key_ends_with_its_person_and_their_role(
    cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any], now: datetime
) -> None:
    from econcierge.accounts import scoping
    from econcierge.accounts.models import Membership, User
    from econcierge.accounts.types import Role, Scope

    buyer = programme(cast.colleague)
    assert buyer.get(f"/slots/{office.slot.pk}/choices").status_code == 200
    scoping.enter(Scope.everything())
    Membership.objects.filter(user=cast.colleague.user).update(role=Role.CUSTOMER_VIEWER)
    assert buyer.get(f"/slots/{office.slot.pk}/choices").status_code == 403
    scoping.enter(Scope.everything())
    User.objects.filter(pk=cast.colleague.user.pk).update(is_active=False)
    assert buyer.get("/me").status_code == 401
    owner = programme(cast.owner)
    scoping.enter(Scope.everything())
    Membership.objects.filter(user=cast.owner.user).delete()
    assert owner.get("/me").status_code == 401


def test_signed_out(cast: SimpleNamespace, programme: Callable[..., Any]) -> None:
    own, other = programme(cast.owner), programme(cast.owner)
    assert own.delete("/token").status_code == 204
    assert own.get("/me").status_code == 401
    assert other.get("/me").status_code == 200


def test_too_many_questions_of_one_key(
    cast: SimpleNamespace, programme: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from econcierge.interfaces.api import callers
    from econcierge.interfaces.shared import pace

    monkeypatch.setattr(callers, "PACE", pace.Pace(per_second=0.1, burst=3))
    eager, other = programme(cast.owner), programme(cast.owner)
    assert [eager.get("/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = eager.get("/me")
    assert 1 <= int(answer["Retry-After"]) <= 10
    assert answer.json()["error"]["code"] == "too_many"
    assert other.get("/me").status_code == 200
