"""A workbook edited as a clerk would edit it, in a real spreadsheet program: rows inserted and deleted, cells typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def edited(source: Path, target: Path, *edits: tuple) -> Path:
    """Carry out `edits` in LibreOffice and save as `target`.

    ("insert", sheet, row, count): empty rows above a row; ("delete", sheet, row, count);
    ("type", sheet, cell, text or number); ("rename", sheet, name).
    """
    job = json.dumps([str(source.resolve()), str(target.resolve()), edits])
    # The system's own Python has LibreOffice's bridge; another one on PATH would keep it from loading.
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(["/usr/bin/python3", __file__, job], capture_output=True, text=True, timeout=180,
                          env=environment | {"PATH": "/usr/local/bin:/usr/bin:/bin"})
    if done.returncode or not target.is_file():
        raise RuntimeError(f"LibreOffice did not edit {source.name}: {done.stdout}{done.stderr}")
    return target


def _main(source: str, target: str, edits: list[list]) -> None:
    with tempfile.TemporaryDirectory(prefix="editing_") as profile:
        pipe = f"jixiao{os.getpid()}"
        office = subprocess.Popen(["soffice", "--headless", "--norestore", "--nodefault",
                                   f"-env:UserInstallation={Path(profile).as_uri()}",
                                   f"--accept=pipe,name={pipe};urp;"])
        try:
            desktop = _desktop(pipe, office)
            document = desktop.loadComponentFromURL(Path(source).as_uri(), "_blank", 0, _options(Hidden=True))
            for edit in edits:
                _edit(document.Sheets.getByName(edit[1]), *edit)
            document.storeToURL(Path(target).as_uri(), _options(FilterName="Calc MS Excel 2007 XML"))
            document.close(True)
            desktop.terminate()
            office.wait(30)
        finally:
            office.kill()


def _desktop(pipe: str, office: subprocess.Popen):
    import time

    import uno

    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(300):
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except Exception:                             # not listening yet
            if office.poll() is not None:
                raise
            time.sleep(0.2)
    raise RuntimeError("LibreOffice does not answer")


def _options(**values: object) -> tuple:
    from com.sun.star.beans import PropertyValue

    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def _edit(sheet, kind: str, _: str, *arguments) -> None:
    if kind == "rename":
        sheet.Name = arguments[0]
        return
    sheet.unprotect("")
    if kind == "insert":
        sheet.Rows.insertByIndex(arguments[0] - 1, arguments[1])
    elif kind == "delete":
        sheet.Rows.removeByIndex(arguments[0] - 1, arguments[1])
    else:
        cell, content = sheet.getCellRangeByName(arguments[0]), arguments[1]
        if isinstance(content, str):
            cell.String = content
        else:
            cell.Value = content


if __name__ == "__main__":
    _main(*json.loads(sys.argv[1]))
