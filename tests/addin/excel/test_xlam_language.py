"""What VBA's compiler would refuse: names nobody declared, members nobody has, texts that are not there."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from excel_bench import Native, module_kind, plain_texts, readable, sources
from pyopenvba.apps.excel._bridge import ExcelBridge
from pyopenvba.apps.excel._model import Application
from pyopenvba.interpreter import _ast as ast
from pyopenvba.interpreter import parse_module
from pyopenvba.interpreter._inventory import member_exists
from pyopenvba.interpreter._runtime import UNRESOLVED, _load_intrinsics

PARSED = {name: parse_module(readable(source), name=name, kind=module_kind(name))
          for name, source in sources().items()}
PARTS = {"native": "JxNative", "texts": "JxTexts", "arguments": "JxArguments", "places": "JxPlaces",
         "server": "JxServer", "spelling": "JxSpelling", "binding": "JxBinding", "rulesets": "JxRuleSets",
         "help": "JxHelp", "events": "JxEvents"}
EXCEL_TYPES = {"workbook": "Workbook", "worksheet": "Worksheet", "range": "Range", "application": "Application"}
TYPES = {"variant", "string", "long", "longptr", "integer", "boolean", "date", "object", "collection",
         *EXCEL_TYPES, *(name.lower() for name in PARSED)}
KNOWN_TO_VBA = {"err", "me", "vberror", "strptr", "environ$", "environ", "freefile", "filelen", "strconv", "array",
                "cverr", "iif"}
BRIDGE = ExcelBridge(Application())


def nodes(thing: Any) -> Iterator[Any]:
    if dataclasses.is_dataclass(thing):
        yield thing
        for field in dataclasses.fields(thing):
            yield from nodes(getattr(thing, field.name))
    elif isinstance(thing, list | tuple):
        for item in thing:
            yield from nodes(item)


def module_names(module: ast.Module, *, public: bool) -> dict[str, str]:
    """Names that the module declares and the type of each, "" where it does not matter."""
    found = {each.name.lower(): "" for each in module.procedures if not public or each.scope != "private"}
    for group in module.variables:
        if not public or group.scope in ("public", "global"):
            found |= {each.name.lower(): each.declared.lower() for each in group.decls}
    if not public:
        found |= {each.name.lower(): "" for each in module.declares}
        found |= {name.lower(): "" for group in module.constants for name, _, _ in group.names}
    return found


def local_names(procedure: ast.Procedure) -> dict[str, str]:
    found = {each.name.lower(): each.declared.lower() for each in procedure.params}
    for node in nodes(procedure.body):
        if isinstance(node, ast.Dim | ast.ReDim):
            for each in node.decls:
                found.setdefault(each.name.lower(), each.declared.lower())
    return found


PROJECT = {name: kind for each in PARSED.values() if module_kind(each.name) == "standard"
           for name, kind in module_names(each, public=True).items()}


def host_knows(name: str) -> bool:
    return (name in KNOWN_TO_VBA or name.rstrip("$") in _load_intrinsics() or BRIDGE.has_global_member(name)
            or BRIDGE.constant(name) is not UNRESOLVED or name in ("application", "thisworkbook", "jxaddin"))


def mistakes(module: ast.Module) -> list[str]:
    """Undeclared names, unknown types and members that do not exist, each with its procedure."""
    found = []
    own = module_names(module, public=False)
    for procedure in module.procedures:
        types = PROJECT | own | local_names(procedure)
        where = f"{module.name}.{procedure.name}"
        found += [f"{where}: type {kind}" for kind in types.values() if kind and kind not in TYPES]
        for node in nodes(procedure.body):
            if isinstance(node, ast.Name) and not (node.name.lower() in types or host_knows(node.name.lower())):
                found.append(f"{where}: {node.name}")
            elif isinstance(node, ast.Member) and isinstance(node.target, ast.Name):
                owner = node.target.name.lower()
                if not has_member(types.get(owner, owner), node.name):
                    found.append(f"{where}: {node.target.name}.{node.name}")
    return found


def has_member(kind: str, name: str) -> bool:
    """Whether an object of this type has the member; True for types that are only known when it runs."""
    kind = {"thisworkbook": "workbook"}.get(kind, kind)
    if kind in EXCEL_TYPES:
        return member_exists(EXCEL_TYPES[kind], name, "excel")
    module = next((each for each in PARSED.values() if each.name.lower() == kind), None)
    return module is None or name.lower() in module_names(module, public=True)


@pytest.mark.parametrize("name", PARSED)
def test_every_name_type_and_member_is_there(name: str):
    module = PARSED[name]
    assert mistakes(module) == []
    assert module.option_explicit or name == "Sheet1"


@pytest.mark.parametrize(("body", "expected"), [
    ("x = 1", "M.F: x"),
    ("Dim y As Lnog", "M.F: type lnog"),
    ("Dim b As Workbook\nb.Svaed = True", "M.F: b.Svaed"),
    ("Server.Rnu 1", "M.F: Server.Rnu"),
    ("ThisWorkbook.Pth = 1", "M.F: ThisWorkbook.Pth"),
    ("Server.Attempt 1", "M.F: Server.Attempt"),
])
def test_a_planted_mistake_is_told(body: str, expected: str):
    assert mistakes(parse_module(f"Option Explicit\nSub F()\n{body}\nEnd Sub\n", name="M")) == [expected]


def test_the_parts_are_the_classes_of_the_same_name():
    declared = {name: kind for name, kind in module_names(PARSED["JxAddin"], public=True).items() if kind}
    assert declared == {name: kind.lower() for name, kind in PARTS.items()}


def test_no_cell_can_call_anything_but_the_declared_functions():
    """Excel offers every Function of a standard module to every cell of every workbook."""
    from pyfuncs.udfs import FUNCTIONS

    functions = {each.name for module in PARSED.values() if module_kind(module.name) == "standard"
                 for each in module.procedures if each.kind == "function"}
    assert functions == set(FUNCTIONS)


def test_the_stand_in_for_windows_offers_what_the_real_one_does():
    def shape(public: list[ast.Procedure]) -> dict[str, list[str]]:
        return {each.name: [param.name for param in each.params] for each in public}

    real = shape([each for each in PARSED["JxNative"].procedures if each.scope != "private"])
    assert {spec.name: list(spec.parameters) for spec in Native._vba_members.values()} == real


def test_every_text_that_is_said_is_there_and_every_text_is_said():
    said = {node.args[0].value.value for module in PARSED.values() for node in nodes(module.procedures)
            if isinstance(node, ast.Index) and isinstance(node.target, ast.Member) and node.target.name == "Say"
            and isinstance(node.args[0].value, ast.Literal)}
    assert said == {key for key in plain_texts() if not key.startswith("JX_")}
