"""What the product does in Python for Windows besides serving: loading xlwings, writing the log; and the set-up."""
from __future__ import annotations

from pathlib import Path

import pytest
import windows as wine
from environment import SetupProblem


def test_xlwings_is_loaded_without_what_it_must_not_load_or_do(windows):
    """pandas, numpy and xlwings.pro are there to be found; generating takes seconds; at exit it would end Excels."""
    told = windows.ask("""
import sys
from win32com.client import gencache
done = []
gencache.EnsureModule = lambda *_, **__: done.append("generated")
import pyfuncs.udfs_excel
from xlwings import _xlwindows
loaded = {"pandas", "numpy"} & set(sys.modules) | {name for name in sys.modules if name.startswith("xlwings.pro")}
import atexit
_xlwindows.Apps.cleanup = staticmethod(lambda: done.append("ended Excel"))
atexit._run_exitfuncs()
restored = gencache.EnsureModule.__name__
import pandas, xlwings
print(json.dumps([sorted(loaded), done, restored, xlwings.engines.active.name, pandas.DataFrame([[1]]).shape]))""")
    assert told == [[], [], "<lambda>", "excel", [1, 1]]


def test_the_log_is_in_the_users_own_folder(windows):
    told = windows.ask("""
del os.environ["JIXIAO_LOG"]
from pyfuncs import function_log
print(json.dumps([str(function_log.start()), os.environ["LOCALAPPDATA"] + r"\\jixiao\\jixiao.log"]))""")
    assert told[0] == told[1]


def test_no_line_is_lost_while_another_program_has_the_log_open(windows, tmp_path):
    told = windows.ask("""
import logging
os.environ["JIXIAO_LOG"] += ".shared"
from pyfuncs import function_log
function_log.MOST_BYTES = 1000
file = function_log.start()
with open(file, encoding="utf-8") as other:
    for number in range(50):
        logging.getLogger("jixiao.udfs").warning("line %d.", number)
    lines = other.read()
    renamed = Path(str(file) + ".1").exists()
print(json.dumps([[number for number in range(50) if f"line {number}." not in lines], renamed]))""")
    assert told == [[], False]


def test_binaries_without_the_foundations_signature_are_refused(tmp_path: Path):
    genuine = wine.PYTHON.read_bytes()
    (tmp_path / "genuine.exe").write_bytes(genuine)
    (tmp_path / "changed.exe").write_bytes(genuine.replace(b"!This program", b"!That program"))
    (tmp_path / "unsigned.exe").write_bytes(b"MZ" + bytes(200))
    runtime = wine.PYTHON.with_name("vcruntime140.dll").read_bytes()
    (tmp_path / "vcruntime140.dll").write_bytes(runtime)
    (tmp_path / "vcruntime140_1.dll").write_bytes(runtime.replace(b"!This program", b"!That program"))
    (tmp_path / "other.dll").write_bytes(runtime)
    with pytest.raises(SetupProblem, match="没有使用：changed.exe、other.dll、unsigned.exe、vcruntime140_1.dll$"):
        wine._refuse_unsigned(tmp_path.iterdir())
    with pytest.raises(SetupProblem, match="没有使用"):
        wine._refuse_unsigned([])
