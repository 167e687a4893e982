"""Writing messages into the delivery log, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models import F, Q

from econcierge.accounts.models import User
from econcierge.core import jobs
from econcierge.notifications import rules
from econcierge.notifications import types as t
from econcierge.notifications.models import Delivery, Habit, Preference, SetAside
from econcierge.notifications.types import Kind, Lease, Notice

SEND_JOB = "notifications.send"
SENT_AFTER_ALL = timedelta(days=7)  # what was set aside longer ago is no news any more


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
    ways = _Ways(list(people.values()))
    rows = [
        _message(notice=notice, user=people[user_id], customer_id=customer_id, ways=ways, now=now)
        for notice in notices
        for user_id in dict.fromkeys(notice.user_ids)
        if user_id in people and not (rules.may_refuse(notice.kind) and (user_id, notice.kind.value) in refused)
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.state == Delivery.State.PENDING and row.next_attempt_at <= now for row in rows):
        jobs.defer(SEND_JOB, once=SEND_JOB)
    return len(rows)


class _Ways:
    """How messages reach some people: their habits, and which addresses are set aside; two queries."""

    def __init__(self, users: Sequence[User]) -> None:
        habits = Habit.objects.filter(user__in=[user.pk for user in users])
        self._habits = {
            one.user_id: t.Habit(one.time_zone, one.daily_at, one.quiet_from, one.quiet_to) for one in habits
        }
        addresses = [user.email.casefold() for user in users]
        self._aside = set(SetAside.objects.filter(address__in=addresses).values_list("address", flat=True))

    def due(self, user: User, kind: Kind, *, now: datetime) -> t.Due:
        return rules.due(kind=kind, habit=self._habits.get(user.pk), now=now)

    def state(self, user: User, due: t.Due) -> Delivery.State:
        if user.email.casefold() in self._aside:
            return Delivery.State.ASIDE
        return Delivery.State.WAITING if due.is_gathered else Delivery.State.PENDING


def set_habit(*, user: User, habit: t.Habit, muted_site_ids: Sequence[int]) -> None:
    """How a person wants what can wait. Messages that wait already go out as was said before."""
    values = {
        "time_zone": habit.time_zone,
        "daily_at": habit.daily_at,
        "quiet_from": habit.quiet_from,
        "quiet_to": habit.quiet_to,
        "muted_site_ids": sorted(muted_site_ids),
    }
    Habit.objects.update_or_create(user=user, defaults=values)


def gather(*, now: datetime, most: int) -> int:
    """Makes one message a person of what waited for it until now; how many were gathered.

    The rows are claimed by this transaction, so that each is told in one mail only.
    """
    due = Delivery.objects.filter(state=Delivery.State.WAITING, next_attempt_at__lte=now)
    waiting = list(due.select_for_update(of=("self",), skip_locked=True).select_related("user").order_by("id")[:most])
    by_person: dict[tuple[int, int | None], list[Delivery]] = {}
    for one in waiting:
        by_person.setdefault((one.user_id, one.customer_id), []).append(one)
    for (_, customer_id), parts in by_person.items():
        context = {"parts": [{"kind": one.kind, "context": one.context} for one in parts]}
        notice = Notice(Kind.DAILY, (parts[0].user_id,), f"daily:{parts[0].pk}", context)
        ways = _Ways([parts[0].user])
        letter = _message(notice=notice, user=parts[0].user, customer_id=customer_id, ways=ways, now=now)
        letter.save()
        Delivery.objects.filter(pk__in=[one.pk for one in parts]).update(
            state=Delivery.State.GATHERED, gathered_in=letter
        )
    if by_person:
        jobs.defer(SEND_JOB, once=SEND_JOB)
    return len(waiting)


def set_preference(*, user: User, kind: Kind, wanted: bool) -> None:
    """What a person wants to hear of; messages about their orders and repairs cannot be refused.

    The one mail a day stands for everything that it may gather.
    """
    kinds = rules.REFUSABLE if kind is Kind.DAILY else {kind} & rules.REFUSABLE
    for one in kinds:
        Preference.objects.update_or_create(user=user, kind=one.value, defaults={"wanted": wanted})


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
    until = real_now + timedelta(seconds=settings.MAIL_LEASE_S)
    Delivery.objects.filter(pk__in=ids).update(leased_until=until, attempts=F("attempts") + 1)
    return Lease(ids, until)


def give_back(*, lease: Lease) -> None:
    """What was claimed and not tried is anybody's again."""
    Delivery.objects.filter(pk__in=lease.delivery_ids, state=Delivery.State.PENDING, leased_until=lease.until).update(
        leased_until=None, attempts=F("attempts") - 1
    )


def record_sent(*, delivery_id: int, now: datetime) -> None:
    Delivery.objects.filter(pk=delivery_id, state=Delivery.State.PENDING).update(
        state=Delivery.State.SENT, sent_at=now, leased_until=None, last_error=""
    )


def record_refused(*, delivery_id: int, error: str) -> None:
    """The mail server will never take it."""
    Delivery.objects.filter(pk=delivery_id, state=Delivery.State.PENDING).update(
        state=Delivery.State.FAILED, leased_until=None, last_error=error[:500]
    )


def record_returned(*, delivery_id: int, error: str, now: datetime) -> None:
    """There is no such address: this message has failed, and no other is sent there until somebody tries again."""
    delivery = Delivery.objects.get(pk=delivery_id)
    _record_failed(delivery, said=error)
    _set_aside(delivery.address, said=error, now=now)


def record_bounce(*, bounce: t.Bounce, now: datetime) -> bool:
    """A message of ours came back for good; False when it is none of ours, which nobody has to believe.

    Its address is set aside only where that is at fault: a full box or a policy refuses the message, not the next one.
    """
    delivery = Delivery.objects.filter(message_id=bounce.message_id).first()
    if delivery is None or bounce.recipient.casefold() not in ("", delivery.address.casefold()):
        return False
    _record_failed(delivery, said=bounce.said)
    if rules.is_address_at_fault(said=bounce.said):
        _set_aside(delivery.address, said=bounce.said, now=now)
    return True


def try_again(*, address: str, now: datetime) -> bool:
    """Sends to an address again, what was set aside lately included; False when it was not set aside."""
    found, _ = SetAside.objects.filter(address=address.casefold()).delete()
    if not found:
        return False
    Delivery.objects.filter(
        state=Delivery.State.ASIDE, address__iexact=address, created_at__gte=now - SENT_AFTER_ALL
    ).update(state=Delivery.State.PENDING, next_attempt_at=now)
    jobs.defer(SEND_JOB, once=SEND_JOB)
    return True


def _record_failed(delivery: Delivery, *, said: str) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.FAILED, leased_until=None, last_error=said[:500]
    )


def _set_aside(address: str, *, said: str, now: datetime) -> None:
    SetAside.objects.update_or_create(address=address.casefold(), defaults={"since": now, "said": said[:500]})


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


def _message(*, notice: Notice, user: User, customer_id: int | None, ways: _Ways, now: datetime) -> Delivery:
    due = ways.due(user, notice.kind, now=now)
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
        next_attempt_at=due.at,
        state=ways.state(user, due),
    )
