"""Which model a device is, which part may be offered for which slot, and how price periods follow each other."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from datetime import date

from econcierge.catalogue import types as t
from econcierge.core.errors import Invalid

WORLDWIDE = "WW"
# A device reports a drum where the maker sells an imaging unit, and solid ink as ink.
ALIKE = (frozenset({"drum", "imaging_unit"}), frozenset({"ink", "solid_ink"}))
ANY_COLOUR = frozenset({"", "any"})
THREE_COLOURS = frozenset({"cyan", "magenta", "yellow"})

_TRADE_MARK = re.compile(r"\((?:r|tm|c)\)|[®™©]", re.IGNORECASE)
_END_OF_NAME = re.compile(r"[;,(]|\bversion\b", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s/_-]+")
_NOISE = frozenset({"multifunction", "multifunctional", "color", "colour", "printer", "system", "series", "mfp", "v1"})
_VARIANTS = r"v?(?:d?n[imw]?|d[tpwx]?|t|x|s|z)?"
_VARIANT = re.compile(rf"^{_VARIANTS}$")
_WITH_VARIANT = re.compile(rf"^([a-z]*\d{{2,5}}){_VARIANTS}$")


def offerable(part: t.PartFacts, *, region: str = "NA") -> bool:
    """Whether a part may be sold in a region: never a contract, disputed or unknown number, nor another region's."""
    return part.sold == t.Sold.RETAIL and (region in part.regions or WORLDWIDE in part.regions)


def fits_slot(part: t.PartFacts, *, kind: str, colour: str) -> bool:
    """Whether a part that fits the printer goes into a slot that reports this kind and colour ("" is unknown)."""
    return goes_into(part.kind, part.colour, kind=kind, colour=colour)


def goes_into(part_kind: str, part_colour: str, *, kind: str, colour: str) -> bool:
    """`fits_slot` of a part's kind and colour."""
    return _same_kind(part_kind, kind) and _same_colour(part_colour, colour)


def _same_kind(one: str, other: str) -> bool:
    return one == other or any(one in alike and other in alike for alike in ALIKE)


def _same_colour(part: str, slot: str) -> bool:
    if part == slot or part in ANY_COLOUR or slot in ANY_COLOUR:
        return True
    return part == "cmy" and slot in THREE_COLOURS


def name_key(name: str) -> str:
    """Two names with the same key are the same model: case, blanks, signs and the maker's name do not count."""
    return "".join(_words(name))


def candidate_keys(said: str) -> tuple[str, ...]:
    """Keys under which a device's own words may be known, the most exact first.

    Words that only describe ("Color MFP", "v1 Multifunction System") and the letters of a variant ("C405DN",
    "C405/DN") are left off from the end. "Phaser 6180MFP" is another machine than "Phaser 6180": there MFP stays.
    """
    words = _words(said)
    keys = ["".join(words)]
    while len(words) > 1 and _may_be_left_off(words):
        words = words[:-1]
        keys.append("".join(words))
    shorter = _WITH_VARIANT.match(words[-1]) if words else None
    if shorter and shorter[1] != words[-1]:
        keys.append("".join([*words[:-1], shorter[1]]))
    return tuple(dict.fromkeys(key for key in keys if key))


def _words(name: str) -> list[str]:
    plain = _END_OF_NAME.split(_TRADE_MARK.sub(" ", name).strip(), maxsplit=1)[0]
    words = [word for word in _SEPARATORS.split(plain.lower()) if word]
    return words[1:] if words[:1] == ["xerox"] and len(words) > 1 else words


def _may_be_left_off(words: list[str]) -> bool:
    """Only once a word with a digit stands before it, so that no name loses what makes it one."""
    last, before = words[-1], words[:-1]
    if not any(any(c.isdigit() for c in word) for word in before):
        return False
    if last == "mfp" and words[0] == "phaser":
        return False
    return last in _NOISE or bool(_VARIANT.match(last))


def model_id_for(said: str, *, known: Mapping[str, int]) -> int | None:
    """The model that a device's words name, among known keys (`name_key` of names and aliases)."""
    return next((known[key] for key in candidate_keys(said) if key in known), None)


def with_price(*, known: Iterable[t.PricePeriod], new: t.PricePeriod) -> tuple[t.PricePeriod, ...]:
    """A part's periods once a new price is known, in order of time; importing the same again changes nothing.

    An open price lasts until the next one begins, so a new price closes the one before at its first day. A price
    with a last day of its own never cuts into another that has one: that raises `Invalid`.
    """
    others = sorted((p for p in known if p.valid_from != new.valid_from), key=lambda p: p.valid_from)
    next_from = next((p.valid_from for p in others if p.valid_from > new.valid_from), None)
    if new.valid_to is not None and next_from is not None and new.valid_to > next_from:
        raise _overlap(next_from)
    placed = new if new.valid_to is not None else dataclasses.replace(new, valid_to=next_from)
    before = [_closed(p, new=new) for p in others if p.valid_from < new.valid_from]
    return (*before, placed, *(p for p in others if p.valid_from > new.valid_from))


def _closed(period: t.PricePeriod, *, new: t.PricePeriod) -> t.PricePeriod:
    if period.valid_to is not None and period.valid_to <= new.valid_from:
        return period
    if period.valid_to is not None and new.valid_to is not None and new.valid_to < period.valid_to:
        raise _overlap(period.valid_from)
    return dataclasses.replace(period, valid_to=new.valid_from)


def _overlap(other_from: date) -> Invalid:
    reason = f"overlaps the price that is valid from {other_from.isoformat()}"
    return Invalid(reason, fields=("valid_to",))
