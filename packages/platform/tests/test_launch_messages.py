"""`scripts/messages.py`: finds every text, keeps translations, and names what is wrong with the French."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "messages.py"
NB = "\u00a0"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("econcierge_messages_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


messages = load()

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, npgettext, pgettext
_("Printer's name")
gettext_lazy("Order")
pgettext("verb", "Order")
ngettext("%(count)s day", "%(count)s days", 3)
npgettext("toner", "one left", "%(count)s left", 2)
"""
TEMPLATE = """{% load i18n %}<h1>{% translate "Fleet" %}</h1>
<p title="{% translate "black" context "colour of a toner" %}">{{ _("Sites")|upper }}
  {% blocktranslate trimmed with name=printer.name %}
    Hello {{ name }},
    100 % sure
  {% endblocktranslate %}
     {% blocktranslate count days=left context "time" %}{{ days }} day{% plural %}{{ days }} days{% endblocktranslate %}
 {# a comment: it's "quoted" #}</p>
"""


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    (tmp_path / "web" / "templates").mkdir(parents=True)
    (tmp_path / "web" / "views.py").write_text(PYTHON)
    (tmp_path / "web" / "templates" / "fleet.html").write_text(TEMPLATE)
    return tmp_path


def run(platform: Path, *words: str) -> int:
    return int(messages.main([*words, "--platform", str(platform)]))


def po_of(platform: Path) -> Path:
    return platform / "locale" / "fr_CA" / "LC_MESSAGES" / "django.po"


def catalogue(tmp_path: Path, body: str) -> object:
    po = tmp_path / "django.po"
    po.write_text(f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n{body}', encoding="utf-8")
    return messages.read(po)


def found(tmp_path: Path, english: str, french: str) -> list[str]:
    """What the check says of one translated text."""
    french_catalogue = catalogue(tmp_path, f'msgid "{english}"\nmsgstr "{french}"\n')
    return list(messages.check(catalogue(tmp_path, f'msgid "{english}"\nmsgstr ""\n'), french_catalogue))


def test_python_and_templates_are_read_with_contexts_and_plurals(platform: Path) -> None:
    there = {messages.key(message): message.id for message in messages.real(messages.collect(platform))}
    assert there == {
        ("Printer's name", None): "Printer's name",
        ("Order", None): "Order",
        ("Order", "verb"): "Order",
        ("%(count)s day", None): ("%(count)s day", "%(count)s days"),
        ("one left", "toner"): ("one left", "%(count)s left"),
        ("Fleet", None): "Fleet",
        ("black", "colour of a toner"): "black",
        ("Sites", None): "Sites",
        ("Hello %(name)s, 100 %% sure", None): "Hello %(name)s, 100 %% sure",
        ("%(days)s day", "time"): ("%(days)s day", "%(days)s days"),
    }


def test_an_update_keeps_what_is_translated_and_brings_back_what_was_gone(platform: Path) -> None:
    run(platform, "update")
    po = po_of(platform)
    po.write_text(po.read_text().replace('msgid "Fleet"\nmsgstr ""', 'msgid "Fleet"\nmsgstr "Parc"'))
    template = platform / "web" / "templates" / "fleet.html"
    template.write_text("")
    run(platform, "update")
    assert '#~ msgid "Fleet"\n#~ msgstr "Parc"' in po.read_text()
    template.write_text(TEMPLATE)
    run(platform, "update")
    assert '\nmsgid "Fleet"\nmsgstr "Parc"' in po.read_text()
    assert "#~" not in po.read_text()
    before = po.read_text()
    run(platform, "update")
    assert po.read_text() == before


def test_obsolete_texts_go_when_told(platform: Path) -> None:
    run(platform, "update")
    po = po_of(platform)
    po.write_text(po.read_text().replace('msgid "Sites"\nmsgstr ""', 'msgid "Sites"\nmsgstr "Lieux"'))
    (platform / "web" / "templates" / "fleet.html").write_text("")
    run(platform, "update", "--drop-obsolete")
    assert "Sites" not in po.read_text()


def test_the_check_names_each_text_without_french(platform: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(platform, "check") == 1
    said = capsys.readouterr().out
    assert "missing (run: make messages): 'Fleet' in web/templates/fleet.html" in said
    assert "missing (run: make messages): 'Order' (context 'verb') in web/views.py" in said
    run(platform, "update")
    assert run(platform, "check") == 1
    assert "not translated: '%(count)s day' in web/views.py" in capsys.readouterr().out


def test_a_complete_catalogue_passes_and_compiles(platform: Path) -> None:
    (platform / "web" / "templates" / "fleet.html").write_text("")
    (platform / "web" / "views.py").write_text('_("Yes")\nngettext("%(n)s day", "%(n)s days", 2)\n')
    run(platform, "update")
    po = po_of(platform)
    text = po.read_text().replace('msgid "Yes"\nmsgstr ""', 'msgid "Yes"\nmsgstr "Oui"')
    po.write_text(text.replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "un jour"\nmsgstr[1] "%(n)s jours"'))
    assert run(platform, "check") == 1  # French uses its singular for 0 too, so it needs the number
    po.write_text(po.read_text().replace("un jour", "%(n)s jour"))
    assert run(platform, "check") == 0
    assert run(platform, "compile", "--quiet") == 0
    assert po.with_suffix(".mo").read_bytes().count(b"jours") == 1


def test_a_broken_file_is_named(platform: Path, capsys: pytest.CaptureFixture[str]) -> None:
    po = po_of(platform)
    po.parent.mkdir(parents=True)
    po.write_text('msgid "x"\nmessage "y"\n')
    assert run(platform, "compile") == 1
    assert "django.po" in capsys.readouterr().err


def test_fuzzy_obsolete_and_a_changed_plural_are_named(tmp_path: Path) -> None:
    sources = catalogue(tmp_path, 'msgid "a"\nmsgstr ""\n\nmsgid "b"\nmsgid_plural "bs"\nmsgstr[0] ""\nmsgstr[1] ""\n')
    french = catalogue(
        tmp_path,
        '#, fuzzy\nmsgid "a"\nmsgstr "x"\n\nmsgid "b"\nmsgstr "y"\n\n'
        'msgid "c"\nmsgstr "z"\n\n#~ msgid "d"\n#~ msgstr "w"\n',
    )
    assert [line.split(":")[0] for line in messages.check(sources, french)] == [
        "fuzzy",
        "plural differs from the sources (run",
        "obsolete",
        "obsolete",
    ]


@pytest.mark.parametrize(
    ("english", "french"),
    [("%(name)s sent", "envoyé"), ("{n} sent", "{m} envoyés"), ("sent", "%(x)s envoyé"), ("%s of %s", "%s")],
)
def test_other_placeholders_are_named(tmp_path: Path, english: str, french: str) -> None:
    assert found(tmp_path, english, french)[0].startswith("placeholders differ")


@pytest.mark.parametrize(
    ("french", "fault"),
    [
        ("l'imprimante", "straight apostrophe"),
        ("Prix : 5", "no non-breaking space before :"),
        ("Prêt?", "no non-breaking space before ?"),
        ("50 %%", "no non-breaking space before %"),
        ("« ici »", "no non-breaking space after «"),
        (f"«{NB}ici »", "no non-breaking space before »"),
    ],
)
def test_french_typography_is_checked(tmp_path: Path, french: str, fault: str) -> None:
    assert found(tmp_path, "x", french)[0].startswith(fault)


@pytest.mark.parametrize(
    "french",
    [
        "l’imprimante",
        f"Prix{NB}: 5",
        "Prix&nbsp;: 5",
        "Prêt\u202f?",
        f"Quoi{NB}?!",
        "à 14:30",
        f"50{NB}%%",
        f"«{NB}ici{NB}»",
        "<a href='x'>ici</a> &amp; là",
        "https://exemple.test/a?b",
    ],
)
def test_good_french_passes(tmp_path: Path, french: str) -> None:
    assert found(tmp_path, "x", french) == []
