"""By when to order, as people read it, for every reason that the advice knows."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation

from econcierge.interfaces.shared import order_by
from econcierge.journeys.replenish import SlotAdvice
from econcierge.replenishment.types import Action, Advice, Range, Why
from econcierge.supplies.types import SlotView

TODAY = date(2026, 11, 23)
SOON, FAR = date(2026, 12, 4), date(2027, 9, 1)
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SLOT = SlotView(**dict.fromkeys((field.name for field in dataclasses.fields(SlotView)), ""))  # type: ignore[arg-type]


def _said(
    language: str, action: Action, why: Why, latest: date | None, *, slot: SlotView = SLOT, risk: float = 0.3
) -> tuple[str, bool]:
    advice = SlotAdvice(slot, Advice(1, action, why, latest, risk), None, Range(3, 5, 9))
    with translation.override(language):
        return order_by.sentence(advice, on=TODAY), order_by.is_soon(advice, on=TODAY)


@pytest.mark.parametrize(
    ("action", "why", "latest", "english", "french", "soon"),
    [
        (Action.WAIT, Why.ENOUGH_LEFT, SOON, "Order by December\u00a04 to have it in time.",
         "À commander d’ici le 4\u00a0décembre pour l’avoir à temps.", True),
        (Action.WAIT, Why.ENOUGH_LEFT, FAR, "", "", False),
        (Action.ORDER_NOW, Why.DUE, TODAY, "Order today to have it in time.",
         "À commander aujourd’hui pour l’avoir à temps.", True),
        (Action.ORDER_NOW, Why.LATE, TODAY, "Order now: it may be empty before a delivery comes. Express is faster.",
         "À commander maintenant\u00a0: la livraison risque d’arriver trop tard. L’envoi express est plus rapide.",
         True),
        (Action.ORDER_NOW, Why.LOW_WITHOUT_FORECAST, TODAY, "", "", True),
        (Action.NOTHING, Why.ON_THE_WAY, None, "", "", False),
        (Action.NOTHING, Why.ON_THE_WAY_LATE, None, "What is on its way may come after it is empty: ask where it is.",
         "Ce qui est en route risque d’arriver trop tard\u00a0: demandez où en est la livraison.", True),
        (Action.NOTHING, Why.ON_THE_SHELF, None, "There is one on the shelf already.",
         "Il y en a déjà en réserve.", False),
        (Action.NOTHING, Why.UNKNOWN, None, "", "", False),
    ],
)  # fmt: skip
def test_every_reason_has_its_sentence(
    action: Action, why: Why, latest: date | None, english: str, french: str, soon: bool
) -> None:
    assert _said("en-ca", action, why, latest) == (english, soon)
    assert _said("fr-ca", action, why, latest) == (french, soon)


def test_without_advice_nothing_is_said() -> None:
    nothing: Any = None
    assert order_by.sentence(nothing, on=TODAY) == ""
    assert not order_by.is_soon(nothing, on=TODAY)


@pytest.mark.parametrize(("risk", "alarm"), [(0.016, False), (0.09, False), (0.1, True), (1.0, True)])
def test_an_alarm_is_given_only_where_it_may_well_be_empty(risk: float, alarm: bool) -> None:
    """At one or two in a hundred, today is the day to order, and ground delivery does."""
    said, is_soon = _said("en-ca", Action.ORDER_NOW, Why.LATE, TODAY, risk=risk)
    assert is_soon
    assert said == (
        "Order now: it may be empty before a delivery comes. Express is faster." if alarm
        else "Order today to have it in time."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("why", "english", "french"),
    [
        (Why.LATE, "Order now. Express is faster.",
         "À commander maintenant. L’envoi express est plus rapide."),
        (Why.ON_THE_WAY_LATE, "Ask where the delivery is.", "Demandez où en est la livraison."),
    ],
)  # fmt: skip
def test_what_is_empty_is_not_said_to_become_empty(why: Why, english: str, french: str) -> None:
    empty = dataclasses.replace(SLOT, percent=0.0)
    assert _said("en-ca", Action.NOTHING, why, TODAY, slot=empty)[0] == english
    assert _said("fr-ca", Action.NOTHING, why, TODAY, slot=empty)[0] == french
