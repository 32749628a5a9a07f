"""`jixiao rulesets`: which rule sets there are, whether they are right, and what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from shutil import get_terminal_size

import click

from pyfuncs.catalog.diff import Difference, count, differences
from pyfuncs.catalog.explain import UnknownItem, explain
from pyfuncs.catalog.lint import lint_ruleset
from pyfuncs.catalog.load import is_finished, load_ruleset, ruleset_folder, ruleset_ids, ruleset_sources
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Submission
from pyfuncs.checks.named import PARAMETERS
from pyfuncs.helper.authoring_cli import finish, new
from pyfuncs.helper.chinese_click import Group, WrongCall
from pyfuncs.helper.registry_cli import export, import_
from pyfuncs.language import FormulaError
from pyfuncs.report.text_table import table, wrapped_rows
from pyfuncs.workbook.layout_form import form_sheet
from pyfuncs.workbook.names import item_name
from pyfuncs.workbook.places import Shape
from pyfuncs.workbook.read import read_submission


@click.group("rulesets", cls=Group, invoke_without_command=True)
@click.pass_context
def rulesets(ctx: click.Context) -> None:
    """查看和检查规则集（一个地区一个年度的表式、比率、评分和审核规则）；不写命令时列出全部。"""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@rulesets.command("list")
def list_() -> None:
    """列出全部规则集：内置的，和“规则集”文件夹里自己的。"""
    rows = []
    for ruleset_id in ruleset_ids():
        sources = "，".join(ruleset_sources(ruleset_id))
        try:
            ruleset = load_ruleset(ruleset_id, unfinished=True)
        except RuleSetError as error:
            rows.append((ruleset_id, "（读不出来）", "", "", sources, f"有 {len(error.problems)} 处错误，请运行 lint"))
            continue
        rows.append((ruleset.id, ruleset.name, str(len(ruleset.forms)), ruleset.hash[:8], sources,
                     _flags(ruleset)))
    click.echo(table(("编号", "名称", "表单", "校验码", "来源", "说明"), rows, right=(2,)))


def _flags(ruleset: RuleSet) -> str:
    """What keeps a rule set from being used, or from being used in full."""
    flags = {"共用部分，不能单独使用": ruleset.abstract, "部分项目，没有总分": ruleset.partial, "草稿": ruleset.draft,
             "没有定稿，请运行 finish": not ruleset.draft and not is_finished(ruleset)}
    return "；".join(words for words, holds in flags.items() if holds)


@rulesets.command(short_help="检查规则集的文件，指出文件、行号和写法")
@click.argument("ids", metavar="[编号]…", nargs=-1)
def lint(ids: tuple[str, ...]) -> int:
    """检查规则集的文件，逐条指出文件、行号和写法；不写编号时检查全部。

    草稿还缺的东西列为“待办”，不算错误。

    退出状态：0 没有错误（草稿可以有待办），1 有错误，2 命令写得不对。
    """
    chosen = ids or tuple(ruleset_ids())
    for ruleset_id in chosen:
        if not ruleset_sources(ruleset_id):
            _known(ruleset_id)
    problems = sorted({problem for ruleset_id in chosen for problem in lint_ruleset(ruleset_id, PARAMETERS)})
    for problem in problems:
        click.echo(f"{problem.mark}：待办：{problem.message}" if problem.todo else str(problem))
    todos = sum(problem.todo for problem in problems)
    wrong = len(problems) - todos
    rest = f"草稿还有 {todos} 件事要做。" if todos else ""
    click.echo((f"查出 {wrong} 处错误。" if wrong else f"检查了 {len(chosen)} 个规则集，没有错误。") + rest)
    return 1 if wrong else 0


@rulesets.command("explain")
@click.argument("ruleset_id", metavar="规则集")
@click.argument("item", metavar="名称")
@click.option("--file", "path", metavar="填好的表.xlsx", help="把这个工作簿里填的数代进去",
              type=click.Path(exists=True, dir_okay=False, path_type=Path))
def explain_(ruleset_id: str, item: str, path: Path | None) -> None:
    """说明规则集里的一个比率、得分、审核公式或项目怎样得来，从结果一直说到所填的格。

    名称可以是比率或得分的名字（资金执行率）、等级、表上的项目（基础数据!控制率）、审核公式的编号（KB-01、430400-2022-JCSJ-012）。
    """
    with _told(ruleset_id):
        ruleset = load_ruleset(ruleset_id, unfinished=True)
        filed = _filed(ruleset, path) if path else None
        click.echo(explain(ruleset, item, _template_cells(ruleset), filed))


def _template_cells(ruleset: RuleSet) -> Callable[[str, str], str]:
    """Where an item stands in an empty template: 《基础数据表》C5, for a column of a table 《整体自评表》F9:F20."""
    sheet_of = cache(lambda form: form_sheet(ruleset, ruleset.forms[form], 1, Shape()))

    def where(form: str, name: str) -> str:
        sheet = sheet_of(form)
        box = sheet.names.get(item_name(name))
        return f"《{sheet.name}》{box.address.replace('$', '')}" if box else ""

    return where


def _filed(ruleset: RuleSet, path: Path) -> Submission:
    """What was filed by this rule set. Raises WrongCall for another one's file, or one that can't be read."""
    filed = read_submission(path)
    if not filed.ruleset:                             # the workbook does not say: the call does
        filed = read_submission(path, ruleset.id)
    if filed.ruleset != ruleset.id:
        raise WrongCall(f"{path} 是按规则集 {filed.ruleset} 填的，不能用 {ruleset.id} 说明；"
                        f"请改用 jixiao rulesets explain {filed.ruleset}，或换一个文件")
    if not filed.items:
        reasons = "\n".join(trouble.message + trouble.advice for trouble in filed.troubles)
        raise WrongCall(f"{path} 读不出填报的内容。{reasons}")
    return filed


@rulesets.command("diff")
@click.argument("first", metavar="甲")
@click.argument("second", metavar="乙")
def diff(first: str, second: str) -> None:
    """列出两个规则集的不同：依据、表单和项目、比率、评分、分值、等级、审核公式；相同的不列。

    甲、乙是规则集的编号，例如 430181/2021 430400/2022。印着年份的文字按“本年”“上年”比较。
    """
    with _told(first, second):
        one, other = (load_ruleset(name, unfinished=True) for name in (first, second))
        found, counted = differences(one, other), count(one, other)
    if found:
        width = max(60, get_terminal_size((120, 24)).columns - 4)
        widths = (width * 3 // 10, width * 35 // 100, width * 35 // 100)
        rows = [(" ".join(filter(None, (each.section, each.name, each.aspect))), _side(each, each.left),
                 _side(each, each.right)) for each in found]
        head = wrapped_rows([("项目", f"{one.name}（{one.id}）", f"{other.name}（{other.id}）")], widths)
        click.echo(table(head[0], [*head[1:], *wrapped_rows(rows, widths)]))
    click.echo(f"相同 {counted.same} 项，不同 {counted.different} 项，只有甲有 {counted.only_left} 项，"
               f"只有乙有 {counted.only_right} 项。")


def _side(difference: Difference, words: str) -> str:
    return words or ("—" if difference.aspect else "（没有）")


@contextmanager
def _told(*ids: str) -> Iterator[None]:
    """Tell what is wrong with a call, or with a rule set that can't be put into words, as a wrong call."""
    for ruleset_id in ids:
        _known(ruleset_id)
    try:
        yield
    except (UnknownItem, RuleSetError) as error:
        raise WrongCall(str(error)) from None
    except (LookupError, TypeError, ArithmeticError, FormulaError):
        wrong = [ruleset_id for ruleset_id in ids
                 if not all(problem.todo for problem in lint_ruleset(ruleset_id, PARAMETERS))]
        if not wrong:
            raise
        raise WrongCall(f"规则集 {'、'.join(wrong)} 写得有错，说明不了；请先运行 jixiao rulesets lint "
                        f"{' '.join(wrong)}，照着改好") from None


def _known(ruleset_id: str) -> None:
    """Refuse a rule set that does not exist."""
    try:
        ruleset_folder(ruleset_id)
    except RuleSetError as error:
        raise WrongCall("\n".join(problem.message for problem in error.problems)) from None


for _command in (new, finish, export, import_):
    rulesets.add_command(_command)
