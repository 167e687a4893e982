"""Runs one command and says what it cost: `python -I -S measured.py OUTPUT COMMAND ...` prints one line of JSON.

A small process of its own, because Linux counts the memory of whoever starts a command as the command's at first:
started from a large process, a small command would look large.
"""

from __future__ import annotations

import json
import os
import sys
import time


def main() -> None:
    output, *command = sys.argv[1:]
    began = time.perf_counter()
    opened = (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[opened])
    _, status, used = os.wait4(pid, 0)
    seconds = time.perf_counter() - began
    kib = used.ru_maxrss if sys.platform != "darwin" else used.ru_maxrss // 1024
    print(
        json.dumps(
            {
                "status": os.waitstatus_to_exitcode(status),
                "seconds": seconds,
                "cpu_s": used.ru_utime + used.ru_stime,
                "max_rss_mb": kib / 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
