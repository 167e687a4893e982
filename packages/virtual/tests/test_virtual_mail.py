"""The mail catcher over real SMTP and HTTP."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from econcierge_virtual import serving
from econcierge_virtual.mail import app, html, smtp
from econcierge_virtual.mail.store import MailStore

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


@dataclass
class MailBox:
    client: httpx.AsyncClient
    smtp_port: int

    async def send(self, message: EmailMessage) -> None:
        await asyncio.to_thread(self._send, message)

    def _send(self, message: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=10) as line:
            line.send_message(message)

    async def fault(self, mode: str) -> None:
        answered = await self.client.post("/control/faults", json={"mode": mode, "count": 1})
        assert answered.status_code == 200

    async def listed(self, **query: Any) -> list[dict[str, Any]]:
        return (await self.client.get("/messages.json", params=query)).json()["messages"]


def mail(to: str = "camille@boreal.example", subject: str = "Toner noir faible", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "econcierge <bonjour@dealer.example>"
    message["To"] = to
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Le toner noir de Réception est faible.\n")
    message.add_alternative("<p>Le toner <b>noir</b></p><script>alert(1)</script>", subtype="html")
    return message


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[MailBox]:
    store, faults = MailStore(tmp_path / "mail.sqlite"), smtp.new_faults()
    catcher = smtp.Catcher(store=store, clock=lambda: NOW, faults=faults)
    taking = await smtp.serve(catcher=catcher, address="127.0.0.1", port=0)
    pages = await serving.serve(app.create_app(store=store, faults=faults), address="127.0.0.1", port=0)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{pages.port}") as client:
        yield MailBox(client=client, smtp_port=taking.port)
    await pages.close()
    await taking.close()
    store.close()


async def test_a_message_is_kept_whole(box: MailBox) -> None:
    await box.send(mail(Message_ID="<1@x>", Auto_Submitted="auto-generated"))
    (summary,) = await box.listed()
    assert summary["subject"] == "Toner noir faible"
    assert summary["to"] == ["camille@boreal.example"]
    assert summary["received_at"] == NOW.isoformat()
    whole = (await box.client.get(f"/messages/{summary['number']}.json")).json()
    assert whole["text"].strip() == "Le toner noir de Réception est faible."
    assert whole["html"].startswith("<p>Le toner")
    assert ["Auto-Submitted", "auto-generated"] in whole["headers"]


async def test_the_same_message_id_twice_shows(box: MailBox) -> None:
    for _ in range(2):
        await box.send(mail(Message_ID="<twice@x>"))
    await box.send(mail(Message_ID="<once@x>"))
    assert [one["copies"] for one in await box.listed()] == [1, 2, 2]
    page = await box.client.get("/", headers={"Accept-Language": "en"})
    assert page.text.count("caught 2 times") == 2


def test_a_subject_that_begins_on_its_second_line_has_no_blank_before_it(tmp_path: Path) -> None:
    source = b"Subject: \n =?utf-8?q?Demande_de_r=C3=A9paration?=\nTo: a@b.example\n\nBonjour"
    store = MailStore(tmp_path / "mail.sqlite")
    store.add(sender="a@b.example", recipients=["a@b.example"], source=source, at=NOW)
    assert [summary.subject for summary in store.summaries()] == ["Demande de réparation"]
    store.close()


async def test_search_by_recipient(box: MailBox) -> None:
    await box.send(mail(to="Ada@Example.com"))
    await box.send(mail(to="bob@example.com, eve@example.com"))
    assert [one["to"] for one in await box.listed(to="ada@")] == [["Ada@Example.com"]]
    assert len(await box.listed(to="eve")) == 1
    page = await box.client.get("/", params={"to": "nobody"}, headers={"Accept-Language": "fr-CA,fr"})
    assert "Aucun courriel pour ce destinataire." in page.text


async def test_the_page_shows_hostile_mail_harmlessly(box: MailBox) -> None:
    await box.send(mail(subject="<script>alert(1)</script>"))
    (summary,) = await box.listed()
    page = await box.client.get(f"/messages/{summary['number']}")
    assert "<script>" not in page.text
    assert '<iframe sandbox="allow-popups ' in page.text
    assert "allow-scripts" not in page.text
    body = await box.client.get(f"/messages/{summary['number']}/body.html")
    assert body.headers["content-security-policy"].startswith("sandbox allow-popups")
    assert "default-src 'none'" in body.headers["content-security-policy"]
    assert body.text.startswith('<base target="_blank"><p>')
    missing = await box.client.get("/messages/99")
    assert missing.status_code == 404


async def test_refusals(box: MailBox) -> None:
    for mode, code in (("refuse_temporarily", 451), ("refuse_permanently", 550)):
        await box.fault(mode)
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            await box.send(mail())
        assert refusal.value.smtp_code == code
    assert await box.listed() == []
    await box.send(mail())
    assert len(await box.listed()) == 1


async def test_a_dropped_line_leaves_the_message_caught_and_its_repeat_visible(box: MailBox) -> None:
    await box.fault("drop")
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        await box.send(mail(Message_ID="<again@x>"))
    await box.send(mail(Message_ID="<again@x>"))
    assert [one["copies"] for one in await box.listed()] == [2, 2]


async def test_cleared(box: MailBox) -> None:
    await box.send(mail())
    assert (await box.client.delete("/messages.json")).status_code == 204
    assert await box.listed() == []


def test_only_the_newest_are_kept_and_a_restart_keeps_them(tmp_path: Path) -> None:
    store = MailStore(tmp_path / "mail.sqlite", kept=3)
    for number in range(5):
        store.add(sender="a@x", recipients=["b@x"], source=mail(subject=str(number)).as_bytes(), at=NOW)
    store.close()
    again = MailStore(tmp_path / "mail.sqlite", kept=3)
    assert [one.subject for one in again.summaries()] == ["4", "3", "2"]
    again.close()


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xff\xfe no headers at all",
        b"Content-Type: text/plain; charset=klingon\r\n\r\nna\xefve",
        b"Subject: =?utf-8?b?broken\r\nContent-Type: multipart/alternative\r\n\r\nno parts",
    ],
)
def test_any_bytes_can_be_caught_and_read(tmp_path: Path, source: bytes) -> None:
    store = MailStore(tmp_path / "mail.sqlite")
    number = store.add(sender="", recipients=[], source=source, at=NOW)
    caught = store.get(number)
    assert caught is not None
    assert caught.source == source
    store.close()


def test_links_open_beside_the_page() -> None:
    assert html.with_links_elsewhere("<html><HEAD lang=fr><title>") == (
        '<html><HEAD lang=fr><base target="_blank"><title>'
    )
