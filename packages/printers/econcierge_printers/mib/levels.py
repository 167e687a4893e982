"""What a level means (RFC 3805, prtMarkerSuppliesLevel, prtInputCurrentLevel): a state, a percentage only if measured.

Of a receptacle (class filled) the standard's level is the space left, so the same arithmetic serves both.
"""

from __future__ import annotations

from econcierge_printers.model import LevelState

UNIT_PERCENT = 19
_SENTINELS = {
    -1: LevelState.UNRESTRICTED,
    -2: LevelState.UNKNOWN,
    -3: LevelState.SOME_REMAINING,
}


def judge(*, capacity: int | None, level: int | None, unit: int | None) -> tuple[LevelState, float | None]:
    """Never a number that the printer did not give: a level without a capacity is unknown, unless it is itself
    a percentage; above the capacity it is implausible; below -3 it is overdue.
    """
    if level is None:
        return LevelState.UNKNOWN, None
    if level < 0:
        return _SENTINELS.get(level, LevelState.OVERDUE), None
    if capacity is None or capacity <= 0:
        if unit != UNIT_PERCENT:
            return LevelState.UNKNOWN, None
        capacity = 100
    if level > capacity:
        return LevelState.IMPLAUSIBLE, None
    return LevelState.MEASURED, round(100 * level / capacity, 1)
