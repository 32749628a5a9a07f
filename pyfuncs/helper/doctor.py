"""The examination of a computer: gathered, judged; and the repairs that need nobody's leave."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pyfuncs import __version__, function_log
from pyfuncs.helper import doctor_files, doctor_linux, doctor_windows, libreoffice
from pyfuncs.helper.doctor_facts import (Advice, DropValue, InstallExtension, LibreOffice, Machine, Program, Registry,
                                         Repair, SetValue, Unblock)
from pyfuncs.helper.doctor_judge import judge

OWN_PROGRAMS = ("jixiao.exe", "jixiao-window.exe", "jixiao-server.exe", "xlwings64-0.37.8.dll", "xlwings32-0.37.8.dll")


def examine(files: Sequence[Path] = ()) -> tuple[Advice, ...]:
    """How this computer and this copy of ours are; also of `files` that the user asks about. Takes seconds: it
    starts the function server and reads every file of ours."""
    return judge(gather(files))


def gather(files: Sequence[Path] = ()) -> Machine:
    """What there is, without a judgement."""
    folder, log = program_folder(), function_log.path()
    shared = {"system": sys.platform, "log": str(log),
              "log_trouble": doctor_files.log_trouble(log), "libreoffice": _libreoffice(),
              "asked": tuple((str(path), doctor_files.zone(path)) for path in files)}
    program = _program(folder)
    if sys.platform != "win32":
        return Machine(**shared, program=program, wps=doctor_linux.wps(), fonts=doctor_linux.fonts(),
                       others=doctor_linux.others(str(folder)))
    from pyfuncs.helper.doctor_server import serve_once

    registry = doctor_windows.read_registry()
    excels = doctor_windows.excels(registry)
    own = (program.addin, *(str(folder / name) for name in OWN_PROGRAMS))
    return Machine(**shared, program=program, excels=excels, wps=doctor_windows.wps(registry), registry=registry,
                   fonts=doctor_windows.fonts(registry), others=doctor_windows.others(registry, str(folder), excels),
                   served=serve_once(folder),
                   marked=tuple(path for path in own if doctor_files.zone(Path(path)) is not None))


def program_folder() -> Path:
    """Where the packaged program lies, else the checkout."""
    return Path(sys.executable).parent if _packaged() else Path(__file__).resolve().parents[2]


def _packaged() -> bool:
    return getattr(sys, "frozen", False)


def _program(folder: Path) -> Program:
    addin = folder.joinpath(*(["addin"] if _packaged() else ["addin", "excel"]), "jixiao.xlam")
    compared = doctor_files.against_list(folder) if _packaged() else None
    missing, changed = compared or ((), ())
    return Program(__version__, str(folder), str(addin), addin.is_file(), _packaged(), compared is not None,
                   missing, changed)


def _libreoffice() -> LibreOffice | None:
    unopkg = libreoffice.find_unopkg()
    if unopkg is None:
        return None
    version = libreoffice.version(unopkg)
    try:
        libreoffice.check_python(unopkg)
    except libreoffice.NotInstalled as trouble:
        return LibreOffice(version, trouble=str(trouble))
    return LibreOffice(version, libreoffice.installed(unopkg))


def repair(advices: Sequence[Advice]) -> list[str]:
    """Do what can be done of what they advise; what each value was and is, or why it was left.

    Only values and files of our own are touched; none of them while Excel runs, which would write its own back.
    """
    registry, running = Registry(), False
    if sys.platform == "win32":
        registry, running = doctor_windows.read_registry(), doctor_windows.excel_running()
    return [line for advice in advices if advice.repairs for line in _repaired(advice, registry, running)]


def _repaired(advice: Advice, registry: Registry, excel_running: bool) -> Iterator[str]:
    yield f"{advice.name}："
    for one in advice.repairs:
        if excel_running and isinstance(one, SetValue | DropValue):
            yield "  没有改：Excel 正开着，请关闭 Excel 的所有窗口再运行一次。"
            return
        try:
            yield f"  {_done(one, registry)}"
        except (OSError, libreoffice.NotInstalled) as failure:
            yield f"  没有改成：{_reason(failure)}"
            return                                    # what follows may count on it


def _done(one: Repair, registry: Registry) -> str:
    match one:
        case InstallExtension():
            return libreoffice.install().splitlines()[0]
        case Unblock(path):
            doctor_files.unblock(path)
            return f"{path}：原来带有“来自网络”的标记，现在去掉了。"
    before = registry.value(one.key, one.name)
    doctor_windows.write(one)
    now = "现在没有了" if isinstance(one, DropValue) else f"现在是 {one.data}"
    return f"{one.key} 的 {one.name}：原来{_was(before)}，{now}。"


def _reason(failure: Exception) -> str:
    match failure:
        case PermissionError():
            return "没有权限，可能被本单位的策略锁定了。"
        case FileNotFoundError():
            return "要改的已经不在了。"
    return str(failure)


def _was(value: object) -> str:
    if value is None:
        return "没有"
    return "是禁用记录" if isinstance(value, bytes) else f"是 {value}"
