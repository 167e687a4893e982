"""One list of what several ways found: SNMP at one address, DNS-SD under a name, twice by IPv4 and IPv6. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from econcierge_printers.discovery.who import Found
from econcierge_printers.identity import Verdict, same_device
from econcierge_printers.model import Identity


def together(found: Iterable[Found]) -> list[Found]:
    """Each device once, whoever answered by itself first, what is only announced after it.

    One device: the same by identity, else at the same address with nothing that tells them apart. Two queues of a
    print server are two, though they share its address; the server itself is no printer by what it announces.
    """
    listed = list(found)
    answered = _folded(one for one in listed if one.protocol != "mdns")
    announced = _folded(one for one in listed if one.protocol == "mdns")
    merged = []
    for one in answered:
        match = _announcement_of(one, announced) if one.is_printer else None
        if match is not None:
            announced.remove(match)
        merged.append(_merge(one, match) if match is not None else one)
    return [*merged, *announced]


def _folded(found: Iterable[Found]) -> list[Found]:
    merged: list[Found] = []
    for one in found:
        for at, known in enumerate(merged):
            if _is_same(known, one):
                merged[at] = _merge(known, one)
                break
        else:
            merged.append(one)
    return merged


def _announcement_of(one: Found, announced: list[Found]) -> Found | None:
    """Of several printers announced at the same address, the one of the same model, if any."""
    near = [each for each in announced if _is_same(one, each)]
    if len(near) > 1:
        near = [each for each in near if each.identity.model == one.identity.model]
    return near[0] if len(near) == 1 else None


def _is_same(known: Found, other: Found) -> bool:
    if _queue(known) != _queue(other) and None not in (_queue(known), _queue(other)):
        return False
    sameness = same_device(known.identity, other.identity)
    if sameness.verdict is Verdict.SAME:
        return True
    if "serial_differs" in sameness.reasons or _addresses(known).isdisjoint(_addresses(other)):
        return False
    models = {known.identity.model, other.identity.model} - {None}
    return len(models) < 2 or known.protocol != other.protocol  # SNMP and DNS-SD spell models differently


def _merge(known: Found, other: Found) -> Found:
    addresses = [each for found in (known, other) for each in (found.target.host, *found.other_addresses)]
    missing = {
        field.name: getattr(other.identity, field.name)
        for field in dataclasses.fields(Identity)
        if getattr(known.identity, field.name) is None
    }
    return dataclasses.replace(
        known,
        is_printer=known.is_printer or other.is_printer,
        identity=dataclasses.replace(known.identity, **missing),
        ways=tuple(dict.fromkeys((*known.ways, *other.ways))),
        ipp_uri=known.ipp_uri or other.ipp_uri,
        other_addresses=tuple(each for each in dict.fromkeys(addresses) if each != known.target.host),
    )


def _addresses(found: Found) -> set[str]:
    return {found.target.host, *found.other_addresses}


def _queue(found: Found) -> str | None:
    """Which of a server's queues: the path of its URI (`printers/NAME`); printers themselves all have the same few."""
    path = (found.ipp_uri or "").partition("://")[2].partition("/")[2]
    return path if path.startswith(("printers/", "ipp/print/")) else None
