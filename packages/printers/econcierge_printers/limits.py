"""How much of a reading is kept: the decoder stays within these, the wire refuses what is beyond them."""

from __future__ import annotations

MAX_TEXT_CHARACTERS = 1_000  # descriptions, serial numbers, console lines, targets
MAX_WORD_CHARACTERS = 64  # indices, units, colours, sources, groups, conditions
MAX_SUPPLIES = 128  # the largest presses recorded list about 40
MAX_TRAYS = 64
MAX_ALERTS = 128
MAX_CONSOLE_LINES = 32
MAX_CONDITIONS = 32
MAX_READINGS_PER_REPORT = 500
INT64_MIN = -(2**63)
INT64_MAX = 2**63 - 1
