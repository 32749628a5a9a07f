"""`jixiao rulesets export` and `import`: a rule set as a workbook that is edited without knowing YAML."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import click

from pyfuncs.catalog.compiled import FOLDERS, OWN
from pyfuncs.catalog.load import ruleset_folder, ruleset_sources
from pyfuncs.catalog.marks import MarkedDict, Problem, RuleSetError
from pyfuncs.catalog.registry import from_lines, in_order, to_rows
from pyfuncs.catalog.registry_diff import changes
from pyfuncs.catalog.registry_lint import lint_root
from pyfuncs.catalog.registry_shapes import put
from pyfuncs.checks.named import PARAMETERS
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.pipeline import EXIT_CALL, EXIT_FAIL, EXIT_PASS, say, write_reason
from pyfuncs.report.output import write_new
from pyfuncs.workbook.registry_files import Draft, draft_of, looked_at, read_root, store
from pyfuncs.workbook.registry_read import read_registry
from pyfuncs.workbook.registry_write import write_registry
from pyfuncs.workbook.safe_zip import Unreadable

REGISTRY = "规则登记表.xlsx"
REVIEW = "待核对"                                      # beside a rule set that was there already
MOST_SHOWN = 200


@click.command("export", short_help="把规则集写成登记表（Excel），不懂 YAML 也能改")
@click.argument("ruleset_id", metavar="规则集")
@click.option("-o", "--output", "target", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              default=REGISTRY, show_default=True, help="写到这个 .xlsx 文件；已经有的不覆盖")
def export(ruleset_id: str, target: Path) -> int:
    """把规则集写成一本登记表（Excel 工作簿），改好以后用 import 读回来。

    登记表只含这个规则集自己写的内容，不含从上级继承的；YAML 文件里的注释也不在内。
    """
    if target.suffix.lower() != ".xlsx":
        raise WrongCall(f"-o 要写 .xlsx 文件，例如 {REGISTRY}；现为 {target}")
    workbook = io.BytesIO()
    try:
        write_registry(workbook, read_root(ruleset_folder(ruleset_id)))
        write_new(target, workbook.getvalue())
    except RuleSetError as error:
        raise WrongCall("\n".join(problem.message if problem.mark.file == ruleset_id else str(problem)
                                  for problem in error.problems)) from None
    except OSError as error:
        say([write_reason(error)])
        return EXIT_CALL
    click.echo(f"已写出：{target}")
    say([f"先看其中的《说明》；改好以后运行 jixiao rulesets import {target}"])
    return EXIT_PASS


@click.command("import", short_help="把改好的登记表读成规则集（草稿）")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option("-o", "--output", "folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
              default=FOLDERS[1],
              help=f"写到这个文件夹里的 区划代码/年度，不写时写到程序旁边（或当前文件夹里）的“{OWN}”；已经有的不覆盖")
@click.option("--onto", is_flag=True,
              help=f"与现有的同一规则集比较，列出会改动什么；新的写到 DIR/{REVIEW}，原来的不动")
@click.option("--check", is_flag=True, help="只检查登记表，不写文件")
def import_(source: Path, folder: Path, onto: bool, check: bool) -> int:
    """把改好的登记表读成一套草稿规则集（YAML 文件），并检查它。

    写错的地方按登记表的工作表和单元格指出。登记表有错时不写文件。

    退出状态：0 没有错误（草稿可以有待办），1 有要改的错误，2 命令写得不对、文件读不出来或写不了。
    """
    try:
        reading = read_registry(source)
    except Unreadable as error:
        say([f"{error.trouble.message}{error.trouble.advice}"])
        return EXIT_CALL
    root, problems = from_lines(reading.lines, frozenset(reading.broken))
    problems = [*reading.problems, *problems]
    say(f"提示：{note}" for note in reading.notes)
    try:
        draft = draft_of(_as_draft(root))
    except RuleSetError as error:
        told = {problem.mark for problem in problems}
        problems += [problem for problem in error.problems if problem.mark not in told]
    if problems:
        return _refused(problems)
    target, sources = folder / draft.id, "，".join(ruleset_sources(draft.id))
    if target.exists() and not (onto or check):
        raise WrongCall(f"{target} 已经存在，没有覆盖；要与它比较请加 --onto，要重写请先把它移走")
    if sources and not (onto or check):
        return _refused([Problem(root.marks["id"], f"规则集 {draft.id} 已经有了（{sources}）；请换一个编号，"
                                 "连同区划代码和年度；要与它比较请加 --onto")])
    try:
        if onto:
            known = _known(target)
            if not _compared(known, root):
                return EXIT_PASS
            folder = _free(folder, draft.id)
        if not check:
            target = store(draft, folder)
            click.echo(f"已写出草稿：{target}（{len(draft.texts)} 个文件）")
    except OSError as error:
        say([write_reason(error)])
        return EXIT_CALL
    return _looked_over(draft, target, onto, check)


def _as_draft(root: MarkedDict) -> MarkedDict:
    """What comes out of a workbook is a draft until it is finished."""
    draft = MarkedDict(root.mark)
    for key, value in root.items():
        put(draft, key, value, root.marks[key])
    put(draft, "draft", "true", root.marks.get("draft", root.marks.get("id", root.mark)))
    return draft


def _known(target: Path) -> Path:
    """The folder of the rule set there is: the one that would be written, else one found by its id."""
    try:
        return target if target.exists() else ruleset_folder(f"{target.parent.name}/{target.name}")
    except RuleSetError as error:
        raise WrongCall("\n".join(f"没有可以比较的：{one.message}" for one in error.problems)) from None


def _compared(known: Path, root: MarkedDict) -> bool:
    """Tell what would change in a rule set; whether anything would."""
    try:
        old = read_root(known)
    except RuleSetError as error:
        raise WrongCall("\n".join(f"要比较的规则集读不出来：{one}" for one in error.problems)) from None
    before, after = ({key: value for key, value in one.items() if key != "draft"} for one in (old, root))
    lines = changes(to_rows(before), to_rows(after))
    click.echo(f"与 {known} 比较：" + (f"{len(lines)} 处不同。" if lines else "没有不同。"))
    _show(lines)
    return bool(lines)


def _free(folder: Path, ruleset_id: str) -> Path:
    """A folder beside the rule sets that has none of this id yet; nothing looks for rule sets in it."""
    place, number = folder / REVIEW, 1
    while (place / ruleset_id).exists():
        number += 1
        place = folder / f"{REVIEW} ({number})"
    return place


def _looked_over(draft: Draft, target: Path, onto: bool, check: bool) -> int:
    """Lint, each problem at the cell its line came from; then what to do next."""
    found = looked_at(draft, lambda made: lint_root(read_root(made), PARAMETERS))
    problems = in_order(map(draft.at_cell, found))
    _show(f"{problem.mark}：待办：{problem.message}" if problem.todo else str(problem) for problem in problems)
    wrong = sum(not problem.todo for problem in problems)
    if wrong:
        click.echo(f"规则集里有 {wrong} 处要改。请在登记表里改好，用 --check 再查，没有错误以后"
                   + ("去掉 --check 导入。" if check else f"移走 {target}，重新导入。"))
        return EXIT_FAIL
    if check:
        click.echo("登记表没有错误；去掉 --check 就写出规则集。")
    elif onto:
        say([f"规则没有错误。核对以后，用 {target} 里的文件替换原来的。"])
    else:
        say([f"规则没有错误，现在是草稿：写好依据和案例以后，运行 jixiao rulesets finish {draft.id} 定稿。"])
    return EXIT_PASS


def _refused(problems: list[Problem]) -> int:
    problems = in_order(problems)
    _show(map(str, problems))
    click.echo(f"登记表里有 {len(problems)} 处错误，没有写出规则集；请改好后再导入。")
    return EXIT_FAIL


def _show(lines: Iterable[str]) -> None:
    shown = list(lines)
    for line in shown[:MOST_SHOWN]:
        click.echo(line)
    if len(shown) > MOST_SHOWN:
        click.echo(f"……还有 {len(shown) - MOST_SHOWN} 处，没有列出")
