"""From what was gathered of a computer to advice: which programs, copies, files, fonts there are, and the server."""

from __future__ import annotations

from collections.abc import Iterator

from pyfuncs.helper.doctor_excel import WITHOUT, YEARS, asked_file, examine_excel, few, marks_of_the_web
from pyfuncs.helper.doctor_facts import FINE, TODO, UNKNOWN, Advice, Excel, InstallExtension, Machine

SLOW = 10                                             # seconds after which a start is worth a word
OLDEST_EXCEL, OLDEST_LIBREOFFICE = 14, (7, 4)
# The fonts of our templates, by each name that systems know them by.
FONTS = {"宋体": {"宋体", "SimSun"}, "黑体": {"黑体", "SimHei"}, "仿宋": {"仿宋", "FangSong", "仿宋_GB2312"}}
AGAIN = "请重新运行安装程序（同一版本就是修复），不用先卸载，设置和文件都留着。"
ISOLATED = "缺少的文件可能被杀毒软件隔离了，请先在它的隔离区里恢复。"
AGAIN_ON_LINUX = "请重新安装软件包：sudo dpkg -i jixiao_版本_amd64.deb；设置和文件都留着。"
MOST_NAMED = 5


def judge(machine: Machine) -> tuple[Advice, ...]:
    """Everything that can be said, in the order in which a clerk would look."""
    return tuple(_judged(machine))


def _judged(machine: Machine) -> Iterator[Advice]:
    yield programs(machine)
    yield copies(machine)
    yield files(machine)
    for excel in machine.excels:
        yield from examine_excel(machine, excel)
    if machine.system == "win32":
        yield marks_of_the_web(machine)
        yield server(machine)
    if machine.libreoffice is not None:
        yield extension(machine)
    yield fonts(machine)
    yield log(machine)
    for path, zone in machine.asked:
        yield asked_file(path, zone)


def programs(machine: Machine) -> Advice:
    """Which spreadsheet programs there are."""
    found = [*map(_excel, machine.excels)]
    if machine.wps is not None:
        found.append(f"WPS 表格 {machine.wps}".rstrip() + "（用公式版表样）")
    if machine.libreoffice is not None:
        found.append(f"LibreOffice {machine.libreoffice.version}".rstrip())
    name, told = "表格软件", "、".join(found)
    if not found:
        return Advice(name, TODO, "没有找到 Excel、WPS 表格或 LibreOffice",
                      "助手和审核、汇总照常能用；要打开表样和结果，请装其中一个。")
    old = [excel for excel in machine.excels if int(excel.version.partition(".")[0]) < OLDEST_EXCEL]
    if old:
        return Advice(name, TODO, told, f"这个 Excel 太旧，加载项要 Excel 2010 以上。{WITHOUT}")
    return Advice(name, FINE, told)


def _excel(excel: Excel) -> str:
    details = [detail for detail in (excel.build, f"{excel.bits} 位" if excel.bits else "") if detail]
    return f"Excel {YEARS.get(excel.version, excel.version)}" + (f"（{'，'.join(details)}）" if details else "")


def copies(machine: Machine) -> Advice:
    """Another copy of ours: an older one that Excel or the start menu would start, or a newer one."""
    own, name = machine.program, "版本"
    here = f"{own.version}，在 {own.folder}" + ("" if own.packaged else "（从源代码运行）")
    there = [f"{version}，在 {place}" for place, version in machine.others.items() if version]
    if not there:
        return Advice(name, FINE, here)
    return Advice(name, TODO, f"现在运行的是 {here}；另外还有 {'；'.join(there)}",
                  "只留一份：留版本新的，其余的在系统的“应用”里卸载，解压使用的便携版删去文件夹。")


def files(machine: Machine) -> Advice:
    """Whether our own files are as they were packaged."""
    own, name = machine.program, "程序文件"
    if not own.packaged:
        return Advice(name, UNKNOWN, "从源代码运行，没有文件清单")
    again = AGAIN if machine.system == "win32" else AGAIN_ON_LINUX
    if not own.listed:
        return Advice(name, TODO, "安装的文件清单 files.json 不在或读不出来", again)
    if not own.missing and not own.changed:
        return Advice(name, FINE, "齐全，和打包时一样")
    found = [f"{what} {few(names, MOST_NAMED)}" for what, names in (("缺少", own.missing), ("被改过", own.changed)) if names]
    isolated = own.missing and machine.system == "win32"
    return Advice(name, TODO, "；".join(found), f"{ISOLATED if isolated else ''}{again}")


def server(machine: Machine) -> Advice:
    """Whether the functions of the add-in answer: started as the add-in starts them."""
    name, served = "函数服务", machine.served
    if served is None:
        return Advice(name, UNKNOWN, "没有试")
    if served.trouble:
        return Advice(name, TODO, f"没有启动起来：{served.trouble}",
                      f"请看杀毒软件有没有拦下 jixiao-server.exe，把程序文件夹列为信任；仍不行的，{AGAIN}")
    if served.version != machine.program.version:
        return Advice(name, TODO, f"启动的是另一个版本 {served.version}", AGAIN)
    slow = "，偏慢，常见原因是杀毒软件逐个扫描" if served.seconds > SLOW else ""
    return Advice(name, FINE, f"启动正常，{served.seconds:.1f} 秒{slow}")


def extension(machine: Machine) -> Advice:
    """Our add-in in LibreOffice; where there is an Excel nobody needs it there."""
    name, office, version = "LibreOffice 加载项", machine.libreoffice, machine.program.version
    if office.trouble:
        found, *todo = office.trouble.splitlines()
        return Advice(name, TODO, found, " ".join(map(str.strip, todo)))
    if office.addin is None:
        return Advice(name, UNKNOWN, "LibreOffice 正在运行或刚刚退出，没有问到", "请关闭它的所有窗口，等几秒再诊断一次。")
    if office.version and _numbers(office.version) < OLDEST_LIBREOFFICE:
        return Advice(name, TODO, f"LibreOffice {office.version} 太旧", "加载项要 LibreOffice 7.4 以上；旧的请用公式版表样。")
    if office.addin == version:
        return Advice(name, FINE, f"已装入，{version}")
    if office.addin:
        return Advice(name, TODO, f"装的是另一个版本 {office.addin}，本程序是 {version}", _EXTENSION, (InstallExtension(),))
    if machine.excels:
        return Advice(name, FINE, "没有装；要在 LibreOffice 里用函数的，运行 jixiao install --libreoffice")
    return Advice(name, TODO, "没有装，单元格里的 JX_ 函数不能算", _EXTENSION, (InstallExtension(),))


_EXTENSION = "关闭 LibreOffice 后可以自动装入。"


def _numbers(version: str) -> tuple[int, ...]:
    """7.4.7.2 → (7, 4)."""
    return tuple(int(part) if part.isascii() and part.isdigit() else 0 for part in version.split(".")[:2])


def fonts(machine: Machine) -> Advice:
    """Whether the templates look as they are printed."""
    name = "字体"
    if machine.fonts is None:
        return Advice(name, UNKNOWN, "系统没有列出字体")
    missing = [font for font, names in FONTS.items() if not names & machine.fonts]
    if not missing:
        return Advice(name, FINE, f"{'、'.join(FONTS)}都有")
    if machine.system == "win32":
        return Advice(name, TODO, f"缺少{'、'.join(missing)}，表样打印出来会变样",
                      "Windows 的“设置 - 应用 - 可选功能 - 添加功能”里，添加“简体中文补充字体”。")
    if machine.fonts:
        return Advice(name, FINE, f"没有{'、'.join(missing)}，用相近的中文字体代替，只影响样子，不影响数")
    return Advice(name, TODO, "没有中文字体，表里的汉字显示不出来",
                  "请安装一种中文字体，例如：sudo apt-get install -y fonts-noto-cjk")


def log(machine: Machine) -> Advice:
    """Whether what goes wrong can be written down."""
    if machine.log_trouble:
        return Advice("日志", TODO, machine.log_trouble, "函数照常能算，只是出了错没有记录；请检查这个文件夹的权限和磁盘空间。")
    return Advice("日志", FINE, machine.log)


def verdict(advices: tuple[Advice, ...]) -> str:
    """One line for all of it."""
    todo = [advice for advice in advices if advice.state == TODO]
    if not todo:
        return "没有要处理的。"
    by_itself = sum(advice.repairable for advice in todo)
    return f"有 {len(todo)} 项请处理" + (f"，其中 {by_itself} 项可以自动处理：jixiao doctor --repair。" if by_itself else "。")


def told(advice: Advice) -> str:
    """An advice as lines of text."""
    return "\n".join([f"[{advice.state}] {advice.name}：{advice.found}",
                      *([f"    {advice.todo}"] if advice.todo else [])])
