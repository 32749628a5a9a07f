"""What a reference in a rule set means: an item, a vector of items, a rate or a score.

One number or a vector depends on where the formula stands: an item of a repeated form (one project, one
sheet) is one number on its own sheet and a vector elsewhere; a table column is one number in row scope only.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pyfuncs.catalog.kept import kept
from pyfuncs.catalog.model import Form, Group, Item, Row, RuleSet
from pyfuncs.language import FormulaError, Kind, Ref, RefInfo, parse, references

KINDS: dict[str, Kind] = {
    "amount": "amount", "count": "count", "rate": "ratio", "points": "points", "score": "points",
    "text": "text", "target": "text", "actual": "text",
}


@dataclass(frozen=True)
class Target:
    """What a reference points at.

    `form` and `name` are those of `submission.Item` (`row.column`, `cell`, `table.column`); for a rate or
    a score `form` is the repeated form it is worked out on, sheet by sheet, else "". A group's column has the
    name of its table's column and restricts it to the leaf groups in `leaves` (else empty). A column of a score
    sheet stands for its `rows`, all of them or those of a group. `scale`: 元 per
    unit of the printed number, 1 for anything but amounts. `item`: the model of the cell or column.
    """

    sort: Literal["cell", "grid", "rows", "table", "group", "rate", "score"]
    form: str
    name: str
    kind: Kind
    vector: bool = False
    scale: Decimal = Decimal(1)
    table: str = ""
    group: str = ""
    leaves: tuple[str, ...] = ()
    item: Item | None = None
    rows: tuple[str, ...] = ()

    @cached_property
    def alone(self) -> bool:
        """Whether it is one cell, of one sheet and row."""
        return self.sort in ("cell", "grid", "table") and not (self.vector or self.leaves)

    @property
    def key(self) -> str:
        """`form!name` for items, the bare key for rates and scores."""
        return self.name if self.sort in ("rate", "score") else f"{self.form}!{self.name}"


def resolve(ruleset: RuleSet, ref: Ref | str, form: str | None = None, *, table: str = "", row: str = "",
            column: str = "", paired: Iterable[str] = ()) -> Target:
    """What `ref` means in a formula that stands in `form` (None: outside every form).

    `table` or `row`: scope of a row of that table, or of that row of the grid, of `form`, where a bare name is a
    column of the same row. `column`: the
    column a check with `each: columns` is at, so that `form!row` means one item. `paired`: forms and
    `form!table`s whose rows a check with `each: match` takes one at a time.
    Raises FormulaError with near matches when there is no such thing.
    """
    return targets(ruleset, form, table, row, column, tuple(paired))[ref]


@kept
def targets(ruleset: RuleSet, form: str | None, table: str, row: str, column: str,
            paired: tuple[str, ...]) -> Mapping[Ref | str, Target]:
    """What each reference means to the formulas of one place, found when it is first asked for; see `resolve`."""
    return _Targets(lambda ref: _resolved(ruleset, as_ref(ref), form, table, row, column, paired))


class _Targets(dict[Ref | str, Target]):
    def __init__(self, find: Callable[[Ref | str], Target]) -> None:
        super().__init__()
        self.find = find

    def __missing__(self, ref: Ref | str) -> Target:
        found = self[ref] = self.find(ref)
        return found


def _resolved(ruleset: RuleSet, ref: Ref, form: str | None, table: str, row: str, column: str,
              paired: tuple[str, ...]) -> Target:
    if ref.form is None:
        if table and form is not None and len(ref.path) == 1:
            return _table_column(ruleset, ref, form, table, ref.path[0], vector=False)
        if row and form is not None and len(ref.path) == 1:
            return _grid(ref, ruleset.forms[form], ruleset.forms[form].all_rows()[row], list(ref.path), False)
        return _rate_or_score(ruleset, ref, form)
    if ref.form not in ruleset.forms:
        raise _unknown(ref, f"没有表单“{ref.form}”", ruleset.forms, ref.form)
    return _item(ruleset, ref, form, column, paired)


def describer(ruleset: RuleSet, form: str | None = None, *, table: str = "", row: str = "", column: str = "",
              paired: Iterable[str] = ()) -> Callable[[Ref], RefInfo]:
    """`resolve` as the formula language wants it."""
    known = targets(ruleset, form, table, row, column, tuple(paired))

    def describe(ref: Ref) -> RefInfo:
        target = known[ref]
        return RefInfo(target.kind, target.vector, target.scale)

    return describe


def home(ruleset: RuleSet, refs: Iterable[Ref | str]) -> str:
    """The repeated form on whose sheets a formula with these references is worked out, one by one.

    "" when it is worked out once: its references lie in several forms, or in one that is not repeated.
    """
    return _home(ruleset, refs, ())


@kept
def home_of(ruleset: RuleSet, key: str) -> str:
    """`home` of a rate or a score."""
    return _home_of_key(ruleset, key, ())


@kept
def inputs(ruleset: RuleSet, key: str) -> tuple[Ref, ...]:
    """The references a rate or a score is worked out from, in order."""
    if key in ruleset.rates:
        return tuple(as_ref(arg) for arg in ruleset.rates[key].args)
    score = ruleset.scores[key]
    return references(score.formula) if score.formula else (as_ref(score.value),) if score.value else ()


def is_computed(ruleset: RuleSet, score: str) -> bool:
    """Whether a score is worked out; a person's judgement has no value to work it out from."""
    return score in ruleset.scores and bool(ruleset.scores[score].formula or ruleset.scores[score].value)


@kept
def placements(ruleset: RuleSet) -> Mapping[str, tuple[str, str]]:
    """Rate or score key -> (form, item name) of the cell that prints it, the first where several do."""
    found: dict[str, tuple[str, str]] = {}
    for key, place in printings(ruleset):
        found.setdefault(key, place)
    return found


@kept
def printings(ruleset: RuleSet) -> tuple[tuple[str, tuple[str, str]], ...]:
    """Every cell that prints a rate or a score: a score sheet may show again what a form shows."""
    return tuple(_printings(ruleset))


def _printings(ruleset: RuleSet) -> Iterator[tuple[str, tuple[str, str]]]:
    for form in ruleset.forms.values():
        for name, cell in form.all_cells().items():
            if cell.rate or cell.score:
                yield cell.rate or cell.score, (form.form, name)
        for row in form.all_rows().values():
            for column, key in (*row.rates.items(), *row.scores.items()):
                yield key, (form.form, f"{row.id}.{column}")


@kept
def only_recognised(ruleset: RuleSet) -> frozenset[str]:
    """Rates that serve to recognise a mistake alone: named by a diagnosis, printed and scored nowhere."""
    used = set(placements(ruleset)) | {ref.key for score in ruleset.scores for ref in inputs(ruleset, score)}
    return frozenset(name for rate in ruleset.rates.values() for name in rate.diagnose if name in ruleset.rates) - used


def as_ref(ref: Ref | str) -> Ref:
    """A reference from its text, e.g. "基础数据!公用经费.本年决算". Raises FormulaError when it is something else."""
    if isinstance(ref, Ref):
        return ref
    expr = parse(ref)
    if not isinstance(expr, Ref):
        raise FormulaError(1, f"“{ref}”", "是一个项目或比率的名字，不是算式", "基础数据!公用经费.本年决算")
    return expr


def form_items(form: Form) -> Iterator[tuple[str, Item]]:
    """Every item of a form with its name, in the order cells, rows × columns, tables, tail."""
    yield from form.cells.items()
    for row in form.all_rows():
        for name, column in form.columns.items():
            yield f"{row}.{name}", column
    for table_name, table in form.tables.items():
        for name, column in table.columns.items():
            yield f"{table_name}.{name}", column
    yield from form.tail.cells.items()


@kept
def all_groups(form: Form, table: str) -> Mapping[str, Group]:
    """Groups of a table at every level, parents before their children."""
    found: dict[str, Group] = {}

    def walk(groups: dict[str, Group]) -> None:
        for name, group in groups.items():
            found[name] = group
            walk(group.groups)

    walk(form.tables[table].groups)
    return found


def near(word: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Near matches of a mistyped word, best first."""
    return difflib.get_close_matches(word, list(known), n=count, cutoff=0.5)


def _item(ruleset: RuleSet, ref: Ref, home_form: str | None, column: str, paired: tuple[str, ...]) -> Target:
    form = ruleset.forms[ref.form]
    repeated = form.instances == "many" and home_form != form.form and form.form not in paired
    first, *rest = ref.path
    cell, row = form.all_cells().get(first), form.all_rows().get(first)
    if cell is not None and not rest:
        return Target("cell", form.form, first, KINDS[cell.type], repeated, _scale(form, cell), item=cell)
    if row is not None:
        return _grid(ref, form, row, rest or ([column] if column else []), repeated)
    if rows := _score_rows(form, first, rest):
        item = form.columns[rest[0] if rest else first]
        name = ".".join(ref.path)
        return Target("rows", form.form, name, KINDS[item.type], True, _scale(form, item), rows=rows, item=item)
    table = first if first in form.tables else _table_of_group(form, first)
    if table and len(rest) == 1:
        vector = f"{form.form}!{first}" not in paired
        return _table_column(ruleset, ref, form.form, table, rest[0], vector, "" if table == first else first)
    if table:
        columns = [f"{form.form}!{first}.{name}" for name in form.tables[table].columns]
        raise FormulaError(ref.pos, f"“{ref.key}”，少了列名", "写到列", columns[0])
    if cell is not None:
        raise FormulaError(ref.pos, f"“{ref.key}”，单元格后面不用写列名", "只写单元格", f"{form.form}!{first}")
    known = [*form.all_cells(), *form.all_rows(), *form.tables, *(form.columns if form.indicators else ()),
             *(group for name in form.tables for group in all_groups(form, name))]
    raise _unknown(ref, f"表单“{form.form}”里没有“{first}”", known, first)


def _score_rows(form: Form, first: str, rest: list[str]) -> tuple[str, ...]:
    """Rows that `column` or `group.column` of a score sheet stands for."""
    if not rest:
        return form.rows_in() if first in form.columns else ()
    return form.rows_in(first) if len(rest) == 1 and rest[0] in form.columns else ()


def _grid(ref: Ref, form: Form, row: Row, columns: list[str], repeated: bool) -> Target:
    if len(columns) != 1:
        first = next(iter(form.columns), "列")
        raise FormulaError(ref.pos, f"“{ref.key}”，没有说是哪一列", "写成“表单!行.列”", f"{form.form}!{row.id}.{first}")
    name = columns[0]
    if name not in form.columns:
        raise _unknown(ref, f"表单“{form.form}”的表格里没有“{name}”这一列", form.columns, name)
    item = form.columns[name]
    return Target("grid", form.form, f"{row.id}.{name}", KINDS[item.type], repeated, _scale(form, item),
                  item=item)


def _table_column(ruleset: RuleSet, ref: Ref, form_name: str, table: str, name: str, vector: bool,
                  group: str = "") -> Target:
    form = ruleset.forms[form_name]
    item = form.tables[table].columns.get(name)
    if item is None:
        raise _unknown(ref, f"表单“{form_name}”的表“{table}”里没有“{name}”这一列", form.tables[table].columns, name)
    leaves = tuple(leaf for leaf, path in form.leaf_groups(table).items() if group in path)
    return Target("group" if group else "table", form_name, f"{table}.{name}", KINDS[item.type], vector,
                  _scale(form, item), table, group, leaves, item)


def _rate_or_score(ruleset: RuleSet, ref: Ref, form: str | None) -> Target:
    key = ".".join(ref.path)
    if key not in ruleset.rates and key not in ruleset.scores:
        raise _unknown(ref, f"没有叫“{key}”的比率或得分", [*ruleset.rates, *ruleset.scores], key)
    place = home_of(ruleset, key)
    vector = bool(place) and place != form
    if key in ruleset.rates:
        return Target("rate", place, key, "ratio", vector)
    return Target("score", place, key, "points", vector)


def _home_of_key(ruleset: RuleSet, key: str, seen: tuple[str, ...]) -> str:
    if key in seen or (key not in ruleset.rates and key not in ruleset.scores):
        return ""                                     # a circle or an unknown name: lint tells it
    try:
        refs = inputs(ruleset, key)
        if not refs and key in (places := placements(ruleset)):   # a person's judgement stands where it is written
            form = ruleset.forms[places[key][0]]
            return form.form if form.instances == "many" else ""
        return _home(ruleset, refs, (*seen, key))
    except FormulaError:                              # and so it does what can't be read
        return ""


def _home(ruleset: RuleSet, refs: Iterable[Ref | str], seen: tuple[str, ...]) -> str:
    forms = {ref.form or _home_of_key(ruleset, ref.key, seen) for ref in map(as_ref, refs)}
    place = forms.pop() if len(forms) == 1 else ""
    return place if place in ruleset.forms and ruleset.forms[place].instances == "many" else ""


def _table_of_group(form: Form, group: str) -> str:
    return next((name for name in form.tables if group in all_groups(form, name)), "")


def _scale(form: Form, item: Item) -> Decimal:
    return form.scale if item.type == "amount" else Decimal(1)


def _unknown(ref: Ref, reason: str, known: Iterable[str], word: str) -> FormulaError:
    names = list(known)
    close = near(word, names)
    wanted = f"写已有的名字（是不是“{'”“'.join(close)}”？）" if close else f"写已有的名字：{'、'.join(names) or '（还没有）'}"
    example = ref.key.replace(word, (close or names or [word])[0], 1)
    return FormulaError(ref.pos, f"“{ref.key}”，{reason}", wanted, example)
