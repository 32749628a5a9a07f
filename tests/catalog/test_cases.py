"""The worked cases of every rule set come out, and would not if a number were another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from pyfuncs.catalog.cases import case_problems, case_submission
from pyfuncs.catalog.compile import plain
from pyfuncs.catalog.load import load_ruleset, read_cases, ruleset_ids

CASES = [(ruleset_id, case) for ruleset_id in ruleset_ids() for case in read_cases(ruleset_id)]
NAMES = [case.mark.file for _, case in CASES]


def test_every_rule_set_that_can_be_used_has_cases():
    usable = {ruleset_id for ruleset_id in ruleset_ids() if not load_ruleset(ruleset_id).abstract}
    assert usable == {ruleset_id for ruleset_id, _ in CASES}


@pytest.mark.parametrize(("ruleset_id", "case"), CASES, ids=NAMES)
def test_a_case_comes_out(ruleset_id: str, case: dict):
    assert list(case_problems(load_ruleset(ruleset_id), case)) == []


@pytest.mark.parametrize(("ruleset_id", "case"), CASES, ids=NAMES)
def test_a_case_does_not_come_out_with_another_expectation(ruleset_id: str, case: dict):
    ruleset = load_ruleset(ruleset_id)
    for path, changed in other_expectations(case):
        assert [where for where, _ in case_problems(ruleset, changed)] == [path], path


@pytest.mark.parametrize("ruleset_id", sorted({ruleset_id for ruleset_id, _ in CASES}))
def test_every_number_filled_in_matters_in_some_case(ruleset_id: str):
    """What stands over a zero, or beyond a cap, may be anything there; but then another case is about it."""
    ruleset, idle = load_ruleset(ruleset_id), {}
    for case in read_cases(ruleset_id):
        for place, changed in other_inputs(case):
            idle[place] = idle.get(place, True) and list(case_problems(ruleset, changed)) == []
    assert [place for place, idles in idle.items() if idles] == []


def test_inputs_are_filed_in_yuan_with_rows_and_groups():
    case = {"inputs": {"基础数据": {"公用经费.本年决算": "69.72", "编制数": "15"},
                       "项目": [{"资金.全年执行": ""}, {"数量指标.得分": ["6", "4"], "质量指标.得分": ["5"]}]}}
    items = case_submission(load_ruleset("430400/2022"), case).items
    filed = [(item.key, str(item.value), item.state, item.instance, item.row, item.group) for item in items]
    assert filed == [
        ("基础数据!公用经费.本年决算", "697200.00", "number", 1, 0, ""),
        ("基础数据!编制数", "15", "number", 1, 0, ""),
        ("项目!资金.全年执行", "None", "blank", 1, 0, ""),
        ("项目!指标.得分", "6", "number", 2, 1, "数量指标"),
        ("项目!指标.得分", "4", "number", 2, 2, "数量指标"),
        ("项目!指标.得分", "5", "number", 2, 3, "质量指标"),
    ]


def other_expectations(case: dict) -> Iterator[tuple[tuple, dict]]:
    """The case with one expected figure changed, and where."""
    for section in ("rates", "scores"):
        for key, expected in case.get(section, {}).items():
            changed = plain(case)
            changed[section][key] = last_changed(expected, other)
            yield (section, key), changed
    if "grade" in case:
        grades = case["grade"] if isinstance(case["grade"], list) else [case["grade"]]
        changed = [*grades[:-1], "别的"]
        yield ("grade",), {**case, "grade": changed if isinstance(case["grade"], list) else changed[0]}


def other(text: str) -> str:
    """The same figure, one unit of the last place more."""
    if not is_number(text.removesuffix("%")):        # 不适用, or an operand is missing
        return "0%"
    number, percent = text.removesuffix("%"), text.endswith("%")
    places = len(number.partition(".")[2])
    return f"{(int(number.replace('.', '')) + 1) / 10**places:.{places}f}" + "%" * percent


def other_inputs(case: dict) -> Iterator[tuple[tuple[str, str], dict]]:
    """Form and item, and the case with that number changed by a lot, in turn up and down."""
    for form, sheets in case["inputs"].items():
        for index, sheet in enumerate(sheets if isinstance(sheets, list) else [sheets]):
            for name, text in sheet.items():
                for change in (lambda number: str(float(number) * 2 + 37), lambda number: str(float(number) / 3 - 1)):
                    if not all(map(is_number, text if isinstance(text, list) else [text])):
                        continue
                    changed = plain(case)
                    place = changed["inputs"][form]
                    (place[index] if isinstance(sheets, list) else place)[name] = last_changed(text, change)
                    yield (form, name), changed


def is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()


def last_changed(text: str | list[str], change: Callable[[str], str]) -> str | list[str]:
    return [*text[:-1], change(text[-1])] if isinstance(text, list) else change(text)

