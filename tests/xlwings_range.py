"""Cells for xlwings_engine: their content, looks, notes and conditional formats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from types import SimpleNamespace

import xlwings_values
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Border, PatternFill, Side
from openpyxl.utils import get_column_letter

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?%?")


class ComError(Exception):
    """What Excel answers to a call that it refuses."""


def _changed(look, **changes):
    look = copy(look)
    for name, value in changes.items():
        setattr(look, name, value)
    return look


class Range:
    max_cells_per_read = max_cells_per_write = None

    def __init__(self, sheet, row: int, column: int, rows: int, columns: int) -> None:
        self.sheet, self.row, self.column, self.shape = sheet, row, column, (rows, columns)
        self.options = None

    def grid(self):
        return [[self.sheet.sheet.cell(self.row + down, self.column + right) for right in range(self.shape[1])]
                for down in range(self.shape[0])]

    def flat(self):
        return [cell for row in self.grid() for cell in row]

    @property
    def cell(self):
        return self.grid()[0][0]

    @property
    def coords(self):
        return self.sheet.sheet, self.row, self.column, *self.shape

    def __len__(self):
        return self.shape[0] * self.shape[1]

    def __call__(self, row, column):
        return Range(self.sheet, self.row + row - 1, self.column + column - 1, 1, 1)

    @property
    def address(self):
        first = f"${get_column_letter(self.column)}${self.row}"
        last = f"${get_column_letter(self.column + self.shape[1] - 1)}${self.row + self.shape[0] - 1}"
        return first if first == last else f"{first}:{last}"

    @property
    def api(self):
        return SimpleNamespace(cell=self.cell, CommentThreaded=None)

    # -- content ----------------------------------------------------------------------------------------

    @property
    def raw_value(self):
        values = xlwings_values.computed(self.sheet.book.book) if any(cell.data_type == "f" for cell in self.flat()) else {}
        shown = [[values.get((self.sheet.name, cell.coordinate), cell.value) for cell in row] for row in self.grid()]
        return shown if len(self) > 1 else shown[0][0]

    @raw_value.setter
    def raw_value(self, data):
        rows = data if isinstance(data, (list, tuple)) else [[data] * self.shape[1]] * self.shape[0]
        for cells, values in zip(self.grid(), rows):
            for cell, value in zip(cells, values):
                self._enter(cell, value)

    @property
    def formula(self):
        return self.cell.value

    @formula.setter
    def formula(self, data):
        self.raw_value = data

    def _enter(self, cell, value):
        self._refuse_protected(cell.protection.locked)
        cell.quotePrefix = False
        if isinstance(value, str) and value.startswith("'"):
            cell.value, cell.data_type = value[1:], "s"
        elif isinstance(value, str) and _NUMBER.fullmatch(value):
            cell.value = float(value.rstrip("%")) / (100 if value.endswith("%") else 1)
        else:
            cell.value = None if value == "" else value

    def _refuse_protected(self, locked=True):
        if self.sheet.sheet.protection.sheet and locked:
            raise ComError(f"{self.sheet.name} is protected")

    # -- looks ------------------------------------------------------------------------------------------

    @property
    def color(self):
        return self.cell.fill.fgColor.rgb if self.cell.fill.fill_type else None

    @color.setter
    def color(self, color):
        self._each(fill=PatternFill("solid", fgColor=f"FF{color.lstrip('#')}"))

    @property
    def font(self):
        return FontOf(self)

    @property
    def borders(self):
        return BordersOf(self)

    @property
    def conditional_formats(self):
        return ConditionalFormats(self)

    def _each(self, **looks):
        self._refuse_protected()
        for cell in self.flat():
            for name, value in looks.items():
                setattr(cell, name, value(cell) if callable(value) else value)

    def _align(self, **changes):
        self._each(alignment=lambda cell: _changed(cell.alignment, **changes))

    wrap_text = property(None, lambda self, value: self._align(wrap_text=value))
    vertical_alignment = property(None, lambda self, value: self._align(vertical=value))
    horizontal_alignment = property(None, lambda self, value: self._align(horizontal=value))

    @property
    def row_height(self):
        return self.sheet.sheet.row_dimensions[self.row].height

    @row_height.setter
    def row_height(self, value):
        self.sheet.sheet.row_dimensions[self.row].height = value

    @property
    def column_width(self):
        return self.sheet.sheet.column_dimensions[get_column_letter(self.column)].width

    @column_width.setter
    def column_width(self, value):
        self.sheet.sheet.column_dimensions[get_column_letter(self.column)].width = value

    def merge(self, across):
        self.sheet.sheet.merge_cells(self.address.replace("$", ""))

    def select(self):
        if self.sheet.book.book.active is not self.sheet.sheet:
            raise ComError("only cells of the active sheet can be selected")
        self.sheet.book.app.selection = self

    # -- notes ------------------------------------------------------------------------------------------

    @property
    def note(self):
        return Note(self) if self.cell.comment else None

    def add_note(self, text):
        self._refuse_protected()
        self.cell.comment = Comment(text, "")
        return Note(self)


class Note:
    def __init__(self, place: Range) -> None:
        self.place = place

    @property
    def text(self):
        return self.place.cell.comment.text

    def delete(self):
        self.place._refuse_protected()
        self.place.cell.comment = None

    @property
    def api(self):
        return SimpleNamespace(Text=self._insert, Shape=NoteShape(self))

    def _insert(self, text, start, overwrite):
        assert overwrite is False, "the rest of the note would be lost"
        self.rewrite(self.text[:start - 1] + text + self.text[start - 1:])

    def rewrite(self, text):
        self.place._refuse_protected()
        old = self.place.cell.comment
        self.place.cell.comment = Comment(text, old.author, old.height, old.width)


class NoteShape:
    def __init__(self, note: Note) -> None:
        self.__dict__["note"] = note

    def __setattr__(self, name, value):
        setattr(self.note.place.cell.comment, {"Width": "width", "Height": "height"}[name], value)

    @property
    def TextFrame(self):
        def characters(start, length):
            text = self.note.text
            return SimpleNamespace(Delete=lambda: self.note.rewrite(text[:start - 1] + text[start - 1 + length:]))

        return SimpleNamespace(Characters=characters)


class FontOf:
    def __init__(self, place: Range) -> None:
        self.__dict__["place"] = place

    def __setattr__(self, name, value):
        self.place._each(font=lambda cell: _changed(cell.font, **{name: value}))


class BordersOf:
    def __init__(self, place: Range) -> None:
        self.place = place

    def set(self, which, line_style, weight, color):
        side = Side("thin")
        self.place._each(border=Border(side, side, side, side))


# -- conditional formats ------------------------------------------------------------------------------------


class ConditionalFormats:
    def __init__(self, place: Range) -> None:
        self.place, self.sheet = place, place.sheet.sheet

    def __iter__(self) -> Iterator[ConditionalFormat]:
        box = (self.place.row, self.place.column, self.place.row + self.place.shape[0], self.place.column + self.place.shape[1])
        for cells in self.sheet.conditional_formatting:
            if any(box[0] <= part.min_row < box[2] and box[1] <= part.min_col < box[3] for part in cells.sqref.ranges):
                for rule in cells.rules:
                    yield ConditionalFormat(self.place, cells, rule)

    def __len__(self):
        return sum(1 for _ in self)

    def add_custom(self, spec):
        self.place._refuse_protected()
        for cells in self.sheet.conditional_formatting:
            for rule in cells.rules:
                rule.priority += 1
        fill = PatternFill(bgColor="FF%02X%02X%02X" % tuple(spec["fill_color"]))
        rule = FormulaRule(formula=[spec["formula"].removeprefix("=")], fill=fill)
        rule.priority = 1
        self.sheet.conditional_formatting.add(self.place.address.replace("$", ""), rule)
        rule.priority = 1
        return next(found for found in self if found.rule is rule)


class ConditionalFormat:
    def __init__(self, place: Range, cells, rule) -> None:
        self.place, self.cells, self.rule = place, cells, rule

    @property
    def type(self):
        return "custom" if self.rule.type == "expression" else "unknown"

    @property
    def formula(self):
        return f"={self.rule.formula[0]}" if self.type == "custom" else None

    def delete(self):
        self.place._refuse_protected()
        kept, sheet = ConditionalFormattingList(), self.place.sheet.sheet
        others = [(rule.priority, str(cells.sqref), rule) for cells in sheet.conditional_formatting for rule in cells.rules
                  if rule is not self.rule]
        ranks = {id(rule): rank for rank, (*_, rule) in enumerate(sorted(others, key=lambda one: one[0]), 1)}
        for _, where, rule in others:
            kept.add(where, rule)
            rule.priority = ranks[id(rule)]
        sheet.conditional_formatting = kept
