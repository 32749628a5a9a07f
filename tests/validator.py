"""The Open XML SDK's opinion of a workbook, through the validator that build/system_tools.py installs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

PACKAGES = Path(__file__).resolve().parent / "tools" / "node_modules" / "@xarsh"


def xml_errors(path: Path) -> list[str]:
    """What Excel's schema rejects in an .xlsx, .xlsm, .xlam or .docx, as "part: description"; [] if clean.

    A file that can't be opened as a package is one error. Raises FileNotFoundError without the validator.
    """
    binary = next((found for found in PACKAGES.glob("ooxml-validator-*/ooxml-validator*")), None)
    if binary is None:
        raise FileNotFoundError("没有 Open XML 校验器，请先运行：python3 build/setup.py test")
    # The exit status is 0 for a broken file too; only the report tells.
    done = subprocess.run([binary, path], capture_output=True, text=True, encoding="utf-8", timeout=120)
    report = json.loads(done.stdout)
    errors = [f"{error['path'] or path.name}: {error['description']}" for error in report["errors"]]
    return errors if errors or report["ok"] else [f"{path.name}: rejected without a reason"]
