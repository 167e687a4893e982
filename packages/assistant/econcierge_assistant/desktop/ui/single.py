"""One instance a person: a second start asks the first to show its window, and ends.

A lock that is held for as long as the process lives says who is the first, also of two that start at the same moment;
that of a process which is gone counts for nothing (QLockFile). The socket only carries the wish to be shown: one that a
crash left behind is taken away and listened on anew.
"""

from __future__ import annotations

import os

from PySide6 import QtCore, QtNetwork

PATIENCE_MS = 1_000
TRIES, PAUSE_MS = 20, 50  # the first may hold the lock and not listen yet
SHOW = b"show\n"


class Single(QtCore.QObject):
    shown_wanted = QtCore.Signal()

    def __init__(self, *, name: str, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._name = name
        self._lock = QtCore.QLockFile(QtCore.QDir(QtCore.QDir.tempPath()).filePath(f"{name}.lock"))
        self._lock.setStaleLockTime(0)  # never by age: the application runs for weeks
        self._server = QtNetwork.QLocalServer(self)
        self._server.setSocketOptions(QtNetwork.QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)

    def is_first(self, *, show: bool) -> bool:
        """False when another one runs; it shows its window then, if `show`."""
        if not self._lock.tryLock(0):
            held = self._lock.error() == QtCore.QLockFile.LockError.LockFailedError
            if self._told_other(show, tries=TRIES if held else 1) or held:
                return False
        QtNetwork.QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return True

    def close(self) -> None:
        """Let the next one be the first."""
        self._server.close()
        self._lock.unlock()

    def _told_other(self, show: bool, *, tries: int) -> bool:
        socket = QtNetwork.QLocalSocket()
        for _ in range(tries):
            socket.connectToServer(self._name)
            if socket.waitForConnected(PATIENCE_MS):
                break
            QtCore.QThread.msleep(PAUSE_MS)
        else:
            return False
        if show:
            socket.write(SHOW)
            socket.waitForBytesWritten(PATIENCE_MS)
        socket.disconnectFromServer()
        return True

    def _connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._said(socket))
            socket.disconnected.connect(socket.deleteLater)
            if socket.bytesAvailable():
                self._said(socket)

    def _said(self, socket: QtNetwork.QLocalSocket) -> None:
        if SHOW.strip() in bytes(socket.readAll().data()):
            self.shown_wanted.emit()


def name_for(data_folder: str) -> str:
    """A name of this person and this data folder, short enough for a socket's path."""
    person = str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    digest = QtCore.QCryptographicHash.hash(
        f"{person} {data_folder}".encode(), QtCore.QCryptographicHash.Algorithm.Sha256
    )
    return "econcierge-" + bytes(digest.toHex().data()).decode()[:16]
