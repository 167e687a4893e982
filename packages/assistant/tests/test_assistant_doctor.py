"""What `doctor` finds and says: in both languages, for people and for programs, without disturbing anything."""

from __future__ import annotations

import asyncio
import json
import shutil
import string
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from econcierge_assistant import cli
from econcierge_assistant.service import (
    doctor,
    doctor_texts,
    line,
    own_networks,
    pairing,
    roster,
    settings,
    spool,
    status,
    store,
    texts,
)
from econcierge_printers import model
from econcierge_virtual.printers import agent, fleet, living, mib, responder

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)


def clock() -> datetime:
    return NOW


@pytest.fixture
async def printer() -> AsyncIterator[responder.Responder]:
    spec = fleet.default_fleet()[0]
    view = agent.TableView(mib.table(spec, living.first_state(spec, at=NOW)))
    made = await responder.listen(address="127.0.0.1", port=0, source=lambda: view)
    yield made
    await made.close()


def know(data: Path, *addresses: str) -> None:
    with closing(store.Store(data=data, now=clock)) as opened:
        known = roster.Roster(opened=opened, now=clock)
        for target in addresses:
            known.found(target=target, community="public", said=model.Identity(model="VersaLink C405"))


def findings(data: Path, **given: Any) -> dict[str, doctor.Finding]:
    chosen = settings.load(given={"data": str(data), **given}, file=None)
    return {finding.code: finding for finding in doctor.examine(chosen=chosen, now=clock)}


def test_every_text_is_there_in_both_languages_with_the_same_facts() -> None:
    for english, french in doctor_texts.TEXTS.values():
        facts = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, french)]
        assert english != french
        assert facts[1] <= facts[0]


def test_for_programs_it_is_one_object_and_a_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--data", str(tmp_path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["format"], told["well"]) == (1, False)
    stopped = next(each for each in told["findings"] if each["code"] == "service_stopped")
    assert stopped["well"] is False
    assert set(stopped["text"]) == {"en", "fr"}


def test_people_read_it_in_their_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    assert cli.main(["doctor", "--data", str(tmp_path)]) == 1
    assert "Le service n'est pas en marche ici" in capsys.readouterr().out
    assert cli.main(["doctor", "--data", str(tmp_path), "--language", "en"]) == 1
    assert "The service is not running here" in capsys.readouterr().out


def test_a_running_service_is_seen_and_not_disturbed(tmp_path: Path) -> None:
    assert not findings(tmp_path)["service_stopped"].well
    assert not (tmp_path / store.LOCK_NAME).exists()
    with closing(store.lock_folder(tmp_path)):
        assert findings(tmp_path)["service_runs"].well
    assert "service_stopped" in findings(tmp_path)
    store.lock_folder(tmp_path).close()


async def test_printers_that_answer_are_counted_here_and_now(tmp_path: Path, printer: responder.Responder) -> None:
    target = f"127.0.0.1:{printer.port}"
    know(tmp_path, target, "127.0.0.1:9")
    found = await asyncio.to_thread(findings, tmp_path, range=[target, "127.0.0.1:9"])
    assert found["printers_answer"].en.startswith("1 of 2 printers")
    asked = printer.asked
    denied = await asyncio.to_thread(findings, tmp_path, range=[target], deny=["127.0.0.1"])
    assert not {"printers_answer", "printers_none_answer"} & set(denied)
    assert printer.asked == asked


def test_a_firewall_is_told_from_a_printer_that_is_off(tmp_path: Path) -> None:
    know(tmp_path, "127.0.0.1:9")
    found = findings(tmp_path, range=["127.0.0.1:9"])["printers_none_answer"]
    assert not found.well
    assert "UDP" in found.fr


def test_a_nearly_full_disk_is_said_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=30_000_000))
    found = findings(tmp_path)["disk_nearly_full"]
    assert not found.well
    assert "30 MB" in found.en


def test_a_computer_without_a_network_is_told_so_unless_its_printers_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_networks, "texts", tuple)
    assert not findings(tmp_path)["network_none"].well
    assert "network_none" not in findings(tmp_path, range=["127.0.0.1:9"])


@pytest.mark.parametrize("given", [{"range": ["10.0.0.0/8"]}, {"range": ["10.0.0.0/99"]}, {"deny": ["10.0.0.0/99"]}])
def test_places_that_run_would_refuse_are_a_wrong_setting(tmp_path: Path, given: dict[str, Any]) -> None:
    know(tmp_path, "127.0.0.1:9")
    found = findings(tmp_path, **given)
    assert not found["setting_wrong"].well
    assert "10.0.0.0/" in found["setting_wrong"].en
    assert not {"places", "places_own"} & set(found)


def test_why_delivery_waits_is_quoted_in_the_readers_language(tmp_path: Path) -> None:
    with closing(store.Store(data=tmp_path, now=clock)) as opened:
        waiting = spool.Spool(opened=opened, cap_bytes=10**7, now=clock)
        because = line.explain(ConnectionRefusedError(111, "refused"))
        waiting.note_problem(texts.said("nothing_answers", host="a.example", port=443, reason=because))
    found = findings(tmp_path)["delivery_waits"]
    assert found.fr.startswith("L'envoi est en attente. Rien ne répond à a.example, port 443 (connexion refusée)")
    assert found.en.startswith("Delivery waits. Nothing answers at a.example port 443 (Connection refused)")


def test_why_delivery_waited_for_an_older_version_is_quoted_as_it_was_kept(tmp_path: Path) -> None:
    with closing(store.Store(data=tmp_path, now=clock)) as opened, opened.transaction() as connection:
        store.set_fact(connection, name="delivery_problem", value="Nothing answers.")
    assert findings(tmp_path)["delivery_waits"].en == "Delivery waits. Nothing answers."


def test_moments_are_days_and_times_of_this_computer(tmp_path: Path) -> None:
    know(tmp_path, "127.0.0.1:9")
    with closing(store.Store(data=tmp_path, now=clock)) as opened:
        spool.Spool(opened=opened, cap_bytes=10**7, now=clock).delivered("a", duplicate=False)
        roster.Roster(opened=opened, now=clock).fell_silent(1, reason="off")
    found = findings(tmp_path, range=["127.0.0.1:9"])
    local = NOW.astimezone()
    assert found["last_delivery"].fr == f"Le dernier envoi date du 23\u00a0novembre\u00a02026, {local.hour}\u00a0h."
    assert found["last_delivery"].en == f"The last delivery was on November\u00a023, 2026, {local:%H:%M}."
    assert f"depuis le 23\u00a0novembre\u00a02026, {local.hour}\u00a0h\u00a0:" in found["printer_silent"].fr


def test_a_damaged_spool_that_was_set_aside_is_said(tmp_path: Path) -> None:
    (tmp_path / store.DATABASE_NAME).write_bytes(b"words, no database " * 60)
    store.Store(data=tmp_path, now=clock).close()
    found = findings(tmp_path)["spool_damaged"]
    (name,) = (path.name for path in store.damaged_files(tmp_path))
    assert not found.well
    assert name in found.en
    assert "mise de côté sous le nom " + name in found.fr
    assert status.report(data=tmp_path, site="")["damaged"] == [name]
    (tmp_path / name).unlink()
    assert "spool_damaged" not in findings(tmp_path)


def test_a_damaged_pairing_is_told_from_none(tmp_path: Path) -> None:
    assert "not_paired" in findings(tmp_path)
    pairing.write_private(tmp_path / pairing.PAIRING_NAME, "{")
    found = findings(tmp_path)
    assert not found["pairing_damaged"].well
    assert "endommagé" in found["pairing_damaged"].fr
    assert "not_paired" not in found
