"""A mail's link: one button stops the order or approves it, nobody signs in, and nobody else gets through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from econcierge.accounts import scoping
from econcierge.accounts.models import Membership
from econcierge.accounts.types import Role, Scope
from econcierge.core import clock
from econcierge.core.errors import IllegalMove, NotAllowed
from econcierge.journeys import automatic_orders
from econcierge.notifications.models import Delivery
from econcierge.orders.models import Order
from econcierge.replenishment import tokens
from econcierge.replenishment.models import ProposedOrder, StandingOrder

from .conftest import mails_went_out


@pytest.fixture
def browser(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Client]:
    monkeypatch.setattr(clock, "now", lambda: now)

    def of(person: Any = None, *, at: datetime = now) -> Client:
        monkeypatch.setattr(clock, "now", lambda: at)
        client = Client()
        client.cookies["django_language"] = "en-ca"
        if person is not None:
            client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return of


@pytest.fixture
def proposal(automatic: SimpleNamespace, switch_on: Callable[..., Any], now: datetime) -> ProposedOrder:
    switch_on()
    automatic_orders.propose(customer_id=automatic.customer.pk, now=now)
    mails_went_out(at=now)
    return ProposedOrder.objects.get()


@pytest.fixture
def to_approve(automatic: SimpleNamespace, switch_on: Callable[..., Any], now: datetime) -> ProposedOrder:
    switch_on(approve_above=0, approver=Role.CUSTOMER_ADMIN)
    automatic_orders.propose(customer_id=automatic.customer.pk, now=now)
    return ProposedOrder.objects.get()


def _link(proposal: ProposedOrder, email: str = "owner@example.test") -> str:
    scoping.enter(Scope.everything())
    told = Delivery.objects.get(kind="auto_order_announced", user__email=email)
    assert told.context["proposed_order_id"] == proposal.pk
    return reverse("decide_automatic", args=[told.context["token"]])


def _state(proposal: ProposedOrder) -> str:
    scoping.enter(Scope.everything())
    proposal.refresh_from_db()
    return proposal.state


def test_looking_changes_nothing_and_the_one_button_stops_it(
    proposal: ProposedOrder, browser: Callable[..., Client]
) -> None:
    link, client = _link(proposal), browser()
    page = client.get(link)
    assert page.status_code == 200
    assert page.content.decode().count('name="decision"') == 1
    assert "Reception" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert _state(proposal) == "announced"
    answer = client.post(link, {"decision": "veto"})
    assert answer.status_code == 200
    assert "This order is stopped" in answer.content.decode()
    assert _state(proposal) == "vetoed"
    again = client.post(link, {"decision": "veto"})
    assert again.status_code == 200
    moves = list(proposal.moves.order_by("id").values_list("to_state", flat=True))
    assert moves == ["proposed", "announced", "vetoed"]
    assert not Order.objects.exists()


def test_a_vetoed_order_is_never_placed(proposal: ProposedOrder, browser: Callable[..., Client], now: datetime) -> None:
    browser().post(_link(proposal), {"decision": "veto"})
    scoping.enter(Scope.everything())
    automatic_orders.place(proposed_order_id=proposal.pk, now=now + timedelta(hours=30))
    assert not Order.objects.exists()


def test_a_veto_that_comes_too_late_says_so(
    proposal: ProposedOrder, browser: Callable[..., Client], now: datetime
) -> None:
    link = _link(proposal)
    automatic_orders.place(proposed_order_id=proposal.pk, now=now + timedelta(hours=24))
    answer = browser(at=now + timedelta(hours=25)).post(link, {"decision": "veto"})
    assert answer.status_code == 409
    assert "decided already" in answer.content.decode()
    assert "This order is placed" in answer.content.decode()
    assert _state(proposal) == "placed"


def _forged(link: str) -> str:
    token = link.split("/")[2]
    return link.replace(token, token[:-2] + ("AA" if not token.endswith("AA") else "BB"))


def _of_another_salt(link: str) -> str:
    claim = signing.Signer(salt=tokens.SALT).unsign_object(link.split("/")[2])
    return reverse("decide_automatic", args=[signing.Signer(salt="another").sign_object(claim)])


def _of_another_shape(link: str) -> str:
    return reverse("decide_automatic", args=[signing.Signer(salt=tokens.SALT).sign_object({"a": 1})])


@pytest.mark.parametrize("change", [_forged, _of_another_salt, _of_another_shape])
def test_a_forged_link_is_not_found(
    proposal: ProposedOrder, browser: Callable[..., Client], change: Callable[[str], str]
) -> None:
    link = change(_link(proposal))
    for answer in (browser().get(link), browser().post(link, {"decision": "veto"})):
        assert answer.status_code == 404
        assert "Reception" not in answer.content.decode()
    assert _state(proposal) == "announced"


def test_a_link_to_anothers_proposal_is_not_found_even_if_it_were_signed(
    proposal: ProposedOrder, automatic: SimpleNamespace, browser: Callable[..., Client], now: datetime
) -> None:
    cast = automatic.cast
    claim = tokens.Claim(cast.bouleau.pk, proposal.pk, cast.neighbour.user.pk)
    link = reverse("decide_automatic", args=[tokens.sign(claim, now=now)])
    assert browser().get(link).status_code == 404
    assert browser().post(link, {"decision": "veto"}).status_code == 404
    assert _state(proposal) == "announced"


def test_a_link_expires(proposal: ProposedOrder, browser: Callable[..., Client], now: datetime) -> None:
    link = _link(proposal)
    late = browser(at=now + tokens.LASTS).post(link, {"decision": "veto"})
    assert late.status_code == 409
    assert "expired" in late.content.decode()
    assert _state(proposal) == "announced"
    assert browser(at=now + tokens.LASTS - timedelta(seconds=1)).get(link).status_code == 200


def test_who_has_left_can_do_nothing_with_an_old_link(
    proposal: ProposedOrder, automatic: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    link = _link(proposal)
    Membership.objects.filter(user=automatic.cast.owner.user).update(role=Role.CUSTOMER_VIEWER.value)
    assert browser().post(link, {"decision": "veto"}).status_code == 404
    assert _state(proposal) == "announced"


def test_an_approver_approves_and_it_is_placed_at_once(
    to_approve: ProposedOrder, browser: Callable[..., Client], now: datetime
) -> None:
    link = _link(to_approve)
    assert 'value="approve"' in browser().get(link).content.decode()
    assert "This order is approved" in browser().post(link, {"decision": "approve"}).content.decode()
    assert _state(to_approve) == "approved"
    assert automatic_orders.queries.due(now=now, most=9) == [to_approve.pk]
    automatic_orders.place(proposed_order_id=to_approve.pk, now=now)
    assert _state(to_approve) == "placed"
    assert browser().post(link, {"decision": "approve"}).status_code == 200


def test_who_may_not_approve_is_not_offered_it_and_is_refused(
    to_approve: ProposedOrder, browser: Callable[..., Client]
) -> None:
    link = _link(to_approve, "colleague@example.test")
    page = browser().get(link).content.decode()
    assert 'value="approve"' not in page
    assert 'value="veto"' in page
    assert browser().post(link, {"decision": "approve"}).status_code == 403
    assert _state(to_approve) == "announced"


def test_without_approval_it_is_never_placed_and_given_up_after_a_week(
    to_approve: ProposedOrder, now: datetime
) -> None:
    assert automatic_orders.queries.due(now=now + timedelta(days=6), most=9) == []
    automatic_orders.place(proposed_order_id=to_approve.pk, now=now + timedelta(days=6))
    assert _state(to_approve) == "announced"
    assert automatic_orders.queries.due(now=now + timedelta(days=7), most=9) == [to_approve.pk]
    automatic_orders.place(proposed_order_id=to_approve.pk, now=now + timedelta(days=7))
    assert (_state(to_approve), to_approve.reason) == ("stopped", "not_approved")
    assert not Order.objects.exists()


def test_permissions_of_the_journey_itself(
    to_approve: ProposedOrder, automatic: SimpleNamespace, now: datetime
) -> None:
    cast = automatic.cast
    for who in (cast.viewer, cast.technician):
        with pytest.raises(NotAllowed):
            automatic_orders.veto(actor=who.actor, proposal=to_approve, now=now)
    for who in (cast.viewer, cast.colleague, cast.seller, cast.operator):
        with pytest.raises(NotAllowed):
            automatic_orders.approve(actor=who.actor, proposal=to_approve, now=now)
    automatic_orders.veto(actor=cast.colleague.actor, proposal=to_approve, now=now)
    with pytest.raises(IllegalMove):
        automatic_orders.approve(actor=cast.owner.actor, proposal=to_approve, now=now)


FORM = {
    "slot": "every", "choice": "recommended", "per_order": "600", "per_month": "1000", "approve_above": "",
    "approver": "customer_buyer", "price_jump_percent": "15",
}  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 302), ("colleague", 403), ("viewer", 403), ("seller", 403), ("operator", 403)]
)
def test_only_the_customers_administrator_switches_it_on(
    automatic: SimpleNamespace, browser: Callable[..., Client], who: str, status: int
) -> None:
    address = reverse("automatic_printer", args=[automatic.printer.pk])
    answer = browser(getattr(automatic.cast, who)).post(address, FORM)
    assert answer.status_code == status
    scoping.enter(Scope.everything())
    assert StandingOrder.objects.count() == (1 if status == 302 else 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"per_month": "500"}, "cannot be below"),
        ({"per_order": "0"}, "greater than"),
        ({"choice": "part:106R03512"}, "can only be chosen for one supply"),
        ({"choice": "part:106R99999"}, "valid choice"),
        ({"approver": "dealer_admin"}, "valid choice"),
    ],
)
def test_limits_that_make_no_sense_are_said_at_the_field(
    automatic: SimpleNamespace, browser: Callable[..., Client], change: dict[str, str], said: str
) -> None:
    address = reverse("automatic_printer", args=[automatic.printer.pk])
    answer = browser(automatic.cast.owner).post(address, FORM | change)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    scoping.enter(Scope.everything())
    assert not StandingOrder.objects.exists()


def test_without_an_agreement_the_page_says_so_and_nothing_is_switched_on(
    automatic: SimpleNamespace, browser: Callable[..., Client], now: datetime
) -> None:
    automatic.agreement.ended_on = now.date()
    automatic.agreement.save()
    address = reverse("automatic_printer", args=[automatic.printer.pk])
    client = browser(automatic.cast.owner)
    page = client.get(address).content.decode()
    assert "no agreement for that" in page
    assert 'id="switch-on"' not in page
    assert client.post(address, FORM).status_code == 409
    scoping.enter(Scope.everything())
    assert not StandingOrder.objects.exists()


def test_switching_off_stops_what_was_announced(
    proposal: ProposedOrder, automatic: SimpleNamespace, browser: Callable[..., Client], now: datetime
) -> None:
    row = StandingOrder.objects.get()
    assert browser(automatic.cast.owner).post(reverse("automatic_off", args=[row.pk])).status_code == 302
    assert (_state(proposal), proposal.reason) == ("stopped", "switched_off")
    automatic_orders.place(proposed_order_id=proposal.pk, now=now + timedelta(days=2))
    assert not Order.objects.exists()
    assert browser(automatic.cast.owner).post(reverse("automatic_off", args=[row.pk])).status_code == 409


def test_the_dealer_sees_what_its_customers_let_happen(
    proposal: ProposedOrder, automatic: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    page = browser(automatic.cast.seller).get(reverse("automatic_orders")).content.decode()
    assert "Érable inc." in page
    assert "106R03524" in page
    assert "/automatic/W" not in page  # deciding is the customer's
    assert "Érable" not in browser(automatic.cast.rival).get(reverse("automatic_orders")).content.decode()
