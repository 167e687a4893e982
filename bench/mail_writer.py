"""Writes notices as a report does: `python -m bench.mail_writer CUSTOMER COUNT PER_S`; PER_S 0: in one transaction.

Prints a line a message after its commit, "seconds since 1970 Message-ID".
"""

from __future__ import annotations

import sys
import time
from uuid import uuid4

CONTEXT = {
    "site": "Montréal",
    "items": [
        {
            "episode_id": 1,
            "threshold": "low",
            "printer_id": 7,
            "printer": "Réception",
            "place": "2e étage",
            "slot_id": 70,
            "kind": "toner",
            "colour": "black",
            "description": "Black Toner Cartridge",
            "percent": 18.0,
            "state": "measured",
            "because": "programme",
            "threshold_percent": 20.0,
            "disagrees": False,
            "coming": [],
        }
    ],
}


def main(slug: str, count: int, per_s: float) -> None:
    import django

    django.setup()
    from econcierge.accounts import scoping
    from econcierge.accounts.models import Membership
    from econcierge.accounts.types import Scope
    from econcierge.core import clock
    from econcierge.notifications import operations
    from econcierge.notifications.models import Delivery
    from econcierge.notifications.types import Kind, Notice

    with scoping.transaction_as(Scope.everything()):
        reader = Membership.objects.get(customer__slug=slug)
    size = count if per_s == 0 else 1
    began = time.monotonic()
    for done in range(0, count, size):
        if per_s:
            time.sleep(max(0.0, began + done / per_s - time.monotonic()))
        keys = [str(uuid4()) for _ in range(size)]
        with scoping.transaction_as(Scope.everything()):
            notices = [Notice(Kind.SUPPLY_LOW, (reader.user_id,), key, CONTEXT) for key in keys]
            operations.notify_all(notices=notices, customer_id=reader.customer_id, now=clock.now())
            written = list(Delivery.objects.filter(key__in=keys).values_list("message_id", flat=True))
        at = time.time()
        sys.stdout.writelines(f"{at} {message_id}\n" for message_id in written)
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
