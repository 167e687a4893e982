"""What needs a person, as sentences with one button each; supplies that are on their way need nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from econcierge.accounts import rules as roles
from econcierge.accounts.types import Actor, Permission, ScopeKind
from econcierge.alerts import queries as alerts
from econcierge.alerts.types import EpisodeView
from econcierge.core import clock
from econcierge.core import wording as core_wording
from econcierge.coverage import queries as coverage
from econcierge.coverage.models import Decision
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Printer, Site
from econcierge.forecasting import queries as forecasting
from econcierge.forecasting.types import Forecast
from econcierge.interfaces.shared import basket_words, moments, numbers, order_by, runout, wording
from econcierge.journeys import in_flight, replenish, supply_choices
from econcierge.replenishment import queries as replenishment
from econcierge.replenishment.models import ProposedOrder
from econcierge.replenishment.types import Action
from econcierge.supplies import queries as supplies
from econcierge.supplies.types import SlotView

MOST = 12
MOST_LOOKED_AT = 36


@dataclass(frozen=True, slots=True)
class Need:
    """One sentence: the fact, then the button (none for who may not press it), or a note where nothing is offered."""

    key: str
    printer_id: int
    printer: str
    place: str
    fact: str
    button: str
    address: str
    is_urgent: bool
    customer_id: int
    customer: str = ""
    note: str = ""
    by: str = ""  # "Order by December 4 to have it in time."


@dataclass(frozen=True, slots=True)
class Place:
    """Which printer, and whose."""

    printer: str
    place: str
    customer_id: int
    model_id: int | None

    @classmethod
    def of_episode(cls, episode: EpisodeView) -> Place:
        return cls(episode.printer, episode.place, episode.customer_id, episode.model_id)

    @classmethod
    def of_printer(cls, printer: Printer) -> Place:
        return cls(printer.name, printer.place, printer.customer_id, printer.model_id)


@dataclass(frozen=True, slots=True)
class Promised:
    """A supply that automatic ordering looks after. `when`: its order goes out; "" while none is announced."""

    name: str
    printer_id: int
    printer: str
    when: str


@dataclass(frozen=True, slots=True)
class _Offers:
    """What can be ordered here, for somebody who may order."""

    slot_ids: frozenset[int]
    is_dealer: bool

    @property
    def why_not(self) -> str:
        if self.is_dealer:
            return _("Nothing can be ordered for it here: no part with a price of yours fits.")
        return ask_your_dealer()


@dataclass(frozen=True, slots=True)
class Needs:
    shown: tuple[Need, ...]
    total: int
    on_the_way: tuple[in_flight.Coming, ...]
    delivered: tuple[in_flight.Coming, ...]  # and not put in yet
    arrival: str  # "around Thursday": what is ordered now
    by_itself: tuple[Promised, ...] = ()  # what an automatic order brings, so that it needs nobody

    @property
    def next_key(self) -> str:
        """Of the first with a button: the page's one strong one."""
        return next((need.key for need in self.shown if need.button), "")

    @property
    def heading(self) -> str:
        return things(self.total)


def needs(actor: Actor, *, customer_id: int | None, now: datetime) -> Needs:
    """Low supplies without an order in flight, the first to run out first, then replacements to explain.

    Only the lowest `MOST_LOOKED_AT` are forecast and only what is shown is worded, so that the page of a fleet of
    thousands stays quick.
    """
    episodes = alerts.open_episodes(actor.scope, customer_id=customer_id)
    coming = in_flight.coming(actor.scope, printer_ids={episode.printer_id for episode in episodes}, now=now)
    coming = [one for one in coming if any(in_flight.covers([one], episode) for episode in episodes)]
    taken = in_flight.places(in_flight.reliable(coming, on=clock.day_of(now)))
    waiting = sorted((one for one in episodes if (one.printer_id, one.kind, one.colour) not in taken), key=_lowest)
    looked_after = replenishment.ordering_themselves(
        actor.scope, printers={episode.slot_id: episode.printer_id for episode in waiting}
    )
    by_itself = [one for one in waiting if one.slot_id in looked_after]
    waiting = [one for one in waiting if one.slot_id not in looked_after]
    promised = replenishment.promised(actor.scope, slot_ids=looked_after) if looked_after else {}
    to_explain = [one for one in coverage.at_risk(actor.scope) if customer_id in (None, one.customer_id)]
    low, due, said = _low(actor, waiting[:MOST_LOOKED_AT], _soon(actor, customer_id, episodes), coming, now=now)
    found = (*low, *map(_to_explain, to_explain[: MOST - len(low)]))
    return Needs(
        found,
        len(waiting) + due + len(to_explain),
        *_there_already([one for one in coming if one.place not in said]),
        _arrival(actor, waiting, now=now),
        tuple(_promised(one, promised.get(one.slot_id), now=now) for one in by_itself[:MOST]),
    )


def _promised(of: EpisodeView, proposal: ProposedOrder | None, *, now: datetime) -> Promised:
    when = moments.moment(proposal.places_at, now=now) if proposal and proposal.places_at else ""
    return Promised(wording.supply(of.kind, of.colour), of.printer_id, of.printer, when)


def _there_already(coming: list[in_flight.Coming]) -> tuple[tuple[in_flight.Coming, ...], tuple[in_flight.Coming, ...]]:
    """What is on the way, and what was delivered and waits to be put in; a place is named once in each."""
    on_the_way = {one.place: one for one in reversed(coming) if not one.is_here}
    delivered = {one.place: one for one in reversed(coming) if one.is_here}
    return tuple(reversed(on_the_way.values())), tuple(reversed(delivered.values()))


def _lowest(episode: EpisodeView) -> tuple[bool, float]:
    return (episode.threshold != "almost_empty", episode.percent if episode.percent is not None else 100.0)


def _soon(actor: Actor, customer_id: int | None, episodes: list[EpisodeView]) -> list[int]:
    """Slots that may run out soon although nobody was told that they are low: a busy printer, a high mark."""
    told = {episode.slot_id for episode in episodes}
    soon = forecasting.may_run_out_soon(actor.scope, customer_id=customer_id, most=MOST_LOOKED_AT)
    return [slot_id for slot_id in soon if slot_id not in told]


def _low(
    actor: Actor, episodes: list[EpisodeView], soon: list[int], coming: list[in_flight.Coming], *, now: datetime
) -> tuple[list[Need], int, set[in_flight.Place]]:
    """The first to run out of these, worded; how many of `soon` have to be ordered now; and the places spoken of.

    What was ordered for them and cannot be relied on any more is said with them, and nowhere else.
    """
    slots = supplies.slots_by_id(actor.scope, slot_ids=[*(episode.slot_id for episode in episodes), *soon])
    forecasts = forecasting.forecasts(actor.scope, slot_ids=list(slots), now=now)
    places = {episode.slot_id: Place.of_episode(episode) for episode in episodes}
    due = _due(actor, [slots[slot_id] for slot_id in soon if slot_id in slots], forecasts, now=now)
    low = [(slots[slot_id], place) for slot_id, place in (places | due).items() if slot_id in slots]
    low.sort(key=lambda pair: _urgency(pair[0], forecasts, now))
    shown = low[:MOST]
    offers = _offers(actor, shown, now=now)
    advice = _advice(actor, [slot for slot, _place in shown], forecasts, now=now)
    needs = [
        _need(slot, place, forecasts.get(slot.slot_id), offers, advice.get(slot.slot_id), now) for slot, place in shown
    ]
    here = [slot for slot, _place in shown]
    there = [basket_words.there_is(in_flight.for_slot(coming, slot), now=now) for slot in here]
    needs = [replace(need, note=said or need.note) for need, said in zip(needs, there, strict=True)]
    places_said = {(slot.printer_id, slot.kind, slot.colour) for slot in here}
    return _with_baskets(actor, needs, here, now=now), len(due), places_said


def _with_baskets(actor: Actor, needs: list[Need], slots: list[SlotView], *, now: datetime) -> list[Need]:
    """A supply in somebody's basket still needs them; its button leads there where it is the reader's own."""
    printer_ids = {slot.printer_id for slot in slots}
    found = in_flight.in_baskets(actor.scope, printer_ids=printer_ids, ordered=(), now=now) if needs else []
    put = {one.place: one for one in found if one.counts}
    return [
        _in_basket(need, put.get((slot.printer_id, slot.kind, slot.colour)), actor, now=now)
        for need, slot in zip(needs, slots, strict=True)
    ]


def _in_basket(need: Need, put: in_flight.InBasket | None, actor: Actor, *, now: datetime) -> Need:
    if put is None or not need.button:
        return need
    since = moments.since(put.put_on, on=clock.day_of(now))
    if put.user_id == actor.user_id:
        note = _("In your basket since %(day)s, not ordered yet.") % {"day": since}
        return replace(
            need, note=f"{need.note} {note}".strip(), button=_("Open your basket"), address=reverse("basket")
        )
    note = _("In the basket of %(name)s since %(day)s.") % {"name": put.person, "day": since}
    return replace(need, note=f"{need.note} {note}".strip())


def _due(actor: Actor, slots: list[SlotView], forecasts: dict[int, Forecast], *, now: datetime) -> dict[int, Place]:
    """By slot, where those stand that have to be ordered now and can be, nothing being on its way."""
    dealer_id = actor.scope.dealer_id
    printers = {slot.slot_id: slot.printer_id for slot in slots}
    looked_after = replenishment.ordering_themselves(actor.scope, printers=printers) if slots else set()
    wanted = [slot for slot in slots if slot.slot_id not in looked_after]
    if not wanted or dealer_id is None:
        return {}
    advice = _advice(actor, wanted, forecasts, now=now)
    due = [slot for slot in wanted if advice[slot.slot_id].advice.action is Action.ORDER_NOW]
    found = fleet.printers(actor.scope).in_bulk({slot.printer_id for slot in due})
    places = {slot.slot_id: Place.of_printer(found[slot.printer_id]) for slot in due if slot.printer_id in found}
    offered = supply_choices.orderable(
        dealer_id=dealer_id,
        slots=[slot for slot in due if slot.slot_id in places],
        model_ids={printer.pk: printer.model_id for printer in found.values()},
        on=clock.day_of(now),
    )
    return {slot_id: place for slot_id, place in places.items() if slot_id in offered}


def _advice(
    actor: Actor, slots: list[SlotView], forecasts: dict[int, Forecast], *, now: datetime
) -> dict[int, replenish.SlotAdvice]:
    return replenish.advise_printers(
        actor.scope,
        printer_ids={slot.printer_id for slot in slots},
        only={slot.slot_id for slot in slots},
        known=forecasts,
        now=now,
    )


def _offers(actor: Actor, low: list[tuple[SlotView, Place]], *, now: datetime) -> _Offers | None:
    """None for who may not order."""
    dealer_id = actor.scope.dealer_id
    if not _may_order(actor) or dealer_id is None:
        return None
    models = {slot.printer_id: place.model_id for slot, place in low}
    slots = [slot for slot, _place in low]
    found = supply_choices.orderable(dealer_id=dealer_id, slots=slots, model_ids=models, on=clock.day_of(now))
    return _Offers(frozenset(found), is_dealer=actor.scope.kind is ScopeKind.DEALER)


def ask_your_dealer() -> str:
    """Instead of a button that would lead to nothing."""
    return _("Ask your dealer: no such supply can be ordered here.")


def _may_order(actor: Actor) -> bool:
    return actor.role is not None and roles.may(actor.role, Permission.ORDER)


def _arrival(actor: Actor, waiting: list[EpisodeView], *, now: datetime) -> str:
    """When what is ordered now usually arrives at the first of these; "" where there is nothing to order."""
    if not waiting or not _may_order(actor):
        return ""
    region = Site.objects.filter(pk=waiting[0].site_id).values_list("region", flat=True).first() or ""
    usual = supply_choices.delivery_options(stock=[], region=region, on=clock.day_of(now))[0]
    return moments.around(usual.expected_on, on=clock.day_of(now))


def things(count: int) -> str:
    """ "Two things need you"."""
    words = {
        1: _("One thing needs you"),
        2: _("Two things need you"),
        3: _("Three things need you"),
        4: _("Four things need you"),
        5: _("Five things need you"),
        6: _("Six things need you"),
    }
    return words.get(count) or ngettext("%(n)s thing needs you", "%(n)s things need you", count) % {"n": count}


def _urgency(slot: SlotView, forecasts: dict[int, Forecast], now: datetime) -> tuple[float, float]:
    days = 0.0 if runout.is_used_up(slot) else runout.days_left(forecasts.get(slot.slot_id), now=now)
    level = slot.percent if slot.percent is not None else 50.0
    return (days if days is not None else level, level)


def _need(
    slot: SlotView,
    of: Place,
    forecast: Forecast | None,
    offers: _Offers | None,
    advice: replenish.SlotAdvice | None,
    now: datetime,
) -> Need:
    supply = wording.the_supply(slot.kind, slot.colour, slot.description)
    may_order = offers is not None and slot.slot_id in offers.slot_ids
    return Need(
        key=f"s{slot.slot_id}",
        printer_id=slot.printer_id,
        printer=of.printer,
        place=of.place,
        fact=_fact(slot, forecast, now),
        button=_("Order %(supply)s") % {"supply": supply} if may_order else "",
        address=reverse("choose_supply", args=[slot.printer_id, slot.slot_id]),
        is_urgent=slot.episode == "almost_empty" or runout.is_used_up(slot),
        customer_id=of.customer_id,
        note=offers.why_not if offers is not None and not may_order else "",
        by=order_by.sentence(advice, on=clock.day_of(now)) if may_order else "",
    )


def _fact(slot: SlotView, forecast: Forecast | None, now: datetime) -> str:
    supply = wording.sentence(wording.supply(slot.kind, slot.colour, slot.description))
    if runout.is_used_up(slot):
        return _used_up(slot, supply)
    fact = _level(slot, supply, runout.around(runout.worth_saying(slot, forecast, now=now), now=now))
    if runout.is_silent(slot, now=now):
        return _("%(fact)s Last read %(ago)s.") % {"fact": fact, "ago": moments.ago(slot.read_at, now=now)}
    return fact


def _used_up(slot: SlotView, supply: str) -> str:
    said = _("%(supply)s is full.") if slot.kind in core_wording.FILLED else _("%(supply)s is empty.")
    return said % {"supply": supply}


def _level(slot: SlotView, supply: str, day: str) -> str:
    if slot.kind in core_wording.FILLED:
        return _filling(slot, supply, day)
    if day and not slot.episode and slot.percent is None:
        return _("%(supply)s runs out %(day)s.") % {"supply": supply, "day": day}
    if slot.percent is None:
        return _not_measured(supply, is_almost_empty=slot.episode == "almost_empty")
    level = numbers.percent(slot.percent)
    if day:
        return _("%(supply)s (%(level)s) runs out %(day)s.") % {"supply": supply, "level": level, "day": day}
    if slot.episode == "almost_empty":
        return _("%(supply)s is almost empty (%(level)s).") % {"supply": supply, "level": level}
    return _("%(supply)s is low (%(level)s).") % {"supply": supply, "level": level}


def _filling(slot: SlotView, supply: str, day: str) -> str:
    """Of a waste container; its level is the space left."""
    said = _("%(supply)s is almost full") if slot.episode == "almost_empty" else _("%(supply)s is filling up")
    named = {"supply": supply, "day": day, "said": said % {"supply": supply}}
    if slot.percent is not None:
        named["level"] = numbers.percent(slot.percent)
        if day:
            return _("%(supply)s (%(level)s of its space left) will be full %(day)s.") % named
        return _("%(said)s: %(level)s of its space left.") % named
    return _("%(supply)s will be full %(day)s.") % named if day else _("%(said)s, as the printer itself says.") % named


def _not_measured(supply: str, *, is_almost_empty: bool) -> str:
    """Nobody measured it; then it is the printer's own alert that counts."""
    if is_almost_empty:
        return _("%(supply)s is almost empty, as the printer itself says.") % {"supply": supply}
    return _("%(supply)s is low, as the printer itself says.") % {"supply": supply}


def _to_explain(decision: Decision) -> Need:
    return Need(
        key=f"c{decision.printer_id}",
        printer_id=decision.printer_id,
        printer=decision.printer.name,
        place=decision.printer.place,
        fact=_("A cartridge was seen that the programme did not deliver. The printer stays covered meanwhile."),
        button=_("See what was seen"),
        address=reverse("printer", args=[decision.printer_id]) + "#coverage",
        is_urgent=False,
        customer_id=decision.customer_id,
    )
