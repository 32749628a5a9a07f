"""Make addin/libreoffice/jixiao.oxt: the sources beside it, the cell functions, and their declarations.

    python build/libreoffice_addin.py            write
    python build/libreoffice_addin.py --check    write nothing, exit 1 when the file is not what it should be
"""

from __future__ import annotations

import argparse
import inspect
import io
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping
from modulefinder import ModuleFinder
from pathlib import Path
from xml.sax.saxutils import escape

from pyfuncs import __version__
from pyfuncs.catalog.compiled import FOLDERS
from pyfuncs.udfs import FUNCTIONS, Argument, CellFunction
from pyfuncs.udfs_excel import CATEGORY

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "addin" / "libreoffice"
TARGET = FOLDER / "jixiao.oxt"
SOURCES = ("META-INF/manifest.xml", "component.py", "Jobs.xcu")
SERVED = ("pyfuncs.udfs", "pyfuncs.function_log")     # what component.py imports
SERVICE, NAME = "jixiao.Functions", "绩效自评工具箱"
MOMENT = (2020, 1, 1, 0, 0, 0)

_XCU = """<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"
                    oor:name="CalcAddIns" oor:package="org.openoffice.Office">
  <node oor:name="AddInInfo">
    <node oor:name="{service}" oor:op="replace">
      <node oor:name="AddInFunctions">
{functions}
      </node>
    </node>
  </node>
</oor:component-data>
"""
_DESCRIPTION = """<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006"
             xmlns:d="http://openoffice.org/extensions/description/2006"
             xmlns:l="http://libreoffice.org/extensions/description/2011">
  <identifier value="jixiao"/>
  <version value="{version}"/>
  <display-name><name lang="zh-CN">{name}</name></display-name>
  <dependencies>
    <l:LibreOffice-minimal-version value="7.4" d:name="LibreOffice 7.4"/>
  </dependencies>
</description>
"""


def extension() -> bytes:
    """The whole .oxt; the same sources give the same bytes."""
    parts = {name: (FOLDER / name).read_bytes() for name in SOURCES}
    parts |= {"functions.idl": interface(FUNCTIONS.values()).encode(),
              "CalcAddIns.xcu": declarations(FUNCTIONS.values()).encode(),
              "description.xml": _DESCRIPTION.format(version=__version__, name=NAME).encode(),
              "LICENSE": (ROOT / "LICENSE").read_bytes()}
    parts |= {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in carried()}
    return zipped(parts)


def carried() -> list[Path]:
    """The modules that the functions come to when they are imported or called, and the compiled rule sets."""
    finder = ModuleFinder([str(ROOT)])                # our own modules alone; the standard library is there
    for module in SERVED:
        finder.import_hook(module)
    modules = [Path(module.__file__) for name, module in finder.modules.items() if name.split(".")[0] == "pyfuncs"]
    return modules + list(FOLDERS[0].glob("*/*.json"))


def interface(functions: Iterable[CellFunction]) -> str:
    """The functions as LibreOffice's type library: it reads UNOIDL as it is written, nothing is compiled."""
    methods = "\n".join(f"    {_method(function)}" for function in functions)
    return f"module jixiao {{\n  interface XFunctions {{\n{methods}\n  }};\n}};\n"


def _method(function: CellFunction) -> str:
    arguments = ", ".join(f"[in] {'sequence<any>' if argument.repeated else 'any'} {_identifier(argument)}"
                          for argument in function.arguments)
    return f"{'sequence< sequence<any> >' if in_rows(function) else 'any'} {function.name}({arguments});"


def _identifier(argument: Argument) -> str:
    """UNOIDL knows no underscores in names that begin small: in_use is inUse."""
    first, *others = argument.name.split("_")
    return first + "".join(map(str.capitalize, others))


def in_rows(function: CellFunction) -> bool:
    """Whether a function may answer in rows of cells: its signature says so."""
    return "list" in str(inspect.signature(function.call).return_annotation)


def declarations(functions: Iterable[CellFunction]) -> str:
    """Names, help and category, as Calc's function wizard shows them and its file filters look them up."""
    return _XCU.format(service=SERVICE, functions="\n".join(map(_declaration, functions)))


def _declaration(function: CellFunction) -> str:
    lines = [f'<node oor:name="{function.name}" oor:op="replace">',
             f"  {_words('DisplayName', function.name)}",
             f"  {_words('Description', function.help)}",
             # Calc has no categories but its own; the display name waits for a version that shows it.
             "  <prop oor:name=\"Category\"><value>Add-In</value></prop>",
             f"  {_words('CategoryDisplayName', CATEGORY)}",
             f"  {_words('CompatibilityName', function.name)}",
             '  <node oor:name="Parameters">']
    for argument in function.arguments:
        lines += [f'    <node oor:name="{_identifier(argument)}" oor:op="replace">',
                  # The wizard shows it before the field, so it is the beginning of the help: 实际数, 规则集.
                  f"      {_words('DisplayName', re.split('[：，；（]', argument.help)[0])}",
                  f"      {_words('Description', argument.help)}",
                  "    </node>"]
    return "\n".join(" " * 8 + line for line in [*lines, "  </node>", "</node>"])


def _words(name: str, text: str) -> str:
    """A text for every language of the program: en-US is what LibreOffice falls back to."""
    return f'<prop oor:name="{name}"><value xml:lang="en-US">{escape(text)}</value></prop>'


def zipped(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(parts):
            archive.writestr(_entry(name), parts[name], zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, MOMENT)
    entry.create_system, entry.external_attr = 3, 0o644 << 16   # alike wherever it is built
    return entry


def main() -> int:
    parser = argparse.ArgumentParser(description="重新生成 LibreOffice 加载项")
    parser.add_argument("--check", action="store_true", help="只核对，不写；有出入时退出状态为 1")
    check = parser.parse_args().check
    made = extension()
    if TARGET.is_file() and TARGET.read_bytes() == made:
        return 0
    if check:
        print(f"需要重新生成：{TARGET.relative_to(ROOT)}")
        return 1
    TARGET.write_bytes(made)
    print(f"已写入 {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
