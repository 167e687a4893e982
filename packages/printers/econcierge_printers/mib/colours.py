"""Which colour a supply is: from its colorant, else a part number's letter, else words of many languages.

Words are compared without case and accents; scripts that put no spaces between words are searched.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

# en fr de es it pt nl sv/da fi pl cs tr ru
_WORDS = {
    "black": "black noir noire schwarz negro negra nero nera preto preta zwart svart sort musta czarny czarna cerna"
    " cerny fekete siyah черный черная noirs",
    "cyan": "cyan cian ciano zyan cyaan turkis syaani cyjan blekitny azurova azurovy camgobegi голубой голубая циан",
    "magenta": "magenta macenta eflatun purpurowy purpurova purpurovy пурпурный пурпурная маджента mazenta",
    "yellow": "yellow jaune gelb amarillo amarilla giallo gialla amarelo amarela geel gul keltainen zolty zolta zluta"
    " zluty sarga sari желтый желтая",
    "photo_black": "photoblack",
    "matte_black": "matteblack mattblack",
    "light_cyan": "lightcyan",
    "light_magenta": "lightmagenta",
    "vivid_magenta": "vividmagenta",
    "gray": "gray grey gris grau grigio cinza grijs",
    "light_gray": "lightgray lightgrey",
    "red": "red rouge rot rojo rosso vermelho rood красный",
    "green": "green vert grun verde groen зеленый",
    "blue": "blue bleu blau azul blu blauw синий",
    "orange": "orange",
    "violet": "violet",
    "white": "white blanc weiss blanco bianco branco wit белый",
    "clear": "clear transparent klar",
}
# zh ja ko; the longer word first
_SIGNS = {
    "black": ("黑", "黒", "ブラック", "검정", "블랙"),
    "cyan": ("青", "シアン", "시안", "청록"),
    "magenta": ("品红", "品紅", "洋红", "洋紅", "マゼンタ", "마젠타", "자홍"),
    "yellow": ("黄", "黃", "イエロー", "노랑", "옐로"),
}
_FIRSTS = ("photo", "matte", "matt", "light", "vivid")
_LETTERS = {"k": "black", "bk": "black", "c": "cyan", "m": "magenta", "y": "yellow"}
_BRACKETED = re.compile(r"[\[(](bk|[kcmy])[\])]", re.IGNORECASE)
_PART_NUMBER = re.compile(r"^[A-Z]{1,3}-?\d{2,5}(BK|K|C|M|Y)(?:-[A-Z\d]{1,3})?$|^CLT-([KCMY])\d{3}")
_OF_A_SET = re.compile(r"\b([A-Z]{1,2}\d{2,3})([0-3])[AXYC]{1,2}\b")
_SET = ("black", "cyan", "yellow", "magenta")  # of the last digit, in HP's sets of four part numbers
_MOST_OF_A_SET = 3
Key = TypeVar("Key")


def of_colorant(value: str) -> str | None:
    """prtMarkerColorantValue; `other`, `none` and what we do not know are no colour."""
    return in_words(value) or _LETTERS.get(value.lower())


@lru_cache(maxsize=1024)
def in_words(description: str) -> str | None:
    """The only colour named in a description; two different ones are none."""
    words = re.findall(r"[^\W\d_]+", _plain(description))
    paired = [first + second for first, second in itertools.pairwise(words) if first in _FIRSTS]
    special = [_COLOUR_OF[word] for word in paired if word in _COLOUR_OF]
    if special:
        return special[0]
    named = {_COLOUR_OF[word] for word in words if word in _COLOUR_OF} | _in_signs(description)
    return named.pop() if len(named) == 1 else None


def in_label(description: str) -> str | None:
    """From `Toner [K]` or a part number such as `TK-8527C`."""
    bracketed = _BRACKETED.search(description)
    if bracketed:
        return _LETTERS[bracketed[1].lower()]
    part = _PART_NUMBER.match(description)
    return _LETTERS[(part[1] or part[2]).lower()] if part else None


def of_sets(descriptions: Mapping[Key, str]) -> dict[Key, str]:
    """Colours by the last digit of part numbers such as CE310A to CE313A, where most of a set of four is there.

    One part number alone says nothing: CF283A is black.
    """
    sets: dict[str, dict[Key, str]] = {}
    for key, description in descriptions.items():
        found = _OF_A_SET.search(description)
        if found:
            sets.setdefault(found[1], {})[key] = _SET[int(found[2])]
    whole = (members for members in sets.values() if len(set(members.values())) >= _MOST_OF_A_SET)
    return dict(itertools.chain.from_iterable(members.items() for members in whole))


def _in_signs(description: str) -> set[str]:
    text = unicodedata.normalize("NFKC", description)
    return set() if text.isascii() else {colour for colour, signs in _SIGNS.items() if _any_in(signs, text)}


def _any_in(signs: Iterable[str], text: str) -> bool:
    return any(sign in text for sign in signs)


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ı", "i"))
    return "".join(c for c in split if not unicodedata.combining(c))


_COLOUR_OF = {_plain(word): colour for colour, words in _WORDS.items() for word in words.split()}
