"""Secrets that development makes for itself once and keeps in the data directory."""

import json
import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

from notify_adapters.private_folder import make_private_folder
from notify_entrypoints.settings.model import SettingsError


class DevelopmentSecrets(TypedDict):
    secret_keys: Sequence[str]
    admin_secrets: Sequence[str]


def development_secrets(data_dir: Path) -> DevelopmentSecrets:
    """Those in the data directory; made when there are none. Two processes starting at once agree.

    :raises SettingsError: the directory cannot be written, or the file was damaged.
    """
    path = data_dir / "secrets.json"
    try:
        make_private_folder(data_dir)
        if not path.exists():
            _make(path)
        return _read(path)
    except OSError as error:
        raise SettingsError(f"NOTIFY_DATA_DIR: {path} cannot be used: {error.strerror}") from error
    except ValueError:
        # Without its cause, which may quote what the file holds.
        raise SettingsError(f"NOTIFY_DATA_DIR: {path} is damaged; restore it, what it encrypted needs it") from None


def _make(path: Path) -> None:
    made: DevelopmentSecrets = {"secret_keys": [secrets.token_hex(32)], "admin_secrets": [secrets.token_hex(32)]}
    # mkstemp's files are readable by their owner alone.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file, indent=2)
    try:
        # A link fails where another process was first; a rename would replace what it already uses.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        Path(draft).unlink()


def _read(path: Path) -> DevelopmentSecrets:
    found: Any = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError("no object")  # noqa: TRY004 - damage like any other
    return {"secret_keys": _listed(found, "secret_keys"), "admin_secrets": _listed(found, "admin_secrets")}


def _listed(found: dict[str, Any], name: str) -> Sequence[str]:
    listed = found.get(name)
    if not isinstance(listed, list) or not listed or not all(isinstance(one, str) and one for one in listed):
        raise ValueError(name)
    return tuple(listed)
