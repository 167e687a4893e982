"""Why something cannot start, said to the person who started it."""

from __future__ import annotations


class CannotStart(Exception):
    """One sentence on what is wrong and one on the remedy; shown as it is, without a traceback."""

    def __init__(self, problem: str, *, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy
