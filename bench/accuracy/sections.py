"""Sections of `docs/reference/accuracy.md` that are measured apart, because they take minutes: between two marks each.

The rest of the page is made from recordings, and checked by a test; sections stay as they were measured last.
"""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "accuracy.md"
_SECTION = re.compile(r"\n<!-- section: (\w+) -->\n.*?<!-- end: \1 -->\n", re.DOTALL)


def write(*, name: str, body: str, page: Path = PAGE) -> None:
    """Puts a section in, in the place of the one of that name, else at the end."""
    whole = page.read_text()
    section = f"\n<!-- section: {name} -->\n{body.strip()}\n<!-- end: {name} -->\n"
    old = [match for match in _SECTION.finditer(whole) if match[1] == name]
    page.write_text(whole.replace(old[0][0], section) if old else whole + section)


def without(whole: str) -> str:
    """The page as recordings make it."""
    return _SECTION.sub("", whole)


def kept(*, old: str, made: str) -> str:
    """A newly made page with the sections of the old one."""
    return made + "".join(match[0] for match in _SECTION.finditer(old))
