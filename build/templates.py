"""Make workbook_templates/ from the rule sets, in both editions.

    python build/templates.py            write
    python build/templates.py --check    write nothing, exit 1 when something differs
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Mapping
from pathlib import Path

from pyfuncs.catalog.compiled import FOLDERS
from pyfuncs.catalog.load import load_ruleset, ruleset_ids
from pyfuncs.workbook.formulas import Edition
from pyfuncs.workbook.template import EDITION_NAMES, write_workbook

FOLDER = Path(__file__).resolve().parent.parent / "workbook_templates"
EDITIONS: tuple[Edition, ...] = ("addin", "formula")


def generated() -> dict[Path, bytes]:
    """Path (below workbook_templates/) and bytes of every blank template."""
    files: dict[Path, bytes] = {}
    for ruleset in map(load_ruleset, ruleset_ids([FOLDERS[0]])):
        for edition in EDITIONS if not ruleset.abstract else ():
            buffer = io.BytesIO()
            write_workbook(buffer, ruleset, edition)
            name = f"{ruleset.region_name}{ruleset.year}年度绩效自评表-{EDITION_NAMES[edition]}.xlsx"
            files[Path(ruleset.prefix) / name] = buffer.getvalue()
    return files


def differing(files: Mapping[Path, bytes], folder: Path) -> list[Path]:
    """Templates that are missing or not as they should be, and files that no rule set accounts for."""
    changed = [path for path, data in files.items()
               if not (folder / path).is_file() or (folder / path).read_bytes() != data]
    return changed + sorted(path.relative_to(folder) for path in folder.rglob("*.xlsx")
                            if path.relative_to(folder) not in files)


def main() -> int:
    parser = argparse.ArgumentParser(description="重新生成空白模板")
    parser.add_argument("--check", action="store_true", help="只核对，不写；有出入时退出状态为 1")
    check = parser.parse_args().check
    files = generated()
    for path in (changed := differing(files, FOLDER)):
        if check:
            print(f"需要重新生成：{path}")
        elif path in files:
            (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
            (FOLDER / path).write_bytes(files[path])
            print(f"已写入 {path}")
        else:
            (FOLDER / path).unlink()
            print(f"已删除 {path}")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
