"""The .deb in a clean root. `python3 build/setup.py test-deb` makes the package; nothing is collected without."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("JIXIAO_DEB") else ["test_*.py"]
