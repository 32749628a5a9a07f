"""One edition turned into another: the same workbook as if it had been written so, and nothing else touched."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from edited_in_libreoffice import edited
from editions import decimals, typed_over
from engines import cell_value, formualizer_eval, libreoffice_recalc
from fillings import cases
from method_cases import agree
from validator import xml_errors
from workbook_samples import FOLDER, formulas_in, inputs_only

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.udfs import FUNCTIONS
from pyfuncs.workbook.convert_file import Planned, convert_copy
from pyfuncs.workbook.filling import Filling, load_filling
from pyfuncs.workbook.formulas import Edition
from pyfuncs.workbook.places import Shape, Slot
from pyfuncs.workbook.read import read_submission
from pyfuncs.workbook.safe_zip import Unreadable
from pyfuncs.workbook.standing import NotStanding
from pyfuncs.workbook.template import write_workbook

RULESETS = ("430400/2022", "430181/2021", "433100/2021", "430000/2021", "500000/2021", "100000/2022", "340000/2022")
EDITIONS: tuple[Edition, ...] = ("addin", "formula", "values")
UNIT = "430400/2022"
RATE = "基础数据表", "D5"                              # 人员控制率
Cells = dict[tuple[str, str], object]


def cells(path: Path, values: bool = False) -> Cells:
    return {(sheet.title, cell.coordinate): cell.value for sheet in openpyxl.load_workbook(path, data_only=values)
            for row in sheet.iter_rows() for cell in row if cell.value is not None}


def written(folder: Path, edition: Edition, filling: Filling, **arguments) -> Path:
    path = folder / f"{edition}.xlsx"
    write_workbook(path, load_ruleset(filling.ruleset), edition, filling=filling, **arguments)
    return path


def converted(source: Path, edition: Edition, name: str = "") -> tuple[Path, Planned]:
    copy = source.with_name(f"{name or source.stem}-{edition}.xlsx")
    return copy, convert_copy(source, copy, edition)


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(source: Path, changes: dict[str, Callable[[str], str]], added: dict[str, str] | None = None) -> Path:
    """A copy with parts changed, as another program might have written them."""
    target = source.with_name(f"rewritten-{source.name}")
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in {**parts(source), **{name: text.encode() for name, text in (added or {}).items()}}.items():
            archive.writestr(name, changes[name](data.decode()) if name in changes else data)
    return target


def case_of(ruleset_id: str) -> Filling:
    """The worked case with most figures, on two project sheets at least."""
    filling = max((case.filling for case in cases(ruleset_id)), key=lambda one: len(one.typed))
    return replace(filling, shape=Shape(max(2, filling.shape.projects), filling.shape.rows))


# -- the same as if it had been written so -----------------------------------------------------------------


@pytest.mark.parametrize("ruleset_id", RULESETS)
def test_a_converted_workbook_is_the_one_that_would_have_been_written(ruleset_id: str, tmp_path: Path):
    paths = {edition: written(tmp_path, edition, case_of(ruleset_id)) for edition in EDITIONS}
    for source, target in (("addin", "formula"), ("formula", "addin"), ("addin", "values"), ("formula", "values")):
        copy, done = converted(paths[source], target)
        assert (done.stated, done.conversion.kept, done.formulas > 0) == (source, [], True)
        assert cells(copy) == cells(paths[target])
        assert cells(copy, values=True) == cells(paths[target], values=True)
        assert xml_errors(copy) == []
        assert read_submission(copy).edition == {"addin": "加载项版", "formula": "公式版", "values": "数值版"}[target]


@pytest.mark.parametrize("ruleset_id", RULESETS)
def test_values_find_their_formulas_again(ruleset_id: str, tmp_path: Path):
    """All but the totals that were typed; those are somebody's own unless they are what the formula gives."""
    filling = case_of(ruleset_id)
    own = typed_over(write_workbook(tmp_path / "addin.xlsx", load_ruleset(ruleset_id), "addin", filling=filling), filling)
    for target in ("addin", "formula"):
        copy, done = converted(written(tmp_path, "values", filling), target)
        wanted, found = cells(written(tmp_path, target, filling)), cells(copy)
        formulas = {address: value for address, value in wanted.items() if str(value).startswith("=")}
        assert {f"'{one.sheet}'!{one.cell}" for one in done.conversion.kept} <= own
        assert {address: found.get(address) for address in formulas} == formulas
        assert cells(copy, values=True) == cells(tmp_path / f"{target}.xlsx", values=True)


def test_there_and_back(tmp_path: Path):
    first = written(tmp_path, "addin", inputs_only(UNIT))
    second, _ = converted(first, "formula")
    third, _ = converted(second, "addin")
    assert cells(third) == cells(first) != cells(second)
    assert any("JX_" in str(value) for value in cells(first).values())
    assert not any("JX_" in str(value) for value in cells(second).values())


@pytest.mark.parametrize("unit", sorted(path.stem for path in FOLDER.glob("*.yaml")))
def test_what_a_real_unit_typed_over_formulas_stays(unit: str, tmp_path: Path):
    source = written(tmp_path, "addin", load_filling(FOLDER / f"{unit}.yaml"), as_filed=True)
    before, (copy, done) = cells(source), converted(source, "formula")
    changed = {address for address, value in cells(copy).items() if before.get(address) != value}
    assert done.conversion.kept == [] and before.keys() == cells(copy).keys()
    assert {sheet for sheet, _ in changed} <= {"计算过程", "封面", "_jixiao"}, "rates on the forms were typed"


# -- figures ------------------------------------------------------------------------------------------------


def test_programs_compute_the_converted_workbook_alike(tmp_path: Path):
    """Stored figures are wrong throughout, so that only what is computed can be right."""
    filling = inputs_only(UNIT)
    plan = write_workbook(tmp_path / "addin.xlsx", load_ruleset(UNIT), "addin", filling=filling)
    stale = rewritten(tmp_path / "addin.xlsx", {name: lambda text: re.sub(r"(</f><v>)[\d.]+", r"\g<1>999", text)
                                                for name in parts(tmp_path / "addin.xlsx") if "worksheets/sheet" in name})
    assert 999 in cells(stale, values=True).values()
    copy, _ = converted(stale, "formula")
    truth = decimals(plan, tmp_path / "addin.xlsx")
    computed = cells(libreoffice_recalc(copy, tmp_path / "lo"), values=True)
    formulas = {f"'{sheet}'!{cell}": value[1:] for (sheet, cell), value in cells(copy).items() if str(value).startswith("=")}
    typed = {f"'{sheet}'!{cell}": value for (sheet, cell), value in cells(copy).items() if not str(value).startswith("=")}
    again = formualizer_eval(typed, formulas)
    stored = cells(copy, values=True)
    wrong = {}
    for address, value in truth.items():
        sheet, cell = address.replace("'", "").split("!")
        figures = [again[address], cell_value(computed.get((sheet, cell), ""))]
        if cells(stale)[sheet, cell] != cells(copy)[sheet, cell]:
            figures.append(cell_value(stored.get((sheet, cell), "")))     # what was converted has fresh figures
        if not all(agree(figure, value) for figure in figures):
            wrong[address] = value, figures
    assert len(truth) > 15 and wrong == {}
    assert agree(stored[RATE], truth["'基础数据表'!D5"])


def test_the_add_in_edition_gives_the_same_through_its_functions(tmp_path: Path):
    filling = inputs_only(UNIT)
    plan = write_workbook(tmp_path / "formula.xlsx", load_ruleset(UNIT), "formula", filling=filling)
    copy, _ = converted(tmp_path / "formula.xlsx", "addin")
    formulas = {f"'{sheet}'!{cell}": value[1:] for (sheet, cell), value in cells(copy).items() if str(value).startswith("=")}
    typed = {f"'{sheet}'!{cell}": value for (sheet, cell), value in cells(copy).items() if not str(value).startswith("=")}
    called = []

    def counted(name: str) -> Callable:
        return lambda *arguments: called.append(name) or FUNCTIONS[name].call(*arguments)

    shown = formualizer_eval(typed, formulas, {name: counted(name) for name in FUNCTIONS})
    truth = decimals(plan, tmp_path / "formula.xlsx")
    assert {address: shown[address] for address, value in truth.items() if not agree(shown[address], value)} == {}
    assert set(called) >= {"JX_CONTROL_RATE", "JX_EXECUTION_RATE", "JX_GRADE"}


# -- what is left alone -------------------------------------------------------------------------------------


def test_only_the_sheets_that_change_are_touched(tmp_path: Path):
    source = written(tmp_path, "addin", inputs_only(UNIT))
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    copy, done = converted(source, "formula")
    before, after = parts(source), parts(copy)
    assert hashlib.sha256(source.read_bytes()).hexdigest() == digest
    names = openpyxl.load_workbook(source).sheetnames
    touched = {f"xl/worksheets/sheet{names.index(sheet) + 1}.xml" for sheet, _ in done.conversion.changes}
    assert {name for name in before if before[name] != after[name]} == touched
    assert list(before) == list(after)
    styles = re.compile(rb'<c r="([A-Z]+\d+)" s="(\d+)"')
    assert all(styles.findall(before[name]) == styles.findall(after[name]) for name in touched)


def test_an_existing_file_is_not_overwritten(tmp_path: Path):
    source = written(tmp_path, "addin", inputs_only(UNIT))
    source.with_name("there.xlsx").write_text("别人的")
    with pytest.raises(FileExistsError):
        convert_copy(source, source.with_name("there.xlsx"), "formula")
    assert source.with_name("there.xlsx").read_text() == "别人的"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["addin.xlsx", "there.xlsx"]


def typed(path: Path, changes: dict[tuple[str, str], object]) -> Path:
    book = openpyxl.load_workbook(path)
    for (sheet, cell), value in changes.items():
        book[sheet][cell] = value
    book.save(path)
    return path


def test_a_figure_typed_over_stays_and_a_changed_formula_is_told(tmp_path: Path):
    source = typed(written(tmp_path, "addin", inputs_only(UNIT)), {
        RATE: 0.77, ("计算过程", "B5"): '=JX_CONTROL_RATE(1,2)', ("计算过程", "B6"): "=1/3",
        ("基础数据表", "F30"): '=JX_WAN(10000)'})
    copy, done = converted(source, "formula")
    found = cells(copy)
    assert found[RATE] == 0.77 and found["计算过程", "B6"] == "=1/3"
    assert [one.line() for one in done.conversion.kept] == [
        "《基础数据表》F30：公式与表样的不同，没有动；它仍然要用加载项计算",
        "《计算过程》B5：公式与表样的不同，没有动；它仍然要用加载项计算",
        "《计算过程》B6：公式与表样的不同，没有动"]
    assert done.formulas == len([one for one in done.conversion.changes if one[0] not in ("封面", "_jixiao")]) > 0


def test_a_figure_of_ones_own_among_values_stays(tmp_path: Path):
    source = typed(written(tmp_path, "values", inputs_only(UNIT)), {RATE: 0.77})
    copy, done = converted(source, "formula")
    assert cells(copy)[RATE] == 0.77
    assert [one.line() for one in done.conversion.kept] == [
        "《基础数据表》D5：填的数与按公式算出的不同，没有放回公式", "《计算过程》B4：填的数与按公式算出的不同，没有放回公式"]


@pytest.mark.parametrize(("stored", "expected"), [(0, 0), (None, "=")])
def test_a_nought_is_not_an_empty_cell(tmp_path: Path, stored: object, expected: object):
    """Over blank parts the formula of a total shows nothing; a typed 0 is a figure."""
    source = typed(written(tmp_path, "values", Filling(UNIT)), {("基础数据表", "C18"): stored})
    copy, _ = converted(source, "formula")
    found = cells(copy)["基础数据表", "C18"]
    assert found == expected or str(found).startswith("=") and expected == "="


def test_an_error_that_was_put_in_goes_on(tmp_path: Path):
    """Where an input is an error the formulas show one, and so does what they are turned into."""
    total, part = ("基础数据表", "C8"), ("基础数据表", "C9")
    source = typed(written(tmp_path, "formula", inputs_only(UNIT)), {("基础数据表", "B5"): "=1/0", part: "=1/0"})
    recalculated = libreoffice_recalc(source, tmp_path / "lo")
    copy, _ = converted(recalculated, "values")
    assert {cells(path, values)[cell] for path, values in ((recalculated, True), (copy, False)) for cell in (RATE, total)} == {"#DIV/0!"}


# -- as other programs leave them ---------------------------------------------------------------------------


def test_rows_inserted_and_sheets_renamed_in_a_program(tmp_path: Path):
    filling = inputs_only(UNIT)
    source = written(tmp_path, "addin", filling)
    moved = edited(source, tmp_path / "moved.xlsx", ("insert", "整体自评表", 1, 2), ("insert", "整体自评表", 18, 1),
                   ("insert", "基础数据表", 9, 1), ("insert", "基础数据表", 14, 2), ("rename", "项目1", "甲's 项目"))
    assert "=IF(OR(基础数据表!$D$8" in str(cells(moved)["计算过程", "B5"]) and "jx_control_rate" in str(cells(moved))
    copy, done = converted(moved, "formula")
    assert (done.formulas, done.conversion.kept) == (len(re.findall("=[^']*?jx_", str(cells(source)).lower())), [])
    assert not [value for value in cells(copy).values() if "jx_" in str(value).lower()]
    assert formulas_in(openpyxl.load_workbook(converted(moved, "values")[0])) == {}
    plan = write_workbook(tmp_path / "again.xlsx", load_ruleset(UNIT), "formula", filling=filling)
    truth, computed = decimals(plan, source), cells(libreoffice_recalc(copy, tmp_path / "lo"), values=True)
    calculated = {address: value for address, value in truth.items() if "计算过程" in address}
    assert len(calculated) > 8
    assert {address: value for address, value in calculated.items()
            if not agree(cell_value(computed.get(("计算过程", address.split("!")[1]), "")), value)} == {}


def test_rows_deleted_from_a_table(tmp_path: Path):
    source = written(tmp_path, "addin", Filling(UNIT, typed={Slot("基础数据", 1, "编制数"): "15", Slot("基础数据", 1, "在职人数"): "12"}))
    row = next(cell for (sheet, cell), value in cells(source).items() if sheet == "整体自评表" and value == "质量指标")
    number = int(re.sub(r"\D", "", row))
    shorter = edited(source, tmp_path / "shorter.xlsx", ("delete", "整体自评表", number, 1))
    copy, done = converted(shorter, "formula")
    assert (done.conversion.kept, cells(copy, values=True)[RATE]) == ([], 0.8)


def test_what_shared_a_formula_with_a_changed_cell_gets_its_own(tmp_path: Path):
    """Rate D5 is the first of a shared formula, as when it was drawn down over D6."""
    def share(text: str) -> str:
        formula = re.search(r'<c r="D5"[^>]*><f>(.*?)</f>', text)[1]
        text = text.replace(f"<f>{formula}</f>", f'<f t="shared" ref="D5:D6" si="3">{formula}</f>', 1)
        return re.sub(r'<c r="D6"([^>]*?)(?: t="\w+")?(?:/>|>.*?</c>)', r'<c r="D6"\1><f t="shared" si="3"/><v>7</v></c>', text)

    source = rewritten(written(tmp_path, "addin", inputs_only(UNIT)), {"xl/worksheets/sheet2.xml": share})
    assert 'si="3"' in parts(source)["xl/worksheets/sheet2.xml"].decode()
    copy, _ = converted(source, "formula")
    text = parts(copy)["xl/worksheets/sheet2.xml"].decode()
    assert "shared" not in text and "JX_CONTROL_RATE" in re.search(r'<c r="D6".*?</c>', text)[0]
    assert "JX_" not in re.search(r'<c r="D5".*?</c>', text)[0]


CHAIN = '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="D5" i="2"/></calcChain>'


@pytest.mark.parametrize(("edition", "kept"), [("formula", True), ("values", False)])
def test_the_list_of_formulas_goes_with_the_formulas(tmp_path: Path, edition: Edition, kept: bool):
    """Excel takes a chain that names a cell without a formula for damage."""
    source = rewritten(written(tmp_path, "addin", inputs_only(UNIT)), {
        "[Content_Types].xml": lambda text: text.replace("</Types>", '<Override PartName="/xl/calcChain.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>'),
        "xl/_rels/workbook.xml.rels": lambda text: text.replace("</Relationships>", '<Relationship Id="rIdC" Type="http://'
            'schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain" Target="calcChain.xml"/></Relationships>'),
    }, {"xl/calcChain.xml": CHAIN})
    copy, _ = converted(source, edition)
    assert ("xl/calcChain.xml" in parts(copy)) is kept
    assert (b"calcChain" in parts(copy)["[Content_Types].xml"] + parts(copy)["xl/_rels/workbook.xml.rels"]) is kept
    assert xml_errors(copy) == []


# -- what is refused ----------------------------------------------------------------------------------------


def without_sheet(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    del book["整体自评表"]
    book.save(path)


def without_name(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    del book["基础数据表"].defined_names["编制数"]
    book.save(path)


def with_a_column_moved(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["基础数据表"].defined_names["编制数"].attr_text = "'基础数据表'!$H$5"
    book.save(path)


@pytest.mark.parametrize(("break_it", "message"), [
    (without_sheet, "没有找到工作表“整体自评表”。没有转换，文件没有动。"),
    (without_name, "工作表《基础数据表》里“编制数”的位置找不到了（名称或所在的行被删除）。没有转换，文件没有动。"),
    (with_a_column_moved, "工作表《基础数据表》里“编制数”的位置对不上（H5），行列被移动过。没有转换，文件没有动。"),
])
def test_a_workbook_whose_cells_can_not_be_matched_is_refused(tmp_path: Path, break_it: Callable[[Path], None], message: str):
    source = written(tmp_path, "addin", inputs_only(UNIT))
    break_it(source)
    with pytest.raises(NotStanding) as refusal:
        converted(source, "formula")
    assert str(refusal.value).startswith(message)
    assert [path.name for path in tmp_path.iterdir()] == ["addin.xlsx"]


@pytest.mark.parametrize(("ruleset", "code"), [("", "not-our-template"), ("439999/2022", "unknown-ruleset")])
def test_a_workbook_that_is_none_of_ours_is_refused(tmp_path: Path, ruleset: str, code: str):
    source = typed(written(tmp_path, "addin", Filling(UNIT)), {("_jixiao", "B1"): ruleset})
    with pytest.raises(Unreadable) as refusal:
        converted(source, "formula")
    assert refusal.value.trouble.code == code
