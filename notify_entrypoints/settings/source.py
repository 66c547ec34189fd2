"""Where variables are read from: the environment, over a TOML file with the same names nested."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from notify_entrypoints.settings.model import SettingsError


def read_variables(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Every ``NOTIFY_`` variable (those of the tests apart), the environment's over the file's.

    :raises SettingsError: the file cannot be read, or holds something that is no setting.
    """
    environ = os.environ if environ is None else environ
    own = {
        name: value
        for name, value in environ.items()
        if name.startswith("NOTIFY_") and not name.startswith("NOTIFY_TEST_")
    }
    if path := own.get("NOTIFY_CONFIG"):
        return {**_from_file(Path(path)), **own}
    return own


def _from_file(path: Path) -> dict[str, str]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"NOTIFY_CONFIG: {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"NOTIFY_CONFIG: {path} is not TOML: {error}") from error
    found: dict[str, str] = {}
    _flatten(document, "NOTIFY", found, path)
    return found


def _flatten(table: Mapping[str, Any], prefix: str, found: dict[str, str], path: Path) -> None:
    for key, value in table.items():
        # [tickets] adapter = "zendesk" is NOTIFY_TICKETS=zendesk; a top-level [notify] table is allowed.
        itself = key.lower() == ("notify" if prefix == "NOTIFY" else "adapter")
        name = prefix if itself else f"{prefix}_{key.upper()}"
        if isinstance(value, Mapping):
            _flatten(value, name, found, path)
            continue
        if name in found:
            raise SettingsError(f"NOTIFY_CONFIG: {path} gives {name} twice")
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, str | bool | int | float) for part in parts):
            raise SettingsError(
                f"NOTIFY_CONFIG: {path}: {name} must be a text, a number, true, false or a list of them"
            )
        found[name] = ",".join(str(part).lower() if isinstance(part, bool) else str(part) for part in parts)
