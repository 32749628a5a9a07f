"""What a template tells the clerk while it is being filled: prompts, warnings, colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pyfuncs.catalog.model import Column, Form, Group, Table
from pyfuncs.catalog.refs import all_groups, describer
from pyfuncs.language import Address, Ref, operands, parse, plain, to_excel
from pyfuncs.workbook.formulas import Formulas, joined
from pyfuncs.workbook.names import item_name
from pyfuncs.workbook.places import Box, Place, SheetLayout, column_letters

LONGEST_PROMPT, LONGEST_TITLE = 255, 32               # Excel refuses more

_NOT_NEGATIVE = "这里一般填不小于 0 的数。确实要这样填的，请点“是”。"
_WHOLE = "这里一般填整数。确实要这样填的，请点“是”。"
_TOO_MUCH = "得分一般在 0 和分值之间。确实要这样填的，请点“是”。"


@dataclass(frozen=True)
class Colouring:
    """Cells that turn red where a formula (relative to the first cell) is true."""

    boxes: tuple[Box, ...]
    formula: str


# ---- input prompts and warnings -------------------------------------------------------------------------

def validations(sheet: SheetLayout) -> Iterator[tuple[list[Box], dict[str, Any]]]:
    """Cells and XlsxWriter's options for their data validation; nothing that is typed is ever refused."""
    together: dict[tuple, list[Box]] = {}
    for place in sheet.places:
        if place.slot and not place.locked:
            together.setdefault(_validation(sheet, place), []).append(place.box.corner)
    for rule, boxes in together.items():
        if rule:
            yield boxes, dict(rule)


def _validation(sheet: SheetLayout, place: Place) -> tuple:
    """The options as a tuple of pairs, so that cells with the same ones are told together."""
    options: dict[str, Any] = {"validate": "any"}
    warn = {"error_type": "warning", "error_title": "请核对"}
    limit = _limit(sheet, place)
    if place.type == "amount" and _signed(sheet, place):
        options = {"validate": "any"}
    elif place.type == "amount":
        options = {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": _NOT_NEGATIVE} | warn
    elif place.type == "count":
        options = {"validate": "integer", "criteria": ">=", "value": 0, "error_message": _WHOLE, **warn}
    elif place.type in ("points", "score") and limit:
        options = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": limit,
                   "error_message": _TOO_MUCH, **warn}
    elif place.type in ("points", "score"):
        options = {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": _NOT_NEGATIVE} | warn
    elif not place.prompt:
        return ()
    if place.prompt:
        label = _item_label(sheet, place)
        options |= {"input_title": label[:LONGEST_TITLE], "input_message": place.prompt[:LONGEST_PROMPT]}
    return tuple(options.items())


def _signed(sheet: SheetLayout, place: Place) -> bool:
    first, _, column = place.slot.name.partition(".")
    form = sheet.form
    if first in form.all_rows():
        return form.columns[column].signed or form.all_rows()[first].signed
    return (form.tables[first].columns[column] if first in form.tables else form.all_cells()[first]).signed


def _item_label(sheet: SheetLayout, place: Place) -> str:
    if sheet.form is None:
        return place.slot.name
    first, _, column = place.slot.name.partition(".")
    if first in sheet.form.tables:
        return sheet.form.tables[first].columns[column].label
    return sheet.form.all_cells()[first].label if not column else sheet.form.columns[column].label


def _limit(sheet: SheetLayout, place: Place) -> str:
    """What a score may not exceed: a cell, or the points known from the group; "" when there is no limit."""
    if sheet.form is None or place.type != "score":
        return ""
    first, _, column = place.slot.name.partition(".")
    if not column:
        most = sheet.form.all_cells()[first].max
        return f"={sheet.names[item_name(most)].address}" if most else ""
    if first in sheet.form.all_rows():
        most = sheet.form.columns[column].max
        return f"=${column_letters(Box.span(sheet.form.columns[most].at, 1).left)}{place.box.top}" if most else ""
    table = sheet.form.tables.get(first)
    if table is None or not table.columns[column].max:
        return ""
    found = _row_operand(sheet.form, first, table.columns[column].max, place)
    return found if not found or found[0].isdigit() else f"={found}"


def _row_operand(form: Form, table: str, column: str, place: Place) -> str:
    """A column's cell in the row of `place`, or the points its group gives; "" when neither is there."""
    item = form.tables[table].columns[column]
    if item.at:
        return f"${column_letters(Box.span(item.at, 1).left)}{place.box.top}"
    group: Group | None = all_groups(form, table).get(place.slot.group)
    return plain(group.readings[0]) if group and group.readings else ""


# ---- colours --------------------------------------------------------------------------------------------

def colourings(formulas: Formulas, sheet: SheetLayout) -> Iterator[Colouring]:
    """Broken sums, totals that miss what they must come to, scores above their points, missing reasons."""
    if sheet.form is None:
        return
    for place in sheet.places:
        if place.slot and place.slot.row == 0:
            yield from _cell_colouring(formulas, sheet, place)
    for name, table in sheet.form.tables.items():
        yield from _table_colourings(formulas, sheet, name, table)
        yield from _group_colourings(sheet, name)


def _cell_colouring(formulas: Formulas, sheet: SheetLayout, place: Place) -> Iterator[Colouring]:
    cell, form = place.box.cell, sheet.form
    model = form.all_cells().get(place.slot.name)
    if place.rule and place.rule.kind in ("sum", "formula") and not place.locked:
        expected = formulas.of(sheet, place)[1:]
        if "!" not in expected:                       # older programs can't look at other sheets here
            addends = f"COUNT({','.join(joined(place.rule.parts))})" if place.rule.parts else "2"
            off = f"ABS({cell}-{expected})>{_tolerance(form, addends)}"
            words = "+".join(f'COUNTIF({part},"?*")' for part in joined(place.rule.parts))
            # words among the parts (2.46 ✓) may mean a number that SUM can't see: no alarm about the sum
            test = f"AND({words}=0,{off})" if words else off
            yield Colouring((place.box,), f"=IFERROR({test},FALSE)")
    if model is None:
        first, _, column = place.slot.name.partition(".")
        row = form.all_rows()[first]
        if row.parts == "within" and column in form.columns and form.columns[column].type == "amount":
            parts = tuple(sheet.names[item_name(f"{child.id}.{column}")] for child in row.rows)
            cells = ",".join(joined(parts))
            over = f"SUM({cells})-{cell}>{_tolerance(form, f'COUNT({cells})')}"
            yield Colouring((place.box,), f"=AND(ISNUMBER({cell}),{over})")
        elif column in form.columns:
            yield from _sheet_colouring(formulas, sheet, place, first, form.columns[column])
        return
    if model.equals is not None:
        yield Colouring((place.box,), f"=AND(ISNUMBER({cell}),ROUND({cell}-{plain(model.equals)},6)<>0)")
    if model.max:
        most = sheet.names[item_name(model.max)].address
        yield Colouring((place.box,), f"=AND(COUNT({cell},{most})=2,ROUND({cell}-{most},6)>0)")


def _sheet_colouring(formulas: Formulas, sheet: SheetLayout, place: Place, row: str, column: Column) -> Iterator[Colouring]:
    """A score sheet: a score above its points, a deduction without a reason."""
    form, cell = sheet.form, f"${place.box.cell}"

    def beside(ref: Ref | str) -> str:
        name = ref if isinstance(ref, str) else ref.key
        return f"${column_letters(Box.span(form.columns[name].at, 1).left)}{place.box.top}"

    if column.max:
        most = beside(column.max)
        yield Colouring((place.box,), f"=AND(COUNT({cell},{most})=2,ROUND({cell}-{most},6)>0)")
    if column.required_if:
        expr = parse(column.required_if)
        cells = list(map(beside, operands(expr)))
        body = to_excel(expr, lambda ref: Address((beside(ref),)), describer(formulas.ruleset, form.form, row=row),
                        numeric={ref.key for ref in operands(expr)})
        yield Colouring((place.box,), f'=AND({cell}="",COUNT({",".join(cells)})={len(cells)},{body})')


def _tolerance(form: Form, addends: str) -> str:
    """A tail of rounding is no mistake: half a unit of the last place for each addend and the sum."""
    return f"({addends}+1)*{plain(Decimal(5).scaleb(-form.decimals - 1))}+0.000001"


def _table_colourings(formulas: Formulas, sheet: SheetLayout, name: str, table: Table) -> Iterator[Colouring]:
    for column, item in table.columns.items():
        if not (item.at and (item.max or item.required_if)):
            continue
        for place in sheet.places:
            if place.slot is None or place.slot.name != f"{name}.{column}":
                continue
            cell = f"${column_letters(place.box.left)}{place.box.top}"
            if item.max:
                most = _row_operand(sheet.form, name, item.max, place)
                if most:
                    yield Colouring((place.box,), f"=AND(COUNT({cell},{most})=2,ROUND({cell}-{most},6)>0)")
            if item.required_if:
                condition = _row_condition(formulas, sheet, name, item.required_if, place)
                if condition:
                    yield Colouring((place.box,), f'=AND({cell}="",{condition})')


def _row_condition(formulas: Formulas, sheet: SheetLayout, table: str, text: str, place: Place) -> str:
    """A condition over one row's columns, false while one of them is empty; "" when one is not printed."""
    expr = parse(text)
    cells = {ref.key: _row_operand(sheet.form, table, ref.key, place) for ref in operands(expr)}
    if not all(cells.values()):
        return ""

    def address(ref: Ref) -> Address:
        return Address((cells[ref.key],))

    describe = describer(formulas.ruleset, sheet.form.form, table=table)
    body = to_excel(expr, address, describe, numeric=set(cells))
    return f"COUNT({','.join(cells.values())})={len(cells)},{body}"


def _group_colourings(sheet: SheetLayout, table: str) -> Iterator[Colouring]:
    """The label of a 一级指标 whose rows were given more points than it has."""
    for name, group in sheet.form.tables[table].groups.items():
        points = [column for column, item in sheet.form.tables[table].columns.items()
                  if item.at and item.type == "points"]
        if not (points and group.readings):
            continue
        column = sheet.names[item_name(f"{name}.{points[0]}")]
        label = next(place for place in sheet.places if place.role == "label" and place.box.top == column.top
                     and place.text.replace("\n", "") == (group.label or name).replace("\n", ""))
        yield Colouring((label.box,), f"=ROUND(SUM({column.address})-{plain(max(group.readings))},6)>0")
