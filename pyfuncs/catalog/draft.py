"""A rule set on its way: made as a draft, refused until nothing is missing, finished."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyfuncs.catalog.codes import assign, derived_keys
from pyfuncs.catalog.compile import compile_ruleset
from pyfuncs.catalog.draft_text import all_assumed, quoted, with_keys
from pyfuncs.catalog.lint import lint_ruleset
from pyfuncs.catalog.lint_rules import NamedChecks
from pyfuncs.catalog.load import build, load_raw, own_texts, ruleset_folder
from pyfuncs.catalog.marks import Mark, Problem, RuleSetError
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.skeleton import BASIS, case_text, child, whole

CODES_HEADING = "# 由 jixiao rulesets finish 生成。编号终身不变：只在末尾增加，不改、不删、不再用。\n"
COPIED = """\
# 从规则集 {source} 复制。状态（status）都改成了 assumed（推定）：别处的依据不是本规则集的依据。
# 逐项与文件核对后，有文件的改成 verified，见于已填表格的改成 observed，并把 source 改成自己的出处。
"""


def identity_problems(region: str, year: str, name: str | None) -> list[str]:
    """What is wrong with the region, the year and the name of a new rule set."""
    found = []
    if not re.fullmatch(r"[0-9]{6}", region):
        found.append(f"地区应是六位行政区划代码，现为“{region}”，例如 430400")
    if not re.fullmatch(r"[0-9]{4}", year):
        found.append(f"年度应是四位数字，现为“{year}”，例如 2023")
    if name is not None and not (name.strip() and name.isprintable()):
        found.append("--name 应是一个名称，不含换行和控制字符，例如 衡阳市 2023 年度")
    return found


def new_files(ruleset_id: str, source: RuleSet | None, name: str | None, region_name: str) -> dict[str, str]:
    """Name and text of every file of a new draft: a small whole one, or one made after `source`.

    Of an abstract source a rule set is made that extends it. Of any other its own files are copied with their
    comments, less what is the source's alone: its basis, cases, codes and statuses.
    """
    region, _, year = ruleset_id.partition("/")
    title = quoted(name or f"{region_name or region} {year} 年度")
    if source is None:
        return whole(ruleset_id, title, quoted(region_name))
    if source.abstract:
        return child(ruleset_id, title, quoted(region_name), source)
    files = {}
    for path, text in own_texts(source.id).items():
        if path == "ruleset.yaml":
            head = {"id": ruleset_id, "name": title, "region": f'"{region}"',
                    "region_name": quoted(region_name), "year": f'"{year}"', "edition": '"1"', "basis": BASIS,
                    "draft": f"true   # 草稿；定稿时由 jixiao rulesets finish {ruleset_id} 去掉"}
            files[path] = with_keys(text, f"{source.id}/{path}", head)
        elif not path.startswith("cases/"):
            changed = all_assumed(text, f"{source.id}/{path}")
            heading = COPIED.format(source=source.id) if "status: assumed" in changed else ""
            files[path] = heading + changed.removeprefix("\ufeff")
    return {**files, "cases/样例.yaml": case_text(source)}


def missing(ruleset_id: str, named: NamedChecks | None = None) -> list[Problem]:
    """What a draft still lacks before it can be finished: its to-dos, and its mistakes as one more."""
    problems = lint_ruleset(ruleset_id, named)
    wrong = [problem for problem in problems if not problem.todo]
    found = [problem for problem in problems if problem.todo]
    if wrong:
        found.append(Problem(wrong[0].mark, f"请改正查出的 {len(wrong)} 处错误，第一处：{wrong[0].message}"
                                            f"（全部见 jixiao rulesets lint {ruleset_id}）"))
    return found


def refusal(ruleset_id: str) -> Problem:
    """Why a draft can't be used, with all there is to do."""
    steps = [*(problem.message for problem in missing(ruleset_id)),
             f"运行 jixiao rulesets finish {ruleset_id} 定稿，程序会去掉 draft: true"]
    numbered = "；".join(f"（{number}）{step}" for number, step in enumerate(steps, 1))
    return Problem(Mark(f"{ruleset_id}/ruleset.yaml", 1),
                   f"规则集 {ruleset_id} 还是草稿，不能用来生成模板、审核或汇总。还要：{numbered}")


def finished(ruleset_id: str, named: NamedChecks | None = None) -> dict[Path, str]:
    """Path and text of what finishing a rule set writes: codes, compiled file, its head without `draft`.

    It may be done again after every change; numbers stay. Raises RuleSetError with all that is missing.
    """
    if lacking := missing(ruleset_id, named):
        raise RuleSetError(lacking)
    folder, raw, files = ruleset_folder(ruleset_id), load_raw(ruleset_id), {}
    draft = raw.pop("draft", None) == "true"
    ruleset = build(raw)
    if not ruleset.abstract:
        codes = assign(ruleset.codes, derived_keys(ruleset))
        files[folder / "codes.yaml"] = codes_text(codes)
        files[folder.with_suffix(".json")] = json_text(compile_ruleset(ruleset, codes))
    if draft:                                         # last: until then it stays a draft
        head = own_texts(ruleset_id)["ruleset.yaml"]
        files[folder / "ruleset.yaml"] = with_keys(head, f"{ruleset_id}/ruleset.yaml", {"draft": None})
    return files


def codes_text(codes: Mapping[str, str], heading: str = CODES_HEADING) -> str:
    """codes.yaml as it is written, in the order of the numbers' birth."""
    return heading + "".join(f'{key}: "{number}"\n' for key, number in codes.items())


def json_text(compiled: Mapping[str, Any]) -> str:
    """The compiled file as it is written."""
    return json.dumps(compiled, ensure_ascii=False, indent=1) + "\n"
