"""Connecting a computer, from its first question to its token: who may approve, and every way it can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def approve(browser: Any, computer: Any, **said: Any) -> Any:
    return browser.post("/pair/", {"code": computer.asked["user_code"], "answer": "approve", **said})


def test_a_service_is_approved_for_a_site_and_gets_its_token_once(
    cast: SimpleNamespace, computer: Callable[..., Any], browser: Callable[..., Any]
) -> None:
    service = computer()
    asked = service.ask(version="0.1.0")
    assert asked["verification_uri_complete"].endswith(f"/pair/?code={asked['user_code']}")
    assert (asked["expires_in"], asked["interval"]) == (900, 5)
    assert service.poll() == (400, {"error": "authorization_pending"})
    page = browser(cast.owner).get("/pair/", {"code": asked["user_code"].lower().replace("-", " ")})
    assert "SRV1" in page.content.decode()
    done = approve(browser(cast.owner), service, site=cast.sites["erable"].pk)
    assert done.status_code == 200, done.content.decode()
    status, given = service.poll()
    assert status == 200
    assert given["site"] == {"slug": "main", "name": "Main"}
    assert given["customer"] == {"name": "Érable inc."}
    assert given["person"]["email"] == "owner@example.test"
    assert service.poll() == (400, {"error": "invalid_grant"})
    assert service.get("/gateway/v1/settings").status_code == 200
