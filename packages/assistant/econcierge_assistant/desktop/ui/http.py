"""JSON over HTTP by QtNetwork. Every end is an `Answer`; certificates that are not trusted are never accepted."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6 import QtCore, QtNetwork

from econcierge_assistant.desktop.core import problems, texts
from econcierge_assistant.desktop.core.problems import Problem, Trouble

TIMEOUT_MS = 20_000
MOST_BYTES = 8_000_000
_Error = QtNetwork.QNetworkReply.NetworkError
_TROUBLES = {
    _Error.TimeoutError: Trouble.TOO_SLOW,
    _Error.OperationCanceledError: Trouble.TOO_SLOW,
    _Error.SslHandshakeFailedError: Trouble.NOT_TRUSTED,
    _Error.ProtocolUnknownError: Trouble.NOT_ECONCIERGE,
    _Error.ProtocolFailure: Trouble.NOT_ECONCIERGE,
    _Error.RemoteHostClosedError: Trouble.UNREACHABLE,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` 0 when none came; `problem` None exactly for 200 to 299 with JSON, or 204."""

    status: int
    body: object
    problem: Problem | None


Then = Callable[[Answer], None]


class Http(QtCore.QObject):
    """One server. `direct`: never through a proxy, as for this computer itself."""

    def __init__(self, *, server: str, headers: Mapping[str, str], direct: bool, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self.server = server
        self._headers = dict(headers)
        self._manager = QtNetwork.QNetworkAccessManager(self)
        self._manager.setTransferTimeout(TIMEOUT_MS)
        if direct:
            self._manager.setProxy(QtNetwork.QNetworkProxy(QtNetwork.QNetworkProxy.ProxyType.NoProxy))

    def get(self, path: str, then: Then) -> QtNetwork.QNetworkReply:
        return self._sent(self._manager.get(self._request(path)), then)

    def post(self, path: str, body: object, then: Then) -> QtNetwork.QNetworkReply:
        return self._sent(self._manager.post(self._request_with_json(path), json.dumps(body).encode()), then)

    def put(self, path: str, body: object, then: Then) -> QtNetwork.QNetworkReply:
        return self._sent(self._manager.put(self._request_with_json(path), json.dumps(body).encode()), then)

    def post_form(self, path: str, fields: Sequence[tuple[str, str]], then: Then) -> QtNetwork.QNetworkReply:
        request = self._request(path)
        request.setHeader(QtNetwork.QNetworkRequest.KnownHeaders.ContentTypeHeader, "application/x-www-form-urlencoded")
        query = QtCore.QUrlQuery()
        for name, value in fields:
            query.addQueryItem(_encoded(name), _encoded(value))
        encoded = query.toString(QtCore.QUrl.ComponentFormattingOption.FullyEncoded)
        return self._sent(self._manager.post(request, encoded.encode()), then)

    def delete(self, path: str, then: Then) -> QtNetwork.QNetworkReply:
        return self._sent(self._manager.deleteResource(self._request(path)), then)

    def _request_with_json(self, path: str) -> QtNetwork.QNetworkRequest:
        request = self._request(path)
        request.setHeader(QtNetwork.QNetworkRequest.KnownHeaders.ContentTypeHeader, "application/json")
        return request

    def _request(self, path: str) -> QtNetwork.QNetworkRequest:
        request = QtNetwork.QNetworkRequest(QtCore.QUrl(self.server + path))
        request.setRawHeader(b"Accept", b"application/json")
        request.setRawHeader(b"Accept-Language", texts.header().encode())
        for name, value in self._headers.items():
            request.setRawHeader(name.encode(), value.encode())
        # A token goes to the server it was given by, and nowhere that this server points to.
        request.setAttribute(
            QtNetwork.QNetworkRequest.Attribute.RedirectPolicyAttribute,
            QtNetwork.QNetworkRequest.RedirectPolicy.ManualRedirectPolicy,
        )
        return request

    def _sent(self, reply: QtNetwork.QNetworkReply, then: Then) -> QtNetwork.QNetworkReply:
        """Nobody is called after the window that asked is gone: the reply is this object's."""
        failed_checks: list[str] = []
        reply.sslErrors.connect(lambda errors: failed_checks.extend(error.error().name for error in errors))
        reply.downloadProgress.connect(lambda received, _total: reply.abort() if received > MOST_BYTES else None)
        reply.finished.connect(lambda: self._finished(reply, failed_checks, then))
        return reply

    def _finished(self, reply: QtNetwork.QNetworkReply, failed_checks: Sequence[str], then: Then) -> None:
        reply.deleteLater()
        then(self._answer(reply, failed_checks))

    def _answer(self, reply: QtNetwork.QNetworkReply, failed_checks: Sequence[str]) -> Answer:
        code = reply.attribute(QtNetwork.QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        status = int(code) if isinstance(code, int) else 0
        if failed_checks or not status:
            return Answer(0, None, self._network_problem(reply.error(), failed_checks))
        body = _json(bytes(reply.readAll().data()))
        if 200 <= status < 300:
            well = body is not None or status == 204
            said = None if well else problems.of_network(Trouble.NOT_ECONCIERGE, server=self._name())
            return Answer(status, body, said)
        return Answer(status, body, problems.of_status(status, body, server=self._name()))

    def _network_problem(self, error: QtNetwork.QNetworkReply.NetworkError, failed_checks: Sequence[str]) -> Problem:
        trouble = Trouble.NOT_TRUSTED if failed_checks else _TROUBLES.get(error, Trouble.UNREACHABLE)
        detail = problems.of_certificate(failed_checks[0] if failed_checks else "")
        return problems.of_network(trouble, server=self._name(), detail=detail)

    def _name(self) -> str:
        return QtCore.QUrl(self.server).authority()


def trust_from_environment() -> None:
    """`SSL_CERT_FILE` names certificates to trust, as it does for the service beside this application."""
    named = os.environ.get("SSL_CERT_FILE", "")
    if not named:
        return
    certificates = QtNetwork.QSslCertificate.fromPath(named)
    if certificates:
        configuration = QtNetwork.QSslConfiguration.defaultConfiguration()
        configuration.setCaCertificates(certificates)
        QtNetwork.QSslConfiguration.setDefaultConfiguration(configuration)


def _encoded(text: str) -> str:
    return bytes(QtCore.QUrl.toPercentEncoding(text).data()).decode()


def _json(data: bytes) -> object:
    """None for what is no JSON."""
    try:
        found: object = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found
