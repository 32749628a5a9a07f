"""What a form can have wrong: ids, addresses, rows, tables, groups and what its cells refer to.

Every function yields (path into the raw data, message); `lint` turns the path into file and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations

from pyfuncs.catalog.boxes import Box, body_boxes, tail_boxes
from pyfuncs.catalog.lint_formulas import formula_problems, unknown
from pyfuncs.catalog.lint_tables import column_references, table_problems, walk_groups
from pyfuncs.catalog.model import COLUMNS_PATTERN, Cell, Column, Form, Row, RuleSet
from pyfuncs.catalog.refs import KINDS, describer, form_items, resolve
from pyfuncs.language import Expr, FormulaError, Ref, evaluate, operands, parse

Path = tuple[str | int, ...]
Found = Iterator[tuple[Path, str]]

LONGEST_PROMPT = 255                                  # Excel's limit for an input prompt
LONGEST_SHEET_NAME = 31
MOST_ROWS = 2000                                      # of an empty template
FORBIDDEN_IN_SHEET_NAMES = "[]:*?/\\"


def structure_problems(form: Form) -> Found:
    """What is wrong with a form whatever the rest of the rule set says."""
    path: Path = ("forms", form.form)
    yield from _duplicate_ids(form, path)
    for boxes in (body_boxes(form), tail_boxes(form)):
        yield from _too_low(boxes, path)
        yield from _overlaps(boxes, path)
    yield from _sheet(form, path)
    for name, item in form_items(form):
        if len(item.help) > LONGEST_PROMPT:
            yield (*_item_path(form, name), "help"), (f"输入提示 help 有 {len(item.help)} 个字，"
                                                      f"最多 {LONGEST_PROMPT} 个字；请写短一些")
        if item.signed and item.type not in ("amount", "count"):
            yield (*_item_path(form, name), "signed"), (f"signed 说的是金额或个数可以是负数，这里的 type 是 {item.type}；"
                                                        "请删去 signed")
    if form.indicators is None:                       # rows made from scores: see lint_indicators
        for row, row_path in walk_rows(form.rows, (*path, "rows")):
            yield from _row(form, row, row_path)
    for name, table in form.tables.items():
        yield from table_problems(form, name, table, (*path, "tables", name))


def reference_problems_of(ruleset: RuleSet, form: Form) -> Found:
    """What a form refers to: rates, scores, other items, formulas."""
    path: Path = ("forms", form.form)
    for name, cell in form.all_cells().items():
        yield from _cell(ruleset, form, cell, _item_path(form, name))
    for row, row_path in walk_rows(form.rows, (*path, "rows")):
        for column, rate in row.rates.items():
            yield from _printed_rate(ruleset, form, rate, (*row_path, "rates", column))
        for column, score in row.scores.items():
            yield from _printed_score(ruleset, form, score, (*row_path, "scores", column))
    for name, column in form.columns.items():
        yield from _column(ruleset, form, column, (*path, "columns", name))
    for name, table in form.tables.items():
        yield from column_references(ruleset, form, name, table, (*path, "tables", name))


def walk_rows(rows: list[Row], path: Path) -> Iterator[tuple[Row, Path]]:
    """Rows at every level with their place in the raw data."""
    for index, row in enumerate(rows):
        yield row, (*path, index)
        yield from walk_rows(row.rows, (*path, index, "rows"))


def _item_path(form: Form, name: str) -> Path:
    """Where an item of `form_items` is written."""
    first, _, column = name.partition(".")
    if not column:
        return ("forms", form.form, *(() if first in form.cells else ("tail",)), "cells", first)
    if first in form.tables:
        return "forms", form.form, "tables", first, "columns", column
    return "forms", form.form, "columns", column


# -- ids, addresses, sheets ------------------------------------------------------------------------


def _duplicate_ids(form: Form, path: Path) -> Found:
    seen: dict[str, str] = {}
    for name, what, where in _ids(form, path):
        if name in seen and not (form.indicators and what == seen[name] == "行"):   # see lint_indicators
            yield where, (f"标识“{name}”在表单“{form.form}”里用了两次（{seen[name]}、{what}）；"
                          f"一个标识只能指一样东西，请改其中一个，例如 {name}{what}")
        seen[name] = what


def _ids(form: Form, path: Path) -> Iterator[tuple[str, str, Path]]:
    for name in form.cells:
        yield name, "单元格", (*path, "cells", name)
    for name in form.columns:
        yield name, "列", (*path, "columns", name)
    for row, where in walk_rows(form.rows, (*path, "rows")):
        yield row.id, "行", (*where, "id")
    for table_name, table in form.tables.items():
        yield table_name, "表", (*path, "tables", table_name)
        for name, _, where in walk_groups(table.groups, (*path, "tables", table_name, "groups")):
            yield name, "指标组", where
    for name in form.tail.cells:
        yield name, "表尾单元格", (*path, "tail", "cells", name)


def _too_low(boxes: list[Box], path: Path) -> Found:
    for box in boxes:
        if box.bottom > MOST_ROWS:
            yield (*path, *box.path), (f"{box.name}排到第 {box.bottom} 行；一张表最多 {MOST_ROWS} 行，"
                                       "请改小位置（例如 C4）、start 或 rows")


def _overlaps(boxes: list[Box], path: Path) -> Found:
    for one, other in combinations(boxes, 2):
        if one.meets(other):
            yield (*path, *other.path), f"{other.name}与{one.name}的位置重叠；请改其中一个的位置"


def _sheet(form: Form, path: Path) -> Found:
    shown = form.sheet.replace("{n}", "99")
    bad = [char for char in FORBIDDEN_IN_SHEET_NAMES if char in shown]
    if bad or not shown or len(shown) > LONGEST_SHEET_NAME or shown[0] == "'" or shown[-1] == "'":
        yield (*path, "sheet"), (f"工作表名“{form.sheet}”有 {len(shown)} 个字{f'，含 {bad[0]}' if bad else ''}；"
                                 f"应有 1 至 {LONGEST_SHEET_NAME} 个字，不以单引号开头或结尾，"
                                 f"不含 {' '.join(FORBIDDEN_IN_SHEET_NAMES)}，例如 {form.form}表")
    repeated = form.instances == "many"
    if repeated and "{n}" not in form.sheet:
        yield (*path, "sheet"), f"表单“{form.form}”可以有多张，工作表名要写明序号的位置，例如 {form.form}{{n}}"
    if not repeated and "{n}" in form.sheet:
        yield (*path, "sheet"), f"表单“{form.form}”只有一张，工作表名里不能有 {{n}}；请删去 {{n}}，或写 instances: many"
    if repeated and not form.key:
        yield path, f"表单“{form.form}”可以有多张，请用 key 写明用哪个单元格区别，例如 key: 项目名称"
    if form.key and form.key not in form.all_cells():
        yield (*path, "key"), unknown("key", form.key, form.all_cells())


# -- rows, tables, groups --------------------------------------------------------------------------


def _row(form: Form, row: Row, path: Path) -> Found:
    if form.start is None:
        yield path, f"表单“{form.form}”有 rows，请用 start 写明第一行的行号，例如 start: \"4\""
    if row.parts != "none" and not row.rows and not row.detail:
        yield (*path, "parts"), (f"行“{row.id}”写了 parts: {row.parts}，却没有下级行；"
                                 "请补 rows 或 detail，或删去 parts")
    for key, wanted in (("rates", "rate"), ("scores", "score")):
        for column in getattr(row, key):
            if column not in form.columns:
                yield (*path, key, column), unknown("列", column, form.columns)
            elif form.columns[column].type != wanted:
                yield (*path, key, column), (f"列“{column}”的 type 是 {form.columns[column].type}，不能放"
                                             f"{'比率' if wanted == 'rate' else '得分'}；请写 type: {wanted}")
    for column in row.fixed:
        if column not in form.columns and not COLUMNS_PATTERN.match(column):
            yield (*path, "fixed", column), f"{unknown('列', column, form.columns)}，或写表上的列，例如 F、H:I"
    if row.detail:
        if row.detail not in form.tables:
            yield (*path, "detail"), unknown("明细表", row.detail, form.tables)
        elif form.tables[row.detail].start is not None:
            yield (*path, "detail"), f"明细表“{row.detail}”跟在行“{row.id}”下面，不能再写 start；请删去它的 start"
        others = [other for other in form.all_rows().values() if other.detail == row.detail]
        if others[0] is not row and others[0].id != row.id:
            yield (*path, "detail"), f"明细表“{row.detail}”已经用在行“{others[0].id}”下面；一个明细表只能用一次，请删去一处"


# -- what cells refer to ---------------------------------------------------------------------------


def _cell(ruleset: RuleSet, form: Form, cell: Cell, path: Path) -> Found:
    ways = [name for name in ("rate", "score", "formula", "fixed") if getattr(cell, name)]
    if len(ways) > 1:
        yield (*path, ways[1]), f"{' 与 '.join(ways)} 只能写一个；一个单元格只有一种算法，请删去多余的"
    if cell.rate:
        yield from _printed_rate(ruleset, form, cell.rate, (*path, "rate"))
        yield from _of_type(cell, "rate", "rate", path)
    if cell.score:
        yield from _printed_score(ruleset, form, cell.score, (*path, "score"))
        yield from _of_type(cell, "score", "score", path)
    if cell.fixed and cell.type in ("amount", "count", "points", "score") and not _is_number(cell.fixed):
        yield (*path, "fixed"), f"type 是 {cell.type}，印的内容“{cell.fixed}”应是数，例如 fixed: \"10\""
    if cell.formula:
        wanted = {KINDS[cell.type], "number"} if cell.type != "text" else {"text"}
        yield from formula_problems((*path, "formula"), cell.formula, describer(ruleset, form.form), wanted)
    if cell.max:
        limit = form.all_cells().get(cell.max)
        if limit is None:
            yield (*path, "max"), unknown("单元格", cell.max, form.all_cells())
        elif limit.type != "points":
            yield (*path, "max"), (f"“{cell.max}”的 type 是 {limit.type}；max 应写放分值（points）的单元格，"
                                   "例如 max: 资金分值")
    if cell.grade and ruleset.partial and not ruleset.grades:
        yield (*path, "grade"), "规则集没有等级（grades），这一格不能印等级；请删去 grade: true，或在 ruleset.yaml 里写 grades"
    if cell.equals is not None:
        yield from _equals(ruleset, form, cell, path)


def _of_type(cell: Cell, wanted: str, key: str, path: Path) -> Found:
    if cell.type != wanted:
        yield (*path, "type"), f"写了 {key}，type 应是 {wanted}，现为 {cell.type}；例如 type: {wanted}"


def _printed_rate(ruleset: RuleSet, form: Form, rate: str, path: Path) -> Found:
    if rate not in ruleset.rates:
        yield path, unknown("比率", rate, ruleset.rates)
    elif resolve(ruleset, rate, form.form).vector:
        yield path, (f"比率“{rate}”每张项目表各算一个，不能印在表单“{form.form}”的一个格里；"
                     "请印在项目表上，或改用只算一次的比率")


def _printed_score(ruleset: RuleSet, form: Form, score: str, path: Path) -> Found:
    if score not in ruleset.scores:
        yield path, unknown("得分", score, ruleset.scores)
    elif resolve(ruleset, score, form.form).vector:
        yield path, (f"得分“{score}”每张项目表各算一个，不能印在表单“{form.form}”的一个格里；"
                     "请印在项目表上，或改用只算一次的得分")


def _column(ruleset: RuleSet, form: Form, column: Column, path: Path) -> Found:
    """What a column of the grid says of the other columns of each row."""
    if column.max:
        limit = form.columns.get(column.max)
        if limit is None:
            yield (*path, "max"), unknown("列", column.max, form.columns)
        elif limit.type != "points":
            yield (*path, "max"), f"列“{column.max}”的 type 是 {limit.type}；max 应写放分值（points）的列，例如 max: 分值"
    if column.required_if and form.all_rows():
        describe = describer(ruleset, form.form, row=next(iter(form.all_rows())))
        yield from formula_problems((*path, "required_if"), column.required_if, describe, {"bool"})


def _equals(ruleset: RuleSet, form: Form, cell: Cell, path: Path) -> Found:
    """The points a form prints must come to what it says they come to."""
    if not cell.formula:
        yield (*path, "equals"), "写了 equals 就要写 formula，例如 formula: SUM(项目!指标.分值)"
        return
    try:
        expr = parse(cell.formula)
        values = {ref: _fixed_points(ruleset, form, ref) for ref in operands(expr)}
    except FormulaError:
        return                                        # told where the formula itself is checked
    if None not in values.values() and (total := _total(expr, values)) != cell.equals:
        yield (*path, "equals"), f"按表上印的分值算得 {total} 分，equals 写的是 {cell.equals}；请改正分值或 equals"


def _total(expr: Expr, values: Mapping[Ref, Decimal | list[Decimal]]) -> Decimal:
    return evaluate(expr, lambda ref: values[ref])


def _fixed_points(ruleset: RuleSet, form: Form, ref: Ref) -> Decimal | list[Decimal] | None:
    """The points a form prints itself, first reading; None for what is filled in."""
    target = resolve(ruleset, ref, form.form)
    if target.sort == "cell":
        return Decimal(target.item.fixed) if target.item.fixed and _is_number(target.item.fixed) else None
    if target.kind != "points" or target.sort not in ("table", "group"):
        return None
    named = {name: group for name, group, _ in walk_groups(form.tables[target.table].groups, ())}
    tops = [named[target.group]] if target.group else list(form.tables[target.table].groups.values())
    points = [group.readings[0] for group in tops if group.readings]
    return points if points and len(points) == len(tops) else None


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False
