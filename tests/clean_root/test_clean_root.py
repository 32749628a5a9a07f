"""The Linux package where there is nothing but a minimal system: installed, run, purged. Needs root."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from libreoffice_office import office, virtual_screen

from pyfuncs import __version__

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "build"))

import deb  # noqa: E402

PACKAGE = ROOT / "dist" / f"jixiao_{__version__}_amd64.deb"
FONT = "fonts-wqy-microhei"                           # small, and one of those that the package recommends
# In a namespace of its own, so that nothing stays mounted.
ENTER = ('mount -t proc proc "$0/proc" && exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/srv LANG=C.UTF-8 '
         '${DISPLAY:+DISPLAY="$DISPLAY"} chroot "$0" "$@"')
LEFT_ASIDE = ("proc", "dev", "srv", "tmp", "var/lib/dpkg", "var/log", "var/cache")


class System:
    """A minimal system in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def command(self, *arguments: str) -> list[str]:
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, str(self.folder), *arguments]

    def run(self, *arguments: str, status: int = 0) -> str:
        done = subprocess.run(self.command(*arguments), env=environment(), capture_output=True, text=True, timeout=240)
        assert done.returncode == status, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    def contents(self) -> dict[str, tuple[int, int]]:
        """Mode and size of every file, but what any package leaves: the package manager's own notes."""
        found = {}
        for folder, names, files in os.walk(self.folder):
            inside = Path(folder).relative_to(self.folder)
            names[:] = [name for name in names if (inside / name).as_posix() not in LEFT_ASIDE]
            for name in (*names, *files):
                state = (Path(folder) / name).lstat()
                found[(inside / name).as_posix()] = (state.st_mode, 0 if name in names else state.st_size)
        return found


def environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DISPLAY"} | more


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The distribution that the tests run on, of its essential packages and what ours depends on."""
    folder = tmp_path_factory.mktemp("system") / "root"
    depends = subprocess.run(["dpkg-deb", "-f", str(PACKAGE), "Depends"], capture_output=True, text=True, check=True).stdout
    names = [part.split()[0] for part in depends.split(",")]
    release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    sources = [path for path in (Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*.sources")))
               if path.is_file() and path.stat().st_size]
    subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join([*names, FONT])}",
                    release["VERSION_CODENAME"], str(folder), *map(str, sources)], check=True, timeout=400)
    yield System(folder)


@pytest.fixture(scope="module")
def before(system: System) -> dict[str, tuple[int, int]]:
    return system.contents()


@pytest.fixture(scope="module")
def installed(system: System, before: dict) -> System:
    (system.folder / "tmp" / PACKAGE.name).hardlink_to(PACKAGE) if same_disk(system) else copy(system)
    system.run("dpkg", "-i", f"/tmp/{PACKAGE.name}")
    return system


def same_disk(system: System) -> bool:
    return system.folder.stat().st_dev == PACKAGE.stat().st_dev


def copy(system: System) -> None:
    (system.folder / "tmp" / PACKAGE.name).write_bytes(PACKAGE.read_bytes())


def test_it_runs_without_a_python(installed: System):
    installed.run("sh", "-c", "command -v python3", status=127)
    assert installed.run("jixiao", "--version") == f"绩效自评工具箱 {__version__}\n"
    assert installed.run("dpkg", "--verify", "jixiao") == ""


def test_the_demo_finds_what_it_finds_from_source(installed: System, tmp_path: Path):
    installed.run("jixiao", "demo", "-o", "/srv/演示")
    subprocess.run([sys.executable, "-m", "pyfuncs.helper.cli", "demo", "-o", str(tmp_path)], cwd=ROOT, check=True,
                   capture_output=True)
    there, here = ([json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*/*.json"))]
                   for folder in (installed.folder / "srv" / "演示", tmp_path))
    assert len(here) == 2 and without_places(there) == without_places(here)


def without_places(value: object) -> object:
    """Without what names the folder, the file's own bytes and the moment of the run."""
    if isinstance(value, dict):
        return {name: without_places(each) for name, each in value.items() if name not in ("path", "file", "sha256", "time")}
    return [without_places(each) for each in value] if isinstance(value, list) else value


def test_doctor_finds_the_installation_whole_and_sees_damage(installed: System):
    def advice() -> dict[str, str]:
        file = installed.folder / "srv" / "诊断.json"
        installed.run("jixiao", "doctor", "--json", "/srv/诊断.json", status=1)      # there is no spreadsheet program
        told = json.loads(file.read_text(encoding="utf-8"))
        file.unlink()
        return {one["name"]: one["found"] for one in told["advices"]}

    told = advice()
    assert told["程序文件"] == "齐全，和打包时一样" and told["表格软件"] == "没有找到 Excel、WPS 表格或 LibreOffice"
    manual = installed.folder / "usr/lib/jixiao/addin/jixiao.xlam"
    kept = manual.read_bytes()
    manual.write_bytes(kept[:-1])
    assert advice()["程序文件"] == "被改过 addin/jixiao.xlam"
    manual.write_bytes(kept)


def test_the_window_opens(installed: System):
    with virtual_screen(1280, 800) as display:
        with subprocess.Popen(installed.command("jixiao-window"), env=environment(DISPLAY=display),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as window:
            try:
                assert title(display, window) == "绩效自评工具箱"
            finally:
                window.kill()


def title(display: str, window: subprocess.Popen, patience: float = 30) -> str:
    latest = time.monotonic() + patience
    while time.monotonic() < latest and window.poll() is None:
        seen = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", ".", "getwindowname"],
                              env=environment(DISPLAY=display), capture_output=True, text=True)
        if seen.stdout.strip():
            return seen.stdout.strip().splitlines()[0]
        time.sleep(0.2)
    return f"no window; {window.poll()}: {window.stdout.read() if window.poll() is not None else ''}"


def test_libreoffice_serves_the_functions_that_come_along(installed: System):
    """LibreOffice of this machine, with the extension as the package has put it."""
    with office(addin=installed.folder / deb.EXTENSION) as calc:
        assert calc.enter({"A1": "=JX_VERSION()", "A2": "=JX_CONTROL_RATE(3;4)"}) == {"A1": __version__, "A2": 0.75}


def test_the_oldest_glibc_is_as_the_readme_says(installed: System):
    """And the newest symbol that any binary asks for is the one the package depends on."""
    asked = deb.demands(installed.folder / deb.PROGRAM)
    assert f"libc6 (>= {asked.glibc[0]}.{asked.glibc[1]})" in installed.run("dpkg", "-s", "jixiao")
    [stated] = re.findall(r"glibc (\d+)\.(\d+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert asked.glibc <= tuple(map(int, stated))


def test_purging_leaves_the_system_as_it_was(installed: System, before: dict):
    installed.run("dpkg", "--purge", "jixiao")
    assert installed.contents() == before
    assert (installed.folder / "srv" / "演示").is_dir(), "what the user made stays"
