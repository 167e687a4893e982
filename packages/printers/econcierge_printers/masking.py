"""Takes out of a recording what tells whose printer it was, so that it can be shown, and keeps what a decoder needs.

The same secret gets the same mask everywhere in a recording, in text and in octets, so what belonged together still
does. Lengths and character classes stay, network cards keep their maker, addresses move to the ranges for documentation
(RFC 5737, RFC 3849). Masks follow from a key: without it nobody can try which serial number gives which mask.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator, Mapping

from econcierge_printers.mib import device, labels, names, oids, vendors
from econcierge_printers.mib.objects import Objects
from econcierge_printers.snmp.values import Oid, Tag, Value

_SYSTEM: Oid = (1, 3, 6, 1, 2, 1, 1)
_GENERAL: Oid = (1, 3, 6, 1, 2, 1, 43, 5, 1, 1)
# Texts that people typed about themselves: contact, name, place; operator and service person of prtGeneralTable.
_TYPED = ((*_SYSTEM, 4), (*_SYSTEM, 5), (*_SYSTEM, 6), (*_GENERAL, 4), (*_GENERAL, 5))
_MIN_SECRET_OCTETS = 4  # a shorter one is masked where it stands only: it may be part of anything
_SERIAL_FIELDS = ("SN", "SERN", "SERIALNUMBER", "SER")  # of an IEEE 1284 device id
_MAC_OCTETS, _IPV6_OCTETS = 6, 16
_MAC = re.compile(rb"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}([:-]))(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])")
_IPV4 = re.compile(rb"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_IPV6 = re.compile(
    rb"(?<![0-9A-Fa-f:])(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:)+(?::[0-9A-Fa-f]{1,4})+)"
    rb"(?![0-9A-Fa-f:])"
)
_MAIL = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HOST = re.compile(
    rb"(?<=://)[\w.-]+|\b[\w-]+(?:\.[\w-]+)*\.(?:local|localdomain|lan|intra|internal|corp|home|com|org|net|edu|ca|fr)\b",
    re.IGNORECASE,
)
_WORD = re.compile(rb"[A-Za-z\x80-\xff][\w\x80-\xff]*|\d{4,}")
_WORD_AMONG_OCTETS = re.compile(rb"[A-Za-z][\w.-]{3,}")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_FOR_DOCUMENTS = ((192, 0, 2), (198, 51, 100), (203, 0, 113))  # RFC 5737
_UNTOLD = frozenset({b"\0\0\0\0", b"\x7f\0\0\1", b"\xff\xff\xff\xff"})
_COMMON_WORDS = frozenset(
    b"toner drum ink black cyan magenta yellow noir waste fuser belt cartridge tray paper ready sleep on off true false"
    b" none unknown other printer network counter total colour color mono copy print scan fax duplex a4 a3 letter legal"
    b" english french german japanese model name serial number version firmware mfg mdl cmd des cls cid".split()
)


def masked(objects: Mapping[Oid, Value], *, key: bytes) -> dict[Oid, Value]:
    """All of `objects`; private texts that no vendor's module asks for lose every word that is not common."""
    return _Masks(objects, key).all()


class _Masks:
    def __init__(self, objects: Mapping[Oid, Value], key: bytes) -> None:
        self._objects = objects
        self._key = key
        self._replaced: dict[bytes, bytes] = {}
        for mac in _macs(objects):
            self._learn_mac(mac)
        for secret in _secrets(objects):
            if len(secret) >= _MIN_SECRET_OCTETS:
                self._replaced[secret] = self._same_kind(secret)
        self._masks = frozenset(self._replaced.values())
        longest_first = sorted(self._replaced, key=len, reverse=True)
        self._any_secret = re.compile(b"|".join(map(re.escape, longest_first)) or rb"(?!)")
        self._words = _COMMON_WORDS | self._words_in_standard_texts()

    def all(self) -> dict[Oid, Value]:
        return {oid: self._value(oid, value) for oid, value in self._objects.items()}

    def _value(self, oid: Oid, value: Value) -> Value:
        octets = value.octets
        if octets is None:
            return value
        if value.tag is Tag.IP_ADDRESS:
            return Value(value.tag, self._ipv4(octets))
        if oid[:-1] in _TYPED or oid[:-2] in _TYPED:
            return Value(value.tag, self._same_kind(octets))
        if oid[: len(oids.ENTERPRISES)] == oids.ENTERPRISES and not _is_known(oid):
            words = _WORD_AMONG_OCTETS if _CONTROL.search(octets) else _WORD
            return Value(value.tag, words.sub(self._uncommon, self._octets(octets)))
        return Value(value.tag, self._octets(octets))

    def _octets(self, octets: bytes) -> bytes:
        if len(octets) == _IPV6_OCTETS and octets[:2] in (b"\xfe\x80", b"\x20\x01", b"\xfd\x00"):
            return self._ipv6(octets)
        octets = self._any_secret.sub(lambda found: self._replaced[found[0]], octets)
        octets = _MAC.sub(lambda found: self._mac_text(found[0]), octets)
        octets = _MAIL.sub(lambda found: self._same_kind(found[0]), octets)
        octets = _IPV4.sub(lambda found: self._ipv4_text(found[0]), octets)
        octets = _IPV6.sub(lambda found: b"2001:db8::" + self._stream(found[0]).hex().encode()[:4], octets)
        return _HOST.sub(lambda found: self._host(found[0]), octets)

    def _words_in_standard_texts(self) -> frozenset[bytes]:
        """What standard objects say stays anyway, so it may stand elsewhere too."""
        standard = (v.octets for oid, v in self._objects.items() if oid[:6] != oids.ENTERPRISES and not _is_typed(oid))
        return frozenset(word.lower() for text in standard if text for word in _WORD.findall(self._octets(text)))

    def _uncommon(self, found: re.Match[bytes]) -> bytes:
        word = found[0]
        return word if word.lower() in self._words or word in self._masks else self._same_kind(word)

    def _learn_mac(self, mac: bytes) -> None:
        mask = mac[:3] + self._stream(mac)[:3]
        self._replaced[mac] = mask
        for between in ("", ":", "-", " "):
            for written in (str.upper, str.lower):
                self._replaced[written(mac.hex(between) if between else mac.hex()).encode()] = written(
                    mask.hex(between) if between else mask.hex()
                ).encode()

    def _mac_text(self, text: bytes) -> bytes:
        """One that is no interface's of this device; those are among the secrets."""
        if text in self._masks:
            return text
        return text[:9] + self._same_kind(text[9:].lower().translate(_HEX_AS_DIGITS))

    def _host(self, text: bytes) -> bytes:
        is_masked = text in self._masks or text.startswith((b"192.0.2.", b"198.51.100.", b"203.0.113."))
        return text if is_masked else self._same_kind(text)

    def _ipv4_text(self, text: bytes) -> bytes:
        parts = [int(part) for part in text.split(b".")]
        return ".".join(map(str, self._ipv4(bytes(parts)))).encode() if max(parts) < 256 else text

    def _ipv4(self, octets: bytes) -> bytes:
        if len(octets) != 4 or octets in _UNTOLD or octets.startswith(b"\xff\xff"):
            return octets
        stream = self._stream(octets)
        return bytes((*_FOR_DOCUMENTS[stream[0] % len(_FOR_DOCUMENTS)], stream[1] % 254 + 1))

    def _ipv6(self, octets: bytes) -> bytes:
        return b"\x20\x01\x0d\xb8" + self._stream(octets)[:12]

    def _same_kind(self, secret: bytes) -> bytes:
        """As long, digits for digits, capitals for capitals; what is neither letter nor digit stays."""
        stream = self._stream(secret)
        while len(stream) < len(secret):
            stream += self._stream(stream)
        return bytes(map(_of_same_class, secret, stream))

    def _stream(self, secret: bytes) -> bytes:
        return hmac.digest(self._key, secret, "sha256")


_HEX_AS_DIGITS = bytes.maketrans(b"abcdef", b"012345")


def _of_same_class(octet: int, random: int) -> int:
    if 0x30 <= octet <= 0x39:
        return 0x30 + random % 10
    if 0x41 <= octet <= 0x5A:
        return 0x41 + random % 26
    if 0x61 <= octet <= 0x7A or octet >= 0x80:
        return 0x61 + random % 26
    return octet


def _is_typed(oid: Oid) -> bool:
    return oid[:-1] in _TYPED or oid[:-2] in _TYPED


def _is_known(oid: Oid) -> bool:
    return any(
        oid in vendor.scalars or any(oid[: len(base)] == base for base in (*vendor.columns, *vendor.firmwares))
        for vendor in vendors.VENDORS
    )


def _macs(objects: Mapping[Oid, Value]) -> Iterator[bytes]:
    for octets in Objects(objects).octets(oids.IF_PHYS_ADDRESS).values():
        if len(octets) == _MAC_OCTETS and any(octets):
            yield octets


def _secrets(objects: Mapping[Oid, Value]) -> Iterator[bytes]:
    """Serial numbers wherever they are stated, and what people called the device; no part of its model's name."""
    held = Objects(objects)
    model = device.identity(held, vendors.of(held)).model or ""
    public = " ".join((model, *held.texts(oids.HR_DEVICE_DESCR).values()))
    for text in _secret_texts(held):
        for secret in {text, text.strip(), text.partition(".")[0]}:
            if secret and secret not in public:
                yield secret.encode()


def _secret_texts(held: Objects) -> Iterator[str]:
    yield from held.texts(oids.SERIAL_NUMBER).values()
    for base in _TYPED:
        yield from held.texts(base).values()
    for vendor in vendors.VENDORS:
        yield from filter(None, map(held.first_text, (*vendor.serials, *vendor.hostnames)))
        for device_id in filter(None, map(held.text, vendor.ieee1284)):
            fields = names.ieee1284_fields(device_id)
            yield from (fields[name] for name in _SERIAL_FIELDS if name in fields)
    for text in held.texts(oids.SUPPLY_DESCRIPTION).values():
        yield labels.split(text).serial or ""
    yield names.serial_in(held.text(oids.SYS_DESCR)) or ""
