"""`jixiao explain-finding`: what a unit says of a finding, or an exception somebody approved, into the record."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path

import click

from pyfuncs.checks.finding import GROUP_WORDS
from pyfuncs.consolidate.filed import same_name
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.pipeline import EXIT_CALL, EXIT_PASS, now, say, user_name
from pyfuncs.helper.project import Project, ProjectError, Recorded, RemarkKind
from pyfuncs.report.naming import clean_text, one_line
from pyfuncs.report.text_table import shorten

LONGEST_REASON, SHORTEST_PREFIX = 1000, 4
_SHOWN = 8
_DONE = {
    "explained": "已记下说明。下次审核时显示为“已说明”，不再列入请核实；数改了会请您重新说明。",
    "approved": "已记下批准的例外。下次审核时显示为“已批准例外”，不再要求修改；数改了会重新要求。",
    "withdrawn": "已撤回。下次审核时照常列出；原来的记录还在。",
}


@click.command("explain-finding", short_help="给一条审核意见写说明，或登记批准的例外")
@click.argument("fingerprint", metavar="FINGERPRINT")
@click.option("--project", "folder", metavar="DIR", required=True, type=click.Path(file_okay=False, path_type=Path),
              help="审核时用的项目文件夹")
@click.option("--reason", metavar="TEXT", required=True, help="说明的话，或批准、撤回的原因")
@click.option("--unit", metavar="NAME", help="哪个单位；几个单位有同一条意见时要写")
@click.option("--by", "who", metavar="NAME", help="谁写的；不写时用电脑的用户名，登记例外时必须写")
@click.option("--approve", is_flag=True, help="登记批准的例外，必须修改的也可以")
@click.option("--withdraw", is_flag=True, help="撤回以前的说明或例外")
def explain_finding(fingerprint: str, folder: Path, reason: str, unit: str | None, who: str | None, approve: bool,
                    withdraw: bool) -> int:
    """给一条审核意见写说明。FINGERPRINT 是审核报告里的识别码，可以只写前几位。

    退出状态：0 已记下，2 命令写得不对，或记录读写不了。
    """
    kind = _kind(approve, withdraw)
    said, by = _said(reason, "--reason", LONGEST_REASON), _said(who, "--by", 60) if who is not None else user_name()
    if kind == "approved" and who is None:
        raise WrongCall("登记批准的例外要写明是谁批准的，例如 --by 张三")
    try:
        project = Project(folder, create=False)
        finding = _chosen(project, fingerprint, unit)
        if kind == "explained" and finding.severity == "error":
            raise WrongCall(f"这一条是必须修改的，写说明不够：{_line(finding)}\n请改表；确实经批准的例外，加上 --approve --by 批准人")
        project.add_remark(finding, kind, by, now(), said)
    except ProjectError as error:
        say([str(error)])
        return EXIT_CALL
    click.echo(f"{_line(finding)}\n{_DONE[kind]}")
    return EXIT_PASS


def _kind(approve: bool, withdraw: bool) -> RemarkKind:
    if approve and withdraw:
        raise WrongCall("--approve 和 --withdraw 只能写一个")
    return "approved" if approve else "withdrawn" if withdraw else "explained"


def _said(text: str, option: str, longest: int) -> str:
    """What was written, without what no report could show."""
    cleaned = clean_text(text).strip()
    if not cleaned:
        raise WrongCall(f"选项 {option} 后面是空的，请写明")
    if len(cleaned) > longest:
        raise WrongCall(f"选项 {option} 后面写了 {len(cleaned)} 个字，最多 {longest} 个字，请写短一些")
    return cleaned


def _chosen(project: Project, given: str, unit: str | None) -> Recorded:
    """The one finding that is meant. Raises WrongCall with what to write instead."""
    prefix = given.strip().lower()
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST_PREFIX},16}}", prefix):
        raise WrongCall(f"“{one_line(given)}”不是识别码；识别码是 16 位的数字和字母 a 到 f，在审核报告的“识别码”一列，"
                        f"至少写前 {SHORTEST_PREFIX} 位")
    current = project.current()
    found = [one for one in current if one.fingerprint.startswith(prefix)
             and (unit is None or one.key.unit == same_name(unit))]
    chosen = {(one.key, one.fingerprint): one for one in found}
    if len(chosen) == 1:
        return found[0]
    if found:
        raise WrongCall(f"有 {len(chosen)} 条意见的识别码以 {prefix} 开头，请写全，或用 --unit 写明单位：\n{_listed(chosen.values())}")
    raise WrongCall(_not_found(project, current, prefix, unit))


def _not_found(project: Project, current: list[Recorded], prefix: str, unit: str | None) -> str:
    others = [one for one in current if one.fingerprint.startswith(prefix)]
    if others:
        units = "、".join(dict.fromkeys(one_line(one.unit) for one in others))
        return f"“{one_line(unit or '')}”没有识别码以 {prefix} 开头的意见；有的是：{units}"
    if gone := project.earlier(prefix):
        return f"这条意见在 {gone[-1].at} 审核时还有，最近一次已经没有了，不用说明：{_line(gone[-1])}"
    near = difflib.get_close_matches(prefix, [one.fingerprint for one in current], n=3, cutoff=0.8)
    hint = f"；是不是 {'、'.join(dict.fromkeys(near))}？" if near else "；请照审核报告的“识别码”一列抄写，或重新审核一次"
    return f"记录里没有识别码以 {prefix} 开头的意见{hint}"


def _listed(findings: Iterable[Recorded]) -> str:
    lines = [f"  {_line(one)}" for one in findings]
    return "\n".join([*lines[:_SHOWN], *([f"  ……还有 {len(lines) - _SHOWN} 条"] if len(lines) > _SHOWN else [])])


def _line(one: Recorded) -> str:
    words = f"{one.unit}：{one.rule_id}〔{GROUP_WORDS[one.severity]}〕{one.message}"
    return shorten(f"{one.fingerprint} {one_line(words)}", 160)
