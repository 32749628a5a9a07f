"""The licences of everything in the program folder: 许可/第三方许可.txt for people, 许可/sbom.json for programs."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from importlib.metadata import Distribution, distributions
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from environment import SetupProblem
from packageurl import PackageURL
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).resolve().parent / "licences"
PARTS = tomllib.loads((FOLDER / "parts.toml").read_text(encoding="utf-8"))
# LGPL is fine: such a library stays a separate, unmodified package. So is the GPL where an exception lets its code go
# into programs of any licence.
REFUSED = re.compile(r"\bA?GPL|(?<!Lesser )General Public License|Affero"
                     r"|non-?commercial|\bNC\b|proprietary", re.IGNORECASE)
_EXCEPTIONS = re.compile(r"\bGPL-[\d.]+-or-later WITH (GCC-exception-3\.1|Bootloader-exception)\b")
_TEXT = re.compile(r"(licen[cs]e|copying|notice)[^/]*$", re.IGNORECASE)
_LIBRARY = re.compile(r"\.(dll|pyd|exe)$|\.so(\.\d+)*$", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """Something shipped that others made: an empty version is one that nobody tells."""

    name: str
    version: str
    licence: str
    text: str
    package: bool = False                              # one of the Python Package Index


def parts(folder: Path, system: str, packages: Mapping[str, Distribution], versions: Mapping[str, str]) -> list[Part]:
    """All that is in the program folder: the Python packages, then the rest. Raises SetupProblem for a library that
    nothing accounts for, a licence that forbids shipping, and a missing text.

    `versions`: what the building Python says of what it is made of.
    """
    libraries = [path for path in sorted(folder.rglob("*")) if _LIBRARY.search(path.name)]
    found = [_package(one) for one in packages.values()]
    for told in PARTS["part"]:
        if told.get("system", system) == system:
            held = [path for path in libraries if _among(path, told["files"])]
            if held or not told["files"]:
                text = _text(told["text"], held, packages)
                found.append(Part(told["name"], versions.get(told.get("version", ""), ""), told["licence"], text))
    known = [pattern for told in PARTS["part"] for pattern in told["files"]]
    strange = [str(path.relative_to(folder)) for path in libraries
               if not _among(path, known) and not _of_package(path.relative_to(folder), packages.values())]
    refuse(found, strange)
    return found


def refuse(found: Iterable[Part], strange: Iterable[str]) -> None:
    """Raise SetupProblem unless all may be shipped."""
    wrong = [f"{part.name}：{part.licence or '没有写明许可'}" for part in found if not acceptable(part.licence)]
    wrong += [f"{part.name}：没有许可全文" for part in found if not part.text.strip()]
    wrong += [f"{name}：不知道是谁的" for name in strange]
    if wrong:
        raise SetupProblem("打包里有不能或不知道能否分发的部分，没有打包（见 build/licences/parts.toml）：\n  " + "\n  ".join(wrong))


def acceptable(stated: str) -> bool:
    return bool(stated) and not REFUSED.search(_EXCEPTIONS.sub("", stated))


def stated(metadata: Message) -> str:
    """The licence as the package states it, most binding form first; "" when it states none."""
    expression = metadata.get("License-Expression")
    classifiers = [text.removeprefix("License :: ").removeprefix("OSI Approved :: ")
                   for text in metadata.get_all("Classifier", []) if text.startswith("License ::")]
    # Some put the whole text there, with the licences of bundled parts further down.
    first_line = (metadata.get("License") or "").strip().partition("\n")[0]
    return expression or "; ".join(classifiers) or first_line


def installed(names: Iterable[str], folder: Path | None = None) -> dict[str, Distribution]:
    """The distributions of these names, in a folder or in this Python. Raises SetupProblem when one is missing."""
    there = distributions(path=[str(folder)]) if folder else distributions()
    found = {canonicalize_name(one.metadata["Name"]): one for one in there}
    if missing := sorted(set(names) - found.keys()):
        raise SetupProblem(f"依赖没有装全：{'、'.join(missing)}。")
    return {name: found[name] for name in sorted(names)}


def third_party_text(found: Iterable[Part]) -> str:
    """The page for people: a list, then every text once."""
    found, texts = list(found), {}
    for part in found:
        texts.setdefault(part.text.strip(), []).append(part.name)
    rows = [f"  {part.name} {part.version}".rstrip() + f"　{part.licence}" for part in found]
    line = "\n\n" + "=" * 80 + "\n"
    return ("绩效自评工具箱使用了下列第三方软件，按各自的许可分发，全文附后。\n\n" + "\n".join(rows)
            + "".join(f"{line}{'、'.join(names)}\n\n{text}" for text, names in texts.items()) + "\n")


def parts_list(found: Iterable[Part], version: str, made: datetime) -> str:
    """The list of parts (SBOM) in the JSON of CycloneDX; the same parts give the same text."""
    licences, found = LicenseFactory(), list(found)
    product = Component(name="jixiao", version=version, type=ComponentType.APPLICATION, bom_ref="jixiao",
                        licenses=[licences.make_from_string("MIT")])
    bom = Bom(components=[Component(
        name=part.name, version=part.version or None, type=ComponentType.LIBRARY, bom_ref=f"{part.name}@{part.version}",
        licenses=[licences.make_from_string(part.licence)],
        purl=PackageURL("pypi", name=canonicalize_name(part.name), version=part.version) if part.package else None,
    ) for part in found])
    bom.metadata.component, bom.metadata.timestamp = product, made
    bom.serial_number = uuid5(NAMESPACE_URL, f"jixiao {version} {found}")
    bom.register_dependency(product, bom.components)
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def _package(one: Distribution) -> Part:
    name, own = canonicalize_name(one.metadata["Name"]), PARTS["packages"]
    told = own.get(name, {})
    text = (FOLDER / told["text"]).read_text(encoding="utf-8") if "text" in told else _own_text(one)
    return Part(one.metadata["Name"], one.version, told.get("licence") or stated(one.metadata), text, package=True)


def _own_text(one: Distribution) -> str:
    """The licence texts within a wheel; xlwings' second one is of a part that is not shipped."""
    files = [file for file in one.files or () if ".dist-info/" in str(file) or file.name == "License.txt"]
    texts = [file.locate() for file in files if _TEXT.search(str(file)) and "PRO" not in file.name]
    return "\n\n".join(dict.fromkeys(path.read_text(encoding="utf-8", errors="replace").strip()
                                     for path in sorted(texts) if path.is_file()))


def _text(told: str, held: Iterable[Path], packages: Mapping[str, Distribution]) -> str:
    if told == "copyright":
        return "\n\n".join(dict.fromkeys(_copyright(path.name) for path in held))
    if told.startswith("package "):
        return _own_text(packages[told.removeprefix("package ")])
    return (FOLDER / told).read_text(encoding="utf-8")


def _copyright(library: str) -> str:
    """What Debian says of the package that a library of the system is from; "" elsewhere.

    Looked for by name: dpkg knows some libraries as in /lib, which is /usr/lib by now.
    """
    for path in sorted(Path("/usr/lib").glob(f"*-linux-gnu/{library}")):
        told = subprocess.run(["dpkg", "-S", f"*/{path.resolve().name}"], capture_output=True, text=True).stdout
        said = Path("/usr/share/doc", told.partition(":")[0], "copyright")
        if told and said.is_file():
            return said.read_text(encoding="utf-8", errors="replace").strip()
    return ""


def _of_package(path: Path, packages: Iterable[Distribution]) -> bool:
    """Whether a library lies in a folder of one of the packages."""
    tops = {file.parts[0] for one in packages for file in one.files or ()}
    return bool({path.parts[0], *path.parts[1:2]} & tops) or path.stem in ("jixiao", "jixiao-window", "jixiao-server")


def _among(path: Path, patterns: Iterable[str]) -> bool:
    return any(path.match(pattern) for pattern in patterns)
