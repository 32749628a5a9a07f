"""What setup.exe and the portable zip are made of; that setup.exe works is told by tests/windows."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "build"))

import bundle  # noqa: E402
import installer  # noqa: E402
import sign  # noqa: E402
from environment import SetupProblem  # noqa: E402

FORM = ROOT / "workbook_templates" / "430400-2022" / "衡阳市2022年度绩效自评表-公式版.xlsx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A program folder of three files and its seal."""
    made = tmp_path / bundle.NAME
    for path, data in {"jixiao.exe": b"MZ", "_internal/a$b c.txt": b"1", "表样/430400-2022/表.xlsx": FORM.read_bytes(),
                       "files.json": b"{}"}.items():
        (made / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).write_bytes(data)
    return made


def test_a_form_becomes_a_template_and_is_else_the_same(tmp_path: Path):
    target = tmp_path / "表.xltx"
    target.write_bytes(installer.as_template(FORM))
    with zipfile.ZipFile(FORM) as before, zipfile.ZipFile(target) as after:
        assert before.namelist() == after.namelist()
        assert [name for name in before.namelist() if before.read(name) != after.read(name)] == ["[Content_Types].xml"]
    assert [openpyxl.load_workbook(path).template for path in (FORM, target)] == [False, True]


def test_the_portable_zip_holds_every_file_and_how_to_use_it(folder: Path, tmp_path: Path):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    one, other = (installer.portable(folder, tmp_path / f"{name}.zip").read_bytes() for name in "ab")
    assert one == other
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        inside = {name.removeprefix(f"{bundle.NAME}/"): archive.read(name) for name in archive.namelist()}
    beside = {"files.json", "便携版说明.txt"}
    assert inside.keys() == {"jixiao.exe", "_internal/a$b c.txt", "表样/430400-2022/表.xltx"} | beside
    assert json.loads(inside["files.json"])["files"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in inside.items() if name not in beside}
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_what_is_no_program_folder_is_refused(tmp_path: Path):
    with pytest.raises(SetupProblem, match="不是打包好的程序文件夹：里面没有 files.json"):
        installer.setup(tmp_path, tmp_path / "setup.exe")


def test_the_lists_name_every_file_for_all_that_is_done_with_it(folder: Path, tmp_path: Path):
    paths = [Path("_internal/a$b c.txt"), Path("jixiao.exe"), Path("表样/430400-2022/表.xltx")]
    installer.write_lists(folder, paths, tmp_path)
    lists = {path.stem: path.read_text(encoding="utf-8-sig").splitlines() for path in tmp_path.glob("*.nsh")}
    assert lists == {
        "stage": ['SetOutPath "$INSTDIR\\~jixiao\\_internal"', f'File "{folder}/_internal/a$b c.txt"',
                  'SetOutPath "$INSTDIR\\~jixiao"', f'File "{folder}/jixiao.exe"', 'SetOutPath "$INSTDIR\\~jixiao\\表样\\430400-2022"',
                  f'File "{folder}/表样/430400-2022/表.xltx"'],
        "place": ['CreateDirectory "$INSTDIR\\_internal"', 'CreateDirectory "$INSTDIR\\表样"',
                  'CreateDirectory "$INSTDIR\\表样\\430400-2022"', 'Push "_internal\\a$$b c.txt"', "Call Place",
                  'Push "jixiao.exe"', "Call Place", 'Push "$INSTDIR\\表样\\430400-2022\\表.xltx"', "Call MakeRoom",
                  'Push "表样\\430400-2022\\表.xltx"', "Call Place", 'Push "uninstall.exe"', "Call Place"],
        "probe": ['Push "_internal\\a$$b c.txt"', "Call ${PREFIX}Probe", 'Push "jixiao.exe"', "Call ${PREFIX}Probe",
                  'Push "表样\\430400-2022\\表.xltx"', "Call ${PREFIX}Probe"],
        "remove": ['Delete "$INSTDIR\\_internal\\a$$b c.txt"', 'Delete "$INSTDIR\\jixiao.exe"',
                   'Push "$INSTDIR\\表样\\430400-2022\\表.xltx"', "Call ${PREFIX}RemoveDocument",
                   'RMDir "$INSTDIR\\表样\\430400-2022"', 'RMDir "$INSTDIR\\表样"', 'RMDir "$INSTDIR\\_internal"'],
        "templates": ['SetOutPath "$FormsFolder\\430400-2022"', 'Push "$FormsFolder\\430400-2022\\表.xltx"',
                      "Call MakeRoom", f'File "{folder}/表样/430400-2022/表.xltx"'],
        "templates_off": ['Push "$FormsFolder\\430400-2022\\表.xltx"', "Call ${PREFIX}RemoveDocument",
                          'RMDir "$FormsFolder\\430400-2022"'],
    }


def test_every_exit_code_is_documented():
    script = (ROOT / "build" / "installer" / "jixiao.nsi").read_text(encoding="utf-8")
    codes = set(re.findall(r"!define EXIT_\w+ (\d+)", script))
    told = set(re.findall(r"^\| (\d\d) \|", (ROOT / "docs" / "install.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert told == codes and len(codes) == 6


def test_no_sentence_stands_outside_the_file_of_sentences():
    for name in ("jixiao.nsi", "checks.nsh", "choices.nsh", "excel.nsh", "templates.nsh"):
        text = (ROOT / "build" / "installer" / name).read_text(encoding="utf-8")
        assert re.findall(r"[，。；]|请", text) == [], name


def test_a_certificate_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("JIXIAO_CERTIFICATE", raising=False)
    assert sign.certificate() is None
    monkeypatch.setenv("JIXIAO_CERTIFICATE", str(tmp_path / "没有.pfx"))
    with pytest.raises(SetupProblem, match="没有这个证书文件：.*没有.pfx"):
        sign.sign(tmp_path / "a.exe")
