"""Answers of the platform's API to what the window shows: checked, and tolerant of what it does not know."""

from __future__ import annotations

from typing import TypeVar

from econcierge_assistant.desktop.core import fields, worst
from econcierge_assistant.desktop.core import types as t
from econcierge_assistant.desktop.core.fields import JsonObject

Word = TypeVar("Word", t.Worst, t.Age)


def me(obj: object) -> t.Me:
    person = fields.mapping(obj)
    customer = person.get("customer")
    return t.Me(
        name=fields.text(person, "name"),
        email=fields.text(person, "email"),
        customer=fields.text(customer, "name") if isinstance(customer, dict) else "",
        dealer=fields.part(person, "dealer", _dealer) or t.Dealer(),
        language=fields.text(person, "language"),
        role=fields.text(person, "role"),
        may_order=fields.flag(person, "may_order"),
        may_ask_for_repair=fields.flag(person, "may_ask_for_repair"),
        portal_url=web_address(person, "portal_url"),
    )


def fleet(obj: object) -> t.Fleet:
    page = fields.mapping(obj)
    if not isinstance(page.get("items"), list):
        raise fields.Unreadable("items")
    return t.Fleet(
        printers=fields.parts(page, "items", printer),
        next_url=fields.text(page, "next"),
        looked_at=fields.moment(page, "looked_at"),
        server_time=fields.moment(page, "server_time"),
    )


def printer(obj: JsonObject) -> t.Printer:
    supplies = fields.parts(obj, "supplies", _supply)
    site = obj.get("site")
    age = _word(obj, "age", t.Age, t.Age.CURRENT)
    return t.Printer(
        printer_id=fields.key(obj, "id"),
        name=fields.text(obj, "name") or fields.text(obj, "model") or fields.text(obj, "target"),
        place=fields.text(obj, "place"),
        model=fields.text(obj, "model"),
        serial=fields.text(obj, "serial"),
        mac=fields.text(obj, "mac").lower(),
        target=fields.text(obj, "target"),
        site=fields.text(site, "name") if isinstance(site, dict) else "",
        state=fields.text(obj, "state"),
        networked=fields.flag(obj, "networked", True),
        last_read_at=fields.moment(obj, "last_read_at"),
        age=age,
        worst=_word(obj, "worst", t.Worst, worst.of_supplies(supplies, age=age)),
        supplies=supplies,
    )


def printer_page(obj: object) -> t.PrinterPage:
    page = fields.mapping(obj)
    return t.PrinterPage(
        printer=printer(page),
        coverage=fields.part(page, "coverage", _coverage),
        history=fields.parts(page, "history", _history),
        pages_total=fields.optional_count(page, "pages_total"),
        pages_per_week=fields.number(page, "pages_per_week"),
        orders=fields.parts(page, "orders", order_short),
        repairs=fields.parts(page, "repairs", repair),
        portal_url=web_address(page, "portal_url"),
    )


def choices(obj: object) -> t.Choices:
    found = fields.mapping(obj)
    return t.Choices(
        slot_id=fields.key(found, "slot_id"),
        printer_id=fields.key(found, "printer_id") if "printer_id" in found else "",
        name=fields.text(found, "name"),
        options=fields.parts(found, "options", _option),
        why_not=fields.text(found, "why_not"),
    )


def basket(obj: object) -> t.Basket:
    found = fields.mapping(obj)
    return t.Basket(lines=fields.parts(found, "lines", _basket_line), portal_url=web_address(found, "portal_url"))


def quote(obj: object) -> t.Quote:
    """Without a total there is nothing to agree to: then it is unreadable."""
    found = fields.mapping(obj)
    total = fields.part(found, "total", money)
    if total is None:
        raise fields.Unreadable("total")
    return t.Quote(
        total=total,
        lines=fields.parts(found, "lines", _quote_line),
        deliveries=fields.parts(found, "delivery_options", _delivery),
        delivery=fields.text(found, "delivery"),
        subtotal=fields.part(found, "subtotal", money),
        shipping=fields.part(found, "shipping", money),
        taxes=fields.parts(found, "taxes", _tax),
        payment=fields.part(found, "payment", _payment) or t.Payment(),
        checkout_url=web_address(found, "checkout_url"),
    )


def orders(obj: object) -> tuple[tuple[t.Order, ...], str]:
    """A page of orders and the address of the next page, "" when it is the last."""
    page = fields.mapping(obj)
    if not isinstance(page.get("items"), list):
        raise fields.Unreadable("items")
    return fields.parts(page, "items", order), fields.text(page, "next")


def order(obj: object) -> t.Order:
    found = fields.mapping(obj)
    short = order_short(found)
    return t.Order(
        order_id=short.order_id,
        number=short.number,
        state=short.state,
        state_text=short.state_text,
        placed_at=short.placed_at,
        total=fields.part(found, "total", money),
        promise_text=fields.text(found, "promise_text"),
        lines=fields.parts(found, "lines", _order_line),
        timeline=fields.parts(found, "timeline", _step),
        portal_url=web_address(found, "portal_url"),
    )


def order_short(obj: JsonObject) -> t.OrderShort:
    return t.OrderShort(
        order_id=fields.key(obj, "id"),
        number=fields.text(obj, "number") or fields.key(obj, "id"),
        state=fields.text(obj, "state"),
        state_text=fields.text(obj, "state_text") or fields.text(obj, "state"),
        placed_at=fields.moment(obj, "placed_at"),
    )


def repair(obj: object) -> t.Repair:
    found = fields.mapping(obj)
    return t.Repair(
        repair_id=fields.key(found, "id"),
        number=fields.text(found, "number") or fields.key(found, "id"),
        state=fields.text(found, "state"),
        state_text=fields.text(found, "state_text") or fields.text(found, "state"),
        opened_at=fields.moment(found, "opened_at"),
    )


def money(obj: JsonObject) -> t.Money:
    amount = fields.optional_count(obj, "amount_minor")
    text = fields.text(obj, "text")
    if amount is None or not text:
        raise fields.Unreadable("amount_minor")
    return t.Money(amount_minor=amount, currency=fields.text(obj, "currency"), text=text)


def web_address(obj: JsonObject, name: str) -> str:
    """An address that may be opened in a browser; nothing else is ever handed to the system."""
    found = fields.text(obj, name)
    return found if found.startswith(("https://", "http://")) else ""


def service_status(obj: object) -> t.ServiceStatus:
    status = fields.mapping(obj)
    return t.ServiceStatus(
        state=fields.key(status, "state"),
        text=_both(status.get("text")),
        version=fields.text(status, "version"),
        server=fields.text(status, "server"),
        site=_named(status.get("site")),
        customer=_named(status.get("customer")),
        printers=fields.count(status, "printers"),
        silent=fields.count(status, "silent"),
        waiting=fields.count(status, "waiting"),
        last_delivered_at=fields.moment(status, "last_delivered_at"),
        last_search_at=fields.moment(status, "last_search_at"),
        searching=fields.flag(status, "searching"),
        token_kept_in=fields.text(status, "token_kept_in"),
        problems=fields.parts(status, "problems", lambda row: _both(row.get("text"))),
        pairing=fields.part(status, "pairing", pairing),
    )


def pairing(obj: object) -> t.Pairing:
    found = fields.mapping(obj)
    return t.Pairing(
        user_code=fields.key(found, "user_code"),
        verification_uri=web_address(found, "verification_uri"),
        verification_uri_complete=web_address(found, "verification_uri_complete")
        or web_address(found, "verification_uri"),
        expires_at=fields.moment(found, "expires_at"),
    )


def _named(value: object) -> str:
    """A site or customer: its name, given as a text or within an object."""
    if isinstance(value, dict):
        return fields.text(value, "name")
    return value if isinstance(value, str) else ""


def _both(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {language: fields.text(value, language) for language in ("en", "fr") if fields.text(value, language)}


def _word(obj: JsonObject, name: str, words: type[Word], default: Word) -> Word:
    value = fields.text(obj, name)
    return words(value) if value in set(words) else default


def _dealer(obj: JsonObject) -> t.Dealer:
    return t.Dealer(
        name=fields.text(obj, "name"),
        phone=fields.text(obj, "phone"),
        email=fields.text(obj, "email"),
        website=web_address(obj, "website"),
        accent=fields.text(obj, "accent"),
    )


def _supply(obj: JsonObject) -> t.Supply:
    state = fields.text(obj, "state", "unknown")
    return t.Supply(
        slot_id=fields.key(obj, "slot_id"),
        index=fields.text(obj, "index"),
        kind=fields.text(obj, "kind", "other"),
        colour=fields.text(obj, "colour"),
        name=fields.text(obj, "name") or fields.text(obj, "description"),
        description=fields.text(obj, "description"),
        state=state,
        percent=fields.percent(obj, "percent"),
        word=fields.text(obj, "word", "not_reported"),
        text=fields.text(obj, "text"),
        read_at=fields.moment(obj, "read_at"),
        age=_word(obj, "age", t.Age, t.Age.CURRENT),
        gauge_step=fields.number(obj, "gauge_step"),
        low_percent=fields.percent(obj, "low_percent"),
        almost_empty_percent=fields.percent(obj, "almost_empty_percent"),
        forecast=fields.part(obj, "forecast", _forecast),
        coming=fields.part(obj, "coming", _coming),
        may_be_ordered=fields.flag(obj, "may_be_ordered"),
    )


def _forecast(obj: JsonObject) -> t.Forecast:
    return t.Forecast(
        p10_on=fields.day(obj, "p10_on"),
        p50_on=fields.day(obj, "p50_on"),
        p90_on=fields.day(obj, "p90_on"),
        basis=fields.text(obj, "basis"),
        text=fields.text(obj, "text"),
    )


def _coming(obj: JsonObject) -> t.Coming:
    return t.Coming(
        order_id=fields.key(obj, "order_id") if obj.get("order_id") else "",
        number=fields.text(obj, "number"),
        state=fields.text(obj, "state"),
        expected_on=fields.day(obj, "expected_on"),
        text=fields.text(obj, "text"),
    )


def _coverage(obj: JsonObject) -> t.Coverage:
    return t.Coverage(
        status=fields.text(obj, "status"),
        headline=fields.text(obj, "headline"),
        qualifying=fields.count(obj, "qualifying"),
        required=fields.count(obj, "required", 2),
        active_from=fields.day(obj, "active_from"),
        ends_on=fields.day(obj, "ends_on"),
        reasons=fields.parts(obj, "reasons", _reason),
        next_step=fields.part(obj, "next_step", _reason),
        story=fields.parts(obj, "story", _story_line),
    )


def _reason(obj: JsonObject) -> t.Reason:
    return t.Reason(code=fields.text(obj, "code"), text=fields.key(obj, "text"))


def _story_line(obj: JsonObject) -> t.StoryLine:
    return t.StoryLine(on=fields.day(obj, "on"), text=fields.key(obj, "text"))


def _history(obj: JsonObject) -> t.History:
    points = fields.parts(obj, "points", _point)
    return t.History(
        slot_id=fields.key(obj, "slot_id"),
        points=tuple(sorted(points, key=lambda point: point.at)),
        replaced=fields.parts(obj, "replaced", _replacement),
    )


def _point(obj: JsonObject) -> t.Point:
    at = fields.moment(obj, "at")
    if at is None:
        raise fields.Unreadable("at")
    return t.Point(at=at, percent=fields.percent(obj, "percent"))


def _replacement(obj: JsonObject) -> t.Replacement:
    at = fields.moment(obj, "at")
    if at is None:
        raise fields.Unreadable("at")
    return t.Replacement(at=at, text=fields.text(obj, "text"))


def _option(obj: JsonObject) -> t.Option:
    return t.Option(
        part_number=fields.key(obj, "part_number"),
        description=fields.text(obj, "description"),
        capacity=fields.text(obj, "capacity"),
        capacity_text=fields.text(obj, "capacity_text"),
        yield_pages=fields.optional_count(obj, "yield_pages"),
        price=fields.part(obj, "price", money),
        price_per_page_text=fields.text(obj, "price_per_page_text"),
        is_cheapest_per_page=fields.flag(obj, "is_cheapest_per_page"),
        lasts_text=fields.text(obj, "lasts_text"),
        stock_text=fields.text(obj, "stock_text"),
        in_stock=fields.optional_flag(obj, "in_stock"),
        arrives_on=fields.day(obj, "arrives_on"),
        arrives_text=fields.text(obj, "arrives_text"),
        is_recommended=fields.flag(obj, "is_recommended"),
        is_programme=fields.flag(obj, "is_programme", True),
    )


def _basket_line(obj: JsonObject) -> t.BasketLine:
    """One for no slot that this computer knows is ordered in the portal."""
    return t.BasketLine(
        line_id=fields.key(obj, "id"),
        slot_id=fields.key(obj, "slot_id") if obj.get("slot_id") is not None else "",
        part_number=fields.key(obj, "part_number"),
        name=fields.text(obj, "name"),
        quantity=fields.count(obj, "quantity", 1),
        printer=_named(obj.get("printer")),
        site=_named(obj.get("site")),
        note=fields.text(obj, "note"),
        why_not=fields.text(obj, "why_not"),
    )


def _quote_line(obj: JsonObject) -> t.QuoteLine:
    return t.QuoteLine(
        slot_id=fields.key(obj, "slot_id") if obj.get("slot_id") is not None else "",
        part_number=fields.key(obj, "part_number"),
        name=fields.text(obj, "name") or fields.text(obj, "description"),
        quantity=fields.count(obj, "quantity", 1),
        unit_price=fields.part(obj, "unit_price", money),
        amount=fields.part(obj, "amount", money),
    )


def _delivery(obj: JsonObject) -> t.Delivery:
    return t.Delivery(
        code=fields.key(obj, "code"),
        text=fields.text(obj, "text") or fields.key(obj, "code"),
        price=fields.part(obj, "price", money),
        arrives_on=fields.day(obj, "arrives_on"),
        arrives_text=fields.text(obj, "arrives_text"),
    )


def _tax(obj: JsonObject) -> t.Tax:
    amount = fields.part(obj, "amount", money)
    if amount is None:
        raise fields.Unreadable("amount")
    return t.Tax(name=fields.text(obj, "name"), amount=amount)


def _payment(obj: JsonObject) -> t.Payment:
    return t.Payment(
        on_account=fields.flag(obj, "on_account"),
        why_not=fields.text(obj, "why_not"),
        needs_purchase_order_number=fields.flag(obj, "needs_purchase_order_number"),
    )


def _order_line(obj: JsonObject) -> t.OrderLine:
    printed_by = obj.get("printer")
    return t.OrderLine(
        part_number=fields.text(obj, "part_number"),
        name=fields.text(obj, "name") or fields.text(obj, "part_number"),
        quantity=fields.count(obj, "quantity", 1),
        state=fields.text(obj, "state"),
        state_text=fields.text(obj, "state_text"),
        printer=fields.text(printed_by, "name") if isinstance(printed_by, dict) else "",
        parcels=fields.parts(obj, "tracking", _parcel),
    )


def _parcel(obj: JsonObject) -> t.Parcel:
    return t.Parcel(carrier=fields.text(obj, "carrier"), number=fields.text(obj, "number"), url=web_address(obj, "url"))


def _step(obj: JsonObject) -> t.Step:
    return t.Step(
        at=fields.moment(obj, "at"),
        text=fields.key(obj, "text"),
        detail=fields.texts(obj, "detail"),
        done=fields.flag(obj, "done"),
        when=fields.text(obj, "when"),
    )
