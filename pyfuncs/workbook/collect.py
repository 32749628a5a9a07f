"""Which workbooks are meant by files and folders."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyfuncs.catalog.compiled import OWN
from pyfuncs.consolidate.filed import Filed
from pyfuncs.workbook.own_results import is_own_report

# Foreign formats are taken up too: the reader says how to turn them into .xlsx.
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".docx", ".xlsb", ".et", ".ods")
_TAKEN = "、".join(WORKBOOKS[:4])
TEXTS, CONVERTED = (".txt",), (".doc", ".wps", ".pdf")      # of reports: read as they are, and only through LibreOffice
ENDINGS = (".docx", *TEXTS, *CONVERTED)               # of all that a report is written in
# What units send besides, and how it can be handed in.
_OTHERS = {
    (".doc", ".wps", ".rtf"): "是旧格式的文字文档；请用 Word 或 WPS 打开，另存为“Word 文档（*.docx）”后再交",
    (".pdf", ".ofd", ".jpg", ".jpeg", ".png"): "是版式文件或图片，里面的数读不出来；请交填表用的 Excel 或 Word 文件",
    (".zip", ".rar", ".7z"): "是压缩包；请先解压，再指定解压出来的文件夹",
}
MARKED = "（审核意见）"                               # ends the names of our own marked copies
_IS_MARKED = re.compile(rf"{MARKED}(?: \(\d+\))?\Z")  # the second one of a name is numbered
_NO_FORM = {"not-our-template", "no-tables"}          # codes of the reader
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
OWN_REPORT = "是本工具箱写的自评报告，数都在单位的自评表里"
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
    addresses: tuple[str, ...] = ()                   # workbooks that lie elsewhere: s3://…
    reports: tuple[Path, ...] = ()                    # files that may be a unit's report in prose, and can hold no form


@dataclass
class _Finds:
    files: dict[Path, Path] = field(default_factory=dict)      # real path -> path as given
    named: set[Path] = field(default_factory=set)
    skipped: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    with_reports: bool = False
    reports: dict[Path, Path] = field(default_factory=dict)

    def add(self, path: Path) -> None:
        self.files.setdefault(path.resolve(), path)

    def add_report(self, path: Path, named: bool) -> bool:
        """Whether it is taken up as a report: any text, and in a folder what has to be converted only by its name."""
        ending = path.suffix.lower()
        taken = self.with_reports and not path.name.startswith("~$") and (ending in TEXTS or ending in CONVERTED and (
            named or "报告" in path.stem) or not named and is_own_report(path))
        if taken:
            self.reports.setdefault(path.resolve(), path)
        return taken


def collect(paths: Iterable[Path], reports: bool = False) -> Collected:
    """Workbooks and Word documents among files and folders; folders are walked, links in them not followed.

    `reports`: also what only a report in prose is written in (.txt, .doc, .pdf).
    """
    finds = _Finds(with_reports=reports)
    for path in paths:
        if os.path.isdir(path):                       # Path.is_dir raises where a name is too long
            _walk(path, finds)
        elif not os.path.exists(path):
            finds.problems.append(f"没有这个文件或文件夹：{shown(path)}；请检查路径")
        elif finds.add_report(path, named=True):
            finds.named.add(path)
        elif reason := not_a_workbook(path):
            finds.problems.append(f"{shown(path)}：{reason}")
        else:
            finds.add(path)
            finds.named.add(path)
    if not finds.files and not finds.reports and not finds.problems:
        finds.problems.append(f"没有找到可以审核的文件（{_TAKEN}）：{'、'.join(map(shown, paths))}")
    files, texts = (tuple(sorted(found.values(), key=os.fspath)) for found in (finds.files, finds.reports))
    return Collected(files, frozenset(finds.named), tuple(finds.skipped), tuple(finds.problems), reports=texts)


def without_reports(filed: Sequence[Filed], collected: Collected) -> tuple[list[Filed], list[str]]:
    """Without the Word documents that lay in a folder and hold no form, and a line on each of them.

    Units send their report in prose along with the forms. When nothing else was there, it is judged: the forms
    are what is missing.
    """
    rest = [one for one in filed if not is_report(one, collected)]
    if not rest:
        return list(filed), []
    return rest, [report_line(one.submission.path) for one in filed if is_report(one, collected)]


def is_report(one: Filed, collected: Collected) -> bool:
    """Whether it is a Word document without a form that nobody named by itself."""
    return without_forms(one) and Path(one.submission.path) not in collected.named


def without_forms(one: Filed) -> bool:
    """Whether it is a Word document without a form."""
    codes = {trouble.code for trouble in one.submission.troubles}
    return one.submission.path.lower().endswith(".docx") and one.ruleset is None and codes <= _NO_FORM


def report_line(path: str) -> str:
    """That such a document was left out."""
    return f"跳过 {shown(path)}：这份 Word 文档里没有认得出的自评表；要审核它，请单独指定"


def _walk(folder: Path, finds: _Finds) -> None:
    def unreadable(error: OSError) -> None:
        finds.problems.append(f"打不开文件夹 {shown(error.filename)}：{error.strerror}")

    for here, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != OWN)
        finds.skipped += [f"跳过 {shown(Path(here, name))}：是本工具箱的结果" for name in folders if name.endswith(RESULTS)]
        folders[:] = [name for name in folders if not name.endswith(RESULTS)]
        finds.skipped += [f"跳过 {shown(path)}：{LINK}" for name in folders if (path := Path(here, name)).is_symlink()]
        for path in (Path(here, name) for name in sorted(names) if not name.startswith(".")):
            if path.is_symlink():
                finds.skipped.append(f"跳过 {shown(path)}：{LINK}")
            elif not _IS_MARKED.search(path.stem) and finds.add_report(path, named=False):
                continue
            elif reason := not_a_workbook(path) or ("是审核意见副本" if _IS_MARKED.search(path.stem) else "") or (
                    OWN_REPORT if is_own_report(path) else ""):
                finds.skipped.append(f"跳过 {shown(path)}：{reason}")
            else:
                finds.add(path)


def not_a_workbook(path: Path) -> str:
    """Why a file is no workbook, "" when it may be one."""
    if path.name.startswith("~$"):
        return "是表格软件打开文件时的临时文件；请指定原文件"
    ending = path.suffix.lower()
    if ending in WORKBOOKS:
        return ""
    return next((how for endings, how in _OTHERS.items() if ending in endings), f"不是要审核的文件（{_TAKEN}）")


def shown(path: str | os.PathLike[str]) -> str:
    """A path on one line, as it reads: signs that end the line, move the cursor or turn the writing show as codes."""
    return "".join(f"<{ord(char):04X}>" if unicodedata.category(char) in _UNSEEN else char for char in os.fspath(path))
