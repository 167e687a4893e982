"""Generated histories of cartridges with every trouble that a gauge can give, and what truly happened.

Printers are made in pairs that share a clock, so that cartridges can move between them. Nothing here knows the rules
that are measured with it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

START = datetime(2025, 1, 6, tzinfo=UTC)
HOUR = 1 / 24


@dataclass(frozen=True, slots=True)
class World:
    """How much of each trouble there is; `seed` and figures differ between what is tuned on and what is kept aside."""

    name: str
    seed: int
    pairs: int
    cadence_h: tuple[float, ...] = (4.0, 12.0, 24.0)
    days: tuple[int, int] = (150, 420)
    life_days: tuple[float, float] = (15.0, 120.0)
    noise: tuple[float, ...] = (0.0, 0.0, 1.0, 2.5)
    steps: tuple[float, ...] = (1.0, 1.0, 1.0, 5.0, 10.0, 20.0, 25.0, 25.0, 33.0, 0.0)
    serial_share: float = 0.4
    pages_share: float = 0.75
    step_share: float = 0.6
    premature_share: float = 0.15
    premature_percent: tuple[float, float] = (20.0, 70.0)
    used_share: float = 0.01  # put in with less than full
    shakes_a_cartridge: float = 0.4
    shake_points: tuple[float, float] = (4.0, 20.0)
    shake_days: tuple[float, float] = (0.3, 5.0)
    sentinels_a_year: float = 12.0
    sentinel_readings: tuple[int, int] = (1, 8)
    wild_a_year: float = 4.0
    restarts_a_year: float = 6.0
    restart_readings: tuple[int, int] = (1, 2)
    gaps_a_year: float = 2.0
    gap_days: tuple[float, float] = (2.0, 25.0)
    resets_a_year: float = 0.3
    out_a_year: float = 1.0
    out_readings: tuple[int, int] = (1, 6)
    tries_a_year: float = 0.3  # another cartridge for a few readings, then the old one again
    swaps_a_year: float = 0.5
    refills_a_year: float = 0.2  # where the serial is told: it stays the same
    wrong_times_a_year: float = 0.5
    double_share: float = 0.02


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the face "Levels"."""

    series: str
    at: datetime
    percent: float | None
    state: str
    step: float | None
    pages: int | None
    serial: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What happened: `at` the first reading after it, `clear_at` the first that was not troubled.

    `among` names the troubles around it. `is_told` is false where the device said too little of it: no serial, and
    not two steps of its gauge, or those in one reading only. Where serials are
    told, what came is what they told: a cartridge that was changed again, or changed printers, before anything was
    read of it is where, and what, it was first read as.
    """

    series: str
    at: datetime
    clear_at: datetime
    kind: str
    among: tuple[str, ...]
    is_told: bool


@dataclass(slots=True)
class _Printer:
    """A printer with one slot, as it truly is."""

    name: str
    step: float
    noise: float
    rounding: str
    tells_serial: bool
    tells_pages: bool
    tells_step: bool
    pages_a_day: float
    yield_pages: float
    level: float
    serial: str
    leaves_at: float
    pages: float
    shaken: float = 0.0
    shaken_until: float = 0.0
    trouble: Callable[[], tuple[float | None, str, bool]] | None = None
    trouble_left: int = 0
    tried: tuple[float, str, int] | None = None  # level and serial of the cartridge that waits, readings left
    happened: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    first_after: datetime | None = None
    readings: int = 0
    said: float | None = None  # the last number that was no trouble
    read_serial: str = ""
    last_came: int | None = None  # place in the truth of the last one that its level told of
    said_before: float | None = None
    seen: int = 0  # readings since then that were as far above what was said before
    said_low: int = 0  # readings of this cartridge that said it is low, where there are no numbers
    lows: int = 0
    silent_until: float = 0.0
    is_out: bool = False
    restarted: bool = False


class Generated:
    """Histories of a world: rows in the order of time within a pair, and the truth."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._random = random.Random(world.seed)
        self._serials = 0
        self._read_in: dict[str, str] = {}  # serial -> where it was read last
        self.unread = 0  # cartridges of which no serial was ever read, where serials are told

    def pairs(self) -> Iterator[tuple[list[Row], list[Truth]]]:
        for number in range(self._world.pairs):
            yield self._pair(number)

    def _pair(self, number: int) -> tuple[list[Row], list[Truth]]:
        world, rng = self._world, self._random
        cadence = rng.choice(world.cadence_h) * HOUR
        length = rng.uniform(*world.days)
        tells_serial = rng.random() < world.serial_share
        printers = [self._printer(f"{world.name}-{number:05d}-{side}", tells_serial) for side in "ab"]
        rows: list[Row] = []
        truth: list[Truth] = []
        now = 0.0
        while now < length:
            for printer in printers:
                self._live(printer, now, cadence)
            if tells_serial and self._happens(world.swaps_a_year, cadence):
                self._swap(printers)
            for printer in printers:
                self._visit(printer, now, rows, truth)
            now += cadence * rng.uniform(0.9, 1.1)
        for printer in printers:
            self._forget_glimpse(printer, truth)
        return rows, truth

    def _printer(self, name: str, tells_serial: bool) -> _Printer:
        world, rng = self._world, self._random
        life = rng.uniform(*world.life_days)
        yield_pages = rng.choice((1200.0, 2500.0, 6000.0, 12000.0))
        step = rng.choice(world.steps)
        return _Printer(
            name=name,
            step=step,
            noise=rng.choice(world.noise) if 0 < step <= 5 else 0.0,
            rounding=rng.choice(("ceil", "round", "floor")),
            tells_serial=tells_serial,
            tells_pages=rng.random() < world.pages_share,
            tells_step=rng.random() < world.step_share,
            pages_a_day=yield_pages / life,
            yield_pages=yield_pages,
            level=rng.uniform(10, 100),
            serial=self._new_serial(),
            leaves_at=self._leaving_level(),
            pages=rng.uniform(0, 200_000),
        )

    def _live(self, printer: _Printer, now: float, passed: float) -> None:
        """Prints for a while; a new cartridge when the old one is used up, or before."""
        world, rng = self._world, self._random
        if printer.is_out:
            return
        pages = rng.gammavariate(1.2, printer.pages_a_day * passed / 1.2)
        printer.pages += pages
        if printer.tried is None:
            printer.level = max(0.0, printer.level - 100.0 * pages / printer.yield_pages * rng.uniform(0.8, 1.2))
        else:
            self._try_on(printer)
            return
        if (
            printer.level <= 12.0
            and printer.shaken_until < now
            and self._happens_once(world.shakes_a_cartridge, printer)
        ):
            printer.shaken, printer.shaken_until = (
                rng.uniform(*world.shake_points),
                now + rng.uniform(*world.shake_days),
            )
        if printer.level <= printer.leaves_at and rng.random() < 0.5:
            self._replace(printer)
        elif self._happens(world.tries_a_year, passed) and printer.tells_serial and printer.level < 90:
            printer.tried = (printer.level, printer.serial, rng.randint(2, 5))
            printer.level, printer.serial = 100.0, self._new_serial()
            printer.happened.append(("replaced", ("tried another",)))
        elif self._happens(world.refills_a_year, passed) and printer.tells_serial:
            printer.level = max(printer.level, rng.uniform(60, 100))

    def _try_on(self, printer: _Printer) -> None:
        assert printer.tried is not None
        level, serial, left = printer.tried
        printer.tried = (level, serial, left - 1)
        if left <= 1:
            printer.level, printer.serial, printer.tried = level, serial, None
            printer.happened.append(("reinserted", ("tried another",)))

    def _replace(self, printer: _Printer) -> None:
        rng = self._random
        among = ("premature",) if printer.level >= 20 else ()
        used = rng.random() < self._world.used_share
        printer.level = rng.uniform(55, 85) if used else rng.uniform(97, 100)
        if used:
            among = (*among, "used one put in")
        if printer.shaken_until > 0 and printer.shaken:
            among = (*among, "shaken before")
        printer.serial, printer.leaves_at = self._new_serial(), self._leaving_level()
        printer.shaken, printer.shaken_until, printer.lows = 0.0, 0.0, 0
        printer.happened.append(("replaced", among))

    def _swap(self, printers: list[_Printer]) -> None:
        a, b = printers
        if a.tried is None and b.tried is None:
            (a.level, a.serial), (b.level, b.serial) = (b.level, b.serial), (a.level, a.serial)
            for printer in printers:
                printer.happened.append(("moved_in", ("moved",)))

    def _visit(self, printer: _Printer, now: float, rows: list[Row], truth: list[Truth]) -> None:
        world, rng = self._world, self._random
        if self._happens(world.resets_a_year, 1 / 24 * 12):
            printer.pages = rng.uniform(0, 50)
            if printer.tells_pages:
                printer.happened.append(("counter_reset", ()))
        if printer.silent_until > now:
            return
        if self._happens(world.gaps_a_year, 0.5):
            printer.silent_until = now + rng.uniform(*world.gap_days)
            printer.happened = [(kind, among) for kind, among in printer.happened]
            return
        self._troubled(printer)
        at = START + timedelta(days=now)
        percent, state = self._said(printer, now)
        serial, pages = (printer.serial if printer.tells_serial else ""), printer.pages
        is_clear = True
        if printer.trouble is not None:
            percent, state, keeps_serial = printer.trouble()
            serial = serial if keeps_serial else ""
            pages = 0.0 if printer.restarted else pages
            is_clear = False
            printer.trouble_left -= 1
            if printer.trouble_left <= 0:
                if printer.is_out:
                    printer.happened.append(("reinserted", ("put back",)))
                printer.trouble = None
                printer.restarted = printer.is_out = False
        if printer.happened and printer.first_after is None:
            printer.first_after = at
        if printer.readings < (1 if printer.tells_serial else 2):
            printer.happened.clear()  # before anything was known
        if printer.tells_serial and serial:
            self._tell_by_serial(printer, at, serial, truth)
        if is_clear:
            self._tell(printer, at, percent, truth)
            printer.said = percent if percent is not None else printer.said
            printer.readings += 1
            printer.said_low += printer.step == 0 and state == "measured"
        row = Row(
            printer.name, at, percent, state, (printer.step or None) if printer.tells_step else None,
            int(pages) if printer.tells_pages else None, serial,
        )  # fmt: skip
        rows.append(row)
        if rng.random() < world.double_share:
            rows.append(row)
        if self._happens(world.wrong_times_a_year, 0.5):
            wrong = at + timedelta(days=rng.choice((-400, 2000, -900)))
            rows.append(Row(printer.name, wrong, percent, state, row.step, row.pages, serial))

    def _tell(self, printer: _Printer, at: datetime, percent: float | None, truth: list[Truth]) -> None:
        first = printer.first_after or at
        printer.seen += printer.last_came is not None and self._is_up(printer, percent, printer.said_before)
        kinds = [kind for kind, _ in printer.happened]
        if "replaced" in kinds:
            self._forget_glimpse(printer, truth)
        for kind, among in printer.happened:
            is_told = kind != "replaced" or printer.tells_serial or self._shows(printer, percent)
            is_told = is_told and among[:1] != ("put back",)
            if kinds.count(kind) == 1 or kind not in [
                one.kind for one in truth if (one.series, one.clear_at) == (printer.name, at)
            ]:
                truth.append(Truth(printer.name, first, at, kind, (*among, *self._kind(printer)), is_told))
                if kind == "replaced":
                    by_level = printer.step > 0 and not printer.tells_serial
                    printer.last_came, printer.seen = (len(truth) - 1 if by_level else None), 1
                    printer.said_before = printer.said
        if "replaced" in kinds:
            printer.said_low = 0
        printer.happened.clear()
        printer.first_after = None

    def _tell_by_serial(self, printer: _Printer, at: datetime, serial: str, truth: list[Truth]) -> None:
        """Another serial than the one read last: new, back, or from the other printer, as far as it was ever read."""
        changes = [one for one in printer.happened if one[0] != "counter_reset" and one[1][:1] != ("put back",)]
        printer.happened = [one for one in printer.happened if one not in changes]
        self.unread += sum(kind == "replaced" for kind, _ in changes)
        was_in, known = self._read_in.get(serial), printer.read_serial
        self._read_in[serial], printer.read_serial = printer.name, serial
        if known in ("", serial):
            return
        kind = "replaced" if was_in is None else "reinserted" if was_in == printer.name else "moved_in"
        self.unread -= kind == "replaced"
        among = tuple(dict.fromkeys(word for _, words in changes for word in words))
        first = printer.first_after or at
        truth.append(Truth(printer.name, first, at, kind, (*among, *self._kind(printer)), is_told=True))
        if not printer.happened:
            printer.first_after = None

    @staticmethod
    def _forget_glimpse(printer: _Printer, truth: list[Truth]) -> None:
        """A level that was read once may as well have been wild."""
        if printer.last_came is not None and printer.seen < 2:
            truth[printer.last_came] = replace(truth[printer.last_came], is_told=False)
        printer.last_came = None

    def _shows(self, printer: _Printer, percent: float | None) -> bool:
        """A gauge shows a new cartridge by more than a shaken one does: two of its steps, or having said it was low."""
        if percent is None or printer.said is None:
            return printer.said_low >= (4 if printer.tells_pages else 7)
        return self._is_up(printer, percent, printer.said)

    @staticmethod
    def _is_up(printer: _Printer, percent: float | None, before: float | None) -> bool:
        return percent is not None and before is not None and percent - before >= max(12.0, 1.8 * printer.step)

    def _kind(self, printer: _Printer) -> tuple[str, ...]:
        kinds = []
        if printer.step == 0:
            kinds.append("no numbers")
        elif printer.step >= 20:
            kinds.append("coarse gauge")
        elif printer.noise:
            kinds.append("noisy gauge")
        kinds.append("serial told" if printer.tells_serial else "no serial")
        return tuple(kinds)

    def _troubled(self, printer: _Printer) -> None:
        """Begins a run of readings that do not say what is there."""
        world, rng = self._world, self._random
        if printer.trouble is not None:
            return
        if self._happens(world.sentinels_a_year, 0.5):
            state = rng.choice(("unknown", "some_remaining", "unrestricted"))
            printer.trouble, printer.trouble_left = (lambda: (None, state, True)), rng.randint(*world.sentinel_readings)
        elif self._happens(world.wild_a_year, 0.5):
            wild = rng.choice((0.0, 100.0, rng.uniform(0, 100), 181.0, -4400.0))
            state = "implausible" if wild > 100 else "overdue" if wild < 0 else "measured"
            value = wild if state == "measured" or rng.random() < 0.5 else None
            printer.trouble, printer.trouble_left = (lambda: (value, state, True)), 1
        elif self._happens(world.restarts_a_year, 0.5):
            value, state = rng.choice(((None, "unknown"), (0.0, "measured"), (100.0, "measured")))
            printer.trouble = lambda: (value, state, False)
            printer.trouble_left = 1 if value == 100.0 else rng.randint(*world.restart_readings)
            printer.restarted = rng.random() < 0.5
        elif self._happens(world.out_a_year, 0.5):
            value, state = rng.choice(((None, "unknown"), (0.0, "measured")))
            printer.trouble, printer.trouble_left = (lambda: (value, state, False)), rng.randint(*world.out_readings)
            printer.is_out = True

    def _said(self, printer: _Printer, now: float) -> tuple[float | None, str]:
        rng = self._random
        level = printer.level
        if printer.shaken and now < printer.shaken_until:
            level = min(100.0, level + printer.shaken)
        if printer.step == 0:
            return (0.0, "measured") if level <= 3 else (None, "some_remaining")
        level = min(100.0, max(0.0, level + rng.uniform(-2, 2) * printer.noise))
        steps = level / printer.step
        whole = (
            int(-(-steps // 1))
            if printer.rounding == "ceil"
            else round(steps)
            if printer.rounding == "round"
            else int(steps)
        )
        return min(100.0, round(whole * printer.step, 1)), "measured"

    def _happens(self, a_year: float, days: float) -> bool:
        return self._random.random() < a_year * days / 365

    def _happens_once(self, share: float, printer: _Printer) -> bool:
        printer.lows += 1
        return printer.lows == 1 and self._random.random() < share

    def _leaving_level(self) -> float:
        rng = self._random
        if rng.random() < self._world.premature_share:
            return rng.uniform(*self._world.premature_percent)
        return rng.choice((0.0, 0.0, rng.uniform(0, 12)))

    def _new_serial(self) -> str:
        self._serials += 1
        return f"CRUM{self._world.seed % 1000:03d}{self._serials:07d}"
