"""A scope lives in a transaction."""

from __future__ import annotations

import pytest
from django.db import transaction

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope


def test_a_scope_outside_a_transaction_is_an_error() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        scoping.enter(Scope.everything())
