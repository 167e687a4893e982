"""Every kind of mail as its reader gets it: `python scripts/mail_pictures.py [KIND ...]` writes to `var/mails/`.

The page, the plain text, and, where Playwright finds a browser, pictures 390 and 700 px wide, in both languages. The
examples are those of the tests, so that a kind without an example has no test either.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "packages" / "platform" / "tests" / "ingest" / "test_notifications_mail.py"
WIDTHS = (390, 700)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"]  # only our own files are opened
LANGUAGES = ("fr-ca", "en-ca")
ACCENT = "#e8a200"  # of a dealer who chose one that cannot be read on white


def main(kinds: list[str]) -> int:
    folder = ROOT / "var" / "mails"
    folder.mkdir(parents=True, exist_ok=True)
    pages = [page for language in LANGUAGES for page in written(folder, language, kinds)]
    print(f"{len(pages)} messages in {folder.relative_to(ROOT)}/")
    if not pages:
        return 1
    return 0 if pictures(pages) else 1


def written(folder: Path, language: str, kinds: list[str]) -> list[Path]:
    """The messages as files, "supply_low-fr.html" and ".txt"."""
    examples = _examples()
    pages = []
    for kind, context in (examples.CONTEXTS | _told(examples)).items():
        if kinds and kind.value not in kinds:
            continue
        mail = examples.written(kind, language, context=context, sender_accent=ACCENT)
        page = folder / f"{kind.value}-{language[:2]}.html"
        page.write_text(mail.html)
        page.with_suffix(".txt").write_text(f"Subject: {mail.subject}\nFrom: {mail.from_header}\n\n{mail.text}")
        pages.append(page)
    return pages


def pictures(pages: list[Path]) -> bool:
    """Beside each page "…-390.png" and "…-700.png"; False, said aloud, where there is no browser."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        except Error as problem:
            print(f"No pictures: {problem.message.splitlines()[0]}", file=sys.stderr)
            return False
        for width in WIDTHS:
            view = browser.new_page(viewport={"width": width, "height": 400})
            for page in pages:
                view.goto(page.as_uri())
                view.screenshot(path=str(page.with_name(f"{page.stem}-{width}.png")), full_page=True)
        browser.close()
    return True


def _told(examples: ModuleType) -> dict[Any, dict[str, Any]]:
    """Low supplies as they are really told: with links to act by, and what is on its way."""
    low = examples.LINKED | {"coming": [], "printer": "Réception", "percent": 18.0}
    empty = examples.LINKED | {"threshold": "almost_empty", "colour": "cyan", "percent": 4.0, "slot_id": 71}
    low_kind, empty_kind = examples.Kind.SUPPLY_LOW, examples.Kind.SUPPLY_ALMOST_EMPTY
    return {low_kind: {"site": "Montréal", "items": [low]}, empty_kind: {"site": "Montréal", "items": [empty, low]}}


def _examples() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mail_examples", EXAMPLES)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module  # type: ignore[no-any-return]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "econcierge.config.settings")
    os.environ.setdefault("ECONCIERGE_SECRET_KEY", "only-for-pictures")
    import django

    django.setup()
    sys.exit(main(sys.argv[1:]))
