"""A waste container fills up: no page and no mail says that it runs out or is empty."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from econcierge.alerts.models import Episode
from econcierge.interfaces.shared import runout
from econcierge.notifications import headlines
from econcierge.notifications.types import Kind

FULL_ITEM = {
    "kind": "waste_container", "colour": "", "description": "", "printer": "Reception", "place": "", "slot_id": 1,
    "printer_id": 1, "percent": 4.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "kind", "said"),
    [
        ("en-ca", "waste_container", "will be full around December 8"),
        ("fr-ca", "waste_container", "sera plein around December 8"),
        ("en-ca", "toner", "runs out around December 8"),
    ],
)
def test_a_forecast_in_words(language: str, kind: str, said: str) -> None:
    with override(language):
        assert runout.in_words(kind, "around December 8") == said
        assert runout.in_words(kind, "") == ""


@pytest.mark.parametrize(
    ("kind", "percent", "subject", "fact"),
    [
        (Kind.SUPPLY_LOW, 15.0, "Waste container filling up: Reception", "15 % of its space left."),
        (Kind.SUPPLY_LOW, None, "Waste container filling up: Reception", "as the printer itself says."),
        (Kind.SUPPLY_ALMOST_EMPTY, 4.0, "Waste container almost full: Reception", "4 % of its space left."),
        (Kind.SUPPLY_ALMOST_EMPTY, None, "Waste container almost full: Reception", "as the printer itself says."),
    ],
)
def test_the_mails(kind: Kind, percent: float | None, subject: str, fact: str) -> None:
    context: dict[str, Any] = {"site": "Main", "items": [FULL_ITEM | {"percent": percent}]}
    with override("en-ca"):
        told = headlines.headline(kind, context)
    assert told.subject == subject
    assert told.fact.replace("\u00a0", " ").endswith(fact)
    with override("fr-ca"):
        assert "épuis" not in headlines.headline(kind, context).fact


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("threshold", "percent", "said"),
    [("low", 15, "Waste container is filling up: 15 % of its space left."),
     ("almost_empty", 3, "Waste container is almost full: 3 % of its space left.")],
)  # fmt: skip
def test_the_pages(
    threshold: str, percent: int, said: str,
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client],
) -> None:  # fmt: skip
    slot = office.printer.slots.get(kind="waste_container")
    slot.percent = percent
    slot.save()
    Episode.objects.create(
        customer=cast.erable, slot=slot, cartridge=slot.cartridge, threshold=threshold, percent=percent,
        because="programme", opened_at=slot.read_at,
    )  # fmt: skip
    client = browser(cast.owner, "en-ca")
    assert said in client.get("/").content.decode().replace("\u00a0", " ")
    page = client.get(reverse("printer", args=[office.printer.pk])).content.decode()
    assert said.partition(" is ")[2].partition(":")[0] in page
