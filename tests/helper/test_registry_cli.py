"""`jixiao rulesets export` and `import`, called as a clerk would call them."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import openpyxl
import pytest
from registry_books import SMALL, cells, number, registry

from pyfuncs.catalog import load
from pyfuncs.catalog.registry_fields import plain
from pyfuncs.helper import registry_cli
from pyfuncs.helper.cli import main
from pyfuncs.workbook.registry_files import read_root

NEXT_YEAR = cells("规则集", B2="990000/2023", B3="样例下一年", B6="2023")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own, where the rule sets are those in 内置 and in 规则集."""
    shutil.copytree(SMALL, tmp_path / "内置" / "990000" / "2022")
    folders = (tmp_path / "内置", Path("规则集"))
    monkeypatch.setattr(load, "FOLDERS", folders)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def hashes(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*") if path.is_file()}


def test_a_rule_set_is_exported_changed_and_imported(here: Path, capsys):
    assert main(["rulesets", "export", "990000/2022"]) == 0
    assert capsys.readouterr().out == "已写出：规则登记表.xlsx\n"
    book = openpyxl.load_workbook("规则登记表.xlsx")
    NEXT_YEAR(book)
    book.save("下一年.xlsx")
    assert main(["rulesets", "import", "下一年.xlsx"]) == 0
    said = capsys.readouterr()
    assert said.out == f"已写出草稿：{Path('规则集/990000/2023')}（7 个文件）\n"
    assert said.err == "规则没有错误，现在是草稿：写好依据和案例以后，运行 jixiao rulesets finish 990000/2023 定稿。\n"
    imported = plain(read_root(here / "规则集" / "990000" / "2023"))
    changed = {"id": "990000/2023", "name": "样例下一年", "year": "2023", "draft": "true"}
    assert imported == {**plain(read_root(SMALL)), **changed}
    assert main(["rulesets", "lint", "990000/2023"]) == 0
    assert main(["rulesets", "finish", "990000/2023"]) == 0


def test_export_never_overwrites(here: Path, capsys):
    assert main(["rulesets", "export", "990000/2022", "-o", "表.xlsx"]) == 0
    before = hashes(here)
    capsys.readouterr()
    assert main(["rulesets", "export", "990000/2022", "-o", "表.xlsx"]) == 2
    assert capsys.readouterr().err == "表.xlsx 已经存在，没有覆盖；请换一个文件名，或先把它移走\n"
    assert hashes(here) == before


def test_import_never_overwrites(here: Path, capsys):
    registry(here / "表.xlsx", NEXT_YEAR)
    assert main(["rulesets", "import", "表.xlsx"]) == 0
    before = hashes(here)
    capsys.readouterr()
    assert main(["rulesets", "import", "表.xlsx"]) == 2
    assert capsys.readouterr().err == (f"{Path('规则集/990000/2023')} 已经存在，没有覆盖；要与它比较请加 --onto，"
                                       "要重写请先把它移走\n")
    assert hashes(here) == before


def test_a_rule_set_there_is_already_is_told_at_its_cell(here: Path, capsys):
    registry(here / "表.xlsx")
    assert main(["rulesets", "import", "表.xlsx"]) == 1
    assert capsys.readouterr().out == (
        "《规则集》B2：规则集 990000/2022 已经有了（内置）；请换一个编号，连同区划代码和年度；要与它比较请加 --onto\n"
        "登记表里有 1 处错误，没有写出规则集；请改好后再导入。\n")
    assert not (here / "规则集").exists()


def test_mistakes_are_told_all_at_once_and_nothing_is_written(here: Path, capsys):
    registry(here / "表.xlsx", NEXT_YEAR, cells("单元格", G3="金鹅"), cells("比率", C1="办法"), cells("规则集", B2="x"),
             number("案例", "F14", 87.456, "0.0"))
    assert main(["rulesets", "import", "表.xlsx"]) == 1
    said = capsys.readouterr()
    assert [line.partition("：")[0] for line in said.out.splitlines()] == [
        "《规则集》B2", "《单元格》G3", "《比率》C1", "登记表里有 3 处错误，没有写出规则集；请改好后再导入。"]
    assert said.err.startswith("提示：《案例》F14：这一格存的是数，显示为“87.5”，按 87.456 读；")
    assert not (here / "规则集").exists()


def test_what_lint_finds_is_told_at_cells(here: Path, capsys):
    no_results = cells("案例", **{f"{column}{row}": None for column in "ABEF" for row in range(11, 16)})
    registry(here / "表.xlsx", NEXT_YEAR, cells("比率", D3="基础!支出.绝算\n基础!支出.预算"), no_results)
    for check, way in (["--check"], "去掉 --check 导入。"), ([], f"移走 {Path('规则集/990000/2023')}，重新导入。"):
        assert main(["rulesets", "import", "表.xlsx", *check]) == 1
        said = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("已写出草稿")]
        assert [line.partition("：")[0] for line in said[:-1]] == ["《比率》D3", "《案例》E2"]
        assert "：待办：" in said[1]
        assert said[-1] == f"规则集里有 1 处要改。请在登记表里改好，用 --check 再查，没有错误以后{way}"
    assert (here / "规则集" / "990000" / "2023" / "ruleset.yaml").is_file()


def test_check_writes_nothing(here: Path, capsys):
    registry(here / "表.xlsx", NEXT_YEAR)
    assert main(["rulesets", "import", "表.xlsx", "--check"]) == 0
    assert capsys.readouterr().out == "登记表没有错误；去掉 --check 就写出规则集。\n"
    assert not (here / "规则集").exists()


def test_onto_tells_what_would_change_and_writes_beside(here: Path, capsys):
    registry(here / "表.xlsx", cells("比率", I3="推定（没有文件依据）"), cells("等级", B3="75"))
    before = hashes(here / "内置")
    for place in ("待核对", "待核对 (2)"):
        assert main(["rulesets", "import", "表.xlsx", "--onto"]) == 0
        said = capsys.readouterr()
        target = Path("规则集", place, "990000", "2022")
        assert said.out == (f"与 {here / '内置' / '990000' / '2022'} 比较：2 处不同。\n"
                            "《比率》“执行率”“状态”：“有文件依据” 改为 “推定（没有文件依据）”\n"
                            "《等级》“良”“从几分起”：“80” 改为 “75”\n"
                            f"已写出草稿：{target}（7 个文件）\n")
        assert said.err == f"规则没有错误。核对以后，用 {target} 里的文件替换原来的。\n"
        assert plain(read_root(here / target))["grades"] == {"优": "90", "良": "75", "差": "0"}
    assert hashes(here / "内置") == before
    assert load.ruleset_ids() == ["990000/2022"]              # what is to be reviewed is no rule set yet


def test_onto_without_a_difference_writes_nothing(here: Path, capsys):
    registry(here / "表.xlsx")
    assert main(["rulesets", "import", "表.xlsx", "--onto"]) == 0
    assert capsys.readouterr().out == f"与 {here / '内置' / '990000' / '2022'} 比较：没有不同。\n"
    assert not (here / "规则集").exists()


def test_a_parent_is_found_in_the_folder_of_ones_own(here: Path, capsys):
    shutil.move(here / "内置" / "990000", here / "规则集" / "990000")
    registry(here / "表.xlsx", NEXT_YEAR, cells("规则集", B10="990000/2022"))
    assert main(["rulesets", "import", "表.xlsx"]) == 0


def test_a_long_list_is_cut(here: Path, capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registry_cli, "MOST_SHOWN", 2)
    registry(here / "表.xlsx", cells("单元格", G3="金鹅", G4="金鹅", G5="金鹅", G6="金鹅"))
    assert main(["rulesets", "import", "表.xlsx"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 4 and said[-2:] == [
        "……还有 2 处，没有列出", "登记表里有 4 处错误，没有写出规则集；请改好后再导入。"]


@pytest.mark.parametrize(("arguments", "message"), [
    (["export"], "缺少参数“规则集”"),
    (["export", "990000/2202"], "没有规则集“990000/2202”；你是不是想写 990000/2022"),
    (["export", "990000/2022", "-o", "表.xls"], "-o 要写 .xlsx 文件，例如 规则登记表.xlsx；现为 表.xls"),
    (["export", "990000/2022", "-o", "内置/990000/2022/ruleset.yaml/表.xlsx"], "写不了"),
    (["import"], "缺少参数“FILE”"),
    (["import", "没有.xlsx"], "没有找到文件“没有.xlsx”。请核对文件名和所在的文件夹。"),
    (["import", "内置"], "“内置”是文件夹，不是表格文件。请指定其中的 .xlsx 文件。"),
    (["import", "内置/990000/2022/ruleset.yaml"], "不是 Excel 工作簿"),
])
def test_a_wrong_call_is_status_2_and_says_what_to_write(here: Path, capsys, arguments: list[str],
                                                         message: str):
    before = hashes(here)
    assert main(["rulesets", *arguments]) == 2
    said = capsys.readouterr()
    assert message in said.err and "Traceback" not in said.err
    assert (said.out, hashes(here)) == ("", before)


def test_onto_with_nothing_to_compare(here: Path, capsys):
    registry(here / "表.xlsx", NEXT_YEAR)
    assert main(["rulesets", "import", "表.xlsx", "--onto"]) == 2
    assert capsys.readouterr().err == "没有可以比较的：没有规则集“990000/2023”；你是不是想写 990000/2022\n"


def test_a_folder_that_can_not_be_written(here: Path, capsys):
    registry(here / "表.xlsx", NEXT_YEAR)
    (here / "文件").write_text("", encoding="utf-8")
    assert main(["rulesets", "import", "表.xlsx", "-o", str(Path("文件", "里面"))]) == 2
    said = capsys.readouterr().err
    assert "写不了" in said and "Traceback" not in said


def test_a_rule_set_with_broken_yaml_is_not_exported(here: Path, capsys):
    path = here / "内置" / "990000" / "2022" / "rates.yaml"
    path.write_text("控制率: [\n", encoding="utf-8")
    assert main(["rulesets", "export", "990000/2022"]) == 2
    assert capsys.readouterr().err.startswith("990000/2022/rates.yaml 第 ")
    assert not (here / "规则登记表.xlsx").exists()
