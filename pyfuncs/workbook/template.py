"""Write a workbook: a blank template, one that is filled in, or one as a unit filed it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pyfuncs import __version__
from pyfuncs.catalog.compile import SCHEMA, compile_ruleset
from pyfuncs.catalog.model import RuleSet
from pyfuncs.workbook import styles
from pyfuncs.workbook.filling import Filling
from pyfuncs.workbook.formulas import Edition, Formulas
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.names import ENTITY, IDENTITY_SHEET
from pyfuncs.workbook.page import set_up_page
from pyfuncs.workbook.places import Box, Place, SheetLayout, Slot, WorkbookLayout, workbook_title
from pyfuncs.workbook.shown import Shown, typed
from pyfuncs.workbook.template_rules import colourings, validations
from pyfuncs.workbook.text_fit import fitted_heights

EDITION_NAMES: dict[Edition, str] = {"addin": "加载项版", "formula": "公式版", "values": "数值版"}
EDITION_NOTES: dict[Edition, str] = {
    "addin": "本文件是加载项版：比率、得分和等级由“绩效自评工具箱”加载项计算。没有装加载项的电脑请用公式版。",
    "formula": "本文件是公式版：比率、得分和等级由表内公式计算，不用装任何程序。",
    "values": "本文件是数值版：计算结果是写定的数，改了数不会重新计算。",
}
AS_FILED = ("figures", "as-filed")
_PROTECTION = {"insert_rows": True, "delete_rows": True, "format_rows": True, "format_columns": True}
_UNREMARKED = ("number_stored_as_text", "formula_unlocked", "formula_differs", "formula_range")


def write_workbook(target: str | Path | BinaryIO, ruleset: RuleSet, edition: Edition = "addin", *,
                   filling: Filling | None = None, projects: int = 1, entity: str = "",
                   as_filed: bool = False, added: Sequence[SheetLayout] = (),
                   marks: Sequence[tuple[str, str]] = ()) -> WorkbookLayout:
    """Write one workbook and give its layout; the same arguments give the same bytes.

    `filling`: texts to type in; `projects`: sheets of a repeated form, more if the filling has more.
    `as_filed`: what was typed stands over formulas too, and what was left blank is blank, no formula.
    `added`: sheets that are no form, behind the cover; `marks`: more keys and values of the identity sheet.
    """
    filling = filling or Filling(ruleset.id)
    shape = replace(filling.shape, projects=max(projects, filling.shape.projects))
    plan = layout(ruleset, shape)
    plan = replace(plan, sheets=(plan.sheets[0], *added, *plan.sheets[1:]))
    entity = entity or filling.entity
    texts = {**filling.typed, **({Slot("", 0, ENTITY): entity} if entity else {})}
    options = {"in_memory": True, "default_format_properties": {"font_name": styles.SONG, "font_size": 11}}
    with xlsxwriter.Workbook(target if not isinstance(target, Path) else str(target), options) as book:
        title = f"{workbook_title(ruleset)}（{EDITION_NAMES[edition]}）"
        book.set_properties({"title": title, "author": "绩效自评工具箱", "comments": f"规则集 {ruleset.id}",
                             "created": datetime.datetime(int(ruleset.year) + 1, 1, 1)})
        book.set_size(2400, 1500)
        writer = _Writer(book, plan, edition, texts, entity, as_filed)
        for sheet in plan.sheets:
            writer.sheet(sheet)
        writer.identity(marks)
    return plan


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook, plan: WorkbookLayout, edition: Edition,
                 texts: dict[Slot, str], entity: str, as_filed: bool) -> None:
        self.book, self.plan, self.edition = book, plan, edition
        self.texts, self.entity, self.as_filed = texts, entity, as_filed
        self.formulas = Formulas(plan, edition)
        self.shown = Shown(plan, texts, as_filed)
        self.formats: dict[tuple, Format] = {}

    def sheet(self, sheet: SheetLayout) -> None:
        page = self.book.add_worksheet(sheet.name)
        for column, width in sheet.widths.items():
            page.set_column(column - 1, column - 1, width)
        heights = fitted_heights(sheet, self._texts(sheet))
        for row, height in heights.items():
            whole = self._format({"locked": False}) if row in sheet.growing else None
            page.set_row(row - 1, height, whole)
        for place in sheet.places:
            self._place(page, sheet, place)
        for name, box in sheet.names.items():
            self.book.define_name(f"'{sheet.name}'!{name}", f"='{sheet.name}'!{box.address}")
        for name, text in sheet.constants.items():
            self.book.define_name(f"'{sheet.name}'!{name}", f'="{text}"')
        self._guide(page, sheet)
        set_up_page(page, sheet, heights)
        first = next((place.box for place in sheet.places if place.slot and not place.locked), None)
        if first:
            page.set_selection(first.top - 1, first.left - 1, first.top - 1, first.left - 1)

    def _texts(self, sheet: SheetLayout) -> Iterator[tuple[Box, str, float, int]]:
        """Texts that break into lines, for the height of their rows."""
        for place in sheet.places:
            style = styles.cell_format(place)
            text = self.texts.get(place.slot, "") or self._printed(place)
            if text and style["text_wrap"] and not place.vertical:
                yield place.box, text, style["font_size"], style.get("indent", 0)

    def _printed(self, place: Place) -> str:
        if place.rule and place.rule.kind == "entity":
            return place.rule.key.replace("{entity}", self.entity)
        return place.text.replace("{edition}", EDITION_NOTES[self.edition])

    # -- one cell -----------------------------------------------------------------------------------------

    def _place(self, page: Worksheet, sheet: SheetLayout, place: Place) -> None:
        text = self.texts.get(place.slot, "")
        held = typed(text, place.type) if text else None
        style = styles.cell_format(place)
        if held and held.number_format:
            style["num_format"] = self._typed_format(place, held.number_format, held.places)
        look = self._format(style)
        row, column = place.box.top - 1, place.box.left - 1
        if not place.box.single:
            page.merge_range(row, column, place.box.bottom - 1, place.box.right - 1, "", look)
        if held:
            self._write(page, row, column, held.value, look)
        elif place.rule and not (self.as_filed and sheet.form and place.slot):
            self._worked_out(page, row, column, sheet, place, look)
        elif place.link:
            page.write_url(row, column, f"internal:'{place.link}'!A1", look, place.text, f"到“{place.link}”")
        elif place.role in ("fixed", "input") and not place.rule and typed(place.text, place.type).number_format:
            page.write_number(row, column, float(place.text), look)
        elif place.text and not (self.as_filed and place.rule):
            page.write_string(row, column, self._printed(place), look)
        else:
            page.write_blank(row, column, None, look)

    def _worked_out(self, page: Worksheet, row: int, column: int, sheet: SheetLayout, place: Place,
                    look: Format) -> None:
        value = self._printed(place) if place.rule.kind == "entity" else self.shown.of(sheet, place)
        if self.edition == "values":
            self._write(page, row, column, value, look)
        else:
            shown = float(value) if isinstance(value, Decimal) else value
            page.write_formula(row, column, self.formulas.of(sheet, place), look, shown)

    def _write(self, page: Worksheet, row: int, column: int, value: Decimal | str, look: Format) -> None:
        """Text is always written as text: =100% is a target, not a formula."""
        if isinstance(value, Decimal):
            page.write_number(row, column, float(value), look)
        elif value:
            page.write_string(row, column, value, look)
        else:
            page.write_blank(row, column, None, look)

    def _typed_format(self, place: Place, shown: str, places: int) -> str:
        """As filed, a number looks as it was typed; else as the form prints it, unless digits would be lost."""
        printed, quote, unit = place.number_format.partition('"')
        kept = len(printed.partition(".")[2].rstrip("%")) >= places and printed[-1:] == "%" == shown[-1:]
        kept = kept or len(printed.partition(".")[2]) >= places and "%" not in printed + shown
        return place.number_format if not self.as_filed and (printed == "General" or kept) else shown + quote + unit

    def _format(self, style: dict[str, Any]) -> Format:
        key = tuple(sorted(style.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(style)
        return self.formats[key]

    # -- prompts, colours, protection ----------------------------------------------------------------------

    def _guide(self, page: Worksheet, sheet: SheetLayout) -> None:
        for boxes, options in validations(sheet):
            first, *others = boxes
            if others:
                options["other_cells"] = [[box.top - 1, box.left - 1, box.bottom - 1, box.right - 1]
                                          for box in others]
            page.data_validation(first.top - 1, first.left - 1, first.bottom - 1, first.right - 1, options)
        red = self._format({"bg_color": styles.ERROR_TINT})
        for colouring in colourings(self.formulas, sheet):
            for box in colouring.boxes:
                page.conditional_format(box.top - 1, box.left - 1, box.bottom - 1, box.right - 1,
                                        {"type": "formula", "criteria": colouring.formula, "format": red})
        extent = sheet.extent.address
        page.ignore_errors(dict.fromkeys(_UNREMARKED, extent.replace("$", "")))
        page.protect("", _PROTECTION)

    def identity(self, marks: Sequence[tuple[str, str]]) -> None:
        """What the workbook is, for the reader: key and value per row of a sheet nobody sees."""
        ruleset = self.plan.ruleset
        rows = [("ruleset", ruleset.id), ("edition", EDITION_NAMES[self.edition]),
                ("hash", compile_ruleset(ruleset, ruleset.codes)["hash"]), ("schema", str(SCHEMA)),
                ("jixiao", __version__), ("year", ruleset.year), *marks]
        rows += [(f"sheet:{sheet.form.form}:{sheet.instance}", sheet.name)
                 for sheet in self.plan.sheets if sheet.form]
        if self.as_filed:                             # its figures stand over formulas by design
            rows.append(AS_FILED)
        page = self.book.add_worksheet(IDENTITY_SHEET)
        for index, row in enumerate(rows):
            for column, text in enumerate(row):
                page.write_string(index, column, text)
        page.protect()
        page.very_hidden()
