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


@dataclass
class Buyer:
    """Looks at the first page and orders what it asks for, once it has asked for longer than their patience."""

    browser: Browser
    patience: timedelta
    seen_at: dict[str, datetime] = field(default_factory=dict)
    ordered: int = 0

    def look(self, now: datetime) -> None:
        home = self.browser.get("/")
        asked = sorted({link for link in home.links if link.startswith("/printers/") and "/order/" in link})
        self.seen_at = {link: self.seen_at.get(link, now) for link in asked}
        for link in asked:
            if now - self.seen_at[link] >= self.patience:
                self._order(link)

    def _order(self, link: str) -> None:
        choice = self.browser.get(link)
        review_link = choice.link("/order/review/")
        review = self.browser.get(review_link) if review_link else self._submit_choice(choice)
        self.browser.submit(review, review.form(field_name="submission_key"))
        self.ordered += 1
        log.info("a colleague ordered: %s", link)

    def _submit_choice(self, choice: Page) -> Page:
        form = next((form for form in choice.forms if "/order/review/" in form.action), None)
        if form is None:
            raise PageError(f"{choice.url} offers nothing to order")
        return self.browser.submit(choice, form)


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
