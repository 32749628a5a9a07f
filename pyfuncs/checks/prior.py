"""This year's workbook against last year's of the same unit (上年). Pure.

One figure stated in two years' forms is one figure: no tolerance, but for a coarser unit it was printed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath

from pyfuncs.catalog.forms import Column, Form, Row
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.catalog.words import clean, tidy
from pyfuncs.checks.context import Context
from pyfuncs.checks.cross import cross_finding
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.intervals import half_unit
from pyfuncs.checks.pairing import likeness

SAME_ROW = 0.85                                       # likeness of labels, where a form's rows have other ids
JUMP, JUMP_HEADS = Decimal("0.3"), 5                  # of the staff of last year, and heads at least

_CARRIED_OVER = re.compile(r"^上年(?:末)?(?:结转|结余)")
_LEFT_OVER = re.compile(r"^(?:年末|累计|期末)(?:累计)?(?:结转|结余)")
_THIS_YEAR = re.compile(r"20\d\d年|本年度?|\{year\}年?")
_POSTS, _HEADS = re.compile(r"编制"), re.compile(r"在职人数|实有人数")

_Pair = tuple[Item, Item]                             # this year's and last year's


@dataclass(frozen=True)
class _Years:
    now: Context
    then: Context

    def differ(self, code: str, item: Item, other: Item) -> Iterator[Finding]:
        """The same figure stated in both years' workbooks."""
        delta = item.value - other.value
        if abs(delta) <= self._coarser(item, other):
            return
        shown = self.now.show(item, abs(delta))
        yield cross_finding(
            code, "prior", f"{self.now.place(item)}填 {self.now.show(item)}，{self.said(other)}，"
            f"{'多' if delta > 0 else '少'} {shown}。", self.now, [item],
            expected=self.now.show(item, other.value), actual=self.now.show(item), delta=self.now.show(item, delta))

    def said(self, other: Item) -> str:
        """What last year's workbook says, with its place."""
        file = clean(PurePath(self.then.submission.path).name)
        return f"上年的表（{file}{self.then.place(other)}）是 {self.then.show(other)}"

    def _coarser(self, item: Item, other: Item) -> Decimal:
        """Half a unit of the coarser print, in 元: less than any difference that both could print."""
        if self.now.kind(item) != "amount":
            return Decimal(0)
        return max(half_unit(self.now.ruleset, item), half_unit(self.then.ruleset, other))


def check_prior(ruleset: RuleSet, submission: Submission, prior_ruleset: RuleSet, prior: Submission) -> list[Finding]:
    """Findings of a submission against the same unit's of the year before, in the order of the forms."""
    years = _Years(Context(ruleset, submission, {}), Context(prior_ruleset, prior, {}))
    return [finding for run in (_finals, _carried_over, _other_prior, _staff) for finding in run(years)]


# -- SN-01: 上年决算数 ------------------------------------------------------------------------------------


def _finals(years: _Years) -> Iterator[Finding]:
    for form in years.now.ruleset.forms.values():
        before = years.then.ruleset.forms.get(form.form)
        for name, column in form.columns.items():
            source = _same_stage(before, column) if before and column.period == "-1" else ""
            if source:
                yield from _column(years, form, before, name, source)


def _same_stage(form: Form, column: Column) -> str:
    """The column of last year's form that held the same figure then."""
    return next((name for name, other in form.columns.items()
                 if (other.period, other.stage, other.type) == ("0", column.stage, column.type)), "")


def _column(years: _Years, form: Form, before: Form, column: str, source: str) -> Iterator[Finding]:
    stated: dict[str, _Pair] = {}
    details: dict[str, list[_Pair]] = {}
    for row in form.all_rows().values():
        same = _same_row(row, before)
        item = years.now.submission.item(form.form, f"{row.id}.{column}")
        other = years.then.submission.item(form.form, f"{same.id}.{source}") if same else None
        if item and other and None not in (item.value, other.value):
            stated[row.id] = item, other
        if row.detail and same and same.detail:
            details[row.id] = list(_details(years, form, (row.detail, column), (same.detail, source)))
    for row in form.all_rows().values():
        below = details.get(row.id, [])
        parts = [*(stated[part.id] for part in row.rows if part.id in stated), *below]
        if row.id in stated and not _follows(stated[row.id], parts):
            yield from years.differ("SN-01", *stated[row.id])
        for pair in below:
            yield from years.differ("SN-01", *pair)


def _follows(total: _Pair, parts: Iterable[_Pair]) -> bool:
    """Whether a total differs by just as much as its parts do: they are told, and it follows."""
    apart = [item.value - other.value for item, other in parts]
    return any(apart) and sum(apart) == total[0].value - total[1].value


def _same_row(row: Row, before: Form) -> Row | None:
    rows = before.all_rows()
    if row.id in rows:
        return rows[row.id]
    near = [(likeness(tidy(row.label), tidy(other.label)), other) for other in rows.values()]
    best = sorted((found for found in near if found[0] >= SAME_ROW), key=lambda found: -found[0])[:2]
    return best[0][1] if best and (len(best) == 1 or best[0][0] > best[1][0]) else None


def _details(years: _Years, form: Form, now: tuple[str, str], then: tuple[str, str]) -> Iterator[_Pair]:
    """Projects below a row, paired where their names are the same: a near name may be another project."""
    known = {name: item for name, item in _named(years.then, form.form, *then) if item.value is not None}
    for name, item in _named(years.now, form.form, *now):
        if item.value is not None and name in known:
            yield item, known[name]


def _named(context: Context, form: str, table: str, column: str) -> Iterator[tuple[str, Item]]:
    """(name, item) of the rows of a table whose name no other row has."""
    first = next(iter(context.ruleset.forms[form].tables[table].columns))
    names: dict[str, list[Item]] = {}
    for item in context.submission.items_of(form, f"{table}.{column}"):
        name = context.submission.item(form, f"{table}.{first}", item.instance, item.row)
        if name is not None and name.state == "text":
            names.setdefault(re.sub(r"\s|^20\d\d年度?", "", name.text), []).append(item)
    yield from ((name, items[0]) for name, items in names.items() if len(items) == 1)


# -- SN-02, SN-03: what is carried over, and other figures of last year -----------------------------------


def _carried_over(years: _Years) -> Iterator[Finding]:
    left = [*_unit_items(years.then, _LEFT_OVER.match)]
    for item, name in _unit_items(years.now, _CARRIED_OVER.match):
        same = [other for other, whose in left if whose == name]
        here = [other for other in same if other.form == item.form]
        if len(here or same) == 1:                    # two that are meant to agree are compared in their own year
            yield from years.differ("SN-02", item, (here or same)[0])


def _unit_items(context: Context, wanted: Callable[[str], object]) -> Iterator[tuple[Item, str]]:
    """Amounts of the whole unit by their label, and of its parts with the part's name."""
    for form in _unit_forms(context):
        for item, words in _labelled(context, form):
            if wanted(words) and item.value is not None:
                yield item, ""
        for table, model in form.tables.items():
            for column, known in model.columns.items():
                if known.type == "amount" and wanted(known.label):
                    yield from ((item, name) for name, item in _named(context, form.form, table, column)
                                if item.value is not None)


def _unit_forms(context: Context) -> list[Form]:
    return [form for form in context.ruleset.forms.values() if form.instances == "one"]


def _labelled(context: Context, form: Form) -> Iterator[tuple[Item, str]]:
    """Amounts of a form that stand for themselves: single cells, and rows with one figure, which come in the
    first column of amounts."""
    amounts = [name for name, column in form.columns.items() if column.type == "amount"]
    single = amounts[:1] if amounts and not any(form.columns[name].stage for name in amounts) else []
    cells = [(name, cell.label) for name, cell in form.all_cells().items() if cell.type == "amount"]
    rows = [(f"{row.id}.{name}", row.label) for row in form.all_rows().values() for name in single]
    for name, label in (*cells, *rows):
        item = context.submission.item(form.form, name)
        if item is not None:
            yield item, _bare(label)


def _other_prior(years: _Years) -> Iterator[Finding]:
    """上年“三公经费”预算数: what the label names without 上年 stood in last year's forms."""
    known: dict[str, list[Item]] = {}
    for form in _unit_forms(years.then):
        for item, label in (*_labelled(years.then, form), *_of_grid(years.then, form)):
            if item.value is not None:
                known.setdefault(_THIS_YEAR.sub("", label), []).append(item)
    for form in _unit_forms(years.now):
        for item, label in _labelled(years.now, form):
            same = known.get(label.removeprefix("上年"), []) if label.startswith("上年") else []
            if item.value is not None and same and all(other.value == same[0].value for other in same):
                yield from years.differ("SN-03", item, same[0])


def _of_grid(context: Context, form: Form) -> Iterator[tuple[Item, str]]:
    """Items of rows × columns of the year itself by both labels: 三公经费 2021年预算数."""
    for row in form.all_rows().values():
        for name, column in form.columns.items():
            item = context.submission.item(form.form, f"{row.id}.{name}")
            if item is not None and column.stage and column.period == "0":
                yield item, _bare(tidy(row.label) + column.label)


def _bare(label: str) -> str:
    return re.sub(r"[\s　“”\"：:]|[（(].*[）)]", "", label)


# -- SN-04, SN-05: staff ----------------------------------------------------------------------------------


def _staff(years: _Years) -> Iterator[Finding]:
    for item, other in _same_counts(years, _POSTS):
        if item.value != other.value:
            yield _moved(years, "SN-04", item, other)
    for item, other in _same_counts(years, _HEADS):
        moved = abs(item.value - other.value)
        if moved >= JUMP_HEADS and moved >= other.value * JUMP:
            yield _moved(years, "SN-05", item, other)


def _same_counts(years: _Years, label: re.Pattern[str]) -> Iterator[_Pair]:
    """The first number of that kind in each year's workbook."""
    first = [next(_counts(context, label), None) for context in (years.now, years.then)]
    if first[0] and first[1]:
        yield first[0], first[1]


def _counts(context: Context, label: re.Pattern[str]) -> Iterator[Item]:
    for form in _unit_forms(context):
        for name, cell in form.all_cells().items():
            item = context.submission.item(form.form, name) if cell.type == "count" and label.search(cell.label) else None
            if item is not None and item.value is not None:
                yield item


def _moved(years: _Years, code: str, item: Item, other: Item) -> Finding:
    delta = item.value - other.value
    return cross_finding(
        code, "prior", f"{years.now.place(item)}填 {years.now.show(item)}，{years.said(other)}，"
        f"{'增加' if delta > 0 else '减少'} {years.now.show(item, abs(delta))}。", years.now, [item],
        expected=years.now.show(item, other.value), actual=years.now.show(item), delta=years.now.show(item, delta))


# -- which of last year's workbooks it is -----------------------------------------------------------------


def no_prior(year: str, near: Iterable[str], of_another_year: Iterable[str]) -> Finding:
    """There is none of last year's for this unit. `near`: units of last year with a name like it;
    `of_another_year`: files of the unit that are for another year."""
    names, files = "”“".join(map(clean, near)), "、".join(map(clean, of_another_year))
    hint = f"；有名称相近的单位“{names}”，是不是同一单位" if names else f"；只有别的年度的（{files}）" if files else ""
    last = f"（{int(year) - 1} 年度）" if year else ""
    return cross_finding("SN-06", "prior", f"没有找到这个单位上年{last}的表，没有与上年核对{hint}。")


def two_priors(files: Iterable[str]) -> Finding:
    """There are several of last year's for this unit."""
    shown = "、".join(map(clean, files))
    return cross_finding("SN-07", "prior", f"这个单位上年的表有几份（{shown}），不知道以哪一份为准，没有与上年核对。")
