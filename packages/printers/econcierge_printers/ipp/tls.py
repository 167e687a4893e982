"""The TLS of printers. Imported only when HTTPS is used: `ssl` costs a service 4 MB.

Certificates are checked by `trust`, not by authorities; nothing secret is sent, so old protocol versions and small
keys, which many printers never get rid of, are accepted.
"""

from __future__ import annotations

import ssl

_LEGACY_SERVER_CONNECT = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT has a name from Python 3.12 on


def context() -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    made.set_ciphers("DEFAULT:@SECLEVEL=0")
    made.options |= _LEGACY_SERVER_CONNECT
    return made
