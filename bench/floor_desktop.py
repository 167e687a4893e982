"""The least a desktop application costs: a window, a tray icon and QtNetwork after one answer over the same line.

`python bench/floor_desktop.py URL` prints one line of JSON: what this process holds in MB.
"""

from __future__ import annotations

import json
import sys

from PySide6 import QtCore, QtGui, QtNetwork, QtWidgets

from bench.memory import resident_mb


def main() -> None:
    app = QtWidgets.QApplication([])
    certificates = QtNetwork.QSslCertificate.fromPath(sys.argv[2])
    configuration = QtNetwork.QSslConfiguration.defaultConfiguration()
    configuration.setCaCertificates(certificates)
    QtNetwork.QSslConfiguration.setDefaultConfiguration(configuration)
    window = QtWidgets.QMainWindow()
    window.resize(960, 700)
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
        print(json.dumps({"window": resident_mb(), "heard": heard}), flush=True)
        app.quit()

    reply.finished.connect(answered)
    app.exec()


if __name__ == "__main__":
    main()
