"""The program folder as it is built here: what is in it, what must not be, and that it works like the sources."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
from libreoffice_office import virtual_screen
from PyInstaller.archive.readers import CArchiveReader, ZlibArchiveReader

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "build"))

import bundle as recipe  # noqa: E402
import licences  # noqa: E402
from bundle_contents import PROGRAMS, package_modules, pinned  # noqa: E402

from pyfuncs import __version__  # noqa: E402
from pyfuncs.helper.cli import COMMANDS  # noqa: E402

FILED = "1 各单位填报的表"
SOURCES = [sys.executable, "-m", "pyfuncs.helper.cli"]
Archives = dict[str, ZlibArchiveReader]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once, into a folder as a clerk has them."""
    return recipe.build("linux", tmp_path_factory.mktemp("bundle") / "我的 工具" / recipe.NAME)


@pytest.fixture(scope="module")
def archives(folder: Path) -> Archives:
    """The modules in each program."""
    return {name: CArchiveReader(str(folder / name)).open_embedded_archive("PYZ.pyz") for name in PROGRAMS}


@pytest.fixture(scope="module")
def run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A program of the bundle, in an environment that knows of no Python."""
    home = tmp_path_factory.mktemp("home")
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C", "JIXIAO_LOG": str(home / "a.log")}

    def start(program: str | Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(folder / program), *map(str, arguments)], cwd=home, env=environment, timeout=120,
                              stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8")

    return start


@pytest.fixture(scope="module")
def demo(run: Callable, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `jixiao demo` of the bundle wrote."""
    base = tmp_path_factory.mktemp("demo")
    done = run("jixiao", "demo", "-o", base)
    assert done.returncode == 0, done.stderr
    [made] = base.iterdir()
    return made


# -- what is in it ----------------------------------------------------------------------------------

def test_the_folder_holds_what_was_agreed(folder: Path):
    assert sorted(path.name for path in folder.iterdir()) == sorted([
        *PROGRAMS, "_internal", "addin", "表样", "手册", "许可", "LICENSE", "files.json"])
    templates = ROOT / "workbook_templates"
    assert _same(folder / "表样", templates) and _same(folder / "_internal" / "pyfuncs" / "rulesets",
                                                     ROOT / "pyfuncs" / "rulesets")
    for name, source in {"jixiao.xlam": "excel", "jixiao.oxt": "libreoffice"}.items():
        assert (folder / "addin" / name).read_bytes() == (ROOT / "addin" / source / name).read_bytes()
    pages = {path.relative_to(folder / "手册").as_posix() for path in (folder / "手册").rglob("*.html")}
    assert {"使用手册.html", "检查单.html", "checks.html", "functions/JX_SCORE.html", "rulesets/430400-2022.html"} <= pages


def test_files_json_names_every_file_and_its_content(folder: Path):
    seal = json.loads((folder / "files.json").read_text(encoding="utf-8"))
    assert seal["version"] == __version__
    assert seal["files"] == {name: _digest(path) for name, path in _files(folder).items() if name != "files.json"}


def test_every_module_of_ours_is_in_each_program_and_nothing_of_unknown_origin(archives: Archives):
    packages = licences.installed([*pinned(), "pyinstaller"])
    tops = {Path(file.parts[0]).stem for one in packages.values() for file in one.files or ()}
    for name, archive in archives.items():
        assert set(package_modules()) <= set(archive.toc), name
        known = tops | sys.stdlib_module_names | {"pyfuncs", sysconfig._get_sysconfigdata_name()}
        assert {module.partition(".")[0] for module in archive.toc} - known == set(), name


def test_nothing_is_in_it_that_may_not_be_passed_on(folder: Path, archives: Archives):
    """Nor what no clerk needs: it would be there by accident, of what is installed for the tests."""
    unwanted = ("xlwings.pro", "xlwings.reports", "xlwings.rest", "xlwings.server", "pythonwin", "win32ui", "readline",
                "_gdbm", "lxml.isoschematron", "pytest", "hypothesis", "dask", "pyarrow", "PyInstaller", "setuptools",
                "unittest")
    for name, archive in archives.items():
        held = [module for module in archive.toc if any(f"{module}.".startswith(f"{one}.") for one in unwanted)]
        assert held == [], name
    files = "\n".join(_files(folder)).lower()
    for part in ("xlwingslib", "xlwings/pro", "readline", "gdbm", "pythonwin", "mfc140", "isoschematron", "/tests/"):
        assert part not in files, part


def test_docxtpl_is_there_as_files_that_can_be_replaced(folder: Path, archives: Archives, run: Callable, demo: Path,
                                                        tmp_path: Path):
    """The LGPL asks for it. They are used."""
    assert not [module for module in archives["jixiao"].toc if module.partition(".")[0] == "docxtpl"]
    source = licences.installed(["docxtpl"])["docxtpl"].locate_file("docxtpl/template.py")
    assert (folder / "_internal" / "docxtpl" / "template.py").read_bytes() == Path(source).read_bytes()
    [unit] = (demo / FILED).glob("衡阳*.xlsx")
    done = run("jixiao", "report", unit, "-o", tmp_path / "自评报告.docx")
    assert done.returncode == 1 and (tmp_path / "自评报告.docx").read_bytes()[:2] == b"PK", done.stderr


def test_the_licence_of_everything_is_told_twice(folder: Path):
    text = (folder / "许可" / "第三方许可.txt").read_text(encoding="utf-8")
    bill = json.loads((folder / "许可" / "sbom.json").read_text(encoding="utf-8"))
    head = text.partition("=" * 80)[0]
    listed = {line.strip().partition("　")[0] for line in head.splitlines() if line.startswith("  ")}
    assert listed == {f"{one['name']} {one.get('version', '')}".strip() for one in bill["components"]}
    packaged = {one["purl"].split("/")[1].split("@")[0] for one in bill["components"] if "purl" in one}
    assert packaged == pinned() | {"pyinstaller"}
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "jixiao"


def test_a_library_of_unknown_origin_stops_the_build(folder: Path, tmp_path: Path):
    (tmp_path / "_internal").mkdir()
    shutil.copy(folder / "_internal" / "libz.so.1", tmp_path / "_internal" / "libodd.so.1")
    packages = licences.installed(pinned())
    with pytest.raises(licences.SetupProblem, match="_internal/libodd.so.1：不知道是谁的"):
        licences.parts(tmp_path, "linux", packages, {})


def test_the_same_sources_give_the_same_bytes(folder: Path, tmp_path: Path):
    """Wherever they lie, whoever builds."""
    copy = tmp_path / "另一处 源码"
    ignored = shutil.ignore_patterns("__pycache__", ".*", "tests", "dist", "规则集")
    shutil.copytree(ROOT, copy, ignore=ignored)
    shutil.copytree(ROOT / "tests" / "manual", copy / "tests" / "manual")
    environment = {**os.environ, "PYTHONPATH": str(copy), "LC_ALL": "C", "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, str(copy / "build" / "bundle.py")], env=environment, cwd=tmp_path,
                          capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    again = copy / "dist" / "linux" / recipe.NAME
    assert {name: _digest(path) for name, path in _files(again).items()} == {
        name: _digest(path) for name, path in _files(folder).items()}


# -- that it works ----------------------------------------------------------------------------------

def test_it_says_which_version_it_is_and_prints_chinese_into_any_pipe(run: Callable):
    done = run("jixiao", "--version")
    assert (done.returncode, done.stdout) == (0, f"绩效自评工具箱 {__version__}\n")


def test_all_three_read_and_write_utf_8(folder: Path):
    """Whatever code page a clerk's Windows has; here it would be so by itself."""
    for name in PROGRAMS:
        assert "X utf8" in CArchiveReader(str(folder / name)).options


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_found_by_its_name(run: Callable, command: str):
    done = run("jixiao", command, "--help")
    assert done.returncode == 0 and done.stdout.startswith(f"用法：jixiao {command}"), done.stderr


def test_the_demo_gives_what_it_gives_from_the_sources(demo: Path, tmp_path: Path):
    subprocess.run([*SOURCES, "demo", "-o", str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    [here] = tmp_path.iterdir()
    assert _files(demo).keys() == _files(here).keys()
    for name in ("审核结果.json", "汇总结果.json"):
        texts = [(base / name).read_text(encoding="utf-8").replace(str(base), "") for base in (demo, here)]
        assert texts[0] == texts[1]


def test_worker_processes_find_what_the_sources_find(run: Callable, demo: Path, tmp_path: Path):
    """Ten files: more than are read in one process. Each worker is the program once more."""
    units = tmp_path / "报送"
    units.mkdir()
    for path in (demo / FILED).iterdir():
        for copy in ("甲", "乙"):
            shutil.copy(path, units / f"{copy}-{path.name}")
    done = run("jixiao", "validate", units, "--json", tmp_path / "there.json")
    assert done.returncode == 1, done.stderr
    subprocess.run([*SOURCES, "validate", str(units), "--json", str(tmp_path / "here.json")], cwd=ROOT,
                   capture_output=True)
    there, here = (json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8")) for name in ("there", "here"))
    assert there == here and len(there["files"]) == 10
    totals = []
    for jobs in ("1", "2"):
        done = run("jixiao", "consolidate", units, "--jobs", jobs, "--include-rejected",
                   "-o", tmp_path / f"{jobs}.xlsx", "--json", tmp_path / f"{jobs}.json")
        assert done.returncode in (0, 1), done.stderr
        totals.append(json.loads((tmp_path / f"{jobs}.json").read_text(encoding="utf-8"))["totals"])
    assert totals[0] == totals[1] != []


def test_rule_sets_beside_the_program_are_found(run: Callable, folder: Path, tmp_path: Path):
    own = folder / "规则集" / "990000"
    own.mkdir(parents=True)
    try:
        text = (ROOT / "pyfuncs" / "rulesets" / "430400" / "2022.json").read_text(encoding="utf-8")
        (own / "2022.json").write_text(text.replace("430400/2022", "990000/2022"), encoding="utf-8")
        shutil.copytree(ROOT / "pyfuncs" / "rulesets" / "430400" / "2022", own / "2022")
        yaml = own / "2022" / "ruleset.yaml"
        yaml.write_text(yaml.read_text(encoding="utf-8").replace("430400", "990000"), encoding="utf-8")
        assert "990000/2022" in run("jixiao", "rulesets", "list").stdout
    finally:
        shutil.rmtree(folder / "规则集")


def test_the_window_opens(folder: Path, tmp_path: Path):
    with virtual_screen() as display:
        environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "DISPLAY": display}
        with subprocess.Popen([folder / "jixiao-window"], cwd=tmp_path, env=environment,
                              stderr=subprocess.PIPE) as window:
            try:
                subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--class", "Jixiao"], env=environment,
                               check=True, timeout=60, capture_output=True)
                assert window.poll() is None
            finally:
                window.terminate()
            assert window.stderr.read() == b""


def test_the_function_server_serves_nothing_but_a_class_id(run: Callable):
    done = run("jixiao-server", "-c", "print(1)")
    assert (done.returncode, done.stdout) == (2, "") and "由加载项启动" in done.stderr


def test_its_modules_are_read_from_the_program_alone(run: Callable, folder: Path, tmp_path: Path):
    """A pyfuncs that lies where a user works is no program of ours."""
    (tmp_path / "pyfuncs").mkdir()
    (tmp_path / "pyfuncs" / "__init__.py").write_text("raise SystemExit('taken from the current folder')")
    done = subprocess.run([folder / "jixiao", "--version"], cwd=tmp_path, capture_output=True, text=True,
                          encoding="utf-8", env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path)})
    assert done.stdout == f"绩效自评工具箱 {__version__}\n"


def _files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _same(folder: Path, source: Path) -> bool:
    here, there = _files(folder), _files(source)
    return here.keys() == there.keys() and all(path.read_bytes() == there[name].read_bytes()
                                               for name, path in here.items())
