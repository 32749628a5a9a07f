"""`jixiao report`: the written report of a filled workbook."""

from __future__ import annotations

from pathlib import Path

import click

from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.pipeline import EXIT_CALL, EXIT_FAIL, EXIT_PASS, known_ruleset, say, write_reason
from pyfuncs.helper.self_report import write_self_report
from pyfuncs.report.naming import one_line
from pyfuncs.report.output import refuse_existing
from pyfuncs.workbook.process import process

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("report", short_help="从填好的自评表生成自评报告（Word）")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option("-o", "--output", "target", metavar="FILE", required=True,
              type=click.Path(dir_okay=False, path_type=Path), help="写到这个 .docx 文件；已经有的不覆盖")
@click.option("--template", metavar="FILE", type=FILE,
              help="用自己的 Word 模板；不写的用规则集的（规则集文件夹里的“自评报告模板.docx”优先）")
@click.option("--prior", metavar="FILE", type=FILE, help="上年填好的表，用来写与上年的对比")
@click.option("--ruleset", "ruleset_id", metavar="ID", help="用这个规则集（默认用工作簿里记的，没有记的按表样认）")
def report(source: Path, target: Path, template: Path | None, prior: Path | None, ruleset_id: str | None) -> int:
    """从填好的自评表生成自评报告。数、比率的计算过程、得分、各张表都已填好；要人写的地方用黄底的【请填写：……】标出。

    表里有必须修改的，报告照写，问题列在最前面。

    退出状态：0 已写出，1 已写出、但表里有必须修改的，2 命令写得不对，文件读不出来，或报告写不了。
    """
    if target.suffix.lower() != ".docx":
        raise WrongCall(f"-o 要写 .docx 文件，例如 自评报告.docx；现为 {target}")
    if ruleset_id is not None:
        known_ruleset(ruleset_id, [source])
    try:
        refuse_existing(target)
    except OSError as error:
        say([write_reason(error)])
        return EXIT_CALL
    filed = process(source, ruleset_id)
    done = write_self_report(filed, target, template, process(prior) if prior else None)
    if done.path is None:
        say([one_line(done.problem)])
        return EXIT_CALL
    click.echo(f"已写出：{one_line(str(target))}\n黄底的【请填写：……】要自己写；数和表都已填好。")
    if not done.must_fix:
        return EXIT_PASS
    say([f"表里有 {done.must_fix} 处必须修改，已列在报告最前面；改正以后请重新生成：",
         *(f"  {one_line(finding.line())}" for finding in filed.findings if finding.must_fix)])
    return EXIT_FAIL
