"""The floor of sending mail: the same message again and again through smtplib alone, over one connection.

`python -I floor_mails.py PORT MESSAGE COUNT`; prints the seconds that it took. No database, nothing rendered or marked.
"""

from __future__ import annotations

import smtplib
import sys
import time
from pathlib import Path


def main(port: int, message: bytes, count: int) -> float:
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for _ in range(count):
            connection.sendmail("no-reply@econcierge.test", ["anna@bench.example"], message)
    return time.perf_counter() - began


if __name__ == "__main__":
    print(main(int(sys.argv[1]), Path(sys.argv[2]).read_bytes(), int(sys.argv[3])))
