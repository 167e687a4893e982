"""The language of the window: `_` and its relatives after the language that was chosen, and which one to choose.

Sources are English; Canadian French stands in `locale/fr_CA/LC_MESSAGES/desktop.po` (`scripts/messages.py`).
"""

from __future__ import annotations

import gettext as catalogues
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
DOMAIN = "desktop"
NO_BREAK = "\u00a0"


class Language(StrEnum):
    ENGLISH = "en"
    FRENCH = "fr"


HEADERS = {Language.ENGLISH: "en-CA", Language.FRENCH: "fr-CA"}
_chosen = Language.ENGLISH
_catalogue: catalogues.NullTranslations = catalogues.NullTranslations()


def choose(*, wish: str, system: Iterable[str]) -> Language:
    """The language wished for ("en", "fr"), else the first of the system's that we speak, else English."""
    for tag in (wish, *system):
        found = tag.lower().replace("_", "-").partition("-")[0]
        if found in set(Language):
            return Language(found)
    return Language.ENGLISH


def use(language: Language) -> None:
    """Everything that is translated from now on is in this language."""
    global _chosen, _catalogue  # one process, one window, one language
    _chosen = language
    _catalogue = (
        catalogues.translation(DOMAIN, LOCALE, ["fr_CA"], fallback=True)
        if language is Language.FRENCH
        else catalogues.NullTranslations()
    )


def current() -> Language:
    return _chosen


def header() -> str:
    """The language as `Accept-Language` names it."""
    return HEADERS[_chosen]


def gettext(message: str) -> str:
    return _catalogue.gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """French counts none as one, English as many; without a catalogue English counts."""
    return _catalogue.ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    return _catalogue.pgettext(context, message)


def in_language(both: dict[str, str]) -> str:
    """One of the texts that the service gives in both languages."""
    return both.get(_chosen.value) or both.get("en") or next(iter(both.values()), "")
