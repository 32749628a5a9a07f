"""What goes out with a release: its notes, SHA256SUMS, latest.json; and whether two builds hold the same files.

    python3 build/setup.py release notes                     what CHANGELOG.md says of this version
    python3 build/setup.py release files FOLDER              SHA256SUMS and latest.json for what lies in a folder
    python3 build/setup.py release compare ONE OTHER         two files.json, say of a build under Wine and a native one
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path

from environment import ROOT, SetupProblem

from pyfuncs import __version__

SUMS = "SHA256SUMS"
# The notice that `jixiao update` looks for on each system, and how the installer's name ends there.
INSTALLERS = {"latest.json": "-setup.exe", "latest-linux.json": ".deb"}
_HEADING = re.compile(r"^## \[?(?:未发布\] )?(?P<version>\d+(?:\.\d+)+)\]?.*$", re.MULTILINE)


def notes(changelog: str, version: str) -> str:
    """The section of a version, without its heading. Raises SetupProblem when there is none, or nothing in it."""
    headings = list(_HEADING.finditer(changelog))
    for heading, following in zip(headings, [*headings[1:], None]):
        if heading["version"] == version:
            text = changelog[heading.end():following.start() if following else None]
            end = re.search(r"^## ", text, re.MULTILINE)              # a heading of another kind
            text = text[:end.start()] if end else text
            if text.strip():
                return text.strip() + "\n"
    raise SetupProblem(f"CHANGELOG.md 里没有 {version} 这一版的记录，请先写上“## [{version}] 日期”和改动。")


def summary(text: str) -> str:
    """The lines of release notes that a clerk sees before installing: the first paragraph."""
    return text.split("\n\n")[0].strip()


def write_files(folder: Path, version: str, text: str) -> list[Path]:
    """SHA256SUMS of every file in `folder`, and for each installer there its notice: an office puts both into the
    folder that `jixiao update` looks into. Raises SetupProblem."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name not in (SUMS, *INSTALLERS))
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    made = []
    for notice, ending in INSTALLERS.items():
        named = [name for name in digests if name.endswith(ending)]
        if len(named) > 1:
            raise SetupProblem(f"{folder} 里有几个安装程序：{'、'.join(named)}。只留这一版的。")
        if named:
            told = {"version": version, "file": named[0], "sha256": digests[named[0]], "notes": summary(text)}
            made.append(folder / notice)
            _write(made[-1], json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    if not made:
        raise SetupProblem(f"{folder} 里没有安装程序（{'、'.join(f'*{ending}' for ending in INSTALLERS.values())}）。")
    made.append(folder / SUMS)
    _write(made[-1], "".join(f"{digest}  {name}\n" for name, digest in digests.items()))
    return made


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def differences(one: Path, other: Path) -> list[str]:
    """How the lists of files (files.json) of two builds differ: by version and by name, since binaries of two builds
    differ. Raises SetupProblem for a file that is no such list."""
    (first, names), (second, others) = _listed(one), _listed(other)
    versions = [f"版本不同：{first} 和 {second}"] if first != second else []
    return [*versions, *(f"只在 {one} 里：{name}" for name in sorted(names - others)),
            *(f"只在 {other} 里：{name}" for name in sorted(others - names))]


def _listed(path: Path) -> tuple[str, set[str]]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return str(told["version"]), set(told["files"])
    except (OSError, ValueError, KeyError, TypeError):
        raise SetupProblem(f"读不出文件清单 {path}。") from None


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="发布要用的说明、校验和与文件清单")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("notes", help="这一版的发布说明")
    verbs.add_parser("files", help="写 SHA256SUMS 和 latest.json").add_argument("folder", type=Path)
    comparing = verbs.add_parser("compare", help="比较两个 files.json 里的文件名")
    comparing.add_argument("one", type=Path)
    comparing.add_argument("other", type=Path)
    given = parser.parse_args(arguments)
    try:
        if given.verb == "compare":
            found = differences(given.one, given.other)
            print("\n".join(found) or "两份清单里的文件相同。")
            return 1 if found else 0
        text = notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), __version__)
        made = write_files(given.folder, __version__, text) if given.verb == "files" else [text.rstrip()]
        print("\n".join(map(str, made)))
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
