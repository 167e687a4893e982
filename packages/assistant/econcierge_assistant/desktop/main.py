"""`econcierge-desktop`: the window and tray icon of the Supplies Assistant.

`--background` starts without a window. Exit status: 0 done (also when another one runs, which then shows its
window), 2 bad usage.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from econcierge_assistant import __version__

USAGE = "usage: econcierge-desktop [--background] [--version]"
KEYRING_ACTIONS = frozenset({"get", "set", "delete"})


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        sys.stdout.write(f"econcierge-desktop {__version__}\n")
        return 0
    if given in (["--help"], ["-h"]):
        sys.stdout.write(USAGE + "\n")
        return 0
    if len(given) == 3 and given[0] == "--keyring" and given[1] in KEYRING_ACTIONS:
        from econcierge_assistant.desktop.os import keyring_child

        return keyring_child.main(given[1], given[2])
    if given not in ([], ["--background"]):
        sys.stderr.write(USAGE + "\n")
        return 2
    return _run(in_background=bool(given))


def _run(*, in_background: bool) -> int:
    # Qt is loaded here, and not for the short child that only asks the keyring.
    from PySide6 import QtCore, QtNetwork, QtWidgets

    from econcierge_assistant.desktop.core import keeping
    from econcierge_assistant.desktop.ui import application, http, single
    from econcierge_printers import clock

    QtCore.QCoreApplication.setApplicationName("econcierge-desktop")
    QtCore.QCoreApplication.setApplicationVersion(__version__)
    app = QtWidgets.QApplication(["econcierge-desktop"])
    app.setStyle("Fusion")
    data: Path = keeping.folder(environment=os.environ)
    instance = single.Single(name=single.name_for(str(data)), parent=app)
    if not instance.is_first(show=not in_background):
        return 0
    QtNetwork.QNetworkProxyFactory.setUseSystemConfiguration(True)
    http.trust_from_environment()
    desktop = application.Desktop(app=app, data=data, environment=os.environ, clock=clock.clock_from_environment())
    instance.shown_wanted.connect(desktop.show_window)
    desktop.start(in_background=in_background)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
