"""A platform that takes reports and answers heartbeats, over real TLS: counts every message once, refuses when told to.

`python -m bench.tls_platform FOLDER` writes `ca.pem` there, prints its port, and obeys lines on standard input:
`closed` and `open`; `counts` prints one line of JSON.
"""

from __future__ import annotations

import gzip
import http.server
import ipaddress
import json
import ssl
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

REPORTS, HEARTBEAT, SETTINGS = "/gateway/v1/reports", "/gateway/v1/heartbeat", "/gateway/v1/settings"


class Platform:
    """What came, and whether anything is taken now."""

    def __init__(self) -> None:
        self.open = True
        self.messages: set[str] = set()
        self.readings = 0
        self.repeated = 0
        self.refused = 0
        self.lock = threading.Lock()

    def take(self, body: bytes) -> tuple[int, dict[str, object]]:
        report = json.loads(body)
        with self.lock:
            if not self.open:
                self.refused += 1
                return 503, {"error": "closed"}
            if known := report["message_id"] in self.messages:
                self.repeated += 1
            else:
                self.messages.add(report["message_id"])
                self.readings += len(report["readings"])
        return 200, {"accepted": len(report["readings"]), "duplicate": known}

    def counts(self) -> dict[str, int]:
        with self.lock:
            return {
                "messages": len(self.messages),
                "readings": self.readings,
                "repeated": self.repeated,
                "refused": self.refused,
            }


def handler(platform: Platform) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._say(*((200, {"version": 1}) if self.path == SETTINGS else (404, {})))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            if self.path == HEARTBEAT:
                now = datetime.now(UTC).isoformat()
                self._say(200, {"server_time": now, "settings_version": 1, "next_in_s": 5})
            else:
                self._say(*(platform.take(body) if self.path == REPORTS else (404, {})))

        def _say(self, status: int, answer: dict[str, object]) -> None:
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            return

    return Handler


def certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context


def main() -> None:
    platform = Platform()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(platform))
    server.socket = certificate(Path(sys.argv[1])).wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    for line in sys.stdin:
        word = line.strip()
        if word == "counts":
            print(json.dumps(platform.counts()), flush=True)
        else:
            platform.open = word == "open"
    server.shutdown()


if __name__ == "__main__":
    main()
