"""The formula of every cell that is worked out, in either edition.

One convention for blanks: a rate or a score shows nothing while an operand is blank, a total while it can't
be computed. A wrong text gives an error, which is seen. A rate is never inlined: what needs it refers to the
cell where it lives.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pyfuncs.catalog.compile import score_parameters
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.refs import Target, as_ref, describer, home_of, resolve
from pyfuncs.language import Address, Ref, operands, parse, straight, to_excel
from pyfuncs.methods import METHODS, default, emit_grade
from pyfuncs.workbook.names import COVER_SHEET, ENTITY, item_name
from pyfuncs.workbook.places import Box, Place, SheetLayout, WorkbookLayout

Edition = Literal["addin", "formula", "values"]


class Formulas:
    """Formulas of one workbook; edition addin calls JX_ functions where the other carries the rule itself."""

    def __init__(self, plan: WorkbookLayout, edition: Edition) -> None:
        self.plan, self.ruleset, self.edition = plan, plan.ruleset, edition

    def of(self, sheet: SheetLayout, place: Place) -> str:
        """The formula of a place, with its "="."""
        rule = place.rule
        match rule.kind:
            case "entity":
                return self._entity(rule.key)
            case "sum":
                cells = ",".join(joined(rule.parts))
                return f'=IF(COUNT({cells})=0,"",SUM({cells}))'
            case "formula":
                scale = sheet.form.scale if place.type == "amount" else None
                return self._total(sheet, rule.key, sheet.form.form, sheet.instance, scale)
            case "row":
                scale = sheet.form.scale if place.type == "amount" else None
                return self._row_total(sheet, place, scale)
            case "rate":
                return self._rate(sheet, rule.key, sheet.ordinal(place))
            case "score":
                return self._score(sheet, rule.key, sheet.ordinal(place))
            case "grade":
                return self._grade(sheet, sheet.ordinal(place))
            case "copy":
                kind = "rate" if rule.key in self.ruleset.rates else "score"
                cell = self._home(sheet, kind, rule.key, sheet.ordinal(place))
                return f'=IF({cell}="","",{cell})'

    def _entity(self, text: str) -> str:
        cell = f"'{COVER_SHEET}'!{self.plan.sheets[0].names[ENTITY].address}"
        before, _, after = text.partition("{entity}")
        if not before and not after:
            return f'=IF({cell}="","",{cell})'
        parts = [f'"{before}"', cell, f'"{after}"']
        return "=" + "&".join(part for part in parts if part != '""')

    def _rate(self, sheet: SheetLayout, key: str, instance: int) -> str:
        rate, method = self.ruleset.rates[key], METHODS[self.ruleset.rates[key].method]
        home = home_of(self.ruleset, key)
        targets = [resolve(self.ruleset, arg, home or None) for arg in rate.args]
        cells = [self.addresses(sheet, as_ref(arg), home, instance)[0] for arg in rate.args]
        if self.edition == "addin":
            head = f'"{self.ruleset.id}","{key}",' if method.function == "JX_RATE" else ""
            body = f"{method.function}({head}{','.join(cells)})"
        else:
            body = method.emit(cells, default(rate.parameters), [target.scale for target in targets])
        tests = [f"COUNTA({cell})=0" if target.vector else f'{cell}=""'
                 for cell, target, argument in zip(cells, targets, method.arguments) if not argument.optional]
        return _unless(tests, body)

    def _score(self, sheet: SheetLayout, key: str, instance: int) -> str:
        score = self.ruleset.scores[key]
        home = home_of(self.ruleset, key)
        if score.formula:
            return self._total(sheet, score.formula, home, instance)
        cell = self.addresses(sheet, as_ref(score.value), home, instance)[0]
        if self.edition == "addin":
            body = f'JX_SCORE("{self.ruleset.id}","{key}",{cell})'
        else:
            body = METHODS[score.method].emit([cell], default(score_parameters(score)))
        return _unless([f'{cell}=""'], body)

    def _grade(self, sheet: SheetLayout, instance: int) -> str:
        cell = self._home(sheet, "score", self.ruleset.total, instance)
        body = (f'JX_GRADE("{self.ruleset.id}",{cell})' if self.edition == "addin"
                else emit_grade(cell, list(self.ruleset.grades.items())))
        return _unless([f'{cell}=""'], body)

    def _total(self, sheet: SheetLayout, text: str, form: str, instance: int,
               scale: Decimal | None = None) -> str:
        """A formula of the rule set. What the form prints itself (分值 10) does not make it filled."""
        expr = parse(text)
        describe = describer(self.ruleset, form or None)

        def address(ref: Ref) -> Address:
            return Address(tuple(self.addresses(sheet, ref, form, instance)))

        needed = tuple(dict.fromkeys(straight(expr)))
        body = to_excel(expr, address, describe, scale=scale, numeric={ref.key for ref in needed})
        filled = [cell for ref in operands(expr) if not _printed_by_form(self.ruleset, ref)
                  for cell in address(ref).ranges]
        required = [cell for ref in needed if not _printed_by_form(self.ruleset, ref)
                    for cell in address(ref).ranges]
        sheets = [cells for ref in operands(expr) if resolve(self.ruleset, ref, form or None).rows
                  for cells in address(ref).ranges]
        # A score sheet is added up when every row has a score, or words that say why it has none.
        unscored = [test for cells in sheets
                    for test in (f"COUNTBLANK({cells})>0", f"ISERROR(SUM({cells}))", f"COUNT({cells})=0")]
        if required:
            return _unless([f"COUNT({','.join(required)})<{len(required)}", *unscored], body)
        return _unless(unscored or ([f"COUNT({','.join(filled)})=0"] if filled else []), body)

    def _row_total(self, sheet: SheetLayout, place: Place, scale: Decimal | None) -> str:
        """A column of a table that is worked out from others of the same row."""
        expr, (table, _, _) = parse(place.rule.key), place.slot.name.partition(".")
        columns = sheet.form.tables[table].columns

        def address(ref: Ref) -> Address:
            box = Box.span(columns[ref.key].at, place.box.top)
            return Address((box.corner.address.replace("$", ""),))

        needed = tuple(dict.fromkeys(straight(expr)))
        body = to_excel(expr, address, describer(self.ruleset, sheet.form.form, table=table), scale=scale,
                        numeric={ref.key for ref in needed})
        cells = [cell for ref in (needed or operands(expr)) for cell in address(ref).ranges]
        return _unless([f"COUNT({','.join(cells)}){f'<{len(cells)}' if needed else '=0'}"], body)

    # -- where things stand ------------------------------------------------------------------------------

    def addresses(self, sheet: SheetLayout, ref: Ref, form: str, instance: int) -> list[str]:
        """The cells a reference means, as seen from `sheet`, in a formula of that form and instance."""
        target = resolve(self.ruleset, ref, form or None)
        if target.sort in ("rate", "score"):
            ordinals = [other.instance for other in self.plan.sheets_of(target.form)] if target.vector \
                else [instance if target.form else 0]
            return [self._home(sheet, target.sort, target.name, ordinal) for ordinal in ordinals]
        sheets = self.plan.sheets_of(target.form)
        if form == target.form and len(sheets) > 1:
            sheets = tuple(other for other in sheets if other.instance == instance)
        return [_seen_from(sheet, other, _box(other, target)) for other in sheets]

    def _home(self, sheet: SheetLayout, kind: str, key: str, instance: int) -> str:
        other, place = self.plan.printed(kind, key, instance)
        return _seen_from(sheet, other, place.box.corner)


def _box(sheet: SheetLayout, target: Target) -> Box:
    if target.rows:
        column = target.name.rpartition(".")[2]
        first, last = (sheet.names[item_name(f"{row}.{column}")] for row in (target.rows[0], target.rows[-1]))
        return Box(first.top, first.left, last.bottom, first.left)
    if target.sort == "group":
        return sheet.names[item_name(f"{target.group}.{target.name.partition('.')[2]}")]
    return sheet.names[item_name(target.name)]


def _seen_from(sheet: SheetLayout, other: SheetLayout, box: Box) -> str:
    return box.address if other is sheet or other.name == sheet.name else f"'{other.name}'!{box.address}"


def _unless(tests: list[str], body: str) -> str:
    """Nothing where one of the tests holds."""
    if not tests:
        return f"={body}"
    test = tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"
    return f'=IF({test},"",{body})'


def _printed_by_form(ruleset: RuleSet, ref: Ref) -> bool:
    return bool(ref.form and ruleset.forms[ref.form].printed_text(".".join(ref.path)))


def joined(parts: tuple[Box, ...]) -> list[str]:
    """Addresses of cells of one column, neighbours taken together so that inserted rows are counted."""
    boxes: list[Box] = []
    for part in parts:
        if boxes and boxes[-1].left == part.left and boxes[-1].bottom + 1 == part.top:
            boxes[-1] = Box(boxes[-1].top, part.left, part.bottom, part.right)
        else:
            boxes.append(part)
    return [box.address for box in boxes]
