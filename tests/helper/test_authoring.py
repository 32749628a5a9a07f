"""A rule set of one's own, from `jixiao rulesets new` to the first validated file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import openpyxl
import pytest

from pyfuncs.catalog import compiled, load
from pyfuncs.helper.cli import main
from pyfuncs.udfs import JX_SCORE

NEW = "439900/2031"
FOLDER = Path("规则集") / NEW


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, which may get a folder 规则集/."""
    monkeypatch.chdir(tmp_path)
    compiled.load_compiled.cache_clear()
    yield tmp_path
    compiled.load_compiled.cache_clear()


def run(capsys: pytest.CaptureFixture, *arguments: str) -> tuple[int, str, str]:
    status = main(["rulesets", *arguments])
    return status, *capsys.readouterr()


def files() -> list[str]:
    return sorted(path.as_posix() for path in Path().rglob("*") if path.is_file())


def replace(name: str, *changes: tuple[str, str]) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (FOLDER / name).write_text(text, encoding="utf-8")


def complete() -> None:
    """What the printed steps ask for."""
    replace("ruleset.yaml", ('region_name: ""', "region_name: 某市"), ("basis: []  ", "basis:\n- title: 某通知\n#"))
    replace("cases/样例.yaml", ('预算数: ""', '预算数: "10"'), ('执行数: ""', '执行数: "9"'),
            ("# rates:\n#   预算执行率: 00.00%", "rates:\n  预算执行率: 90.00%"))


def test_from_an_empty_folder_to_a_validated_file(capsys):
    status, out, err = run(capsys, "new", "439900", "2031", "--name", "某市 2031 年度")
    assert (status, err) == (0, "")
    assert files() == [f"{FOLDER.as_posix()}/{name}" for name in (
        "cases/样例.yaml", "checks.yaml", "forms/基础数据.yaml", "rates.yaml", "ruleset.yaml", "scoring.yaml")]
    assert out.splitlines() == [
        f"已写出草稿：{FOLDER}", "接下来：",
        f"  1. 用记事本打开 {FOLDER / 'ruleset.yaml'}，写上依据 basis（文号、标题、发布机关、日期、页码）、名称和地区名称。",
        "  2. 对照依据逐项核对 forms 文件夹里的表单、rates.yaml、scoring.yaml、checks.yaml；核对过的把 status 改成 "
        "verified（有文件依据）或 observed（见于已填表格）。",
        f"  3. 在 {FOLDER / 'cases'} 里写一个案例：一家单位填的数，和手算的比率、得分。",
        f"  4. 随时运行 jixiao rulesets lint {NEW}，照着改，直到没有错误。",
        f"  5. 运行 jixiao rulesets finish {NEW} 定稿；之后才能生成模板、审核和汇总。"]

    status, out, _ = run(capsys, "lint", NEW)
    assert status == 0 and out.splitlines()[-1] == "检查了 1 个规则集，没有错误。草稿还有 3 件事要做。"
    assert [line.split("：")[:2] for line in out.splitlines()[:-1]] == [
        [f"{NEW}/{place}", "待办"] for place in ("cases/样例.yaml 第 4 行", "ruleset.yaml 第 6 行", "ruleset.yaml 第 10 行")]

    status, out, err = run(capsys, "finish", NEW)
    assert (status, err, len(files())) == (1, "", 6)
    assert [line.split("；")[0] for line in out.splitlines()] == [
        f"规则集 {NEW} 还不能定稿，还要：", f"  1. {NEW}/cases/样例.yaml 第 4 行：还没有案例写出算好的比率或得分",
        f"  2. {NEW}/ruleset.yaml 第 6 行：region_name 是空的", f"  3. {NEW}/ruleset.yaml 第 10 行：basis 是空的"]

    complete()
    assert run(capsys, "lint", NEW) == (0, "检查了 1 个规则集，没有错误。\n", "")
    assert main(["template", NEW, "-o", "表"]) == 2
    assert "（1）运行 jixiao rulesets finish" in capsys.readouterr().err
    status, out, err = run(capsys, "finish", NEW)
    digest = load.load_ruleset(NEW).hash[:8]
    assert (status, out) == (0, f"规则集 {NEW} 已定稿（校验码 {digest}）。\n生成空白表：jixiao template {NEW} -o 空白表\n")
    assert err.splitlines() == [f"已写出：{path}" for path in (
        FOLDER / "codes.yaml", FOLDER.with_suffix(".json"), FOLDER / "ruleset.yaml")]
    assert JX_SCORE(NEW, "预算执行率得分", 0.9) == 90

    assert main(["template", NEW, "-o", "表", "--edition", "formula", "--unit", "甲中心"]) == 0
    (made,) = Path("表").iterdir()
    assert made.name == "甲中心2031年度绩效自评表-公式版.xlsx"
    book = openpyxl.load_workbook(made)
    headings = {cell.value: cell for row in book["基础数据表"].iter_rows() for cell in row}
    headings["预算数"].offset(row=1).value, headings["执行数"].offset(row=1).value = 10, 12
    book.save("填好.xlsx")
    capsys.readouterr()
    main(["validate", "填好.xlsx"])
    assert "439900-2031-KB-01〔请核实〕" in (said := capsys.readouterr().out) and NEW in said


def test_a_draft_is_refused_by_every_command_that_would_use_it(capsys):
    run(capsys, "new", "439900", "2031")
    complete()
    run(capsys, "finish", NEW)
    main(["template", NEW, "-o", "表", "--edition", "formula"])
    replace("ruleset.yaml", ('edition: "1"', 'draft: true\nedition: "1"'), ("region_name: 某市", 'region_name: ""'))
    capsys.readouterr()
    told = (f"规则集 {NEW} 还是草稿，不能用来生成模板、审核或汇总。还要：（1）region_name 是空的；请写地区名称，"
            f"例如 region_name: 衡阳市；（2）运行 jixiao rulesets finish {NEW} 定稿，程序会去掉 draft: true")
    assert (main(["template", NEW, "-o", "又"]), capsys.readouterr().err) == (2, f"{told}\n")
    assert not Path("又").exists()
    assert main(["validate", "表"]) == 1
    assert f"规则集“{NEW}”不能用：{told}。" in capsys.readouterr().out
    assert main(["validate", "表", "--ruleset", NEW]) == 2
    assert capsys.readouterr().err == f"{told}\n"
    main(["consolidate", "表", "-o", "汇总.xlsx"])
    assert told in capsys.readouterr().out and not Path("汇总.xlsx").exists()
    assert "草稿" in run(capsys, "list")[1].split(f"规则集{os.sep}439900")[1].splitlines()[0]


def test_after_a_change_it_is_finished_again(capsys):
    run(capsys, "new", "439900", "2031")
    complete()
    run(capsys, "finish", NEW)
    replace("checks.yaml", ("执行数大于预算数", "执行数超过预算数"))
    assert main(["template", NEW, "-o", "表"]) == 2
    assert capsys.readouterr().err == (f"规则集 {NEW} 还没有定稿，或定稿以后改过（程序升级以后也要重新定稿）；"
                                       f"请运行 jixiao rulesets finish {NEW}\n")
    assert run(capsys, "list")[1].count("没有定稿，请运行 finish") == 1
    status, _, err = run(capsys, "finish", NEW)
    assert (status, err) == (0, f"已写出：{FOLDER.with_suffix('.json')}\n")
    assert main(["template", NEW, "-o", "表"]) == 0


def test_a_copy_says_what_it_rests_on(capsys):
    status, out, _ = run(capsys, "new", "430400", "2031", "--from", "430400/2022")
    assert status == 0 and "它继承 430000/base：没有抄来的部分以那一套为准，也要核对" in out
    head = Path("规则集/430400/2031/ruleset.yaml").read_text(encoding="utf-8")
    assert "name: 衡阳市 2031 年度\n" in head and "region_name: 衡阳市\n" in head     # its region is known
    status, out, _ = run(capsys, "new", "439900", "2031", "--from", "430000/base")
    assert status == 0 and "上级 430000/base 有而本地没有的，写进 remove。" in out
    status, out, _ = run(capsys, "lint", NEW)
    assert status == 1 and "处错误。草稿还有 3 件事要做。" in out


@pytest.mark.parametrize(("arguments", "told"), [
    (["43040", "2031"], "地区应是六位行政区划代码，现为“43040”，例如 430400"),
    (["../../a", "2031"], "地区应是六位行政区划代码，现为“../../a”，例如 430400"),
    (["439900", "31", "--name", "\n"], "年度应是四位数字，现为“31”，例如 2023\n--name 应是一个名称"),
    (["430400", "2022"], "规则集 430400/2022 已经有了（内置），没有覆盖；请换一个地区或年度"),
    (["439900", "2031", "--from", "430400/2202"],
     "--from 的规则集不能用：没有规则集“430400/2202”；你是不是想写 430400/2022"),
    (["439900", "2031", "--from", "../430400"], "--from 的规则集不能用：没有规则集“../430400”"),
    (["439900"], "缺少参数“年度”"),
])
def test_a_wrong_call_writes_nothing(capsys, arguments: list[str], told: str):
    status, out, err = run(capsys, "new", *arguments)
    assert (status, out, files()) == (2, "", []) and err.startswith(told)


def test_nothing_is_overwritten(capsys):
    run(capsys, "new", "439900", "2031")
    assert run(capsys, "new", "439900", "2031") == (
        2, "", f"规则集 {NEW} 已经有了（{FOLDER}），没有覆盖；请换一个地区或年度\n")
    (FOLDER / "ruleset.yaml").unlink()
    before = files()
    status, out, err = run(capsys, "new", "439900", "2031")
    assert (status, out, files()) == (2, "", before) and err.startswith(f"{FOLDER} 已经存在，没有覆盖")
    shutil.rmtree(FOLDER)
    FOLDER.with_suffix(".json").write_text("{}", encoding="utf-8")
    status, out, err = run(capsys, "new", "439900", "2031")
    assert status == 2 and err.startswith(f"{FOLDER.with_suffix('.json')} 已经存在") and len(files()) == 1


def test_a_folder_that_is_not_looked_into_is_told(capsys):
    status, _, err = run(capsys, "new", "439900", "2031", "--to", "别处")
    assert status == 0 and Path("别处", NEW, "ruleset.yaml").is_file()
    assert err == "注意：程序只读 规则集 里的规则集；请把 别处 里的内容移到那里再用。\n"
    Path("文件").write_text("", encoding="utf-8")
    status, out, err = run(capsys, "new", "439900", "2032", "--to", "文件")
    assert (status, out) == (2, "") and "Traceback" not in err and "文件" in err


@pytest.mark.parametrize(("ruleset_id", "told"), [
    ("430400/2022", "规则集 430400/2022 是内置的，不用定稿；请写自己的规则集的编号\n"),
    ("439900/2031", "没有规则集“439900/2031”"),
])
def test_what_can_not_be_finished(capsys, ruleset_id: str, told: str):
    status, out, err = run(capsys, "finish", ruleset_id)
    assert (status, out) == (2, "") and err.startswith(told)


def test_a_rule_set_of_a_built_in_id_is_listed_and_linted_with_both_places(capsys):
    shutil.copytree(compiled.FOLDERS[0] / "430400/2022", "规则集/430400/2022")
    told = "规则集“430400/2022”有两套（内置，规则集/430400/2022），不能确定用哪一套，都没有用；请只留一套，把另一套移出“规则集”文件夹"
    line = next(line for line in run(capsys, "list")[1].splitlines() if line.startswith("430400/2022"))
    assert line.split() == ["430400/2022", "（读不出来）", "内置，规则集/430400/2022", "有", "1", "处错误，请运行", "lint"]
    assert run(capsys, "lint", "430400/2022") == (1, f"430400/2022 第 1 行：{told}\n查出 1 处错误。\n", "")
    assert (main(["template", "430400/2022", "-o", "表"]), capsys.readouterr().err) == (2, f"{told}\n")


def test_a_rule_set_beside_the_workbooks_is_used_wherever_the_program_runs(capsys, tmp_path: Path, monkeypatch):
    run(capsys, "new", "439900", "2031", "--name", "某市 2031 年度")
    complete()
    assert run(capsys, "finish", NEW)[0] == 0
    assert main(["template", NEW, "-o", "收到的表", "--edition", "formula"]) == 0
    shutil.move("规则集", "收到的表/规则集")
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    capsys.readouterr()
    for extra in ([], ["--ruleset", NEW]):
        assert main(["validate", str(tmp_path / "收到的表"), *extra]) == 1   # required cells are empty
        out, err = capsys.readouterr()
        assert "439900-2031" in out and "跳过" not in err
    assert main(["validate", str(tmp_path / "收到的表"), "--ruleset", "439900/2032"]) == 2
