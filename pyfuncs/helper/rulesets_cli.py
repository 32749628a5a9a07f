"""`jixiao rulesets`: which rule sets there are, whether they are right, and what is in them."""

from __future__ import annotations

import click

from pyfuncs.catalog.explain import UnknownItem, explain
from pyfuncs.catalog.lint import lint_ruleset
from pyfuncs.catalog.load import load_ruleset, ruleset_folder, ruleset_ids
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.checks.named import PARAMETERS
from pyfuncs.helper.chinese_click import Group, WrongCall
from pyfuncs.report.text_table import table


@click.group("rulesets", cls=Group, invoke_without_command=True)
@click.pass_context
def rulesets(ctx: click.Context) -> None:
    """查看和检查规则集（一个地区一个年度的表式、比率、评分和审核规则）；不写命令时列出全部。"""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@rulesets.command("list")
def list_() -> None:
    """列出全部规则集。"""
    rows = []
    for ruleset_id in ruleset_ids():
        try:
            ruleset = load_ruleset(ruleset_id)
        except RuleSetError as error:
            rows.append((ruleset_id, "（读不出来）", "", "", f"有 {len(error.problems)} 处错误，请运行 lint"))
            continue
        kind = "共用部分，不能单独使用" if ruleset.abstract else ""
        rows.append((ruleset.id, ruleset.name, str(len(ruleset.forms)), ruleset.hash[:8], kind))
    click.echo(table(("编号", "名称", "表单", "校验码", "说明"), rows, right=(2,)))


@rulesets.command()
@click.argument("ids", metavar="[编号]…", nargs=-1)
def lint(ids: tuple[str, ...]) -> int:
    """检查规则集的文件，逐条指出文件、行号和写法；不写编号时检查全部。"""
    chosen = ids or tuple(ruleset_ids())
    for ruleset_id in chosen:
        _known(ruleset_id)
    problems = sorted({problem for ruleset_id in chosen for problem in lint_ruleset(ruleset_id, PARAMETERS)})
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"查出 {len(problems)} 处错误。" if problems else f"检查了 {len(chosen)} 个规则集，没有错误。")
    return 1 if problems else 0


@rulesets.command("explain")
@click.argument("ruleset_id", metavar="规则集")
@click.argument("item", metavar="名称")
def explain_(ruleset_id: str, item: str) -> None:
    """说明规则集里的一个比率、得分、审核公式或项目。

    名称可以是比率或得分的名字（资金执行率）、表上的项目（基础数据!控制率）、审核公式的编号（KB-01、430400-2022-JCSJ-012）。
    """
    _known(ruleset_id)
    try:
        click.echo(explain(load_ruleset(ruleset_id), item))
    except (UnknownItem, RuleSetError) as error:
        raise WrongCall(str(error)) from None


def _known(ruleset_id: str) -> None:
    """Refuse a rule set that does not exist."""
    try:
        ruleset_folder(ruleset_id)
    except RuleSetError as error:
        raise WrongCall("\n".join(problem.message for problem in error.problems)) from None
