"""The whole product as `make run` starts it, on free ports and in a folder of its own, and a browser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from running_product import PICTURES, ROOT, Product, eventually

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def _free_ports() -> int:
    """The first of five free ports in a row."""
    for start in range(18200, 19200, 10):
        try:
            for offset in range(5):
                kind = socket.SOCK_DGRAM if offset == 4 else socket.SOCK_STREAM
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", start + offset))
        except OSError:
            continue
        return start
    pytest.fail("no five free ports in a row")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    port, data = _free_ports(), tmp_path_factory.mktemp("product")
    hidden = ("ECONCIERGE_DATABASE", "DATABASE_", "DJANGO_", "ECONCIERGE_SECRET")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    environment |= {
        "ECONCIERGE_DATA_DIR": str(data),
        "PORT": str(port),
        "DEMO": "1",
        "DEMO_PEOPLE": "0",
        "DEMO_SPEED": "7200",
    }
    log = (tmp_path_factory.getbasetemp() / "run.log").open("w+")
    running = subprocess.Popen(
        [sys.executable, "-m", "econcierge", "run"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        eventually(lambda: running.poll() is not None or "Ctrl-C stops" in Path(log.name).read_text(), "ready")
        assert running.poll() is None, Path(log.name).read_text()
        yield Product(port, data)
    finally:
        running.send_signal(signal.SIGINT)
        status = running.wait(60)
        log.close()
    assert status == 0, "Ctrl-C ends everything with exit status 0"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with the module: while it is open an event loop runs in this thread, and no other test could run one."""
    if CHROMIUM is None:
        words = "browser tests need Chromium: apt-get install chromium"
        if os.environ.get("ECONCIERGE_ALL_REQUIRED"):
            pytest.fail(words)
        pytest.skip(words)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def signed_in(browser: Browser, product: Product) -> Iterator[Callable[..., Page]]:
    """A page for a person of the demo, signed in, in their own language and a window of that width."""
    contexts = []

    def sign_in(email: str, *, width: int = 1280, locale: str = "fr-CA", javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale=locale, java_script_enabled=javascript
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{product.web}/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", "demo")
        page.click("main button[type=submit], main button:not([type])")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    yield sign_in
    for context in contexts:
        context.close()
