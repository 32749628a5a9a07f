"""Set the project up and run it: python3 build/setup.py VERB; without a verb it lists them.

Standard library alone, and readable by older Pythons, so that it can say which one is needed.
"""

from __future__ import annotations

import os
import shutil
import sys

import system_tools
import windows
from environment import ROOT, SetupProblem, ensure, run

RUNTIME, TEST, BUNDLE = "requirements.lock", "requirements-test.lock", "requirements-bundle.lock"
CLI = ["-m", "pyfuncs.helper.cli"]
# What needs no other program: for a Windows that has neither LibreOffice nor what Linux has.
NATIVE = ("tests/language", "tests/methods", "tests/catalog", "tests/checks", "tests/consolidate", "tests/test_udfs.py",
          "tests/test_server.py", "tests/helper/test_doctor_judge.py", "--ignore=tests/language/test_agreement.py",
          "--ignore=tests/methods/test_method_agreement.py")


def demo(arguments: list[str]) -> int:
    return run(ensure(RUNTIME), [*CLI, "demo", "-o", str(ROOT / "demo-output"), *arguments])


def test(arguments: list[str]) -> int:
    python = ensure(TEST)
    system_tools.ensure()
    return run(python, ["-m", "pytest", *arguments], cwd=ROOT)


def test_windows(arguments: list[str]) -> int:
    windows.refuse_elsewhere()
    python = ensure(TEST)
    system_tools.ensure_tools(system_tools.WINDOWS_TOOLS)
    windows.ensure(python)
    windows.ensure_builder(python)
    os.environ["JIXIAO_WINDOWS"] = "1"                # without it, tests/windows is not collected
    # One process: what it measures is worth nothing beside another.
    return run(python, ["-m", "pytest", "-n", "0", "tests/windows", *arguments], cwd=ROOT)


def test_native(arguments: list[str]) -> int:
    python = ensure(TEST)
    return run(python, ["-m", "pytest", *NATIVE, *arguments], cwd=ROOT)


def bench(arguments: list[str]) -> int:
    return run(ensure(TEST), ["-m", "benchmarks", *arguments], (ROOT, ROOT / "tests"))


def templates(arguments: list[str]) -> int:
    return run(ensure(RUNTIME), [str(ROOT / "build" / "templates.py"), *arguments])


def report_templates(arguments: list[str]) -> int:
    return run(ensure(RUNTIME), [str(ROOT / "build" / "report_templates.py"), *arguments])


def rulesets(arguments: list[str]) -> int:
    return run(ensure(RUNTIME), [str(ROOT / "build" / "rulesets.py"), *arguments])


def addins(arguments: list[str]) -> int:
    python = ensure(TEST)                             # what writes VBA is a tool of ours, not of the product
    # Both, though the first may differ: with --check each is to be told.
    return max([run(python, [str(ROOT / "build" / name), *arguments])
                for name in ("excel_addin.py", "libreoffice_addin.py")])


def bundle(arguments: list[str]) -> int:
    if "--windows" in arguments:
        return _for_windows("bundle", arguments)
    python = ensure(BUNDLE)
    system_tools.ensure_tools(system_tools.BUNDLE_TOOLS)
    return run(python, [str(ROOT / "build" / "bundle.py"), *arguments])


def installer(arguments: list[str]) -> int:
    return _for_windows("installer", ["installer", *arguments])


def portable(arguments: list[str]) -> int:
    return _for_windows("installer", ["portable", *arguments])


def _for_windows(recipe: str, arguments: list[str]) -> int:
    """Run a module of build/ that makes something for Windows, there or on Linux."""
    python = ensure(BUNDLE)
    if sys.platform != "win32":
        windows.refuse_elsewhere()
        system_tools.ensure_tools(system_tools.WINDOWS_TOOLS)
        windows.ensure(python)
        windows.ensure_builder(python)
    return run(python, [str(ROOT / "build" / f"{recipe}.py"), *arguments])


def deb(arguments: list[str]) -> int:
    python = ensure(BUNDLE)
    system_tools.ensure_tools((*system_tools.BUNDLE_TOOLS, *system_tools.DEB_TOOLS))
    return run(python, [str(ROOT / "build" / "deb.py"), *arguments])


def test_deb(arguments: list[str]) -> int:
    if not hasattr(os, "geteuid") or os.geteuid():
        raise SetupProblem("这组测试要在 Debian 系的 Linux 上用 root 运行：sudo python3 build/setup.py test-deb")
    python = ensure(TEST)
    system_tools.ensure_tools((*system_tools.TOOLS, *system_tools.BUNDLE_TOOLS, *system_tools.DEB_TOOLS,
                               *system_tools.CLEAN_ROOT_TOOLS))
    if made := run(python, [str(ROOT / "build" / "deb.py"), "--quick"]):
        return made
    os.environ["JIXIAO_DEB"] = "1"                    # without it, tests/clean_root is not collected
    return run(python, ["-m", "pytest", "-n", "0", "tests/clean_root", *arguments], cwd=ROOT)


def release(arguments: list[str]) -> int:
    return run(ensure(RUNTIME), [str(ROOT / "build" / "release.py"), *arguments])


def manual(arguments: list[str]) -> int:
    return run(ensure(RUNTIME), [str(ROOT / "build" / "manual.py"), *arguments])


def jixiao(arguments: list[str]) -> int:
    return run(ensure(RUNTIME), [*CLI, *arguments])


def clean(arguments: list[str]) -> int:
    for name in (".venv", "tests/tools/node_modules", "demo-output", "dist", ".pytest_cache", ".hypothesis",
                 ".windows"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    (ROOT / "bench.json").unlink(missing_ok=True)
    return 0


VERBS = {
    "demo": (demo, "准备环境，并用自带的样例运行主要功能，结果在 demo-output/"),
    "test": (test, "准备环境和测试工具，并运行全部测试"),
    "test-windows": (test_windows, "在 Linux 上用 Wine 准备一个 Windows，打包、安装，并测试函数服务和安装程序"),
    "test-native": (test_native, "只运行不需要其他软件的测试，Windows 上也可以"),
    "bench": (bench, "测量速度，结果写入 bench.json"),
    "templates": (templates, "重新生成 workbook_templates/"),
    "report-templates": (report_templates, "由提纲重新生成自评报告的 Word 模板"),
    "rulesets": (rulesets, "重新编译规则集"),
    "addins": (addins, "重新生成 Excel 加载项和 LibreOffice 扩展"),
    "manual": (manual, "重新生成手册中由程序生成的各页"),
    "bundle": (bundle, "打包成不需要 Python 的程序文件夹 dist/；加 --windows 在 Linux 上打包 Windows 版"),
    "installer": (installer, "制作 Windows 的安装程序 setup.exe，在 dist/"),
    "portable": (portable, "制作 Windows 的便携版压缩包，在 dist/"),
    "deb": (deb, "把 Linux 版打成 .deb，在 dist/"),
    "test-deb": (test_deb, "在一个干净的 Linux 里装上 .deb，运行，再卸载（要用 root）"),
    "release": (release, "发布用的说明、校验和与文件清单：notes、files 文件夹、compare 两份清单"),
    "run": (jixiao, "运行 jixiao 命令，例如：run validate 自评表.xlsx"),
    "clean": (clean, "删除环境和生成的文件"),
}


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a Western Windows console can't print Chinese
    if not arguments or arguments[0] not in VERBS:
        print("用法：python build/setup.py 命令\n")
        print("\n".join(f"  {name:<13} {help_text}" for name, (_, help_text) in VERBS.items()))
        return 2
    try:
        return VERBS[arguments[0]][0](arguments[1:])
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
