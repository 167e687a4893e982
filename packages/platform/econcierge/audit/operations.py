"""Adding to the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from econcierge.audit.models import Entry
from econcierge.audit.types import Doer


def record(
    *,
    action: str,
    subject: Any,
    now: datetime,
    actor: Doer | None = None,
    customer_id: int | None = None,
    **details: Any,
) -> None:
    """`subject` is a saved model instance; `details` are plain values. Same transaction as the deed."""
    Entry.objects.create(
        at=now,
        customer_id=customer_id,
        actor_id=actor.user_id if actor else None,
        actor_name=actor.name if actor else "",
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        details=details,
    )
