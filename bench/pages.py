"""A customer's pages with 30 and 1,000 printers: time and bytes, beside an empty page of the same server."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import httpx

from bench import load, platform, reports
from bench.figures import CannotMeasure, Figure, Floor, Goal, Result, percentile
from bench.seed import PASSWORD, Paired, Wanted
from econcierge.launch.pages import Browser, PageError

CUSTOMERS = {"small": 30, "large": 1_000}  # by number of printers
ROUNDS = 60
AT_MOST_S = 10.0  # a customer
EMPTY = "/bench/empty/"
FLOOR = "an empty page behind the same middleware of the same server, same session"
TIME_GOAL = Goal("G09", at_most=50)
SIZE_GOAL = Goal("G09", at_most=60)
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+|/d/[^"]+\.css)"')
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SETTINGS = "bench.pages_settings"


def run() -> Result:
    figures: list[Figure] = []
    notes = [
        f"one signed-in person, one request at a time, at most {ROUNDS} rounds; times as a local client sees them",
        "every tenth toner is at 20 % or below, and one order was placed",
        "kB: the page and what it links to, as transferred on a first visit; G09 is for 10,000 printers",
    ]
    with platform.prepared() as prepared:
        paired = platform.seeded(prepared, [Wanted(slug) for slug in CUSTOMERS])
        with prepared.serving(DJANGO_SETTINGS_MODULE=SETTINGS):
            for one in paired:
                _report(prepared.port, one, CUSTOMERS[one.slug])
                figures += _measure(prepared.port, one, notes)
    return Result(figures, notes)


def _report(port: int, paired: Paired, printers: int) -> None:
    """Two visits to every printer, as its assistant would deliver them."""
    now = datetime.now(UTC)
    readings = reports.Fleet(f"P{printers}X", printers, now - timedelta(hours=2)).readings()
    size = 30 if printers < 50 else 50
    bodies = reports.bodies(readings, size=size, count=2 * printers // size, sent_at=now)
    load.post_all(port=port, lines=[load.Line(paired.tokens[0], bodies)], at_most_s=30.0)


def _measure(port: int, paired: Paired, notes: list[str]) -> list[Figure]:
    address, printers = f"http://127.0.0.1:{port}", CUSTOMERS[paired.slug]
    with httpx.Client(base_url=address, timeout=20.0, trust_env=False) as client:
        _sign_in(client, paired.email)
        pages = _pages(client, _order(address, paired.email, notes))
        for name, path in list(pages.items()):
            answer = client.get(path)
            if answer.status_code != httpx.codes.OK:
                notes.append(f"{name} with {printers:,} printers is not measured: it answers {answer.status_code}")
                del pages[name]
        took_ms = _timed(client, {"empty": EMPTY, **pages})
        floor = took_ms.pop("empty")
        return [
            figure
            for name, times in took_ms.items()
            for figure in _figures(f"{name}, {printers:,} printers", times, floor, _kilobytes(client, pages[name]))
        ]


def _sign_in(client: httpx.Client, email: str) -> None:
    page = client.get("/accounts/login/")
    token = CSRF.search(page.text)
    if token is None:
        raise CannotMeasure(f"the sign-in page answers {page.status_code} without a form")
    given = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    answer = client.post("/accounts/login/", data=given, headers={"Referer": str(page.url)})
    if answer.status_code != httpx.codes.FOUND:
        raise CannotMeasure(f"signing in answers {answer.status_code}")


def _order(address: str, email: str, notes: list[str]) -> str | None:
    """Orders what the first page asks for first, as a person does; the order's path, or none and a note why."""
    browser = Browser(address)
    try:
        home = browser.sign_in(email=email, password=PASSWORD)
        asked = home.link("/printers/", containing="/order/")
        proposed = home.link("/order/review/") or (browser.get(asked).link("/order/review/") if asked else None)
        if proposed is None:
            raise PageError("nothing is proposed to order")
        review = browser.get(proposed)
        placed = browser.submit(review, review.form(field_name="submission_key"))
        return httpx.URL(placed.url).path
    except PageError as reason:
        notes.append(f"an order page is not measured, as no order could be placed: {reason}")
        return None
    finally:
        browser.close()


def _pages(client: httpx.Client, order: str | None) -> dict[str, str]:
    """Paths by what they are; without an order that could be placed, the list of orders stands for it."""
    home = client.get("/")
    printer = re.search(r'href="(/printers/\d+/)"', home.text)
    if printer is None:
        raise CannotMeasure(f"the first page answers {home.status_code} and leads to no printer")
    return {"home": "/", "printer": printer[1], **({"order": order} if order else {"orders": "/orders/"})}


def _timed(client: httpx.Client, pages: Mapping[str, str]) -> dict[str, list[float]]:
    """Milliseconds of every request; the pages in turn, so that other work disturbs all of them alike."""
    took_ms: dict[str, list[float]] = {name: [] for name in pages}
    until = time.perf_counter() + AT_MOST_S
    for number in range(ROUNDS):
        if number > 1 and time.perf_counter() > until:
            break
        for name, path in pages.items():
            start = time.perf_counter()
            client.get(path)
            took_ms[name].append(1_000 * (time.perf_counter() - start))
    return took_ms


def _kilobytes(client: httpx.Client, path: str) -> float:
    page = client.get(path)
    assets = sorted(set(ASSET.findall(page.text)))
    return (page.num_bytes_downloaded + sum(client.get(one).num_bytes_downloaded for one in assets)) / 1_000


def _figures(name: str, took_ms: list[float], floor_ms: list[float], kilobytes: float) -> list[Figure]:
    p50, p95 = (Floor(FLOOR, percentile(floor_ms, percent)) for percent in (50, 95))
    return [
        Figure(f"{name}: half within", percentile(took_ms, 50), "ms", p50),
        Figure("  95 % within", percentile(took_ms, 95), "ms", p95, TIME_GOAL),
        Figure("  transferred", kilobytes, "kB", goal=SIZE_GOAL),
    ]
