"""A computer that asks to be connected, as its programme would, and people's browsers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from econcierge.core import clock

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"


class Wall:
    """The wall clock of a test: it stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def wall(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Wall:
    standing = Wall(now)
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "wall", standing)
    return standing


@pytest.fixture
def browser(wall: Wall) -> Callable[..., Client]:
    """A browser of one of the cast (None: nobody has signed in)."""

    def of(person: Any = None, language: str = "en-ca") -> Client:
        client = Client()
        client.cookies["django_language"] = language
        if person is not None:
            client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return of


class Computer:
    """One half of the Supplies Assistant on a computer, over HTTP."""

    def __init__(self, client_id: str, wall: Wall) -> None:
        self.client_id = client_id
        self.http = Client()
        self.wall = wall
        self.asked: dict[str, Any] = {}
        self.token = ""

    def ask(self, **said: str) -> dict[str, Any]:
        answer = self.http.post("/gateway/v1/pair", {"client_id": self.client_id, "computer_name": "SRV1", **said})
        assert answer.status_code == 200, answer.content
        self.asked = answer.json()
        return self.asked

    def poll(self, *, after_s: float = 5, **instead: str) -> tuple[int, dict[str, Any]]:
        self.wall.pass_s(after_s)
        asked = {
            "grant_type": GRANT_TYPE, "device_code": self.asked["device_code"], "client_id": self.client_id
        } | instead  # fmt: skip
        answer = self.http.post("/gateway/v1/pair/token", asked)
        given = answer.json()
        self.token = given.get("access_token", self.token)
        return answer.status_code, given

    def get(self, path: str, **headers: str) -> Any:
        return self.http.get(path, headers={"Authorization": f"Bearer {self.token}", **headers})

    def post(self, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.http.post(path, body or {}, content_type="application/json", headers=headers)


@pytest.fixture
def computer(cast: object, wall: Wall) -> Callable[..., Computer]:
    """Rates are counted in this process: every test begins with none."""
    from econcierge.interfaces.gateway import pairing, watching

    for pace in (pairing.ASKING, pairing.COLLECTING, pairing.ROTATING, watching.PACE):
        pace.clear()
    cache.clear()
    return lambda client_id="assistant": Computer(client_id, wall)
