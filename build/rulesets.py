"""Regenerate what is generated of every rule set: codes.yaml (append-only) and the compiled JSON.

    python build/rulesets.py            write
    python build/rulesets.py --check    write nothing, exit 1 when something differs
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from pyfuncs.catalog.codes import assign, derived_keys
from pyfuncs.catalog.compile import compile_ruleset
from pyfuncs.catalog.compiled import FOLDERS
from pyfuncs.catalog.draft import codes_text, json_text
from pyfuncs.catalog.load import load_ruleset, ruleset_folder, ruleset_ids

HEADING = "# 由 build/rulesets.py 生成。编号终身不变：只在末尾增加，不改、不删、不再用。\n"


def generated() -> dict[Path, str]:
    """Path and text of every generated file."""
    files: dict[Path, str] = {}
    for ruleset_id in ruleset_ids([FOLDERS[0]]):
        ruleset = load_ruleset(ruleset_id, unfinished=True)
        if ruleset.abstract or ruleset.draft:
            continue
        codes = assign(ruleset.codes, derived_keys(ruleset))
        folder = ruleset_folder(ruleset_id)
        files[folder / "codes.yaml"] = codes_text(codes, HEADING)
        files[folder.with_suffix(".json")] = json_text(compile_ruleset(ruleset, codes))
    return files


def differing(files: Mapping[Path, str]) -> list[Path]:
    """Files that are not there, or not as they should be."""
    return [path for path, text in files.items()
            if not path.is_file() or path.read_bytes() != text.encode("utf-8")]


def main() -> int:
    parser = argparse.ArgumentParser(description="重新生成规则集的编号和编译文件")
    parser.add_argument("--check", action="store_true", help="只核对，不写；有出入时退出状态为 1")
    check = parser.parse_args().check
    files = generated()
    for path in (changed := differing(files)):
        if check:
            print(f"需要重新生成：{path.name}（{path.parent.name}）")
        else:
            path.write_bytes(files[path].encode("utf-8"))
            print(f"已写入 {path.parent.parent.name}/{path.parent.name}/{path.name}")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
