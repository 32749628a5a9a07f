"""All hostile files in one folder beside honest ones: the call ends, every file is answered for, and what is written
is harmless."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import hostile_documents
import hostile_sheets
import hostile_texts
import hostile_zips
import openpyxl
import pytest
from hostile_case import COVER, clean_bytes, typed
from hostile_places import NAMES, put_names, put_other_things

from pyfuncs.workbook.collect import MARKED, collect

ROOT = Path(__file__).resolve().parents[2]
CASES = {**hostile_zips.CASES, **hostile_sheets.CASES, **hostile_documents.CASES, **hostile_texts.CASES}
SECONDS = 400
MEMORY = 3 * 2**30                                    # of address space, for all files together


@dataclass(frozen=True)
class Run:
    folder: Path
    out: Path
    status: int
    said: str
    told: str
    before: dict[str, str]


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())
            if path.is_file() and not path.is_symlink()}


# Runs `jixiao` under limits (statements that set them).
STARTED = "import resource, sys; {}; from pyfuncs.helper.cli import main; sys.exit(main(sys.argv[1:]))"


def validate(*arguments: str | Path, cwd: Path, limits: str = "") -> subprocess.CompletedProcess[bytes]:
    """`jixiao validate` in a process of its own."""
    return subprocess.run([sys.executable, "-c", STARTED.format(limits), "validate", *map(os.fspath, arguments)], cwd=cwd,
                          env=os.environ | {"PYTHONPATH": os.fspath(ROOT), "PYTHONIOENCODING": ""}, capture_output=True,
                          timeout=SECONDS)


def of_unit(number: int) -> bytes:
    """The honest workbook of one unit among many."""
    return typed(f"<is><t>第{number}中心</t></is>", "inlineStr", "C4", COVER)()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    base = tmp_path_factory.mktemp("batch")
    folder, out = base / "单位", base / "结果"
    folder.mkdir()
    for number, case in enumerate(CASES.values()):
        (folder / f"{number:03}{case.suffix}").write_bytes(case.make())
    put_names(folder, of_unit)
    put_other_things(folder, clean_bytes())
    before = hashes(folder)
    done = validate(folder, "--json", out / "a.json", "--xlsx", out / "审核报告.xlsx", "--html", out / "a.html",
                    "--mark", out / "标注", cwd=base, limits=f"resource.setrlimit(resource.RLIMIT_AS, ({MEMORY},) * 2)")
    return Run(folder, out, done.returncode, done.stdout.decode(), done.stderr.decode(), before)


def files(run: Run) -> dict[str, dict]:
    return {Path(one["path"]).name: one for one in json.loads((run.out / "a.json").read_text(encoding="utf-8"))["files"]}


def errors(file: dict) -> list[str]:
    return [finding["message"] for finding in file["findings"] if finding["severity"] == "error"]


def test_the_call_ends_as_it_should(run: Run):
    assert run.status == 1, run.told[-2000:]
    assert "Traceback" not in run.told and "程序出了错" not in run.said + run.told
    assert run.said.startswith("结论：须修改\n")


def test_no_original_was_changed(run: Run):
    assert hashes(run.folder) == run.before


def test_every_file_is_answered_for(run: Run):
    """Judged in the JSON, or named in a line that says why it was left out."""
    judged = files(run)
    for path in run.folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            continue
        name = path.name.encode("utf-8", "replace").decode()
        visible = re.sub(r"[^\w.]", "", name)[:20]
        assert name in judged or any(visible in re.sub(r"[^\w.]", "", line) for line in run.told.splitlines()), name


def test_honest_workbooks_pass_whatever_their_names_are(run: Run):
    judged = files(run)
    names = [f"{name}.xlsx".encode("utf-8", "replace").decode() for name in NAMES]
    assert {name: errors(judged[name]) for name in names} == {name: [] for name in names}
    assert all(len(judged[name]["items"]) > 200 for name in names)


def test_every_file_that_is_no_workbook_has_a_finding(run: Run):
    assert [name for name, one in files(run).items() if not one["items"] and not one["findings"]] == []


def test_what_is_printed_moves_no_cursor(run: Run):
    unseen = {char for char in run.said + run.told if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
              or unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")}
    assert unseen == {"\n"}


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src", "action", "data")}


def test_the_page_holds_no_script_and_leads_nowhere_else(run: Run):
    page = Page()
    page.feed((run.out / "a.html").read_text(encoding="utf-8"))
    assert page.elements & {"script", "iframe", "object", "embed", "form", "img", "link", "base", "svg"} == set()
    assert [name for name in page.attributes if name.startswith("on")] == []
    assert [address for address in page.addresses if not address.startswith(("#", "./", "../"))] == []
    assert len(page.addresses) > len(NAMES)


def live_parts(path: Path) -> list[str]:
    """Formulas, and links out of the package, in a workbook of ours."""
    with zipfile.ZipFile(path) as archive:
        found = [f"{name}: {match.decode(errors='replace')[:80]}" for name in archive.namelist()
                 if name.startswith("xl/worksheets/") and name.endswith(".xml")
                 for match in re.findall(rb"<f[ >].*?</f>", archive.read(name))]
        for name in archive.namelist():
            if name.endswith(".rels"):
                found += [f"{name}: {target.decode()}" for target in re.findall(rb'Target="([^"]*)"', archive.read(name))
                          if re.match(rb"(?!file:)[a-z]+:|file:/|[\\/]{2}", target, re.IGNORECASE)]
        return found


def test_the_report_opens_and_holds_no_formula(run: Run):
    report = run.out / "审核报告.xlsx"
    assert live_parts(report) == []
    book = openpyxl.load_workbook(report)
    texts = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(text.startswith("=HYPERLINK") for text in texts)


def test_marked_copies_open_and_hold_no_formula_of_ours(run: Run):
    """Each formula of a marked copy is one of the original; a copy of what is no workbook has none."""
    marked = sorted((run.out / "标注").glob("*.xlsx"))
    assert len(marked) > len(NAMES)
    for path in marked:
        stem = path.stem.partition(MARKED)[0]
        if stem[:3].isdecimal():                      # of no other can the source be told from the name of the copy
            [source] = run.folder.glob(f"{stem}.*")
            assert set(formulas(path)) <= set(formulas(source) if zipfile.is_zipfile(source) else ()), path


def test_marked_copies_are_known_as_such(run: Run):
    """In the folder of the units they would be taken for what units filed."""
    found = collect([run.out / "标注"])
    assert (found.files, len(found.skipped)) == ((), len(list((run.out / "标注").iterdir())))


def formulas(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        return [match for name in archive.namelist() if name.lower().startswith("xl/worksheets/")
                for match in re.findall(rb"<f[ >].*?</f>", archive.read(name), re.DOTALL)]
