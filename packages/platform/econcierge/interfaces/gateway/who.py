"""Which assistant a request comes from, and under which scope it is served."""

from __future__ import annotations

from django.http import HttpRequest

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.fleet import assistants
from econcierge.fleet.models import Assistant
from econcierge.fleet.types import TokenFailure

REASONS = {
    TokenFailure.REVOKED: "this computer was disconnected in the portal; pair it again to go on",
    TokenFailure.UNKNOWN: "the token is not known here; pair this computer",
}


class NotKnown(Exception):
    """No token, or none that works; `code` says whether it ever did."""

    def __init__(self, failure: TokenFailure) -> None:
        super().__init__(REASONS[failure])
        self.code = failure.value


def assistant(request: HttpRequest) -> Assistant:
    """Raises `NotKnown`."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise NotKnown(TokenFailure.UNKNOWN)
    with scoping.transaction_as(Scope.everything()):
        found = assistants.by_token(token=token.strip())
    if isinstance(found, TokenFailure):
        raise NotKnown(found)
    return found


def scope(assistant: Assistant) -> Scope:
    """That of the customer whose printers it reads."""
    return Scope.customer(customer_id=assistant.customer_id, dealer_id=assistant.customer.dealer_id)
