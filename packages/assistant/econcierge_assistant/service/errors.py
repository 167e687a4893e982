"""What goes wrong in the service and is told to a person: one sentence with its remedy, never a stack trace."""

from __future__ import annotations

from econcierge_assistant.service import texts


class AssistantError(Exception):
    """The service cannot go on as it was asked to; `said` tells it in both languages, str() in English for a log."""

    def __init__(self, said: texts.Said) -> None:
        super().__init__(said.en)
        self.said = said


class BadSettings(AssistantError):
    """A setting is missing, misspelt or contradicts another."""


class NotPaired(BadSettings):
    """This computer has no usable pairing; a service waits for one, a command ends."""


class StoreUnusable(AssistantError):
    """The data folder cannot be written, or its database belongs to a newer version."""


class StoreDamaged(AssistantError):
    """The database was damaged and has been set aside; a fresh one is in its place, so trying again helps."""


class CannotInstall(AssistantError):
    """The service cannot be registered with this system, or taken away again."""


class AlreadyRunning(AssistantError):
    """Another service works in the same data folder."""


class Trouble(AssistantError):
    """Something outside stands in the way; told by a code with its texts, so that every face can say it."""

    def __init__(self, said: texts.Said, *, retry_after_s: float | None = None) -> None:
        super().__init__(said)
        self.retry_after_s = retry_after_s


class NotAccepted(AssistantError):
    """The platform does not take the token; `said` is its word."""
