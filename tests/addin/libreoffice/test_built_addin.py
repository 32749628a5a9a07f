"""The checked-in jixiao.oxt: what it declares, what it carries, and that the builder makes just this file."""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from libreoffice_office import ADDIN, ROOT

from pyfuncs import __version__
from pyfuncs.udfs import FUNCTIONS

sys.path.insert(0, str(ROOT / "build"))
import libreoffice_addin

NAME = "{http://openoffice.org/2001/registry}name"
# Everything the functions need, in an interpreter that has nothing installed, under the add-in's own name for it.
_PROBE = """
import importlib, importlib.util, json, sys
folder, name = sys.argv[1:]
spec = importlib.util.spec_from_file_location(name, folder + "/__init__.py", submodule_search_locations=[folder])
sys.modules[name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules[name])
importlib.import_module(name + ".function_log")
functions = importlib.import_module(name + ".udfs").FUNCTIONS
answers = [functions[called].call(*cells) for called, cells in json.load(sys.stdin)]
print(json.dumps([answers, [module.__file__ for own, module in sys.modules.items() if own.split(".")[0] == name]]))
"""


@pytest.fixture
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(ADDIN) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_file_is_what_the_builder_makes_twice_over():
    made = libreoffice_addin.extension()
    assert made == libreoffice_addin.extension()
    assert ADDIN.read_bytes() == made, "python build/libreoffice_addin.py"


def test_dates_and_order_in_it_are_fixed(parts):
    with zipfile.ZipFile(io.BytesIO(libreoffice_addin.extension())) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(parts)
    assert {(entry.date_time, entry.create_system, entry.external_attr) for entry in entries} == {
        ((2020, 1, 1, 0, 0, 0), 3, 0o644 << 16)}


def test_it_declares_each_function_once_with_its_help(parts):
    interface = re.findall(r"(any|sequence< sequence<any> >) (JX_\w+)\((.*?)\);", parts["functions.idl"].decode())
    assert [(name, len(arguments.split(", ")) if arguments else 0) for _, name, arguments in interface] == [
        (name, len(function.arguments)) for name, function in FUNCTIONS.items()]
    assert {name for kind, name, _ in interface if kind != "any"} == {"JX_SCORE"}
    assert {name for _, name, arguments in interface if arguments.split(", ")[-1].startswith("[in] sequence")} == {
        name for name, function in FUNCTIONS.items() if function.arguments and function.arguments[-1].repeated}
    found = {}
    for node in ElementTree.fromstring(parts["CalcAddIns.xcu"]).iter("node"):
        if node.get(NAME).startswith("JX_"):
            names = [value(node, prop) for prop in ("DisplayName", "CompatibilityName", "Description")]
            found[node.get(NAME)] = [*names, [value(argument, "Description") for argument in node.find("node")]]
    assert found == {name: [name, name, function.help, [argument.help for argument in function.arguments]]
                     for name, function in FUNCTIONS.items()}
    assert f'<version value="{__version__}"/>' in parts["description.xml"].decode()


def value(node: ElementTree.Element, name: str) -> str:
    [prop] = [prop for prop in node.findall("prop") if prop.get(NAME) == name]
    return prop.find("value").text


def test_the_component_reads_in_an_old_python(parts):
    """It says there that the functions need a newer one."""
    ast.parse(parts["component.py"].decode(), feature_version=(3, 6))


def test_help_with_angle_brackets_stays_text():
    [function] = [replace(FUNCTIONS["JX_VERSION"], help="1 < 2 & 3")]
    assert "<value xml:lang=\"en-US\">1 &lt; 2 &amp; 3</value>" in libreoffice_addin.declarations([function])


def test_it_carries_what_the_functions_load_and_nothing_else(parts, tmp_path: Path):
    """Found by calling every function with nothing but the add-in's own files to import from."""
    calls = [["JX_CONTROL_RATE", [1, 2]], ["JX_CHANGE_RATE", [1, 2]], ["JX_COMPLETION_RATE", [1, 2, 3, 1]],
             ["JX_ADJUSTMENT_RATE", [1, 2]], ["JX_EXECUTION_RATE", [1, 2]], ["JX_UTILISATION_RATE", [1, 2]],
             ["JX_SATISFACTION", [0.9, 1]], ["JX_RATE", ["430400/2022", "人员控制率", 12, 15]],
             ["JX_SCORE", ["433100/2021", "预算完成率得分", 0.8502]], ["JX_INDICATOR_SCORE", ["≥4次", 3, 10]],
             ["JX_WEIGHTED_SCORE", [10, 8]], ["JX_GRADE", ["430400/2022", 92.5]],
             ["JX_CHECK", ["430400/2022", "KB-03", 1, 2]],
             ["JX_EXPLAIN", ["430400/2022", "人员控制率", 12, 15]], ["JX_WAN", [20000]], ["JX_VERSION", []]]
    assert [name for name, _ in calls] == list(FUNCTIONS)
    with zipfile.ZipFile(ADDIN) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "pyfuncs"
    done = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", _PROBE, str(folder), "jixiao_pyfuncs"],
                          cwd=tmp_path, input=json.dumps(calls), capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    answers, loaded = json.loads(done.stdout)
    assert answers == [FUNCTIONS[name].call(*cells) for name, cells in calls]
    assert {Path(path).relative_to(tmp_path).as_posix() for path in loaded} == {
        name for name in parts if name.startswith("pyfuncs/") and name.endswith(".py")}
    assert {name for name in parts if name.endswith(".json")} == {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "pyfuncs" / "rulesets").glob("*/*.json")}


def test_check_tells_a_file_that_is_out_of_date(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(libreoffice_addin, "ROOT", tmp_path)
    monkeypatch.setattr(libreoffice_addin, "TARGET", tmp_path / "jixiao.oxt")
    monkeypatch.setattr(libreoffice_addin, "extension", lambda: b"new")
    monkeypatch.setattr("sys.argv", ["libreoffice_addin.py", "--check"])
    assert libreoffice_addin.main() == 1 and capsys.readouterr().out == "需要重新生成：jixiao.oxt\n"
    assert not (tmp_path / "jixiao.oxt").exists()
    monkeypatch.setattr("sys.argv", ["libreoffice_addin.py"])
    assert libreoffice_addin.main() == 0 and (tmp_path / "jixiao.oxt").read_bytes() == b"new"
    monkeypatch.setattr("sys.argv", ["libreoffice_addin.py", "--check"])
    assert libreoffice_addin.main() == 0
