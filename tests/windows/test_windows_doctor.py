"""jixiao doctor in Python for Windows: what it reads from a registry and files, what it repairs, and the server it starts.

Excel is a program of ours with Excel's name and version: the examination reads files and registry, it starts nothing.
"""
from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import windows as wine

from pyfuncs import __version__

EXCEL = wine.PREFIX / "drive_c" / "Program Files" / "Microsoft Office" / "root" / "Office16" / "EXCEL.EXE"
OLD = wine.FOLDER / "旧 版"
ADDIN = wine.windows_path(wine.FOLDER / "项目" / "addin" / "excel" / "jixiao.xlam")
STRANGER = '"C:\\别家.xlam"'
OFFICE = r"HKCU\Software\Microsoft\Office\16.0\Excel"
LABEL = "Excel 2016 及以上"

# Writes {"HKCU\\…": {name: value}}; bytes come as {"hex": "…"}; everything below what was there before is removed.
PREPARE = r"""
import winreg
def hive(key):
    return winreg.HKEY_CURRENT_USER if key.startswith("HKCU") else winreg.HKEY_LOCAL_MACHINE
def remove(key):
    root, path = hive(key), key.partition("\\")[2]
    try:
        with winreg.OpenKey(root, path) as handle:
            below = [winreg.EnumKey(handle, i) for i in range(winreg.QueryInfoKey(handle)[0])]
    except OSError:
        return
    for name in below:
        remove(key + "\\" + name)
    winreg.DeleteKey(root, path)
for key in given["removed"]:
    remove(key)
for key, values in given["keys"].items():
    with winreg.CreateKey(hive(key), key.partition("\\")[2]) as handle:
        for name, value in values.items():
            if isinstance(value, dict):
                winreg.SetValueEx(handle, name, 0, winreg.REG_BINARY, bytes.fromhex(value["hex"]))
            else:
                kind = winreg.REG_DWORD if isinstance(value, int) else winreg.REG_EXPAND_SZ
                winreg.SetValueEx(handle, name, 0, kind, value)
print(json.dumps(None))
"""
EXAMINE = """
from pyfuncs.helper import doctor, doctor_files, doctor_server
from pyfuncs.helper.doctor_judge import judge
print(json.dumps([[one.name, one.state, one.found, one.repairable] for one in doctor.examine()]))
"""
REPAIR = """
from pyfuncs.helper import doctor, doctor_windows
doctor_windows.excel_running = lambda: given["running"]
said = doctor.repair(doctor.examine())
registry = doctor_windows.read_registry()
print(json.dumps([said, {key: registry.values(key) for key in given["keys"]}, doctor.repair(doctor.examine())]))
"""
PRODUCT = r"HKCU\Software\jixiao"
INSTALL_ROOT = r"HKLM\Software\Microsoft\Office\16.0\Excel\InstallRoot"
FONTS = r"HKLM\Software\Microsoft\Windows NT\CurrentVersion\Fonts"
POLICY = r"HKCU\Software\Policies\Microsoft\Office"
LOCATIONS = rf"{OFFICE}\Security\Trusted Locations"
DISABLED = rf"{OFFICE}\Resiliency\DisabledItems"
THERE = {INSTALL_ROOT: {"Path": wine.windows_path(EXCEL.parent) + "\\"},
         FONTS: {"SimSun & NSimSun (TrueType)": "simsun.ttc", "黑体 (TrueType)": "simhei.ttf", "FangSong (TrueType)": "x.ttf"}}


@pytest.fixture(scope="module")
def excel(windows, tmp_path_factory) -> Iterator[None]:
    """An Excel, as far as files tell, and the add-in of a checkout."""
    scratch = tmp_path_factory.mktemp("excel")
    (scratch / "a.c").write_text("int main(void) { return 0; }\n")
    (scratch / "a.rc").write_text("1 VERSIONINFO FILEVERSION 16,0,14332,20604 BEGIN END\n")
    EXCEL.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["x86_64-w64-mingw32-windres", "a.rc", "-O", "coff", "-o", "a.res"], cwd=scratch, check=True)
    subprocess.run(["x86_64-w64-mingw32-gcc-win32", "a.c", "a.res", "-o", str(EXCEL)], cwd=scratch, check=True)
    addin = wine.FOLDER / "项目" / "addin" / "excel"
    addin.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).resolve().parents[2] / "addin" / "excel" / "jixiao.xlam", addin)
    (OLD / "addin").mkdir(parents=True, exist_ok=True)
    (OLD / "addin" / "jixiao.xlam").write_bytes(b"")
    (OLD / "files.json").write_text(json.dumps({"version": "0.0.9", "files": {}}), encoding="utf-8")
    yield
    prepare(windows, {})
    for folder in (EXCEL.parents[2], OLD, addin.parent):
        shutil.rmtree(folder)


def prepare(windows, keys: dict) -> None:
    windows.ask(PREPARE, {"keys": keys, "removed": [OFFICE, POLICY, PRODUCT, INSTALL_ROOT]})


def test_what_is_wrong_is_seen_repaired_and_nothing_of_others_is_touched(windows, excel):
    blob = b"\x02\0\0\0" + ADDIN.encode("utf-16-le")
    prepare(windows, {**THERE, rf"{OFFICE}\Options": {"OPEN": STRANGER, "OPEN3": STRANGER, "Font": "宋体,11"},
                      DISABLED: {"甲": {"hex": blob.hex()}, "乙": {"hex": "0200"}},
                      rf"{LOCATIONS}\Location0": {"Path": "C:\\别家\\", "AllowSubfolders": 1}})
    found = windows.ask(EXAMINE)
    assert ["表格软件", "正常", f"{LABEL}（16.0.14332.20604，64 位）", False] in found
    assert [advice for advice in found if advice[1] == "请处理"] == [
        [f"{LABEL} 加载项", "请处理", "Excel 里没有登记加载项", True],
        [f"{LABEL} 禁用项目", "请处理", "Excel 在一次没有正常结束后，把加载项列入了禁用项目，不再加载", True],
        [f"{LABEL} 受信任位置", "请处理", f"加载项的文件夹不是受信任位置：{ADDIN.removesuffix(chr(92) + 'jixiao.xlam')}", True]]
    assert ["字体", "正常", "宋体、黑体、仿宋都有", False] in found

    kept = [rf"{OFFICE}\Options", rf"{LOCATIONS}\jixiao", rf"{LOCATIONS}\Location0"]
    said, after, again = windows.ask(REPAIR, {"running": False, "keys": kept})
    folder = ADDIN.removesuffix("jixiao.xlam")
    own = rf"{LOCATIONS}\jixiao"
    assert said == [f"{LABEL} 加载项：", f'  {OFFICE}\\Options 的 OPEN1：原来没有，现在是 "{ADDIN}"。',
                    f"{LABEL} 禁用项目：", f"  {DISABLED} 的 甲：原来是禁用记录，现在没有了。",
                    f"{LABEL} 受信任位置：", f"  {own} 的 Path：原来没有，现在是 {folder}。",
                    f"  {own} 的 AllowSubfolders：原来没有，现在是 0。", f"  {own} 的 Description：原来没有，现在是 绩效自评工具箱。"]
    assert after == {kept[0]: {"OPEN": STRANGER, "OPEN1": f'"{ADDIN}"', "OPEN3": STRANGER, "Font": "宋体,11"},
                     own: {"Path": folder, "AllowSubfolders": 0, "Description": "绩效自评工具箱"},
                     kept[2]: {"Path": "C:\\别家\\", "AllowSubfolders": 1}}
    assert again == []
    assert [advice for advice in windows.ask(EXAMINE) if advice[1] == "请处理"] == []


def test_nothing_is_written_while_excel_runs(windows, excel):
    prepare(windows, THERE)
    said, after, _ = windows.ask(REPAIR, {"running": True, "keys": [rf"{OFFICE}\Options"]})
    refusal = "  没有改：Excel 正开着，请关闭 Excel 的所有窗口再运行一次。"
    assert said == [f"{LABEL} 加载项：", refusal, f"{LABEL} 受信任位置：", refusal]
    assert after == {rf"{OFFICE}\Options": {}}


def test_another_copy_and_a_policy_are_told(windows, excel):
    old = wine.windows_path(OLD)
    prepare(windows, {**THERE, PRODUCT: {"InstallDir": old, "Version": "0.0.9"},
                      rf"{OFFICE}\Options": {"OPEN": f'/R "{old}\\addin\\jixiao.xlam"'},
                      rf"{POLICY}\16.0\Common\Security\Trusted Locations": {"allow user locations": 0},
                      rf"{POLICY}\16.0\Excel\Security": {"VBAWarnings": 4}})
    todo = [advice for advice in windows.ask(EXAMINE) if advice[1] == "请处理"]
    here = wine.windows_path(wine.FOLDER / "项目")
    assert todo == [
        ["版本", "请处理", f"现在运行的是 {__version__}，在 {here}（从源代码运行）；另外还有 0.0.9，在 {old}", False],
        [f"{LABEL} 加载项", "请处理", f"Excel 登记的是另一处的加载项（0.0.9）：{old}\\addin\\jixiao.xlam", False],
        [f"{LABEL} 受信任位置", "请处理", "本单位的策略不许用户自己设受信任位置，安装程序登记的受信任位置不起作用", False],
        [f"{LABEL} 策略", "请处理", "本单位的策略禁用了全部宏（VBAWarnings=4）", False]]


def test_the_server_is_started_as_the_addin_starts_it(windows, measured):
    served = windows.ask("""
from dataclasses import asdict
from pyfuncs.helper.doctor_server import serve_once
print(json.dumps([asdict(serve_once(Path())) for _ in range(3)]))""")
    measured["诊断中启动函数服务"] = served[0]["seconds"]
    assert [(one["version"], one["trouble"]) for one in served] == [(__version__, "")] * 3, "once more in the window"


def test_why_the_server_does_not_start(windows):
    told = windows.ask("""
import sys
from pyfuncs.helper import doctor_server
doctor_server.PATIENCE = 5
found = [doctor_server.serve_once(Path())]
sys.frozen = True
found.append(doctor_server.serve_once(Path("C:/没有")))
doctor_server.library_in = lambda folder: Path(os.environ["JIXIAO_DLL"])
found.append(doctor_server.serve_once(Path("C:/没有")))
print(json.dumps([one.trouble for one in found]))""")
    assert told == ["", "缺少 xlwings64-0.37.8.dll", "缺少 jixiao-server.exe"]
