"""`jixiao rulesets new` and `finish`: a rule set of one's own, from the first draft to its use."""

from __future__ import annotations

from pathlib import Path

import click

from pyfuncs.catalog.compiled import FOLDERS, OWN
from pyfuncs.catalog.draft import finished, identity_problems, new_files
from pyfuncs.catalog.load import (built_in, load_ruleset, ruleset_folder, ruleset_ids, ruleset_sources,
                                  search_path)
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.model import RuleSet
from pyfuncs.checks.named import PARAMETERS
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.output_ruleset import replace_files
from pyfuncs.helper.pipeline import EXIT_CALL, EXIT_FAIL, EXIT_PASS, say, write_reason
from pyfuncs.report.output import refuse_existing
from pyfuncs.workbook.registry_files import Draft, store


@click.command("new", short_help="新建一套规则集（草稿）")
@click.argument("region", metavar="地区代码")
@click.argument("year", metavar="年度")
@click.option("--from", "source_id", metavar="编号", help="照着这一套来写，例如 430400/2022；不写时从一张小表开始")
@click.option("--to", "folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
              default=FOLDERS[1],
              help=f"写到这个文件夹里的 地区代码/年度，不写时写到程序旁边（或当前文件夹里）的“{OWN}”；已经有的不覆盖")
@click.option("--name", metavar="名称", help="规则集的名称，例如 \"长沙市 2023 年度\"")
def new(region: str, year: str, source_id: str | None, folder: Path, name: str | None) -> int:
    """新建一套规则集的草稿，例如 jixiao rulesets new 430100 2023 --from 430400/2022。

    --from 把那一套自己的文件照抄一份，注释也在内，只换编号、名称、地区和年度；依据、案例和编号不抄，状态都改成“推定”。
    那一套是共用部分的，新的一套继承它。
    """
    ruleset_id = f"{region}/{year}"
    if problems := identity_problems(region, year, name):
        raise WrongCall("\n".join(problems))
    if sources := ruleset_sources(ruleset_id):
        raise WrongCall(f"规则集 {ruleset_id} 已经有了（{'，'.join(sources)}），没有覆盖；请换一个地区或年度")
    source = _loaded(source_id) if source_id else None
    target = folder / ruleset_id
    try:
        refuse_existing(target)
        refuse_existing(target.with_suffix(".json"))
        store(Draft(ruleset_id, new_files(ruleset_id, source, name, _region_name(region))), folder)
    except RuleSetError as error:
        raise WrongCall(str(error)) from None
    except OSError as error:
        say([write_reason(error)])
        return EXIT_CALL
    click.echo(f"已写出草稿：{target}")
    click.echo(_next_steps(ruleset_id, target, source))
    if folder.resolve() not in [place.resolve() for place in search_path()]:
        say([f"注意：程序只读 {'、'.join(map(str, search_path()[1:]))} 里的规则集；请把 {folder} 里的内容移到那里再用。"])
    return EXIT_PASS


@click.command("finish", short_help="定稿：检查、编号，之后可以使用")
@click.argument("ruleset_id", metavar="规则集")
def finish(ruleset_id: str) -> int:
    """把自己的一套规则集定稿：检查全部内容，给审核项目编号，生成单元格函数用的文件，去掉 draft: true。

    以后每次修改都要再定稿一次；已有的编号不变，新的加在后面。编号记在 codes.yaml 里，请不要手改，也不要删。

    退出状态：0 已定稿，1 还缺东西（逐条列出，什么也没有写），2 命令写得不对或文件写不了。
    """
    try:
        folder = ruleset_folder(ruleset_id)
    except RuleSetError as error:
        raise WrongCall("\n".join(problem.message for problem in error.problems)) from None
    if built_in(folder):
        raise WrongCall(f"规则集 {ruleset_id} 是内置的，不用定稿；请写自己的规则集的编号")
    try:
        changed = replace_files(finished(ruleset_id, PARAMETERS))
        ruleset = load_ruleset(ruleset_id)
    except RuleSetError as error:
        click.echo(f"规则集 {ruleset_id} 还不能定稿，还要：")
        click.echo("\n".join(f"  {number}. {problem}" for number, problem in enumerate(error.problems, 1)))
        return EXIT_FAIL
    except OSError as error:
        say([write_reason(error)])
        return EXIT_CALL
    say(f"已写出：{path}" for path in changed)
    click.echo(f"规则集 {ruleset_id} 已定稿（校验码 {ruleset.hash[:8]}）。")
    if not ruleset.abstract:
        click.echo(f"生成空白表：jixiao template {ruleset_id} -o 空白表")
    return EXIT_PASS


def _loaded(ruleset_id: str) -> RuleSet:
    """The rule set to start from, a draft as well. Raises WrongCall."""
    try:
        return load_ruleset(ruleset_id, unfinished=True)
    except RuleSetError as error:
        reason = "\n".join(problem.message if problem.mark.file == ruleset_id else str(problem)
                           for problem in error.problems)
        raise WrongCall(f"--from 的规则集不能用：{reason}") from None


def _region_name(region: str) -> str:
    """What other rule sets of the region call it, "" when there are none."""
    for ruleset_id in ruleset_ids():
        if ruleset_id.startswith(f"{region}/"):
            try:
                return load_ruleset(ruleset_id, unfinished=True).region_name
            except RuleSetError:
                continue
    return ""


def _next_steps(ruleset_id: str, target: Path, source: RuleSet | None) -> str:
    steps = [f"用记事本打开 {target / 'ruleset.yaml'}，写上依据 basis（文号、标题、发布机关、日期、页码）、名称和地区名称。"]
    if source is not None and source.abstract:
        steps.append(f"在 {target / 'forms'} 里补上本地的表单，写 rates.yaml、scoring.yaml、checks.yaml；"
                     f"上级 {source.id} 有而本地没有的，写进 remove。")
    else:
        steps.append("对照依据逐项核对 forms 文件夹里的表单、rates.yaml、scoring.yaml、checks.yaml；核对过的把 status 改成 "
                     "verified（有文件依据）或 observed（见于已填表格）。")
    if source is not None and source.extends and not source.abstract:
        steps.append(f"它继承 {source.extends}：没有抄来的部分以那一套为准，也要核对；不适用的写进 remove。")
    steps += [f"在 {target / 'cases'} 里写一个案例：一家单位填的数，和手算的比率、得分。",
              f"随时运行 jixiao rulesets lint {ruleset_id}，照着改，直到没有错误。",
              f"运行 jixiao rulesets finish {ruleset_id} 定稿；之后才能生成模板、审核和汇总。"]
    return "\n".join(["接下来：", *(f"  {number}. {step}" for number, step in enumerate(steps, 1))])
