"""Makes the picture of the window in the manual: PYTHONPATH=.:tests python tests/helper/window/picture.py FILE [DPI]

The bundled units, audited, in a window of its own screen; needs ImageMagick's `import`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from driven import driven
from libreoffice_office import virtual_screen

from pyfuncs.helper.demo import FILED, run_demo

UNIT = "衡阳"                                          # in the name of the unit whose findings are shown


def picture(target: Path, dpi: int) -> None:
    with tempfile.TemporaryDirectory() as folder, virtual_screen(1300 * dpi // 96, 860 * dpi // 96, dpi) as display:
        filed = run_demo(Path(folder), date.today()).folder / FILED
        with driven(display, Path(folder), [filed]) as one:
            one.settled()
            one.press_button("审核")
            one.settled()
            [row] = [row for row, unit in enumerate(one.window.state.units) if UNIT in unit.name]
            one.click_row(one.window.units.tree, str(row))
            one.root.update()
            subprocess.run(["import", "-window", str(one.root.winfo_id()), "-strip", str(target)], check=True)


if __name__ == "__main__":
    picture(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 96)
