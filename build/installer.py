"""Make what a clerk gets: python3 build/setup.py installer | portable.

Both hold the program folder for Windows (build/bundle.py), made first when it is not there. The same folder gives
the same bytes. setup.exe is made by NSIS from installer/jixiao.nsi; signed when there is a certificate (build/sign.py).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import bundle
import sign
from environment import ROOT, SetupProblem

from pyfuncs import __version__

SCRIPT = ROOT / "build" / "installer" / "jixiao.nsi"
ICON = ROOT / "build" / "icons" / "jixiao.ico"
ART = SCRIPT.with_name("welcome.bmp")
README = SCRIPT.with_name("便携版说明.txt")
FOLDER = ROOT / "dist" / "windows" / bundle.NAME
DOCUMENTS = "表样"                                     # users fill these in where they find them
MANUAL = "手册/使用手册.html"
RELEASE, TEST = "x86-unicode", "amd64-unicode"        # NSIS' own name for the two; 64-bit Wine runs only the second
TO_FILETIME = 11644473600                             # seconds from 1601 to 1970
WORKBOOK, TEMPLATE = (f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}.main+xml"
                      for kind in ("sheet", "template"))
NO_NSIS = "没有找到 NSIS（makensis），做不了安装程序。请先安装：\n  sudo apt-get install -y --no-install-recommends nsis"


def setup(folder: Path, target: Path, kind: str = RELEASE, version: str = __version__,
          megabytes: int | None = None) -> Path:
    """Make the setup.exe `target` of a program folder. `megabytes`: the free space it asks for. Raises SetupProblem."""
    with payload(folder) as files, tempfile.TemporaryDirectory() as lists:
        paths = sorted(path.relative_to(files) for path in files.rglob("*") if path.is_file())
        write_lists(files, paths, Path(lists))
        size = sum((files / path).stat().st_size for path in paths)
        write_settings(Path(lists) / "settings.nsh", {
            "TARGET": kind, "VERSION": version, "OUT": target.resolve(), "ICON": ICON, "WELCOME_ART": ART,
            "KILOBYTES": size // 1024,
            # NSIS unpacks twice, once into the folder for temporary files.
            "MEGABYTES": megabytes or 2 * size // 1024 ** 2 + 50,
            "LONGEST": max(len(str(path)) for path in paths), "MANUAL": backslashed(Path(MANUAL)), **stamp(),
            **({"SIGN": sign.COMMAND} if sign.certificate() else {})})
        target.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run([makensis(), "-V2", "-INPUTCHARSET", "UTF8", f"-DLISTS={lists}", str(SCRIPT)],
                              capture_output=True, text=True, encoding="utf-8", errors="replace",
                              env={**os.environ, "LC_ALL": "C.UTF-8"})
    if done.returncode:
        raise SetupProblem(f"制作安装程序没有成功，NSIS 的输出是：\n{done.stdout}{done.stderr}")
    return target


def portable(folder: Path, target: Path) -> Path:
    """The same files as a zip to unpack anywhere."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with payload(folder) as files, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        shutil.copy(README, files)
        for path in sorted(path for path in files.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{bundle.NAME}/{path.relative_to(files).as_posix()}", (2026, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return target


@contextmanager
def payload(folder: Path) -> Iterator[Path]:
    """A copy of the program folder as it is handed out: programs signed, forms as templates.

    A double-click on a template opens a new workbook: nobody saves his figures into our file, to lose them by the
    next update. Raises SetupProblem.
    """
    if not (folder / bundle.SEAL).is_file():
        raise SetupProblem(f"{folder} 不是打包好的程序文件夹：里面没有 {bundle.SEAL}。请先运行 python3 build/setup.py bundle --windows。")
    with tempfile.TemporaryDirectory() as scratch:
        files = Path(scratch) / "files"
        shutil.copytree(folder, files)
        for path in sorted((files / DOCUMENTS).rglob("*.xlsx")):
            path.with_suffix(".xltx").write_bytes(as_template(path))
            path.unlink()
        for path in sorted(files.glob("*.exe")):
            sign.sign(path)
        (files / bundle.SEAL).unlink()                # else it would name itself
        bundle.seal(files)
        yield files


def as_template(path: Path) -> bytes:
    """The bytes of a workbook as a template of Excel's."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(made, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "[Content_Types].xml":
                data = data.replace(WORKBOOK.encode(), TEMPLATE.encode())
            target.writestr(entry, data)
    return made.getvalue()


def write_lists(files: Path, paths: list[Path], lists: Path) -> None:
    """What jixiao.nsi includes: every file by name, so that nothing but our own is ever taken out again."""
    for name, lines in {
        "stage": list(_extracted(files, paths, "$INSTDIR\\~jixiao")),
        "place": list(_placed(paths)),
        "probe": [f'Push "{backslashed(path)}"\nCall ${{PREFIX}}Probe' for path in paths],
        "remove": [*map(_removed, paths), *_folders_removed(paths, "$INSTDIR")],
        "templates": list(_copied(files, _templates(paths))),
        "templates_off": [*(f'Push "$FormsFolder\\{backslashed(path)}"\nCall ${{PREFIX}}RemoveDocument'
                            for path in _templates(paths)),
                          *_folders_removed(_templates(paths), "$FormsFolder")],
    }.items():
        (lists / f"{name}.nsh").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def _extracted(files: Path, paths: Iterable[Path], root: str) -> Iterator[str]:
    folder = None
    for path in paths:
        if path.parent != folder:
            folder = path.parent
            yield f'SetOutPath "{_under(root, folder)}"'
        yield f'File "{files / path}"'


def _placed(paths: list[Path]) -> Iterator[str]:
    for folder in _folders(paths):
        yield f'CreateDirectory "{_under("$INSTDIR", folder)}"'
    for path in [*paths, Path("uninstall.exe")]:
        if path.parts[0] == DOCUMENTS:
            yield f'Push "{_under("$INSTDIR", path)}"\nCall MakeRoom'
        yield f'Push "{backslashed(path)}"\nCall Place'


def _removed(path: Path) -> str:
    there = _under("$INSTDIR", path)
    return f'Push "{there}"\nCall ${{PREFIX}}RemoveDocument' if path.parts[0] == DOCUMENTS else f'Delete "{there}"'


def _copied(files: Path, templates: Iterable[Path]) -> Iterator[str]:
    for path in templates:
        yield f'SetOutPath "{_under("$FormsFolder", path.parent)}"'
        yield f'Push "{_under("$FormsFolder", path)}"\nCall MakeRoom'
        yield f'File "{files / DOCUMENTS / path}"'


def _templates(paths: Iterable[Path]) -> list[Path]:
    return [path.relative_to(DOCUMENTS) for path in paths if path.parts[0] == DOCUMENTS]


def _folders(paths: Iterable[Path]) -> list[Path]:
    """Every folder below the root, the outer before the inner."""
    return sorted({folder for path in paths for folder in path.parents if folder != Path(".")})


def _folders_removed(paths: Iterable[Path], root: str) -> list[str]:
    """Only those that are empty."""
    return [f'RMDir "{_under(root, folder)}"' for folder in reversed(_folders(paths))]


def backslashed(path: Path) -> str:
    return _escaped(path.as_posix().replace("/", "\\"))


def _under(root: str, path: Path) -> str:
    return f"{root}\\{backslashed(path)}" if path.parts else root


def _escaped(text: object) -> str:
    return str(text).replace("$", "$$")


def stamp() -> dict[str, int]:
    """The one date of all files, as jixiao.nsi compares it: the upper half, and the lower without its last bit."""
    ticks = (bundle.EPOCH + TO_FILETIME) * 10_000_000
    return {"STAMP_HIGH": ticks >> 32, "STAMP_LOW": (ticks & 0xFFFFFFFF) >> 1}


def write_settings(file: Path, settings: dict[str, object]) -> None:
    lines = [f'!define {name} `{value}`' for name, value in settings.items()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def makensis() -> str:
    places = [os.environ.get("ProgramFiles(x86)", ""), os.environ.get("ProgramFiles", "")]
    found = shutil.which("makensis", path=os.pathsep.join(
        [os.environ["PATH"], *(str(Path(place) / "NSIS") for place in places if place)]))
    if found is None:
        raise SetupProblem(NO_NSIS)
    return found


def built() -> bool:
    """Whether the usual folder holds this version."""
    seal = FOLDER / bundle.SEAL
    return seal.is_file() and json.loads(seal.read_text(encoding="utf-8"))["version"] == __version__


def main() -> int:
    parser = argparse.ArgumentParser(description="制作安装程序 setup.exe 或便携版")
    parser.add_argument("what", choices=("installer", "portable"))
    parser.add_argument("--folder", type=Path, default=FOLDER, help="程序文件夹，默认是 dist/windows 里的，没有这一版的就先打包")
    parser.add_argument("--target", choices=(RELEASE, TEST), default=RELEASE, help="安装程序自身的种类，默认 x86-unicode")
    given = parser.parse_args()
    try:
        if given.folder == FOLDER and not built():
            bundle.build("windows")
        out = ROOT / "dist"
        if given.what == "portable":
            made = portable(given.folder, out / f"{bundle.NAME}-{__version__}-便携版.zip")
        else:
            made = setup(given.folder, out / f"{bundle.NAME}-{__version__}-setup.exe", given.target)
            print("已签名。" if sign.certificate() else sign.UNSIGNED)
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"已制作：{made}（{made.stat().st_size / 1024 / 1024:.1f} MB）")
    return 0


if __name__ == "__main__":
    sys.exit(main())
