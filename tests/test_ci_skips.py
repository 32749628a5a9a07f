from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SKIPS = {
    "a test": "import pytest\ndef test_a(): pytest.skip('no tool')",
    "a mark": "import pytest\n@pytest.mark.skip(reason='later')\ndef test_a(): pass",
    "a module": "import pytest\npytest.importorskip('no_such_module')\ndef test_a(): pass",
}


@pytest.mark.parametrize("source", SKIPS.values(), ids=SKIPS)
@pytest.mark.parametrize(("ci", "passes"), [("true", False), ("", True)])
def test_a_skip_fails_in_ci_alone(tmp_path: Path, source: str, ci: str, passes: bool):
    shutil.copy(HERE / "conftest.py", tmp_path)
    (tmp_path / "test_planted.py").write_text(source, encoding="utf-8")
    (tmp_path / "test_sound.py").write_text("def test_b(): pass", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "CI": ci}, capture_output=True)
    assert (done.returncode == 0) is passes, done.stdout.decode("utf-8", errors="replace")
