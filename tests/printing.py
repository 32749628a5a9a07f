"""How a workbook prints: LibreOffice's pages, with fonts that stand for the official ones."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

FONTS = Path(__file__).resolve().parent / "fonts.conf"


def printed_pages(xlsx: Path, out_dir: Path) -> int:
    """Pages of the PDF that LibreOffice makes of a workbook."""
    with tempfile.TemporaryDirectory(prefix="print_") as profile:
        environment = {**os.environ, "PATH": "/usr/local/bin:/usr/bin:/bin", "FONTCONFIG_FILE": str(FONTS)}
        done = subprocess.run(
            ["soffice", "--headless", "--norestore", f"-env:UserInstallation={Path(profile).as_uri()}",
             "--convert-to", "pdf", "--outdir", str(out_dir), str(xlsx)],
            env=environment, capture_output=True, text=True, timeout=180)
    result = Path(out_dir) / f"{xlsx.stem}.pdf"
    if done.returncode or not result.is_file():
        raise RuntimeError(f"LibreOffice did not print {xlsx.name}: {done.stdout}{done.stderr}")
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", result.read_bytes()))
