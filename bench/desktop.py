"""The memory of the desktop application with 20 printers on a virtual screen, beside a bare Qt window's (G04)."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bench.figures import CannotMeasure, Figure, Floor, Goal, Result
from econcierge_assistant.desktop.core import keeping
from econcierge_virtual import portal_api

PRINTERS = 20
LONGEST_S = 60.0
GOAL = Goal("G04", at_most=70)
FLOOR = "a PySide6 window with one word in it and a tray icon, after one answer by QtNetwork over the same line"
STAGES = {
    "background": "in the tray, 20 printers, no window yet",
    "window": "  window with the list of printers",
    "printer": "  a printer’s page with its history",
    "order": "  the order panel, one click before ordering",
    "again": "  every page used once more since",
    "most": "  at most in all that time",
}
NOTE = (
    "the application gives back pages of libraries after its start and after its window is made, the floor does not;"
    " nothing is given back between “window” and “every page used once more since”"
)


def run() -> Result:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder, screen() as display:
        for is_tls in (False, True):
            place = Path(folder) / ("tls" if is_tls else "plain")
            place.mkdir()
            figures += _measured(place, display=display, is_tls=is_tls)
    return Result(figures, notes=[NOTE])


def _measured(place: Path, *, display: str, is_tls: bool) -> list[Figure]:
    certificate = make_certificate(place)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with portal_api.Serving(portal_api.Portal(printers=PRINTERS), context=context if is_tls else None) as serving:
        environment = _environment(place, display=display, serving=serving)
        if is_tls:
            environment["SSL_CERT_FILE"] = str(certificate)
        _signed_in(place, serving.url)
        least = _told([sys.executable, "-m", "bench.floor_desktop", serving.url + "/", certificate], environment)
        held = _told([sys.executable, "-m", "bench.drive_desktop"], environment)
    if held["printers"] != PRINTERS or not held["ready"] or not least["heard"] or held["tls"] != is_tls:
        raise CannotMeasure(f"the application did not get as far as it should: {held}, {least}")
    if held["heavy"]:
        raise CannotMeasure(f"the process loaded what it must not: {', '.join(held['heavy'])}")
    floor = Floor(FLOOR, float(least["held"]))
    line = "over TLS" if is_tls else "without TLS"
    own = Figure(
        "    of it its own, not pages of files", float(held["own"]), "MB", floor=Floor(FLOOR, float(least["own"]))
    )
    share = Figure(
        "    its part of what several processes hold (PSS)",
        float(held["share"]),
        "MB",
        floor=Floor(FLOOR, float(least["share"])),
    )
    shown = [
        Figure(f"{name}, {line}" if key == "background" else name, float(held[key]), "MB", floor=floor, goal=GOAL)
        for key, name in STAGES.items()
    ]
    return [*shown, own, share]


def _told(command: list[str | Path], environment: dict[str, str]) -> dict[str, Any]:
    try:
        done = subprocess.run(
            list(map(str, command)), env=environment, capture_output=True, text=True, timeout=LONGEST_S, check=True
        )
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except subprocess.CalledProcessError as error:
        raise CannotMeasure(f"it ended with {error.returncode}: {error.stderr[-300:]}") from error
    except (subprocess.TimeoutExpired, IndexError, ValueError) as error:
        raise CannotMeasure(f"it told nothing: {error}") from error
    return found


def _environment(place: Path, *, display: str, serving: portal_api.Serving) -> dict[str, str]:
    """Without the settings of whoever runs this."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "ECONCIERGE_", "SSL_"))}
    return {
        **kept,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "ECONCIERGE_DESKTOP_DATA": str(place / "desktop"),
        "ECONCIERGE_LOCAL_FACE": str(serving.write_local_face(place / "local.json")),
    }


def _signed_in(place: Path, server: str) -> None:
    data = place / "desktop"
    keeping.save(data, keeping.Kept(server=server, language="en", token_kept_in="file"))
    keeping.save_token(data, portal_api.TOKEN)


def make_certificate(place: Path) -> Path:
    """One PEM file with key and certificate of 127.0.0.1, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = place / "server.pem"
    path.write_bytes(secret + certificate.public_bytes(pem))
    return path


@contextmanager
def screen() -> Iterator[str]:
    """A virtual screen, which chooses its own number and says it."""
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        raise CannotMeasure("there is no Xvfb here. On Debian: sudo apt-get install xvfb libxcb-cursor0")
    reading, writing = os.pipe()
    command = [xvfb, "-displayfd", str(writing), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            number = said.readline().strip()
        if not number:
            raise CannotMeasure("Xvfb did not start")
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(timeout=10)
