"""Where rule sets lie, which of them may be used, and folders that can't be trusted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pyfuncs.catalog import load
from pyfuncs.catalog.load import (beside, load_raw, load_ruleset, own_texts, read_cases, ruleset_ids,
                                  ruleset_sources)
from rule_folders import CHILD, ID, problems, write

HERE = Path(__file__).parent


@pytest.fixture
def own(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder 规则集/ of the current folder, with one finished rule set, 990001/2022."""
    home = tmp_path / "工作"
    home.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setattr(load, "FOLDERS", (tmp_path, Path("规则集")))
    write_own(home / "规则集")
    return home / "规则集"


def write_own(place: Path, ruleset_id: str = "990001/2022") -> None:
    """A small rule set of one's own, with its compiled file as `finish` would write it."""
    shutil.copytree(HERE / "ruleset" / ID, place / ruleset_id)
    head = place / ruleset_id / "ruleset.yaml"
    write(head, head.read_text(encoding="utf-8").replace("990000", ruleset_id[:6]))
    with beside(place.parent / "甲.xlsx"):
        ruleset = load_ruleset(ruleset_id, unfinished=True)
    write(place / f"{ruleset_id}.json", json.dumps({"id": ruleset_id, "hash": ruleset.hash}))


def test_an_unknown_rule_set(folder: Path):
    assert ruleset_ids() == [ID, "990100/2022", "990200/2022"]
    assert problems(load_ruleset, "990000/2202") == [
        "990000/2202 第 1 行：没有规则集“990000/2202”；你是不是想写 990000/2022、990200/2022、990100/2022"]


@pytest.mark.parametrize("text", ["../990000/2022", "990000/2022/", "990000/..", "990000", "990000\\2022",
                                  "990000/2022\n", "990000/2022\0"])
def test_an_id_is_no_path(folder: Path, text: str):
    assert problems(load_ruleset, text)[0].startswith(f"{text} 第 1 行：没有规则集“{text}”")
    assert problems(load_ruleset, f"{folder}/2022")[0].endswith("没有规则集“{0}/2022”；现有：{1}".format(
        folder, "、".join(ruleset_ids())))


def test_the_folder_in_the_current_folder_is_read_too(own: Path, folder: Path):
    assert ruleset_ids() == [ID, "990001/2022", "990100/2022", "990200/2022"]
    assert load_ruleset("990001/2022").region == "990001"
    assert (ruleset_sources(ID), ruleset_sources("990001/2022"), ruleset_sources("990002/2022")) == (
        ["内置"], ["规则集/990001/2022"], [])


def test_the_folder_beside_a_workbook_is_read_while_it_is_worked_on(own: Path, tmp_path: Path):
    write_own(tmp_path / "收到" / "规则集", "990002/2022")
    assert "990002/2022" not in ruleset_ids()
    with beside(tmp_path / "收到" / "甲.xlsx"):
        assert load_ruleset("990002/2022").region == "990002"
        assert load_ruleset("990001/2022").region == "990001"
    assert "没有规则集“990002/2022”" in problems(load_ruleset, "990002/2022")[0]


def test_one_folder_by_two_paths_is_one(own: Path):
    with beside(own.parent / "甲.xlsx"):
        assert ruleset_sources("990001/2022") == ["规则集/990001/2022"]


def test_a_second_rule_set_of_the_same_id_is_refused_with_both_named(own: Path):
    shutil.copytree(HERE / "ruleset" / ID, own / ID)
    assert problems(load_ruleset, ID) == [
        "990000/2022 第 1 行：规则集“990000/2022”有两套（内置，规则集/990000/2022），不能确定用哪一套，都没有用；"
        "请只留一套，把另一套移出“规则集”文件夹"]
    write(own / "990001/2022/ruleset.yaml", CHILD.replace("990000/2023", "990001/2022"))
    assert problems(load_raw, "990001/2022")[0].startswith(
        "990001/2022/ruleset.yaml 第 4 行：规则集“990000/2022”有两套（内置，规则集/990000/2022）")


def test_a_rule_set_of_ones_own_is_used_only_as_it_was_finished(own: Path):
    told = ["990001/2022/ruleset.yaml 第 1 行：规则集 990001/2022 还没有定稿，或定稿以后改过（程序升级以后也要重新定稿）；"
            "请运行 jixiao rulesets finish 990001/2022"]
    path, compiled = own / "990001/2022/rates.yaml", own / "990001/2022.json"
    text, finished = path.read_text(encoding="utf-8"), compiled.read_text(encoding="utf-8")
    write(path, text.replace("label: 执行率", "label: 支出执行率"))
    assert problems(load_ruleset, "990001/2022") == told
    assert load_ruleset("990001/2022", unfinished=True).rates["执行率"].label == "支出执行率"
    write(path, text)
    assert load_ruleset("990001/2022").rates["执行率"].label == "执行率"
    for bad in ("", "[]", "{", "[" * 10**5, finished.replace("990001/2022", ID), '{"id": "990001/2022"}'):
        write(compiled, bad)
        assert problems(load_ruleset, "990001/2022") == told
    compiled.unlink()
    assert problems(load_ruleset, "990001/2022") == told


def test_a_draft_is_refused_with_all_it_lacks(own: Path):
    path = own / "990001/2022/ruleset.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("region_name: 样例市", 'region_name: ""')
    write(path, text.replace('edition: "1"', 'edition: "1"\ndraft: true'))
    assert problems(load_ruleset, "990001/2022") == [
        "990001/2022/ruleset.yaml 第 1 行：规则集 990001/2022 还是草稿，不能用来生成模板、审核或汇总。还要："
        "（1）region_name 是空的；请写地区名称，例如 region_name: 衡阳市；"
        "（2）运行 jixiao rulesets finish 990001/2022 定稿，程序会去掉 draft: true"]
    write(path, path.read_text(encoding="utf-8").replace("total: 总分", "totl: 总分"))
    (told,) = problems(load_ruleset, "990001/2022")
    assert "（2）请改正查出的 1 处错误，第一处：totl：不认识的键“totl”。是不是想写 total？" in told
    assert "（全部见 jixiao rulesets lint 990001/2022）；（3）运行" in told
    assert load_raw("990001/2022")["draft"] == "true"


def test_a_child_of_a_draft_is_no_draft_itself(own: Path):
    path = own / "990001/2022/ruleset.yaml"
    write(path, path.read_text(encoding="utf-8") + "draft: true\n")
    write(own / "990001/2023/ruleset.yaml", CHILD.replace("990000", "990001"))
    assert "draft" not in load_raw("990001/2023")


# -- folders that can't be trusted -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["rates.yaml", "forms/项目.yaml", "cases/样例.yaml"])
def test_a_link_out_of_the_folder_is_told_and_not_read(own: Path, tmp_path: Path, name: str):
    write(tmp_path / "秘密.yaml", "甲: 秘密\n")
    path = own / "990001/2022" / name
    path.unlink()
    path.symlink_to(tmp_path / "秘密.yaml")
    found = [*problems(read_all, "990001/2022")]
    assert found == [f"990001/2022/{name} 第 1 行：是指向别处的链接，没有读；请把文件本身放在这里"]


def read_all(ruleset_id: str) -> None:
    load_raw(ruleset_id)
    read_cases(ruleset_id)


def test_a_folder_that_is_a_link_is_told_and_not_read(own: Path, tmp_path: Path):
    shutil.copytree(HERE / "ruleset" / ID, tmp_path / "别处/2022")
    (own / "990003").symlink_to(tmp_path / "别处", target_is_directory=True)
    assert problems(load_raw, "990003/2022") == [
        "990003/2022 第 1 行：规则集/990003/2022 是指向别处的链接，没有读；请把文件直接放进“规则集”"]


def test_files_that_are_no_rules(own: Path):
    folder = own / "990001/2022"
    write(folder / "rates.yaml", "# " + "长" * 100_000)
    (folder / "forms/又一张.yaml").mkdir()
    assert problems(load_raw, "990001/2022") == [
        "990001/2022/forms/又一张.yaml 第 1 行：不是文件，或打不开；请换成普通的文本文件",
        "990001/2022/rates.yaml 第 1 行：文件有 292 KB，最多 256 KB；请核对是不是放错了文件"]


def test_a_folder_of_too_many_files(own: Path):
    for number in range(201):
        write(own / f"990001/2022/cases/{number}.yaml", "甲: 乙\n")
    assert problems(read_cases, "990001/2022") == [
        "990001/2022/cases 第 1 行：有 202 个文件，最多 200 个；请核对是不是放错了文件夹"]


def test_names_that_are_lists(folder: Path):
    """Told by the model, at their lines."""
    form, checks = folder / "2022/forms/项目.yaml", folder / "2022/checks.yaml"
    write(form, form.read_text(encoding="utf-8").replace("form: 项目", "form: [项目]"))
    assert "990000/2022/forms/项目.yaml 第 1 行：forms.项目.form：这里应是文字，现为 列表" in problems(load_ruleset, ID)
    write(checks, "- {id: [KB-01]}\n- KB-02\n")
    assert problems(load_raw, ID) == ["990000/2022/checks.yaml 第 1 行：每条审核公式要有 id，例如 - {id: KB-01, …}",
                                      "990000/2022/checks.yaml 第 2 行：每条审核公式要有 id，例如 - {id: KB-01, …}"]
    write(checks, "文字\n")
    assert problems(load_raw, ID) == [
        "990000/2022/checks.yaml 第 1 行：这里应是一条条审核公式，每条以“- ”开头，例如 - {id: KB-01, …}"]
    write(checks, "- {id: KB-01}\n")
    write(folder / "2022/ruleset.yaml", "id: 990000/2022\nextends: [990000/2021]\n")
    assert any("extends：这里应是文字，现为 列表" in one for one in problems(load_ruleset, ID))


def test_files_of_the_author_by_name(own: Path):
    write(own / "990001/2022/codes.yaml", "甲: \"001\"\n")
    texts = own_texts("990001/2022")
    assert list(texts) == ["ruleset.yaml", "rates.yaml", "scoring.yaml", "checks.yaml", "forms/基础.yaml",
                           "forms/项目.yaml", "cases/样例.yaml"]
    assert texts["rates.yaml"].startswith("控制率:\n")
