"""Finding, starting and losing the function server."""

from __future__ import annotations

import pytest
from excel_bench import CALL_FAILED, INSTALLED, LIBRARY, UNAVAILABLE, Bench, plain_texts
from pyopenvba.interpreter import VBAErrorValue

DEAD = [462, UNAVAILABLE, -2147417848, -2147220995, -2147023169, -2147418094, CALL_FAILED, -2147418105, -2147418106]
FROZEN = f'"{INSTALLED}\\jixiao-server.exe" $(CLSID)'


@pytest.fixture
def bench() -> Bench:
    return Bench()


def said(key: str, detail: str = "") -> str:
    return plain_texts()[key].replace("{0}", detail)


def test_one_server_serves_all_cells(bench: Bench):
    server = bench.serve(1.0)
    for _ in range(5):
        bench.cell("JX_WAN", 1.0)
    assert (len(server.calls), bench.native.starts) == (5, [(f"{INSTALLED}\\{LIBRARY}", FROZEN)])


@pytest.mark.parametrize("failure", DEAD)
def test_a_server_that_died_is_started_again_and_asked_again_once(bench: Bench, failure: int):
    first = bench.serve(1.0, failure)
    second = bench.serve(2.0)
    assert bench.cell("JX_WAN", 1.0) == 2.0
    assert (len(first.calls), len(second.calls), len(bench.native.starts)) == (1, 1, 2)
    assert bench.native.ends == [FROZEN]
    assert bench.cell("JX_WAN", 1.0) == 2.0


def test_every_start_is_by_another_command_that_gives_the_server_the_same_argument(bench: Bench):
    server = bench.serve(0.0)
    bench.cell("JX_WAN", 1.0)
    for number in (1.0, 2.0, 3.0):
        server.dies.append(UNAVAILABLE)
        server = bench.serve(number)
        assert bench.cell("JX_WAN", 1.0) == number
    lines = [FROZEN.replace(" $", " " * blanks + "$") for blanks in (1, 2, 3, 4)]
    assert ([line for _, line in bench.native.starts], bench.native.ends) == (lines, lines[:-1])


def test_an_error_of_a_living_server_starts_nothing(bench: Bench):
    bench.serve(1.0, -2147352567)
    assert isinstance(bench.cell("JX_WAN", 1.0), VBAErrorValue)
    assert bench.cell("JX_WAN", 1.0) == 1.0
    assert len(bench.native.starts) == 1


def test_a_server_that_keeps_dying_is_not_started_for_every_cell(bench: Bench):
    for _ in range(4):
        bench.serve(1.0, UNAVAILABLE, UNAVAILABLE)
    shown = [bench.cell("JX_WAN", 1.0) for _ in range(500)]
    assert all(isinstance(each, VBAErrorValue) for each in shown)
    assert len(bench.native.starts) == 2
    bench.method("Server", "Settle")
    assert bench.native.shown == [said("server_dies", "the server is gone")]


def test_a_failed_start_is_tried_again_after_a_while_and_told_once(bench: Bench):
    bench.native.servers = ["access denied", "access denied"]
    for _ in range(500):
        bench.cell("JX_WAN", 1.0)
    assert (len(bench.native.starts), bench.native.shown) == (1, [])
    bench.method("Server", "Settle")
    bench.method("Server", "Settle")
    assert bench.native.shown == [said("start_failed", "access denied")]
    bench.at(31)
    bench.cell("JX_WAN", 1.0)
    bench.method("Server", "Settle")
    assert (len(bench.native.starts), len(bench.native.shown)) == (2, 1)


def test_once_the_server_is_back_everything_is_calculated_anew(bench: Bench):
    bench.native.servers = ["access denied"]
    bench.cell("JX_WAN", 1.0)
    bench.serve(1.0)
    bench.at(31)
    assert bench.cell("JX_WAN", 1.0) == 1.0
    assert bench.native.recalculated == 0                # not from inside a calculation
    bench.method("Events", "host_AfterCalculate")
    bench.method("Events", "host_AfterCalculate")
    assert (bench.native.recalculated, bench.native.shown) == (1, [])


def test_an_unseen_excel_gets_no_message_that_nobody_could_close(bench: Bench):
    bench.native.servers, bench.native.unseen = ["access denied"], True
    bench.cell("JX_WAN", 1.0)
    bench.method("Server", "Settle")
    assert bench.native.shown == []
    bench.native.unseen = False
    bench.method("Server", "Settle")
    assert len(bench.native.shown) == 1


PARENT = INSTALLED.rpartition("\\")[0]


@pytest.mark.parametrize(("library", "server"), [(INSTALLED, INSTALLED), (INSTALLED, PARENT), (PARENT, PARENT)])
def test_library_and_server_are_looked_for_here_and_one_folder_up(bench: Bench, library: str, server: str):
    bench.native.files = {f"{library}\\{LIBRARY}", f"{server}\\jixiao-server.exe"}
    bench.serve(1.0)
    assert bench.cell("JX_WAN", 1.0) == 1.0
    assert bench.native.starts == [(f"{library}\\{LIBRARY}", f'"{server}\\jixiao-server.exe" $(CLSID)')]


@pytest.mark.parametrize("missing", [LIBRARY, "jixiao-server.exe"])
def test_nothing_is_started_from_the_folder_of_an_open_workbook(bench: Bench, missing: str):
    book = bench.excel.add_workbook()
    book.path = "C:\\Downloads"
    bench.native.files.remove(f"{INSTALLED}\\{missing}")
    bench.native.files |= {f"C:\\Downloads\\{LIBRARY}", "C:\\Downloads\\jixiao-server.exe"}
    assert isinstance(bench.cell("JX_WAN", 1.0), VBAErrorValue)
    assert bench.native.starts == []
    bench.method("Server", "Settle")
    assert bench.native.shown == [said("not_found", f"{missing}\n{INSTALLED}")]


def test_a_developer_names_a_python(bench: Bench):
    bench.native.environment = "D:\\py311\\pythonw.exe"
    bench.native.files.add(bench.native.environment)
    bench.serve(1.0)
    bench.cell("JX_WAN", 1.0)
    assert bench.native.starts[0][1] == '"D:\\py311\\pythonw.exe" -B -P -m pyfuncs.server $(CLSID)'


@pytest.mark.parametrize("path", ["python.exe", "D:\\py311\\calc.exe", "D:\\nowhere\\python.exe", "py\\python.exe"])
def test_only_the_full_path_of_a_python_will_do(bench: Bench, path: str):
    bench.native.environment = path
    bench.native.files |= {"python.exe", "D:\\py311\\calc.exe", "py\\python.exe"}
    bench.cell("JX_WAN", 1.0)
    bench.method("Server", "Settle")
    assert (bench.native.starts, bench.native.shown) == ([], [said("bad_python", path)])


def test_a_path_outside_the_code_page_goes_by_its_short_spelling(bench: Bench):
    folder = "C:\\程序 한글"
    bench.addin.path = folder
    bench.native.files = {f"{folder}\\{LIBRARY}", f"{folder}\\jixiao-server.exe"}
    bench.native.short_paths = {f"{folder}\\jixiao-server.exe": "C:\\PROGRA~7\\JIXIAO~1.EXE"}
    bench.serve(1.0)
    bench.cell("JX_WAN", 1.0)
    assert bench.native.starts == [(f"{folder}\\{LIBRARY}", '"C:\\PROGRA~7\\JIXIAO~1.EXE" $(CLSID)')]


def test_without_a_short_spelling_the_folder_is_told(bench: Bench):
    folder = "C:\\程序 한글"
    bench.addin.path = folder
    bench.native.files = {f"{folder}\\{LIBRARY}", f"{folder}\\jixiao-server.exe"}
    bench.cell("JX_WAN", 1.0)
    bench.method("Server", "Settle")
    assert (bench.native.starts, bench.native.shown) == ([], [said("bad_path", f"{folder}\\jixiao-server.exe")])


def test_a_command_that_may_have_been_at_work_is_not_repeated(bench: Bench):
    book = bench.excel.add_workbook()
    server = bench.serve("done", CALL_FAILED)
    spare = bench.serve("done")
    assert bench.method("Server", "Perform", "audit_book", [], book) == said("command_failed", said("died_at_work"))
    assert (len(server.calls), len(spare.calls)) == (1, 0)
    assert bench.method("Server", "Perform", "audit_book", [], book) == "done"


def test_a_command_that_reached_nobody_is_repeated(bench: Bench):
    book = bench.excel.add_workbook()
    bench.serve("done", UNAVAILABLE)
    spare = bench.serve("done")
    assert bench.method("Server", "Perform", "audit_book", [], book) == "done"
    assert [call[2] for call in spare.calls] == [book]


def test_closing_the_add_in_ends_the_server(bench: Bench):
    bench.serve(1.0)
    bench.cell("JX_WAN", 1.0)
    bench.excel.run("ThisWorkbook.Workbook_BeforeClose", False)
    assert bench.native.ends == [FROZEN]
