"""Make addin/excel/jixiao.xlam from its VBA modules, ribbon, icons and texts, and from the declared functions.

    python build/excel_addin.py            write
    python build/excel_addin.py --check    write nothing, exit 1 when it differs
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from excel_vba import modules, project

from pyfuncs import __version__
from pyfuncs.udfs import FUNCTIONS
from pyfuncs.udfs_excel import CATEGORY

FOLDER = Path(__file__).resolve().parent.parent / "addin" / "excel"
ADDIN = FOLDER / "jixiao.xlam"
TITLE, DESCRIPTION = "绩效自评工具箱", "绩效自评的单元格函数和“绩效自评”选项卡"
DATE = (1980, 1, 1, 0, 0, 0)                          # one date for all, so that the bytes depend on the content alone
OFFICE_2010, OFFICE_2007 = "2009/07/customui", "2006/01/customui"
# The two parts and the relationships that lead to them. Excel loads neither when a pair does not match.
RIBBONS = {
    "customUI/customUI14.xml": (OFFICE_2010, "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"),
    "customUI/customUI.xml": (OFFICE_2007, "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"),
}
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CORE = (XML + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
        "<dc:description>{description}</dc:description></cp:coreProperties>")


def addin() -> bytes:
    """The whole file."""
    with zipfile.ZipFile(io.BytesIO(project(modules()))) as blank:
        parts = {name: blank.read(name) for name in blank.namelist()}
    parts["xl/worksheets/sheet1.xml"] = with_rows(parts["xl/worksheets/sheet1.xml"].decode(), texts()).encode()
    for name in ("xl/workbook.xml", "docProps/app.xml"):
        parts[name] = replaced(parts[name].decode(), "Sheet1", "texts").encode()
    parts["docProps/core.xml"] = CORE.format(title=TITLE, description=DESCRIPTION).encode()
    parts |= ribbon()
    parts["_rels/.rels"] = inserted(parts["_rels/.rels"].decode(), "</Relationships>", "".join(
        relationship(f"ribbon{i}", kind, name) for i, (name, (_, kind)) in enumerate(RIBBONS.items()))).encode()
    parts["[Content_Types].xml"] = inserted(parts["[Content_Types].xml"].decode(), "<Override",
                                            '<Default Extension="png" ContentType="image/png"/>').encode()
    return packed(parts)


def texts() -> dict[str, str]:
    """Key and text of everything the VBA modules say, and the help of the functions: JX_WAN, JX_WAN/1, …"""
    said = tomllib.loads((FOLDER / "texts.toml").read_text(encoding="utf-8"))
    found = {key: text.strip("\n").replace("{version}", __version__) for key, text in said.items()}
    found["category"] = CATEGORY
    for function in FUNCTIONS.values():
        found[function.name] = function.help
        for number, argument in enumerate(function.arguments, 1):
            found[f"{function.name}/{number}"] = argument.help
    return found


def with_rows(sheet: str, rows: Mapping[str, str]) -> str:
    """The XML of an empty worksheet, with the keys in column A and the texts in column B."""
    filled = "".join(f'<row r="{number}">{cell("A", number, key)}{cell("B", number, text)}</row>'
                     for number, (key, text) in enumerate(rows.items(), 1))
    sheet = replaced(sheet, "<sheetData/>", f"<sheetData>{filled}</sheetData>")
    return replaced(sheet, '<dimension ref="A1"/>', f'<dimension ref="A1:B{len(rows)}"/>')


def cell(column: str, row: int, text: str) -> str:
    return f'<c r="{column}{row}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def ribbon() -> dict[str, bytes]:
    """The two ribbon parts, alike but for their namespace, each with the icons it names."""
    source = (FOLDER / "ribbon.xml").read_text(encoding="utf-8")
    icons = sorted(set(re.findall(r' image="(\w+)"', source)))
    links = "".join(relationship(icon, IMAGE, f"images/{icon}.png") for icon in icons)
    parts = {f"customUI/images/{icon}.png": (FOLDER / "icons" / f"{icon}.png").read_bytes() for icon in icons}
    for name, (namespace, _) in RIBBONS.items():
        parts[name] = replaced(source, OFFICE_2010, namespace).encode()
        parts[name.replace("customUI/", "customUI/_rels/") + ".rels"] = (
            f'{XML}<Relationships xmlns="{RELATIONSHIPS}">{links}</Relationships>'.encode())
    return parts


def relationship(identity: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{identity}" Type="{kind}" Target="{target}"/>'


def replaced(text: str, old: str, new: str) -> str:
    """Raises ValueError unless `old` stands in the text exactly once, but for code names, which VBA goes by."""
    pattern = rf'(?<!codeName="){re.escape(old)}'
    if len(re.findall(pattern, text)) != 1:
        raise ValueError(f"{old!r} does not stand there exactly once")
    return re.sub(pattern, lambda _: new, text)


def inserted(text: str, before: str, new: str) -> str:
    return text.replace(before, new + before, 1)


def packed(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            package.writestr(zipfile.ZipInfo(name, DATE), parts[name], zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description="重新生成 Excel 加载项 jixiao.xlam")
    parser.add_argument("--check", action="store_true", help="只核对，不写；有出入时退出状态为 1")
    check, made = parser.parse_args().check, addin()
    if ADDIN.is_file() and ADDIN.read_bytes() == made:
        return 0
    if check:
        print(f"需要重新生成：{ADDIN.name}")
        return 1
    ADDIN.write_bytes(made)
    print(f"已写入 addin/excel/{ADDIN.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
