"""Carries a plan out, or says what it would do; and takes back exactly what was made.

With a `root` everything is written below it and no command is run: for packages and tests.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath

from econcierge_assistant.service import errors, line, texts
from econcierge_assistant.service.install import plan

Tell = Callable[[str], None]
COMMAND_TIMEOUT_S = 90.0


def run_command(command: plan.Command) -> None:
    """Raises `CannotInstall` when it fails and must not."""
    try:
        done = subprocess.run(  # noqa: S603 - the plan's own words
            command.words, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        if not command.may_fail:
            raise errors.CannotInstall(
                texts.said("command_not_run", command=command, reason=line.explain(error))
            ) from error
        return
    if done.returncode and not command.may_fail:
        said = " ".join((done.stderr or done.stdout).split())[:300]
        reason = said or f"status {done.returncode}"
        raise errors.CannotInstall(texts.said("command_failed", command=command, reason=reason))


def install(
    made: plan.Plan,
    *,
    root: Path | None = None,
    tell: Tell,
    run: Callable[[plan.Command], None] = run_command,
) -> None:
    """Files and folders, then the commands that start it. Installing again replaces what was there."""
    manifest = _Manifest(_under(root, made.manifest), root)
    for folder in made.folders:
        manifest.make_folder(_under(root, folder.path), folder.mode)
    for file in made.files:
        manifest.write(_under(root, file.path), file)
        tell(f"wrote {_under(root, file.path)}")
    manifest.save()
    for command in () if root else made.start:
        run(command)
        tell(f"ran {command}")


def uninstall(
    made: plan.Plan,
    *,
    root: Path | None = None,
    keep_data: bool = False,
    tell: Tell,
    run: Callable[[plan.Command], None] = run_command,
) -> None:
    """Stops it, removes what was installed and, unless kept, what it made while it ran: token, readings, settings."""
    for command in () if root else made.stop:
        run(command)
    manifest = _Manifest(_under(root, made.manifest), root)
    if not manifest.exists:
        manifest.files = [_under(root, file.path) for file in made.files]
    for path in () if keep_data else made.data:
        if _remove(_under(root, path)):
            tell(f"removed {_under(root, path)}")
    for gone in manifest.remove(keep=[_under(root, path) for path in made.data] if keep_data else []):
        tell(f"removed {gone}")
    for command in () if root else made.after_removal:
        run(command)


def dry_run(made: plan.Plan, *, root: Path | None = None) -> Iterator[str]:
    """Everything that `install` would do, for a person to read."""
    for folder in made.folders:
        yield f"would make the folder {_under(root, folder.path)} (mode {folder.mode:o})"
    for file in made.files:
        path = _under(root, file.path)
        if file.link_to:
            yield f"would link {path} -> {file.link_to}"
        else:
            yield f"would write {path} (mode {file.mode:o}):\n{file.text}"
    yield f"would write {_under(root, made.manifest)}, so that `uninstall` takes back exactly this"
    for command in () if root else made.start:
        yield f"would run {command}"
    yield from made.remarks


def _under(root: Path | None, path: PurePath) -> Path:
    """The same place below another root."""
    if root is None:
        return Path(path)
    parts = path.parts[1:] if path.anchor else path.parts
    return root.joinpath(*parts)


def _remove(path: Path) -> bool:
    """A file, a link or a whole folder; False when there was none."""
    if path.is_symlink() or path.is_file():
        path.unlink()
        return True
    if path.is_dir():
        shutil.rmtree(path)
        return True
    return False


class _Manifest:
    """The files and folders that installing made here, in the order in which they were made."""

    def __init__(self, path: Path, root: Path | None) -> None:
        self._path = path
        self._root = root or Path("/")
        self.files: list[Path] = []
        self.folders: list[Path] = []
        self.exists = path.exists()
        if self.exists:
            with _told(path):
                found = json.loads(path.read_text())
                self.files = [self._root / each for each in found["files"]]
                self.folders = [self._root / each for each in found["folders"]]

    def make_folder(self, folder: Path, mode: int = 0o755) -> None:
        """Remembers each folder above it that was missing, too."""
        missing = [each for each in (*reversed(folder.parents), folder) if not each.exists()]
        with _told(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if folder in missing:
                folder.chmod(mode)
        self.folders += [each for each in missing if each not in self.folders]

    def write(self, path: Path, file: plan.File) -> None:
        self.make_folder(path.parent)
        with _told(path):
            if path.is_symlink() or path.exists():
                path.unlink()
            if file.link_to:
                path.symlink_to(file.link_to)
            else:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file.mode)
                with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
                    opened.write(file.text)
                path.chmod(file.mode)
        if path not in self.files:
            self.files.append(path)

    def save(self) -> None:
        self.make_folder(self._path.parent)
        facts = {"format": 1, "files": self._relative(self.files), "folders": self._relative(self.folders)}
        with _told(self._path):
            self._path.write_text(json.dumps(facts, indent=1) + "\n")

    def remove(self, *, keep: Sequence[Path]) -> list[Path]:
        """Files, then folders that are empty again, the deepest first; nothing at or below what is kept."""
        gone = [path for path in (*self.files, self._path) if not _is_within(path, keep) or path == self._path]
        with _told(self._path):
            removed = [path for path in gone if _remove(path)]
            for folder in sorted(self.folders, key=lambda each: len(each.parts), reverse=True):
                with contextlib.suppress(OSError):  # not empty, or gone with the data
                    folder.rmdir()
        return removed

    def _relative(self, paths: Sequence[Path]) -> list[str]:
        return [str(path.relative_to(self._root)) if path.is_relative_to(self._root) else str(path) for path in paths]


def _is_within(path: Path, folders: Sequence[Path]) -> bool:
    return any(path == folder or path.is_relative_to(folder) for folder in folders)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise errors.CannotInstall(texts.said("path_forbidden", path=path)) from error
    except OSError as error:
        raise errors.CannotInstall(texts.said("path_not_written", path=path, reason=line.explain(error))) from error
    except (ValueError, KeyError, TypeError) as error:
        raise errors.CannotInstall(texts.said("path_damaged", path=path)) from error
