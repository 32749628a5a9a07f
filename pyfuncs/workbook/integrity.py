"""Integrity of our own templates: what was changed in a workbook that nobody should have changed (pure).

Cells that the template leaves open are the clerk's: a figure typed over their formula is no fault. What is told
here is about locked cells, printed words, rows, helper sheets and the edition. Missing forms and names are the
reader's to tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pyfuncs.catalog.model import RuleSet, Severity
from pyfuncs.catalog.submission import Trouble
from pyfuncs.workbook.cells import ERRORS, to_decimal
from pyfuncs.workbook.convert import Change, held_as
from pyfuncs.workbook.formula_text import Lost, normalised
from pyfuncs.workbook.formulas import Edition, Formulas
from pyfuncs.workbook.grid import EMPTY, RawCell
from pyfuncs.workbook.names import ENTITY, FORM
from pyfuncs.workbook.places import Box, Place, flat
from pyfuncs.workbook.published import PUBLISHED
from pyfuncs.workbook.read_book import Book
from pyfuncs.workbook.read_form import constant
from pyfuncs.workbook.sheet_content import SHARED
from pyfuncs.workbook.shown import Shown, typed
from pyfuncs.workbook.standing import NotStanding, Standing, StandingSheet, standing_sheets
from pyfuncs.workbook.template import AS_FILED, EDITION_NAMES

Kind = Literal["typed", "differs", "formula", "own-formula", "label"]
Address = tuple[str, str]                             # name of the workbook's sheet, C9

_LISTED = 5                                           # cells or words in a sentence
_LONG = 80                                            # letters of a formula or text in a sentence
_REPAIR = "标出错误的副本里会按表样放回。"
_UNKNOWN = "空白或算不出"


@dataclass(frozen=True)
class Fault:
    """A cell that is not as the template has it: what stands there, and what belongs there."""

    kind: Kind
    sheet: StandingSheet
    place: Place
    cell: str
    stands: str                                       # as a clerk reads it
    wanted: str
    change: Change


def integrity(ruleset: RuleSet, book: Book, identity: Mapping[str, str]) -> tuple[Trouble, ...]:
    """What was changed in a workbook of ours, one trouble per sheet and kind; () for one that is none of ours.

    `identity`: key and value of the hidden sheet. Of a template made by another state of the rule set only that
    is told: its cells may well be different.
    """
    if not identity:
        return _without_identity(book)
    if identity.get("ruleset") != ruleset.id:         # judged by a rule set that it was not made for
        return ()
    if older := _edition(ruleset, identity):
        return (older,)
    stands, failed = standing_sheets(ruleset, book)
    faults = _Faults(ruleset, book, stands, identity).all
    return (*_helpers(failed), *_added_rows(stands, book), *_told(faults))


def faults_of(ruleset: RuleSet, book: Book, identity: Mapping[str, str]) -> dict[Address, Fault]:
    """The cells that can be repaired in a copy; none where the template is of another state of the rule set."""
    if identity.get("ruleset") != ruleset.id or identity.get("hash") != ruleset.hash:
        return {}
    stands, _ = standing_sheets(ruleset, book)
    return {(fault.sheet.raw.name, fault.cell): fault for fault in _Faults(ruleset, book, stands, identity).all
            if fault.kind != "own-formula" and _is_known(fault.change.value)}


# -- the workbook as a whole --------------------------------------------------------------------------


def _without_identity(book: Book) -> tuple[Trouble, ...]:
    if not any(constant(sheet, FORM) for sheet in book.sheets):
        return ()
    return (Trouble("structure", "missing-identity", "标识页“_jixiao”没有了，看不出用的是哪一版模板，没有核对公式和表样有没有改动过。",
                    "请把填好的数复制到新模板里再交。", severity="warning"),)


def _edition(ruleset: RuleSet, identity: Mapping[str, str]) -> Trouble | None:
    """None for a template of today's rule set."""
    stated, known = identity.get("hash", ""), PUBLISHED.get(ruleset.id, {})
    if not stated or stated == ruleset.hash:
        return None
    checked = "按现在的规则审核，没有核对公式和表样有没有改动过"
    if stated in known or not known:                  # of a rule set of one's own no list is kept
        since = f"（{known[stated]}发布的）" if stated in known else ""
        return Trouble("structure", "other-edition", f"用的是旧模板{since}：模板生成以后，规则集 {ruleset.id} 有过修订，{checked}。",
                       "如审核结果有疑问，请用新模板重填。", severity="note")
    return Trouble("structure", "unknown-edition", f"模板的版本不是本工具箱发布过的（规则集 {ruleset.id}，指纹 {stated[:12]}），{checked}。",
                   "请核对模板的来源；请用新模板重填。", severity="warning")


def _helpers(failed: Sequence[NotStanding]) -> Iterator[Trouble]:
    """Sheets of no form that are gone, and sheets whose cells were moved about."""
    for error in failed:
        if error.fault == "missing-sheet" and error.sheet.form is None:
            yield Trouble("structure", "missing-helper", f"没有找到工作表“{error.sheet.name}”：已被删除或改了名。",
                          "表上有公式要用到它；请从新模板中补上。", severity="warning")
        elif error.fault == "moved":
            yield Trouble("structure", "moved-cells", f"{error.told}没有核对这张表的公式和栏目。", "请撤销移动，或用新模板重填。",
                          form=error.sheet.form.form if error.sheet.form else "", severity="warning")


def _added_rows(stands: Standing, book: Book) -> Iterator[Trouble]:
    for sheet in stands.sheets.values():
        places = list(sheet.added) if sheet.layout.form else []
        if places:
            where = "、".join(f"第 {before + 1} 行到第 {after - 1} 行之间多了 {count} 行" if before
                             else f"表头多了 {count} 行" for before, after, count in places)
            cells = tuple(f"{sheet.raw.name}!A{before + 1}" for before, _, _ in places)
            yield Trouble("structure", "added-rows", f"工作表《{sheet.raw.name}》{where}，表样里没有；多出的行没有读取。",
                          "表样固定的地方请不要加行；多出的行请删去。", cells, sheet.layout.form.form, "note")


# -- cell by cell -------------------------------------------------------------------------------------


class _Faults:
    def __init__(self, ruleset: RuleSet, book: Book, stands: Standing, identity: Mapping[str, str]) -> None:
        self.ruleset, self.book, self.stands = ruleset, book, stands
        edition = next((name for name, word in EDITION_NAMES.items() if word == identity.get("edition")), "formula")
        self.stated: Edition = edition
        self.typed_over = edition == "values" or identity.get(AS_FILED[0]) == AS_FILED[1]
        self.formulas = {name: Formulas(stands.plan, name) for name in ("addin", "formula")}

    @cached_property
    def all(self) -> list[Fault]:
        return [fault for sheet in self.stands.sheets.values()
                for fault in (*self._formula_faults(sheet), *self._label_faults(sheet))]

    def _formula_faults(self, sheet: StandingSheet) -> Iterator[Fault]:
        for place, (row, column) in sheet.worked if self.stated != "values" else ():
            raw = self._raw(sheet, (row, column))
            kind = self._kind(sheet, place, raw)
            formula = self._expected(sheet, place, self.stated) if kind else ""
            if kind and formula:
                value = self._value(sheet, place)
                yield Fault(kind, sheet, place, Box(row, column, row, column).cell,
                            f"={raw.formula}" if raw.formula else _read(raw.value, place),
                            formula if raw.formula else _read(value, place) if _is_known(value) else _UNKNOWN,
                            Change(formula, value))

    def _kind(self, sheet: StandingSheet, place: Place, raw: RawCell) -> Kind | None:
        if raw.formula:
            foreign = any(ruleset != self.ruleset.id for ruleset in raw.rulesets)     # the reader tells it
            if foreign or raw.formula == SHARED or self._is_own(sheet, place, raw):
                return None
            return "formula" if place.locked else "own-formula"
        if self.typed_over or not place.locked:
            return None
        return "typed" if _as_printed(raw.value, self._value(sheet, place), place) else "differs"

    def _is_own(self, sheet: StandingSheet, place: Place, raw: RawCell) -> bool:
        """Whether a formula is the template's, in either edition; what refers to something that is gone is not judged."""
        written = normalised(raw.formula)
        for edition in sorted(self.formulas, key=lambda edition: edition != self.stated):
            expected = self._expected(sheet, place, edition)
            if not expected or normalised(expected) == written:
                return True
        return False

    def _expected(self, sheet: StandingSheet, place: Place, edition: Edition) -> str:
        """The template's formula as it reads in this workbook; "" when what it refers to is gone."""
        try:
            return self.stands.formula(self.formulas[edition], sheet, place)
        except Lost:
            return ""

    # -- values -----------------------------------------------------------------------------------------

    def _raw(self, sheet: StandingSheet, cell: tuple[int, int]) -> RawCell:
        return self.book.grid(sheet.raw).cells.get(cell, EMPTY)

    @cached_property
    def _shown(self) -> Shown:
        return Shown(self.stands.plan, {place.slot: held_as(self._raw(sheet, cell))
                                        for sheet, place, cell in self.stands.places() if place.slot})

    def _value(self, sheet: StandingSheet, place: Place) -> Decimal | str:
        """What the template's formula gives over the cells as they stand."""
        if place.rule.kind == "entity":
            return place.rule.key.replace("{entity}", self._entity)
        return self._shown.formula_gives(sheet.layout, place)

    @cached_property
    def _entity(self) -> str:
        cover = self.stands.plan.sheets[0]
        stands = self.stands.sheets.get(cover.name)
        box = cover.names[ENTITY]
        row = stands.row(box.top) if stands else None
        return str(self._raw(stands, (row, box.left)).value or "") if row else ""

    # -- printed words ------------------------------------------------------------------------------------

    def _label_faults(self, sheet: StandingSheet) -> Iterator[Fault]:
        """Words of the form that stand nowhere on the sheet any more: moved ones are not changed ones."""
        if sheet.layout.form is None:
            return
        grid = self.book.grid(sheet.raw)
        there = Counter([flat(cell.value) for cell in grid.cells.values() if isinstance(cell.value, str)])
        lacking = {word: count for word, count in sheet.layout.printed_words.items() if there[word] < count}
        for place in sheet.layout.printed if lacking else ():
            row = sheet.row(place.box.top)
            raw = self._raw(sheet, (row, place.box.left)) if row else EMPTY
            wanted = typed(place.text, place.type).value
            if row and _flat(place.text) in lacking and not _holds(raw, wanted):
                yield Fault("label", sheet, place, Box(row, place.box.left, row, place.box.left).cell,
                            _read(raw.value, place), place.text, Change("", wanted))


def _is_known(value: Decimal | str) -> bool:
    """Whether a formula gives something: what it needs may be blank."""
    return value not in ERRORS and value != ""


def _holds(raw: RawCell, wanted: Decimal | str) -> bool:
    if isinstance(wanted, Decimal) and isinstance(raw.value, (int, float)) and not isinstance(raw.value, bool):
        return to_decimal(raw.value) == wanted
    return not raw.formula and _flat(raw.value) == _flat(wanted)


def _flat(text: object) -> str:
    return flat("" if text is None else str(text))


def _as_printed(stored: object, value: Decimal | str, place: Place) -> bool:
    """Whether a cell holds what its formula would give, at the decimals that the form prints."""
    if isinstance(value, Decimal) and isinstance(stored, (int, float)) and not isinstance(stored, bool):
        return abs(to_decimal(stored) - value) <= _unit(place) / 2
    return _flat(stored) == _flat(value)


def _unit(place: Place) -> Decimal:
    """One of the last decimal that the form prints; of a format without decimals, as good as nothing."""
    number, percent = place.number_format.partition('"')[0], "%" in place.number_format
    decimals = len(number.partition(".")[2].rstrip("%")) + 2 * percent
    return Decimal(1).scaleb(-decimals) if decimals else Decimal("1e-9")


# -- what is told -------------------------------------------------------------------------------------


def _told(faults: Sequence[Fault]) -> Iterator[Trouble]:
    """One trouble per sheet and kind."""
    groups: dict[tuple[str, Kind], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.sheet.raw.name, fault.kind), []).append(fault)
    for (sheet, kind), found in groups.items():
        code, severity, many, one, advice = _WORDS[kind]
        cells = "、".join(fault.cell for fault in found[:_LISTED]) + (" 等" if len(found) > _LISTED else "")
        message = f"工作表《{sheet}》" + many.format(count=len(found), cells=cells) \
            + one.format(cell=found[0].cell, stands=_short(found[0].stands), wanted=_short(found[0].wanted))
        form = found[0].sheet.layout.form
        yield Trouble("structure", code, message, advice, tuple(f"{sheet}!{fault.cell}" for fault in found),
                      form.form if form else "", severity)


# kind -> code, severity, what of how many cells, of the first one, advice
_WORDS: dict[Kind, tuple[str, Severity, str, str, str]] = {
    "typed": ("typed-over", "note", "有 {count} 个公式被写成了数（{cells}），与公式算出的一样。", "", f"以后改了数，这些格不会跟着变。{_REPAIR}"),
    "differs": ("typed-over", "warning", "有 {count} 个公式被写成了数（{cells}），与公式算出的不同：",
                "{cell} 填的是{stands}，按公式是{wanted}。", f"请恢复公式，再核对用到的数。{_REPAIR}"),
    "formula": ("changed-formula", "warning", "有 {count} 个公式被改过（{cells}）：", "{cell} 现在是 {stands}，表样是 {wanted}。",
                f"请恢复表样的公式。{_REPAIR}"),
    "own-formula": ("own-formula", "note", "有 {count} 个格用的是自己的公式（{cells}）：", "{cell} 现在是 {stands}，表样是 {wanted}。",
                    "这些格允许自己填；请核对公式有没有漏算。"),
    "label": ("changed-label", "warning", "有 {count} 处表样上的文字被改动（{cells}）：", "{cell} 现在是{stands}，表样是“{wanted}”。",
              f"请按表样改回。{_REPAIR}"),
}
REPAIRED = {"DQ-typed-over", "DQ-changed-formula", "DQ-changed-label"}


def _read(value: object, place: Place) -> str:
    """A value as a clerk reads it in the cell."""
    number = to_decimal(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
    if not isinstance(number, Decimal):
        return f"“{value}”" if value else "空白"
    decimals = place.number_format.partition('"')[0].partition(".")[2].rstrip("%")
    shown = number * 100 if "%" in place.number_format else number
    text = f"{shown:.{len(decimals)}f}" if decimals or "%" in place.number_format else f"{shown.normalize():f}"
    return f" {text}{'%' if '%' in place.number_format else ''}"


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}……"
