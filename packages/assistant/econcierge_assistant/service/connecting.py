"""`pair` and `unpair` as a person runs them: what is shown, what is stored where, and what to do next."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from econcierge_assistant.service import (
    delivery,
    device_flow,
    face_client,
    line,
    pairing,
    settings,
    store,
    texts,
)
from econcierge_printers import clock

Tell = Callable[[texts.Said], None]


def with_code(*, chosen: settings.Settings, invitation: str | None, tell: Tell) -> pairing.Pairing:
    """Show a code, wait until it is approved, store the token; `AssistantError` when it comes to nothing."""
    at = settings.line_of(chosen, chosen.server)
    store.make_folder(chosen.data)
    offer = device_flow.ask_for_code(at, invitation=invitation)
    tell(texts.said("pair_open", uri=offer.verification_uri_complete))
    tell(texts.said("pair_type", uri=offer.verification_uri, user_code=offer.user_code))
    tell(texts.said("pair_waits", minutes=round(offer.expires_in_s / 60)))
    granted = asyncio.run(
        device_flow.wait_for_approval(at, offer, aside=delivery.in_daemon_thread, now=clock.system_clock)
    )
    return _store(chosen, granted, tell)


def with_token(*, chosen: settings.Settings, text: str, tell: Tell) -> pairing.Pairing:
    """Store the token that `econcierge pair` printed at the server."""
    at = line.parse_server(chosen.server, insecure_http=chosen.insecure_http)
    token = pairing.clean_token(text)
    store.make_folder(chosen.data)
    now = clock.system_clock()
    return _store(chosen, pairing.Pairing(str(at), token, paired_at=now, token_at=now), tell)


def undo(*, chosen: settings.Settings, tell: Tell) -> None:
    """Forget the token here; that the portal no longer accepts it is decided there."""
    server = pairing.forget(data=chosen.data)
    tell(texts.said("unpair_nothing") if server is None else texts.said("unpaired"))
    if server:
        tell(texts.said("unpair_portal", server=server))


def _store(chosen: settings.Settings, granted: pairing.Pairing, tell: Tell) -> pairing.Pairing:
    kept = pairing.keep(data=chosen.data, pairing=granted, environment=os.environ)
    whose = ", ".join(name for name in (kept.customer, kept.site) if name)
    tell(
        texts.said("paired_for", server=kept.server, whose=whose) if whose else texts.said("paired", server=kept.server)
    )
    path = chosen.data / pairing.PAIRING_NAME
    tell(texts.said("token_in_keyring") if kept.account else texts.said("token_in_file", path=path))
    runs = face_client.status(data=chosen.data, environment=os.environ) is not None
    tell(texts.said("pair_goes_on" if runs else "pair_start"))
    return kept
