"""Reading what a unit filed in our own templates: a workbook becomes a `Submission`.

Whatever the file is, a submission comes back: what could not be read is told as its troubles, and the sheets
that can be read are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.model import Form, RuleSet, Severity
from pyfuncs.catalog.submission import Item, Submission, Trouble
from pyfuncs.workbook.places import sheet_name, words
from pyfuncs.workbook.names import ENTITY, FORM, IDENTITY_SHEET, YEAR
from pyfuncs.workbook.grid import EMPTY
from pyfuncs.workbook.read_book import Book, read_book
from pyfuncs.workbook.read_form import FormSheet, box_of, constant, read_form
from pyfuncs.workbook.safe_zip import Unreadable, open_package, sha256_of

IDENTITY_ROWS = 200
_SHOWN = 5


@dataclass
class _Found:
    """What has been gathered from one workbook so far."""

    items: list[Item] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    uncached: list[str] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)
    rulesets: list[tuple[str, str]] = field(default_factory=list)

    def add(self, sheet: FormSheet) -> None:
        self.items += sheet.items
        self.troubles += sheet.troubles
        self.uncached += sheet.uncached
        self.nameless += sheet.nameless
        self.rulesets += sheet.rulesets

    def tell(self, code: str, message: str, advice: str, severity: Severity = "error", form: str = "",
             cells: tuple[str, ...] = ()) -> None:
        self.troubles.append(Trouble("structure", code, message, advice, cells, form, severity))


def read_submission(path: Path, ruleset_id: str | None = None) -> Submission:
    """What was filed in `path`, by the rule set named in the workbook, or by `ruleset_id`.

    The file is only read. Amounts come back in 元, rates as ratio. Nothing is raised for a bad file: see the
    submission's troubles.
    """
    try:
        package = open_package(path)
        book = read_book(package)
        identity = _identity(book)
        entity, year = _cover_text(book, ENTITY), _year(_cover_text(book, YEAR))
    except Unreadable as error:
        return Submission(str(path), sha256_of(path), ruleset_id or "", "", "", (), (error.trouble,))
    found = _Found()
    ruleset = _ruleset(identity, ruleset_id, found)
    if ruleset:
        _compare(ruleset, identity, year, found)
        for form in ruleset.forms.values():
            _read_sheets(ruleset, form, book, found)
        _foreign_sheets(ruleset, book, found)
        _unworked_formulas(ruleset, found)
        _foreign_formulas(identity.get("ruleset") or ruleset.id, found)
    return Submission(
        str(path), package.sha256, ruleset.id if ruleset else identity.get("ruleset", ""), entity,
        ruleset.year if ruleset else year, tuple(found.items), tuple(found.troubles),
        identity.get("edition", ""), identity.get("hash", ""))


# -- whose workbook it is -----------------------------------------------------------------------------


def _identity(book: Book) -> dict[str, str]:
    """Key and value rows of the hidden identity sheet; {} when there is none."""
    sheet = book.sheet(IDENTITY_SHEET)
    if sheet is None:
        return {}
    cells, _ = book.cells(sheet, IDENTITY_ROWS)
    return {str(cell.value): str(cells.get((row, 2), EMPTY).value or "")
            for (row, column), cell in cells.items() if column == 1 and cell.value}


def _cover_text(book: Book, name: str) -> str:
    for sheet in book.sheets:
        box = box_of(sheet.names.get(name, ""), sheet)
        if box:
            try:
                cells, _ = book.cells(sheet, box.bottom)
            except Unreadable:                        # the forms can be read without the cover
                return ""
            value = cells.get((box.top, box.left), EMPTY).value
            return f"{value:.0f}" if isinstance(value, float) else str(value or "").strip()
    return ""


def _year(text: str) -> str:
    match = re.search(r"20\d\d", text)
    return match[0] if match else ""


def _ruleset(identity: dict[str, str], forced: str | None, found: _Found) -> RuleSet | None:
    """The rule set to read by; None, with a trouble, when there is none that can be used."""
    stated = identity.get("ruleset", "")
    if not stated and not forced:
        found.tell("not-our-template", f"没有找到标识页“{IDENTITY_SHEET}”，看不出用的是哪个规则集的模板。",
                   "请用本工具箱的模板填报；如果确是本工具箱的模板，请用 --ruleset 指明规则集。")
        return None
    try:
        ruleset = load_ruleset(forced or stated)
    except RuleSetError as error:
        reason = "；".join(problem.message for problem in error.problems)
        found.tell("unknown-ruleset", f"规则集“{forced or stated}”不能用：{reason}。",
                   "请升级工具箱，或把规则集文件夹放到程序旁边的“规则集”中。")
        return None
    if ruleset.abstract:
        found.tell("abstract-ruleset", f"规则集“{ruleset.id}”只供别的规则集继承，不能用来审核。",
                   "请指明有年度的规则集，例如 430400/2022。")
        return None
    stated_year = stated.rpartition("/")[2]
    if stated and stated_year != ruleset.year:
        found.tell("wrong-year", f"这是 {stated_year} 年度的表（规则集 {stated}），要求的是 {ruleset.year} 年度"
                   f"（规则集 {ruleset.id}），没有读取。", f"请交 {ruleset.year} 年度的表，或改用规则集 {stated}。")
        return None
    return ruleset


def _compare(ruleset: RuleSet, identity: dict[str, str], year: str, found: _Found) -> None:
    stated = identity.get("ruleset", "")
    if stated and stated != ruleset.id:
        found.tell("other-ruleset", f"模板是规则集 {stated} 的，按指明的规则集 {ruleset.id} 审核。",
                   "请核对指明的规则集。", "warning")
    elif identity.get("hash") and identity["hash"] != ruleset.hash:
        found.tell("other-edition", f"模板生成以后，规则集 {ruleset.id} 有过修订，按现在的规则审核。",
                   "如审核结果有疑问，请用新模板重填。", "note")
    if year and year != ruleset.year:
        found.tell("cover-year", f"封面写的是 {year} 年度，模板是 {ruleset.year} 年度的。",
                   f"请核对：如果报的是 {year} 年度，请换用该年度的模板；否则改正封面。")


# -- its sheets ---------------------------------------------------------------------------------------


def _read_sheets(ruleset: RuleSet, form: Form, book: Book, found: _Found) -> None:
    sheets = [sheet for sheet in book.sheets if constant(sheet, FORM) == form.form]
    title, expected = words(form.title, ruleset), sheet_name(form, 1)
    if not sheets:
        other = "有同名的工作表，但它没有模板的标识（可能是手工新建的）" if book.sheet(expected) else "已被删除或没有复制过来"
        found.tell("missing-sheet", f"没有找到《{title}》（工作表“{expected}”）：{other}。",
                   "请从新模板中补上这张表并填好。", form=form.form)
    if form.instances == "one" and len(sheets) > 1:
        names = "、".join(sheet.name for sheet in sheets)
        found.tell("repeated-sheet", f"《{title}》有 {len(sheets)} 张（{names}），只读了第一张。",
                   "请只留一张，删去其余的。", form=form.form)
        sheets = sheets[:1]
    for instance, sheet in enumerate(sheets, 1):
        try:
            found.add(read_form(ruleset, form, instance, book, sheet))
        except Unreadable as error:
            found.tell(error.trouble.code, f"工作表《{sheet.name}》读不了：{error}", error.trouble.advice,
                       form=form.form)


def _foreign_sheets(ruleset: RuleSet, book: Book, found: _Found) -> None:
    unknown = [sheet.name for sheet in book.sheets
               if constant(sheet, FORM) and constant(sheet, FORM) not in ruleset.forms]
    if unknown:
        found.tell("unknown-form", f"规则集 {ruleset.id} 里没有这些工作表的表单，没有读取：{'、'.join(unknown)}。",
                   "请核对是否用错了模板。", "warning")


def _unworked_formulas(ruleset: RuleSet, found: _Found) -> None:
    # Some writers store an empty text as they store "never worked out". Only a workbook that holds typed
    # numbers and not one result was surely never opened by a program that calculates.
    uncached = set(found.uncached)
    worked = any(item.formula and item.cell not in uncached for item in found.items)
    filled = any(item.value is not None and item.cell and not _is_printed(ruleset, item)
                 for item in found.items)
    if uncached and filled and not worked:
        found.tell("no-cached-value", f"有 {len(found.uncached)} 个公式还没有算出结果（{_some(found.uncached)}），"
                   "这些格按空白处理。", "请在 Excel 或 WPS 中打开这个文件，保存一次再交。", "warning",
                   cells=tuple(found.uncached))
    if found.nameless:
        found.tell("no-add-in", f"有 {len(found.nameless)} 个格显示 #NAME?（{_some(found.nameless)}）："
                   "填表的电脑没有装加载项。", "请装好加载项后重新打开并保存，或改用公式版模板。", "warning",
                   cells=tuple(found.nameless))


def _foreign_formulas(own: str, found: _Found) -> None:
    """Formulas that work by another rule set than the workbook's: those of last year, pasted."""
    cells = [cell for cell, ruleset_id in found.rulesets if ruleset_id != own]
    if cells:
        others = "、".join(dict.fromkeys(ruleset_id for _, ruleset_id in found.rulesets if ruleset_id != own))
        found.tell("foreign-formula", f"有 {len(cells)} 个格的公式用的是别的规则集 {others}（{_some(cells)}），"
                   f"本表是 {own} 的：算出来的不是按本表规则的数。",
                   f"请把公式里的规则集改成 {own}，或从新模板复制这些格的公式。", "warning", cells=tuple(cells))


def _is_printed(ruleset: RuleSet, item: Item) -> bool:
    return bool(ruleset.forms[item.form].printed_text(item.name))


def _some(cells: list[str]) -> str:
    return "、".join(cells[:_SHOWN]) + ("等" if len(cells) > _SHOWN else "")
