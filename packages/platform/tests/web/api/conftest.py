"""A person's programme: a key of theirs and JSON over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from econcierge.core import clock

BASE = "/api/v1"


class Programme:
    def __init__(self, token: str, language: str | None = "en-CA") -> None:
        self.http = Client()
        self.token = token
        self.headers = {"Authorization": f"Bearer {token}"}
        if language:
            self.headers["Accept-Language"] = language

    def get(self, path: str, **query: Any) -> Any:
        return self.http.get(BASE + path, query, headers=self.headers)

    def post(self, path: str, body: Any = None) -> Any:
        return self.http.post(
            BASE + path, json.dumps(body or {}), content_type="application/json", headers=self.headers
        )

    def put(self, path: str, body: Any) -> Any:
        return self.http.put(BASE + path, json.dumps(body), content_type="application/json", headers=self.headers)

    def delete(self, path: str) -> Any:
        return self.http.delete(BASE + path, headers=self.headers)


@pytest.fixture
def programme(cast: object, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Programme]:
    """A programme with a key of one of the cast; None: with none that is known."""
    from econcierge.accounts import scoping, tokens
    from econcierge.accounts.models import Membership
    from econcierge.accounts.types import Scope, TokenKind
    from econcierge.interfaces.api import callers

    monkeypatch.setattr(clock, "now", lambda: now)
    callers.PACE.clear()

    def of(person: Any, language: str | None = "en-CA") -> Programme:
        if person is None:
            return Programme("ecp_nobody-has-this-one", language)
        scoping.enter(Scope.everything())
        membership = Membership.objects.get(user=person.user)
        _row, text = tokens.create(membership=membership, name="Stock room", kind=TokenKind.INTEGRATION, now=now)
        return Programme(text, language)

    return of
