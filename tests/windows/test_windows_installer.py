"""setup.exe under Wine: what it adds, replaces, restores and takes out; with a stand-in for the program folder."""
from __future__ import annotations

import shutil

from clean_windows import stop
from installing import (EXCEL, FORM, FORMS, MENU, OFFICE, OLDER_EXCEL, OPTIONS, OURS, PROGRAM, contents, difference,
                        place, program_files, with_excel)


def test_everything_is_added_beside_what_others_have_and_taken_out_again(machine, setups):
    with_excel(machine)
    registry, files = machine.registry(), machine.files()
    assert machine.run(setups("1.0.0"), "/S") == 0
    there, addin = machine.path(machine.installed), machine.path(machine.installed / "addin")
    added = difference(registry, machine.registry())
    assert added.pop(r"Microsoft\Windows\CurrentVersion\Uninstall") == (None, {})
    assert added == {
        EXCEL[9:] + r"\Options": (registry[EXCEL[9:] + r"\Options"], {
            **registry[EXCEL[9:] + r"\Options"], "OPEN2": f'"{addin}\\jixiao.xlam"',
            "PersonalTemplates": machine.path(machine.documents / "自定义 Office 模板")}),
        EXCEL[9:] + r"\Security\Trusted Locations\jixiao": (None, {
            "Path": addin + "\\", "AllowSubfolders": 0, "Description": "绩效自评工具箱"}),
        OURS[9:]: (None, {"InstallDir": there, "Version": "1.0.0", "Excel": 1, "Templates": 1, "Desktop": 1,
                          "PersonalTemplatesOf": "16.0",
                          "TemplatesFolder": machine.path(machine.documents / "自定义 Office 模板" / "绩效自评")}),
        r"Microsoft\Windows\CurrentVersion\Uninstall\jixiao": (None, {
            "DisplayName": "绩效自评工具箱", "DisplayVersion": "1.0.0", "Publisher": "绩效自评工具箱",
            "DisplayIcon": there + r"\jixiao-window.exe", "InstallLocation": there, "NoModify": 1, "NoRepair": 1,
            "UninstallString": f'"{there}\\uninstall.exe"', "QuietUninstallString": f'"{there}\\uninstall.exe" /S',
            "EstimatedSize": added[r"Microsoft\Windows\CurrentVersion\Uninstall\jixiao"][1]["EstimatedSize"]}),
    }
    assert difference(files, machine.files()).keys() == {
        *(f"{place(machine)}/{MENU}/{name}.lnk" for name in ("绩效自评工具箱", "表样", "使用手册", "卸载绩效自评工具箱")),
        *(f"{place(machine)}/Documents/自定义 Office 模板/绩效自评/{name}" for name in FORMS),
        f"{place(machine)}/Desktop/绩效自评工具箱.lnk", f"{place(machine)}/AppData/Local/jixiao/安装日志.txt",
        f"{place(machine)}/Documents", f"{place(machine)}/Desktop",          # no longer empty
        *(f"{place(machine)}/AppData/Local/Programs/jixiao/{name}" for name in PROGRAM)}
    assert machine.log == ["1.0.0 安装完成。下次打开 Excel 时会看到“绩效自评”选项卡。"]
    assert machine.uninstall() == 0
    assert difference(registry, machine.registry()) == {}
    assert difference(files, machine.files()) == {}


def test_an_upgrade_replaces_our_files_and_keeps_everything_of_the_users(machine, setups):
    with_excel(machine)
    assert machine.run(setups("1.0.0"), "/S") == 0
    machine.set(EXCEL + r"\Options", "OPEN3", r'"C:\c\third.xlam"')
    before = machine.registry(OFFICE)
    mine = {machine.installed / "规则集" / "430100" / "ruleset.yaml": "我的规则集",
            machine.installed / "_internal" / "我的.txt": "放错了地方", machine.documents / "绩效自评" / "自评表.xlsx": "填好的",
            machine.user / "AppData" / "Local" / "jixiao" / "settings.json": "{}",
            machine.documents / "自定义 Office 模板" / "我的.xltx": "我的模板"}
    for file, text in mine.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    templates = machine.documents / "自定义 Office 模板" / "绩效自评"
    filled = [machine.installed / "表样" / FORM, templates / FORM]
    for form in filled:
        form.write_text("填进去的数", encoding="utf-8")
    (machine.user / "Desktop" / "绩效自评工具箱.lnk").unlink()

    assert machine.run(setups("1.1.0"), "/S") == 0
    assert machine.registry(OFFICE) == before
    assert machine.registry()[OURS[9:]]["Version"] == "1.1.0"
    assert program_files(machine.installed) - {"规则集/430100/ruleset.yaml", "_internal/我的.txt"} == {
        *PROGRAM, "_internal/新/新.txt", f"表样/{FORM[:-5]}（改过的1）.xltx"} - {"_internal/旧.txt"}
    assert (machine.installed / "LICENSE").read_text(encoding="utf-8") == "LICENSE 1.1.0"
    for form in filled:
        assert form.with_stem(form.stem + "（改过的1）").read_text(encoding="utf-8") == "填进去的数"
        assert form.read_bytes()[:2] == b"PK"
    assert not (machine.user / "Desktop" / "绩效自评工具箱.lnk").exists()       # thrown away, so not wanted

    assert machine.uninstall() == 0
    assert {file: file.read_text(encoding="utf-8") for file in mine} == mine
    assert program_files(machine.installed) == {"规则集/430100/ruleset.yaml", "_internal/我的.txt",
                                                f"表样/{FORM[:-5]}（改过的1）.xltx"}
    assert machine.registry(OFFICE)[OPTIONS] == {
        "OPEN": r'"C:\a\first.xlam"', "OPEN1": r'/R "C:\b\second.xll"', "OPEN2": r'"C:\c\third.xlam"',
        "PersonalTemplates": machine.path(machine.documents / "自定义 Office 模板")}     # the user's own is in there
    assert machine.run(setups("1.1.0"), "/S") == 0    # again, around what was left


def test_an_addin_that_the_user_has_unticked_stays_so(machine, setups):
    with_excel(machine)
    assert machine.run(setups("1.0.0"), "/S") == 0
    addin = machine.path(machine.installed / "addin" / "jixiao.xlam")
    machine.unset(EXCEL + r"\Options", "OPEN2")
    machine.set(EXCEL + r"\Add-in Manager", addin, "")
    before = machine.registry(OFFICE)
    assert machine.run(setups("1.1.0"), "/S") == 0
    assert machine.registry(OFFICE) == before
    assert machine.uninstall() == 0
    assert machine.registry(OFFICE).keys() & {r"16.0\Excel\Add-in Manager"} == set()


def test_every_excel_is_entered_and_none_is_made_up(machine, setups):
    machine.set(OLDER_EXCEL, "X", "1")
    machine.set(r"Software\Microsoft\Office\14.0\Excel\InstallRoot", "Path", "C:\\Office14\\", root="HKLM")
    assert machine.run(setups("1.0.0"), "/S") == 0
    entry = f'"{machine.path(machine.installed / "addin" / "jixiao.xlam")}"'
    assert {key: values["OPEN"] for key, values in machine.registry(OFFICE).items() if "OPEN" in values} == {
        r"15.0\Excel\Options": entry, r"14.0\Excel\Options": entry}
    assert machine.uninstall() == 0
    assert machine.registry(OFFICE) == {"": {}, "15.0": {}, r"15.0\Excel": {"X": "1"}}


def test_without_excel_the_program_is_installed_and_excel_can_come_later(machine, setups):
    assert machine.run(setups("1.0.0"), "/S") == 0
    assert machine.log == ["1.0.0 安装完成。本机没有找到 Excel，没有登记加载项。程序和公式版的表样照样可以用；"
                           "以后装了 Excel，请再运行一次安装程序。"]
    assert machine.registry(OFFICE) == {} and program_files(machine.installed) == PROGRAM
    with_excel(machine)
    assert machine.run(setups("1.0.0"), "/S") == 0
    assert "OPEN2" in machine.registry(OFFICE)[OPTIONS]


def test_what_is_damaged_is_restored_by_running_it_again(machine, setups):
    with_excel(machine)
    assert machine.run(setups("1.0.0"), "/S") == 0
    whole, registry = contents(machine.installed), machine.registry()
    shutil.rmtree(machine.installed / "_internal")
    for name, data in {"jixiao.exe": b"", "uninstall.exe": b"MZ", "addin/jixiao.xlam": b"virus"}.items():
        (machine.installed / name).write_bytes(data)
    assert machine.run(setups("1.0.0"), "/S") == 0
    assert contents(machine.installed) == whole
    assert difference(registry, machine.registry()) == {}


def test_a_folder_of_ones_own_with_chinese_and_blanks_is_kept(machine, setups):
    with_excel(machine)
    folder = machine.drive / "用户 张三" / "财 表"
    folder.parent.mkdir()
    registry, files = machine.registry(), machine.files()
    setup = str(setups("1.0.0")).replace("/", "\\")
    # By cmd, which quotes nothing; setup.exe takes no quoted /D.
    assert machine.run("cmd", "/c", f"Z:{setup} /S /D={machine.path(folder)}") == 0
    assert program_files(folder) == PROGRAM
    assert machine.run(setups("1.1.0"), "/S") == 0    # finds it
    assert (folder / "_internal" / "新" / "新.txt").exists() and not machine.installed.exists()
    assert machine.registry(OFFICE)[OPTIONS]["OPEN2"] == rf'"{machine.path(folder)}\addin\jixiao.xlam"'
    assert machine.uninstall(folder) == 0
    assert difference(registry, machine.registry()) == {}
    assert difference(files, machine.files()) == {}
    (folder / "规则集").mkdir(parents=True)
    (folder / "规则集" / "我的.yaml").touch()          # what an uninstaller leaves is no other's folder
    assert machine.run("cmd", "/c", f"Z:{setup} /S /D={machine.path(folder)}") == 0


def test_when_its_folder_is_gone_the_entry_of_there_is_gone_too(machine, setups):
    with_excel(machine)
    assert machine.run(setups("1.0.0"), "/S", r"/D=C:\旧") == 0
    shutil.rmtree(machine.drive / "旧")
    assert machine.run(setups("1.0.0"), "/S", r"/D=C:\新") == 0
    assert [value for name, value in machine.registry(OFFICE)[OPTIONS].items() if name.startswith("OPEN")][2:] == [
        r'"C:\新\addin\jixiao.xlam"']


def test_the_users_own_folder_of_templates_stays_the_users(machine, setups):
    own = machine.documents / "模板"
    own.mkdir()
    machine.set(EXCEL + r"\Options", "PersonalTemplates", machine.path(own))
    assert machine.run(setups("1.0.0"), "/S") == 0
    assert machine.registry(OFFICE)[OPTIONS]["PersonalTemplates"] == machine.path(own)
    assert program_files(own / "绩效自评") == FORMS
    assert machine.uninstall() == 0
    assert machine.registry(OFFICE)[OPTIONS] == {"PersonalTemplates": machine.path(own)}
    assert list(own.iterdir()) == []


def test_nothing_is_put_where_others_keep_their_templates(machine, setups):
    machine.set(r"Software\Wine\Drives", "n:", "network", "HKLM")
    share = machine.prefix / "dosdevices" / "n:"
    share.symlink_to("../drive_c")
    stop(machine)                                     # Wine learns of drives when it starts
    for folder in (r"\\server\share\模板", r"N:\模板"):
        machine.set(EXCEL + r"\Options", "PersonalTemplates", folder)
        assert machine.run(setups("1.0.0"), "/S") == 0
        assert machine.log[-2] == (f"1.0.0 Excel 的个人模板文件夹不在本机上（{folder}），没有往里放表样。"
                                   "表样在“开始”菜单里。")
        assert "TemplatesFolder" not in machine.registry()[OURS[9:]]
    share.unlink()


def test_what_is_chosen_is_put_in_and_what_is_not_is_taken_out(machine, setups):
    with_excel(machine)
    excel = machine.registry(OFFICE)
    assert machine.run(setups("1.0.0"), "/S", "/LibreOffice=1") == 0
    assert machine.run(setups("1.0.0"), "/S", "/Excel=0", "/Templates=0", "/Desktop=0", "/LibreOffice=0") == 0
    assert machine.registry(OFFICE) == excel
    assert list(machine.documents.iterdir()) == list((machine.user / "Desktop").iterdir()) == []
    assert machine.run(setups("1.1.0"), "/S") == 0    # remembers
    assert machine.registry(OFFICE) == excel
    assert machine.run(setups("1.1.0"), "/S", "/Excel=1", "/LibreOffice=1") == 0
    assert "OPEN2" in machine.registry(OFFICE)[OPTIONS]
    assert machine.uninstall() == 0
    assert (machine.user / "Temp" / "called.txt").read_text().splitlines() == [
        f"{verb} --libreoffice" for verb in ("install", "uninstall", "install", "uninstall")]
