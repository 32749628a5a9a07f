"""The tab 绩效自评: its XML against the VBA it calls, and what each button does."""

from __future__ import annotations

import re
import struct
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from excel_bench import ADDIN, INSTALLED, Bench, module_kind, plain_texts, sources
from pyopenvba.interpreter import VBAArray, VBAObject, method, parse_module, to_text
from pyopenvba.interpreter._runtime import Slot

from pyfuncs.live import COMMANDS

RIBBON = ElementTree.fromstring((ADDIN.parent / "ribbon.xml").read_text(encoding="utf-8"))
ICONS = ADDIN.parent / "icons"
CONTROLS = [each for each in RIBBON.iter() if "id" in each.attrib]
CALLBACKS = [(each.get("id"), attribute, value.removeprefix("JxRibbon.")) for each in RIBBON.iter()
             for attribute, value in each.attrib.items() if value.startswith("JxRibbon.")]
# The parameters that Office hands to each kind of callback; those "ByRef" are answers.
SIGNATURES = {"onLoad": ["Object"], ("button", "onAction"): ["Object"],
              ("dropDown", "onAction"): ["Object", "String", "Integer"], "onChange": ["Object", "String"],
              "getItemCount": ["Object", "ByRef Variant"], "getItemLabel": ["Object", "Integer", "ByRef Variant"],
              "getSelectedItemIndex": ["Object", "ByRef Variant"]}
RULE_SETS = [("100000/2020", "全国", "2020"), ("430400/2021", "衡阳市", "2021"),
             ("430400/2022", "衡阳市", "2022")]


def kind(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def test_every_callback_is_there_and_takes_what_office_hands_to_it():
    module = parse_module(sources()["JxRibbon"], name="JxRibbon", kind=module_kind("JxRibbon"))
    subs = {each.name: [f"{'ByRef ' if param.declared == 'Variant' else ''}{param.declared}" for param in each.params]
            for each in module.procedures if each.scope == "public" and each.kind == "sub"}
    kinds = {each.get("id"): kind(each) for each in RIBBON.iter()}
    wanted = {name: SIGNATURES.get(attribute) or SIGNATURES[kinds[control], attribute]
              for control, attribute, name in CALLBACKS}
    assert subs == wanted


def test_ids_are_unique_and_everything_one_can_press_has_words_in_chinese():
    ids = [each.get("id") for each in CONTROLS]
    assert sorted(ids) == sorted(set(ids))
    wordless = [each.get("id") for each in CONTROLS if not re.search("[一-鿿]", each.get("label", ""))]
    untold = [each.get("id") for each in CONTROLS if kind(each) in ("button", "menu", "dropDown", "editBox")
              and not re.search("[一-鿿].*。", each.get("supertip", ""))]
    assert (wordless, untold) == ([], [])


def test_every_button_has_an_icon_of_its_own():
    buttons = [each for each in CONTROLS if kind(each) in ("button", "menu")]
    images = [each.get("image") for each in buttons]
    assert len(set(images)) == len(images) and None not in images
    assert sorted(images) == sorted(path.stem for path in ICONS.glob("*.png"))
    assert sorted(images) == sorted(path.stem for path in ICONS.glob("*.svg"))
    large = {each.get("image") for each in buttons if each.get("size") == "large"}
    sizes = {name: struct.unpack(">II", (ICONS / f"{name}.png").read_bytes()[16:24]) for name in images}
    assert sizes == {name: (64, 64) if name in large else (32, 32) for name in images}


@pytest.mark.parametrize("part", ["customUI/customUI14.xml", "customUI/customUI.xml"])
def test_every_image_is_in_the_file_and_reached(part: str):
    with ZipFile(ADDIN) as package:
        used = {each.get("image") for each in ElementTree.fromstring(package.read(part)).iter()} - {None}
        links = ElementTree.fromstring(package.read(part.replace("customUI/", "customUI/_rels/") + ".rels"))
        targets = {link.get("Id"): f"customUI/{link.get('Target')}" for link in links}
        assert set(targets) == used
        assert {name: package.read(path) for name, path in targets.items()} == {
            name: (ICONS / f"{name}.png").read_bytes() for name in used}


def test_both_ribbon_parts_are_reached_by_the_relationship_of_their_own_namespace():
    with ZipFile(ADDIN) as package:
        links = ElementTree.fromstring(package.read("_rels/.rels"))
        found = {link.get("Type").partition("/relationships")[0][-4:]: ElementTree.fromstring(
            package.read(link.get("Target"))).tag for link in links if "ui/extensibility" in link.get("Type")}
    assert found == {"2007": "{http://schemas.microsoft.com/office/2009/07/customui}customUI",
                     "2006": "{http://schemas.microsoft.com/office/2006/01/customui}customUI"}


def test_every_command_of_a_button_is_there_and_every_command_has_a_button():
    used = {each.get("tag").split()[0] for each in CONTROLS if each.get("tag")}
    assert used | {"ruleset_list"} == set(COMMANDS)


class Ui(VBAObject):
    """The ribbon as the add-in sees it."""

    def __init__(self) -> None:
        self.refreshed: list[str] = []

    @method
    def Invalidate(self):
        self.refreshed.append("all")

    @method
    def InvalidateControl(self, ControlID):
        self.refreshed.append(to_text(ControlID))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def rule_sets(name: str, arguments: list) -> object:
    if name != "ruleset_list":
        return f"{name}{arguments}"
    return VBAArray([(0, 2), (0, 2)], items=[row[column] for column in range(3) for row in RULE_SETS])


def asked(bench: Bench, callback: str, *more) -> object:
    answer = Slot()
    bench.press(callback, "", *more, answer)
    return answer.value


def offered(bench: Bench, what: str) -> list[str]:
    return [asked(bench, f"Jx{what}Label", index) for index in range(asked(bench, f"Jx{what}Count"))]


BUTTONS = {each.get("id"): each for each in CONTROLS if kind(each) == "button"}


@pytest.mark.parametrize("button", [name for name, each in BUTTONS.items()
                                    if each.get("onAction") == "JxRibbon.JxOnBook"])
def test_a_button_for_the_open_workbook(bench: Bench, button: str):
    tag = BUTTONS[button].get("tag")
    bench.press("JxOnBook", tag)
    assert (bench.native.shown, bench.native.starts) == ([plain_texts()["no_workbook"]], [])
    book = bench.excel.add_workbook()
    server = bench.serve("做完了")
    bench.press("JxOnBook", tag)
    command, *words = tag.split()
    assert server.calls == [(command, words, book)]
    assert bench.native.shown[1:] == ["做完了"]
    assert bench.excel.application.vba_get("StatusBar") is False


@pytest.mark.parametrize("button", ["jxAuditFolder", "jxConsolidate"])
def test_a_button_for_a_folder(bench: Bench, button: str):
    server = bench.serve("")
    bench.press("JxOnFolder", BUTTONS[button].get("tag"))
    assert bench.native.starts == []                     # the user thought better of it
    bench.native.folder = "D:\\收到的表"
    bench.press("JxOnFolder", BUTTONS[button].get("tag"))
    assert server.calls == [(BUTTONS[button].get("tag"), ["D:\\收到的表"], bench.addin)]
    assert bench.native.shown == []


def test_regions_and_years_are_asked_for_once_and_a_template_is_made_of_the_choice(bench: Bench):
    server, ui = bench.serve(rule_sets), Ui()
    bench.excel.run("JxLoaded", ui)
    assert offered(bench, "Region") == ["全国", "衡阳市"]
    assert offered(bench, "Year") == ["2020"]
    bench.press("JxRegionChosen", "", "", 1)
    assert (ui.refreshed, offered(bench, "Year")) == (["jxYear"], ["2021", "2022"])
    bench.press("JxYearChosen", "", "", 1)
    assert (asked(bench, "JxRegionIndex"), asked(bench, "JxYearIndex")) == (1, 1)
    bench.press("JxEntityTyped", "", "  某某中心 ")
    bench.press("JxNewTemplate", "new_template")
    assert server.calls == [("ruleset_list", [], server.calls[0][2]),
                            ("new_template", ["430400/2022", "某某中心"], bench.addin)]
    bench.press("JxRegionChosen", "", "", 0)
    assert (asked(bench, "JxYearIndex"), offered(bench, "Year")) == (0, ["2020"])


def test_without_a_server_the_ribbon_says_so_and_recovers(bench: Bench):
    bench.native.servers, ui = ["access denied", "access denied"], Ui()
    bench.excel.run("JxLoaded", ui)
    assert (offered(bench, "Region"), offered(bench, "Year")) == ([plain_texts()["no_rule_sets"]], [])
    reason = plain_texts()["start_failed"].replace("{0}", "access denied")
    bench.press("JxNewTemplate", "new_template")
    assert (bench.native.shown, len(bench.native.starts)) == ([reason], 2)
    bench.serve(rule_sets)
    bench.press("JxAbout", "about")
    assert bench.native.shown[1:] == [
        plain_texts()["about"].replace("{0}", INSTALLED) + "\n\nabout[]"]
    assert (ui.refreshed, offered(bench, "Region")) == (["all"], ["全国", "衡阳市"])
    assert bench.native.recalculated == 1


def test_about_is_readable_without_a_server_and_tries_again_at_once(bench: Bench):
    bench.native.servers = ["access denied", "access denied"]
    bench.cell("JX_WAN", 1.0)
    bench.press("JxAbout", "about")
    reason = plain_texts()["start_failed"].replace("{0}", "access denied")
    assert len(bench.native.starts) == 2
    assert bench.native.shown == [plain_texts()["about"].replace("{0}", INSTALLED) + f"\n\n{reason}"]
    bench.method("Server", "Settle")
    assert len(bench.native.shown) == 1                  # told already


def test_a_command_that_fails_is_told(bench: Bench):
    bench.excel.add_workbook()
    bench.serve("", 5)
    bench.press("JxOnBook", "audit_book")
    assert bench.native.shown == [plain_texts()["command_failed"].replace("{0}", "the server is gone")]
    assert bench.native.log == ["audit_book: 5 the server is gone"]
    assert bench.excel.application.vba_get("StatusBar") is False


def test_a_command_watches_for_opened_workbooks_again_after_vba_was_reset(bench: Bench):
    bench.serve("")
    bench.press("JxOnProgram", "open_help")
    instance = bench.excel.evaluate("Events")
    assert instance.variables["host"].value is bench.excel.application
