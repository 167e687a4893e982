"""`econcierge demo-seed` and `econcierge demo`: the demo's beginning, and its people at work."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import click
import httpx

from econcierge.commands import setting
from econcierge.launch import plan as plans
from econcierge.launch import services
from econcierge_printers import clock

_ROUND_S = 0.5
_PATIENCE = timedelta(days=2)
_START_S = 180


@click.command("demo-seed")
def seed() -> None:
    """Load the starter catalogue and the demo's people; does nothing where that was done."""
    setting.start_migrated_django()
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope
    from econcierge.core import clock as platform_clock
    from econcierge.launch import demo, demo_facts

    facts_file = Path(os.environ["ECONCIERGE_DEMO_FACTS"])
    distributor_url = os.environ["ECONCIERGE_DEMO_DISTRIBUTOR_URL"]
    printers_port = int(os.environ["ECONCIERGE_DEMO_PRINTERS_PORT"])
    with scoping.transaction_as(Scope.everything()):
        if demo.is_prepared():
            before = demo_facts.read(facts_file)
            facts = demo.moved(before, distributor_url=distributor_url, printers_port=printers_port)
            demo.tell_ranges(facts, now=platform_clock.now())
            demo_facts.write(facts_file, facts)
            click.echo("The demo is prepared already.")
            return
        tokens = demo.prepare(distributor_url=distributor_url, now=platform_clock.now())
        facts = demo.facts(tokens, folder=facts_file.parent / "tokens", printers_port=printers_port)
        demo.tell_ranges(facts, now=platform_clock.now())
        demo_facts.write(facts_file, facts)
    click.echo("The demo is prepared.")


@click.command()
@click.option("--days", type=click.IntRange(1, 3650), help="Stop after so many simulated days, and say what happened.")
@click.option("--speed", type=click.FloatRange(1, 1_000_000), help="Simulated seconds in a real one.")
def demo(days: int | None, speed: float | None) -> None:
    """Let the virtual office live: people order what runs out, ask for repairs, a technician comes.

    Uses the platform that runs from this folder, or starts it for as long as the days take.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    chosen = plans.make(os.environ)
    with _running(chosen, speed=speed):
        patience = _PATIENCE if days is None else timedelta(hours=6)
        _live(chosen, until=_now(chosen) + timedelta(days=days) if days else None, patience=patience)
        if days:
            _tell_what_happened()


def _now(chosen: plans.Plan) -> datetime:
    return clock.DemoClock(chosen.places.demo_clock)()


@contextmanager
def _running(chosen: plans.Plan, *, speed: float | None) -> Iterator[None]:
    """The platform answering at that speed: the one that runs already, or one of our own for this while."""
    if _answers(chosen):
        before = clock.DemoClock(chosen.places.demo_clock).speed
        clock.set_demo_clock(chosen.places.demo_clock, at=_now(chosen), speed=speed or before)
        try:
            yield
        finally:
            clock.set_demo_clock(chosen.places.demo_clock, at=_now(chosen), speed=before)
        return
    alone = {**os.environ, "DEMO": "1", "DEMO_PEOPLE": "0", "DEMO_SPEED": f"{speed or chosen.demo_speed:g}"}
    ours = subprocess.Popen([*services.ECONCIERGE, "run"], env=alone)  # noqa: S603  our own command
    try:
        _wait_for(chosen, ours)
        yield
    finally:
        ours.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            ours.wait(60)


def _answers(chosen: plans.Plan) -> bool:
    try:
        return httpx.get(f"{chosen.address}/health/ready", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def _wait_for(chosen: plans.Plan, ours: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_S
    while not (_answers(chosen) and clock.DemoClock(chosen.places.demo_clock).speed > 1):
        if ours.poll() is not None or time.monotonic() > deadline:
            raise click.ClickException("The platform did not start; the sentence above says why.")
        time.sleep(0.5)


def _live(chosen: plans.Plan, *, until: datetime | None, patience: timedelta) -> None:
    """Rounds of the demo's people until a moment of demo time, or until stopped; a bar where somebody watches."""
    from econcierge.launch import people

    everybody = people.everybody(chosen.address, patience=patience)
    if until is None:
        while True:
            everybody.round(_now(chosen))
            time.sleep(_ROUND_S)
    start = _now(chosen)
    length = int((until - start).total_seconds() // 3600)
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=length, label="Simulated hours", file=sys.stderr, hidden=hidden) as bar:
        passed = 0
        while (now := _now(chosen)) < until:
            everybody.round(now)
            hours = int((now - start).total_seconds() // 3600)
            bar.update(hours - passed)
            passed = hours
            time.sleep(_ROUND_S)


def _tell_what_happened() -> None:
    """Figures from the database, under the operator's scope."""
    setting.start_migrated_django()
    from econcierge.launch import demo_figures

    for line in demo_figures.lines():
        click.echo(line)
