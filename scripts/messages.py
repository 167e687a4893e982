"""The texts in two languages: collects them from the sources, checks the French, compiles it.

`python scripts/messages.py extract|update|compile|check`. Works as Django's makemessages does, on Babel alone, so that
no gettext programmes need to be installed. The sources are written in English; French stands in
`locale/fr_CA/LC_MESSAGES/django.po` of the platform and `desktop.po` of the desktop application.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import extract, mofile, pofile
from babel.messages.catalog import Catalog, Message
from django.utils.translation.template import templatize

PACKAGES = Path(__file__).resolve().parent.parent / "packages"
PLATFORM = PACKAGES / "platform" / "econcierge"
DESKTOP = PACKAGES / "assistant" / "econcierge_assistant" / "desktop"
LOCALE = "fr_CA"
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml", ".svg"}
PYTHON_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

Texts = str | tuple[str, ...]
Key = tuple[str, str | None]  # the English text (its singular) and its context

NO_BREAK = "\u00a0\u202f"
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(npgettext|ngettext|pgettext|gettext|_)\(({STRING}(?:\s*,\s*(?:{STRING}|count))*)\s*\)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\{\w*(?::[^{}]*)?\}")
NOT_PROSE = re.compile(r"<[^<>]+>|https?://\S+|\bmailto:\S+|\d+:\d\d")
BARE_MARK = re.compile(rf"(?<![{NO_BREAK}:;?!»%])[:;?!»%]")
BARE_OPENING = re.compile(rf"«(?![{NO_BREAK}])")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("step", choices=["extract", "update", "compile", "check"])
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--drop-obsolete", action="store_true", help="update: forget texts that are no longer used")
    parser.add_argument("--platform", type=Path, help="folder of the platform's package, and no other's texts")
    options = parser.parse_args(arguments)
    found = {options.platform: "django"} if options.platform else {PLATFORM: "django", DESKTOP: "desktop"}
    return max(one_catalogue(folder, domain, options) for folder, domain in found.items())


def one_catalogue(folder: Path, domain: str, options: argparse.Namespace) -> int:
    po = folder / "locale" / LOCALE / "LC_MESSAGES" / f"{domain}.po"
    if options.step == "extract":
        sys.stdout.buffer.write(written(collect(folder)))
        return 0
    if options.step == "update":
        update(folder, po, drop_obsolete=options.drop_obsolete)
        return 0
    if options.step == "compile":
        return compile_catalogue(po, quiet=options.quiet)
    problems = list(check(collect(folder), read(po)))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


# Collecting


def collect(platform: Path) -> Catalog:
    """Every message of the sources, with the files that it stands in."""
    catalogue = Catalog(locale=LOCALE)
    for path in sorted(platform.rglob("*")):
        if "locale" in path.parts or not path.is_file():
            continue
        found = from_file(path)
        for texts, context, comments in found:
            catalogue.add(
                texts,
                locations=[(path.relative_to(platform).as_posix(), 0)],
                context=context,
                auto_comments=comments,
            )
    return catalogue


def from_file(path: Path) -> Iterator[tuple[Texts, str | None, list[str]]]:
    if path.suffix == ".py":
        yield from from_python(path.read_bytes())
    elif path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts:
        yield from from_template(path.read_text(encoding="utf-8"), origin=str(path))


def from_python(source: bytes) -> Iterator[tuple[Texts, str | None, list[str]]]:
    found = extract.extract("python", io.BytesIO(source), PYTHON_KEYWORDS, ["Translators:"])
    for _line, texts, comments, context in found:
        yield texts, context, list(comments)


def from_template(source: str, *, origin: str) -> Iterator[tuple[Texts, str | None, list[str]]]:
    """A template's messages: Django turns its tags into function calls, which are then read here."""
    for function, arguments in CALL.findall(templatize(source, origin=origin)):
        texts = [ast.literal_eval(word) for word in re.findall(STRING, arguments)]
        context = texts.pop(0) if function in {"pgettext", "npgettext"} else None
        yield (tuple(texts) if len(texts) > 1 else texts[0]), context, []


# Catalogue files


def key(message: Message) -> Key:
    text = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return text, message.context


def obsolete_key(message: Message) -> str | tuple[str, str]:
    """How Babel names a message that is kept aside."""
    text, context = key(message)
    return (text, context) if context else text


def read(po: Path) -> Catalog:
    if not po.exists():
        return Catalog(locale=LOCALE)
    with po.open("rb") as file:
        return pofile.read_po(file, locale=LOCALE, domain="django", abort_invalid=True)


def written(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    pofile.write_po(buffer, catalogue, width=110, sort_output=True, include_lineno=False)
    return buffer.getvalue()


def update(platform: Path, po: Path, *, drop_obsolete: bool) -> None:
    """Brings the catalogue up to the sources. A text that is gone is kept aside, in case it comes back."""
    old, now = read(po), datetime.now(UTC)
    new = Catalog(
        locale=LOCALE,
        domain=po.stem,
        project="econcierge",
        header_comment="# econcierge in Canadian French.",
        creation_date=old.creation_date if po.exists() else now,
        revision_date=old.revision_date if po.exists() else now,
        fuzzy=False,
    )
    known = {key(message): message for message in [*old.obsolete.values(), *real(old)]}
    for message in real(collect(platform)):
        before = known.pop(key(message), None)
        same_form = before is not None and isinstance(before.id, tuple | list) == isinstance(message.id, tuple | list)
        message.string = before.string if before is not None and same_form else message.string
        message.flags |= {"fuzzy"} if before is not None and before.fuzzy else set()
        new[message.id] = message
    if not drop_obsolete:
        new.obsolete = {obsolete_key(message): message for message in known.values() if translated(message)}
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_bytes(written(new))


def real(catalogue: Catalog) -> Iterator[Message]:
    """Its messages without the header, which gettext keeps under the empty text."""
    return (message for message in catalogue if message.id)


def translated(message: Message) -> bool:
    strings = strings_of(message)
    return bool(strings) and all(strings)


def strings_of(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string or ""]


def compile_catalogue(po: Path, *, quiet: bool) -> int:
    """`.po` to `.mo`, only when it has changed; written beside and moved, as a server may be reading it."""
    mo = po.with_suffix(".mo")
    if not po.exists() or (mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns):
        return 0
    try:
        catalogue = read(po)
    except pofile.PoFileError as error:
        print(f"{po}: {error}", file=sys.stderr)
        return 1
    draft = mo.with_suffix(f".mo.{os.getpid()}")
    with draft.open("wb") as file:
        mofile.write_mo(file, catalogue)
    draft.replace(mo)
    if not quiet:
        print(f"{mo}: {len(catalogue)} messages")
    return 0


# Checking


def check(sources: Catalog, french: Catalog) -> Iterator[str]:
    """What is wrong with the French, a line each."""
    there = {key(message): message for message in real(french)}
    wanted = {key(message) for message in real(sources)}
    for message in real(sources):
        found = there.get(key(message))
        if found is None:
            yield f"missing (run: make messages): {shown(message)}"
        elif isinstance(found.id, tuple | list) != isinstance(message.id, tuple | list):
            yield f"plural differs from the sources (run: make messages): {shown(message)}"
        elif found.fuzzy:
            yield f"fuzzy: {shown(message)}"
        elif not translated(found):
            yield f"not translated: {shown(message)}"
        else:
            yield from faults(found)
    yield from (f"obsolete: {shown(message)}" for name, message in there.items() if name not in wanted)
    yield from (f"obsolete: {shown(message)}" for message in french.obsolete.values())


def shown(message: Message) -> str:
    text, context = key(message)
    places = ", ".join(place for place, _line in message.locations)
    return f"{text!r}" + (f" (context {context!r})" if context else "") + (f" in {places}" if places else "")


def faults(message: Message) -> Iterator[str]:
    yield from (f"placeholders differ: {shown(message)}: {text!r}" for text in wrong_placeholders(message))
    for text in strings_of(message):
        yield from (f"{fault}: {shown(message)}: {text!r}" for fault in typography(text))


def wrong_placeholders(message: Message) -> list[str]:
    """The translations whose placeholders are not those of the English; a singular may follow either form."""
    ids = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
    allowed = [sorted(PLACEHOLDER.findall(text)) for text in ids]
    strings = strings_of(message)
    return [
        text
        for position, text in enumerate(strings)
        if sorted(PLACEHOLDER.findall(text)) not in (allowed if position == 0 else allowed[-1:])
    ]


def typography(text: str) -> Iterable[str]:
    """Faults of French typography: the straight apostrophe, and marks without their non-breaking space."""
    prose = text.replace("&nbsp;", "\u00a0")
    prose = NOT_PROSE.sub("", PLACEHOLDER.sub("x", prose.replace("%%", "%")))
    prose = re.sub(r"&(\w+|#\w+);", "x", prose)
    if "'" in prose:
        yield "straight apostrophe, use ’"
    if BARE_OPENING.search(prose):
        yield "no non-breaking space after «"
    if BARE_MARK.search(prose):
        yield f"no non-breaking space before {BARE_MARK.search(prose)[0]}"  # type: ignore[index]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
