from __future__ import annotations

from collections.abc import Iterator

import pytest
from libreoffice_office import virtual_screen


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    """One display for all windows of this process, large enough for one at 200 %: Tk never lets go of a display, and
    X ends the process where one goes away."""
    with virtual_screen(2700, 1700) as display:
        yield display
