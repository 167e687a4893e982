"""What DNS-SD records say about printers (RFC 6763, Bonjour Printing Specification 1.2.1), without sockets.

`Browse` takes records in any order, says what to ask next, and gives the services that say where they are.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from econcierge_printers.discovery import dns
from econcierge_printers.discovery.dns import Name, Question, Record, RecordType
from econcierge_printers.mib import text

SERVICE_TYPES = tuple(dns.name(f"_{kind}._tcp.local") for kind in ("ipp", "ipps", "printer", "pdl-datastream"))
MAX_INSTANCES = 2_000
_MAX_ADDRESSES = 16
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Service:
    """One instance of one service type. Port 0 is a name kept for a protocol that the device does not speak."""

    instance: str
    kind: str  # ipp, ipps, printer, pdl-datastream
    host: str
    port: int
    addresses: tuple[_Address, ...]
    facts: Mapping[str, str]  # keys of the TXT record in lower case

    @property
    def ipp_uri(self) -> str | None:
        """Where it takes IPP; None for other protocols."""
        if self.kind not in ("ipp", "ipps") or not self.port or not self.addresses:
            return None
        address = str(self.addresses[0])
        host = f"[{address}]" if ":" in address else address
        return f"{self.kind}://{host}:{self.port}/{self.facts.get('rp', '').lstrip('/')}"


@dataclass(slots=True)
class Browse:
    _types: dict[Name, Name] = field(default_factory=dict)  # instance -> service type, both folded
    _spelt: dict[Name, Name] = field(default_factory=dict)  # instance as the device writes it
    _places: dict[Name, dns.Service] = field(default_factory=dict)
    _facts: dict[Name, tuple[bytes, ...]] = field(default_factory=dict)
    _addresses: dict[Name, dict[_Address, None]] = field(default_factory=dict)
    _senders: dict[Name, _Address] = field(default_factory=dict)  # who answered for a host, in want of an address

    def take(self, records: Iterable[Record], *, source: _Address | None = None) -> None:
        """`source` is who sent them: where a host that gave no address can be reached."""
        for record in records:
            self._take_one(record)
            if source is not None and isinstance(record.data, dns.Service) and len(self._senders) < MAX_INSTANCES:
                self._senders[dns.folded(record.data.host)] = source

    def questions(self) -> list[Question]:
        """First the service types; then what instances still lack."""
        missing = [Question(kind, RecordType.PTR) for kind in SERVICE_TYPES]
        for instance in self._types:
            if instance not in self._places:
                missing.append(Question(self._spelt[instance], RecordType.SRV))
            if instance not in self._facts:
                missing.append(Question(self._spelt[instance], RecordType.TXT))
        hosts = {dns.folded(place.host): place.host for place in self._places.values()}
        missing += [Question(host, RecordType.A) for key, host in hosts.items() if key not in self._addresses]
        return missing

    def services(self) -> list[Service]:
        """Every instance that says where it is."""
        return [self._service(instance, place) for instance, place in self._places.items() if instance in self._types]

    def _take_one(self, record: Record) -> None:
        key, data = dns.folded(record.name), record.data
        if isinstance(data, _Address):
            held = self._addresses.setdefault(key, {}) if len(self._addresses) < MAX_INSTANCES else {}
            if len(held) < _MAX_ADDRESSES:
                held[data] = None
        elif isinstance(data, dns.Service):
            if len(self._places) < MAX_INSTANCES:
                self._places[key] = data
        elif record.type_number == RecordType.PTR and isinstance(data, tuple) and key in SERVICE_TYPES:
            self._take_instance(key, data)
        elif record.type_number == RecordType.TXT and isinstance(data, tuple) and len(self._facts) < MAX_INSTANCES:
            self._facts[key] = data

    def _take_instance(self, kind: Name, instance: Name) -> None:
        key = dns.folded(instance)
        if key[1:] == kind and len(self._types) < MAX_INSTANCES:
            self._types[key], self._spelt[key] = kind, instance

    def _service(self, instance: Name, place: dns.Service) -> Service:
        host = dns.folded(place.host)
        sender = [self._senders[host]] if host in self._senders else []
        addresses = self._addresses.get(host) or sender
        return Service(
            instance=_readable(self._spelt[instance][0]),
            kind=instance[1].decode("latin-1").removeprefix("_"),
            host=".".join(_readable(label) for label in place.host),
            port=place.port,
            addresses=tuple(sorted(addresses, key=_reachable_first)),
            facts=facts(self._facts.get(instance, ())),
        )


def facts(strings: Iterable[bytes]) -> dict[str, str]:
    """`key=value` strings (RFC 6763 section 6.4); of a repeated key the first counts."""
    found: dict[str, str] = {}
    for string in strings:
        key, _, value = string.partition(b"=")
        if key:
            found.setdefault(_readable(key).lower(), _readable(value))
    return found


def _reachable_first(address: _Address) -> tuple[bool, bool, int]:
    """IPv4, then IPv6 that is not bound to one link."""
    return address.is_link_local, address.version == 6, int(address)


def _readable(octets: bytes) -> str:
    return text.decode(octets, charset="utf-8")
