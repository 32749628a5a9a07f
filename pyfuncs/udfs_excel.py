"""The cell functions declared to xlwings, from their signatures and help."""
from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .udfs import COM_ERRORS, FUNCTIONS, CellError, CellFailure, CellFunction

CATEGORY = "绩效自评"


@contextmanager
def _absent(*modules: str) -> Iterator[None]:
    """Within this, importing one of the modules raises ImportError, unless it is loaded already."""
    hidden = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


# xlwings loads pandas where it finds it, half a second of every cold start, and tries its `pro` package,
# which is under another licence. It does without either.
with _absent("pandas", "xlwings.pro"):
    import xlwings as xw


def _declared(function: CellFunction) -> Callable[..., Any]:
    """What Excel calls: the function, its failures turned into error values of the cell."""

    @functools.wraps(function.call)
    def call(*cells: Any) -> Any:
        try:
            result = function.call(*cells)
        except CellFailure as failure:
            return _error(failure.code)
        if isinstance(result, list):
            return [[_error(cell.code) if isinstance(cell, CellError) else cell for cell in row]
                    for row in result]
        return result

    call.__doc__ = function.help
    for argument in function.arguments:
        # Two dimensions always, so that a row stays a row; one cell is taken out again by the function.
        call = xw.arg(argument.name, doc=argument.help, ndim=2, err_to_str=True)(call)
    return xw.func(category=CATEGORY)(call)  # last: each xw.arg would set the category back


def _error(code: str) -> Any:
    """An error value as COM passes it; a bare integer would show as a number."""
    import pythoncom
    from win32com.client import VARIANT

    numbers = {text: number for number, text in COM_ERRORS.items()}
    return VARIANT(pythoncom.VT_ERROR, numbers[code])


for _function in FUNCTIONS.values():
    globals()[_function.name] = _declared(_function)
