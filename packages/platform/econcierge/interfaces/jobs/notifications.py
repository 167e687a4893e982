"""Sending mail from the delivery log. Each message is claimed, sent outside any transaction, and then marked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.conf import settings
from django.core import mail as django_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from procrastinate.contrib.django import app

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.core import clock, jobs
from econcierge.interfaces.jobs import schedule
from econcierge.notifications import mail, operations, queries
from econcierge.notifications.models import Delivery
from econcierge.notifications.types import Lease, Mail, Outcome

log = logging.getLogger(__name__)
MAIL_QUEUE = "mail"  # with a worker of its own (`launch.services`): long jobs never stand before a message
AT_ONCE = 50  # messages claimed together and sent over one connection
GATHER_JOB = "notifications.gather"
GATHERED_AT_ONCE = 2000
_sending, _asked = threading.Lock(), threading.Event()


@app.task(name=operations.SEND_JOB, queue=MAIL_QUEUE)
def send() -> None:
    """Sends what is due until nothing is. A message that is not marked is sent again with the same Message-ID.

    Each is marked right after the server's 250, so that a worker that dies repeats one at most. Nothing is begun
    in the second half of a lease: what somebody else might claim any moment is left to them. One at a time in a
    process, for the same reason; who comes while it sends only says that there is more.
    """
    _asked.set()
    while _asked.is_set() and _sending.acquire(blocking=False):
        try:
            _asked.clear()
            _send_what_is_due()
        finally:
            _sending.release()


def _send_what_is_due() -> None:
    connection = django_mail.get_connection()
    try:
        while claimed := _claimed():
            deliveries, lease = claimed
            _send_all(deliveries, lease, connection)
    finally:
        connection.close()


def _send_all(deliveries: Sequence[Delivery], lease: Lease, connection: BaseEmailBackend) -> None:
    """The next ones are written while one waits for the mail server and for its mark to be durable.

    What was not begun is given back, whatever ended this.
    """
    writer = ThreadPoolExecutor(max_workers=1)
    waiting = [delivery.pk for delivery in deliveries]
    try:
        written = [writer.submit(_write, delivery) for delivery in deliveries]
        for delivery, message in zip(deliveries, written, strict=True):
            if timezone.now() > lease.until - timedelta(seconds=settings.MAIL_LEASE_S) / 2:
                return
            waiting.remove(delivery.pk)
            _send(delivery, message.result(), connection)
    finally:
        writer.shutdown(cancel_futures=True)
        if waiting:
            _give_back(Lease(tuple(waiting), lease.until))


def _write(delivery: Delivery) -> Mail | str:
    """The message, or why it cannot be written. Asks the database nothing."""
    customer = delivery.customer.name if delivery.customer else ""
    try:
        return mail.render(delivery=delivery, sender=queries.sender_of(delivery), customer=customer)
    except Exception as broken:  # whatever is wrong with one message must not hold up the others
        log.exception("message %s cannot be written", delivery.pk)
        return f"cannot be written: {type(broken).__name__}: {broken}"


def _hand_over(delivery: Delivery, message: Mail, connection: BaseEmailBackend) -> tuple[Outcome, str]:
    """What became of it. One that no mail server could be given at all (an address that is none) is refused."""
    try:
        return mail.send(mail=message, connection=connection)
    except Exception as broken:  # whatever is wrong with one message must not hold up the others
        log.exception("message %s cannot be handed over", delivery.pk)
        connection.close()  # nobody knows where the talk with the server stopped
        return Outcome.REFUSED, f"cannot be handed over: {type(broken).__name__}: {broken}"


@app.task(name=GATHER_JOB)
def gather() -> None:
    """Makes the one mail a day of those who asked for it."""
    is_more = True
    while is_more:
        with scoping.transaction_as(Scope.everything()):
            is_more = operations.gather(now=clock.now(), most=GATHERED_AT_ONCE) == GATHERED_AT_ONCE


def ask_for_sending(now: datetime) -> None:
    """Asks for what waits for another attempt or for its hour, or was left by a worker that is gone."""
    if queries.anything_due(now=now, real_now=timezone.now()):
        jobs.defer(operations.SEND_JOB, once=operations.SEND_JOB)
    if queries.anything_to_gather(now=now):
        jobs.defer(GATHER_JOB, once=GATHER_JOB)


def _give_back(lease: Lease) -> None:
    with scoping.transaction_as(Scope.everything()):
        operations.give_back(lease=lease)


def _claimed() -> tuple[list[Delivery], Lease] | None:
    with scoping.transaction_as(Scope.everything()):
        lease = operations.lease(now=clock.now(), real_now=timezone.now(), most=AT_ONCE)
        deliveries = queries.to_send(ids=lease.delivery_ids)
    return (deliveries, lease) if deliveries else None


def _send(delivery: Delivery, message: Mail | str, connection: BaseEmailBackend) -> None:
    if isinstance(message, str):
        outcome, error = Outcome.REFUSED, message
    else:
        outcome, error = _hand_over(delivery, message, connection)
    with scoping.transaction_as(Scope.everything()):
        if outcome is Outcome.SENT:
            operations.record_sent(delivery_id=delivery.pk, now=clock.now())
        elif outcome is Outcome.RETURNED:
            operations.record_returned(delivery_id=delivery.pk, error=error, now=clock.now())
        elif outcome is Outcome.REFUSED:
            operations.record_refused(delivery_id=delivery.pk, error=error)
        else:
            operations.record_try_later(delivery_id=delivery.pk, error=error, now=clock.now())


schedule.DUE.append(ask_for_sending)
