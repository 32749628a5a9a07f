"""What the user chose in the window, kept from one start to the next."""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

log = logging.getLogger("jixiao")

OVERRIDE = "JIXIAO_SETTINGS"                          # an environment variable with another path


@dataclass(frozen=True)
class Settings:
    """Folders are "" where none was chosen; `update_folder` is where the office puts new versions. `paths`,
    `excluded`: the list of the last time."""

    ruleset_folder: str = ""
    output_folder: str = ""
    prior_folder: str = ""
    update_folder: str = ""
    paths: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    geometry: str = ""


def settings_path() -> Path:
    if told := os.environ.get(OVERRIDE):
        return Path(told)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local", "jixiao", "settings.json")
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config", "jixiao", "settings.json")


def load_settings() -> Settings:
    """As they were kept; a file that is missing or damaged is as if nothing was chosen."""
    kept = _kept(settings_path())
    return Settings(**{field.name: value for field in fields(Settings)
                       if (value := _taken(kept.get(field.name), getattr(Settings, field.name))) is not None})


def save_settings(settings: Settings) -> bool:
    """Keep them; whether that could be done. What other versions keep in the file stays."""
    path = settings_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({**_kept(path), **asdict(settings)}, indent=1)     # names of files need not be text
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".jixiao-", suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(name, path)
        except OSError:
            os.unlink(name)
            raise
    except OSError:
        log.exception("%s", path)
        return False
    return True


def _kept(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _taken(value: Any, default: str | tuple[str, ...]) -> str | tuple[str, ...] | None:
    """The value where it is of the kind wanted, else None."""
    if isinstance(default, str):
        return value if isinstance(value, str) else None
    return tuple(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else None
