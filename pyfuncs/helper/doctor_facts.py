"""What an examination knows of a computer. One module for each system gathers it; what judges it is pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | int | bytes | tuple[str, ...]


@dataclass(frozen=True)
class Registry:
    """Some keys of Windows' registry as they were read, {full path of the key: {name: value}}; "" names a key's
    default value. Paths and names are found whatever their case, as in Windows."""

    keys: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)

    def values(self, key: str) -> Mapping[str, Value]:
        """What stands in a key, nothing where there is no such key."""
        wanted = key.casefold()
        return next((values for path, values in self.keys.items() if path.casefold() == wanted), {})

    def value(self, key: str, name: str) -> Value | None:
        wanted = name.casefold()
        return next((value for found, value in self.values(key).items() if found.casefold() == wanted), None)

    def below(self, key: str) -> list[str]:
        """Full paths of the keys directly below."""
        start = f"{key}\\".casefold()
        return [path for path in self.keys if path.casefold().startswith(start) and "\\" not in path[len(start):]]


@dataclass(frozen=True)
class Excel:
    """One Excel: the version by which the registry calls it ("16.0"), its build ("" when unknown) and 32 or 64 bits
    (0 when unknown)."""

    version: str
    build: str = ""
    bits: int = 0


@dataclass(frozen=True)
class LibreOffice:
    """The LibreOffice that was found: its version, that of our add-in in it ("" without it, None when LibreOffice
    could not be asked), and what keeps it from serving our functions ("" for nothing)."""

    version: str
    addin: str | None = ""
    trouble: str = ""


@dataclass(frozen=True)
class Served:
    """How a start of the function server went: what JX_VERSION answered and after how many seconds, or why not."""

    version: str = ""
    seconds: float = 0.0
    trouble: str = ""


@dataclass(frozen=True)
class Program:
    """This copy of ours. `packaged` is false when it runs from its source, `listed` when there is no list of its
    files; `missing` and `changed` are paths in its folder that are not as that list has them."""

    version: str
    folder: str
    addin: str
    addin_there: bool = True
    packaged: bool = True
    listed: bool = True
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Machine:
    """A computer with this copy of ours on it. `marked` are files of ours that Windows takes for downloaded ones,
    `asked` the user's files with the zone each came from (None for this computer), `others` further copies of ours
    by their folder with their version ("" when it is gone), `fonts` the Chinese ones (None when unknown),
    `log_trouble` why the log can't be written."""

    system: str                                       # as sys.platform has it
    program: Program
    excels: tuple[Excel, ...] = ()
    wps: str | None = None                            # its version, "" when unknown; None without WPS
    libreoffice: LibreOffice | None = None
    registry: Registry = Registry()
    others: Mapping[str, str] = field(default_factory=dict)
    marked: tuple[str, ...] = ()
    asked: tuple[tuple[str, int | None], ...] = ()
    fonts: frozenset[str] | None = None
    log: str = ""
    log_trouble: str = ""
    served: Served | None = None


@dataclass(frozen=True)
class SetValue:
    """Write one value of the user's registry; a number is a DWORD."""

    key: str
    name: str
    data: str | int


@dataclass(frozen=True)
class DropValue:
    key: str
    name: str


@dataclass(frozen=True)
class Unblock:
    """Take Windows' mark of a downloaded file off a file of ours."""

    path: str


@dataclass(frozen=True)
class InstallExtension:
    """Put our add-in into LibreOffice, in place of another version."""


Repair = SetValue | DropValue | Unblock | InstallExtension
FINE, TODO, UNKNOWN = "正常", "请处理", "无法检查"


@dataclass(frozen=True)
class Advice:
    """What was looked at, how it is, what was found, what to do about it, and what we can do without asking for
    rights."""

    name: str
    state: str
    found: str
    todo: str = ""
    repairs: tuple[Repair, ...] = ()

    @property
    def repairable(self) -> bool:
        return bool(self.repairs)
