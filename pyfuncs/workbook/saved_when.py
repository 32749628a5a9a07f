"""When a workbook was last saved: as it says itself, else as the disk says. Beijing time, no zone written."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from struct import unpack_from

from pyfuncs.consolidate.filed import SAVED_INSIDE, Filed
from pyfuncs.workbook.safe_zip import Package, file_bytes, package_of, relations
from pyfuncs.workbook.sniff import old_kind
from pyfuncs.workbook.watch import Unreadable

INSIDE = SAVED_INSIDE
ON_DISK = "磁盘上的修改时间"
_PART = "docProps/core.xml"
_LARGEST = 64 * 2**10                                 # bytes of what tells the date; programs write less than 2 KB
_YEARS = range(2000, 2100)                            # 1601, 1980, 1899: what programs write when they know no date
_BEIJING = timezone(timedelta(hours=8))
_SUMMARY = "\x05SummaryInformation"                   # of an .xls file
_LAST_SAVED, _FILETIME = 0x0D, 0x40                   # the property and its type
_EPOCH = datetime(1601, 1, 1, tzinfo=timezone.utc)


def saved_when(path: Path) -> tuple[str, str]:
    """When the file was last saved, 2023-03-20T09:15:00, and who says so: INSIDE or ON_DISK; "" and "" when nobody.

    Whatever the file is, nothing is raised: what it says about itself is taken only where it can be read.
    """
    inside = _inside(path)
    if inside:
        return _written(inside), INSIDE
    try:
        return _written(datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)), ON_DISK
    except (OSError, OverflowError, ValueError):
        return "", ""


def with_date(one: Filed) -> Filed:
    """A workbook that was read, with when it was last saved."""
    said = one.submission.saved
    dated, dated_by = (said, INSIDE) if said else saved_when(Path(one.submission.path))
    return replace(one, dated=dated, dated_by=dated_by)


def saved_inside(package: Package) -> str:
    """When a package says that it was last saved, "" where it does not. Nothing is raised."""
    try:
        found = _of_package(package)
    except Unreadable:
        return ""
    return _written(found) if found else ""


def _inside(path: Path) -> datetime | None:
    try:
        data = file_bytes(path)
        if old_kind(data) == "xls":
            return _of_xls(data)
        return _of_package(package_of(path, data))
    except Unreadable:
        return None


def _of_package(package: Package) -> datetime | None:
    part = _PART if _PART in package.archive.NameToInfo else next(
        (part for kind, part in relations(package, "").values() if kind.endswith("/core-properties")), "")
    if part not in package.archive.NameToInfo or package.archive.NameToInfo[part].file_size > _LARGEST:
        return None
    texts: list[str] = []
    inside: list[bool] = []

    def start(element: str, _: dict[str, str]) -> None:
        inside.append(element == "modified")

    def end(_: str) -> None:
        inside.pop()

    def text(words: str) -> None:
        if inside and inside[-1]:
            texts.append(words)

    package.walk(part, start, end, text)
    return _read("".join(texts).strip())


def _read(text: str) -> datetime | None:
    """A date and time of the file format, 2023-03-20T01:15:00Z; one without a zone is Greenwich time."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _likely(found if found.tzinfo else found.replace(tzinfo=timezone.utc))


def _of_xls(data: bytes) -> datetime | None:
    """From the properties of an .xls file, where they are plain; None for anything else."""
    from xlrd.compdoc import CompDoc

    try:
        stream, base, size = CompDoc(data, io.StringIO()).locate_named_stream(_SUMMARY)
        properties = bytes((stream or b"")[base:base + min(size, _LARGEST)])
        section = unpack_from("<I", properties, 44)[0]
        count = unpack_from("<I", properties, section + 4)[0]
        for number in range(min(count, 100)):
            name, offset = unpack_from("<II", properties, section + 8 + 8 * number)
            if name == _LAST_SAVED:
                kind, ticks = unpack_from("<IQ", properties, section + offset)
                return _likely(_EPOCH + timedelta(microseconds=ticks // 10)) if kind == _FILETIME else None
    except Exception:                                 # xlrd answers a damaged file with any error
        return None
    return None


def _likely(found: datetime) -> datetime | None:
    try:
        return found if found.astimezone(_BEIJING).year in _YEARS else None
    except OverflowError:
        return None


def _written(when: datetime) -> str:
    return when.astimezone(_BEIJING).replace(tzinfo=None, microsecond=0).isoformat()
