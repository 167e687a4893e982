"""What the assistants of a site are told to do: read here, checked and changed here. Never a secret."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from econcierge.accounts import rules as roles
from econcierge.accounts.types import Actor, Permission, Scope
from econcierge.audit import operations as audit
from econcierge.core.errors import Invalid, NotAllowed, NotFound
from econcierge.fleet import queries, range_rules
from econcierge.fleet.models import Site, SiteSettings
from econcierge.fleet.types import DISCOVERY_METHODS, RangeFault, WatchSettings

MOST_ENTRIES = 200
MOST_ADDRESSES = 65_536  # in all ranges of a site: a /16, more than any office has
FAULTS = {
    RangeFault.UNREADABLE: _(
        "“%(entry)s” is no address. Write 10.0.0.0/24, 10.0.0.10-10.0.0.99, an address or a name; one a line."
    ),
    RangeFault.TOO_MANY: _(
        "“%(entry)s” has %(count)s addresses, and asking them all would take days. Name the part of the network in "
        "which the printers are, such as 10.0.0.0/24; up to 65,536 addresses in all."
    ),
    RangeFault.BACKWARDS: _("“%(entry)s” ends before it begins."),
}
LIMITS: dict[str, tuple[int, int]] = {
    "interval_s": (60, 86_400),
    "near_empty_interval_s": (60, 86_400),
    "night_interval_s": (60, 86_400),
    "heartbeat_h": (1, 24),
}


def of_site(site: Site) -> WatchSettings:
    """As they are, or the programme's own where nobody has changed anything (version 0)."""
    row = SiteSettings.objects.filter(site=site).first()
    if row is None:
        return WatchSettings()
    values = {field.name: getattr(row, field.name) for field in dataclasses.fields(WatchSettings)}
    return WatchSettings(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


def version_of(*, site_id: int) -> int:
    return SiteSettings.objects.filter(site_id=site_id).values_list("version", flat=True).first() or 0


def site(scope: Scope, *, site_id: int) -> Site:
    """Raises `NotFound`."""
    found = queries.sites(scope).select_related("customer").filter(pk=site_id).first()
    if found is None:
        raise NotFound(_("There is no such site."))
    return found


def change(*, actor: Actor, site: Site, wanted: WatchSettings, now: datetime) -> int:
    """Takes these settings from now on; their version, which only grows when something changed.

    Raises `NotAllowed`, `Invalid` (fields, a sentence for each entry that cannot be meant).
    """
    if not roles.may(actor.role, Permission.MANAGE_FLEET):
        raise NotAllowed(_("Your role does not let you change how printers are read. Ask your administrator."))
    checked = _checked(wanted)
    row = SiteSettings.objects.select_for_update().filter(site=site).first()
    present = of_site(site)
    if row is not None and dataclasses.replace(checked, version=present.version) == present:
        return present.version
    version = present.version + 1
    values = dataclasses.asdict(checked) | {"version": version}
    values |= {name: list(values[name]) for name in ("ranges", "deny", "methods")}
    SiteSettings.objects.update_or_create(
        site=site, defaults={**values, "customer_id": site.customer_id, "changed_at": now}
    )
    changed = {
        name: str(value) for name, value in values.items() if name != "version" and value != _plain(present, name)
    }
    audit.record(
        action="site.settings_changed", subject=site, now=now, actor=actor, customer_id=site.customer_id,
        version=version, **changed,
    )  # fmt: skip
    return version


def _plain(settings: WatchSettings, name: str) -> object:
    value = getattr(settings, name)
    return list(value) if isinstance(value, tuple) else value


def _checked(wanted: WatchSettings) -> WatchSettings:
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(wanted, name) <= most:
            raise Invalid(_("Give a time from one minute to one day."), fields=(name,))
    if wanted.near_empty_interval_s > wanted.interval_s:
        raise Invalid(
            _("Near empty, printers are read at least as often as otherwise."), fields=("near_empty_interval_s",)
        )
    if wanted.night_interval_s < wanted.interval_s:
        raise Invalid(_("At night, printers are read at most as often as by day."), fields=("night_interval_s",))
    methods = tuple(one for one in DISCOVERY_METHODS if one in wanted.methods)
    if wanted.discover and not methods:
        raise Invalid(_("Choose at least one way to search, or do not search at all."), fields=("methods",))
    return dataclasses.replace(
        wanted, methods=methods, ranges=_entries(wanted.ranges), deny=_entries(wanted.deny, is_deny=True)
    )


def _entries(entries: Iterable[str], *, is_deny: bool = False) -> tuple[str, ...]:
    """Without blanks and repeats, every one checked. Raises `Invalid` with the entry and what is wrong with it."""
    field = "deny" if is_deny else "ranges"
    found = tuple(dict.fromkeys(" ".join(entry.split()) for entry in entries if entry.strip()))
    if len(found) > MOST_ENTRIES:
        raise Invalid(_("Give at most 200 entries."), fields=(field,))
    left = MOST_ADDRESSES
    for entry in found:
        if is_deny and range_rules.is_mac(entry):
            continue
        size = range_rules.size(entry)
        fault = size if isinstance(size, RangeFault) else RangeFault.TOO_MANY if size > left and not is_deny else None
        if fault is not None:
            count = "" if isinstance(size, RangeFault) else number_format(size, force_grouping=True)
            raise Invalid(FAULTS[fault] % {"entry": entry[:60], "count": count}, fields=(field,))
        left -= 0 if is_deny or isinstance(size, RangeFault) else size
    return found
