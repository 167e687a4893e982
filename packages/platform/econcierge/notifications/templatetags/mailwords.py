"""Filters of the messages' templates: the words and figures of the reader's language."""

from __future__ import annotations

from django import template

from econcierge.notifications import figures, headlines, wording

register = template.Library()
for name, function in {
    "day": figures.day,
    "moment": figures.moment,
    "money": figures.money,
    "points": figures.percent,
    "rate": figures.rate,
    "supply": wording.supply,
    "place": wording.place,
    "tax": wording.tax,
    "what": wording.what,
    "address": wording.address,
    "reason": wording.reason,
    "next_step": wording.next_step,
    "sentence": wording.sentence,
    "order_path": headlines.order_path,
    "choice_path": headlines.choice_path,
}.items():
    register.filter(name, function)
