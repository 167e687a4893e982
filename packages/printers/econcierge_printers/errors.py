"""The one error of this package."""

from __future__ import annotations


class PrinterError(Exception):
    """A printer could not be read: which device, at which step, and why, for a person to read.

    `permanent` says that asking again the same way will not help (bytes that are not SNMP, an endless table);
    silence is passing.
    """

    def __init__(self, device: str, step: str, reason: str, *, permanent: bool = False) -> None:
        super().__init__(f"{device}: {step}: {reason}")
        self.device = device
        self.step = step
        self.reason = reason
        self.permanent = permanent
