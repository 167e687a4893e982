"""What a build can end with."""

from __future__ import annotations


class CannotBuild(Exception):
    """What is wrong and what to do, in a sentence."""
