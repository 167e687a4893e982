"""What the API refuses, and how it says so; and the document that describes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def wanted(office: SimpleNamespace, **instead: Any) -> dict[str, Any]:
    line = {"slot_id": office.slot.pk, "part_number": "106R03524", "quantity": 1} | instead.pop("line", {})
    return {"lines": [line], "submission_key": str(uuid4()), "expected_total_minor": 33336} | instead


def orders_placed() -> int:
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.orders.models import Order

    scoping.enter(Scope.everything())
    return Order.objects.count()


@pytest.mark.parametrize(
    ("wrong", "status", "code", "field"),
    [
        ({"expected_total_minor": 1}, 409, "total_changed", "expected_total_minor"),
        ({"line": {"part_number": "NO-SUCH"}}, 422, "invalid", "lines"),
        ({"line": {"quantity": 0}}, 422, "invalid", "lines.0.quantity"),
        ({"line": {"quantity": "many"}}, 422, "invalid", "lines.0.quantity"),
        ({"line": {"slot_id": 987654321}}, 404, "not_found", None),
        ({"lines": []}, 422, "invalid", "lines"),
        ({"submission_key": "again"}, 422, "invalid", "submission_key"),
        ({"delivery": "by pigeon"}, 422, "invalid", "delivery"),
        ({"purchase_order_number": "x" * 61}, 422, "invalid", "customer_reference"),
    ],
)
def test_an_order_that_is_refused_leaves_nothing(
    wrong: dict[str, Any], status: int, code: str, field: str | None, cast: SimpleNamespace, office: SimpleNamespace,
    programme: Callable[..., Any],
) -> None:  # fmt: skip
    before = orders_placed()
    answer = programme(cast.owner).post("/orders", wanted(office, **wrong))
    said = answer.json()["error"]
    assert (answer.status_code, said["code"]) == (status, code), said
    assert field is None or field in said["fields"], said
    assert said["text"]
    assert orders_placed() == before


def test_a_quote_says_why_it_cannot_be_ordered(
    cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    line = {"slot_id": office.slot.pk, "part_number": "106R03524", "quantity": 50}
    said = programme(cast.owner).post("/quotes", {"lines": [line]}).json()
    assert said["payment"]["on_account"] is False
    assert "still buy on account" in said["payment"]["why_not"]
    in_french = programme(cast.owner, "fr-CA").post("/quotes", {"lines": [line]}).json()
    assert in_french["payment"]["why_not"] != said["payment"]["why_not"]
    assert in_french["total"]["text"].endswith("$")
    assert said["checkout_url"].endswith(f"slot={office.slot.pk}&delivery=ground")
    answer = programme(cast.owner).post("/orders", wanted(office, line={"quantity": 50}))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "credit_limit")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'"x"', b"[]"])
def test_what_is_no_json_object_is_refused(
    body: bytes, cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    own = programme(cast.owner)
    answer = own.http.post("/api/v1/quotes", body, content_type="application/json", headers=own.headers)
    assert answer.status_code in {400, 422}
    assert answer.json()["error"]["text"]


def test_a_repair_asked_for_twice_is_one(
    cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    body = {"submission_key": str(uuid4()), "text": "Paper jam", "contact": "", "phone": "514 555-0100"}
    viewer = programme(cast.viewer)
    first, again = (viewer.post(f"/printers/{office.other.pk}/repair-requests", body) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    nothing = viewer.post(f"/printers/{office.other.pk}/repair-requests", body | {"text": " "})
    assert nothing.status_code == 422


def test_pages_of_a_list_follow_each_other(
    cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from econcierge.interfaces.api import printers

    monkeypatch.setattr(printers, "A_PAGE", 1)
    first = programme(cast.owner).get("/printers").json()
    assert first["next"].endswith("/api/v1/printers?page=2")
    last = programme(cast.owner).get("/printers", page=2).json()
    assert last["next"] is None
    assert {one["name"] for one in first["items"] + last["items"]} == {"Reception", "Archives"}


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_the_document_is_open_and_whole(db: None) -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    schemas = document["components"]["schemas"]
    assert {reference.removeprefix("#/components/schemas/") for reference in references(document)} <= set(schemas)
    for operation in operations:
        assert operation["summary"]
        assert {"401", "403", "404", "422", "429"} <= set(operation["responses"])
        assert operation["security"] == [{"TokenAuth": []}]
    assert document["components"]["securitySchemes"]["TokenAuth"] == {"type": "http", "scheme": "bearer"}
