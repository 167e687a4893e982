"""The network of printers over SNMP: sweeps the chosen ranges, reads whom the roster knows within them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from econcierge_assistant.service import errors, network, ranges, roster, settings
from econcierge_printers import clock, model, read, steady, targets
from econcierge_printers.discovery import sweep
from econcierge_printers.snmp import client


@dataclass(frozen=True, slots=True)
class SnmpNetwork:
    """A `network.Network`; a socket is open only while somebody is asked."""

    places: ranges.Ranges
    communities: tuple[str, ...]
    rate_pps: float
    now: clock.Clock
    memory: steady.Memory = field(default_factory=steady.Memory)

    async def discover(self) -> AsyncIterator[network.Met]:
        """Every printer that answers, with the first community that it answers to."""
        silent = list(self.places)
        async with client.SnmpClient() as asking:
            for community in self.communities:
                answered: set[targets.Target] = set()
                found_by = sweep.sweep(asking, silent, community=community, rate_packets_per_s=self.rate_pps)
                async for found in found_by:
                    answered.add(found.target)
                    if found.is_printer:
                        yield network.Met(str(found.target), community, found.identity)
                silent = [target for target in silent if target not in answered]

    async def read(self, printers: Sequence[roster.Known]) -> AsyncIterator[network.Visit]:
        """One visit for each printer within the ranges, of one that is known only what can change is asked.

        Whoever is outside the ranges now is left alone.
        """
        async with client.SnmpClient() as asking:
            for community in dict.fromkeys(each.community for each in printers):
                known = {each.target: each for each in printers if each.community == community}
                chosen = [target for target in map(targets.parse_target, known) if target in self.places]
                async for result in read.read_many(
                    asking, chosen, community=community, clock=self.now, memory=self.memory, several=True
                ):
                    asked = result.target if isinstance(result, model.Reading) else result.device
                    yield network.Visit(known[asked.partition("#")[0]], result)  # `#2`: behind a print server


def of(chosen: settings.Settings, *, now: clock.Clock) -> SnmpNetwork:
    """From the settings; `BadSettings` when there is nowhere to look."""
    if not chosen.range:
        raise errors.BadSettings("Say where to look for printers: give --range, for instance --range 10.0.12.0/24.")
    return SnmpNetwork(ranges.parse(chosen.range), chosen.community, chosen.rate_pps, now)
