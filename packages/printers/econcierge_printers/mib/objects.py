"""What a device said, for the decoder: sorted, so that a column is found without looking at everything."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from econcierge_printers.limits import INT64_MAX, INT64_MIN
from econcierge_printers.mib import text
from econcierge_printers.mib.oids import (
    CONSOLE_LOCALIZATION,
    CURRENT_LOCALIZATION,
    ENTERPRISES,
    LOCALIZATION_CHARACTER_SET,
    SYS_OBJECT_ID,
)
from econcierge_printers.snmp.values import Oid, Value

MAX_INDEX_PARTS = 4  # Printer-MIB uses two; a longer one is no row of ours


class Objects:
    """Values by OID and by column; texts in the device's character set."""

    def __init__(self, values: Mapping[Oid, Value]) -> None:
        self._values = values
        self._names = sorted(values)
        charset = self._charset(CURRENT_LOCALIZATION)
        self._charset_name = charset
        self._console_charset_name = self._charset(CONSOLE_LOCALIZATION) or charset

    def column(self, base: Oid) -> dict[Oid, Value]:
        """Index -> value of everything there is below `base`, in the order of the index."""
        depth, values = len(base), self._values
        names = self._names[bisect_left(self._names, base) : bisect_left(self._names, (*base[:-1], base[-1] + 1))]
        longest = depth + MAX_INDEX_PARTS
        return {
            name[depth:]: value
            for name in names
            if depth < len(name) <= longest and (value := values[name]).value is not None
        }

    def numbers(self, base: Oid) -> dict[Oid, int]:
        """A column's integers, those that a database can hold."""
        found = self.column(base).items()
        return {i: n for i, (_, n) in found if isinstance(n, int) and INT64_MIN <= n <= INT64_MAX}

    def texts(self, base: Oid) -> dict[Oid, str]:
        """A column's texts, cleaned; empty ones too."""
        column = self.column(base)
        return {i: self._text(v.octets) for i, v in column.items() if v.octets is not None}

    def console_texts(self, base: Oid) -> dict[Oid, str]:
        charset = self._console_charset_name
        column = self.column(base)
        return {i: text.decode(v.octets, charset=charset) for i, v in column.items() if v.octets is not None}

    def octets(self, base: Oid) -> dict[Oid, bytes]:
        return {i: v.octets for i, v in self.column(base).items() if v.octets is not None}

    def octets_at(self, oid: Oid) -> bytes | None:
        """One octet string as it came."""
        value = self._values.get(oid)
        return None if value is None else value.octets

    def holds(self, base: Oid) -> bool:
        """Whether there is anything at or below `base`."""
        at = bisect_left(self._names, base)
        return at < len(self._names) and self._names[at][: len(base)] == base

    def number(self, oid: Oid) -> int | None:
        """One count, None when missing or no count."""
        value = self._values.get(oid)
        number = None if value is None else value.number
        return number if number is not None and 0 <= number <= INT64_MAX else None

    def text(self, oid: Oid) -> str | None:
        """One text, None when missing or empty."""
        value = self._values.get(oid)
        octets = None if value is None else value.octets
        return None if octets is None else self._text(octets) or None

    def first_text(self, base: Oid) -> str | None:
        """The first text in or below `base` that is not empty."""
        return self.text(base) or next((found for found in self.texts(base).values() if found), None)

    @property
    def sys_object_id(self) -> Oid | None:
        value = self._values.get(SYS_OBJECT_ID)
        return None if value is None else value.oid

    @property
    def enterprise(self) -> int | None:
        """The maker's number in sysObjectID, which says who made the network card at least."""
        oid = self.sys_object_id or ()
        return oid[6] if oid[:6] == ENTERPRISES and len(oid) > 6 else None

    def _text(self, octets: bytes | None) -> str:
        return text.decode(octets or b"", charset=self._charset_name)

    def _charset(self, which: Oid) -> str | None:
        """The codec of the localization in use (prtLocalizationCharacterSet); of all, where they are the same."""
        stated = self.numbers(LOCALIZATION_CHARACTER_SET)
        for index, row in self.numbers(which).items():
            number = stated.get((*index, row))
            if number is not None:
                return text.CHARACTER_SETS.get(number)
        common = set(stated.values())
        return text.CHARACTER_SETS.get(common.pop()) if len(common) == 1 else None
