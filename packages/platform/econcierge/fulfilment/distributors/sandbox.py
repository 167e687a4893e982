"""Speaks the sandbox distributor's JSON protocol. Every answer is checked field by field before it means anything.

A purchase order's number is the key of a request: the same PUT twice is one order (RFC 9110, section 9.2.2).
"""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from ssl import SSLContext
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from econcierge.core.errors import OutsideFailure
from econcierge.fulfilment import types as t

CONNECT_TIMEOUT_S = 5.0
ANSWER_TIMEOUT_S = 15.0
MAX_ANSWER_BYTES = 1_000_000
MAX_PARTS = 200
NEVER_RECEIVED = 404
# Asking again later may help: not signed in (yet), too early, too often.
PASSING = frozenset({401, 403, 408, 425, 429})
LINE_STATES = {
    "accepted": t.PurchaseOrderLineState.ACCEPTED,
    "back_ordered": t.PurchaseOrderLineState.BACK_ORDERED,
    "refused": t.PurchaseOrderLineState.REFUSED,
}
UNDONE_STATES = {
    "refused": t.PurchaseOrderLineState.REFUSED,
    "cancelled": t.PurchaseOrderLineState.CANCELLED,
}

Short = Annotated[str, msgspec.Meta(max_length=40)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Count = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Amount = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
Said = TypeVar("Said")


class SaidItem(msgspec.Struct, frozen=True):
    part_number: Short
    quantity: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
    price_minor: Amount
    currency: Annotated[str, msgspec.Meta(min_length=3, max_length=3)]
    lead_days: Annotated[int, msgspec.Meta(ge=0, le=365)]


class SaidAvailability(msgspec.Struct, frozen=True):
    as_of: Moment
    items: list[SaidItem]


class SaidReceipt(msgspec.Struct, frozen=True):
    state: Short
    their_number: Short


class SaidLine(msgspec.Struct, frozen=True):
    line: Count
    part_number: Short
    quantity: Count
    state: Annotated[str, msgspec.Meta(pattern="^(accepted|back_ordered|refused)$")]
    expected_ship_on: date | None = None


class SaidShippedLine(msgspec.Struct, frozen=True):
    line: Count
    quantity: Count
    serials: list[Annotated[str, msgspec.Meta(max_length=60)]] = []


class SaidShipment(msgspec.Struct, frozen=True):
    shipment_id: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    shipped_at: Moment
    carrier: Annotated[str, msgspec.Meta(max_length=60)]
    tracking_number: Annotated[str, msgspec.Meta(max_length=80)]
    lines: list[SaidShippedLine]
    tracking_url: Annotated[str, msgspec.Meta(max_length=300)] = ""
    delivered_at: Moment | None = None


class SaidOrder(msgspec.Struct, frozen=True):
    number: Short
    state: Short
    lines: list[SaidLine]
    shipments: list[SaidShipment]
    their_number: Short = ""
    acknowledged_at: Moment | None = None


def availability(endpoint: t.Endpoint, part_numbers: Collection[str]) -> tuple[t.Offer, ...]:
    """What of these parts the distributor holds; parts that it does not sell are missing."""
    wanted = sorted(set(part_numbers))
    offers: list[t.Offer] = []
    for start in range(0, len(wanted), MAX_PARTS):
        parts = {"parts": ",".join(wanted[start : start + MAX_PARTS])}
        said = _read(SaidAvailability, _call(endpoint, "GET", "/v1/availability", params=parts))
        offers += [
            t.Offer(item.part_number, item.quantity, item.price_minor, item.currency, item.lead_days)
            for item in said.items
        ]
    return tuple({offer.part_number: offer for offer in offers}.values())


def send(endpoint: t.Endpoint, request: t.Request) -> t.Answer:
    content = _call(endpoint, "PUT", _path(request.number), json=_body(request), is_order=True)
    said = _read(SaidReceipt, content, outcome_unknown=True)
    undone = UNDONE_STATES.get(said.state)
    lines = tuple(t.AnsweredLine(line.line, line.part_number, undone) for line in request.lines) if undone else ()
    return t.Answer(request.number, said.their_number, lines)


def ask(endpoint: t.Endpoint, number: str) -> t.Answer | None:
    content = _call(endpoint, "GET", _path(number), may_be_missing=True)
    if content is None:
        return None
    said = _read(SaidOrder, content)
    if said.number != number:
        raise _nonsense(f"asked about {number}, answered about {said.number}", outcome_unknown=False)
    _refuse_contradictions(said)
    return _answer(said)


def _path(number: str) -> str:
    return f"/v1/purchase-orders/{quote(number, safe='')}"


def _body(request: t.Request) -> dict[str, Any]:
    return {
        "number": request.number,
        "account_number": request.account_number,
        "placed_at": request.placed_at.isoformat(),
        "ship_to": request.ship_to,
        "delivery": request.delivery,
        "lines": [
            {"line": line.line, "part_number": line.part_number, "quantity": line.quantity} for line in request.lines
        ],
    }


def _answer(said: SaidOrder) -> t.Answer:
    """Lines count once the order is acknowledged; a whole order refused or cancelled says so of every line."""
    undone = UNDONE_STATES.get(said.state)
    lines: tuple[t.AnsweredLine, ...] = ()
    if undone or said.acknowledged_at is not None:
        lines = tuple(
            t.AnsweredLine(line.line, line.part_number, undone or LINE_STATES[line.state], line.expected_ship_on)
            for line in said.lines
        )
    parcels = tuple(_parcel(parcel) for parcel in said.shipments)
    return t.Answer(said.number, said.their_number, lines, parcels, said.acknowledged_at)


def _parcel(said: SaidShipment) -> t.Shipment:
    is_link = said.tracking_url.startswith(("https://", "http://"))
    return t.Shipment(
        their_id=said.shipment_id,
        carrier=said.carrier,
        tracking_number=said.tracking_number,
        tracking_url=said.tracking_url if is_link else "",
        shipped_at=said.shipped_at,
        delivered_at=said.delivered_at,
        lines=tuple(t.ShippedLine(line.line, line.quantity, None, tuple(line.serials)) for line in said.lines),
    )


def _refuse_contradictions(said: SaidOrder) -> None:
    keys: dict[str, list[Any]] = {
        "line": [line.line for line in said.lines],
        "shipment": [parcel.shipment_id for parcel in said.shipments],
    }
    keys |= {f"line in {parcel.shipment_id}": [line.line for line in parcel.lines] for parcel in said.shipments}
    for what, found in keys.items():
        if len(set(found)) != len(found):
            raise _nonsense(f"{said.number} has a {what} twice", outcome_unknown=False)
    for parcel in said.shipments:
        if parcel.delivered_at is not None and parcel.delivered_at < parcel.shipped_at:
            raise _nonsense(f"{parcel.shipment_id} arrived before it left", outcome_unknown=False)
        if any(line.serials and len(line.serials) > line.quantity for line in parcel.lines):
            raise _nonsense(f"{parcel.shipment_id} has more serials than supplies", outcome_unknown=False)


def _read(kind: type[Said], content: bytes | None, *, outcome_unknown: bool = False) -> Said:
    try:
        return msgspec.json.decode(content or b"", type=kind)
    except msgspec.MsgspecError as error:
        raise _nonsense(str(error), outcome_unknown=outcome_unknown) from error


def _nonsense(reason: str, *, outcome_unknown: bool) -> OutsideFailure:
    return OutsideFailure(
        f"the distributor's answer makes no sense: {reason}", permanent=False, outcome_unknown=outcome_unknown
    )


def _call(
    endpoint: t.Endpoint,
    method: str,
    path: str,
    *,
    params: dict[str, str] | None = None,
    json: dict[str, Any] | None = None,
    is_order: bool = False,
    may_be_missing: bool = False,
) -> bytes | None:
    """The body of an answer that says yes; None for one that says "never received" where that is an answer.

    Once an order may have reached the other side (`is_order`), every doubt is an unknown outcome.
    """
    secret = os.environ.get(endpoint.secret_variable)
    if not secret:
        raise OutsideFailure(f"the secret {endpoint.secret_variable} is not set", permanent=False)
    timeout = httpx.Timeout(ANSWER_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
    headers = {"authorization": f"Bearer {secret}", "accept": "application/json"}
    try:
        with (
            httpx.Client(
                base_url=endpoint.base_url, timeout=timeout, headers=headers, trust_env=False, verify=_trusted()
            ) as client,
            client.stream(method, path, params=params, json=json) as response,
        ):
            return _body_of(response, is_order=is_order, may_be_missing=may_be_missing)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise OutsideFailure(f"the distributor cannot be reached: {error}", permanent=False) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = f"the distributor did not answer: {type(error).__name__} {error}".rstrip()
        raise OutsideFailure(reason, permanent=False, outcome_unknown=is_order) from error


@cache
def _trusted() -> SSLContext:
    """The certificates that are trusted: reading them takes longer than a request, so they are read once."""
    return httpx.create_ssl_context()


def _body_of(response: httpx.Response, *, is_order: bool, may_be_missing: bool) -> bytes | None:
    held = bytearray()
    for chunk in response.iter_bytes():
        held += chunk
        if len(held) > MAX_ANSWER_BYTES:
            raise _nonsense("it is far too long", outcome_unknown=is_order)
    if response.is_success:
        return bytes(held)
    if may_be_missing and response.status_code == NEVER_RECEIVED and _is_never_received(bytes(held)):
        return None
    said = bytes(held[:200]).decode("utf-8", "replace")
    reason = f"the distributor answered {response.status_code}: {said}"
    is_refusal = 400 <= response.status_code < 500
    raise OutsideFailure(
        reason,
        permanent=is_refusal and is_order and response.status_code not in PASSING,
        outcome_unknown=is_order and not is_refusal,
    )


def _is_never_received(content: bytes) -> bool:
    """A 404 of a proxy or a wrong address is not the distributor saying that it never got the order."""
    try:
        said = msgspec.json.decode(content)
    except msgspec.MsgspecError:
        return False
    return isinstance(said, dict)
