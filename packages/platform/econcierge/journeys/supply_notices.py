"""Telling people of a low supply: once, with what is on its way already, all of a site in one message (R13, P27, P28).

Nobody is told of what a delivery takes care of in time; when that fails they are, from here too. A basket takes care
of nothing: it is said, and holds nothing back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from econcierge.accounts import queries as accounts
from econcierge.accounts.models import Customer
from econcierge.accounts.types import Scope, ScopeKind
from econcierge.alerts import operations as alerts
from econcierge.alerts import queries as alert_queries
from econcierge.alerts import rules
from econcierge.alerts import types as t
from econcierge.alerts.models import Answer, Episode
from econcierge.core import clock, jobs
from econcierge.fleet.models import Printer, Site
from econcierge.journeys import in_flight
from econcierge.journeys.places import Place, place_of
from econcierge.notifications import operations as notifications
from econcierge.notifications.types import Kind, Notice
from econcierge.supplies.models import Slot

KINDS = {t.Threshold.LOW: Kind.SUPPLY_LOW, t.Threshold.ALMOST_EMPTY: Kind.SUPPLY_ALMOST_EMPTY}
TELL_DEALER_JOB, LOOK_AGAIN_JOB = "alerts.tell_dealer", "alerts.look_again"
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Subject:
    """An episode that people may have to hear of, with where it is."""

    episode_id: int
    threshold: t.Threshold
    percent: float | None
    because: t.Because
    threshold_percent: float
    disagrees: bool
    slot: Slot
    printer: Printer

    @property
    def printer_id(self) -> int:
        return self.printer.pk

    @property
    def kind(self) -> str:
        return self.slot.kind

    @property
    def colour(self) -> str:
        return self.slot.colour


def tell(*, customer_id: int, key: str, subjects: Sequence[Subject], now: datetime) -> None:
    """Writes the messages about these, in the caller's transaction; `key` makes each once for a person and site."""
    if early := [one.episode_id for one in subjects if one.threshold is t.Threshold.EARLY]:
        jobs.defer(TELL_DEALER_JOB, episode_ids=early)
    about = [one for one in subjects if one.threshold is not t.Threshold.EARLY]
    if not about:
        return
    there = _there(customer_id, about, now=now)
    declared = alert_queries.declared(slot_ids=[one.slot.pk for one in about], now=now)
    to_tell, waits = [], {}
    for one in about:
        relief = _relief(one, there, declared, now=now)
        if relief is not None and rules.telling(threshold=one.threshold, relief=relief) is t.Telling.WAIT:
            waits[one.episode_id] = clock.start_of(relief.until)
        else:
            to_tell.append(one)
    alerts.wait(until=waits)
    _write(customer_id=customer_id, key=key, subjects=to_tell, there=there, now=now)


def look_again(*, now: datetime) -> bool:
    """Tells of what was held back until now, and reminds who asked for it; whether there may be more to do."""
    episodes = alerts.take_due(now=now, most=AT_ONCE)
    for customer_id, subjects in _by_customer(_still_true(episodes)).items():
        key = f"again-{subjects[0].episode_id}-{len(subjects)}-{now:%Y%m%d%H%M}"
        tell(customer_id=customer_id, key=key, subjects=subjects, now=now)
    answers = alerts.take_due_answers(now=now, most=AT_ONCE)
    for answer in answers:
        _remind(answer, now=now)
    return len(episodes) == AT_ONCE or len(answers) == AT_ONCE


def tell_dealer(*, episode_ids: Sequence[int], now: datetime) -> None:
    """Tells a dealer's people before their customer, of what no order takes care of yet."""
    episodes = Episode.objects.filter(pk__in=list(episode_ids))
    for customer_id, subjects in _by_customer(_still_true(episodes)).items():
        there = _there(customer_id, subjects, now=now)
        relied_on = in_flight.reliable(there.coming, on=clock.day_of(now))
        items = [_item(one, there, now=now) for one in subjects if not in_flight.covers(relied_on, one)]
        if not items:
            continue
        customer = Customer.objects.get(pk=customer_id)
        notice = Notice(
            kind=Kind.DEALER_SUPPLY_EARLY,
            user_ids=tuple(one.user_id for one in accounts.dealer_people(dealer_id=customer.dealer_id)),
            key=f"early-{min(episode_ids)}-{len(episode_ids)}",
            context={"customer": customer.name, "customer_id": customer_id, "items": items},
        )
        notifications.notify_all(notices=[notice], customer_id=customer_id, now=now)


def _write(*, customer_id: int, key: str, subjects: Sequence[Subject], there: _There, now: datetime) -> None:
    """One message a person and site: who hears of both marks gets them in one, under the more urgent kind."""
    people = alert_queries.people(customer_id=customer_id, kinds=KINDS.values()) if subjects else {}
    sites = {one.printer.site_id for one in subjects}
    names = {site.pk: site.name for site in Site.objects.filter(pk__in=sites)} if sites else {}
    notices = []
    for site_id in sorted(sites):
        here = [one for one in subjects if one.printer.site_id == site_id]
        told = {kind: _told(people[kind], site_id) for kind in KINDS.values()}
        for kind, user_ids, about in _letters(here, told):
            items = [_item(one, there, now=now) for one in about]
            context = {"site": names[site_id], "items": items}
            notices.append(Notice(kind, user_ids, f"{kind.value}:{site_id}:{key}", context))
    notifications.notify_all(notices=notices, customer_id=customer_id, now=now)


def _told(people: Iterable[t.Person], site_id: int) -> list[int]:
    return [one.user_id for one in rules.who_is_told(people=people, site_id=site_id)]


def _letters(
    here: Sequence[Subject], told: Mapping[Kind, list[int]]
) -> Iterable[tuple[Kind, tuple[int, ...], list[Subject]]]:
    """(kind, readers, what about): the more urgent first in a message about both."""
    low = [one for one in here if one.threshold is t.Threshold.LOW]
    empty = [one for one in here if one.threshold is t.Threshold.ALMOST_EMPTY]
    of_low, of_empty = told[Kind.SUPPLY_LOW], told[Kind.SUPPLY_ALMOST_EMPTY]
    both = [user_id for user_id in of_empty if user_id in of_low] if low and empty else []
    letters = (
        (Kind.SUPPLY_ALMOST_EMPTY, both, empty + low),
        (Kind.SUPPLY_ALMOST_EMPTY, [one for one in of_empty if one not in both], empty),
        (Kind.SUPPLY_LOW, [one for one in of_low if one not in both], low),
    )
    return [(kind, tuple(readers), about) for kind, readers, about in letters if readers and about]


@dataclass(frozen=True, slots=True)
class _There:
    """What is there for some printers already: ordered, delivered, on the shelf; and what lies in baskets."""

    coming: list[in_flight.Coming]
    on_shelf: Mapping[Place, int]
    baskets: list[in_flight.InBasket]

    def spares(self, one: Subject) -> int:
        return self.on_shelf.get(place_of(one), 0)


def _there(customer_id: int, subjects: Iterable[Subject], *, now: datetime) -> _There:
    scope = Scope(ScopeKind.CUSTOMER, customer_id=customer_id)
    printers = {one.printer.pk: one.printer for one in subjects}
    coming = in_flight.coming(scope, printer_ids=printers, now=now)
    baskets = in_flight.in_baskets(scope, printer_ids=printers, ordered=coming, now=now)
    return _There(coming, in_flight.on_shelf(scope, printers=printers.values()), baskets)


def _relief(one: Subject, there: _There, declared: Mapping[int, datetime], *, now: datetime) -> t.Relief | None:
    on = clock.day_of(now)
    mine = in_flight.reliable(in_flight.for_slot(there.coming, one), on=on)
    days = [each.fails_on for each in mine if each.fails_on is not None]
    if there.spares(one):
        days.append(on + timedelta(days=in_flight.SHELF_HOLDS_DAYS))
    if days:
        return t.Relief(max(days))
    until = declared.get(one.slot.pk)
    return None if until is None else t.Relief(clock.day_of(until) + timedelta(days=1), is_declared=True)


def _still_true(episodes: Iterable[Episode]) -> list[Subject]:
    """Those whose cartridge is still in its place, in a printer that is in use; of one cartridge the further mark."""
    found = Episode.objects.filter(pk__in=[one.pk for one in episodes], slot__gone_at__isnull=True)
    found = found.filter(slot__printer__retired_at__isnull=True).select_related("slot__printer", "cartridge")
    rows = [one for one in found.order_by("id") if one.slot.cartridge_id == one.cartridge_id]
    further = set(
        Episode.objects.filter(
            cartridge_id__in=[one.cartridge_id for one in rows], threshold=t.Threshold.ALMOST_EMPTY.value
        ).values_list("cartridge_id", flat=True)
    )
    rows = [one for one in rows if one.threshold != t.Threshold.LOW.value or one.cartridge_id not in further]
    marks = alert_queries.marks_of(slots=[one.slot for one in rows])
    return [_subject(one, marks[one.slot_id]) for one in rows]


def _subject(episode: Episode, marks: t.Thresholds) -> Subject:
    """An episode of the database with the level that its slot has now."""
    slot, threshold = episode.slot, t.Threshold(episode.threshold)
    percent = None if slot.percent is None or slot.state != "measured" else float(slot.percent)
    return Subject(
        episode_id=episode.pk,
        threshold=threshold,
        percent=percent,
        because=t.Because(episode.because),
        threshold_percent=marks.mark(threshold).percent,
        disagrees=False,
        slot=slot,
        printer=slot.printer,
    )


def items_of(episodes: Iterable[Episode], *, now: datetime) -> list[dict[str, Any]]:
    """These as a message tells them: plain values."""
    return [
        _item(one, _there(customer_id, subjects, now=now), now=now)
        for customer_id, subjects in _by_customer(_still_true(episodes)).items()
        for one in subjects
    ]


def _by_customer(subjects: Iterable[Subject]) -> dict[int, list[Subject]]:
    found: dict[int, list[Subject]] = {}
    for one in subjects:
        found.setdefault(one.printer.customer_id, []).append(one)
    return found


def _remind(answer: Answer, *, now: datetime) -> None:
    """What somebody put off, or said was ordered elsewhere, and that is still low without anything coming."""
    subjects = _still_true([answer.episode])
    if not subjects or answer.user is None or answer.episode.closed_at is not None:
        return
    there = _there(answer.customer_id, subjects, now=now)
    if in_flight.reliable(in_flight.for_slot(there.coming, subjects[0]), on=clock.day_of(now)):
        return
    item = _item(subjects[0], there, now=now) | {"answered": answer.action, "answered_on": answer.at.isoformat()}
    notifications.notify(
        kind=KINDS[subjects[0].threshold],
        users=[answer.user],
        customer_id=answer.customer_id,
        key=f"remind-{answer.pk}",
        context={"site": subjects[0].printer.site.name, "items": [item]},
        now=now,
    )


def _item(one: Subject, there: _There, *, now: datetime) -> dict[str, Any]:
    on = clock.day_of(now)
    return {
        "episode_id": one.episode_id,
        "threshold": one.threshold.value,
        "printer_id": one.printer.pk,
        "printer": one.printer.name,
        "place": one.printer.place,
        "slot_id": one.slot.pk,
        "kind": one.slot.kind,
        "colour": one.slot.colour,
        "description": one.slot.description,
        "percent": one.percent,
        "state": one.slot.state,
        "because": one.because.value,
        "threshold_percent": one.threshold_percent,
        "disagrees": one.disagrees,
        "on_shelf": there.spares(one),
        "coming": [_told_of(each, on=on) for each in in_flight.for_slot(there.coming, one)],
        "baskets": [
            {"user_id": each.user_id, "person": each.person, "put_on": each.put_on.isoformat(), "counts": each.counts}
            for each in there.baskets
            if each.place == place_of(one)
        ],
    }


def _told_of(each: in_flight.Coming, *, on: date) -> dict[str, Any]:
    return {
        "order_id": each.order_id,
        "number": each.order_number,
        "quantity": each.quantity,
        "ordered_on": each.ordered_on.isoformat() if each.ordered_on else None,
        "expected_on": each.expected_on.isoformat() if each.expected_on else None,
        "arrived_on": each.arrived_on.isoformat() if each.arrived_on else None,
        "back_ordered": each.is_back_ordered,
        "in_time": each.can_be_relied_on(on=on),
    }
