"""What an examination asks a Linux desktop."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from pyfuncs.helper.doctor_files import version_in
from pyfuncs.workbook.soffice import environment


def wps() -> str | None:
    """"" when WPS 表格 is there, which does not say its version; None without it."""
    there = shutil.which("et") or Path("/opt/kingsoft/wps-office/office6/et").is_file()
    return "" if there else None


def others(own_folder: str) -> dict[str, str]:
    """The copy of ours that typing `jixiao` starts, when it is another one and a packaged one."""
    found = shutil.which("jixiao")
    folder = Path(found).resolve().parent if found else None
    version = version_in(folder) if folder and str(folder) != own_folder and (folder / "files.json").is_file() else ""
    return {str(folder): version} if version else {}


def fonts() -> frozenset[str] | None:
    """Families that have Chinese characters, by each of their names; None where they can't be listed."""
    lister = shutil.which("fc-list")
    if lister is None:
        return None
    try:
        done = subprocess.run([lister, ":lang=zh", "--format=%{family}\n"], env=environment(), capture_output=True,
                              text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return frozenset(name.strip() for line in done.stdout.splitlines() for name in line.split(",") if name.strip())
