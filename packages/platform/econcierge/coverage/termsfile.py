"""The programme's terms that come with the product, read from `terms/<programme>.yaml`."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from econcierge.coverage import fields
from econcierge.coverage import types as t


def built_in_programmes() -> tuple[str, ...]:
    """The slugs of the terms that come with the product."""
    folder = resources.files("econcierge.coverage") / "terms"
    return tuple(sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml")))


def built_in_terms(*, programme: str) -> tuple[t.TermsVersion, ...]:
    """All versions of a programme's terms; raises `CoverageError` for a programme that is not known."""
    known = built_in_programmes()
    if programme not in known:
        reason = f"{programme!r} is not known; known are {', '.join(known)}"
        raise t.CoverageError(where="terms", reason=reason)
    file = resources.files("econcierge.coverage") / "terms" / f"{programme}.yaml"
    return parse_terms(text=file.read_text(encoding="utf-8"), where=file.name)


def parse_terms(*, text: str, where: str) -> tuple[t.TermsVersion, ...]:
    """The versions of a terms file, oldest first; refuses periods that overlap."""
    top = fields.parse_yaml(text=text, where=where)
    programme = top.required_text("programme")
    versions = sorted(
        (_version(programme=programme, row=row) for row in top.mappings("versions")),
        key=lambda version: version.valid_from,
    )
    top.finish()
    for earlier, later in itertools.pairwise(versions):
        if earlier.valid_to is None or earlier.valid_to > later.valid_from:
            reason = f"{earlier.version} and {later.version} are valid on the same day"
            raise t.CoverageError(where=where, reason=reason)
    return tuple(versions)


def render_values(values: t.TermValues) -> dict[str, Any]:
    """The figures as JSON values, as they are kept in a row; `parse_values` reads them back."""
    return {**dataclasses.asdict(values), "qualifying_states": sorted(values.qualifying_states)}


def parse_values(*, values: Mapping[str, Any], where: str) -> t.TermValues:
    """The figures of a row; raises `CoverageError` naming the key that is wrong."""
    top = fields.parse_yaml(text=json.dumps(values), where=where)
    parsed = _values(top)
    top.finish()
    return parsed


def _version(*, programme: str, row: fields.Fields) -> t.TermsVersion:
    version = t.TermsVersion(
        programme=programme,
        version=row.required_text("version"),
        valid_from=row.needed("valid_from", row.day("valid_from")),
        valid_to=row.day("valid_to"),
        values=_values(row),
        sources=_sources(row.mapping("sources")),
    )
    row.finish()
    return version


def _sources(row: fields.Fields) -> dict[str, str]:
    figures = (f.name for f in dataclasses.fields(t.TermValues))
    sources = {figure: row.required_text(figure) for figure in figures}
    row.finish()
    return sources


def _values(row: fields.Fields) -> t.TermValues:
    def number(key: str, at_least: int) -> int:
        return row.needed(key, row.count(key, at_least=at_least))

    states = row.texts("qualifying_states")
    unknown = sorted(set(states) - {state.value for state in t.LineState})
    if unknown:
        reason = f"{unknown[0]!r} is no state of a line"
        raise t.CoverageError(where=row.at("qualifying_states"), reason=reason)
    return t.TermValues(
        activation_quantity=number("activation_quantity", 1),
        maximum_age_years=number("maximum_age_years", 1),
        initial_warranty_years=number("initial_warranty_years", 0),
        interruption_after_days=row.count("interruption_after_days", at_least=1),
        qualifying_states=frozenset(t.LineState(state) for state in states),
    )
