"""Words of the trade and of the programme in French, in both catalogues of messages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages import pofile

PACKAGES = Path(__file__).resolve().parents[2]
CATALOGUES = [
    PACKAGES / "platform/econcierge/locale/fr_CA/LC_MESSAGES/django.po",
    PACKAGES / "assistant/econcierge_assistant/desktop/locale/fr_CA/LC_MESSAGES/desktop.po",
]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_developer_unit_is_no_programmer_and_a_missing_fact_is_named(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = pofile.read_po(file, locale="fr_CA")
    assert catalogue["developer"].string == "révélateur"
    bare = re.compile(r"(?i)^inconnue?s?\.?$|(date|prix|niveau|jour)\b.*\binconnue?s?\b")
    texts = [text for one in catalogue for text in ([one.string] if isinstance(one.string, str) else one.string)]
    assert [text for text in texts if bare.search(text)] == []
