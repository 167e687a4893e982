"""What the assistant says in French: everything, without English inside, and set as Canadian offices set it."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import econcierge_assistant
from econcierge_assistant import cli
from econcierge_assistant.service import doctor_texts, errors, line, pairing, settings, settings_texts, store, texts
from econcierge_assistant.updates import texts as update_texts
from econcierge_printers.snmp import credentials

CATALOGUE = Path(econcierge_assistant.__file__).parent / "desktop/locale/fr_CA/LC_MESSAGES/desktop.po"
ILL_SET = re.compile(r"[^\u00a0/][?!;]|[^\u00a0]:(?!\S)|[ \u202f][:;?!]")


def catalogue() -> Iterator[str]:
    """Each translation on one line."""
    for entry in CATALOGUE.read_text(encoding="utf-8").split("\n\n")[1:]:
        for translation in re.findall(r'^msgstr.*(?:\n".*)*', entry, re.MULTILINE):
            yield "".join(re.findall(r'"(.*)"', translation))


def french() -> Iterator[str]:
    yield from (texts._TEXTS[code][1] for code in texts.codes())
    yield from (text for _, text in doctor_texts.TEXTS.values())

    yield from catalogue()


def test_french_has_a_no_break_space_before_its_double_signs() -> None:
    every = list(french())
    assert len(every) > 300
    assert [text for text in every if ILL_SET.search(re.sub(r"\{[^}]*\}", "x", text))] == []


def test_a_wrong_setting_is_told_in_both_languages() -> None:
    assert all(english != french for english, french in settings_texts.TEXTS.values())
    assert set(settings_texts.TEXTS) <= set(texts.codes())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["pair", "--server", "foo"], "n'est pas une adresse\u00a0: l'écrire comme"),
        (["pair", "--server", "https://a b"], "n'est pas une adresse"),
        (["pair", "--server", "https://a", "--proxy", "http://a b:1"], "Le mandataire n'est pas compris"),
        (["run", "--range", "10.0.0.0/8"], "compte 16\u00a0777\u00a0214 adresses, plus de 65\u00a0536\u00a0: nommer"),
        (["run", "--range", "10.0.0.0/99"], "n'est pas compris\u00a0: écrire"),
        (
            ["run", "--interval-s", "0"],
            "doit être d'au moins 0,1 et d'au plus 1\u00a0000\u00a0000\u00a0000, et non de 0.",
        ),
        (["run", "--interval-s", "often"], "--interval-s doit être un nombre."),
        (["run", "--range", "300.1.1.1"], "--range '300.1.1.1' n'est pas compris\u00a0: écrire"),
        (["pair"], "Préciser la plateforme"),
        (["pair", "--server", "https://a", "--ca-file", "/nowhere/ca.pem"], "fichier ou dossier introuvable"),
    ],
)
def test_bad_usage_is_told_in_french(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    assert cli.main([*arguments, "--data", str(tmp_path)]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--range"], "Il manque une valeur à --range."),
        (["run", "--rang-e", "x"], "--rang-e x n'est pas compris."),
        (["doctor", "--language", "de"], "--language ne peut pas être 'de'\u00a0: choisir parmi 'en', 'fr'."),
        ([], "Il manque COMMAND."),
    ],
)
def test_a_slip_on_the_command_line_is_told_in_french(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    with pytest.raises(SystemExit, match="2"):
        cli.main(arguments)
    assert capsys.readouterr().err.endswith(f": {words}\n")


def test_a_second_service_and_a_folder_that_cannot_be_are_told_in_french(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    with closing(store.lock_folder(tmp_path)):
        assert cli.main(["run", "--data", str(tmp_path)]) == 1
    assert "Un autre assistant travaille déjà dans" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert cli.main(["run", "--data", str(tmp_path / "file/folder")]) == 1
    assert "Impossible de créer le dossier de données" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ('auth_password = "short"', "(un mot de passe d'authentification SNMPv3 a au moins 8 caractères)"),
        ('priv_password = "long enough"', "SNMPv3 ne chiffre pas sans authentifier"),
        ('auth_protocol = "CRC"', "(CRC n'est pas un protocole\u00a0; il y a MD5, SHA"),
    ],
)
def test_what_is_wrong_with_an_snmp_user_is_told_in_french(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, user: str, words: str
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    pairing.write_private(tmp_path / settings.SETTINGS_NAME, f'[[snmp_user]]\nname = "monitor"\n{user}\n')
    assert cli.main(["doctor", "--data", str(tmp_path)]) == 2
    assert words in capsys.readouterr().err


def test_every_fault_of_an_snmp_user_is_worded_as_the_library_words_it() -> None:
    for fault in credentials.UserFault:
        assert texts.said(f"because_{fault}").en == str(credentials.BadUser(fault))


def test_a_reason_inside_a_sentence_is_in_its_language() -> None:
    said = texts.said("nothing_answers", host="a", port=1, reason=line.explain(ConnectionRefusedError(111, "refused")))
    assert "(connexion refusée)" in said.fr
    assert "(Connection refused)" in said.en


def test_doctor_tells_a_wrong_setting_in_french_to_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    assert cli.main(["doctor", "--data", str(tmp_path), "--range", "10.0.0.0/8"]) == 1
    said = capsys.readouterr().out
    assert "Un réglage est à revoir\u00a0: --range 10.0.0.0/8 compte 16\u00a0777\u00a0214 adresses" in said


def test_english_stays_what_a_wrong_setting_says_to_a_log(tmp_path: Path) -> None:
    with pytest.raises(errors.BadSettings) as caught:
        settings.line_of(settings.Settings(data=tmp_path), "foo")
    assert str(caught.value) == "--server 'foo' is not an address: write it like https://example.com."


def test_what_updates_say_has_no_ordinary_space_before_a_double_sign() -> None:
    said = [each["fr"] for each in (*update_texts.TROUBLES.values(), *update_texts.SAID.values())]
    assert [text for text in said if re.search(r"[ \u202f][:;?!]", text)] == []


def test_every_text_has_both_languages_and_names_only_its_facts() -> None:
    for code in texts.codes():
        english, french = texts._TEXTS[code]
        assert english
        assert french
        if "{reason}" not in english and code != "worded":
            assert names_in(french) <= names_in(english), code


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
