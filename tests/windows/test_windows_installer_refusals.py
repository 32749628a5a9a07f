"""setup.exe under Wine: what it does not do, what it says of that, and that nothing is changed then."""
from __future__ import annotations

import os
import resource
import subprocess
import time

import clean_windows
from installing import (EXCEL_OPEN, FOLDER, IN_USE, NEWER, OLD_WINDOWS, POLICIES, POLICY, PROGRAM, contents,
                        difference, place, program_files, running, with_excel)
from libreoffice_office import virtual_screen


def test_while_excel_or_the_program_is_open_nothing_is_changed(clean, setups):
    with virtual_screen() as display, clean_windows.restored(clean, setups.program, display) as machine:
        with_excel(machine)
        registry = machine.registry()
        with running(machine, setups.program, "--excel", display=display):
            assert machine.run(setups("1.0.0"), "/S", display=display) == EXCEL_OPEN
        assert machine.registry() == registry and not machine.installed.exists()
        assert machine.run(setups("1.0.0"), "/S", display=display) == 0
        registry, files = machine.registry(), contents(machine.installed)
        with running(machine, setups.program, "--excel", display=display):
            assert machine.run(setups("1.1.0"), "/S", display=display) == EXCEL_OPEN
            assert machine.uninstall_status(display) == EXCEL_OPEN
        with running(machine, machine.installed / "jixiao-window.exe", "--stay", display=display):
            assert machine.run(setups("1.1.0"), "/S", display=display) == IN_USE
            assert machine.uninstall_status(display) == IN_USE
        assert (machine.registry(), contents(machine.installed)) == (registry, files)
        assert [line.rpartition("。")[2] for line in machine.log] == [" [11]", "", " [11]", " [11]", " [12]", " [12]"]
        assert machine.path(machine.installed / "jixiao-window.exe") in machine.log[-1]
        assert machine.run(setups("1.1.0"), "/S", display=display) == 0


def test_a_user_who_presses_return_is_asked_to_close_excel_and_then_goes_on(clean, setups):
    with virtual_screen() as display, clean_windows.restored(clean, setups.program, display) as machine:
        with_excel(machine)
        pressed = ["xdotool", "key", "--delay", "300", "Return"]
        with machine.start(setups.program, "--excel", display=display) as excel, subprocess.Popen(
                ["wine", setups("1.0.0")], env=machine.environment(display), stdin=subprocess.DEVNULL) as setup:
            for second in range(60):
                subprocess.run(pressed, env={**os.environ, "DISPLAY": display}, check=True)
                time.sleep(0.7)
                if second == 8:                       # by now 重试 has been pressed several times
                    assert setup.poll() is None and not (machine.installed / "jixiao.exe").exists()
                    excel.stdin.close()
                if setup.poll() is not None:
                    break
        assert setup.returncode == 0
        assert program_files(machine.installed) == PROGRAM
        assert (machine.user / "Temp" / "called.txt").exists()        # 打开绩效自评工具箱, ticked on the last page


def test_a_folder_that_will_not_do_is_refused_and_left_alone(machine, setups):
    full, other = machine.drive / "D盘", machine.documents / "别的"
    for folder in (full, other):
        folder.mkdir()
    (other / "我的.txt").write_text("在先", encoding="utf-8")
    files, registry = machine.files(), machine.registry()
    refused = {"huge": machine.path(full / "jixiao"), "1.0.0": machine.path(other)}
    assert [machine.run(setups(version), "/S", f"/D={folder}") for version, folder in refused.items()] == [FOLDER] * 2
    assert machine.run(setups("1.0.0"), "/S", r"/D=Z:\proc\jixiao") == FOLDER
    assert machine.run(setups("1.0.0"), "/S", "/D=C:\\" + "长" * 240) == FOLDER
    assert [text.split("：")[0].partition(" ")[2] for text in machine.log] == [
        "磁盘空间不够", "这个文件夹里已经有别的文件", "不能写入这个文件夹", "文件夹的名字太长"]
    assert machine.registry() == registry
    assert difference(files, machine.files()).keys() <= {f"{place(machine)}/AppData/Local/jixiao/安装日志.txt"}


def test_when_a_file_cannot_be_written_the_old_version_is_left_whole(machine, setups):
    with_excel(machine)
    assert machine.run(setups("1.0.0"), "/S") == 0
    registry, whole = machine.registry(), contents(machine.installed)
    most = 300_000                                    # bytes in a file: less than NSIS unpacks, more than it starts with
    assert machine.run(setups("1.1.0"), "/S", restore_signals=False,
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))) == FOLDER
    assert (machine.registry(), contents(machine.installed)) == (registry, whole)
    assert not (machine.installed / "~jixiao").exists()
    assert machine.log[-1].endswith("原来的版本没有改动。请检查后再运行一次安装程序。 [13]")
    assert machine.run(setups("1.1.0"), "/S") == 0


def test_a_newer_version_is_not_replaced_unless_forced(machine, setups):
    assert machine.run(setups("1.1.0"), "/S") == 0
    registry, whole = machine.registry(), contents(machine.installed)
    assert machine.run(setups("1.0.0"), "/S") == NEWER
    assert (machine.registry(), contents(machine.installed)) == (registry, whole)
    assert "本机已经装了较新的 1.1.0，这个安装程序是 1.0.0" in machine.log[-1]
    assert machine.run(setups("1.0.0"), "/S", "/FORCE") == 0
    assert program_files(machine.installed) == PROGRAM


def test_a_policy_against_the_addin_is_told_and_the_rest_installed(machine, setups):
    with_excel(machine)
    for root, key, name, value in [("HKCU", r"Excel\Security", "DisableAllAddins", 1),
                                   ("HKLM", r"Excel\Security", "RequireAddinSig", 1),
                                   ("HKLM", r"Excel\Security\Trusted Locations", "AllLocationsDisabled", 1),
                                   ("HKCU", r"Common\Security\Trusted Locations", "Allow User Locations", 0)]:
        machine.set(f"{POLICIES}\\{key}", name, value, root)
        assert machine.run(setups("1.0.0"), "/S") == POLICY
        assert f"本机的策略（{name} = {value}）不许使用这个加载项" in machine.log[-1]
        assert program_files(machine.installed) == PROGRAM
        if name != "Allow User Locations":
            machine.set(f"{POLICIES}\\{key}", name, 0, root)
    machine.set(POLICIES + r"\Excel\Security\Trusted Locations\Location1", "Path",
                r"%LOCALAPPDATA%\Programs\jixiao\addin", "HKLM")
    assert machine.run(setups("1.0.0"), "/S") == 0    # the administrator trusts it himself


def test_it_is_not_for_an_old_windows(machine, setups):
    files = machine.files()
    assert machine.run("winecfg", "-v", "win7") == 0
    assert machine.run(setups("1.0.0"), "/S") == OLD_WINDOWS
    assert machine.log[-1].startswith("1.0.0 绩效自评工具箱需要 64 位的 Windows 10 或 11")
    assert difference(files, machine.files()).keys() == {f"{place(machine)}/AppData/Local/jixiao/安装日志.txt"}
