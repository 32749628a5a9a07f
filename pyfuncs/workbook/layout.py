"""The layout of a workbook: every sheet, every cell, what stands in it and what it is. Pure.

Template, reader and integrity check share it; nothing else in the project knows an address.
"""

from __future__ import annotations

from collections.abc import Callable

from pyfuncs.catalog.model import Form, RuleSet
from pyfuncs.workbook.places import Shape, SheetLayout, WorkbookLayout
from pyfuncs.workbook.layout_form import form_sheet
from pyfuncs.workbook.layout_help import calculation_sheet, cover_sheet


SheetOf = Callable[[RuleSet, Form, int, Shape], SheetLayout]


def layout(ruleset: RuleSet, shape: Shape = Shape(), sheet_of: SheetOf = form_sheet) -> WorkbookLayout:
    """Cover, the forms in the rule set's order (repeated ones last), 计算过程. `sheet_of`: what lays out one form."""
    forms = list(ruleset.forms.values())
    sheets = [sheet_of(ruleset, form, instance, shape) for form in forms
              for instance in range(1, (shape.projects if form.instances == "many" else 1) + 1)]
    listed = [(form, [sheet.name for sheet in sheets if sheet.form.form == form.form]) for form in forms]
    helps = cover_sheet(ruleset, listed), calculation_sheet(ruleset, sheets)
    return WorkbookLayout(ruleset, (helps[0], *sheets, helps[1]))
