"""Why our reading differs from somebody's, one entry for each kind of difference: kept as data, used by the page.

Patterns are those of `fnmatch`. `right` is `ours`, `theirs` or `both`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from bench.accuracy.opinions import Opinion


@dataclass(frozen=True, slots=True)
class Reason:
    recordings: str
    by: str
    subjects: str
    right: str
    why: str

    def covers(self, opinion: Opinion) -> bool:
        pairs = ((opinion.recording, self.recordings), (opinion.by, self.by), (opinion.subject, self.subjects))
        return all(fnmatchcase(text, pattern) for text, pattern in pairs)


_SOME_LEFT = "The level is -3, some remains. LibreNMS stands 50 in its place; nobody measured it."
_BRAND = "The machine calls itself by its own brand; the peer names who built the engine, from sysObjectID."

REASONS = (
    *(
        Reason(f"librenms/{recording}", "LibreNMS", f"percent {index}", "ours", _SOME_LEFT)
        for recording, index in (
            ("brother", "1.1"),
            ("fujifilmprinter_c7580", "1.5"),
            ("konica", "1.13"),
            ("utax", "1.2"),
        )
    ),
    Reason(
        "librenms/sharp",
        "LibreNMS",
        "percent 1.5",
        "ours",
        "A waste container with level 100 of an unknown whole (-2): LibreNMS assumes 100, GLPI says it does not know"
        " (`100?`). The raw level is kept, no percentage is made of it.",
    ),
    Reason(
        "librenms/sharp",
        "GLPI agent",
        "percent waste_container",
        "both",
        "The same row: `100?` is the raw level of an unknown whole, which is what we say in two fields.",
    ),
    Reason(
        "librenms/identity-only/epson-scanner_ds-860",
        "LibreNMS",
        "*",
        "both",
        "A document scanner, no printer: the number is its network interface's, and we ask no scanner for more.",
    ),
    Reason(
        "librenms/dell-laser_s5830dn",
        "GLPI agent",
        "model",
        "ours",
        "Lexmark's engines put serial number and firmware behind the model's name; both have fields of their own.",
    ),
    Reason(
        "librenms/dell-laser_s5830dn",
        "GLPI agent",
        "percent maintenance_kit",
        "both",
        "Two rows of type 1: the maintenance kit at 83 and the roller kit at 89. GLPI knows the first only, we give"
        " both (and the comparison takes the last).",
    ),
    Reason(
        "librenms/epson",
        "GLPI agent",
        "model",
        "ours",
        "GLPI takes the model from a table by sysObjectID, which is one for every Epson with this network board.",
    ),
    Reason(
        "librenms/identity-only/samsungprinter_ml",
        "GLPI agent",
        "model",
        "ours",
        "From a table by sysObjectID; the device says ML-2850 in its own description.",
    ),
    *(
        Reason(
            f"librenms/{recording}",
            "GLPI agent",
            "model",
            "ours",
            "One sysObjectID for every Ricoh, Lanier and Savin; the device says its model in its description.",
        )
        for recording in (
            "identity-only/lanier",
            "identity-only/ricoh",
            "identity-only/ricoh_aficio",
            "identity-only/savin_c4503",
            "ricoh_mpc3002",
        )
    ),
    *(
        Reason(f"librenms/{recording}", "GLPI agent", "manufacturer", "ours", _BRAND)
        for recording in (
            "identity-only/developprinter",
            "konica",
            "identity-only/lanier",
            "identity-only/savin_c4503",
            "identity-only/toshiba-tec_estudio305",
            "utax",
        )
    ),
    Reason(
        "librenms/fujifilmprinter_c7580",
        "GLPI agent",
        "manufacturer",
        "ours",
        "The machine says FUJIFILM; Fuji Xerox is the name until 2021 of who owns the number 297.",
    ),
    Reason(
        "printmaster/brother",
        "GLPI agent",
        "mac",
        "both",
        "Two network cards. GLPI takes the one of the address table, we the first, which stays when the cable changes.",
    ),
    Reason(
        "bieniu-brother/hl-5350dn",
        "brother library",
        "state toner black",
        "ours",
        "Values of one octet, split every seven octets by the library: its number runs over four records. By tag,"
        " length, value the state is 1.",
    ),
    *(
        Reason(
            "snippets/epson_wf-maintenancebox_private",
            "peer of the thread",
            f"percent ink {colour}",
            "both",
            "The levels are those of rows 2 to 4, which have no name in this excerpt. Which row has which colour"
            " differs between models (the recorded SC-T3405 begins with yellow), so none is guessed.",
        )
        for colour in ("cyan", "magenta", "yellow")
    ),
)


def reason_for(opinion: Opinion) -> Reason | None:
    return next((reason for reason in REASONS if reason.covers(opinion)), None)
