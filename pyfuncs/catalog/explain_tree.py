"""How a figure arises, as a tree: from a total or a score down to the cells that are filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from pyfuncs.catalog.codes import NUMERIC
from pyfuncs.catalog.compile import score_parameters
from pyfuncs.catalog.environment import Scope, items_behind
from pyfuncs.catalog.fields import STATUS_WORDS
from pyfuncs.catalog.figures import GRADE, Figure, figures
from pyfuncs.catalog.item_words import called, dated, inner_label, quoted, sheet_words
from pyfuncs.catalog.model import Cell, Rate, RuleSet, Score, TableColumn
from pyfuncs.catalog.refs import Target, as_ref, home_of, inputs, placements, resolve
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.catalog.words import Words, percent, plain, tidy
from pyfuncs.language import FormulaError, Ref, operands, parse, to_chinese
from pyfuncs.methods import METHODS
from pyfuncs.methods.explanation import SEVERAL_READINGS, method_node, reading_lines, result_words
from pyfuncs.methods.tree import Node
from pyfuncs.methods.wording import number

TYPE_WORDS = {"amount": "金额", "count": "个数", "rate": "比率", "points": "分值", "score": "得分", "text": "文字",
              "target": "年度指标值", "actual": "实际完成值"}

Where = Callable[[str, str], str]                     # form, item -> 《基础数据表》C5 of an empty template, or ""
Trail = tuple[str, ...]                               # what a branch is part of, from the root down
Branches = tuple[list[str], list[Node]]               # notes on a figure, and what it comes from


def nowhere(form: str, name: str) -> str:
    """No address is known."""
    return ""


@dataclass(frozen=True)
class Account:
    """What is told about: a rule set, where its items stand, and what one unit filed, if a file is given."""

    ruleset: RuleSet
    where: Where = nowhere
    submission: Submission | None = None

    @cached_property
    def figures(self) -> dict[tuple[str, int], Figure]:
        return figures(self.ruleset, self.submission) if self.submission else {}

    @cached_property
    def printed(self) -> dict[str, str]:
        """`form!name` of a cell -> the rate or score it prints."""
        return {"!".join(place): key for key, place in placements(self.ruleset).items()}

    def instances(self, form: str) -> list[int]:
        """Sheets of a repeated form in the file; [0] for any one of them."""
        return (self.submission.instances(form) if self.submission and form else []) or [0]

    def items(self, ref: Ref | str, scope: Scope) -> list[Item]:
        """The filed cells a reference stands for; none without a file."""
        return items_behind(self.ruleset, self.submission, ref, scope) if self.submission else []

    def show(self, item: Item, value: Decimal | None = None) -> str:
        return Words(self.ruleset, self.submission).show(item, value)


def figure_trees(account: Account, key: str) -> list[Node]:
    """The tree of a rate or a score; one for each sheet of the file, where each sheet has its own."""
    sheets = account.instances(home_of(account.ruleset, key))
    return [figure_tree(account, key, instance) for instance in sheets]


def figure_tree(account: Account, key: str, instance: int = 0, path: Trail = ()) -> Node:
    """`instance`: the sheet of a repeated form, 0 for none or any."""
    ruleset = account.ruleset
    thing, figure = ruleset.rates.get(key) or ruleset.scores[key], account.figures.get((key, instance))
    what = "比率" if key in ruleset.rates else "总分" if key == ruleset.total else "得分"
    branches = _rate if key in ruleset.rates else _total if ruleset.scores[key].formula else _score
    lines, children = ([], []) if key in path else branches(account, key, figure, instance, (*path, key))
    notes = [*_filed(account, figure), *_place(account, key, instance), *lines,
             f"可靠程度：{STATUS_WORDS[thing.status]}", *([f"来源：{thing.source}"] if thing.source else [])]
    sheet = f"，{_sheet(account, home_of(ruleset, key), instance)}" if instance else ""
    value = f"＝ {_value(ruleset, figure)}" if figure else ""
    return Node(f"{key}（{what}，表上印{quoted(thing.label)}{sheet}）{value}", tuple(notes), tuple(children))


def grade_trees(account: Account) -> list[Node]:
    """The grade of the unit's total, or of each project's where projects alone are scored."""
    ruleset = account.ruleset
    *bands, (last, _) = ruleset.grades.items()
    standard = "，".join(f"{name} {plain(least)} 分（含）以上" for name, least in bands)
    notes = [f"标准：{standard}，其余为{last}", "总分不先取整", f"来源：{ruleset.grade_source}"]
    found = []
    for instance in account.instances(home_of(ruleset, ruleset.total)):
        figure = account.figures.get((GRADE, instance))
        value = f"＝ {_value(ruleset, figure)}" if figure else ""
        # A part common to many rule sets has grades and leaves the total to them.
        total = [figure_tree(account, ruleset.total, instance)] if ruleset.total in ruleset.scores else []
        text = f"等级（按 {ruleset.total or '总分'} 定）{value}"
        found.append(Node(text, (*_filed(account, figure), *notes), tuple(total)))
    return found


def item_tree(account: Account, ref: Ref | str, form: str | None = None, instance: int = 0, path: Trail = (),
              lead: str = "") -> Iterator[Node]:
    """An operand of a formula that stands on `form`: a branch for each sheet that holds it, for each row of a
    score sheet, else one."""
    ruleset = account.ruleset
    try:
        target = resolve(ruleset, ref, form)
    except FormulaError:
        yield Node(f"{lead}{called(ruleset, ref)}（本规则集没有这一项）")
        return
    key = target.name if target.sort in ("rate", "score") else account.printed.get(target.key, "")
    if key:
        own = home_of(ruleset, key)
        sheets = [instance] if own == form and not target.vector else account.instances(own)
        yield from (figure_tree(account, key, sheet, path) for sheet in sheets)
    elif target.rows:
        yield from (_score_row(account, target, row) for row in target.rows)
    else:
        items = account.items(ref, Scope(form, instance))
        sheets = [list(some) for _, some in groupby(items, key=lambda item: item.instance)]
        yield from (_item(account, target, some, path, lead) for some in sheets or [[]])


# -- what a rate, a score, a total is worked out from ----------------------------------------------


def _rate(account: Account, key: str, figure: Figure | None, instance: int, path: Trail) -> Branches:
    ruleset = account.ruleset
    rate, form = ruleset.rates[key], home_of(ruleset, key) or None
    method = METHODS[rate.method]
    lines = [f"算法：{rate.method}，{method.help}", f"小数：百分数保留 {rate.decimals} 位"]
    if rate.ask_above is not None:
        lines.append(f"核实：超过 {percent(rate.ask_above, 0)} 时请核实分母")
    if rate.diagnose:
        lines.append(f"常见错误：{'、'.join(mistakes(ruleset, rate))}")
    children = [node for argument, arg in zip(method.arguments, rate.args)
                for node in item_tree(account, arg, form, instance, path, f"{argument.label} ＝ ")]
    return lines, children


def mistakes(ruleset: RuleSet, rate: Rate) -> list[str]:
    """The known mistakes a rate is looked at for: 截尾, or the label of a rate with another denominator."""
    return [ruleset.rates[name].label if name in ruleset.rates else name for name in rate.diagnose]


def _score(account: Account, key: str, figure: Figure | None, instance: int, path: Trail) -> Branches:
    ruleset = account.ruleset
    score, form = ruleset.scores[key], home_of(ruleset, key) or None
    parameters = score_parameters(score)
    others = {name: value for name, value in parameters.items() if name != "points"}
    children = [method_node(METHODS[score.method], others)]
    if readings := _readings(parameters, figure):
        children.append(Node(SEVERAL_READINGS, children=tuple(map(Node, readings))))
    if score.value:
        children += item_tree(account, score.value, form, instance, path)
    else:
        children.append(Node("由评价人直接填写"))
    return _printed_words(score), children


def _readings(parameters: dict, figure: Figure | None) -> list[str]:
    """Every reading, with what each gives where a file is given."""
    said = reading_lines(parameters)
    if not figure:
        return said
    values = [figure.value, *(value for _, value in figure.readings)]
    return [f"{words}{result_words(value)}" for words, value in zip(said, values)]


def _total(account: Account, key: str, figure: Figure | None, instance: int, path: Trail) -> Branches:
    ruleset = account.ruleset
    score, form = ruleset.scores[key], home_of(ruleset, key) or None
    lines = [*_printed_words(score), f"公式：{formula_words(ruleset, score.formula, form)}"]
    trees = (item_tree(account, ref, form, instance, path) for ref in inputs(ruleset, key))
    return lines, [node for tree in trees for node in tree]


def formula_words(ruleset: RuleSet, formula: str, form: str | None = None) -> str:
    """A formula over the labels of its operands."""
    return to_chinese(parse(formula), lambda ref: called(ruleset, ref, form))


def _printed_words(score: Score) -> list[str]:
    """What a score sheet prints of a score."""
    said = (("评价标准", score.standard), ("指标说明", score.note))
    return [*_points(score), *(f"{name}：{words}" for name, words in said if words)]


def _points(score: Score) -> list[str]:
    return [] if score.points is None else [f"分值：{plain(score.points)} 分"]


def _filed(account: Account, figure: Figure | None) -> Iterator[str]:
    """How the figure came about in the file, and what the unit typed for it."""
    if figure is None:
        return
    yield f"计算：{figure.sentence}"
    if figure.printed is not None and figure.printed.cell:
        yield f"表上填的：{account.show(figure.printed)}（{_address(figure.printed)}）"


def _place(account: Account, key: str, instance: int) -> Iterator[str]:
    place, home = placements(account.ruleset).get(key), home_of(account.ruleset, key)
    if place is None:
        yield "位置：表上没有单独的格，见“计算过程”表"
    elif not account.submission:
        yield f"位置：{_template_label(account, resolve(account.ruleset, '!'.join(place)))}"
    if home and not instance:
        yield f"每张{home.removesuffix('表')}表各算一个"


def _value(ruleset: RuleSet, figure: Figure) -> str:
    if not isinstance(figure.value, Decimal):
        return figure.value if isinstance(figure.value, str) else "算不出来"
    if figure.kind == "rate":
        return percent(figure.value, ruleset.rates[figure.key].decimals)
    return f"{number(figure.value)} 分"


# -- items -----------------------------------------------------------------------------------------


def _item(account: Account, target: Target, items: list[Item], path: Trail, lead: str) -> Node:
    """A cell, or a whole column of a table, with what is filed there where a file is given."""
    model, key, unit = target.item, target.key, account.ruleset.forms[target.form].unit
    facts = [TYPE_WORDS[model.type], *([f"单位{unit}"] if model.type == "amount" else [])]
    if target.table:
        facts.append("各行相加" if model.type in NUMERIC else "每行一个")
    elif target.vector and not items:
        facts.append("每张表一个")
    text = f"{lead}{_template_label(account, target)}（{'，'.join(facts)}）"
    if items:
        place = _address(items[0], items[-1]) + _inner(account, target)
        value = _column_words(account, items) if target.table else account.show(items[0])
        text = f"{lead}{place}（{'，'.join(facts)}）：{value}"
    if key in path:
        return Node(text)
    instance = items[0].instance if items else 0
    children = [node for part in _parts(account.ruleset, target)
                for node in item_tree(account, part, target.form, instance, (*path, key))]
    note = _own_formula(account.ruleset, target) or ("是下列各项之和" if children else "")
    return Node(text, (note,) if note else (), tuple(children))


def _parts(ruleset: RuleSet, target: Target) -> list[Ref]:
    """What a cell of a form is worked out from: a formula's operands, the rows below a parent row."""
    form, (first, _, column) = ruleset.forms[target.form], target.name.partition(".")
    if isinstance(target.item, Cell):
        return list(operands(parse(target.item.formula))) if target.item.formula else []
    row = form.all_rows().get(first)
    if target.sort != "grid" or target.item.type not in ("amount", "count"):
        return []
    if row.parts != "exact" and not row.detail:
        return []
    names = [*(child.id for child in row.rows), *([row.detail] if row.detail else [])]
    return [as_ref(f"{form.form}!{name}.{column}") for name in names]


def _own_formula(ruleset: RuleSet, target: Target) -> str:
    formula = target.item.formula if isinstance(target.item, (Cell, TableColumn)) else ""
    if not formula:
        return ""
    columns = ruleset.forms[target.form].tables[target.table].columns if target.table else {}
    labels = {name: quoted(column.label) for name, column in columns.items()}
    words = to_chinese(parse(formula), lambda ref: labels.get(ref.key) or called(ruleset, ref, target.form))
    return f"{'每行' if target.table else ''}公式：{words}"


def _score_row(account: Account, target: Target, row: str) -> Node:
    """One indicator of a score sheet, in one line."""
    ruleset, form = account.ruleset, account.ruleset.forms[target.form]
    column = target.name.rpartition(".")[2]
    line, name = form.all_rows()[row], f"{row}.{column}"
    key = line.scores.get(column, "")
    score, figure = ruleset.scores.get(key), account.figures.get((key, 0))
    facts = [*_points(score), STATUS_WORDS[score.status]] if score else []
    item = account.submission.item(form.form, name) if account.submission else None
    place = _address(item) if item else account.where(form.form, name) or sheet_words(form.form)
    text = place + quoted(tidy(line.label)) + (f"（{'，'.join(facts)}）" if facts else "")
    if item is None:
        return Node(text)
    computed = f"，按规则{result_words(figure.value)}" if figure and figure.value != item.value else ""
    return Node(f"{text}：{account.show(item)}{computed}")


def _column_words(account: Account, items: list[Item]) -> str:
    filled = [item for item in items if item.value is not None]
    if not filled:
        return f"{len(items)} 行，{sum(item.state != 'blank' for item in items)} 行已填，没有数"
    total = sum((item.value for item in filled), Decimal(0))
    return f"{len(items)} 行，{len(filled)} 行填了数，合计 {account.show(filled[0], total)}"


def _address(first: Item, last: Item | None = None) -> str:
    """Where an item was filed, or a column from its first row to its last."""
    sheet, _, address = first.cell.rpartition("!")
    end = f":{last.cell.rpartition('!')[2]}" if last and last.cell != first.cell else ""
    return f"《{sheet}》{address}{end}" if address else sheet_words(first.form)


def _sheet(account: Account, form: str, instance: int) -> str:
    """The sheet of a repeated form as the file calls it."""
    cells = (item.cell for item in account.submission.items if (item.form, item.instance) == (form, instance))
    return f"《{next(filter(None, cells), form).rpartition('!')[0]}》"


def _template_label(account: Account, target: Target) -> str:
    return (account.where(target.form, target.name) or sheet_words(target.form)) + _inner(account, target)


def _inner(account: Account, target: Target) -> str:
    return dated(account.ruleset, inner_label(account.ruleset, target))
