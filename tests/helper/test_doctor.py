"""jixiao doctor on this computer, with its real LibreOffice; and what is gathered from files."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyfuncs import __version__
from pyfuncs.helper import doctor, doctor_files, doctor_linux, libreoffice
from pyfuncs.helper.cli import main
from pyfuncs.helper.doctor_facts import FINE, TODO, Advice, InstallExtension, Served, Unblock
from pyfuncs.helper.doctor_server import within

EXTENSION = "LibreOffice 加载项"


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This one, with extensions and a log of the test's own."""
    monkeypatch.setenv("UserInstallation", (tmp_path / "profile").as_uri())
    monkeypatch.setenv("UNO_SHARED_PACKAGES_CACHE", (tmp_path / "shared").as_uri())
    (tmp_path / "shared").mkdir()
    monkeypatch.setenv("JIXIAO_LOG", str(tmp_path / "logs" / "jixiao.log"))
    return tmp_path


def test_what_is_found_here_is_repaired_and_found_again(computer: Path, capsys):
    """The add-in is missing in a fresh profile; --repair puts it in with LibreOffice's own program."""
    assert main(["doctor", "--json", str(computer / "一.json")]) == 1
    said = capsys.readouterr()
    assert said.err == "" and said.out.splitlines()[-1] == "有 1 项请处理，其中 1 项可以自动处理：jixiao doctor --repair。"
    before = json.loads((computer / "一.json").read_text(encoding="utf-8"))
    assert set(before) == {"version", "time", "advices"} and before["version"] == __version__
    assert [advice for advice in before["advices"] if advice["state"] == TODO] == [
        {"name": EXTENSION, "state": TODO, "found": "没有装，单元格里的 JX_ 函数不能算",
         "todo": "关闭 LibreOffice 后可以自动装入。", "repairable": True}]

    assert main(["doctor", "--repair", "--json", str(computer / "二.json")]) == 0
    said = capsys.readouterr()
    assert said.err.startswith(f"{EXTENSION}：\n  已装入 LibreOffice") and said.out.endswith("\n没有要处理的。\n")
    after = json.loads((computer / "二.json").read_text(encoding="utf-8"))
    assert [advice["name"] for advice in after["advices"]] == [advice["name"] for advice in before["advices"]]
    assert {"name": EXTENSION, "state": FINE, "found": f"已装入，{__version__}", "todo": "", "repairable": False} in after["advices"]

    assert main(["doctor", "--repair", "--todo"]) == 0
    said = capsys.readouterr()
    assert said.err == "没有可以自动处理的。\n" and said.out.splitlines()[1:] == ["没有要处理的。"]


def test_a_result_that_can_not_be_written_is_told_before_anything_is_done(computer: Path, capsys, monkeypatch):
    monkeypatch.setattr(libreoffice, "install", lambda: pytest.fail("repaired"))
    (computer / "有.json").write_text("留着", encoding="utf-8")
    assert main(["doctor", "--repair", "--json", str(computer / "有.json")]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "已经存在，没有覆盖" in said.err and (computer / "有.json").read_text(encoding="utf-8") == "留着"


def test_a_call_that_is_wrong(capsys):
    assert main(["doctor", "没有.xlsx"]) == 2
    assert capsys.readouterr().err.startswith("参数“[FILE]…”写得不对：没有这个文件或文件夹")


def test_a_repair_that_fails_is_told_and_the_next_is_tried(monkeypatch, tmp_path: Path):
    def refuse() -> str:
        raise libreoffice.NotInstalled(libreoffice.RUNNING)

    monkeypatch.setattr(libreoffice, "install", refuse)
    marked = tmp_path / "jixiao.xlam:Zone.Identifier"
    marked.write_text("[ZoneTransfer]\nZoneId=3\n")
    advices = [Advice("甲", TODO, "坏", "", (InstallExtension(), InstallExtension())), Advice("乙", FINE, "好"),
               Advice("丙", TODO, "坏", "", (Unblock(str(tmp_path / "jixiao.xlam")), Unblock(str(tmp_path / "没有"))))]
    *lines, last = doctor.repair(advices)
    assert lines == ["甲：", f"  没有改成：{libreoffice.RUNNING}",
                     "丙：", f"  {tmp_path / 'jixiao.xlam'}：原来带有“来自网络”的标记，现在去掉了。"]
    assert last == "  没有改成：要改的已经不在了。" and not marked.exists()


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program folder whose files are as its list has them."""
    folder = tmp_path / "绩效 工具箱"
    contents = {"jixiao": b"program", "_internal/库.so": b"library", "addin/jixiao.xlam": b"addin",
                "表样/甲.xlsx": b"form"}
    for name, data in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    listed = {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
    (folder / "files.json").write_text(json.dumps({"version": "9.8.7", "files": listed}), encoding="utf-8")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "jixiao"))
    yield folder


def test_a_damaged_installation(packaged: Path):
    assert doctor._program(packaged).missing == doctor._program(packaged).changed == ()
    (packaged / "_internal" / "库.so").write_bytes(b"librarY")
    (packaged / "addin" / "jixiao.xlam").unlink()
    (packaged / "jixiao").unlink()
    (packaged / "jixiao").mkdir()
    (packaged / "表样" / "甲.xlsx").write_bytes(b"filled in where it lay")
    program = doctor._program(packaged)
    assert (program.missing, program.changed) == (("jixiao", "addin/jixiao.xlam"), ("_internal/库.so",))
    assert program.listed and program.packaged and not program.addin_there


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": 7}', "null", '{"version": "1"}'])
def test_a_list_of_files_that_can_not_be_read(packaged: Path, content: str):
    (packaged / "files.json").write_text(content, encoding="utf-8")
    assert not doctor._program(packaged).listed
    (packaged / "files.json").unlink()
    assert not doctor._program(packaged).listed


def test_the_version_of_another_copy(packaged: Path, tmp_path: Path, monkeypatch):
    assert doctor_files.version_in(packaged) == "9.8.7"
    (packaged / "files.json").write_text("[]")
    assert doctor_files.version_in(packaged) == "版本不明"
    assert doctor_files.version_in(tmp_path / "没有") == ""


def test_the_copy_that_its_name_starts(packaged: Path, tmp_path: Path, monkeypatch):
    (packaged / "jixiao").chmod(0o755)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "jixiao").symlink_to(packaged / "jixiao")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert doctor_linux.others("/usr/lib/jixiao") == {str(packaged): "9.8.7"}
    assert doctor_linux.others(str(packaged)) == {}
    (packaged / "files.json").unlink()                # a link of a developer's, nothing that was packaged
    assert doctor_linux.others("/usr/lib/jixiao") == {}


def test_the_log_must_be_writable(tmp_path: Path):
    assert doctor_files.log_trouble(tmp_path / "新" / "a.log") == "" and (tmp_path / "新").is_dir()
    assert os.listdir(tmp_path / "新") == []
    (tmp_path / "文件").write_text("")
    assert doctor_files.log_trouble(tmp_path / "文件" / "a.log") == (
        f"写不了 {tmp_path / '文件'}：路径里有一段已经是文件；请检查路径")
    assert doctor_files.log_trouble(Path("/proc/self/a.log")).startswith("写不了 /proc/self"), "a folder that takes no file"
    (tmp_path / "新" / "夹").mkdir()
    assert doctor_files.log_trouble(tmp_path / "新" / "夹") == f"写不了 {tmp_path / '新' / '夹'}：这是一个文件夹；请写文件名"


def test_fonts_are_listed_by_each_of_their_names():
    found = doctor_linux.fonts()
    assert found and not any("," in name or name != name.strip() for name in found)


def test_a_system_that_lists_no_fonts(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert doctor_linux.fonts() is None


def test_a_server_that_does_not_come_back_is_left():
    assert within(0.1, lambda: [][0]) == Served(trouble="list index out of range")
    import threading
    done = threading.Event()
    assert within(0.1, lambda: str(done.wait(5))) == Served(trouble="0.1 秒没有回答")
    done.set()
    answer = within(5, lambda: "1.2.0")
    assert answer.version == "1.2.0" and answer.trouble == "" and answer.seconds < 5
