"""A new version in a folder or share that the office chose: seen, copied, proved, and only then offered.

Nothing is looked for unless a folder was named, no other place is asked, and nothing is fetched by itself.
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pyfuncs import __version__
from pyfuncs.helper import update_source
from pyfuncs.helper.update_source import Refused
from pyfuncs.report.naming import clean_text, safe_stem

log = logging.getLogger("jixiao")

PATIENCE = 2.0                                        # seconds for a look at the folder; a share may be away
SUFFIXES = {"win32": ".exe", "linux": ".deb"}
MOST_NOTES = 2000
_VERSION = re.compile(r"\d{1,5}(\.\d{1,5}){1,3}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
BAD_FILE = "{file} 的内容不对（{reason}），没有理会。请告诉放新版本的人。"
OTHER_SYSTEM = "{folder} 里的新版本 {version} 不是给这个系统的（{file}），没有动它。"


@dataclass(frozen=True)
class Offer:
    """A newer version: where its file is, what it must hash to, and what the office says of it (lines of text)."""

    version: str
    folder: Path
    file: str
    sha256: str
    notes: str


def check(folder: str, patience: float = PATIENCE) -> Offer | None:
    """The newer version in a folder, for a start of the program: whatever is wrong goes into the log."""
    if not folder.strip():
        return None
    try:
        return look(folder, patience)
    except Refused as refusal:
        log.warning("新版本：%s", refusal)
        return None


def look(folder: str, patience: float = PATIENCE) -> Offer | None:
    """The newer version in a folder (a path or file:// address), None when there is none. Raises Refused with what
    to tell when the folder can't be read in time or its latest.json is not as it must be."""
    place = update_source.place(folder)
    path, data = update_source.notice(place, patience)
    offer = parsed(data, path)
    if numbers(offer.version) <= numbers(__version__):
        return None
    if not offer.file.endswith(SUFFIXES.get(sys.platform, "")):
        raise Refused(OTHER_SYSTEM.format(folder=place, version=offer.version, file=offer.file))
    return offer


def parsed(data: bytes, path: Path) -> Offer:
    """What the latest.json at `path` says: {"version": "1.2.0", "file": name beside it, "sha256": 64 digits, "notes":
    text}. Raises Refused."""
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _bad(path, "不是 JSON") from None
    if not isinstance(told, dict):
        raise _bad(path, "应是一组名称和值")
    texts = {name: told.get(name, "" if name == "notes" else None) for name in ("version", "file", "sha256", "notes")}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise _bad(path, f"{name} 应是文字")
    if not _VERSION.fullmatch(texts["version"]):
        raise _bad(path, "version 应像 1.2.0")
    if not _DIGEST.fullmatch(texts["sha256"].lower()):
        raise _bad(path, "sha256 应是 64 位十六进制数")
    if not _plain_name(texts["file"]):
        raise _bad(path, "file 应是同一文件夹里的 .exe 或 .deb 文件名")
    return Offer(texts["version"], path.parent, texts["file"], texts["sha256"].lower(),
                 clean_text(texts["notes"])[:MOST_NOTES].strip())


def _bad(path: Path, reason: str) -> Refused:
    return Refused(BAD_FILE.format(file=path, reason=reason))


def _plain_name(name: str) -> bool:
    """A file name that names nothing else on any system: no path, drive, stream or device."""
    stem, _, suffix = name.rpartition(".")
    return f".{suffix}" in SUFFIXES.values() and safe_stem(stem) == stem and not stem.startswith((".", "-"))


def numbers(version: str) -> tuple[int, ...]:
    """1.10 is newer than 1.9, and 1.2 the same as 1.2.0."""
    parts = [int(part) for part in version.split(".")]
    return tuple(parts + [0] * (4 - len(parts)))


def fetch(offer: Offer) -> Path:
    """A copy of the offered file in a new folder of the user's, which hashes to what was promised and carries no
    broken signature. Raises Refused; then no copy is left."""
    copy = update_source.copied(offer.folder / offer.file, offer.sha256)
    if sys.platform == "win32":
        from pyfuncs.helper.update_signature import refuse_badly_signed

        try:
            refuse_badly_signed(copy)
        except Refused:
            update_source.discard(copy)
            raise
    return copy


def start(copy: Path) -> str:
    """Start the installer that was fetched, or say how to; the program must then end, so that it can be replaced.
    Raises Refused."""
    if sys.platform == "win32":
        try:
            subprocess.Popen([str(copy)], close_fds=True)
        except OSError:
            raise Refused(f"安装程序没有打开，可能被本单位的策略或杀毒软件拦下了：{copy}") from None
        return "安装程序已经打开，请关闭 Excel 和绩效自评的窗口，按提示安装。"
    return f"请在终端里运行：sudo apt-get install {copy}"
