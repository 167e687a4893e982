"""The least a desktop application costs: a window with one word, a tray icon, QtNetwork after one answer.

`python -m bench.floor_desktop URL CERTIFICATE` prints one line of JSON: what this process holds in MB.
"""

from __future__ import annotations

import json
import sys

from PySide6 import QtCore, QtGui, QtNetwork, QtWidgets

from bench.memory import own_mb, resident_mb, share_mb


def main() -> None:
    app = QtWidgets.QApplication([])
    if sys.argv[1].startswith("https:"):
        configuration = QtNetwork.QSslConfiguration.defaultConfiguration()
        configuration.setCaCertificates(QtNetwork.QSslCertificate.fromPath(sys.argv[2]))
        QtNetwork.QSslConfiguration.setDefaultConfiguration(configuration)
    app.setStyle("Fusion")
    window = QtWidgets.QMainWindow()
    window.resize(920, 660)
    word = QtWidgets.QLabel("econcierge")
    window.setCentralWidget(word)
    window.show()
    pixmap = QtGui.QPixmap(22, 22)
    pixmap.fill()
    tray = QtWidgets.QSystemTrayIcon(QtGui.QIcon(pixmap))
    tray.show()
    manager = QtNetwork.QNetworkAccessManager()
    reply = manager.get(QtNetwork.QNetworkRequest(QtCore.QUrl(sys.argv[1])))

    def answered() -> None:
        reply.readAll()
        QtCore.QTimer.singleShot(1500, told)

    def told() -> None:
        heard = reply.error() is not QtNetwork.QNetworkReply.NetworkError.SslHandshakeFailedError
        print(json.dumps({"held": resident_mb(), "share": share_mb(), "own": own_mb(), "heard": heard}), flush=True)
        app.quit()

    reply.finished.connect(answered)
    app.exec()


if __name__ == "__main__":
    main()
