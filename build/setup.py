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

RUNTIME, TEST = "requirements.lock", "requirements-test.lock"
CLI = ["-m", "pyfuncs.helper.cli"]


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
    os.environ["JIXIAO_WINDOWS"] = "1"                # without it, tests/windows is not collected
    # One process: what it measures is worth nothing beside another.
    return run(python, ["-m", "pytest", "-n", "0", "tests/windows", *arguments], cwd=ROOT)


def bench(arguments: list[str]) -> int:
    return run(ensure(TEST), ["-m", "benchmarks", *arguments], (ROOT, ROOT / "tests"))


def templates(arguments: list[str]) -> int:
    return run(ensure(RUNTIME), [str(ROOT / "build" / "templates.py"), *arguments])


def rulesets(arguments: list[str]) -> int:
    return run(ensure(RUNTIME), [str(ROOT / "build" / "rulesets.py"), *arguments])


def addins(arguments: list[str]) -> int:
    python = ensure(TEST)                             # what writes VBA is a tool of ours, not of the product
    # Both, though the first may differ: with --check each is to be told.
    return max([run(python, [str(ROOT / "build" / name), *arguments])
                for name in ("excel_addin.py", "libreoffice_addin.py")])


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
    "test-windows": (test_windows, "在 Linux 上用 Wine 准备一个 Windows，并在其中运行函数服务的测试"),
    "bench": (bench, "测量速度，结果写入 bench.json"),
    "templates": (templates, "重新生成 workbook_templates/"),
    "rulesets": (rulesets, "重新编译规则集"),
    "addins": (addins, "重新生成 Excel 加载项和 LibreOffice 扩展"),
    "manual": (manual, "重新生成手册中由程序生成的各页"),
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
