"""The demo's people: a colleague who orders what nobody ordered, somebody whose printer jams, a technician.

They use the pages over HTTP like anybody else, and are patient enough that a person trying the demo is first.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from econcierge.launch.demo_facts import PASSWORD
from econcierge.launch.pages import Browser, Page, PageError

log = logging.getLogger("econcierge.demo")
_BETWEEN_LOOKS = timedelta(hours=4)


@dataclass
class Buyer:
    """Looks at the first page and orders what it asks for, once it has asked for longer than their patience."""

    browser: Browser
    patience: timedelta
    seen_at: dict[str, datetime] = field(default_factory=dict)
    ordered: int = 0
    not_sold_here: set[str] = field(default_factory=set)
    next_look_at: datetime | None = None

    def look(self, now: datetime) -> None:
        if self.next_look_at is not None and now < self.next_look_at:
            return
        self.next_look_at = now + _BETWEEN_LOOKS
        home = self.browser.get("/")
        asked = sorted({link for link in home.links if link.startswith("/printers/") and "/order/" in link})
        self.seen_at = {link: self.seen_at.get(link, now) for link in asked}
        for link in asked:
            if link not in self.not_sold_here and now - self.seen_at[link] >= self.patience:
                self.seen_at[link] = now  # whatever comes of it, not again before that much time has passed
                self._order(link)

    def _order(self, link: str) -> None:
        choice = self.browser.get(link)
        review_link = choice.link("/order/review/")
        if review_link is None:
            self.not_sold_here.add(link)
            return
        review = self.browser.get(review_link)
        self.browser.submit(review, review.form(field_name="submission_key"))
        self.ordered += 1
        log.info("a colleague ordered: %s", link)
        self._report_jam(link.partition("order/")[0])

    def _report_jam(self, printer: str) -> None:
        """Every third order, the printer jams as well."""
        if self.ordered % 3:
            return
        page = self.browser.get(f"{printer}repair/")
        self.browser.submit(page, page.form(field_name="problem"), problem="Paper jams in tray 2 since this morning.")
        log.info("a colleague asked for a repair: %s", printer)


@dataclass
class Technician:
    """Looks twice a day at what was sent to the workshop: visits, says what was done, closes it."""

    browser: Browser
    next_look_at: datetime | None = None

    def look(self, now: datetime) -> None:
        if self.next_look_at is not None and now < self.next_look_at:
            return
        self.next_look_at = now + timedelta(hours=12)
        for link in self.browser.get("/provider/").links:
            if link.startswith("/provider/requests/"):
                self._next_step(self.browser.get(link))

    def _next_step(self, page: Page) -> None:
        steps = {form.fields["to_state"]: form for form in page.forms if "to_state" in form.fields}
        for step in ("closed", "completed"):
            if step in steps:
                self.browser.submit(page, steps[step], note="Rouleau d’entraînement remplacé, impression vérifiée.")
                return


@dataclass
class People:
    """Everybody; one round after the other. What fails is said and tried again in the next round."""

    everybody: Sequence[Buyer | Technician]

    def round(self, now: datetime) -> None:
        for person in self.everybody:
            try:
                person.look(now)
            except (PageError, httpx.HTTPError) as problem:
                log.warning("the demo’s %s: %s", type(person).__name__.lower(), problem)


def everybody(address: str, *, patience: timedelta) -> People:
    """The people of the demo, signed in."""
    buyers = ("tom@boreal.example", "joan@harbourdental.example")
    technicians = ("atelier@repare.example", "desk@bluenose.example")
    return People(
        [
            *(Buyer(_signed_in(address, email), patience) for email in buyers),
            *(Technician(_signed_in(address, email)) for email in technicians),
        ]
    )


def _signed_in(address: str, email: str) -> Browser:
    browser = Browser(address)
    browser.sign_in(email=email, password=PASSWORD)
    return browser
