"""The parts of a package that a marked copy changes or adds, and the package's own lists of them."""

from __future__ import annotations

import posixpath

from pyfuncs.workbook.mark_xml import DECLARATION, RELATIONSHIPS, append, parse, patched
from pyfuncs.workbook.safe_zip import Package

_CONTENT_TYPES = "[Content_Types].xml"
_PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


class Parts:
    """`changed`: parts that differ from the original's, by name."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.changed: dict[str, bytes] = {}

    def data(self, part: str) -> bytes:
        return self.changed[part] if part in self.changed else self.package.read(part)

    def free(self, stem: str, ending: str) -> str:
        """A part name that is not taken."""
        number = 1
        while (name := f"{stem}{number}{ending}") in self.package or name in self.changed:
            number += 1
        return name

    def append(self, part: str, text: str) -> None:
        """Put `text` behind the last child of the part's root."""
        data = self.data(part)
        self.changed[part] = patched(data, append(parse(data), text))

    def declare(self, part: str, content_type: str) -> None:
        self.append(_CONTENT_TYPES, f'<Override PartName="/{part}" ContentType="{content_type}"/>')

    def declare_extension(self, extension: str, content_type: str) -> None:
        types = parse(self.data(_CONTENT_TYPES)).children
        if extension not in {element.attributes.get("Extension", "").lower() for element in types}:
            self.append(_CONTENT_TYPES, f'<Default Extension="{extension}" ContentType="{content_type}"/>')

    def relate(self, part: str, target: str, kind: str) -> str:
        """A relationship from `part` to `target`; gives its id."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self.package and rels not in self.changed:
            self.changed[rels] = f'{DECLARATION}<Relationships xmlns="{_PACKAGE_RELATIONSHIPS}"/>'.encode()
        known = {element.attributes.get("Id", "") for element in parse(self.data(rels)).children}
        number = 1
        while (relation := f"rIdJx{number}") in known:
            number += 1
        element = f'<Relationship Id="{relation}" Type="{RELATIONSHIPS}/{kind}" Target="/{target}"/>'
        self.append(rels, element)
        return relation
