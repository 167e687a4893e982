"""`pair` and `unpair` as a person runs them: what is shown, what is stored where, and what to do next."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from urllib.parse import urlsplit

from econcierge_assistant.service import delivery, device_flow, line, pairing, settings, store
from econcierge_printers import clock

Tell = Callable[[str], None]


def with_code(*, chosen: settings.Settings, invitation: str | None, now: clock.Clock, tell: Tell) -> pairing.Pairing:
    """Show a code, wait until it is approved, store the token; `AssistantError` when it comes to nothing."""
    at = settings.line_of(chosen, chosen.server)
    store.make_folder(chosen.data)
    offer = device_flow.ask_for_code(at, invitation=invitation)
    tell(f"To connect this computer, open  {offer.verification_uri_complete}")
    tell(f"or go to {offer.verification_uri} and type the code  {offer.user_code}")
    tell(
        f"The code works for {offer.expires_in_s / 60:.0f} minutes; waiting for somebody to approve it (Ctrl-C stops)."
    )
    granted = asyncio.run(device_flow.wait_for_approval(at, offer, aside=delivery.in_daemon_thread, now=now))
    return _store(chosen, granted, tell)


def with_token(*, chosen: settings.Settings, text: str, now: clock.Clock, tell: Tell) -> pairing.Pairing:
    """Store the token that `econcierge pair` printed at the server."""
    at = line.parse_server(chosen.server, insecure_http=chosen.insecure_http)
    token = pairing.clean_token(text)
    store.make_folder(chosen.data)
    return _store(chosen, pairing.Pairing(str(at), token, paired_at=now(), token_at=now()), tell)


def undo(*, chosen: settings.Settings, tell: Tell) -> None:
    """Forget the token here; that the portal no longer accepts it is decided there."""
    server = pairing.forget(data=chosen.data)
    if server is None:
        tell("This computer is not paired; nothing was changed.")
        return
    tell("This computer has forgotten its token. What was not delivered is kept for the next pairing.")
    if server:
        tell(f"To make sure that nobody uses the token, withdraw this computer in the portal: {server}.")


def _store(chosen: settings.Settings, granted: pairing.Pairing, tell: Tell) -> pairing.Pairing:
    kept = pairing.keep(data=chosen.data, pairing=granted, environment=os.environ)
    whose = ", ".join(name for name in (kept.customer, kept.site) if name)
    tell(f"Paired with {urlsplit(kept.server).netloc}{f' for {whose}' if whose else ''}.")
    if kept.kept_in == pairing.KEYRING:
        tell("The token is kept in this system's keyring.")
    else:
        tell(
            f"The token is kept in {chosen.data / pairing.PAIRING_NAME}, readable by its owner only: "
            "there is no keyring for this account."
        )
    return kept
