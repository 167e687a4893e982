"""How allauth behaves here: nobody signs up by themselves without a dealer; mails speak the reader's language."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by a dealer's invitation."""
        return False
