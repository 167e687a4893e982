"""One device as an SNMPv3 user sees it, against an engine of our own that can be odd."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from econcierge_printers import user_options
from econcierge_printers.snmp import choose, codec, security, values
from econcierge_printers.snmp.codec import Pdu, PduKind
from econcierge_printers.snmp.credentials import AuthProtocol, PrivProtocol, User
from econcierge_printers.snmp.security import Refused, Untrusted, Verdict
from econcierge_printers.snmp.v3 import auth, message, usm
from econcierge_printers.snmp.v3.message import AUTH_FLAG, PRIV_FLAG, Header, ScopedPdu
from econcierge_printers.targets import Target

ENGINE = bytes.fromhex("8000000001020304")
SIGNING = User("reader", AuthProtocol.SHA_256, "authpass12")
SECRET = User("reader", AuthProtocol.SHA_256, "authpass12", PrivProtocol.AES, "privpass12", "Jetdirect")
USM_STATS = (1, 3, 6, 1, 6, 3, 15, 1, 1)
SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
QUESTION = Pdu(PduKind.GET, 77, varbinds=((SYS_NAME, values.NULL),))
ANSWER = Pdu(PduKind.RESPONSE, 77, varbinds=((SYS_NAME, values.octet_string("prt-1")),))


def report(counter: values.Oid, *, boots: int = 1, time_s: int = 100, engine_id: bytes = ENGINE, to: int = 77) -> bytes:
    pdu = Pdu(PduKind.REPORT, 0, varbinds=((counter, values.counter32(1)),))
    header = Header(to, 0, engine_id, boots, time_s)
    return message.encode(header, message.write_scoped(ScopedPdu(engine_id, b"", pdu)))[0]


def answer(user: User, pdu: Pdu = ANSWER, *, boots: int = 1, time_s: int = 100, engine_id: bytes = ENGINE) -> bytes:
    """What a device would send: wrapped with the user's keys by an engine that shares our clock."""
    its = usm.UserSecurity(user, engine=usm.Engine(engine_id, boots, time_s, 0.0), monotonic_s=lambda: 0.0)
    return its.wrap(pdu)


def introduced(user: User, *, monotonic_s: Any = lambda: 0.0) -> usm.UserSecurity:
    ours = usm.UserSecurity(user, monotonic_s=monotonic_s)
    ours.wrap(QUESTION)
    assert ours.unwrap(report((*USM_STATS, 4, 0)), request_id=77) is Verdict.ASK_ANEW
    return ours


def test_the_first_question_only_makes_the_engine_introduce_itself() -> None:
    first = message.decode(usm.UserSecurity(SECRET).wrap(QUESTION))
    assert (first.header.engine_id, first.header.user, first.header.flags) == (b"", b"", message.REPORTABLE_FLAG)
    assert message.read_scoped(first.scoped).pdu.varbinds == ()


def test_then_it_is_signed_and_encrypted_for_that_engine_with_the_context_p21() -> None:
    asked = message.decode(introduced(SECRET).wrap(QUESTION))
    assert (asked.header.engine_id, asked.header.boots, asked.header.time_s) == (ENGINE, 1, 100)
    assert asked.header.flags & (AUTH_FLAG | PRIV_FLAG) == AUTH_FLAG | PRIV_FLAG
    assert b"Jetdirect" not in asked.octets
    plain = introduced(replace(SIGNING, context="Jetdirect")).wrap(QUESTION)
    assert message.read_scoped(message.decode(plain).scoped).context == b"Jetdirect"


@pytest.mark.parametrize("user", [User("guest"), SIGNING, SECRET])
def test_an_answer_with_the_users_keys_is_taken(user: User) -> None:
    assert introduced(user).unwrap(answer(user), request_id=77) == ANSWER


def test_an_answer_to_another_message_is_not_ours() -> None:
    assert introduced(SIGNING).unwrap(answer(SIGNING), request_id=78) is Verdict.NOT_OURS
    assert introduced(SIGNING).unwrap(report((*USM_STATS, 3, 0), to=5), request_id=77) is Verdict.NOT_OURS


@pytest.mark.parametrize(
    ("user", "data"),
    [
        (SIGNING, answer(User("reader"))),
        (SECRET, answer(SIGNING)),
        (SIGNING, answer(SECRET)),
        (SIGNING, answer(replace(SIGNING, auth_password="otherpass12"))),
        (SECRET, answer(replace(SECRET, priv_password="otherpass12"))),
        (SIGNING, answer(SIGNING, engine_id=b"another engine")),
        (SIGNING, answer(SIGNING, boots=0)),
    ],
)
def test_what_is_not_provably_the_devices_is_not_trusted(user: User, data: bytes) -> None:
    with pytest.raises(Untrusted):
        introduced(user).unwrap(data, request_id=77)


def test_one_changed_octet_breaks_the_signature() -> None:
    data = bytearray(answer(SIGNING))
    data[-1] ^= 1
    with pytest.raises(Untrusted, match="not signed"):
        introduced(SIGNING).unwrap(bytes(data), request_id=77)


def test_the_engines_clock_is_followed() -> None:
    now_s = 1000.0
    ours = introduced(SIGNING, monotonic_s=lambda: now_s)
    now_s += 500
    assert message.decode(ours.wrap(QUESTION)).header.time_s == 600
    with pytest.raises(Untrusted, match="time window"):
        ours.unwrap(answer(SIGNING, time_s=600 - usm.TIME_WINDOW_S - 1), request_id=77)
    assert ours.unwrap(answer(SIGNING, time_s=700), request_id=77) == ANSWER
    assert message.decode(ours.wrap(QUESTION)).header.time_s == 700


def test_a_device_that_was_switched_on_anew_teaches_its_time() -> None:
    ours = introduced(SIGNING)
    assert ours.unwrap(report((*USM_STATS, 2, 0), boots=0, time_s=3), request_id=77) is Verdict.ASK_ANEW
    header = message.decode(ours.wrap(QUESTION)).header
    assert (header.boots, header.time_s) == (0, 3)
    assert ours.unwrap(answer(SIGNING, boots=0, time_s=4), request_id=77) == ANSWER


@pytest.mark.parametrize(
    ("counter", "word"),
    [
        ((*USM_STATS, 1, 0), "usmStatsUnsupportedSecLevels"),
        ((*USM_STATS, 3, 0), "usmStatsUnknownUserNames"),
        ((*USM_STATS, 5, 0), "usmStatsWrongDigests"),
        ((*USM_STATS, 6, 0), "usmStatsDecryptionErrors"),
        ((1, 3, 6, 1, 6, 3, 12, 1, 5, 0), "Jetdirect"),
        ((1, 3, 6, 1, 9, 9), "without a reason"),
    ],
)
def test_a_refusal_says_why(counter: values.Oid, word: str) -> None:
    with pytest.raises(Refused, match=word):
        introduced(SIGNING).unwrap(report(counter), request_id=77)


def test_keys_are_derived_once(monkeypatch: pytest.MonkeyPatch) -> None:
    auth.master_key.cache_clear()
    for number in range(20):
        usm.UserSecurity(SECRET, engine=usm.Engine(b"engine %d" % number)).wrap(QUESTION)
    assert auth.master_key.cache_info().misses == 2


LOADED = """
import asyncio, json, sys
from econcierge_printers import cli, read
from econcierge_printers.snmp import choose
from econcierge_printers.snmp.credentials import AuthProtocol, PrivProtocol, User
from econcierge_printers.targets import Target

def loaded():
    return [name for name in ("cryptography", "econcierge_printers.snmp.v3") if name in sys.modules]

choose.security(Target("127.0.0.1"))
before = loaded()
choose.security(Target("127.0.0.1"), user=User("u", AuthProtocol.SHA, "authpass12"))
signing = loaded()
choose.security(Target("127.0.0.1"), user=User("u", AuthProtocol.SHA, "authpass12", PrivProtocol.AES, "privpass12"))
print(json.dumps([before, signing, loaded()]))
"""


def test_nothing_of_v3_is_loaded_without_a_user() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    before, signing, secret = json.loads(done.stdout)
    assert before == []
    assert signing == ["econcierge_printers.snmp.v3"]
    assert secret == ["cryptography", "econcierge_printers.snmp.v3"]


def test_without_the_package_there_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "cryptography.py").write_text("raise ImportError('not here')")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from econcierge_printers import cli;"
        "sys.exit(cli.read(sys.argv[1:]))"
    )
    arguments = ["127.0.0.1:9", "--version", "3", "--user", "u", "--auth-password", "authpass12"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments, "--priv-password", "privpass12"], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "pip install 'econcierge-printers[v3]'" in done.stderr
    assert "pass12" not in done.stderr


def options(*arguments: str) -> Any:
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--version")
    user_options.add(parser)
    return parser.parse_args(arguments)


def test_passwords_come_from_a_file_or_the_environment(tmp_path: Path) -> None:
    (tmp_path / "auth").write_text("authpass12\nnot this\n")
    given = options("--version", "3", "--user", "reader", "--auth-password-file", str(tmp_path / "auth"))
    environment = {user_options.PRIV_PASSWORD_VARIABLE: "privpass12"}
    wanted = User("reader", AuthProtocol.SHA, "authpass12", PrivProtocol.AES, "privpass12")
    assert user_options.user(given, environment=environment) == wanted


def test_options_that_do_not_go_together_are_said() -> None:
    with pytest.raises(ValueError, match="needs a --user"):
        user_options.user(options("--version", "3"), environment={})
    with pytest.raises(ValueError, match="for --version 3"):
        user_options.user(options("--user", "reader"), environment={})
    assert user_options.user(options(), environment={}) is None


def test_a_community_is_a_security_as_well() -> None:
    asked: security.Security = choose.security(Target("127.0.0.1"), community="public")
    assert codec.decode(asked.wrap(QUESTION)).pdu == QUESTION
    assert (asked.protocol, asked.bulk, asked.silence) == ("snmp-2c", True, "no answer")
