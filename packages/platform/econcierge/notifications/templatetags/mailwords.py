"""Filters of the messages' templates: the words and figures of the reader's language."""

from __future__ import annotations

from django import template

from econcierge.core import automatic_wording, report_wording
from econcierge.notifications import figures, headlines, links, report_figures, wording

register = template.Library()
for name, function in {
    "day": figures.day,
    "moment": figures.moment,
    "money": figures.money,
    "points": figures.percent,
    "rate": figures.rate,
    "supply": wording.supply,
    "coming": wording.coming,
    "ink": wording.ink,
    "absolute": links.absolute,
    "headline_of": headlines.of_part,
    "place": wording.place,
    "tax": wording.tax,
    "what": wording.what,
    "address": wording.address,
    "reason": wording.reason,
    "next_step": wording.next_step,
    "sentence": wording.sentence,
    "order_there_is": headlines.order_there_is,
    "order_path": headlines.order_path,
    "choice_path": headlines.choice_path,
    "why_not": automatic_wording.why,
    "report_label": report_wording.name,
    "report_value": report_figures.value,
}.items():
    register.filter(name, function)
