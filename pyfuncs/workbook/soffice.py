"""The LibreOffice of this machine as a converter of files that only it can open, in a folder and profile of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from pyfuncs.workbook.watch import Unreadable

PATIENCE = 90                                         # seconds; the first start makes the profile
NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)       # from a window none may flash up
_FOREIGN = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH")     # would make it load another's libraries


def converted(path: Path, data: bytes, ending: str, to: str, infilter: str = "") -> bytes:
    """The file's content as LibreOffice saves it in the format `to`. `ending`: what kind it is, with its dot.

    Works on a copy under a name of our own. Raises Unreadable when there is no LibreOffice or it can't do it.
    """
    program = find_program("soffice")
    if program is None:
        raise Unreadable("no-libreoffice", f"文件“{path.name}”要由 LibreOffice 转换才能读，这台电脑上没有找到 LibreOffice。",
                         "请用 Word 或 WPS 打开，另存为“Word 文档（*.docx）”后再审核。")
    with TemporaryDirectory(prefix="jixiao-") as folder:
        source, target = Path(folder, f"report{ending}"), Path(folder, f"report.{to}")
        source.write_bytes(data)
        filters = [f"--infilter={infilter}"] if infilter else []
        try:
            subprocess.run([str(program), f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless",
                            "--norestore", *filters, "--convert-to", to, "--outdir", folder, str(source)],
                           env=environment(), timeout=PATIENCE, capture_output=True, check=False,
                           creationflags=NO_CONSOLE)
        except (subprocess.TimeoutExpired, OSError):
            raise _failed(path) from None
        if not target.is_file():
            raise _failed(path)
        return target.read_bytes()


def _failed(path: Path) -> Unreadable:
    return Unreadable("not-converted", f"LibreOffice 没能转换文件“{path.name}”，可能已损坏或设了密码。",
                      "请用 Word 或 WPS 打开，另存为“Word 文档（*.docx）”后再审核。")


def find_program(name: str) -> Path | None:
    """`soffice` or `unopkg` of the first LibreOffice: of the one on PATH, else where it is usually installed."""
    file = f"{name}.com" if sys.platform == "win32" else name
    return next((folder / file for folder in _folders() if (folder / file).is_file()), None)


def _folders() -> Iterator[Path]:
    """Where the programs of a LibreOffice may lie."""
    if sys.platform == "win32":
        for folder in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
            if folder in os.environ:
                yield from sorted(Path(os.environ[folder]).glob("*/program"))
        return
    for name in ("soffice", "libreoffice"):           # links into the program's folder; `unopkg` may be a script
        if found := shutil.which(name):
            yield Path(found).resolve().parent
    if sys.platform == "darwin":
        for root in (Path("/"), Path.home()):
            yield root / "Applications" / "LibreOffice.app" / "Contents" / "MacOS"
    for root in ("usr/lib", "usr/lib64", "usr/local/lib", "opt"):
        yield from sorted(Path("/", root).glob("*office*/program"))


def environment() -> dict[str, str]:
    """Ours without what would make LibreOffice load another Python's libraries, or those of a packaged program."""
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    if "LD_LIBRARY_PATH_ORIG" in kept:                # as it was before PyInstaller's start
        kept["LD_LIBRARY_PATH"] = kept.pop("LD_LIBRARY_PATH_ORIG")
    return kept if sys.platform == "win32" else {**kept, "PATH": "/usr/local/bin:/usr/bin:/bin"}
