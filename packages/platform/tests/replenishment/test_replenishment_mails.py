"""The mails of automatic orders as the journeys write them, in both languages, as text and as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from econcierge.accounts.models import User
from econcierge.accounts.types import Role
from econcierge.journeys import automatic_orders
from econcierge.notifications import mail
from econcierge.notifications.models import Delivery
from econcierge.notifications.types import Mail, Sender

DEALER = Sender("Papeterie du Port", "ventes@papeterie.test")
LANGUAGES = ("en-ca", "fr-ca")


def _written(kind: str, language: str, email: str = "owner@example.test") -> Mail:
    delivery = Delivery.objects.get(kind=kind, user__email=email)
    delivery.language = language
    written = mail.render(delivery=delivery, sender=DEALER, customer="Érable inc.")
    plain = html.unescape(re.sub(r"<[^>]+>", " ", written.html))
    for form in (written.subject, written.text, plain):
        assert "None" not in form
        assert "%(" not in form
    if language == "fr-ca":
        assert not re.search(r" [:;?!%»]", re.sub(r"https?://\S+", "", written.text))
    return written


@pytest.mark.parametrize(
    ("language", "subject", "button", "calm"),
    [
        ("en-ca", "Tomorrow Reception orders by itself: $321.88", "Stop this order: ", "You need do nothing."),
        (
            "fr-ca", "Demain, Reception commande automatiquement\u00a0: 321,88\u00a0$",
            "Arrêter cette commande\u00a0: ", "Vous n’avez rien à faire.",
        ),
    ],
)  # fmt: skip
def test_an_order_is_announced(
    automatic: SimpleNamespace,
    switch_on: Callable[..., Any],
    now: datetime,
    language: str,
    subject: str,
    button: str,
    calm: str,
) -> None:
    switch_on()
    automatic_orders.propose(customer_id=automatic.customer.pk, now=now)
    written = _written("auto_order_announced", language)
    token = Delivery.objects.get(kind="auto_order_announced", user__email="owner@example.test").context["token"]
    assert written.subject == subject
    assert re.search(re.escape(button) + r"\S+/automatic/" + re.escape(token), written.text)
    assert f"/automatic/{token}/" in written.html
    assert calm in written.text
    assert "106R03524" in written.text
    assert written.unsubscribe_url == ""  # about one's own orders: it cannot be refused


@pytest.mark.parametrize(("language", "approve", "look"), [
    ("en-ca", "Look and approve", "Look at the order"), ("fr-ca", "Vérifier et approuver", "Voir la commande"),
])  # fmt: skip
def test_only_who_may_approve_is_asked_to(
    automatic: SimpleNamespace, switch_on: Callable[..., Any], now: datetime, language: str, approve: str, look: str
) -> None:
    switch_on(approve_above=0, approver=Role.CUSTOMER_ADMIN)
    automatic_orders.propose(customer_id=automatic.customer.pk, now=now)
    assert approve in _written("auto_order_announced", language).text
    buyer = _written("auto_order_announced", language, "colleague@example.test").text
    assert approve not in buyer
    assert look in buyer


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_order_that_is_held_says_the_order_and_the_limit(
    automatic: SimpleNamespace, switch_on: Callable[..., Any], now: datetime, language: str
) -> None:
    switch_on(order=100, month=100)
    automatic_orders.propose(customer_id=automatic.customer.pk, now=now)
    text = _written("auto_order_stopped", language).text
    assert ("$321.88" in text and "$100.00" in text) or ("321,88\u00a0$" in text and "100,00\u00a0$" in text)
    assert f"/printers/{automatic.printer.pk}/" in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en-ca", "The printer is now under a managed print services agreement."),
        ("fr-ca", "L’imprimante est maintenant sous une entente de services d’impression gérés."),
    ],
)
def test_automatic_ordering_that_stopped_says_why(
    automatic: SimpleNamespace, switch_on: Callable[..., Any], now: datetime, language: str, said: str
) -> None:
    switch_on()
    automatic.printer.managed_print = True
    automatic.printer.save()
    automatic_orders.propose(customer_id=automatic.customer.pk, now=now)
    written = _written("auto_order_stopped", language)
    assert said in written.text
    assert said in html.unescape(written.html)
    assert f"/printers/{automatic.printer.pk}/automatic/" in written.text


def test_nobody_without_the_right_to_order_is_written_to(
    automatic: SimpleNamespace, switch_on: Callable[..., Any], now: datetime
) -> None:
    switch_on()
    automatic_orders.propose(customer_id=automatic.customer.pk, now=now)
    told = User.objects.filter(delivery__kind="auto_order_announced").values_list("email", flat=True)
    assert set(told) == {"owner@example.test", "colleague@example.test"}
