"""G18: how often a supply that is called an outside one was one, and whether noise ever costs anybody coverage.

Customers with a few printers order through the programme, put in what lay on the shelf before, buy elsewhere now and
then; devices tell serials and parts, or not, and are as troubled as gauges are. Cartridges are seen and judged with the
rules of the platform, replacement by replacement. `python -m bench.accuracy.outside` writes its section.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bench.accuracy import sections
from econcierge.coverage import rules as coverage
from econcierge.coverage import types as c
from econcierge.coverage import verdicts as v
from econcierge.supplies import rules
from econcierge.supplies import types as t
from econcierge_printers.model import LevelState

START = datetime(2025, 3, 3, 8, tzinfo=UTC)
PRECISION = 0.99
FITTING, BARRED, FOREIGN = ("106R03500", "106R03512"), "106R03532", ("CB-3500X", "TN-COMPAT", "CF226X")
IN_THE_BOX = "106R03499"
CLONED = "CRUM0000CLONE77"
TERMS = c.TermsVersion(
    programme="p", version="1", valid_from=date(2020, 1, 1), valid_to=None, sources={},
    values=c.TermValues(activation_quantity=2, maximum_age_years=7, initial_warranty_years=3,
                        interruption_after_days=180, qualifying_states=frozenset({c.LineState.DELIVERED})),
)  # fmt: skip


HOW_MEASURED = """\
Made by `python -m bench.accuracy.outside`: made-up customers with one to four printers; of those asked about their
shelf some forget a cartridge, technicians bring one now and then, a distributor sends another part than it said.
Nothing in the data tells those from buying elsewhere, so verdicts by "never delivered" are the least sure ones; what
is left beside them is a garbled text at the very reading in which a cartridge came. No verdict ends coverage: a
person decides. A refill keeps its chip and is not seen at all. These worlds were measured once, after the rules
stood; their shares are assumptions, not measured on customers."""


@dataclass(frozen=True, slots=True)
class World:
    """Shares are chances for each cartridge, unless a name says otherwise."""

    name: str
    seed: int
    customers: int
    days: int = 420
    outside_share: float = 0.15
    shelf: tuple[int, int] = (0, 3)
    declared_share: float = 0.5  # of customers
    forgotten_share: float = 0.05  # of those: one more lay on the shelf than was declared
    moved_a_year: float = 0.3
    warranty_share: float = 0.01  # a technician brings one that no shipment tells of
    substituted_share: float = 0.01  # the distributor sent another fitting part than it said
    serials_sent_share: float = 0.6  # of shipments: their serials are told
    trouble_a_year: float = 20.0
    garbled_a_year: float = 1.0  # one reading tells a cut or another text as serial or part


HUMAN = World("people", 7_101, 400)
NOISE = dataclasses.replace(
    HUMAN, name="noise", seed=7_102, outside_share=0.0, forgotten_share=0.0, warranty_share=0.0, substituted_share=0.0,
    trouble_a_year=60.0, garbled_a_year=0.0,
)  # fmt: skip


GARBLED = dataclasses.replace(NOISE, name="garbled", seed=7_103, garbled_a_year=1.0)


@dataclass(frozen=True, slots=True)
class Cartridge:
    """What truly lies in a slot; `source` box | shelf | programme | outside | warranty."""

    source: str
    part: str
    serial: str


@dataclass(slots=True)
class Printer:
    tells_serial: bool
    tells_part: bool
    step: float
    a_day: float
    cartridge: Cartridge
    level: float
    pages: float = 0.0
    trouble: tuple[int, LevelState, float | None] = (0, LevelState.MEASURED, None)
    memory: t.SlotMemory | None = None


@dataclass(slots=True)
class Customer:
    printers: list[Printer]
    shelf: list[Cartridge]
    declared: tuple[v.ShelfStock, ...] | None
    deliveries: list[v.ProgrammeDelivery] = field(default_factory=list)
    arriving: list[tuple[int, Cartridge]] = field(default_factory=list)
    serials: set[str] = field(default_factory=set)
    parts: list[tuple[int, str, str]] = field(
        default_factory=list
    )  # printer, part, serial where it matters, of those that came
    orders: list[c.OrderLine] = field(default_factory=list)


@dataclass(slots=True)
class Measured:
    """Verdicts by (verdict, evidence, what it truly was); printers by their status at the end."""

    verdicts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)

    def of(self, verdict: str, source: str | None = None) -> int:
        return sum(n for (one, _, truly), n in self.verdicts.items() if one == verdict and source in (None, truly))


def measure(world: World) -> Measured:
    measured, rng = Measured(), random.Random(world.seed)
    everywhere: dict[str, int] = {}
    for number in range(world.customers):
        _Life(world, number, rng, everywhere, measured).live()
    return measured


class _Life:
    """One customer's time in the programme; the first day is that of enrolment."""

    def __init__(
        self, world: World, number: int, rng: random.Random, everywhere: dict[str, int], measured: Measured
    ) -> None:
        self._world, self._number, self._rng = world, number, rng
        self._everywhere, self._measured = everywhere, measured  # serials by the customer that had them first
        self._sends_serials = rng.random() < world.serials_sent_share
        shelf = [self._made("shelf") for _ in range(rng.randint(*world.shelf))]
        self._customer = Customer([self._printer() for _ in range(rng.randint(1, 4))], shelf, self._declared(shelf))
        self._seen: list[list[c.Replacement]] = [[] for _ in self._customer.printers]

    def live(self) -> None:
        for day in range(self._world.days):
            for place, printer in enumerate(self._customer.printers):
                self._use(printer, day)
                self._read(place, printer, day)
            if self._rng.random() < self._world.moved_a_year / 365 and len(self._customer.printers) > 1:
                a, b = self._rng.sample(self._customer.printers, 2)
                a.cartridge, a.level, b.cartridge, b.level = b.cartridge, b.level, a.cartridge, a.level
        for seen in self._seen:
            self._measured.statuses[self._status(seen)] += 1

    def _printer(self) -> Printer:
        rng = self._rng
        tells = rng.choice(((True, True), (True, False), (False, True), (False, False)))
        return Printer(*tells, step=rng.choice((1.0, 1.0, 10.0, 25.0)), a_day=100 / rng.uniform(25, 90),
                       cartridge=self._made("box"), level=rng.uniform(40, 100))  # fmt: skip

    def _made(self, source: str) -> Cartridge:
        rng = self._rng
        serial = f"CRUM{rng.randrange(10**10):010d}"
        if source == "box":
            return Cartridge(source, IN_THE_BOX, serial)
        if source == "outside":
            kind = rng.choice(("grey", "grey", "contract", "foreign", "clone", "silent"))
            if kind == "clone":
                return Cartridge(source, rng.choice(FITTING), CLONED)
            if kind == "silent":
                return Cartridge(source, "", "")
            part = {"contract": BARRED, "foreign": rng.choice(FOREIGN)}.get(kind) or rng.choice(FITTING)
            return Cartridge(source, part, serial)
        return Cartridge(source, rng.choice(FITTING), serial)

    def _declared(self, shelf: list[Cartridge]) -> tuple[v.ShelfStock, ...] | None:
        rng = self._rng
        if rng.random() >= self._world.declared_share:
            return None
        told = shelf[1:] if rng.random() < self._world.forgotten_share else shelf
        counts = Counter(one.part for one in told)
        return tuple(v.ShelfStock(part, counts[part]) for part in FITTING)

    def _use(self, printer: Printer, day: int) -> None:
        customer, rng = self._customer, self._rng
        customer.shelf += [one for due, one in customer.arriving if due <= day]
        customer.arriving = [(due, one) for due, one in customer.arriving if due > day]
        used = printer.a_day * rng.choice((0.0, 0.5, 1.0, 1.5, 2.0))
        printer.level, printer.pages = max(printer.level - used, 0.0), printer.pages + 30 * used
        if printer.level > 10 or day < 5:
            return
        if printer.level > 0 and len(customer.shelf) + len(customer.arriving) == 0:
            if rng.random() >= self._world.outside_share:
                self._order(day)
            else:
                customer.arriving.append((day + rng.randint(0, 3), self._made("outside")))
        if printer.level <= 3 and rng.random() < self._world.warranty_share:
            printer.cartridge, printer.level = self._made("warranty"), 100.0
        elif printer.level <= 3 and customer.shelf:
            printer.cartridge, printer.level = customer.shelf.pop(0), 100.0
        elif printer.level == 0 and not customer.arriving:
            self._order(day)

    def _order(self, day: int) -> None:
        customer, rng = self._customer, self._rng
        sent = self._made("programme")
        said = next(part for part in FITTING if part != sent.part) if self._happens("substituted_share") else sent.part
        serials = frozenset({sent.serial}) if self._sends_serials else frozenset()
        delivery = v.ProgrammeDelivery(f"D{len(customer.deliveries)}", said, 1, _day(day + 1), serials)
        customer.deliveries.append(delivery)
        customer.orders.append(c.OrderLine(_day(day), said, 1, eligible=True, state=c.LineState.DELIVERED))
        customer.arriving.append((day + rng.randint(1, 5), sent))

    def _happens(self, share: str) -> bool:
        return self._rng.random() < float(getattr(self._world, share))

    def _read(self, place: int, printer: Printer, day: int) -> None:
        reading = self._said(printer, day)
        memory = printer.memory
        if memory is not None:
            own = frozenset(self._customer.serials - {memory.serial} - memory.earlier_serials)
            memory = dataclasses.replace(memory, gauge_step=printer.step, serials_elsewhere=own)
        change = rules.next_cartridge_state(memory=memory, reading=reading)
        printer.memory = change.memory
        if change.cartridge is not None:
            self._judge(place, printer, change.cartridge, change.memory)

    def _said(self, printer: Printer, day: int) -> t.SlotReading:
        rng, world = self._rng, self._world
        left, state, wild = printer.trouble
        if left <= 0 and rng.random() < world.trouble_a_year / 365:
            state, wild = rng.choice(
                (
                    (LevelState.UNKNOWN, None),
                    (LevelState.SOME_REMAINING, None),
                    (LevelState.MEASURED, 0.0),
                    (LevelState.MEASURED, rng.uniform(0, 100)),
                )
            )
            left = 1 if wild else rng.randint(1, 3)  # fmt: skip
        printer.trouble = (left - 1, state, wild)
        step = printer.step
        percent = min(100.0, -(-printer.level // step) * step)
        serial = printer.cartridge.serial if printer.tells_serial else ""
        part = printer.cartridge.part if printer.tells_part else ""
        if rng.random() < world.garbled_a_year / 365:
            serial, part = rng.choice(((serial[:6], part), (serial, part[:4]), ("UNKNOWN", "NONE"), (part, serial)))
        if left > 0:
            percent = 0.0 if wild is None else wild
        state = state if left > 0 else LevelState.MEASURED
        return t.SlotReading(
            at=START + timedelta(days=day, minutes=rng.randrange(300)), state=state,
            percent=percent if state is LevelState.MEASURED else None, serial=serial or None, part_number=part or None,
            pages=int(printer.pages),
        )  # fmt: skip

    def _judge(self, place: int, printer: Printer, came: t.Replacement, memory: t.SlotMemory) -> None:
        serial, part, on = memory.serial, memory.part_number, came.at.date()
        is_first = came.kind is t.CartridgeKind.FIRST
        seen = v.ReplacementSeen(on, "black", serial, part, is_first_in_slot=is_first)
        verdict = v.verdict_of_replacement(seen=seen, around=self._around(place, serial))
        if part:
            self._customer.parts.append((place, part, "" if is_first else serial or ""))
        if serial:
            self._customer.serials.add(serial)
            self._everywhere.setdefault(serial, self._number)
        if verdict is None or is_first:
            return
        self._use_up(verdict, serial, part)
        truly = printer.cartridge.source
        self._measured.verdicts[(verdict.verdict.value, verdict.evidence, truly)] += 1
        self._seen[place].append(c.Replacement(on, verdict.verdict, "black", serial))

    def _around(self, place: int, serial: str | None) -> v.Surroundings:
        customer = self._customer
        others = {serial} if serial and self._everywhere.get(serial, self._number) != self._number else set()
        own_parts = {one for at, one, told in customer.parts if at != place and not (serial and told)}
        return v.Surroundings(
            enrolled_on=_day(0), fitting_parts=frozenset({*FITTING, IN_THE_BOX}), barred_parts=frozenset({BARRED}),
            deliveries=tuple(customer.deliveries), declared_stock=customer.declared,
            own_serials=frozenset(customer.serials), own_parts=frozenset(own_parts),
            other_customers_serials=frozenset(others),
        )  # fmt: skip

    def _use_up(self, verdict: v.ReplacementVerdict, serial: str | None, part: str | None) -> None:
        customer = self._customer
        customer.deliveries = [
            dataclasses.replace(one, used=one.used + 1, used_serials=one.used_serials | ({serial} if serial else set()))
            if one.reference == verdict.delivery else one
            for one in customer.deliveries
        ]  # fmt: skip
        if customer.declared is not None:
            customer.declared = tuple(
                dataclasses.replace(one, used=one.used + 1, guessed=one.guessed + (part is None))
                if one.part_number == verdict.shelf_part
                else one
                for one in customer.declared
            )

    def _status(self, seen: list[c.Replacement]) -> str:
        """At the end, with two orders more at the beginning, so that coverage had begun."""
        first = tuple(c.OrderLine(_day(0), FITTING[0], 1, True, c.LineState.DELIVERED) for _ in range(2))
        facts = c.CoverageFacts(
            model="M", installed_on=_day(0), listed_from=date(2020, 1, 1), enrolled_on=_day(0),
            orders=(*first, *self._customer.orders), replacements=tuple(seen),
        )  # fmt: skip
        return coverage.decide(facts, TERMS, _day(self._world.days)).status.value


def _day(day: int) -> date:
    return (START + timedelta(days=day)).date()


def _rows(measured: Measured) -> Iterator[str]:
    for (verdict, evidence, truly), count in sorted(measured.verdicts.items()):
        yield f"| {verdict} | {evidence} | {truly} | {count:,} |"


def section(people: Measured, noise: Measured, garbled: Measured) -> str:
    contradicted, right = people.of("contradicted"), people.of("contradicted", "outside")
    judged = sum(people.verdicts.values())
    outside = sum(n for (_, _, truly), n in people.verdicts.items() if truly == "outside")
    precision = right / contradicted if contradicted else 1.0
    return "\n".join([
        "## Outside supplies (G18)",
        "",
        f"Of {contradicted:,} cartridges called outside supplies, {precision:.4f} were (goal {PRECISION:.2f}):"
        f" {'reached' if precision >= PRECISION else 'not reached'}. Of {outside:,} outside supplies that were seen to"
        f" come, {right / outside:.1%} were called so; of all {judged:,} replacements judged,"
        f" {people.of('unknown') / judged:.1%} stayed unknown.",
        "",
        "Coverage lost to noise, of printers whose people used nothing but what the programme delivered or what lay"
        f" on the shelf, over {NOISE.days} days, under terms that interrupt after"
        f" {TERMS.values.interruption_after_days} days without an order:",
        "",
        "| their devices told | printers | lost coverage | asked to explain a cartridge, and covered |",
        "| --- | ---: | ---: | ---: |",
        _lost("wild levels, zeros, nothing", noise),
        _lost("the same, and a garbled text a year", garbled),
        "",
        "| verdict | because | truly | cartridges |",
        "| --- | --- | --- | ---: |",
        *_rows(people),
        "",
        HOW_MEASURED,
    ])  # fmt: skip


def _lost(told: str, measured: Measured) -> str:
    printers, ended, asked = sum(measured.statuses.values()), measured.statuses["ended"], measured.statuses["at_risk"]
    return f"| {told} | {printers:,} | {ended:,} | {asked:,} |"


if __name__ == "__main__":
    sections.write(name="outside", body=section(measure(HUMAN), measure(NOISE), measure(GARBLED)))
