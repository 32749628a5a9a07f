"""The text against the tables that the unit filed: the same item, a project by its name, a score by its indicator."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyfuncs.catalog.model import Form
from pyfuncs.catalog.refs import placements
from pyfuncs.catalog.submission import Item
from pyfuncs.catalog.words import Words, clean, half_up, kind_on, plain, tidy
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.text_prose import Prose, figures, name, scale, show, unnamed
from pyfuncs.checks.text_scores import scored_indicators, total_told
from pyfuncs.prose.model import Fact, Span, Term

_BUDGET, _FINAL = {"预算", "年初", "调整"}, {"决算", "实际"}
_NOT_FILED = {"目标", "增长", "下降", "差额", "占", "追加", "同比", "平均", "剩余", "累计", "比率", "倒扣"}
_STAGES = {"预算": ("年初", "调整后"), "决算": ("决算",)}
# What a form counts as the same people, unless the text tells both.
_LIKE = {"在编人员": "在职人数"}
_CHANGED = re.compile(r"\s*[（(，,]?\s*(?:后|又|已)?(?:核减|核增|调减|调增)")
_ADDED = re.compile(r"[（(]([^（()）]+(?:[+＋][^（()）]+){2,})[)）]\s*$")
_TIMES = re.compile(r"[×*]100[%％]\s*$")
_WHOLE_BUDGET = (re.compile("结转"), re.compile("年初|预算"), re.compile("追加"))
_INCOME = "收入合计"


@dataclass(frozen=True)
class InTable:
    """A figure of the tables: what it is called in the words of the prose, of which stage and year."""

    item: Item
    name: str
    stage: str
    prior: bool


def check_tables(prose: Prose) -> Iterator[Finding]:
    if prose.ruleset is None or prose.submission is None:
        return
    filed = _filed(prose)
    yield from _items(prose, filed)
    yield from _projects(prose)
    yield from _scores(prose)
    yield from _budget_total(prose, filed)


def _filed(prose: Prose) -> dict[str, dict[str, list[InTable]]]:
    """Amounts and counts of the tables, by their standard name and form."""
    found: dict[str, dict[str, list[InTable]]] = defaultdict(lambda: defaultdict(list))
    for item in prose.submission.items:
        form = prose.ruleset.forms[item.form]
        if item.value is not None and form.instances != "many" and kind_on(form, item.name) in ("amount", "count"):
            label, stage, prior = _printed(form, item)
            if called := prose.names.key(label):
                found[called][item.form].append(InTable(item, called, stage, prior))
    return found


def _printed(form: Form, item: Item) -> tuple[str, str, bool]:
    """The label that names a figure, without its year; the stage and year of its column."""
    first, _, column = item.name.partition(".")
    shown, stage, prior = form.columns.get(column), "", False
    if first in form.tables:
        label = form.tables[first].columns[column].label
    elif first in form.all_rows():
        label = tidy(form.all_rows()[first].label)
        stage, prior = (shown.stage, shown.period == "-1") if shown else ("", False)
    else:
        cell = form.all_cells().get(first)
        label = re.sub(r"\{year\}年?|\{prior\}年?", "", cell.label or first) if cell else first
    return label, stage or ("年初" if "预算" in label or (shown and "预算" in shown.label) else "决算"), prior


# -- the same item ----------------------------------------------------------------------------------------


def _items(prose: Prose, filed: dict[str, dict[str, list[InTable]]]) -> Iterator[Finding]:
    stated = [fact for fact in prose.facts.figures if fact.exact and not prose.worked(fact.span)
              and not fact.qualifiers & _NOT_FILED and _LIKE.get(fact.key, fact.key) in filed and not unnamed(prose, fact)]
    people = {(_LIKE.get(fact.key, fact.key), fact.value) for fact in stated if fact.kind == "count"}
    for fact in stated:
        key = _LIKE.get(fact.key, fact.key)
        if fact.span in prose.inner or _CHANGED.match(prose.after(fact)):
            continue
        for group in filed[key].values():
            alike = _comparable(prose, fact, group)
            known = fact.kind == "count" and any((key, one.item.value) in people for one in alike)
            if alike and not known and not any(_same(prose, fact, value) for value in _values(alike)):
                yield _differs(prose, fact, alike)


def _comparable(prose: Prose, fact: Fact, group: Sequence[InTable]) -> list[InTable]:
    """Of the same year and stage; where the text names no stage, of any."""
    prior = fact.year == prose.ruleset.prior
    if not prior and fact.year not in ("", prose.submission.year):
        return []
    kind = "count" if fact.kind == "count" else "amount"
    same = [one for one in group if one.prior == prior
            and kind_on(prose.ruleset.forms[one.item.form], one.item.name) == kind]
    wanted = {stage for word, stages in _STAGES.items() for stage in stages
              if fact.qualifiers & (_BUDGET if word == "预算" else _FINAL)}
    if not wanted:
        return same
    return [one for one in same if one.stage in wanted]


def _values(alike: Sequence[InTable]) -> list[tuple[Item, Decimal]]:
    """Each figure, and the sum of a table's rows."""
    found = [(one.item, one.item.value) for one in alike]
    rows: dict[str, list[Item]] = defaultdict(list)
    for one in alike:
        if one.item.row:
            rows[one.item.name].append(one.item)
    return found + [(items[0], sum(item.value for item in items)) for items in rows.values() if len(items) > 1]


def _same(prose: Prose, fact: Fact, filed: tuple[Item, Decimal]) -> bool:
    """Equal as finely as the coarser of the two is printed: 490.76 万元 and 4907638.34 元."""
    item, value = filed
    form = prose.ruleset.forms[item.form]
    unit = form.scale if fact.kind == "amount" else Decimal(1)
    return (half_up(value / scale(fact), fact.places) == half_up(fact.value / scale(fact), fact.places)
            or half_up(fact.value / unit, item.places) == half_up(value / unit, item.places))


def _differs(prose: Prose, fact: Fact, alike: Sequence[InTable]) -> Finding:
    words = Words(prose.ruleset, prose.submission)
    near = min(alike, key=lambda one: abs(one.item.value - fact.value)).item
    shown = words.show(near) + (f" {fact.unit}" if fact.kind == "count" else "")
    delta = fact.value - near.value
    return prose.finding(
        "ZW-16", [fact.span],
        f"{prose.where(fact.span)}：{name(fact)}写 {show(fact)}，{words.place(near)}填 {shown}，"
        f"差 {_exactly(abs(delta), fact)}。", severity="warning" if fact.key in _LIKE else "error",
        expected=shown, actual=show(fact), delta=_exactly(delta, fact),
        subject=f"{fact.key}|{near.form}!{near.name}", cells=[near.cell] if near.cell else (),
        values=(*figures([fact]), plain(near.value)))


def _exactly(value: Decimal, fact: Fact) -> str:
    """A difference in the unit of the text, without loss."""
    return f"{plain(value / scale(fact))} {fact.unit}".strip()


# -- projects ---------------------------------------------------------------------------------------------


def _projects(prose: Prose) -> Iterator[Finding]:
    """2021年招商引资工作经费 129.92 万元 against the sheet of the project of that name."""
    amounts = _project_amounts(prose)
    for fact in prose.facts.figures if amounts else ():
        if fact.kind == "amount" and fact.exact and not prose.worked(fact.span):
            sheet = next((one for one in amounts if one == _bare(prose.clause(fact)) or one == _bare(fact.subject)), None)
            if sheet and not any(_same(prose, fact, (item, item.value)) for item in amounts[sheet]):
                yield _other_amount(prose, fact, amounts[sheet])


def _project_amounts(prose: Prose) -> dict[str, list[Item]]:
    """Bare name of a project -> the amounts on its sheet."""
    found: dict[str, list[Item]] = {}
    for form in prose.ruleset.forms.values():
        for instance in prose.submission.instances(form.form) if form.instances == "many" and form.key else ():
            title = prose.submission.item(form.form, form.key, instance)
            items = [item for item in prose.submission.items_on(form.form, instance)
                     if item.value and kind_on(form, item.name) == "amount"]
            if title and len(_bare(title.text)) > 3 and items:
                found[_bare(title.text)] = items
    return found


def _bare(words: str) -> str:
    return re.sub(r"[\s“”\"'、，。；：:（）()]|^(?:其中|包括|以下项目|及|和)|项目$|为$", "", words)


def _other_amount(prose: Prose, fact: Fact, items: Sequence[Item]) -> Finding:
    words = Words(prose.ruleset, prose.submission)
    last = items[-1] if len(items) < 3 else items[2]
    return prose.finding(
        "ZW-16", [fact.span],
        f"{prose.where(fact.span)}：这个项目写 {show(fact)}，{words.place(last)}填 {words.show(last)}，"
        "这张表上没有一个数与正文相同。", expected=words.show(last), actual=show(fact),
        delta=_exactly(fact.value - last.value, fact), subject=f"项目|{_bare(prose.clause(fact))}", cells=[last.cell],
        values=(*figures([fact]), plain(last.value)))


# -- scores -----------------------------------------------------------------------------------------------


def _scores(prose: Prose) -> Iterator[Finding]:
    words = Words(prose.ruleset, prose.submission)
    rows, totals = _score_items(prose)
    for one in scored_indicators(prose):
        item = rows.get(_bare(one.name))
        if item is not None and one.score is not None and one.gained is not None and item.value != one.score:
            yield _other_score(prose, words, one.gained, f"“{clean(one.name, 24)}”", one.score, item)
    total = total_told(prose)
    if total is not None and totals and all(item.value != total.value for item in totals):
        yield _other_score(prose, words, total.span, "总分", total.value, totals[-1])


def _score_items(prose: Prose) -> tuple[dict[str, Item], list[Item]]:
    """Scores on rows that print their indicator, by its bare name; and the totals of the unit."""
    rows: dict[str, Item] = {}
    totals: list[Item] = []
    for item in prose.submission.items:
        form = prose.ruleset.forms[item.form]
        if item.value is None or form.instances == "many" or kind_on(form, item.name) != "score":
            continue
        first = item.name.partition(".")[0]
        if first in form.all_rows():
            rows[_bare(tidy(form.all_rows()[first].label))] = item
        elif first in form.all_cells() and _is_total(prose, item, form.all_cells()[first].label or first):
            totals.append(item)
    return rows, totals


def _is_total(prose: Prose, item: Item, label: str) -> bool:
    """The unit's own total where the rule set names one: 得分合计 of the indicators alone is another figure."""
    if prose.ruleset.total:
        return placements(prose.ruleset).get(prose.ruleset.total) == (item.form, item.name)
    return prose.names.key(label) == "总分"


def _other_score(prose: Prose, words: Words, span: Span, what: str, score: Decimal, item: Item) -> Finding:
    return prose.finding(
        "ZW-16", [span], f"{prose.where(span)}：{what}写 {plain(score)} 分，{words.place(item)}填 {words.show(item)}。",
        expected=words.show(item), actual=f"{plain(score)} 分", delta=f"{plain(score - item.value)} 分",
        subject=f"{what}|{item.form}!{item.name}", cells=[item.cell] if item.cell else (),
        values=(plain(score), plain(item.value)))


# -- 上年结转＋年初预算＋追加 ---------------------------------------------------------------------------------


def _budget_total(prose: Prose, filed: dict[str, dict[str, list[InTable]]]) -> Iterator[Finding]:
    """What a calculation divides by against 收入合计: a tail is told; a true difference is the workbook's to tell."""
    incomes = [one.item for group in filed.get(_INCOME, {}).values() for one in group if one.item.value]
    for expression in prose.facts.expressions if incomes else ():
        names = _ADDED.search(_TIMES.sub("", prose.word_formula(expression)))
        numbers = _ADDED.search(expression.terms[0].text)
        if names and numbers and all(one.search(names[1]) for one in _WHOLE_BUDGET):
            yield from _tail(prose, expression.terms[0], numbers, incomes)


def _tail(prose: Prose, term: Term, numbers: re.Match[str], incomes: Sequence[Item]) -> Iterator[Finding]:
    start = term.span.start + numbers.start(1)
    added = [value for value, span in term.figures if span.start >= start]
    total, words = sum(added, Decimal(0)), Words(prose.ruleset, prose.submission)
    for item in incomes:
        form = prose.ruleset.forms[item.form]
        step = form.scale.scaleb(-item.places) if item.places else Decimal(0)
        delta = total - item.value
        if delta and abs(delta) <= step * (len(added) + 1) / 2:
            shown = words.amount(total, form, item.places)
            span = Span(term.span.paragraph, start, term.span.start + numbers.end(1))
            yield prose.finding(
                "ZW-16", [span], f"{prose.where(span)}：这几个数之和是 {shown}，{words.place(item)}填 {words.show(item)}，只差在尾数。",
                severity="rounding", expected=words.show(item), actual=shown, delta=words.amount(delta, form, item.places),
                subject=_INCOME, cells=[item.cell] if item.cell else (), advice="可以不改；能用更细的数请改成一致")
            return
