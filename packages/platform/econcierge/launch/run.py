"""`econcierge run`: the whole product on this machine, until Ctrl-C."""

from __future__ import annotations

import fcntl
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

import click

from econcierge.launch import children, cluster, demo_facts, demo_time, plan, postgres, processes, services
from econcierge.launch.errors import CannotStart

PREPARE_S = 600.0


def main(environment: Mapping[str, str] = os.environ) -> int:
    """Starts everything and stays until told to stop. Exit status 0, or 1 with the reason on standard error."""
    try:
        run(plan.make(environment))
    except CannotStart as problem:
        click.echo(f"econcierge cannot start. {problem}", err=True)
        return 1
    return 0


def run(chosen: plan.Plan) -> None:
    stop = threading.Event()
    with ExitStack() as stack:
        stack.enter_context(processes.stopping_on_signals(stop))
        stack.enter_context(only_one(chosen))
        plan.check_ports(chosen)
        plan.remember(chosen)
        click.echo("Starting econcierge ...")
        server, database = stack.enter_context(_database(chosen))
        told = services.environment(chosen, database)
        if chosen.demo:
            time_of_demo = demo_time.DemoTime(chosen.places.demo_clock, speed=chosen.demo_speed)
            time_of_demo.start()
            stack.callback(time_of_demo.stop)
        else:
            time_of_demo = None
        if not _prepared(chosen, told, stop):
            return
        facts = demo_facts.read(chosen.places.demo_facts) if chosen.demo else demo_facts.DemoFacts()
        supervisor = processes.Supervisor(
            services.services(chosen, told, facts), logs=chosen.places.logs, tell=click.echo, stop=stop
        )
        stack.callback(supervisor.stop_all)
        supervisor.start_all()
        if stop.is_set():
            return
        if time_of_demo:
            time_of_demo.run()
        click.echo(summary(chosen, facts))
        supervisor.watch(each_round=_round(server, time_of_demo))
        click.echo("\nStopping ...")
    click.echo("Stopped. `make run` goes on from here.")


@contextmanager
def only_one(chosen: plan.Plan) -> Iterator[None]:
    """Holds the folder's lock; a second start is told where the first one is."""
    chosen.places.data.mkdir(parents=True, exist_ok=True)
    with chosen.places.lock.open("a+") as lock:
        try:
            fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(
                f"It already runs from this folder: {lock.read().strip() or 'it is just starting'}.",
                remedy="Use that one, or stop it with Ctrl-C in its terminal.",
            ) from None
        lock.truncate(0)
        lock.write(f"{chosen.address} (process {os.getpid()})")
        lock.flush()
        yield


@contextmanager
def _database(chosen: plan.Plan) -> Iterator[tuple[postgres.Server | None, postgres.Addresses]]:
    if chosen.database_url is not None:
        yield None, postgres.prepare_external(chosen.database_url, app_url=chosen.database_app_url)
        return
    places = chosen.places
    log = services.log_of(chosen, "postgres")
    with postgres.running(places.postgres, secrets=places.secrets, log=log, must_own=True) as server:
        yield server, server.addresses()


def _prepared(chosen: plan.Plan, told: Mapping[str, str], stop: threading.Event) -> bool:
    """Does the preparations in order; False when told to stop meanwhile."""
    log = services.log_of(chosen, "prepare")
    for title, command in services.preparations(chosen):
        click.echo(f"{title} ...")
        child = children.start(command, log=log, environment=told)
        status = _wait(child, stop)
        if stop.is_set():
            return False
        if status != 0:
            raise CannotStart(
                f"{title} failed: {cluster.last_words(log)}.", remedy=f"The whole answer is at the end of {log}."
            )
    return True


def _wait(child: subprocess.Popen[bytes], stop: threading.Event) -> int:
    """The exit status; the child is ended when we are told to stop or it takes far too long."""
    deadline = time.monotonic() + PREPARE_S
    while not children.is_over(child):
        if stop.wait(0.05) or time.monotonic() > deadline:
            break
    return children.reap(child)


def _round(server: postgres.Server | None, time_of_demo: demo_time.DemoTime | None) -> processes.Round:
    """What is looked after besides the services: the embedded database and the demo's time."""

    def look() -> None:
        if server is not None and server.revive():
            click.echo("PostgreSQL had ended and was started again.")
        if time_of_demo is not None:
            time_of_demo.keep()

    return look


def summary(chosen: plan.Plan, facts: demo_facts.DemoFacts) -> str:
    """What a person who just started it wants to know."""
    lines = ["", f"econcierge is ready:  {chosen.address}", f"econcierge est prêt :  {chosen.address}", ""]
    if facts.sign_ins:
        who, email = (max(len(getattr(each, name)) for each in facts.sign_ins) for name in ("who", "email"))
        lines.append("Sign in as")
        lines += [f"  {each.who:<{who}}  {each.email:<{email}}  {each.password}" for each in facts.sign_ins]
        lines.append("")
    else:
        lines += ["The first person:  .venv/bin/econcierge add-operator you@example.com", ""]
    if chosen.demo:
        lines.append(f"Mails it sends:  http://localhost:{chosen.mail_page.number}")
        lines.append(f"Demo time:       {chosen.demo_speed:g} simulated seconds in a second")
    lines += [f"Look first:      {hint}" for hint in facts.look_first]
    lines += [f"Logs:            {chosen.places.logs}", "Ctrl-C stops all of it."]
    return "\n".join(lines)
