"""Everything a user receives may be used and passed on in an office, commercially too."""

from __future__ import annotations

import re
from email.message import Message
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
# LGPL is fine: such a library stays a separate, unmodified package.
REFUSED = re.compile(r"\bA?GPL|(?<!Lesser )General Public License|Affero"
                     r"|non-?commercial|\bNC\b|proprietary", re.IGNORECASE)


def licence(metadata: Message) -> str:
    """The licence as the package states it, most binding form first; "" when it states none."""
    expression = metadata.get("License-Expression")
    classifiers = [text for text in metadata.get_all("Classifier", []) if text.startswith("License ::")]
    # Some put the whole text there, with the licences of bundled parts further down.
    first_line = (metadata.get("License") or "").strip().partition("\n")[0]
    return expression or "; ".join(classifiers) or first_line


def acceptable(stated: str) -> bool:
    return bool(stated) and not REFUSED.search(stated)


def shipped() -> list[str]:
    """The names in the runtime lock that apply to this platform."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line.rstrip("\\ ")) for line in lines if line and not line.startswith((" ", "#"))]
    return [pin.name for pin in pins if pin.marker is None or pin.marker.evaluate()]


def test_every_shipped_library_has_an_acceptable_licence():
    stated = {name: licence(distribution(name).metadata) for name in shipped()}
    assert {"pandas", "xlwings", "openpyxl"} <= stated.keys()
    assert {name: text for name, text in stated.items() if not acceptable(text)} == {}


@pytest.mark.parametrize(("field", "text", "expected"), [
    ("License-Expression", "MIT", True),
    ("License-Expression", "Apache-2.0 OR BSD-2-Clause", True),
    ("License-Expression", "LGPL-2.1-or-later", True),
    ("Classifier", "License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", True),
    ("License", "BSD\nbundled: GPL-3.0-with-GCC-exception", True),
    ("License-Expression", "GPL-3.0-only", False),
    ("License-Expression", "AGPL-3.0-or-later", False),
    ("Classifier", "License :: OSI Approved :: GNU General Public License v2 (GPLv2)", False),
    ("Classifier", "License :: OSI Approved :: GNU Affero General Public License v3", False),
    ("License-Expression", "PolyForm-Noncommercial-1.0.0", False),
    ("License-Expression", "CC-BY-NC-4.0", False),
    ("Classifier", "License :: Other/Proprietary License", False),
    ("Classifier", "Topic :: Office/Business", False),
])
def test_a_licence_is_judged(field: str, text: str, expected: bool):
    metadata = Message()
    metadata[field] = text
    assert acceptable(licence(metadata)) is expected
