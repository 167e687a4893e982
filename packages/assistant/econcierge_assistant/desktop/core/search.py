"""Finding printers among many: every word of the question stands somewhere in what is known of a printer."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from econcierge_assistant.desktop.core.types import Printer


def matching(printers: Iterable[Printer], question: str) -> list[Printer]:
    words = folded(question).split()
    return [printer for printer in printers if all(word in _said_of(printer) for word in words)]


def folded(text: str) -> str:
    """Without capitals and accents: "réception" is found by "Reception"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _said_of(printer: Printer) -> str:
    parts = (printer.name, printer.place, printer.site, printer.model, printer.serial, printer.target, printer.mac)
    return folded(" ".join(parts))
