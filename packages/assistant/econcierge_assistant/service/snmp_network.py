"""The network of printers as it is: found by sweep, DNS-SD and broadcast, read over SNMP, over IPP where that fails."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from econcierge_assistant.service import access, deny, names, network, own_networks, ranges, roster, settings
from econcierge_printers import clock, errors, model, read, steady, targets
from econcierge_printers.discovery import broadcast, mdns, nearby, who
from econcierge_printers.snmp import client

if TYPE_CHECKING:  # HTTP and TLS for printers are loaded when somebody is asked over IPP
    from econcierge_printers.ipp import client as ipp_client
    from econcierge_printers.ipp import trust_file

CONCURRENCY = 40  # printers asked at a time: more would be faster, and cost memory that is never given back
CERTIFICATES_NAME = "printer-certificates.json"

log = logging.getLogger(__name__)


class SnmpNetwork:
    """A `network.Network`; a socket is open only while somebody is asked."""

    def __init__(
        self,
        *,
        places: network.Places,
        keys: Sequence[access.Key],
        rate_pps: float,
        certificates: Path | None,
        now: clock.Clock,
        may_be_public: bool = True,
        refused: Callable[[tuple[str, ...]], None] = lambda _names: None,
    ) -> None:
        """`certificates`: the file of the printers' own ones; None: nobody is asked over IPP.

        `may_be_public`: names are asked wherever they lead; else `refused` hears of those that lead to the Internet.
        """
        self._places = places
        self._keys = tuple(keys)
        self._rate_pps = rate_pps
        self._certificates = certificates
        self._now = now
        self._memory = steady.Memory()
        self._trusted: trust_file.FileTrust | None = None
        self._cards: dict[str, str] = {}
        self._may_be_public, self._refused = may_be_public, refused
        self._public: dict[str, str] = {}  # addresses on the Internet, by the names that lead there

    def apply(self, places: network.Places) -> None:
        """From the next search and visit on."""
        self._places = places
        self._public.clear()
        self._refused(())

    async def discover(self) -> AsyncIterator[network.Met]:
        """Every printer within the places, by the first key that it answers to; announced ones that take IPP only last.

        Who answers is told at once: in a wide range the last ones answer minutes later.
        """
        places = self._places
        self._learn(places)
        announced = await self._announced(places)
        left_alone = [each for each in _singles(places) if await self._leads_outside(each.host)]
        waiting = dict.fromkeys([*announced, *self._addresses(places)])
        for target in left_alone:
            waiting.pop(target, None)
        async with client.SnmpClient() as asking:
            for key in self._keys:
                if network.BROADCAST in places.methods and places.within is None and not places.denied and not key.user:
                    waiting |= dict.fromkeys(await broadcast.answering(community=key.community))
                async for found in nearby.swept(asking, list(waiting), self._ways(places, key)):
                    waiting.pop(found.target, None)
                    told = _take_announcement(announced, found.target.host)
                    if self._is_wanted(found, places):
                        uri = told.ipp_uri if told else None
                        yield network.Met(str(found.target), key.community, found.identity, key.user_name, uri)
        for found in announced.values():
            if found.ipp_uri and self._certificates:
                yield network.Met(str(found.target), "", found.identity, "", found.ipp_uri)

    async def read(self, printers: Sequence[roster.Known]) -> AsyncIterator[network.Visit]:
        """One visit for each printer within the places; of one that is known only what can change is asked.

        Whoever is outside them now, or denied, is left alone.
        """
        places = self._places
        self._cards |= network.cards_of(printers)
        self._learn(places)
        chosen = [each for each in printers if await self._may_be_asked(each, places)]
        async with client.SnmpClient() as asking:
            for group in _alike(chosen):
                async for visit in self._read(asking, group, places):
                    yield visit

    async def answering(self, printers: Sequence[roster.Known]) -> tuple[int, int]:
        """How many of them were asked over SNMP who they are, and how many answered; for a look from outside."""
        places = self._places
        chosen = [each for each in printers if await self._may_be_asked(each, places)]
        asked = answered = 0
        async with client.SnmpClient() as asking:
            for group in _alike(chosen):
                key = self._key_of(group[0])
                if key is None:
                    continue
                asked += len(group)
                wanted = [targets.parse_target(each.target) for each in group]
                async for _ in nearby.swept(asking, wanted, self._ways(places, key)):
                    answered += 1
        return asked, answered

    async def _announced(self, places: network.Places) -> dict[targets.Target, who.Found]:
        """Who says by DNS-SD that it prints, within the places; nothing leaves this computer for its own addresses."""
        if network.MDNS not in places.methods or _only_loopback(places.within):
            return {}
        heard = [who.advertised(service) for service in await mdns.browse()]
        found = {each.target: each for each in heard if each is not None}
        self._cards |= {target.host: each.identity.mac for target, each in found.items() if each.identity.mac}
        return {target: each for target, each in found.items() if self._is_wanted(each, places)}

    def _ways(self, places: network.Places, key: access.Key) -> nearby.Ways:
        return nearby.Ways(
            community=key.community, user=key.user, rate_packets_per_s=self._rate_pps, deny=places.denied
        )

    def _addresses(self, places: network.Places) -> Iterable[targets.Target]:
        if network.SWEEP not in places.methods:
            return ()
        return ranges.parse(own_networks.texts()) if places.within is None else places.within

    def _is_wanted(self, found: who.Found, places: network.Places) -> bool:
        self._learn(places)  # its answer has made it a neighbour
        if places.denied.is_card(found.identity.mac) or found.target.host in places.denied:
            return False
        return found.is_printer and (places.within is None or found.target in places.within)

    async def _may_be_asked(self, known: roster.Known, places: network.Places) -> bool:
        target = targets.parse_target(known.target)
        if places.within is not None and target not in places.within:
            return False
        if places.denied.is_card(known.mac) or await deny.is_denied(target.host, places.denied):
            return False
        return not await self._leads_outside(target.host)

    async def _leads_outside(self, host: str) -> bool:
        """Looked up before each search and visit, as it may lead elsewhere by then: communities travel in clear."""
        if self._may_be_public or ranges.address_of(host) is not None:
            return False
        before, address = self._public.get(host, ""), await names.public_address(host)
        if address != before:
            self._public[host] = address
            self._refused(tuple(f"{name} ({leads})" for name, leads in self._public.items() if leads))
        return bool(address)

    def _learn(self, places: network.Places) -> None:
        """Which addresses carry denied network cards, by earlier visits and by the neighbours of this computer."""
        if places.denied.cards:
            places.denied.learn(self._cards | deny.neighbours())

    async def _read(
        self, asking: client.SnmpClient, group: Sequence[roster.Known], places: network.Places
    ) -> AsyncIterator[network.Visit]:
        """Printers that are asked alike; `#2` in the answer of one behind a print server."""
        known = {each.target: each for each in group}
        at_host = {targets.parse_target(each.target).host: each for each in group}
        async for result in self._results(asking, group, places):
            asked = (result.target if isinstance(result, model.Reading) else result.device).partition("#")[0]
            if isinstance(result, model.Reading) and places.denied.is_card(result.identity.mac):
                self._cards[targets.parse_target(asked).host] = str(result.identity.mac)
                log.warning(
                    "the printer at %s has a denied network card: it is left alone, nothing of it is kept", asked
                )
                continue
            yield network.Visit(known.get(asked) or at_host[targets.parse_target(asked).host], result)

    async def _results(
        self, asking: client.SnmpClient, group: Sequence[roster.Known], places: network.Places
    ) -> AsyncIterator[model.Reading | errors.PrinterError]:
        first = group[0]
        key = self._key_of(first)
        ipp = self._ipp(places) if key is None or _by_both(first) else None
        if key is None and ipp is not None and not first.user:
            async for result in self._over_ipp(group, ipp):
                yield result
            return
        if key is None:
            reason = f"its user {first.user!r} is no longer in the settings" if first.user else "it is not to be asked"
            for each in group:
                yield errors.PrinterError(each.target, "SNMPv3" if first.user else "ipp", reason, permanent=True)
            return
        wanted = [targets.parse_target(each.target) for each in group]
        async for result in read.read_many(
            asking,
            wanted,
            community=key.community,
            user=key.user,
            clock=self._now,
            concurrency=CONCURRENCY,
            memory=self._memory,
            several=True,
            ipp=ipp,
            deny=places.denied,
        ):
            yield result

    async def _over_ipp(
        self, group: Sequence[roster.Known], ipp: ipp_client.Access
    ) -> AsyncIterator[model.Reading | errors.PrinterError]:
        """Who answers to IPP only is told under the address at which it is known."""
        from econcierge_printers.ipp import places as ipp_places

        where = {ipp_places.parse_uri(each.ipp_uri or ""): each.target for each in group}
        told = {place.printer_uri: target for place, target in where.items()}
        async for result in read.read_many_over_ipp(where, access=ipp, clock=self._now):
            if isinstance(result, model.Reading):
                yield dataclasses.replace(result, target=told[result.target])
            else:
                yield errors.PrinterError(
                    told.get(result.device, result.device), result.step, result.reason, permanent=result.permanent
                )

    def _key_of(self, known: roster.Known) -> access.Key | None:
        """None: an SNMPv3 user that is gone, or nobody that answers to SNMP."""
        if known.user:
            return next((key for key in self._keys if key.user_name == known.user), None)
        return access.Key(known.community) if known.community or known.ipp_uri is None else None

    def _ipp(self, places: network.Places) -> ipp_client.Access | None:
        """None when IPP is not wanted, or the file of certificates is broken: nobody is trusted anew by accident."""
        if self._certificates is None:
            return None
        from econcierge_printers.ipp import client as ipp_client
        from econcierge_printers.ipp import trust_file

        try:
            self._trusted = self._trusted or trust_file.FileTrust(self._certificates)
        except errors.PrinterError as error:
            log.error("No printer is asked over IPP: %s. Mend or remove that file, then restart.", error)
            self._certificates = None
            return None
        return ipp_client.Access(self._trusted, deny=places.denied)


def of(
    chosen: settings.Settings, *, now: clock.Clock, refused: Callable[[tuple[str, ...]], None] = lambda _names: None
) -> SnmpNetwork:
    """From this computer's settings alone; what the portal wants is applied when it is known. Raises `BadSettings`.

    Places that this computer names itself may be public; `refused` hears of the portal's names that are.
    """
    deny.parse(chosen.deny)
    places = network.places_of(
        within=chosen.range or None, denied=chosen.deny, methods=chosen.methods or _usual_methods(chosen)
    )
    keys = access.keys(communities=chosen.community, users=chosen.snmp_user)
    certificates = chosen.data / CERTIFICATES_NAME if chosen.ipp else None
    return SnmpNetwork(
        places=places,
        keys=keys,
        rate_pps=chosen.rate_pps,
        certificates=certificates,
        now=now,
        may_be_public=bool(chosen.range),
        refused=refused,
    )


def _singles(places: network.Places) -> Iterable[targets.Target]:
    return places.within.singles if places.within is not None else ()


def _usual_methods(chosen: settings.Settings) -> tuple[str, ...]:
    """Who names places wants these asked; whoever names none wants to be spared the question."""
    return (network.SWEEP,) if chosen.range else network.METHODS


def _take_announcement(announced: dict[targets.Target, who.Found], host: str) -> who.Found | None:
    """What the device at that address announced, if anything; it answers by itself now."""
    for target, found in announced.items():
        if host == target.host or host in found.other_addresses:
            return announced.pop(target)
    return None


def _alike(printers: Sequence[roster.Known]) -> list[list[roster.Known]]:
    """Groups that are asked with the same key, in the same way."""
    groups: dict[tuple[str, str, bool, bool], list[roster.Known]] = {}
    for each in printers:
        only_ipp = not each.community and not each.user
        groups.setdefault((each.community, each.user, _by_both(each), only_ipp), []).append(each)
    return list(groups.values())


def _by_both(known: roster.Known) -> bool:
    """Only on the usual port: behind another one there are other devices at the same address."""
    return known.may_ask_over_ipp and targets.parse_target(known.target).port == targets.SNMP_PORT


def _only_loopback(within: ranges.Ranges | None) -> bool:
    """Places of this very computer, as in a demo: nothing has to leave it."""
    if within is None:
        return False
    addresses = [ranges.address_of(target.host) for target in within.singles]
    ends = [end for span in within.spans for end in (span.first, span.last)]
    return all(address is not None and address.is_loopback for address in (*addresses, *ends))
