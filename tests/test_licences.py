"""Everything a user receives may be used and passed on in an office, commercially too."""

from __future__ import annotations

import sys
from email.message import Message
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "build"))

from bundle_contents import pinned  # noqa: E402
from environment import SetupProblem  # noqa: E402
from licences import Part, acceptable, installed, refuse, stated  # noqa: E402


def test_every_shipped_library_has_an_acceptable_licence():
    told = {name: stated(one.metadata) for name, one in installed(pinned()).items()}
    assert {"pandas", "xlwings", "openpyxl"} <= told.keys()
    assert {name: text for name, text in told.items() if not acceptable(text)} == {}


@pytest.mark.parametrize(("field", "text", "expected"), [
    ("License-Expression", "MIT", True),
    ("License-Expression", "Apache-2.0 OR BSD-2-Clause", True),
    ("License-Expression", "LGPL-2.1-or-later", True),
    ("Classifier", "License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", True),
    ("License", "BSD\nbundled: GPL-3.0-with-GCC-exception", True),
    ("License-Expression", "GPL-3.0-or-later WITH GCC-exception-3.1", True),
    ("License-Expression", "GPL-2.0-or-later WITH Bootloader-exception", True),
    ("License-Expression", "GPL-2.0-or-later WITH Classpath-exception-2.0", False),
    ("License-Expression", "MIT AND GPL-3.0-or-later WITH GCC-exception-3.1 AND GPL-2.0-only", False),
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
    assert acceptable(stated(metadata)) is expected


def test_the_bundle_is_refused_for_a_part_that_may_not_be_shipped():
    """Or may, for all we know, not: every such part is told at once."""
    parts = [Part("好", "1", "MIT", "全文"), Part("甲", "1", "GPL-3.0-only", "全文"), Part("乙", "1", "", "全文"),
             Part("丙", "1", "MIT", " \n")]
    with pytest.raises(SetupProblem) as told:
        refuse(parts, ["_internal/libsomething.so.1"])
    assert str(told.value).splitlines()[1:] == [
        "  甲：GPL-3.0-only", "  乙：没有写明许可", "  丙：没有许可全文", "  _internal/libsomething.so.1：不知道是谁的"]
