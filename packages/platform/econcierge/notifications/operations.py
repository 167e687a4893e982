"""Writing messages into the delivery log, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models import F, Q

from econcierge.accounts.models import User
from econcierge.core import jobs
from econcierge.notifications import rules
from econcierge.notifications.models import Delivery, Preference
from econcierge.notifications.types import LEASE_LASTS, Kind, Lease, Notice

SEND_JOB = "notifications.send"


def notify(
    *, kind: Kind, users: Iterable[User], customer_id: int | None, key: str, context: dict[str, Any], now: datetime
) -> int:
    """Writes one message a person in the caller's transaction and asks for their sending; how many people.

    A person is told once for ever of a (customer, key), and not at all of what they refused.
    """
    notice = Notice(kind, tuple(user.pk for user in users), key, context)
    return notify_all(notices=[notice], customer_id=customer_id, now=now)


def notify_all(*, notices: Sequence[Notice], customer_id: int | None, now: datetime) -> int:
    """As `notify`, for many notices in the same few statements."""
    ids = {user_id for notice in notices for user_id in notice.user_ids}
    if not ids:
        return 0
    people = {user.pk: user for user in User.objects.filter(pk__in=ids, is_active=True)}
    refused = set(Preference.objects.filter(user__in=ids, wanted=False).values_list("user_id", "kind"))
    rows = [
        _message(notice=notice, user=people[user_id], customer_id=customer_id, now=now)
        for notice in notices
        for user_id in dict.fromkeys(notice.user_ids)
        if user_id in people and not (rules.may_refuse(notice.kind) and (user_id, notice.kind.value) in refused)
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        jobs.defer(SEND_JOB, once=SEND_JOB)
    return len(rows)


def set_preference(*, user: User, kind: Kind, wanted: bool) -> None:
    """What a person wants to hear of; messages about their orders and repairs cannot be refused."""
    if rules.may_refuse(kind):
        Preference.objects.update_or_create(user=user, kind=kind.value, defaults={"wanted": wanted})


def lease(*, now: datetime, real_now: datetime, most: int) -> Lease:
    """Claims due messages with a conditional update: whoever changes the row sends it, until the lease ends.

    What is due goes by the platform's clock; how long a lease lasts by the real one, as sending takes real time.
    """
    due = (
        Delivery.objects.filter(state=Delivery.State.PENDING, next_attempt_at__lte=now)
        .filter(Q(leased_until__isnull=True) | Q(leased_until__lte=real_now))
        .order_by("next_attempt_at", "id")
        .select_for_update(skip_locked=True)
        .values_list("id", flat=True)
    )
    ids = tuple(due[:most])
    until = real_now + LEASE_LASTS
    Delivery.objects.filter(pk__in=ids).update(leased_until=until, attempts=F("attempts") + 1)
    return Lease(ids, until)


def record_sent(*, delivery_id: int, now: datetime) -> None:
    Delivery.objects.filter(pk=delivery_id, state=Delivery.State.PENDING).update(
        state=Delivery.State.SENT, sent_at=now, leased_until=None, last_error=""
    )


def record_refused(*, delivery_id: int, error: str) -> None:
    """The mail server will never take it."""
    Delivery.objects.filter(pk=delivery_id, state=Delivery.State.PENDING).update(
        state=Delivery.State.FAILED, leased_until=None, last_error=error[:500]
    )


def record_try_later(*, delivery_id: int, error: str, now: datetime) -> None:
    """Tried again with the same Message-ID after a growing pause; after the last pause it has failed."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    pause = rules.retry_after(attempts=delivery.attempts)
    delivery.leased_until = None
    delivery.last_error = error[:500]
    if pause is None:
        delivery.state = Delivery.State.FAILED
    else:
        delivery.next_attempt_at = now + pause
    delivery.save(update_fields=["leased_until", "last_error", "state", "next_attempt_at"])


def _message(*, notice: Notice, user: User, customer_id: int | None, now: datetime) -> Delivery:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return Delivery(
        customer_id=customer_id,
        user=user,
        kind=notice.kind.value,
        language=user.language,
        address=user.email,
        context=notice.context,
        key=notice.key,
        message_id=f"<{uuid4()}@{domain}>",
        created_at=now,
        next_attempt_at=now,
    )
