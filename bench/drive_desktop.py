"""The real desktop application, led through its pages from within; prints what it holds in MB after each as JSON.

The process that `econcierge-desktop` is, with a few lines more that open pages by themselves. Settings come from
the environment, as for the application.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable

from PySide6 import QtCore, QtNetwork, QtWidgets

from bench.memory import own_mb, resident_mb, share_mb
from econcierge_assistant.desktop.core import keeping
from econcierge_assistant.desktop.ui import application, http, single
from econcierge_printers import clock

SETTLE_MS = 1500


def main() -> None:
    app = QtWidgets.QApplication(["econcierge-desktop"])
    app.setStyle("Fusion")
    data = keeping.folder(environment=os.environ)
    instance = single.Single(name=single.name_for(str(data)), parent=app)
    instance.is_first(show=False)
    http.trust_from_environment()
    desktop = application.Desktop(app=app, data=data, environment=os.environ, clock=clock.system_clock)
    QtWidgets.QSystemTrayIcon.isSystemTrayAvailable = staticmethod(lambda: True)  # as if the screen had a panel
    desktop.start(in_background=True)
    held: dict[str, object] = {}

    def printer() -> None:
        window = desktop.show_window()
        window.show_printer(desktop.session.fleet.printers[0].key)

    def order() -> None:
        desktop.show_order(desktop.session.fleet.printers[0].supplies[0].slot_id)

    steps: list[tuple[str, Callable[[], object]]] = [
        ("background", lambda: None),
        ("window", desktop.show_window),
        ("printer", printer),
        ("order", order),
        ("again", lambda: desktop.show_window().show_printers()),
        ("again", lambda: desktop.show_window().show_orders()),
        ("again", desktop.show_settings),
        ("again", printer),
        ("again", order),
    ]

    def go_on() -> None:
        name, step = steps.pop(0)
        step()
        QtCore.QTimer.singleShot(SETTLE_MS, lambda: hold(name))

    def hold(name: str) -> None:
        held[name] = resident_mb()
        if steps:
            go_on()
            return
        held["most"] = resident_mb("VmHWM")
        held["own"], held["share"] = own_mb(), share_mb()
        held["printers"] = len(desktop.session.fleet.printers)
        page = desktop.window.order() if desktop.window else None
        held["ready"] = page is not None and page.confirm is not None and page.confirm.isEnabled()
        held["tls"] = QtNetwork.QSslSocket.supportsSsl() and desktop.session.kept.server.startswith("https://")
        held["heavy"] = sorted({"ssl", "http", "asyncio", "socket", "requests"} & set(sys.modules))
        print(json.dumps(held), flush=True)
        app.quit()

    QtCore.QTimer.singleShot(SETTLE_MS, go_on)
    app.exec()


if __name__ == "__main__":
    main()
