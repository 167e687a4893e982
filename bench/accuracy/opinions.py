"""What others say of the recordings: their files, each in its own shape, to one list of opinions.

An opinion is about one subject of one recording: `percent 1.3`, `percent toner cyan`, `serial`, `total`. Nothing is
left out that a peer stated, placeholders neither: those are a matter for the reasons.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MASKED = frozenset({"<private>", "", None})
_GLPI_KINDS = {
    "TONER": "toner",
    "CARTRIDGE": "ink",
    "DRUM": "drum",
    "DEVELOPER": "developer",
    "FUSERKIT": "fuser",
    "TRANSFERKIT": "transfer",
    "WASTETONER": "waste_container",
    "MAINTENANCEKIT": "maintenance_kit",
}
_GLPI_IDENTITY = {word: word for word in ("serial", "model", "manufacturer", "mac")} | {"name": "hostname"}
_LIBRENMS_IDENTITY = {"serial": "serial", "hardware": "model", "version": "firmware", "sysDescr": "sys_descr"}
_BROTHER_LIVES = {
    "drum_remaining_life": "percent drum",
    "belt_unit_remaining_life": "percent transfer_belt",
    "fuser_remaining_life": "percent fuser",
    "pf_kit_1_remaining_life": "percent Paper Feeding Kit 1",
}
_BROTHER_PAGES = {
    "drum_remaining_pages": "pages left drum",
    "fuser_unit_remaining_pages": "pages left fuser",
    "laser_unit_remaining_pages": "pages left Laser Unit",
    "pf_kit_1_remaining_pages": "pages left Paper Feeding Kit 1",
    "pf_kit_mp_remaining_pages": "pages left Paper Feeding Kit MP",
}
_BROTHER_COUNTS = {"page_counter": "total", "bw_counter": "black", "color_counter": "colour"}


@dataclass(frozen=True, slots=True)
class Opinion:
    recording: str  # folder/name without its ending
    by: str
    subject: str
    value: Any


def all_of(corpus: Path) -> list[Opinion]:
    """In the order of the folders."""
    readers = (_librenms, _glpi, _printmaster, _snippets, _brother, _ipp)
    return [opinion for reader in readers for opinion in reader(corpus)]


def _load(path: Path) -> Any:
    return json.loads(path.read_text())


def _librenms(corpus: Path) -> Iterator[Opinion]:
    for path in sorted((corpus / "librenms").rglob("*.expected.json")):
        said, name = _load(path), _name(path, corpus)
        for theirs, ours in _LIBRENMS_IDENTITY.items():
            if said.get(theirs) not in MASKED:
                yield Opinion(name, "LibreNMS", ours, said[theirs])
        for row in said.get("supplies") or ():
            index = ".".join(row["oid"].split(".")[11:])
            if row["current_percent"] is not None:
                yield Opinion(name, "LibreNMS", f"percent {index}", row["current_percent"])


def _glpi(corpus: Path) -> Iterator[Opinion]:
    for path in sorted((corpus / "glpi-replay").glob("*.json")):
        said = _load(path)
        folder, _, stem = path.stem.partition("__")
        name = next(_name(p, corpus) for p in (corpus / folder).rglob(f"{stem}.snmprec"))
        for theirs, ours in _GLPI_IDENTITY.items():
            if said.get(theirs) not in MASKED:
                yield Opinion(name, "GLPI agent", ours, said[theirs])
        if "TOTAL" in (said.get("pagecounters") or {}):
            yield Opinion(name, "GLPI agent", "total", int(said["pagecounters"]["TOTAL"]))
        for word, level in (said.get("cartridges") or {}).items():
            yield Opinion(name, "GLPI agent", f"percent {_glpi_supply(word)}", level)


def _glpi_supply(word: str) -> str:
    prefix = next(prefix for prefix in _GLPI_KINDS if word.startswith(prefix))
    return f"{_GLPI_KINDS[prefix]} {word.removeprefix(prefix).lower()}".strip()


def _printmaster(corpus: Path) -> Iterator[Opinion]:
    for path in sorted((corpus / "printmaster").glob("*.expected.json")):
        said, name = _load(path), _name(path, corpus)
        for theirs, ours in {"vendor": "manufacturer", "serial": "serial", "sysDescr": "sys_descr"}.items():
            if said.get(theirs):
                yield Opinion(name, "printmaster", ours, said[theirs])
        for theirs, ours in {"has_supplies": "has supplies", "has_page_count": "has total"}.items():
            if theirs in said:
                yield Opinion(name, "printmaster", ours, said[theirs])


def _snippets(corpus: Path) -> Iterator[Opinion]:
    for path in sorted((corpus / "snippets").glob("*.expected.json")):
        said, name = _load(path), _name(path, corpus)
        for row in said.get("rule_expected_rfc3805") or ():
            yield Opinion(name, "arithmetic by hand", f"percent 1.{row['index']}", row["percent"])
        peer = said.get("peer_expected") or []
        rows = _snippet_rows(peer) if isinstance(peer, list) else _snippet_words(peer)
        for subject, value in rows:
            if value is not None:
                yield Opinion(name, "peer of the thread", subject, value)


def _snippet_rows(rows: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    """By index where there is one, else in the order of the rows."""
    for place, row in enumerate(rows, start=1):
        yield f"percent 1.{row['index']}" if "index" in row else f"percent #{place}", row["percent"]


def _snippet_words(words: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for word, value in {**words, **words.get("cartridges", {})}.items():
        if word == "vendor":
            yield "manufacturer", value
        elif word in ("model", "serial"):
            yield word, value
        elif word.startswith("maintenance box"):
            yield "percent waste_container", value
        elif word != "cartridges":
            yield f"percent {_glpi_supply(word)}", value


def _brother(corpus: Path) -> Iterator[Opinion]:
    for path in sorted((corpus / "bieniu-brother").glob("*.expected.json")):
        said, name = _load(path), _name(path, corpus)
        for word in ("model", "serial", "firmware"):
            if said.get(word):
                yield Opinion(name, "brother library", word, said[word])
        for sensor, value in said["sensors"].items():
            yield Opinion(name, "brother library", _brother_subject(sensor), value)


def _brother_subject(sensor: str) -> str:
    colour, _, rest = sensor.partition("_")
    if rest in ("toner_remaining", "ink_remaining"):
        return f"percent {rest.removesuffix('_remaining')} {colour}"
    if rest in ("toner_status", "ink_status"):
        return f"state {rest.removesuffix('_status')} {colour}"
    if rest == "drum_remaining_life":
        return f"percent drum {colour}"
    if sensor == "status":
        return "console"
    known = {**_BROTHER_LIVES, **_BROTHER_PAGES, **_BROTHER_COUNTS}
    return known.get(sensor, f"not carried: {sensor}")


def _ipp(corpus: Path) -> Iterator[Opinion]:
    for path in sorted((corpus / "ipp").glob("*.decoded-by-rule.json")):
        said, name = _load(path)["attributes"], f"ipp/{path.name.removesuffix('.decoded-by-rule.json')}"
        for place, level in enumerate(_list(said.get("marker-levels")), start=1):
            yield Opinion(name, "decoded by hand", f"percent #{place}", level)
    for path in sorted((corpus / "ipp").glob("pyipp-*.expected.json")):
        said = _load(path)
        name = f"ipp/{said['fixture']}"
        for word, value in (said.get("info") or {}).items():
            if word in ("manufacturer", "model", "serial") and value:
                yield Opinion(name, "pyipp", word, value)
        for marker in said.get("markers") or ():
            yield Opinion(name, "pyipp", f"percent #{marker['marker_id'] + 1}", marker["level"])


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _name(path: Path, corpus: Path) -> str:
    relative = path.relative_to(corpus)
    return str(relative.with_name(relative.name.removesuffix(".expected.json").removesuffix(".snmprec")))
