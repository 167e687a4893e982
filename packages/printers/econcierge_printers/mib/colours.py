"""Which colour a supply is: from its colorant, else from words of many languages, else from a part number's end."""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache

_WORDS = {
    "black": "black noir noire schwarz negro negra nero nera preto preta zwart svart sort czarny siyah musta",
    "cyan": "cyan cian ciano zyan cyaan turkis",
    "magenta": "magenta",
    "yellow": "yellow jaune gelb amarillo amarilla giallo gialla amarelo geel gul zolty sari keltainen",
    "photo_black": "photoblack",
    "matte_black": "matteblack",
    "light_cyan": "lightcyan",
    "light_magenta": "lightmagenta",
    "gray": "gray grey gris grau grigio cinza grijs",
    "light_gray": "lightgray lightgrey",
    "red": "red rouge rot rojo rosso vermelho",
    "green": "green vert grun verde",
    "blue": "blue bleu blau azul blu",
    "orange": "orange",
    "white": "white blanc weiss blanco bianco branco",
    "clear": "clear transparent klar",
}
_COLOUR_OF = {word: colour for colour, words in _WORDS.items() for word in words.split()}
_PAIRS = {("photo", "black"), ("matte", "black"), ("light", "cyan"), ("light", "magenta")}
_PAIRS |= {("light", "gray"), ("light", "grey")}
_LETTERS = {"k": "black", "bk": "black", "c": "cyan", "m": "magenta", "y": "yellow"}
_BRACKETED = re.compile(r"[\[(](bk|[kcmy])[\])]", re.IGNORECASE)
_PART_NUMBER = re.compile(r"^[A-Z]{1,3}-?\d{2,5}(K|C|M|Y|BK)$")


def of_colorant(value: str) -> str | None:
    """prtMarkerColorantValue; `other`, `none` and what we do not know are no colour."""
    return in_words(value) or _LETTERS.get(value.lower())


@lru_cache(maxsize=1024)
def in_words(description: str) -> str | None:
    """The only colour named in a description; two different ones are none."""
    words = _split(description)
    paired = [first + second for first, second in itertools.pairwise(words) if (first, second) in _PAIRS]
    if paired:
        return _COLOUR_OF[paired[0]]
    named = {_COLOUR_OF[word] for word in words if word in _COLOUR_OF}
    return named.pop() if len(named) == 1 else None


def in_label(description: str) -> str | None:
    """From `Toner [K]` or a part number such as `TK-8527C`."""
    bracketed = _BRACKETED.search(description)
    if bracketed:
        return _LETTERS[bracketed[1].lower()]
    part = _PART_NUMBER.match(description)
    return _LETTERS[part[1].lower()] if part else None


def _split(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ı", "i"))
    return re.findall(r"[a-z]+", "".join(c for c in plain if not unicodedata.combining(c)))
