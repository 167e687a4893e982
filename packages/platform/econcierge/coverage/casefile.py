"""A coverage case file in, a decision's JSON out: the faces of FACES section 3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from econcierge.coverage import fields
from econcierge.coverage import types as t


@dataclass(frozen=True, slots=True)
class Case:
    """One printer's case: which programme's terms, the day to decide for, and the facts."""

    programme: str
    on: date
    facts: t.CoverageFacts


def parse_case(*, text: str, where: str = "case", on: date | None = None) -> Case:
    """Reads a case; `on` stands instead of the file's day. Raises `CoverageError` naming the key path."""
    top = fields.parse_yaml(text=text, where=where)
    programme = top.required_text("terms")
    own_on = top.day("on")
    facts = _facts(top)
    top.finish()
    day = on if on is not None else own_on
    return Case(programme=programme, on=top.needed("on", day), facts=facts)


def render_decision(decision: t.Decision) -> dict[str, Any]:
    """The decision as JSON values; days as ISO text, nothing as null."""
    return {
        "status": decision.status.value,
        "reasons": [reason.value for reason in decision.reasons],
        "qualifying": decision.qualifying,
        "required": decision.required,
        "active_from": _iso(decision.active_from),
        "ends_on": _iso(decision.ends_on),
        "next_step": decision.next_step.value,
        "terms_version": decision.terms_version,
        "evidence": [{"fact": e.fact, "on": _iso(e.on), "value": e.value} for e in decision.evidence],
    }


def render_case(case: Case) -> dict[str, Any]:
    """The case as the mapping that `parse_case` reads (JSON is YAML): kept beside a decision, to replay."""
    facts = case.facts
    return {
        "terms": case.programme,
        "on": _iso(case.on),
        "printer": {
            "model": facts.model,
            "installed_on": _iso(facts.installed_on),
            "networked": facts.networked,
            "managed_print": facts.managed_print,
        },
        "model": {
            "listed_from": _iso(facts.listed_from),
            "listed_to": _iso(facts.listed_to),
            "support_ends_on": _iso(facts.support_ends_on),
        },
        "warranty": {
            "ends_on": _iso(facts.warranty_ends_on),
            "extension_ends_on": _iso(facts.extension_ends_on),
        },
        "enrolled_on": _iso(facts.enrolled_on),
        "left_on": _iso(facts.left_on),
        "outside_supply_decided_on": _iso(facts.outside_supply_decided_on),
        "orders": [_rendered_order(line) for line in facts.orders],
        "replacements": [_rendered_replacement(seen) for seen in facts.replacements],
    }


def _rendered_order(line: t.OrderLine) -> dict[str, Any]:
    return {
        "on": _iso(line.ordered_on),
        "part": line.part_number,
        "quantity": line.quantity,
        "eligible": line.eligible,
        "state": line.state.value,
        "delivered_on": _iso(line.delivered_on),
    }


def _rendered_replacement(seen: t.Replacement) -> dict[str, Any]:
    return {
        "on": _iso(seen.seen_on),
        "slot": seen.slot,
        "serial": seen.serial,
        "verdict": seen.verdict.value,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _facts(top: fields.Fields) -> t.CoverageFacts:
    printer = top.required_mapping("printer")
    model, warranty = top.mapping("model"), top.mapping("warranty")
    facts = t.CoverageFacts(
        model=printer.text("model") or "",
        networked=printer.flag("networked", default=True),
        managed_print=printer.flag("managed_print", default=False),
        installed_on=printer.day("installed_on"),
        listed_from=model.day("listed_from"),
        listed_to=model.day("listed_to"),
        support_ends_on=model.day("support_ends_on"),
        warranty_ends_on=warranty.day("ends_on"),
        extension_ends_on=warranty.day("extension_ends_on"),
        enrolled_on=top.day("enrolled_on"),
        left_on=top.day("left_on"),
        outside_supply_decided_on=top.day("outside_supply_decided_on"),
        orders=tuple(_order(row) for row in top.mappings("orders")),
        replacements=tuple(_replacement(row) for row in top.mappings("replacements")),
    )
    for part in (printer, model, warranty):
        part.finish()
    return facts


def _order(row: fields.Fields) -> t.OrderLine:
    quantity = row.count("quantity", at_least=1)
    line = t.OrderLine(
        ordered_on=row.needed("on", row.day("on")),
        part_number=row.text("part") or "",
        quantity=1 if quantity is None else quantity,
        eligible=row.flag("eligible", default=True),
        state=row.word("state", t.LineState, default=t.LineState.PLACED),
        delivered_on=row.day("delivered_on"),
    )
    row.finish()
    return line


def _replacement(row: fields.Fields) -> t.Replacement:
    seen = t.Replacement(
        seen_on=row.needed("on", row.day("on")),
        verdict=row.word("verdict", t.Verdict, default=t.Verdict.UNKNOWN),
        slot=row.text("slot"),
        serial=row.text("serial"),
    )
    row.finish()
    return seen
