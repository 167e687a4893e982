"""Connected applications and keys: shown once, kept as a hash, each person's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def made(browser: Any, name: str = "Stock room") -> str:
    found = re.search(r'<code id="key">(ecp_[^<]+)</code>', browser.post("/keys/", {"name": name}).content.decode())
    assert found
    return found[1]


def works(token: str) -> bool:
    return Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_a_key_is_shown_once_and_kept_as_a_hash(cast: SimpleNamespace, browser: Callable[..., Any]) -> None:
    from econcierge.accounts import scoping
    from econcierge.accounts.models import ApiToken
    from econcierge.accounts.types import Scope

    owner = browser(cast.owner)
    token = made(owner)
    assert works(token)
    page = owner.get("/keys/").content.decode()
    assert "Stock room" in page
    assert token not in page
    scoping.enter(Scope.everything())
    row = ApiToken.objects.get()
    assert token not in str(vars(row))
    assert row.last_used_at is not None


def test_taken_back_by_its_person_only(cast: SimpleNamespace, browser: Callable[..., Any]) -> None:
    from econcierge.accounts import scoping
    from econcierge.accounts.models import ApiToken
    from econcierge.accounts.types import Scope

    token = made(browser(cast.owner))
    scoping.enter(Scope.everything())
    page = f"/keys/{ApiToken.objects.get().pk}/revoke/"
    for who in (cast.colleague, cast.neighbour, cast.seller, cast.operator):
        assert "Stock room" not in browser(who).get("/keys/").content.decode()
        assert browser(who).post(page).status_code == 404
    assert works(token)
    assert browser(cast.owner).post(page).status_code == 302
    assert not works(token)


def test_each_wall_holds_by_itself(cast: SimpleNamespace, browser: Callable[..., Any]) -> None:
    from econcierge.accounts import scoping
    from econcierge.accounts.models import ApiToken

    made(browser(cast.owner))
    scoping.enter(cast.colleague.actor.scope)
    assert ApiToken.objects.count() == 0
    scoping.enter(cast.owner.actor.scope)
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("name", ["", " ", "x" * 121])
def test_a_key_needs_a_name(name: str, cast: SimpleNamespace, browser: Callable[..., Any]) -> None:
    answer = browser(cast.owner).post("/keys/", {"name": name})
    assert answer.status_code == 400
    assert "ecp_" not in answer.content.decode()


def test_who_has_no_part_in_a_company_has_no_key(cast: SimpleNamespace, browser: Callable[..., Any]) -> None:
    assert "Make a key" not in browser(cast.technician).get("/keys/").content.decode()
    assert browser(cast.technician).post("/keys/", {"name": "Mine"}).status_code == 403


def test_there_is_an_end_to_keys(
    cast: SimpleNamespace, browser: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from econcierge.accounts import tokens

    monkeypatch.setattr(tokens, "MOST_TOKENS", 2)
    owner = browser(cast.owner)
    for number in range(2):
        made(owner, f"Key {number}")
    answer = owner.post("/keys/", {"name": "One more"})
    assert (answer.status_code, "You have 50 keys already" in answer.content.decode()) == (400, True)
