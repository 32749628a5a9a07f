"""The file jixiao.xlam: made from its sources alone, well formed, and with nothing in it that harms."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pyopenvba
import pytest
from excel_bench import ADDIN, module_kind, plain_texts
from oletools.olevba import VBA_Parser
from validator import xml_errors

from pyfuncs import __version__
from pyfuncs.udfs import FUNCTIONS, Argument, CellFunction
from pyfuncs.udfs_excel import CATEGORY

ROOT = Path(__file__).resolve().parents[3]
VBA = ADDIN.parent / "vba"
# What would start a program, run text as code, or reach the network.
HARMFUL = r"(?i)\b(shell\w*|wscript\w*|createobject|getobject|cmd(\.exe)?|powershell|evaluate|executeexcel4macro|" \
          r"callbyname|run\s*\"|http\w*|url\w*|winhttp|sendkeys|vbproject|activeworkbook\.(path|fullname|name))\b"


def build(name: str):
    sys.path.insert(0, str(ROOT / "build"))
    try:
        spec = importlib.util.spec_from_file_location(f"build_{name}", ROOT / "build" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(ROOT / "build"))


excel_addin, excel_vba = build("excel_addin"), build("excel_vba")


def test_the_file_is_what_its_sources_make():
    assert ADDIN.read_bytes() == excel_addin.addin(), "请运行：python3 build/setup.py addins"


def test_another_process_makes_the_same_bytes():
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai"}
    done = subprocess.run([sys.executable, "build/excel_addin.py", "--check"], cwd=ROOT, env=environment,
                          capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_check_tells_a_file_that_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setattr(excel_addin, "ADDIN", tmp_path / "jixiao.xlam")
    monkeypatch.setattr(sys, "argv", ["excel_addin.py", "--check"])
    assert (excel_addin.main(), (tmp_path / "jixiao.xlam").exists()) == (1, False)
    monkeypatch.setattr(sys, "argv", ["excel_addin.py"])
    assert (excel_addin.main(), (tmp_path / "jixiao.xlam").read_bytes()) == (0, ADDIN.read_bytes())


def test_the_schema_and_the_project_are_sound():
    assert xml_errors(ADDIN) == []
    report = pyopenvba.check_file(ADDIN)
    assert (report.ok, report.issues) == (True, ())


def test_a_damaged_project_is_told(tmp_path: Path):
    with ZipFile(ADDIN) as package, ZipFile(tmp_path / "cut.xlam", "w") as cut:
        for name in package.namelist():
            data = package.read(name)
            cut.writestr(name, data[:-4000] if name == "xl/vbaProject.bin" else data)
    assert not pyopenvba.check_file(tmp_path / "cut.xlam").ok


def test_it_is_an_add_in_whose_parts_carry_the_names_vba_knows():
    with ZipFile(ADDIN) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        types = package.read("[Content_Types].xml").decode()
        assert ('PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.addin.macroEnabled.main+xml"'
                in types)
        names = re.findall(r'(?:workbookPr|sheetPr)\b[^>]* ?codeName="(\w+)"', "".join(
            package.read(part).decode() for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml")))
        assert names == ["ThisWorkbook", "Sheet1"]
        assert package.read("docProps/core.xml").decode().count("creator") == 0


def read_back() -> dict[str, str]:
    parser = VBA_Parser(str(ADDIN))
    try:
        return {Path(name).stem: code for _, _, name, code in parser.extract_all_macros()}
    finally:
        parser.close()


def test_other_eyes_read_every_module_as_it_was_written():
    written = {path.stem: path.read_bytes().decode("ascii") for path in VBA.iterdir()}
    written["JxFunctions"] = excel_vba.function_module(FUNCTIONS.values())
    found = read_back()
    assert {name: code for name, code in found.items() if name != "Sheet1"} == written
    assert set(found) == {*written, "Sheet1"}
    assert "Option" not in found["Sheet1"]              # Excel's own, without code


def test_sources_are_ascii_with_the_line_ends_the_editor_wants():
    for path in VBA.iterdir():
        data = path.read_bytes()
        assert data.isascii() and data.count(b"\n") == data.count(b"\r\n") and data.endswith(b"\r\n"), path.name
        assert data.startswith(f'Attribute VB_Name = "{path.stem}"'.encode()), path.name
        assert max(map(len, data.split(b"\r\n"))) <= 120, path.name


def test_nothing_starts_a_program_or_runs_text():
    for name, code in read_back().items():
        assert re.findall(HARMFUL, code) == [], name
    parser = VBA_Parser(str(ADDIN))
    try:
        suspicious = {keyword for kind, keyword, _ in parser.analyze_macros() if kind == "Suspicious"}
    finally:
        parser.close()
    # A library, the log file and the developer's environment variable; texts that look encoded are class ids.
    assert suspicious == {"Lib", "Open", "Output", "Print #", "MkDir", "Environ", "Hex Strings", "Base64 Strings"}


@pytest.mark.parametrize("line", ["Shell x", 'CreateObject("WScript.Shell")', 'x = "cmd.exe /c"',
                                  "Application.Evaluate(t)"])
def test_a_planted_harm_is_told(line: str):
    assert re.search(HARMFUL, line)


def test_libraries_are_declared_only_where_the_tests_put_a_stand_in():
    declaring = {name for name, code in read_back().items() if re.search(r"(?m)^\s*(Private )?Declare ", code)}
    assert declaring == {"JxNative"}


def test_the_library_is_the_one_of_the_locked_xlwings():
    locked = re.search(r"(?m)^xlwings==([\d.]+)", (ROOT / "requirements.lock").read_text(encoding="utf-8")).group(1)
    named = set(re.findall(r"xlwings(?:32|64)-([\d.]+)\.dll", read_back()["JxNative"]))
    assert named == {locked}


def test_the_hidden_sheet_holds_the_words_of_the_declarations():
    wanted = {"category": CATEGORY}
    for function in FUNCTIONS.values():
        wanted[function.name] = function.help
        wanted |= {f"{function.name}/{i}": argument.help for i, argument in enumerate(function.arguments, 1)}
    held = plain_texts()
    assert {key: held[key] for key in wanted} == wanted
    assert __version__ in held["about"] and not any("{version}" in text for text in held.values())


def declared(*arguments: tuple[str, bool, bool]) -> CellFunction:
    return CellFunction("JX_TRY", lambda *cells: 0, "试",
                        tuple(Argument(name, "数", *rest) for name, *rest in arguments))


def test_a_new_declaration_is_a_new_vba_function():
    source = excel_vba.function_module([declared(("first", False, False), ("second", True, False))])
    assert source.endswith(
        "\r\n\r\nPublic Function JX_TRY(ByVal first As Variant, Optional ByVal second As Variant) As Variant"
        '\r\n    JX_TRY = Server.CellValue("JX_TRY", Array(first, second))\r\nEnd Function\r\n')
    source = excel_vba.function_module([declared(("first", False, False), ("others", False, True))])
    assert "JX_TRY(ByVal first As Variant, ParamArray others() As Variant) As Variant" in source
    with pytest.raises(ValueError, match="JX_TRY"):
        excel_vba.function_module([declared(("first", True, False), ("others", False, True))])


def test_only_the_document_modules_and_classes_are_other_than_standard():
    kinds = {name: module_kind(name) != "standard" for name in read_back()}
    assert kinds == {name: not code.startswith(f'Attribute VB_Name = "{name}"\r\nOption')
                     for name, code in read_back().items()}
