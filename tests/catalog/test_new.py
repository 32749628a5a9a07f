"""Drafts: their texts, what they still lack, and what finishing them writes."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pyfuncs.catalog import compiled, load
from pyfuncs.catalog.codes import derived_keys
from pyfuncs.catalog.draft import finished, identity_problems, missing, new_files
from pyfuncs.catalog.draft_text import all_assumed, quoted, with_keys
from pyfuncs.catalog.lint import lint_ruleset
from pyfuncs.catalog.load import load_ruleset, own_texts, ruleset_ids
from pyfuncs.catalog.marks import RuleSetError, load_marked

BUILT_IN = ruleset_ids([compiled.FOLDERS[0]])
USABLE = [ruleset_id for ruleset_id in BUILT_IN if not load_ruleset(ruleset_id).abstract]
NEW = "439900/2031"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder 规则集/ in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(load, "FOLDERS", (compiled.FOLDERS[0], Path("规则集")))
    monkeypatch.setattr(compiled, "FOLDERS", load.FOLDERS)
    return tmp_path / "规则集"


def put(own: Path, files: dict[str, str], ruleset_id: str = NEW) -> Path:
    for name, text in files.items():
        path = own / ruleset_id / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return own / ruleset_id


def store(files: dict[Path, str]) -> None:
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def complete(folder: Path) -> None:
    """Write into the small whole draft what it lacks."""
    replace(folder / "ruleset.yaml", 'region_name: ""', "region_name: 某市")
    replace(folder / "ruleset.yaml", "basis: []  ", "basis:\n- title: 某通知\n#")
    for old, new in [('预算数: ""', '预算数: "10"'), ('执行数: ""', '执行数: "9"'),
                     ("# rates:\n#   预算执行率: 00.00%", "rates:\n  预算执行率: 90.00%")]:
        replace(folder / "cases/样例.yaml", old, new)


# -- texts -----------------------------------------------------------------------------------------


TEXT = """\
# 头一行
id: 1/2   # 编号
name: "旧的: 名"  # 名称
basis:
# 依据
- title: 甲
  note: >
    长的
    说明

- {title: 乙}   # 末一份
# 基础之后
say: |
  一行
  又一行

edition: "1"
empty:   # 没有写
list:
- 甲:
-
# 列表之后
last: [a,
  b]
"""


@pytest.mark.parametrize(("values", "changes"), [
    ({"name": quoted("新: 名")}, [('"旧的: 名"', '"新: 名"')]),
    ({"id": "3/4", "edition": '"2"'}, [("id: 1/2", "id: 3/4"), ('"1"', '"2"')]),
    ({"basis": "[]"}, [("basis:\n# 依据\n- title: 甲\n  note: >\n    长的\n    说明\n\n- {title: 乙}", "basis: []")]),
    ({"basis": None}, [("basis:\n# 依据\n- title: 甲\n  note: >\n    长的\n    说明\n\n- {title: 乙}   # 末一份\n", "")]),
    ({"last": None}, [("last: [a,\n  b]\n", "")]), ({"empty": "x"}, [("empty:   #", "empty: x   #")]),
    ({"say": "x"}, [("say: |\n  一行\n  又一行\n", "say: x\n")]),
    ({"empty": None}, [("empty:   # 没有写\n", "")]), ({"list": None}, [("list:\n- 甲:\n-\n", "")]),
    ({"draft": "true", "year": '"2023"'}, [("# 编号\n", '# 编号\ndraft: true\nyear: "2023"\n')]),
    ({"draft": None}, []),
])
def test_a_key_is_changed_and_all_else_stays_to_the_letter(values: dict, changes: list):
    expected = TEXT
    for old, new in changes:
        assert expected.count(old) == 1
        expected = expected.replace(old, new)
    assert with_keys(TEXT, "a.yaml", values) == expected
    load_marked(expected, "a.yaml")


def test_keys_in_one_line_are_told():
    with pytest.raises(RuleSetError) as error:
        with_keys("{id: 1/2}", "a.yaml", {"draft": None})
    assert str(error.value) == "a.yaml 第 1 行：第一层应一行写一个键，例如 id: 430400/2022；请改写后再试"


@pytest.mark.parametrize("ruleset_id", BUILT_IN)
def test_to_make_a_draft_and_to_finish_it_leaves_the_text_as_it_was(ruleset_id: str):
    text = own_texts(ruleset_id)["ruleset.yaml"]
    draft = with_keys(text, "a.yaml", {"draft": "true"})
    assert load_marked(draft, "a.yaml") == {**load_marked(text, "a.yaml"), "draft": "true"}
    assert with_keys(draft, "a.yaml", {"draft": None}) == text


@pytest.mark.parametrize("ruleset_id", BUILT_IN)
def test_only_statuses_are_changed(ruleset_id: str):
    for name, text in own_texts(ruleset_id).items():
        changed = all_assumed(text, name)
        assert set(re.findall(r"status: (\w+)", changed)) <= {"assumed"}
        assert re.sub(r"status: \w+", "", changed) == re.sub(r"status: \w+", "", text)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))).filter(str.isprintable))
def test_every_name_is_read_as_it_was_given(name: str):
    assert load_marked(f"name: {quoted(name)}\n", "a.yaml") == {"name": name}


# -- new -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("arguments", "told"), [
    (("430400", "2023", None), []),
    (("43040", "2023", None), ["地区应是六位行政区划代码，现为“43040”，例如 430400"]),
    (("４３０４００", "２０２３", None), ["地区应是六位行政区划代码，现为“４３０４００”，例如 430400",
                                "年度应是四位数字，现为“２０２３”，例如 2023"]),
    (("../..", "2023", None), ["地区应是六位行政区划代码，现为“../..”，例如 430400"]),
    (("430400", "base", " "), ["年度应是四位数字，现为“base”，例如 2023",
                               "--name 应是一个名称，不含换行和控制字符，例如 衡阳市 2023 年度"]),
    (("430400", "2023", "甲\n乙"), ["--name 应是一个名称，不含换行和控制字符，例如 衡阳市 2023 年度"]),
])
def test_who_a_new_rule_set_is_for(arguments: tuple, told: list[str]):
    assert identity_problems(*arguments) == told


def test_the_small_whole_draft_is_right_but_for_what_it_lacks(own: Path):
    put(own, new_files(NEW, None, None, ""))
    found = [(problem.mark.file, problem.todo, problem.message.split("；")[0]) for problem in lint_ruleset(NEW)]
    assert found == [(f"{NEW}/cases/样例.yaml", True, "还没有案例写出算好的比率或得分"),
                     (f"{NEW}/ruleset.yaml", True, "region_name 是空的"), (f"{NEW}/ruleset.yaml", True, "basis 是空的")]


def test_every_key_of_the_small_whole_draft_is_explained():
    """Or stands below one that is."""
    files = new_files(NEW, None, None, "")
    bare = [line for name in ("ruleset.yaml", "rates.yaml", "scoring.yaml") for line in files[name].splitlines()
            if re.match(r" *\w+: ", line) and "#" not in line]
    assert [line.strip().split(":")[0] for line in bare] == ["id", "name", "label", "label", "status", "source"]


@pytest.mark.parametrize("source", USABLE)
def test_a_copy_is_right_but_for_what_it_lacks(own: Path, source: str):
    files = new_files(NEW, load_ruleset(source), "某市 \"新\"", "某市")
    put(own, files)
    problems = lint_ruleset(NEW)
    assert [str(problem) for problem in problems if not problem.todo] == []
    assert [problem.message.split("；")[0] for problem in problems] == ["还没有案例写出算好的比率或得分", "basis 是空的"]
    old, new = load_ruleset(source), load_ruleset(NEW, unfinished=True)
    assert (new.name, new.region, new.region_name, new.year) == ("某市 \"新\"", "439900", "某市", "2031")
    assert new.draft and new.codes == {} and "codes.yaml" not in files
    for part in ("extends", "remove", "forms", "rates", "scores", "checks"):
        assert list(getattr(new, part)) == list(getattr(old, part))
    assert [name for name in files if name.startswith("cases/")] == ["cases/样例.yaml"]


@pytest.mark.parametrize("source", USABLE)
def test_a_copy_keeps_comments_and_lines_and_takes_over_no_evidence(source: str):
    files, old = new_files(NEW, load_ruleset(source), None, ""), own_texts(source)
    for name, text in files.items():
        if name in old and not name.startswith("cases/"):
            assert set(re.findall(r"status: (\w+)", text)) <= {"assumed"}
            assert text.startswith(f"# 从规则集 {source} 复制") == ("status:" in text)
            lines = [re.sub(r"status: \w+", "status: assumed", line) for line in old[name].splitlines()]
            kept = iter(text.splitlines())
            if name != "ruleset.yaml":
                assert all(line in kept for line in lines)


def test_a_case_lists_what_people_fill_in_and_nothing_that_is_worked_out():
    text = new_files(NEW, load_ruleset("430400/2022"), None, "")["cases/样例.yaml"]
    case = load_marked(text, "a.yaml")
    assert list(case["inputs"]) == ["基础数据", "整体自评", "项目"]
    assert case["inputs"]["整体自评"] == {
        "公共财政拨款": "", "基本支出": "", "政府性基金": "", "项目支出": "", "非税收入": "", "其他资金": "",
        **{f"{group}.得分": [] for group in ("数量指标", "质量指标", "时效指标", "成本指标", "经济效益指标", "社会效益指标",
                                           "可持续影响指标", "服务对象满意度指标")}}
    assert isinstance(case["inputs"]["项目"], list) and case["inputs"]["项目"][0]["财政拨款.全年执行"] == ""
    assert "    编制数: \"\"   # 个数\n" in text and "#   资金执行率: 00.00%\n" in text and '#   资金得分: "0.00"\n' in text


def test_a_copy_of_an_abstract_one_extends_it(own: Path):
    parent = load_ruleset("430000/base")
    put(own, files := new_files(NEW, parent, None, "某市"))
    assert list(files) == ["ruleset.yaml"] and load_marked(files["ruleset.yaml"], "a")["extends"] == "430000/base"
    assert load_ruleset(NEW, unfinished=True).rates == parent.rates
    assert "还要在 forms 文件夹里补上的表单：基础数据、整体自评" in files["ruleset.yaml"]


# -- finish ----------------------------------------------------------------------------------------


def test_all_that_is_missing_is_told_at_once_and_mistakes_as_one(own: Path):
    folder = put(own, new_files(NEW, None, None, ""))
    replace(folder / "rates.yaml", "基础数据!预算数", "基础数据!预算书")
    replace(folder / "scoring.yaml", "value: 预算执行率", "value: 预算执行律")
    told = [str(problem) for problem in missing(NEW)]
    assert [words.partition("；")[0] for words in told[:3]] == [
        f"{NEW}/cases/样例.yaml 第 4 行：还没有案例写出算好的比率或得分", f"{NEW}/ruleset.yaml 第 6 行：region_name 是空的",
        f"{NEW}/ruleset.yaml 第 10 行：basis 是空的"]
    assert told[3].startswith(f"{NEW}/rates.yaml 第 5 行：请改正查出的 2 处错误，第一处：写的是“基础数据!预算书”")
    assert told[3].endswith(f"（全部见 jixiao rulesets lint {NEW}）") and len(told) == 4
    with pytest.raises(RuleSetError) as error:
        finished(NEW)
    assert len(error.value.problems) == 4
    assert not (folder / "codes.yaml").exists()


def test_finishing_numbers_compiles_and_takes_out_one_line(own: Path):
    folder = put(own, new_files(NEW, None, None, ""))
    complete(folder)
    before = (folder / "ruleset.yaml").read_text(encoding="utf-8")
    files = finished(NEW)
    assert [path.name for path in files] == ["codes.yaml", "2031.json", "ruleset.yaml"]
    store(files)
    after = (folder / "ruleset.yaml").read_text(encoding="utf-8")
    line = f"draft: true                       # 草稿；定稿时由 jixiao rulesets finish {NEW} 去掉\n"
    assert before.replace(line, "") == after != before
    ruleset = load_ruleset(NEW)
    assert list(ruleset.codes) == [key for _, key in derived_keys(ruleset)] and not ruleset.draft
    assert json.loads((own / "439900/2031.json").read_text(encoding="utf-8"))["hash"] == ruleset.hash
    compiled.load_compiled.cache_clear()
    assert compiled.load_compiled(NEW)["hash"] == ruleset.hash
    assert [path.name for path in finished(NEW)] == ["codes.yaml", "2031.json"] and finished(NEW) == {
        path: path.read_text(encoding="utf-8") for path in finished(NEW)}


def test_numbers_are_for_life(own: Path):
    """A new cell gets the next number; one that is gone keeps its own, and gets it back."""
    folder = put(own, new_files(NEW, None, None, ""))
    complete(folder)
    store(finished(NEW))
    first = load_ruleset(NEW).codes
    form = folder / "forms/基础数据.yaml"
    replace(form, "type: amount, required: true, help: 填批复", "type: amount, help: 填批复")
    replace(form, "  执行数: {at", "  人数: {at: B3, type: count, required: true}\n  执行数: {at")
    store(finished(NEW))
    second = load_ruleset(NEW).codes
    assert {key: second[key] for key in first} == first
    assert {key: second[key] for key in second if key not in first} == {
        "required:基础数据!人数": "013", "type:基础数据!人数": "014"}
    replace(form, "type: amount, help: 填批复", "type: amount, required: true, help: 填批复")
    store(finished(NEW))
    assert load_ruleset(NEW).codes == second


def test_a_parent_of_ones_own_has_neither_numbers_nor_a_compiled_file(own: Path):
    files = new_files(NEW, None, None, "")
    head = files["ruleset.yaml"].replace('year: "2031"  ', "abstract: true\n#").replace(NEW, "439900/base")
    folder = put(own, {**files, "ruleset.yaml": head.replace("order: [基础数据]", "order: []")}, "439900/base")
    complete(folder)
    shutil.rmtree(folder / "cases")
    assert [path.name for path in finished("439900/base")] == ["ruleset.yaml"]
