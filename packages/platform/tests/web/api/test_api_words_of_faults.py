"""What cannot be kept is refused or dropped, and what is wrong is said in the person's language."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.django_db


def test_a_search_drops_what_cannot_be_printed(
    cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    found = [programme(cast.owner).get("/printers", q=q).json()["items"] for q in ("\0", "Rece\0ption\x1b")]
    assert ([one["name"] for one in found[1]], len(found[0])) == (["Reception"], 2)


@pytest.mark.parametrize("field", ["text", "contact", "phone"])
def test_a_repair_request_with_a_nul_character_is_refused(
    field: str, cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    body = {"submission_key": str(uuid4()), "text": "Paper jam", "contact": "", "phone": ""} | {field: "a\0b"}
    answer = programme(cast.viewer).post(f"/printers/{office.other.pk}/repair-requests", body)
    assert (answer.status_code, set(answer.json()["error"]["fields"])) == (422, {field})


@pytest.mark.parametrize(
    ("wrong", "field", "english", "french"),
    [
        ({"expected_total_minor": None}, "expected_total_minor", "whole number", "Il faut un nombre entier."),
        ({"expected_total_minor": "x"}, "expected_total_minor", "whole number", "Il faut un nombre entier."),
        ({"submission_key": ...}, "submission_key", "This is required.", "Cette valeur est obligatoire."),
        ({"submission_key": "again"}, "submission_key", "UUID", "Il faut un UUID."),
        ({"lines": []}, "lines", "At least 1 entry.", "Au moins 1 élément."),
        ({"line": {"quantity": 0}}, "lines.0.quantity", "At least 1.", "Au moins 1."),
        ({"line": {"quantity": 100}}, "lines.0.quantity", "At most 99.", "Au plus 99."),
        (
            {"line": {"part_number": "x" * 61}},
            "lines.0.part_number",
            "At most 60 characters.",
            "Au plus 60 caractères.",
        ),
        ({"line": {"part_number": "\0"}}, "lines.0.part_number", "cannot be kept", "ne peuvent pas être conservés"),
        ({"delivery": 7}, "delivery", "This must be text.", "Il faut du texte."),
        ({"purchase_order_number": "\ud800"}, "purchase_order_number", "cannot be kept", "ne peuvent pas"),
        ({"lines": "x"}, "lines", "This must be a list.", "Il faut une liste."),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(
    wrong: dict[str, Any], field: str, english: str, french: str, cast: SimpleNamespace, office: SimpleNamespace,
    programme: Callable[..., Any],
) -> None:  # fmt: skip
    line = {"slot_id": office.slot.pk, "part_number": "106R03524", "quantity": 1} | wrong.get("line", {})
    body = {"lines": [line], "submission_key": str(uuid4()), "expected_total_minor": 33336} | wrong
    body = {name: value for name, value in body.items() if value is not ... and name != "line"}
    for language, sentence in (("en-CA", english), ("fr-CA", french)):
        answer = programme(cast.owner, language).post("/orders", body)
        assert answer.status_code == 422
        assert sentence in answer.json()["error"]["fields"][field]


def test_a_fault_without_words_of_its_own_is_said_in_general() -> None:
    from django.utils import translation

    from econcierge.interfaces.api import faults

    with translation.override("fr-ca"):
        assert faults.in_words({"type": "decimal_whole_digits", "msg": "English"}) == "Cette valeur est inutilisable."
        assert faults.in_words({"type": "too_long", "ctx": {"max_length": 1}}) == "Au plus 1 élément."
