from __future__ import annotations

from collections.abc import Iterator

import pytest
from libreoffice_office import Office, office


@pytest.fixture(scope="module")
def calc() -> Iterator[Office]:
    """LibreOffice with our add-in, kept open for all tests of a module."""
    with office() as running:
        yield running
