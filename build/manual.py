"""Regenerate the generated pages of the manual: functions, checks, one page for each rule set.

    python build/manual.py            write
    python build/manual.py --check    write nothing, exit 1 when something differs
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from pyfuncs.catalog.codes import KINDS, code, derived_keys
from pyfuncs.catalog.fields import SEVERITY_WORDS, STATUS_WORDS
from pyfuncs.catalog.load import load_ruleset, ruleset_ids
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.words import plain, tidy
from pyfuncs.methods import METHODS
from pyfuncs.udfs import FUNCTIONS

DOCS = Path(__file__).resolve().parent.parent / "docs"
NOTE = "<!-- 由 build/manual.py 生成，请不要手改 -->\n\n"


def pages() -> dict[Path, str]:
    """Path and text of every generated page."""
    found = {DOCS / "functions.md": functions_page(), DOCS / "checks.md": checks_page()}
    for ruleset_id in ruleset_ids():
        ruleset = load_ruleset(ruleset_id)
        if not ruleset.abstract:
            found[DOCS / "rulesets" / f"{ruleset.prefix}.md"] = "\n".join(ruleset_page(ruleset)) + "\n"
    return found


def functions_page() -> str:
    parts = ["# 函数手册\n", NOTE + "加载项装好后，这些函数可以在单元格里直接使用，分类为“绩效自评”。"
             "出错时单元格显示错误值，原因写在日志里；不会显示 0 或一段英文。\n"]
    for function in FUNCTIONS.values():
        parts.append(f"## {function.name}\n\n{function.help}\n\n`={function.name}({', '.join(function.arguments)})`\n")
        if function.arguments:
            parts.append(table(("参数", "说明"), function.arguments.items()))
    parts.append("## 比率与评分方法\n\n规则集里的每个比率、每个得分都用下面的一种方法。\n")
    parts.append(table(("方法", "算什么", "用在单元格里"), ((name, method.help, method.function) for name, method in METHODS.items())))
    return "\n".join(parts)


def checks_page() -> str:
    rows = ((kind, words) for kind, words in KINDS.items())
    return ("# 审核项目说明\n\n" + NOTE + "下面几类审核由表样、比率和评分规则自动产生，每个规则集都有；"
            "各规则集另有的审核公式见[规则集](rulesets/)各页。\n\n" + table(("类别", "核对什么"), rows))


def ruleset_page(ruleset: RuleSet) -> Iterator[str]:
    yield f"# {ruleset.name}（{ruleset.id}）\n\n{NOTE}## 依据\n"
    for basis in ruleset.basis:
        yield f"- {basis.title}{'，' + basis.number if basis.number else ''}{'，' + basis.issuer if basis.issuer else ''}。{basis.note}"
    yield "\n## 表单\n"
    yield table(("表单", "标题", "计量单位", "张数"), (
        (form.form, form.title.replace("{year}", ruleset.year), form.unit, "一个项目一张" if form.instances == "many" else "一张")
        for form in ruleset.forms.values()))
    yield "## 比率\n"
    yield table(("比率", "表上的名字", "方法", "所用的数", "状态", "来源"), (
        (key, rate.label, rate.method, "、".join(rate.args), STATUS_WORDS[rate.status], rate.source)
        for key, rate in ruleset.rates.items()))
    yield "## 得分\n"
    yield table(("得分", "分值", "算法", "状态", "来源"), (
        (key, plain(score.points) if score.points is not None else "", score.formula or f"{score.method}（{score.value}）",
         STATUS_WORDS[score.status], score.source) for key, score in ruleset.scores.items()))
    yield "## 等级\n"
    bands = list(ruleset.grades.items())
    uppers = ["100（含）", *(f"{plain(low)}（不含）" for _, low in bands)]
    yield table(("等级", "总分"), ((name, f"{plain(low)}（含）至 {upper}") for (name, low), upper in zip(bands, uppers)))
    yield f"{ruleset.grade_source}。总分不先取整。\n\n## 审核公式\n"
    yield table(("编号", "级别", "核对什么", "怎么办"), (
        (code(ruleset, check.id), SEVERITY_WORDS[check.severity], check.formula or f"{check.message}（{check.named}）", check.advice)
        for check in ruleset.checks.values()))
    yield "## 自动产生的审核项目\n"
    yield table(("编号", "核对什么", "对象"), (
        (code(ruleset, key), KINDS[key.partition(":")[0]], tidy(key.partition(":")[2])) for _, key in derived_keys(ruleset)))


def table(head: tuple[str, ...], rows) -> str:
    """A Markdown table; bars inside a cell would end it."""
    def line(cells) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return "\n".join([line(head), line(["---"] * len(head)), *(line(row) for row in rows)]) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="重新生成手册中由程序生成的各页")
    parser.add_argument("--check", action="store_true", help="只核对，不写；有出入时退出状态为 1")
    check, changed = parser.parse_args().check, 0
    for path, text in pages().items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        changed += 1
        if check:
            print(f"需要重新生成：{path.name}")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
            print(f"已写入 docs/{path.relative_to(DOCS).as_posix()}")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
