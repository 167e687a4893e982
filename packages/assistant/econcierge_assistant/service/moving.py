"""A computer that is connected elsewhere begins anew there: nobody gets what was read for somebody else."""

from __future__ import annotations

import logging

from econcierge_assistant.service import pairing, store

FACT = "paired_with"

log = logging.getLogger(__name__)


def settle(opened: store.Store, *, paired: pairing.Pairing) -> bool:
    """True when this computer moved. To another site: every printer is news again. To another customer or platform:
    what waits for the former one is dropped as well."""
    whom = "\n".join((paired.server, paired.customer, paired.site))
    with opened.transaction() as connection:
        row = connection.execute("SELECT value FROM fact WHERE name = ?", (FACT,)).fetchone()
        before = row[0] if row else whom
        store.set_fact(connection, name=FACT, value=whom)
        if before == whom:
            return False
        connection.execute("UPDATE printer SET kept = NULL, kept_at = NULL")
        is_elsewhere = before.rpartition("\n")[0] != whom.rpartition("\n")[0]
        if is_elsewhere:
            connection.execute("DELETE FROM reading")
            connection.execute("DELETE FROM refused")
            store.set_fact(connection, name="delivery_problem", value="")
    log.warning("this computer is connected elsewhere now%s", ": what waited was dropped" if is_elsewhere else "")
    return True
