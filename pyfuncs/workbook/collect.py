"""Which workbooks are meant by files and folders."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pyfuncs.catalog.compiled import OWN

# Old and foreign formats are taken up too: the reader says how to turn them into .xlsx.
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods")
MARKED = "（审核意见）"                               # ends the names of our own marked copies
LINK = "是指向别处的链接，没有读"
# Ends of the names of folders that hold our own results: never read again as what units filed.
RESULTS = ("-审核结果", "-汇总结果")


@dataclass(frozen=True)
class Collected:
    """`files` in order; `named`: those given by their own path; `skipped`, `problems`: lines to show."""

    files: tuple[Path, ...] = ()
    named: frozenset[Path] = frozenset()
    skipped: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()                    # paths that can't be read: exit status 2


@dataclass
class _Finds:
    files: dict[Path, Path] = field(default_factory=dict)      # real path -> path as given
    named: set[Path] = field(default_factory=set)
    skipped: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, path: Path) -> None:
        self.files.setdefault(path.resolve(), path)


def collect(paths: Iterable[Path]) -> Collected:
    """Workbooks among files and folders; folders are walked, links in them are not followed."""
    finds = _Finds()
    for path in paths:
        if path.is_dir():
            _walk(path, finds)
        elif not path.exists():
            finds.problems.append(f"没有这个文件或文件夹：{path}；请检查路径")
        elif reason := _not_a_workbook(path):
            finds.problems.append(f"{path}：{reason}")
        else:
            finds.add(path)
            finds.named.add(path)
    if not finds.files and not finds.problems:
        finds.problems.append(f"没有找到工作簿（{'、'.join(WORKBOOKS[:2])}）：{'、'.join(map(str, paths))}")
    return Collected(tuple(sorted(finds.files.values(), key=os.fspath)), frozenset(finds.named),
                     tuple(finds.skipped), tuple(finds.problems))


def _walk(folder: Path, finds: _Finds) -> None:
    def unreadable(error: OSError) -> None:
        finds.problems.append(f"打不开文件夹 {error.filename}：{error.strerror}")

    for here, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != OWN)
        finds.skipped += [f"跳过 {Path(here, name)}：是本工具箱的结果" for name in folders if name.endswith(RESULTS)]
        folders[:] = [name for name in folders if not name.endswith(RESULTS)]
        finds.skipped += [f"跳过 {path}：{LINK}" for name in folders if (path := Path(here, name)).is_symlink()]
        for path in (Path(here, name) for name in sorted(names) if not name.startswith(".")):
            if path.is_symlink():
                finds.skipped.append(f"跳过 {path}：{LINK}")
            elif reason := _not_a_workbook(path) or ("是审核意见副本" if path.stem.endswith(MARKED) else ""):
                finds.skipped.append(f"跳过 {path}：{reason}")
            else:
                finds.add(path)


def _not_a_workbook(path: Path) -> str:
    if path.name.startswith("~$"):
        return "是表格软件打开文件时的临时文件；请指定原文件"
    if path.suffix.lower() not in WORKBOOKS:
        return f"不是工作簿（{'、'.join(WORKBOOKS[:2])}）"
    return ""
