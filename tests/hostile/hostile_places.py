"""Hostile names of files, and things in a folder that are no files at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

LONGEST = 255 - len(".xlsx")                          # bytes a name can have

# Names under which an honest workbook must be read like any other.
NAMES = (
    "甲\n乙", "甲\r乙", "甲\t乙", "甲\x1b[2J乙", "甲\x07", "乙\u202exslx.甲", "零\u200b宽", "\u2028行", "'单引'", '"双引"', "a&b<c>",
    "<script>alert(1)</script>".replace("/", "∕"), "=HYPERLINK(1)", "+cmd|' ∕C calc'!A0", "@SUM(1)", "-rf", "--help", "%41%n%s",
    "#锚", "javascript:alert(1)", "[1]表", "{0}", "$(id)", "`id`", "a;b", "a*?b", "~甲", " 空 ", "CON", "x" * LONGEST, "长" * (LONGEST // 3),
    os.fsdecode(b"\xff\xfe"), "a\\b", "甲.xlsx", "é", "e\u0301",
)


def put_names(folder: Path, of_unit: Callable[[int], bytes]) -> None:
    """A file under every hostile name."""
    for number, name in enumerate(NAMES):
        (folder / f"{name}.xlsx").write_bytes(of_unit(number))


def put_other_things(folder: Path, data: bytes) -> None:
    """Links, pipes and whatever else may stand in a folder under the name of a workbook."""
    outside = folder.parent / "outside.xlsx"
    outside.write_bytes(data)
    (folder / "链接.xlsx").symlink_to(outside)
    (folder / "链接到设备.xlsx").symlink_to("/dev/zero")
    (folder / "断了的链接.xlsx").symlink_to(folder / "没有.xlsx")
    (folder / "绕圈甲.xlsx").symlink_to(folder / "绕圈乙.xlsx")
    (folder / "绕圈乙.xlsx").symlink_to(folder / "绕圈甲.xlsx")
    (folder / "绕回来").symlink_to(folder)
    os.mkfifo(folder / "管道.xlsx")
    (folder / "文件夹.xlsx").mkdir()
    (folder / "~$甲.xlsx").write_bytes(b"\x05user" + bytes(160))
    (folder / "空.xlsx").write_bytes(b"")
