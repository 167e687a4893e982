"""What the desktop application gives back of its memory, and that everything goes on afterwards."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from econcierge_assistant.desktop.os import lean

GIVING_BACK = """
import json, linecache, threading
from pathlib import Path
from PySide6 import QtCore
from econcierge_assistant.desktop.os import lean

def of_files():
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["RssFile"].split()[0])

def works():
    digest = QtCore.QCryptographicHash.hash(b"paper", QtCore.QCryptographicHash.Algorithm.Sha256)
    return bytes(digest.toHex()).decode() + str(QtCore.QLocale("fr_CA").toString(1234.5))

linecache.getline(lean.__file__, 1)
said = [works()]
loading = threading.Thread(target=lambda: [__import__(name) for name in ("sqlite3", "decimal", "lzma", "_bz2")])
before = of_files()
loading.start()
for _ in range(20):
    lean.give_back()
loading.join()
after = of_files()
said.append(works())
import decimal, sqlite3
said.append(str(decimal.Decimal("0.1") + 1) + sqlite3.connect(":memory:").execute("select 1").fetchall().__repr__())
print(json.dumps({"before": before, "after": after, "said": said, "lines": len(linecache.cache)}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="pages are given back on Linux only")
def test_pages_of_libraries_are_given_back_and_everything_goes_on() -> None:
    done = subprocess.run([sys.executable, "-c", GIVING_BACK], capture_output=True, text=True, timeout=60, check=True)
    found = json.loads(done.stdout)
    assert found["after"] < found["before"] / 2
    assert found["said"][0] == found["said"][1]
    assert found["said"][2] == "1.1[(1,)]"
    assert found["lines"] == 0


SMAPS = """\
1000-2000 r--p 00000000 fe:00 11                     /usr/lib/a library.so
Anonymous:             0 kB
2000-5000 r-xp 00001000 fe:00 11                     /usr/lib/a library.so
Anonymous:             0 kB
5000-6000 r--p 00004000 fe:00 11                     /usr/lib/a library.so
Anonymous:             4 kB
6000-7000 rw-p 00005000 fe:00 11                     /usr/lib/a library.so
Anonymous:             0 kB
7000-9000 r--p 00000000 fe:00 12                     /usr/lib/just-being-loaded.so
Anonymous:             0 kB
9000-a000 r--p 00000000 00:00 0
Anonymous:             0 kB
a000-b000 rw-p 00000000 00:00 0                      [heap]
Anonymous:             0 kB
VmFlags: rd wr mr mw me ac
"""


def test_only_what_nobody_has_written_of_libraries_that_are_loaded_whole() -> None:
    assert lean.unwritten(SMAPS.splitlines(keepends=True)) == [(0x1000, 0x2000), (0x2000, 0x5000)]
