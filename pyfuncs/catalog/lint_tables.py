"""What a table can have wrong: its place, its groups and their points, what its columns say of each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from pyfuncs.catalog.lint_formulas import formula_problems, unknown
from pyfuncs.catalog.model import Form, Group, Judging, RuleSet, Table, TableColumn
from pyfuncs.catalog.refs import KINDS, describer

Path = tuple[str | int, ...]
Found = Iterator[tuple[Path, str]]

JUDGED = {"target": "指标值", "actual": "完成值", "points": "分值", "score": "得分"}


def walk_groups(groups: Mapping[str, Group], path: Path) -> Iterator[tuple[str, Group, Path]]:
    """Groups at every level with their place in the raw data."""
    for name, group in groups.items():
        yield name, group, (*path, name)
        yield from walk_groups(group.groups, (*path, name, "groups"))


def table_problems(form: Form, name: str, table: Table, path: Path) -> Found:
    """What is wrong with a table whatever the rest of the rule set says."""
    if table.start is None and all(row.detail != name for row in form.all_rows().values()):
        yield path, f"表“{name}”没有位置；请写 start（第一行的行号），或在一行里写 detail: {name}"
    for column_name, column in table.columns.items():
        yield from _column(table, name, column_name, column, (*path, "columns", column_name))
    for group_path in form.leaf_groups(name).values():
        if len(group_path) > len(table.levels):
            yield (*path, "levels"), (f"指标分 {len(group_path)} 级，levels 只有 {len(table.levels)} 列；"
                                      "请一级写一列，例如 [B, C]")
            break
    if table.groups and table.preset:
        yield (*path, "preset"), f"表“{name}”有 groups，印好的文字应写在各组的 preset 里，请移过去，例如 数量指标: {{preset: [内容1：]}}"
    elif "rows" in table.model_fields_set and len(table.preset) > table.rows:
        yield (*path, "preset"), (f"preset 有 {len(table.preset)} 行，rows 只有 {table.rows} 行；"
                                  f"请写 rows: \"{len(table.preset)}\"，或删去多出的文字")
    if table.judging is not None:
        yield from _judging(table, name, table.judging, (*path, "judging"))
    for group_name, group, group_path in walk_groups(table.groups, (*path, "groups")):
        yield from _group_points(group_name, group, group_path)


def column_references(ruleset: RuleSet, form: Form, name: str, table: Table, path: Path) -> Found:
    """What columns of a table refer to: other columns of the same row."""
    describe = describer(ruleset, form.form, table=name)
    for column_name, column in table.columns.items():
        where = (*path, "columns", column_name)
        if column.max:
            yield from formula_problems((*where, "max"), column.max, describe, {"points"})
        if column.required_if:
            yield from formula_problems((*where, "required_if"), column.required_if, describe, {"bool"})
        if column.formula:
            wanted = {KINDS[column.type], "number"} if column.type != "text" else {"text"}
            yield from formula_problems((*where, "formula"), column.formula, describe, wanted)


def _column(table: Table, name: str, column_name: str, column: TableColumn, path: Path) -> Found:
    if column.at is None and column.type != "points":
        yield path, f"列“{column_name}”没有写 at；只有分值可以不印在表上，例如 at: D"
    if column.per == "group" and not table.groups:
        yield (*path, "per"), f"列“{column_name}”写了 per: group，表“{name}”却没有 groups；请删去 per"
    for key in ("sign", "measure"):
        other = getattr(column, key)
        if not other:
            continue
        if column.type != "target":
            yield (*path, key), (f"{key} 只用于拆成几个格的指标值，列“{column_name}”的 type 是 {column.type}；"
                                 "请写在 type: target 的列上")
        if other not in table.columns:
            yield (*path, key), unknown("列", other, table.columns)
        elif table.columns[other].type != "text":
            yield (*path, key), (f"列“{other}”的 type 是 {table.columns[other].type}；{key} 应是放"
                                 f"{'符号（≥、=、≤）' if key == 'sign' else '度量单位'}的文字列，请写 type: text")


def _judging(table: Table, name: str, judging: Judging, path: Path) -> Found:
    """Targets and results are judged row by row, so a row must have them."""
    types = {column.type for column in table.columns.values()}
    missing = [f"{words}（type: {kind}）" for kind, words in JUDGED.items() if kind not in types]
    if missing:
        yield path, f"表“{name}”写了 judging，却没有{'、'.join(missing)}的列；请补上，或删去 judging"
    if (judging.over is None) != (judging.deduct is None):
        written = "over" if judging.deduct is None else "deduct"
        yield (*path, written), ("over（超出指标值多少算偏离）和 deduct（偏离扣几分）要一起写，"
                                 "例如 over: \"0.3\" 和 deduct: \"1\"")
    if not 0 < judging.partly < judging.achieved <= 1:
        yield path, (f"achieved 是 {judging.achieved}，partly 是 {judging.partly}；应从高到低、在 0 与 1 之间，"
                     "例如 achieved: \"0.8\"，partly: \"0.6\"")
    for key in ("over", "deduct"):
        value = getattr(judging, key)
        if value is not None and value <= 0:
            yield (*path, key), f"{key} 是 {value}，应大于 0，例如 {key}: \"{'0.3' if key == 'over' else '1'}\""


def _group_points(name: str, group: Group, path: Path) -> Found:
    children = [child.readings for child in group.groups.values()]
    if group.readings and children and all(children):
        total = sum((child[0] for child in children), Decimal(0))
        if total != group.readings[0]:
            yield (*path, "points"), (f"“{name}”的分值 {group.readings[0]} 分，下面各项合计 {total} 分；"
                                      "两者应相等，请改正其中一个")
