"""workbook_templates/ is generated: it must be what the rule sets give now."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def recipe():
    spec = importlib.util.spec_from_file_location("build_templates", ROOT / "build" / "templates.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_checked_in_templates_are_up_to_date():
    build = recipe()
    files = build.generated()
    assert {"430181-2021/浏阳市2021年度绩效自评表-公式版.xlsx", "430181-2021/浏阳市2021年度绩效自评表-加载项版.xlsx",
            "430400-2022/衡阳市2022年度绩效自评表-公式版.xlsx", "430400-2022/衡阳市2022年度绩效自评表-加载项版.xlsx"} <= {
        path.as_posix() for path in files}
    assert build.differing(files, ROOT / "workbook_templates") == []


def test_what_differs_is_found(tmp_path):
    build = recipe()
    for name, data in (("a/甲.xlsx", b"1"), ("a/乙.xlsx", b"0"), ("b/旧.xlsx", b"1")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    wanted = {Path("a/甲.xlsx"): b"1", Path("a/乙.xlsx"): b"1", Path("a/丙.xlsx"): b"1"}
    assert build.differing(wanted, tmp_path) == [Path("a/乙.xlsx"), Path("a/丙.xlsx"), Path("b/旧.xlsx")]
