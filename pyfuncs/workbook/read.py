"""Reading what a unit filed, in our template or in a file of its own: a file becomes a `Submission`.

A form is found by the defined names of our template, else by its printed labels, else it is told what was looked
for. Whatever the file is, a submission comes back: what could not be read is told as its troubles, and the forms
that can be read are read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.model import Form, RuleSet, Severity
from pyfuncs.catalog.submission import Item, Submission, Text, Trouble
from pyfuncs.workbook.grid import EMPTY, Grid
from pyfuncs.workbook.integrity import integrity
from pyfuncs.workbook.labels.book import LabelledBook, Nearest, read_by_labels
from pyfuncs.workbook.mark_opinion import OPINION_SHEET
from pyfuncs.workbook.mark_state import STATE_SHEET
from pyfuncs.workbook.names import (
    CALCULATION_SHEET, CONSOLIDATED, CONSOLIDATED_SHEET, COVER_SHEET, ENTITY, FORM, IDENTITY_SHEET, YEAR, item_name,
)
from pyfuncs.workbook.places import sheet_name, words
from pyfuncs.workbook.read_book import RawSheet
from pyfuncs.workbook.read_form import box_of, constant, lost_troubles, read_form
from pyfuncs.workbook.read_item import FormSheet, texts_of
from pyfuncs.workbook.recognise import entity_of, recognise
from pyfuncs.workbook.safe_zip import sha256_of
from pyfuncs.workbook.saved_when import saved_inside
from pyfuncs.workbook.source import Source, open_source
from pyfuncs.workbook.watch import Unreadable

IDENTITY_ROWS = 200
_HELPERS = {COVER_SHEET, CALCULATION_SHEET, CONSOLIDATED_SHEET, IDENTITY_SHEET, OPINION_SHEET, STATE_SHEET}
_LOOKED_FOR = 4
_SHOWN = 5


@dataclass
class _Found:
    """What has been gathered from one workbook so far."""

    items: list[Item] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    uncached: list[str] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)
    rulesets: list[tuple[str, str]] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    read_by: Literal["", "names", "labels"] = ""

    def add(self, sheet: FormSheet) -> None:
        self.items += sheet.items
        self.troubles += sheet.troubles
        self.uncached += sheet.uncached
        self.nameless += sheet.nameless
        self.rulesets += sheet.rulesets
        self.texts += sheet.texts

    def tell(self, code: str, message: str, advice: str, severity: Severity = "error", form: str = "",
             cells: tuple[str, ...] = ()) -> None:
        self.troubles.append(Trouble("structure", code, message, advice, cells, form, severity))


def read_submission(path: Path, ruleset_id: str | None = None) -> Submission:
    """What was filed in `path`; see `read_filed`."""
    return read_filed(path, ruleset_id)[0]


def read_filed(path: Path, ruleset_id: str | None = None) -> tuple[Submission, RuleSet | None]:
    """What was filed in `path`, and the rule set it was read by: the one named in the workbook, or `ruleset_id`,
    or the one its labels fit.

    The file is only read. Amounts come back in 元, rates as ratio. Nothing is raised for a bad file: see the
    submission's troubles. Without a rule set nothing is read.
    """
    try:
        source = open_source(path)
    except Unreadable as error:
        return Submission(str(path), sha256_of(path), ruleset_id or "", "", "", (), (error.trouble,)), None
    identity = _identity(source.grids)
    entity, year = _cover_text(source.grids, ENTITY), _year(_cover_text(source.grids, YEAR))
    found = _Found()
    ruleset, recognised = _ruleset(identity, ruleset_id, source, year, found)
    if ruleset:
        _compare(ruleset, identity, year, found)
        _read_forms(ruleset, source, bool(identity), found)
        found.troubles += integrity(ruleset, source.book, identity) if source.book and not source.troubles else ()
        _unworked_formulas(ruleset, found)
        _foreign_formulas(identity.get("ruleset") or ruleset.id, found)
    _damaged_sheets(source, found)
    consolidated = _consolidated(identity, found)
    return Submission(
        str(path), source.sha256, ruleset.id if ruleset else identity.get("ruleset", ""),
        entity or entity_of(source.grids), ruleset.year if ruleset else year, tuple(found.items),
        tuple(found.troubles), identity.get("edition", ""), identity.get("hash", ""), tuple(found.texts),
        found.read_by, recognised, consolidated, saved_inside(source.book.package) if source.book else ""), ruleset


# -- whose workbook it is -----------------------------------------------------------------------------


def _identity(grids: Sequence[Grid]) -> dict[str, str]:
    """Key and value rows of the hidden identity sheet; {} when there is none."""
    grid = next((grid for grid in grids if grid.name == IDENTITY_SHEET), Grid("", {}))
    return {str(cell.value): str(grid.cells.get((row, 2), EMPTY).value or "")
            for (row, column), cell in grid.cells.items() if column == 1 and cell.value and row <= IDENTITY_ROWS}


def _consolidated(identity: dict[str, str], found: _Found) -> int:
    """How many units a department's workbook of ours was made of; 0 for a unit's own. Always told: it is judged less strictly."""
    stated = re.fullmatch(r"[1-9]\d{0,6}", identity.get(CONSOLIDATED, ""), re.ASCII)
    if stated:
        found.tell("consolidated", f"这是由 {stated[0]} 个单位的自评表汇总生成的部门表，还空着的得分、原因等列为“请核实”。",
                   "请部门填好这些格以后再报；单位自己的表请用空白模板填。", "note")
    return int(stated[0]) if stated else 0


def _cover_text(grids: Sequence[Grid], name: str) -> str:
    for grid in grids:
        box = box_of(grid.names.get(name, ""), grid)
        if box:
            value = grid.cells.get((box.top, box.left), EMPTY).value
            return f"{value:.0f}" if isinstance(value, float) else str(value or "").strip()
    return ""


def _year(text: str) -> str:
    match = re.search(r"20\d\d", text)
    return match[0] if match else ""


def _ruleset(identity: dict[str, str], forced: str | None, source: Source, year: str,
             found: _Found) -> tuple[RuleSet | None, str]:
    """The rule set to read by, and why, where the workbook does not name it; None, with a trouble, when there is
    none that can be used."""
    stated = identity.get("ruleset", "")
    if not stated and not forced:
        return _recognised(source, year, found)
    try:
        ruleset = load_ruleset(forced or stated)
    except RuleSetError as error:
        reason = "；".join(problem.message for problem in error.problems)
        found.tell("unknown-ruleset", f"规则集“{forced or stated}”不能用：{reason}。",
                   "请升级工具箱，或把规则集文件夹放到程序旁边的“规则集”中。")
        return None, ""
    if ruleset.abstract:
        found.tell("abstract-ruleset", f"规则集“{ruleset.id}”只供别的规则集继承，不能用来审核。",
                   "请指明有年度的规则集，例如 430400/2022。")
        return None, ""
    stated_year = stated.rpartition("/")[2]
    if stated and stated_year != ruleset.year:
        found.tell("wrong-year", f"这是 {stated_year} 年度的表（规则集 {stated}），要求的是 {ruleset.year} 年度"
                   f"（规则集 {ruleset.id}），没有读取。", f"请交 {ruleset.year} 年度的表，或改用规则集 {stated}。")
        return None, ""
    return ruleset, ""


def _recognised(source: Source, year: str, found: _Found) -> tuple[RuleSet | None, str]:
    """The rule set whose labels the file prints."""
    recognition = recognise(source.grids, year)
    if recognition is None:
        found.tell("not-our-template", "没有找到标识页“_jixiao”，表上的栏目名称也与任何规则集的表样都不相符，看不出是哪种自评表。",
                   "请用本工具箱的模板或财政部门下发的自评表填报；如果确是自评表，请用 --ruleset 指明规则集。")
        return None, ""
    ruleset, reason = recognition.ruleset, recognition.reason
    if recognition.exact:
        found.tell("recognised", f"文件里没有写用的是哪个规则集，按表上的栏目名称认作 {ruleset.id}：{reason}。",
                   "请核对；认错了的请用 --ruleset 指明。", "note")
    else:
        found.tell("no-ruleset", f"没有完全合用的规则集，只按 {ruleset.id} 的表样核对数字之间的关系，不评分：{reason}。",
                   "请核对；有合用规则集的，请用 --ruleset 指明。", "warning")
    return ruleset, reason


def _compare(ruleset: RuleSet, identity: dict[str, str], year: str, found: _Found) -> None:
    stated = identity.get("ruleset", "")
    if stated and stated != ruleset.id:
        found.tell("other-ruleset", f"模板是规则集 {stated} 的，按指明的规则集 {ruleset.id} 审核。",
                   "请核对指明的规则集。", "warning")
    if year and year != ruleset.year:
        found.tell("cover-year", f"封面写的是 {year} 年度，模板是 {ruleset.year} 年度的。",
                   f"请核对：如果报的是 {year} 年度，请换用该年度的模板；否则改正封面。")


# -- its forms ----------------------------------------------------------------------------------------


def _read_forms(ruleset: RuleSet, source: Source, template: bool, found: _Found) -> None:
    """Every form by the names of its sheets, else by its labels wherever it stands."""
    named = {name: [(number, grid) for number, grid in enumerate(source.grids) if constant(grid, FORM) == name]
             for name in ruleset.forms}
    taken = {grid.name for sheets in named.values() for _, grid in sheets}
    free = [grid for grid in source.grids if grid.name not in taken and grid.name not in _HELPERS
            and not constant(grid, FORM)]
    forms = [form for form in ruleset.forms.values() if not named[form.form] or form.instances == "many"]
    labelled = read_by_labels(ruleset, forms, free, {name: len(sheets) for name, sheets in named.items()})
    damaged = {constant(sheet, FORM) for sheet in _unread(source)}
    for form in ruleset.forms.values():
        _read_named(ruleset, form, named[form.form], found)
        by_label = [sheet for name, sheet in labelled.sheets if name == form.form]
        for sheet in by_label:
            found.add(sheet)
        if not named[form.form] and not by_label and form.form not in damaged:
            _missing(ruleset, form, labelled.nearest.get(form.form), template, found)
        if extra := labelled.repeated.get(form.form):
            found.tell("repeated-form", f"《{words(form.title, ruleset)}》还有 {len(extra)} 张（{'、'.join(extra)}），没有读取。",
                       "请核对：只留一张，删去其余的。", "warning", form.form)
    _by_labels(labelled, bool(taken), found)
    _other_texts(source, taken | labelled.used, found)
    _foreign_sheets(ruleset, source.grids, found)


def _read_named(ruleset: RuleSet, form: Form, sheets: list[tuple[int, Grid]], found: _Found) -> None:
    if form.instances == "one" and len(sheets) > 1:
        names = "、".join(grid.name for _, grid in sheets)
        found.tell("repeated-sheet", f"《{words(form.title, ruleset)}》有 {len(sheets)} 张（{names}），只读了第一张。",
                   "请只留一张，删去其余的。", form=form.form)
        sheets = sheets[:1]
    for instance, (number, grid) in enumerate(sheets, 1):
        sheet = read_form(ruleset, form, instance, grid, number)
        found.add(_mended(ruleset, form, instance, grid, sheet) if sheet.lost else sheet)
        found.read_by = "names"


def _mended(ruleset: RuleSet, form: Form, instance: int, grid: Grid, sheet: FormSheet) -> FormSheet:
    """A sheet some of whose names are lost, with the items that its labels lead to."""
    read = {(item.name, item.row): item for item in sheet.items}
    known = {item.name for item in sheet.items}
    before = {form.form: instance - 1} if form.instances == "many" else {}
    labelled = read_by_labels(ruleset, [form], [grid], before)
    by_label = [item for _, one in labelled.sheets for item in one.items]
    items = [read.pop((item.name, item.row), item) for item in by_label
             if item.name not in known or (item.name, item.row) in read]
    found = {item_name(item.name) for item in by_label if item.name not in known}
    troubles = lost_troubles(form, grid.name, sheet.lost, found)
    return replace(sheet, items=(*items, *read.values()), troubles=(*troubles, *sheet.troubles))


def _unread(source: Source) -> list[RawSheet]:
    """Sheets that can't be read."""
    read = {grid.name for grid in source.grids}
    return [sheet for sheet in (source.book.sheets if source.book else ()) if sheet.name not in read]


def _damaged_sheets(source: Source, found: _Found) -> None:
    for sheet, trouble in zip(_unread(source), source.troubles):
        found.tell(trouble.code, f"工作表《{sheet.name}》读不了：{trouble.message}", trouble.advice,
                   form=constant(sheet, FORM))


def _missing(ruleset: RuleSet, form: Form, nearest: Nearest | None, template: bool, found: _Found) -> None:
    title, expected = words(form.title, ruleset), sheet_name(form, 1)
    if template:
        found.tell("missing-sheet", f"没有找到《{title}》（工作表“{expected}”）：已被删除或没有复制过来。",
                   "请从新模板中补上这张表并填好。", form=form.form)
        return
    looked = "、".join(f"“{words(label, ruleset)}”" for label in _looked_for(form))
    like = f"最像的是“{nearest.sheet}”，{nearest.labels} 个栏目名里只对上 {nearest.there} 个" if nearest else "没有一张表与它相像"
    own = any("自拟表" in line.text for line in form.head)
    found.tell("missing-form", f"没有找到《{title}》：要找的是写有{looked}等栏目的表；{like}。",
               "请补上这张表；如果在文件里，请按表样改正栏目名称。", "note" if own else "error", form.form)


def _looked_for(form: Form) -> list[str]:
    """Some labels of a form, in printed order."""
    texts = [label.text for label in form.labels.values()] + [column.label for column in form.columns.values()] \
        + [row.label for row in form.rows]
    return [flat for text in texts if len(flat := re.sub(r"\s", "", text)) > 2][:_LOOKED_FOR]


def _by_labels(labelled: LabelledBook, some_named: bool, found: _Found) -> None:
    """Says that forms were found by their labels."""
    if labelled.sheets:
        where = "、".join(sorted(labelled.used)) if some_named else "各表"
        found.tell("read-by-labels", f"没有本工具箱的单元格名称，{where}是按表上的栏目名称读取的。", "请核对读取的数；以后请用本工具箱的模板填报。",
                   "note")
        found.read_by = found.read_by or "labels"


def _other_texts(source: Source, used: set[str], found: _Found) -> None:
    for grid in source.grids:
        if grid.name not in used and not _is_ours(grid.name):
            found.texts += texts_of(grid, "", frozenset())


def _is_ours(name: str) -> bool:
    """Sheets that nobody fills: of the template, and of marks that were made in the workbook."""
    return name in (IDENTITY_SHEET, CALCULATION_SHEET, CONSOLIDATED_SHEET, STATE_SHEET) or name.startswith(OPINION_SHEET)


def _foreign_sheets(ruleset: RuleSet, grids: Sequence[Grid], found: _Found) -> None:
    unknown = [grid.name for grid in grids if constant(grid, FORM) and constant(grid, FORM) not in ruleset.forms]
    if unknown:
        found.tell("unknown-form", f"规则集 {ruleset.id} 里没有这些工作表的表单，没有读取：{'、'.join(unknown)}。",
                   "请核对是否用错了模板。", "warning")


def _unworked_formulas(ruleset: RuleSet, found: _Found) -> None:
    # Some writers store an empty text as they store "never worked out". Only a workbook that holds typed
    # numbers and not one result was surely never opened by a program that calculates.
    uncached = set(found.uncached)
    if uncached and not any(item.formula and item.cell not in uncached for item in found.items) and any(
            item.value is not None and item.cell and not _is_printed(ruleset, item) for item in found.items):
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
