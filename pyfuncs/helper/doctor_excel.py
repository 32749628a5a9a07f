"""Whether Excel loads our add-in: registration, disabled items, trusted locations, policies, marks of the web."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ntpath import basename, dirname, normpath

from pyfuncs.helper.doctor_facts import (FINE, TODO, Advice, DropValue, Excel, Machine, Registry, SetValue, Unblock,
                                         Value)

ADDIN = "jixiao.xlam"
PRODUCT, PRODUCT_NAME = "jixiao", "绩效自评工具箱"
PRODUCT_KEY = r"HKCU\Software\jixiao"                  # what the installer notes: InstallDir, Version, Excel 1 or 0
OFFICE = r"HKCU\Software\Microsoft\Office"
# Where an office's administrators decide, those that overrule the others first.
POLICIES = tuple(rf"{hive}\Software\Policies\Microsoft\{office}" for office in (r"Cloud\Office", "Office")
                 for hive in ("HKLM", "HKCU"))
LOCATIONS = r"Excel\Security\Trusted Locations"
YEARS = {"14.0": "2010", "15.0": "2013", "16.0": "2016 及以上"}
INTERNET = (3, 4)                                     # zones: internet, restricted sites
WITHOUT = "没有加载项，助手（jixiao-window）和公式版表样照常能用。"
_OPEN = re.compile(r"OPEN(\d*)", re.IGNORECASE)
_ENTRY = re.compile(r'^(?:/\w\s+)*"?(?P<path>[^"]+)"?$')


def examine_excel(machine: Machine, excel: Excel) -> Iterator[Advice]:
    """Everything about one Excel."""
    label = f"Excel {YEARS.get(excel.version, excel.version)}"
    if machine.registry.value(PRODUCT_KEY, "Excel") == 0:
        yield Advice(f"{label} 加载项", FINE, "安装时没有选；要用的，重新运行安装程序，选上 Excel 加载项")
        return
    yield registration(machine, excel, f"{label} 加载项")
    yield disabled(machine, excel, f"{label} 禁用项目")
    yield trusted(machine, excel, f"{label} 受信任位置")
    yield policy(machine, excel, f"{label} 策略")
    yield protected_view(machine, excel, f"{label} 受保护的视图")


def registration(machine: Machine, excel: Excel, name: str) -> Advice:
    """Excel loads what stands in OPEN, OPEN1, … up to the first gap; an add-in that was unticked stands in Add-in
    Manager."""
    program, options = machine.program, rf"{OFFICE}\{excel.version}\Excel\Options"
    if not program.addin_there:
        return Advice(name, TODO, f"加载项文件不在：{program.addin}",
                      "可能被移走，或被杀毒软件隔离了。请在杀毒软件的隔离区里恢复它，或重新运行安装程序。")
    entries = open_entries(machine.registry.values(options))
    slot, here = _free_slot(entries), f'"{program.addin}"'
    ours = [number for number, path in entries.items() if _same(path, program.addin)]
    if ours and ours[0] < slot:
        return Advice(name, FINE, f"已登记并勾选（{_open(ours[0])}）")
    if ours:
        return Advice(name, TODO, f"登记为 {_open(ours[0])}，它前面缺 {_open(slot)}，Excel 读不到它", _REPAIR,
                      (SetValue(options, _open(slot), here), DropValue(options, _open(ours[0]))))
    strayed = next(((number, path) for number, path in entries.items() if basename(path).casefold() == ADDIN), None)
    if strayed and (version := _version_there(machine, strayed[1])):
        return Advice(name, TODO, f"Excel 登记的是另一处的加载项（{version}）：{strayed[1]}",
                      "两处只留一处：在 Windows 的“应用”里卸载不用的，再重新运行安装程序。")
    if strayed:
        return Advice(name, TODO, f"Excel 登记的加载项已经不在了：{strayed[1]}", _REPAIR,
                      (SetValue(options, _open(strayed[0]), here),))
    manager = rf"{OFFICE}\{excel.version}\Excel\Add-in Manager"
    parked = [value for value in machine.registry.values(manager) if _same(value, program.addin)]
    if parked:
        return Advice(name, TODO, "加载项装好了，但是没有勾选",
                      "Excel 里点“文件 - 选项 - 加载项 - 转到”，勾选“绩效自评”。" + _REPAIR,
                      (SetValue(options, _open(slot), here), DropValue(manager, parked[0])))
    return Advice(name, TODO, "Excel 里没有登记加载项", _REPAIR, (SetValue(options, _open(slot), here),))


def home_of(addin: str) -> str:
    """The program folder that an add-in belongs to."""
    return normpath(dirname(dirname(addin)))


def _version_there(machine: Machine, addin: str) -> str:
    """The version of the other copy of ours that an add-in belongs to, "" when that is gone."""
    return next((version for folder, version in machine.others.items() if _same(folder, home_of(addin))), "")


_REPAIR = "关闭 Excel 后可以自动处理。"


def open_entries(values: dict[str, Value]) -> dict[int, str]:
    """The paths that Excel opens at its start, by their number: OPEN is 0; `/R "C:\\甲.xlam"` is C:\\甲.xlam."""
    found = {}
    for name, value in values.items():
        number, entry = _OPEN.fullmatch(name), _ENTRY.match(value.strip()) if isinstance(value, str) else None
        if number and entry:
            found[int(number[1] or 0)] = entry["path"].strip()
    return dict(sorted(found.items()))


def _free_slot(entries: dict[int, str]) -> int:
    return next(number for number in range(len(entries) + 1) if number not in entries)


def _open(number: int) -> str:
    return f"OPEN{number or ''}"


def disabled(machine: Machine, excel: Excel, name: str) -> Advice:
    """After a crash Excel disables what it was loading: the path stands as UTF-16 in a value of its own."""
    key = rf"{OFFICE}\{excel.version}\Excel\Resiliency\DisabledItems"
    ours = [value for value, data in machine.registry.values(key).items()
            if isinstance(data, bytes) and ADDIN.encode("utf-16-le") in data.lower()]
    if not ours:
        return Advice(name, FINE, "加载项不在 Excel 的禁用项目里")
    return Advice(name, TODO, "Excel 在一次没有正常结束后，把加载项列入了禁用项目，不再加载",
                  "Excel 里点“文件 - 选项 - 加载项”，下面“管理”选“禁用项目 - 转到”，选中它点“启用”。" + _REPAIR,
                  tuple(DropValue(key, value) for value in ours))


def trusted(machine: Machine, excel: Excel, name: str) -> Advice:
    """The folder of the add-in must be a trusted location, and such locations must count."""
    registry, folder = machine.registry, dirname(machine.program.addin)
    root = rf"{OFFICE}\{excel.version}\{LOCATIONS}"
    if trust := _by_policy(registry, excel, folder):
        return Advice(name, FINE, trust)
    if forbidden := _locations_off(registry, excel):
        return Advice(name, TODO, f"{forbidden}，安装程序登记的受信任位置不起作用",
                      f"请单位的电脑管理员用策略把这个文件夹列为受信任位置：{folder}。{WITHOUT}")
    if folder.startswith("\\\\") and not _on(setting(registry, excel, LOCATIONS, "AllowNetworkLocations")):
        return Advice(name, TODO, f"加载项在网络上（{folder}），Excel 不信任网络上的位置", "请把工具箱装到本机的硬盘上。")
    if _covered(registry, root, folder):
        return Advice(name, FINE, f"加载项的文件夹是受信任位置：{folder}")
    own = rf"{root}\{PRODUCT}"
    return Advice(name, TODO, f"加载项的文件夹不是受信任位置：{folder}", _REPAIR,
                  (SetValue(own, "Path", f"{folder}\\"), SetValue(own, "AllowSubfolders", 0),
                   SetValue(own, "Description", PRODUCT_NAME)))


def _by_policy(registry: Registry, excel: Excel, folder: str) -> str:
    """"" unless the administrators trust the folder themselves."""
    listed = any(_covered(registry, rf"{root}\{excel.version}\{LOCATIONS}", folder) for root in POLICIES)
    return f"单位的策略把加载项的文件夹列为受信任位置：{folder}" if listed and not _all_off(registry, excel) else ""


def _covered(registry: Registry, root: str, folder: str) -> bool:
    """Whether one of the locations under a key is the folder, or lies above it and takes in what is below."""
    for key in registry.below(root):
        path = registry.value(key, "Path")
        if isinstance(path, str) and path.strip("\\"):
            above = f"{_plain(folder)}\\".startswith(f"{_plain(path)}\\")
            if _same(path, folder) or above and _on(registry.value(key, "AllowSubfolders")):
                return True
    return False


def _locations_off(registry: Registry, excel: Excel) -> str:
    """Who keeps the user's trusted locations from counting, "" when they count."""
    if _all_off(registry, excel):
        return "Excel 停用了全部受信任位置"
    allowed = (registry.value(rf"{root}\{excel.version}\Common\Security\Trusted Locations", "Allow User Locations")
               for root in POLICIES)
    return "本单位的策略不许用户自己设受信任位置" if 0 in allowed else ""


def _all_off(registry: Registry, excel: Excel) -> bool:
    return _on(setting(registry, excel, LOCATIONS, "AllLocationsDisabled"))


def policy(machine: Machine, excel: Excel, name: str) -> Advice:
    """Settings of the office, or of the user, that forbid macros or add-ins."""
    found = list(_forbidding(machine.registry, excel, dirname(machine.program.addin)))
    if not found:
        return Advice(name, FINE, "没有禁止宏或加载项的设置")
    by_office = any(told.startswith("本单位") for told in found)
    ask = ("请把这几项告诉单位的电脑管理员，请他允许绩效自评的加载项。" if by_office else
           "Excel 里点“文件 - 选项 - 信任中心 - 信任中心设置”，在“加载项”和“宏设置”里改。")
    return Advice(name, TODO, "；".join(found), ask + WITHOUT)


def _forbidding(registry: Registry, excel: Excel, folder: str) -> Iterator[str]:
    security = r"Excel\Security"
    for part, value, reason in (("Common", "VBAOff", "停用了 VBA（VBAOff）"),
                                (security, "DisableAllAddins", "停用了全部加载项（DisableAllAddins）"),
                                (security, "RequireAddinSig", "只许用签了名的加载项（RequireAddinSig）")):
        if _on(setting(registry, excel, part, value)):
            yield _whose(registry, excel, part, value) + reason
    macros = setting(registry, excel, security, "VBAWarnings")
    trust_counts = _by_policy(registry, excel, folder) or not _locations_off(registry, excel)
    if macros in (3, 4) and not trust_counts:         # a trusted location overrules them
        reason = "禁用了全部宏（VBAWarnings=4）" if macros == 4 else "只许运行签了名的宏（VBAWarnings=3）"
        yield _whose(registry, excel, security, "VBAWarnings") + reason


def setting(registry: Registry, excel: Excel, part: str, name: str) -> Value | None:
    """A setting of Office as it counts: a policy's before the user's own."""
    places = [*(rf"{root}\{excel.version}\{part}" for root in POLICIES), rf"{OFFICE}\{excel.version}\{part}"]
    return next((value for place in places if (value := registry.value(place, name)) is not None), None)


def _whose(registry: Registry, excel: Excel, part: str, name: str) -> str:
    decided = any(registry.value(rf"{root}\{excel.version}\{part}", name) is not None for root in POLICIES)
    return "本单位的策略" if decided else "本机 Excel 的设置"


def protected_view(machine: Machine, excel: Excel, name: str) -> Advice:
    """It is as it should be, on or off; the clerk must know why a table that came by mail does not calculate."""
    names = ("DisableInternetFilesInPV", "DisableAttachmentsInPV", "DisableUnsafeLocationsInPV")
    off = [one for one in names if _on(setting(machine.registry, excel, r"Excel\Security\ProtectedView", one))]
    if len(off) == len(names):
        return Advice(name, FINE, "已停用")
    return Advice(name, FINE, "开着。从邮件、网上收到的表要先点“启用编辑”，函数才计算")


def marks_of_the_web(machine: Machine) -> Advice:
    """Files of ours that Windows takes for downloaded ones: Office would not run them."""
    name = "下载标记"
    if not machine.marked:
        return Advice(name, FINE, "程序和加载项没有“来自网络”的标记")
    return Advice(name, TODO, f"这些文件带有“来自网络”的标记，Office 可能不让它们运行：{few(machine.marked)}",
                  "可以自动去掉；或者在文件上点右键 - 属性，勾选“解除锁定”。", tuple(map(Unblock, machine.marked)))


def asked_file(path: str, zone: int | None) -> Advice:
    """A file that the user asks about."""
    if zone in INTERNET:
        return Advice(path, TODO, "这个文件来自网络或邮件，Excel 会在受保护的视图里打开它，函数不计算",
                      "确认来源可靠后，打开时点“启用编辑”；或者在文件上点右键 - 属性，勾选“解除锁定”。")
    return Advice(path, FINE, "没有“来自网络”的标记")


def few(names: tuple[str, ...], most: int = 5) -> str:
    """The first of many names."""
    rest = len(names) - most
    return "、".join(names[:most]) + (f" 等 {len(names)} 个" if rest > 0 else "")


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(path: str) -> str:
    return normpath(path).rstrip("\\").casefold()


def _on(value: Value | None) -> bool:
    return value == 1
