"""Codes that a person reads, says and types (RFC 8628 section 6.1): letters that make no words and are not mistaken
for one another."""

from __future__ import annotations

import secrets

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 8


def new_code(length: int = LENGTH) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def normal(typed: str, length: int = LENGTH) -> str:
    """As it is kept: case, dashes and spaces do not count; "" for what cannot be a code."""
    text = "".join(typed.upper().replace("-", "").split())
    return text if len(text) == length and not set(text) - set(LETTERS) else ""


def shown(code: str) -> str:
    """ "BDWPHQPK" as "BDWP-HQPK"."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"
