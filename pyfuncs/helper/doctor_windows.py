"""What an examination asks Windows, and what a repair writes into the user's part of the registry."""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path

from pyfuncs.helper.doctor_excel import (ADDIN, LOCATIONS, OFFICE, POLICIES, PRODUCT_KEY, YEARS, home_of,
                                         open_entries)
from pyfuncs.helper.doctor_facts import DropValue, Excel, Registry, SetValue, Value
from pyfuncs.helper.doctor_files import version_in

UNINSTALL = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\jixiao"
_PATHS = r"Software\Microsoft\Windows\CurrentVersion\App Paths"
_FONTS = r"Software\Microsoft\Windows NT\CurrentVersion\Fonts"
_ROOTS = (r"HKLM\Software\Microsoft\Office", r"HKLM32\Software\Microsoft\Office",
          r"HKLM\Software\Microsoft\Office\ClickToRun\REGISTRY\MACHINE\Software\Microsoft\Office")
_EVERYWHERE = ("HKCU", "HKLM", "HKLM32")
_USERS = (r"Excel\Options", r"Excel\Add-in Manager", r"Excel\Resiliency\DisabledItems")
_DECIDED = ("Common", r"Common\Security\Trusted Locations", r"Excel\Security", r"Excel\Security\ProtectedView",
            LOCATIONS)
_BITS = {0: 32, 6: 64}                                # what GetBinaryTypeW calls a program


def read_registry() -> Registry:
    """The keys that the judgements look at, those of them that there are."""
    keys = [PRODUCT_KEY, rf"HKLM\{_FONTS}", rf"HKCU\{_FONTS}"]
    keys += [rf"{hive}\{path}" for hive, path in product(_EVERYWHERE, (
        UNINSTALL, rf"{_PATHS}\excel.exe", rf"{_PATHS}\et.exe"))]
    keys += [rf"{root}\{version}\Excel\InstallRoot" for root, version in product(_ROOTS, YEARS)]
    for version in YEARS:
        keys += [rf"{OFFICE}\{version}\{part}" for part in (*_USERS, *_DECIDED)]
        keys += [rf"{root}\{version}\{part}" for root, part in product(POLICIES, _DECIDED)]
    keys += [child for key in keys if key.endswith(LOCATIONS) for child in _children(key)]
    return Registry({key: values for key in keys if (values := _values(key)) is not None})


def excels(registry: Registry) -> tuple[Excel, ...]:
    """Every Excel whose program is there, the newest first."""
    found = {}
    for version, path in _excel_paths(registry):
        if path and os.path.isfile(path):
            build = file_version(path)
            named = f"{build.partition('.')[0]}.0" if build else version
            found.setdefault(named, Excel(named, build, _bits(path)))
    return tuple(found[version] for version in sorted(found, key=float, reverse=True))


def _excel_paths(registry: Registry) -> Iterator[tuple[str, str]]:
    for version, root in product(YEARS, _ROOTS):
        folder = registry.value(rf"{root}\{version}\Excel\InstallRoot", "Path")
        yield version, os.path.join(str(folder), "EXCEL.EXE") if folder else ""
    yield from (("16.0", path) for path in _registered(registry, "excel.exe"))


def wps(registry: Registry) -> str | None:
    """The version of WPS 表格, None without it."""
    path = next((path for path in _registered(registry, "et.exe") if os.path.isfile(path)), None)
    return None if path is None else file_version(path)


def _registered(registry: Registry, program: str) -> Iterator[str]:
    for hive in _EVERYWHERE:
        if path := registry.value(rf"{hive}\{_PATHS}\{program}", ""):
            yield str(path).strip('"')


def others(registry: Registry, own_folder: str, found: tuple[Excel, ...]) -> dict[str, str]:
    """Further copies of ours that are registered somewhere, by folder, with their version ("" when it is gone)."""
    folders = [registry.value(PRODUCT_KEY, "InstallDir"),
               *(registry.value(rf"{hive}\{UNINSTALL}", "InstallLocation") for hive in _EVERYWHERE)]
    for excel in found:
        entries = open_entries(registry.values(rf"{OFFICE}\{excel.version}\Excel\Options"))
        folders += [home_of(path) for path in entries.values() if os.path.basename(path).casefold() == ADDIN]
    given = [os.path.normpath(str(folder).strip('"')) for folder in folders if folder]
    distinct = {os.path.normcase(folder): folder for folder in given}
    distinct.pop(os.path.normcase(os.path.normpath(own_folder)), None)
    return {folder: version_in(Path(folder)) for folder in distinct.values()}


def fonts(registry: Registry) -> frozenset[str]:
    """Families as the registry lists them: "SimSun & NSimSun (TrueType)" holds two."""
    names = [name for hive in ("HKLM", "HKCU") for name in registry.values(rf"{hive}\{_FONTS}")]
    return frozenset(part.strip() for name in names for part in re.sub(r"\([^()]*\)\s*$", "", name).split("&"))


def excel_running() -> bool:
    return bool(ctypes.windll.user32.FindWindowW("XLMAIN", None))


def file_version(path: str) -> str:
    """16.0.14332.20604; "" for a program that does not say."""
    import win32api

    try:
        told = win32api.GetFileVersionInfo(path, "\\")
    except win32api.error:
        return ""
    high, low = told["FileVersionMS"], told["FileVersionLS"]
    return ".".join(str(part & 0xFFFF) for part in (high >> 16, high, low >> 16, low))


def _bits(path: str) -> int:
    kind = ctypes.c_ulong()
    return _BITS.get(kind.value, 0) if ctypes.windll.kernel32.GetBinaryTypeW(path, ctypes.byref(kind)) else 0


def _values(key: str) -> dict[str, Value] | None:
    import winreg

    try:
        with _opened(key) as handle:
            found = [winreg.EnumValue(handle, i) for i in range(winreg.QueryInfoKey(handle)[1])]
            return {name: _plain(data, kind) for name, data, kind in found}
    except OSError:                                   # no such key, or not for this user
        return None


def _children(key: str) -> list[str]:
    import winreg

    with suppress(OSError), _opened(key) as handle:
        return [rf"{key}\{winreg.EnumKey(handle, i)}" for i in range(winreg.QueryInfoKey(handle)[0])]
    return []


def _opened(key: str):
    import winreg

    hive, _, path = key.partition("\\")
    view = winreg.KEY_WOW64_32KEY if hive == "HKLM32" else winreg.KEY_WOW64_64KEY
    root = winreg.HKEY_CURRENT_USER if hive == "HKCU" else winreg.HKEY_LOCAL_MACHINE
    return winreg.OpenKey(root, path, 0, winreg.KEY_READ | view)


def _plain(data: object, kind: int) -> Value:
    import winreg

    if kind == winreg.REG_EXPAND_SZ:
        return os.path.expandvars(str(data))
    if isinstance(data, list):
        return tuple(map(str, data))
    return data if isinstance(data, str | int | bytes) else b""


def write(change: SetValue | DropValue) -> None:
    """Change one value of the user's. Raises OSError."""
    import winreg

    path = change.key.removeprefix("HKCU\\")
    if isinstance(change, DropValue):
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_SET_VALUE) as key:
            winreg.DeleteValue(key, change.name)
        return
    kind = winreg.REG_DWORD if isinstance(change.data, int) else winreg.REG_SZ
    with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_SET_VALUE) as key:
        winreg.SetValueEx(key, change.name, 0, kind, change.data)
