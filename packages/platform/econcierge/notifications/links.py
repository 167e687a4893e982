"""Signed links in mails: each names a person and one thing that this person may do with it, and nothing else.

They are read without a sign-in, so they are short of power: 30 days, one action, about one episode, and only as long
as the person still has a role at that customer. A link changes nothing by being followed; its page has a button.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing

from econcierge.notifications.types import Kind

ACTION_SALT, STOP_SALT = "econcierge.mail.action", "econcierge.mail.stop"
GOOD_FOR = timedelta(days=30)


class Forged(Exception):
    """The link was not made here, or not completely copied."""


@dataclass(frozen=True, slots=True)
class ActionLink:
    """What a link lets a person do (alerts.types.Action) about an episode; good until `expires_at`."""

    user_id: int
    episode_id: int
    action: str
    made_at: datetime

    @property
    def expires_at(self) -> datetime:
        return self.made_at + GOOD_FOR


def action_url(*, user_id: int, episode_id: int, action: str, made_at: datetime) -> str:
    """The same for the same message, however often it is written."""
    told = [user_id, episode_id, action, int(made_at.timestamp())]
    return f"{settings.PUBLIC_URL}/m/{_signer(ACTION_SALT).sign_object(told)}/"


def read_action(text: str) -> ActionLink:
    """Raises `Forged`. Whether it is still good is for the reader to see."""
    told = _read(text, ACTION_SALT)
    if not (isinstance(told, list) and len(told) == 4):
        raise Forged
    user_id, episode_id, action, made_s = told
    return ActionLink(int(user_id), int(episode_id), str(action), datetime.fromtimestamp(int(made_s), tz=UTC))


def stop_url(*, user_id: int, kind: Kind) -> str:
    """Where one POST ends a kind of message for a person (RFC 8058); good for ever."""
    return f"{settings.PUBLIC_URL}/m/stop/{_signer(STOP_SALT).sign_object([user_id, kind.value])}/"


def read_stop(text: str) -> tuple[int, Kind]:
    """(person, kind). Raises `Forged`."""
    told = _read(text, STOP_SALT)
    try:
        user_id, kind = told
        return int(user_id), Kind(kind)
    except (TypeError, ValueError):
        raise Forged from None


def absolute(path: str) -> str:
    """A path below the public address as a whole address; whole addresses stay."""
    return settings.PUBLIC_URL + path if path.startswith("/") else path


def _signer(salt: str) -> signing.Signer:
    return signing.Signer(salt=salt)


def _read(text: str, salt: str) -> object:
    try:
        return _signer(salt).unsign_object(text)
    except (signing.BadSignature, ValueError):
        raise Forged from None
