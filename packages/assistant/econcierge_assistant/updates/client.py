"""The TUF client: what the paired platform mirrors is believed only as far as the built-in root key signs it.

python-tuf does the checking (specification 1.0, section 5): an old list is refused by its version (rollback), one that
is no longer renewed by its date (freeze), and parts of different lists by their hashes (mix-and-match). Trusted
metadata is kept between runs, because the versions seen last time are what a rollback is measured against.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from tuf.api import exceptions
from tuf.ngclient.config import UpdaterConfig
from tuf.ngclient.updater import Updater

from econcierge_assistant.updates import rules
from econcierge_assistant.updates.types import Offer, Release, Trouble, UpdateError

CHANNEL = "channels/stable.json"
_CONFIG = UpdaterConfig(prefix_targets_with_hash=False, app_user_agent="econcierge-assistant")


def built_in_root() -> bytes:
    """The root that the release was built with; `UpdateError` in a copy from the sources."""
    file = resources.files("econcierge_assistant.updates") / "root.json"
    if not file.is_file():
        raise UpdateError(Trouble.NO_ROOT)
    return file.read_bytes()


class Channel:
    """One look at what a platform offers; every method raises `UpdateError` and changes nothing then."""

    def __init__(self, *, server: str, kept_in: Path, root: bytes) -> None:
        with _troubles():
            for name in ("metadata", "targets"):
                (kept_in / name).mkdir(parents=True, exist_ok=True)
            base = server.rstrip("/") + "/updates"
            self._updater = Updater(
                metadata_dir=str(kept_in / "metadata"),
                metadata_base_url=f"{base}/metadata",
                target_dir=str(kept_in / "targets"),
                target_base_url=f"{base}/targets",
                config=_CONFIG,
                bootstrap=root,
            )

    def release(self) -> Release:
        """What is offered at present."""
        return rules.release_from_json(self._fetched(CHANNEL).read_bytes())

    def fetch(self, wanted: Offer) -> Path:
        """The installer of `wanted`, checked against the signed list, in the folder of this channel."""
        return self._fetched(wanted.file.file)

    def _fetched(self, name: str) -> Path:
        with _troubles():
            described = self._updater.get_targetinfo(name)
            if described is None:
                raise UpdateError(Trouble.NOT_OFFERED, name)
            return Path(self._updater.find_cached_target(described) or self._updater.download_target(described))


@contextmanager
def _troubles() -> Iterator[None]:
    """python-tuf's errors as ours; the first that fits decides."""
    try:
        yield
    except exceptions.ExpiredMetadataError as error:
        raise UpdateError(Trouble.EXPIRED, str(error)) from None
    except exceptions.BadVersionNumberError as error:
        raise UpdateError(Trouble.OLDER, str(error)) from None
    except exceptions.UnsignedMetadataError as error:
        raise UpdateError(Trouble.NOT_SIGNED, str(error)) from None
    except (exceptions.LengthOrHashMismatchError, exceptions.DownloadLengthMismatchError) as error:
        raise UpdateError(Trouble.MISMATCH, str(error)) from None
    except exceptions.DownloadHTTPError as error:
        trouble = Trouble.NOT_OFFERED if error.status_code in (403, 404) else Trouble.UNREACHABLE
        raise UpdateError(trouble, str(error)) from None
    except exceptions.DownloadError as error:
        raise UpdateError(Trouble.UNREACHABLE, str(error)) from None
    except exceptions.RepositoryError as error:
        raise UpdateError(Trouble.NOT_UNDERSTOOD, str(error)) from None
    except OSError as error:
        raise UpdateError(Trouble.CANNOT_KEEP, error.strerror or str(error)) from None
