"""What is advised for computers of every kind: each differs in one thing from one where all is well."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pyfuncs.helper.doctor_excel import open_entries
from pyfuncs.helper.doctor_facts import (FINE, TODO, UNKNOWN, Advice, DropValue, Excel, InstallExtension, LibreOffice,
                                         Machine, Program, Registry, Served, SetValue, Unblock)
from pyfuncs.helper.doctor_judge import judge, told, verdict

FOLDER = r"C:\Programs\绩效 工具"
ADDIN = rf"{FOLDER}\addin\jixiao.xlam"
OLD = r"D:\旧 版\addin\jixiao.xlam"
USER, POLICY = r"HKCU\Software\Microsoft\Office\16.0", r"HKCU\Software\Policies\Microsoft\Office\16.0"
CLOUD, MACHINE_POLICY = POLICY.replace("Office\\", "Cloud\\Office\\", 1), POLICY.replace("HKCU", "HKLM")
OPTIONS, MANAGER = rf"{USER}\Excel\Options", rf"{USER}\Excel\Add-in Manager"
LOCATIONS = rf"{USER}\Excel\Security\Trusted Locations"
DISABLED = rf"{USER}\Excel\Resiliency\DisabledItems"
REGISTRY = {OPTIONS: {"OPEN": '"C:\\别家.xlam"', "OPEN1": f'/R "{ADDIN.upper()}"', "Font": "宋体,11"},
            LOCATIONS: {}, rf"{LOCATIONS}\jixiao": {"Path": f"{FOLDER}\\addin\\", "AllowSubfolders": 0}}
WELL = Machine("win32", Program("1.2.0", FOLDER, ADDIN), (Excel("16.0", "16.0.14332.20604", 64),),
               wps="12.1.0.1", registry=Registry(REGISTRY), fonts=frozenset({"SimSun", "SimHei", "FangSong"}),
               log=r"C:\日志\jixiao.log", served=Served("1.2.0", 0.62))
LINUX = Machine("linux", Program("1.2.0", "/usr/lib/jixiao", "/usr/lib/jixiao/addin/jixiao.xlam"),
                libreoffice=LibreOffice("7.4.7.2", "1.2.0"), fonts=frozenset({"Noto Sans CJK SC"}), log="/log")
EXCEL = "Excel 2016 及以上"
CLOSED = "关闭 Excel 后可以自动处理。"
WITHOUT = "没有加载项，助手（jixiao-window）和公式版表样照常能用。"
AGAIN = "请重新运行安装程序（同一版本就是修复），不用先卸载，设置和文件都留着。"
OFFICE_ASKS = f"请把这几项告诉单位的电脑管理员，请他允许绩效自评的加载项。{WITHOUT}"
USER_SETS = f"Excel 里点“文件 - 选项 - 信任中心 - 信任中心设置”，在“加载项”和“宏设置”里改。{WITHOUT}"


def test_all_is_well_on_windows():
    assert judge(WELL) == (
        Advice("表格软件", FINE, f"{EXCEL}（16.0.14332.20604，64 位）、WPS 表格 12.1.0.1（用公式版表样）"),
        Advice("版本", FINE, rf"1.2.0，在 {FOLDER}"),
        Advice("程序文件", FINE, "齐全，和打包时一样"),
        Advice(f"{EXCEL} 加载项", FINE, "已登记并勾选（OPEN1）"),
        Advice(f"{EXCEL} 禁用项目", FINE, "加载项不在 Excel 的禁用项目里"),
        Advice(f"{EXCEL} 受信任位置", FINE, rf"加载项的文件夹是受信任位置：{FOLDER}\addin"),
        Advice(f"{EXCEL} 策略", FINE, "没有禁止宏或加载项的设置"),
        Advice(f"{EXCEL} 受保护的视图", FINE, "开着。从邮件、网上收到的表要先点“启用编辑”，函数才计算"),
        Advice("下载标记", FINE, "程序和加载项没有“来自网络”的标记"),
        Advice("函数服务", FINE, "启动正常，0.6 秒"),
        Advice("字体", FINE, "宋体、黑体、仿宋都有"),
        Advice("日志", FINE, r"C:\日志\jixiao.log"))


def test_all_is_well_on_linux():
    assert judge(LINUX) == (
        Advice("表格软件", FINE, "LibreOffice 7.4.7.2"),
        Advice("版本", FINE, "1.2.0，在 /usr/lib/jixiao"),
        Advice("程序文件", FINE, "齐全，和打包时一样"),
        Advice("LibreOffice 加载项", FINE, "已装入，1.2.0"),
        Advice("字体", FINE, "没有宋体、黑体、仿宋，用相近的中文字体代替，只影响样子，不影响数"),
        Advice("日志", FINE, "/log"))


def with_keys(keys: dict[str, dict[str, Any]], **changes: Any) -> Machine:
    return replace(WELL, registry=Registry(REGISTRY | keys), **changes)


def without(key: str, **changes: Any) -> Machine:
    return replace(WELL, registry=Registry({path: values for path, values in REGISTRY.items() if path != key}), **changes)


TRUST = (SetValue(rf"{LOCATIONS}\jixiao", "Path", f"{FOLDER}\\addin\\"),
         SetValue(rf"{LOCATIONS}\jixiao", "AllowSubfolders", 0),
         SetValue(rf"{LOCATIONS}\jixiao", "Description", "绩效自评工具箱"))
HERE = f'"{ADDIN}"'

CASES = {
    "registered nowhere, another add-in stays first": (
        with_keys({OPTIONS: {"OPEN": '"C:\\别家.xlam"'}}),
        [Advice(f"{EXCEL} 加载项", TODO, "Excel 里没有登记加载项", CLOSED, (SetValue(OPTIONS, "OPEN1", HERE),))]),
    "no key of Excel's yet": (
        without(OPTIONS), [Advice(f"{EXCEL} 加载项", TODO, "Excel 里没有登记加载项", CLOSED,
                                  (SetValue(OPTIONS, "OPEN", HERE),))]),
    "behind a gap, where Excel stops reading": (
        with_keys({OPTIONS: {"OPEN": '"C:\\别家.xlam"', "OPEN2": HERE}}),
        [Advice(f"{EXCEL} 加载项", TODO, "登记为 OPEN2，它前面缺 OPEN1，Excel 读不到它", CLOSED,
                (SetValue(OPTIONS, "OPEN1", HERE), DropValue(OPTIONS, "OPEN2")))]),
    "unticked": (
        with_keys({OPTIONS: {}, MANAGER: {ADDIN: "", "C:\\别家.xlam": ""}}),
        [Advice(f"{EXCEL} 加载项", TODO, "加载项装好了，但是没有勾选",
                f"Excel 里点“文件 - 选项 - 加载项 - 转到”，勾选“绩效自评”。{CLOSED}",
                (SetValue(OPTIONS, "OPEN", HERE), DropValue(MANAGER, ADDIN)))]),
    "the file is gone": (
        replace(WELL, program=replace(WELL.program, addin_there=False, missing=("addin/jixiao.xlam",))),
        [Advice("程序文件", TODO, "缺少 addin/jixiao.xlam",
                f"缺少的文件可能被杀毒软件隔离了，请先在它的隔离区里恢复。{AGAIN}"),
         Advice(f"{EXCEL} 加载项", TODO, f"加载项文件不在：{ADDIN}",
                "可能被移走，或被杀毒软件隔离了。请在杀毒软件的隔离区里恢复它，或重新运行安装程序。")]),
    "an older copy is registered and there": (
        with_keys({OPTIONS: {"OPEN": f'"{OLD}"'}}, others={r"d:\旧 版": "1.0.0"}),
        [Advice("版本", TODO, rf"现在运行的是 1.2.0，在 {FOLDER}；另外还有 1.0.0，在 d:\旧 版",
                "只留一份：留版本新的，其余的在系统的“应用”里卸载，解压使用的便携版删去文件夹。"),
         Advice(f"{EXCEL} 加载项", TODO, f"Excel 登记的是另一处的加载项（1.0.0）：{OLD}",
                "两处只留一处：在 Windows 的“应用”里卸载不用的，再重新运行安装程序。")]),
    "an older copy is registered and gone": (
        with_keys({OPTIONS: {"OPEN": f'"{OLD}"'}}, others={r"D:\旧 版": ""}),
        [Advice(f"{EXCEL} 加载项", TODO, f"Excel 登记的加载项已经不在了：{OLD}", CLOSED,
                (SetValue(OPTIONS, "OPEN", HERE),))]),
    "disabled after a crash": (
        with_keys({DISABLED: {"3A1F": b"\x02\0\0\0" + ADDIN.upper().encode("utf-16-le"), "77": b"\x02" + "别家".encode("utf-16-le")}}),
        [Advice(f"{EXCEL} 禁用项目", TODO, "Excel 在一次没有正常结束后，把加载项列入了禁用项目，不再加载",
                f"Excel 里点“文件 - 选项 - 加载项”，下面“管理”选“禁用项目 - 转到”，选中它点“启用”。{CLOSED}",
                (DropValue(DISABLED, "3A1F"),))]),
    "no trusted location": (
        without(rf"{LOCATIONS}\jixiao"),
        [Advice(f"{EXCEL} 受信任位置", TODO, rf"加载项的文件夹不是受信任位置：{FOLDER}\addin", CLOSED, TRUST)]),
    "a trusted folder above counts with what is below it only": (
        with_keys({rf"{LOCATIONS}\jixiao": {"Path": FOLDER, "AllowSubfolders": 0}}),
        [Advice(f"{EXCEL} 受信任位置", TODO, rf"加载项的文件夹不是受信任位置：{FOLDER}\addin", CLOSED, TRUST)]),
    "trusted with a folder above": (
        with_keys({rf"{LOCATIONS}\jixiao": {}, rf"{LOCATIONS}\Location7": {"Path": FOLDER.upper(), "AllowSubfolders": 1}}), []),
    "all trusted locations are off": (
        with_keys({rf"{POLICY}\Excel\Security\Trusted Locations": {"AllLocationsDisabled": 1}}),
        [Advice(f"{EXCEL} 受信任位置", TODO, "Excel 停用了全部受信任位置，安装程序登记的受信任位置不起作用",
                rf"请单位的电脑管理员用策略把这个文件夹列为受信任位置：{FOLDER}\addin。{WITHOUT}")]),
    "users may not trust, and macros are forbidden": (
        with_keys({rf"{POLICY}\Common\Security\Trusted Locations": {"allow user locations": 0},
                   rf"{POLICY}\Excel\Security": {"VBAWarnings": 4}}),
        [Advice(f"{EXCEL} 受信任位置", TODO, "本单位的策略不许用户自己设受信任位置，安装程序登记的受信任位置不起作用",
                rf"请单位的电脑管理员用策略把这个文件夹列为受信任位置：{FOLDER}\addin。{WITHOUT}"),
         Advice(f"{EXCEL} 策略", TODO, "本单位的策略禁用了全部宏（VBAWarnings=4）", OFFICE_ASKS)]),
    "forbidden macros do not reach what lies in a trusted location": (
        with_keys({rf"{POLICY}\Excel\Security": {"VBAWarnings": 4}}), []),
    "the administrators trust the folder themselves": (
        with_keys({rf"{POLICY}\Common\Security\Trusted Locations": {"Allow User Locations": 0},
                   rf"{POLICY}\Excel\Security": {"VBAWarnings": 3},
                   rf"{POLICY}\Excel\Security\Trusted Locations\Location0": {"Path": f"{FOLDER}\\addin"}}),
        [Advice(f"{EXCEL} 受信任位置", FINE, rf"单位的策略把加载项的文件夹列为受信任位置：{FOLDER}\addin")]),
    "what the administrators trust does not count either when all is off": (
        with_keys({rf"{POLICY}\Excel\Security\Trusted Locations": {"AllLocationsDisabled": 1},
                   rf"{POLICY}\Excel\Security\Trusted Locations\Location0": {"Path": f"{FOLDER}\\addin"}}),
        [Advice(f"{EXCEL} 受信任位置", TODO, "Excel 停用了全部受信任位置，安装程序登记的受信任位置不起作用",
                rf"请单位的电脑管理员用策略把这个文件夹列为受信任位置：{FOLDER}\addin。{WITHOUT}")]),
    "a policy forbids add-ins and VBA": (
        with_keys({rf"{CLOUD}\Common": {"VBAOff": 1}, rf"{MACHINE_POLICY}\Excel\Security": {"DisableAllAddins": 1}}),
        [Advice(f"{EXCEL} 策略", TODO, "本单位的策略停用了 VBA（VBAOff）；本单位的策略停用了全部加载项（DisableAllAddins）", OFFICE_ASKS)]),
    "the user forbids add-ins": (
        with_keys({rf"{USER}\Excel\Security": {"DisableAllAddins": 1, "RequireAddinSig": 0}}),
        [Advice(f"{EXCEL} 策略", TODO, "本机 Excel 的设置停用了全部加载项（DisableAllAddins）", USER_SETS)]),
    "a policy allows what the user forbids": (
        with_keys({rf"{USER}\Excel\Security": {"DisableAllAddins": 1}, rf"{POLICY}\Excel\Security": {"DisableAllAddins": 0}}), []),
    "only signed add-ins": (
        with_keys({rf"{POLICY}\Excel\Security": {"RequireAddinSig": 1}}),
        [Advice(f"{EXCEL} 策略", TODO, "本单位的策略只许用签了名的加载项（RequireAddinSig）", OFFICE_ASKS)]),
    "protected view for some files": (
        with_keys({rf"{USER}\Excel\Security\ProtectedView": {"DisableInternetFilesInPV": 1}}), []),
    "no protected view": (
        with_keys({rf"{USER}\Excel\Security\ProtectedView": {
            "DisableInternetFilesInPV": 1, "DisableAttachmentsInPV": 1, "DisableUnsafeLocationsInPV": 1}}),
        [Advice(f"{EXCEL} 受保护的视图", FINE, "已停用")]),
    "our files came from the internet": (
        replace(WELL, marked=(ADDIN, rf"{FOLDER}\jixiao.exe")),
        [Advice("下载标记", TODO, rf"这些文件带有“来自网络”的标记，Office 可能不让它们运行：{ADDIN}、{FOLDER}\jixiao.exe",
                "可以自动去掉；或者在文件上点右键 - 属性，勾选“解除锁定”。", (Unblock(ADDIN), Unblock(rf"{FOLDER}\jixiao.exe")))]),
    "tables that the user asks about": (
        replace(WELL, asked=((r"C:\甲.xlsx", 3), (r"C:\乙.xlsx", None), (r"C:\丙.xlsx", 1))),
        [Advice(r"C:\甲.xlsx", TODO, "这个文件来自网络或邮件，Excel 会在受保护的视图里打开它，函数不计算",
                "确认来源可靠后，打开时点“启用编辑”；或者在文件上点右键 - 属性，勾选“解除锁定”。"),
         Advice(r"C:\乙.xlsx", FINE, "没有“来自网络”的标记"), Advice(r"C:\丙.xlsx", FINE, "没有“来自网络”的标记")]),
    "the server does not start": (
        replace(WELL, served=Served(trouble="40 秒没有回答")),
        [Advice("函数服务", TODO, "没有启动起来：40 秒没有回答",
                f"请看杀毒软件有没有拦下 jixiao-server.exe，把程序文件夹列为信任；仍不行的，{AGAIN}")]),
    "a server of another version": (
        replace(WELL, served=Served("1.1.0", 0.5)), [Advice("函数服务", TODO, "启动的是另一个版本 1.1.0", AGAIN)]),
    "a slow server": (
        replace(WELL, served=Served("1.2.0", 12.34)),
        [Advice("函数服务", FINE, "启动正常，12.3 秒，偏慢，常见原因是杀毒软件逐个扫描")]),
    "fonts are missing": (
        replace(WELL, fonts=frozenset({"宋体", "Arial"})),
        [Advice("字体", TODO, "缺少黑体、仿宋，表样打印出来会变样",
                "Windows 的“设置 - 应用 - 可选功能 - 添加功能”里，添加“简体中文补充字体”。")]),
    "files are damaged": (
        replace(WELL, program=replace(WELL.program, changed=tuple(f"_internal/{n}.pyd" for n in range(7)))),
        [Advice("程序文件", TODO, "被改过 _internal/0.pyd、_internal/1.pyd、_internal/2.pyd、_internal/3.pyd、_internal/4.pyd 等 7 个", AGAIN)]),
    "the list of files is gone": (
        replace(WELL, program=replace(WELL.program, listed=False)),
        [Advice("程序文件", TODO, "安装的文件清单 files.json 不在或读不出来", AGAIN)]),
    "from the source": (
        replace(WELL, program=replace(WELL.program, packaged=False, listed=False)),
        [Advice("版本", FINE, rf"1.2.0，在 {FOLDER}（从源代码运行）"), Advice("程序文件", UNKNOWN, "从源代码运行，没有文件清单")]),
    "no log": (
        replace(WELL, log_trouble=r"写不了 C:\日志：磁盘满了"),
        [Advice("日志", TODO, r"写不了 C:\日志：磁盘满了", "函数照常能算，只是出了错没有记录；请检查这个文件夹的权限和磁盘空间。")]),
    "Excel was left out when installing": (
        with_keys({OPTIONS: {}, r"HKCU\Software\jixiao": {"Excel": 0}}),
        [Advice(f"{EXCEL} 加载项", FINE, "安装时没有选；要用的，重新运行安装程序，选上 Excel 加载项")]),
    "no Excel, but WPS": (
        replace(WELL, excels=()), [Advice("表格软件", FINE, "WPS 表格 12.1.0.1（用公式版表样）")]),
    "nothing at all": (
        replace(WELL, excels=(), wps=None),
        [Advice("表格软件", TODO, "没有找到 Excel、WPS 表格或 LibreOffice", "助手和审核、汇总照常能用；要打开表样和结果，请装其中一个。")]),
    "LibreOffice beside Excel": (
        replace(WELL, libreoffice=LibreOffice("24.2.1.2")),
        [Advice("表格软件", FINE, f"{EXCEL}（16.0.14332.20604，64 位）、WPS 表格 12.1.0.1（用公式版表样）、LibreOffice 24.2.1.2"),
         Advice("LibreOffice 加载项", FINE, "没有装；要在 LibreOffice 里用函数的，运行 jixiao install --libreoffice")]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_differs_from_a_computer_where_all_is_well(name: str):
    machine, expected = CASES[name]
    usual = judge(WELL)
    assert [advice for advice in judge(machine) if advice not in usual] == expected


def test_an_excel_that_is_too_old_is_told_and_judged_too():
    old = replace(WELL, excels=(Excel("12.0"),))
    first, *_ = judge(old)
    assert first == Advice("表格软件", TODO, "Excel 12.0、WPS 表格 12.1.0.1（用公式版表样）",
                           f"这个 Excel 太旧，加载项要 Excel 2010 以上。{WITHOUT}")


def test_two_excels_are_judged_each_by_its_own_keys():
    both = replace(WELL, excels=(*WELL.excels, Excel("15.0", bits=32)))
    advices = judge(both)
    assert advices[0].found.startswith(f"{EXCEL}（16.0.14332.20604，64 位）、Excel 2013（32 位）、")
    assert [advice.state for advice in advices if advice.name in (f"{EXCEL} 加载项", "Excel 2013 加载项")] == [FINE, TODO]


def test_an_addin_on_a_share_is_not_trusted_unless_that_is_allowed():
    shared = replace(WELL, program=replace(WELL.program, addin=r"\\服务器\共享\addin\jixiao.xlam"))
    locations = {rf"{LOCATIONS}\甲": {"Path": r"\\服务器\共享\addin" + "\\"}}
    [advice] = [a for a in judge(replace(shared, registry=Registry(REGISTRY | locations))) if "受信任位置" in a.name]
    assert advice == Advice(f"{EXCEL} 受信任位置", TODO, r"加载项在网络上（\\服务器\共享\addin），Excel 不信任网络上的位置",
                            "请把工具箱装到本机的硬盘上。")
    allowed = locations | {LOCATIONS: {"AllowNetworkLocations": 1}}
    [advice] = [a for a in judge(replace(shared, registry=Registry(REGISTRY | allowed))) if "受信任位置" in a.name]
    assert advice.state == FINE


@pytest.mark.parametrize(("changes", "expected"), [
    ({"libreoffice": LibreOffice("7.4.7.2")},
     [Advice("LibreOffice 加载项", TODO, "没有装，单元格里的 JX_ 函数不能算", "关闭 LibreOffice 后可以自动装入。", (InstallExtension(),))]),
    ({"libreoffice": LibreOffice("7.4.7.2", "1.1.0")},
     [Advice("LibreOffice 加载项", TODO, "装的是另一个版本 1.1.0，本程序是 1.2.0", "关闭 LibreOffice 后可以自动装入。",
             (InstallExtension(),))]),
    ({"libreoffice": LibreOffice("7.4.7.2", None)},
     [Advice("LibreOffice 加载项", UNKNOWN, "LibreOffice 正在运行或刚刚退出，没有问到", "请关闭它的所有窗口，等几秒再诊断一次。")]),
    ({"libreoffice": LibreOffice("7.4.7.2", trouble="缺少 Python。请先安装：\n  apt-get\n（其他同）")},
     [Advice("LibreOffice 加载项", TODO, "缺少 Python。请先安装：", "apt-get （其他同）")]),
    ({"libreoffice": LibreOffice("6.4.10", "")},
     [Advice("表格软件", FINE, "LibreOffice 6.4.10"),
      Advice("LibreOffice 加载项", TODO, "LibreOffice 6.4.10 太旧", "加载项要 LibreOffice 7.4 以上；旧的请用公式版表样。")]),
    ({"libreoffice": LibreOffice("", "1.2.0")}, [Advice("表格软件", FINE, "LibreOffice")]),
    ({"wps": ""}, [Advice("表格软件", FINE, "WPS 表格（用公式版表样）、LibreOffice 7.4.7.2")]),
    ({"fonts": frozenset()},
     [Advice("字体", TODO, "没有中文字体，表里的汉字显示不出来", "请安装一种中文字体，例如：sudo apt-get install -y fonts-noto-cjk")]),
    ({"program": replace(LINUX.program, missing=("_internal/a.so",))},
     [Advice("程序文件", TODO, "缺少 _internal/a.so", "请重新安装软件包：sudo dpkg -i jixiao_版本_amd64.deb；设置和文件都留着。")]),
    ({"fonts": None}, [Advice("字体", UNKNOWN, "系统没有列出字体")]),
    ({"others": {"/opt/旧": "1.1.0"}},
     [Advice("版本", TODO, "现在运行的是 1.2.0，在 /usr/lib/jixiao；另外还有 1.1.0，在 /opt/旧",
             "只留一份：留版本新的，其余的在系统的“应用”里卸载，解压使用的便携版删去文件夹。")]),
])
def test_what_differs_on_linux(changes: dict[str, Any], expected: list[Advice]):
    usual = judge(LINUX)
    assert [advice for advice in judge(replace(LINUX, **changes)) if advice not in usual] == expected


@pytest.mark.parametrize(("value", "entries"), [
    ('"C:\\a b.xlam"', {0: "C:\\a b.xlam"}),
    ('/R "C:\\a b.xlam"', {0: "C:\\a b.xlam"}),
    ("C:\\a.xlam", {0: "C:\\a.xlam"}),
    ('/A "x.xla"', {0: "x.xla"}),
    (7, {}),
    ("", {}),
])
def test_what_excel_opens(value: object, entries: dict[int, str]):
    assert open_entries({"OPEN": value, "OPENX": '"C:\\b.xlam"', "Opening": "1"}) == entries


def test_the_registry_knows_no_case():
    keys = Registry({r"HKCU\甲\B": {"Name": 1}, r"HKCU\甲\B\c\D": {}, r"HKCU\甲\B\C2": {}})
    assert keys.value(r"hkcu\甲\b", "NAME") == 1 and keys.value(r"HKCU\甲", "Name") is None
    assert keys.below(r"HKCU\甲\b") == [r"HKCU\甲\B\C2"] and keys.values(r"HKCU\没有") == {}


@pytest.mark.parametrize(("advices", "line"), [
    ((), "没有要处理的。"),
    ((Advice("甲", FINE, "好"), Advice("乙", UNKNOWN, "不明")), "没有要处理的。"),
    ((Advice("甲", TODO, "坏", "修"), Advice("乙", TODO, "坏", "修", (Unblock("a"),))),
     "有 2 项请处理，其中 1 项可以自动处理：jixiao doctor --repair。"),
    ((Advice("甲", TODO, "坏", "修"),), "有 1 项请处理。"),
])
def test_the_verdict(advices: tuple[Advice, ...], line: str):
    assert verdict(advices) == line


def test_an_advice_in_text():
    assert told(Advice("甲", TODO, "坏", "修")) == "[请处理] 甲：坏\n    修"
    assert told(Advice("甲", FINE, "好")) == "[正常] 甲：好"
