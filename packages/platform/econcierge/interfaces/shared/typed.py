"""Texts from outside, made fit to be kept and looked up: PostgreSQL keeps no NUL, and nobody can read the others."""

from __future__ import annotations


def printable(text: str) -> str:
    """Without characters that cannot be printed; those between words become a space."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else " " if one.isspace() else "" for one in text)


def readable(text: str) -> str:
    """What somebody wrote in lines, without what no screen shows; line breaks and tabs stay."""
    return "".join(one for one in text if one.isprintable() or one.isspace())


def search_words(text: str) -> str:
    """What somebody looks for: what cannot be printed finds nothing and is dropped."""
    return printable(text).strip()
