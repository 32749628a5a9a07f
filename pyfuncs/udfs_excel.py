"""The cell functions declared to xlwings, from their signatures and help; and xlwings itself, tamed.

Whatever else of the product uses xlwings imports this first.
"""
from __future__ import annotations

import atexit
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


@contextmanager
def _nothing_generated() -> Iterator[None]:
    """Within this, pywin32 writes no classes for Excel's whole object model into the folder for temporary files.

    xlwings has it do so when it is imported; only its asynchronous functions need them.
    """
    from win32com.client import gencache

    ensure = gencache.EnsureModule
    gencache.EnsureModule = lambda *_, **__: None
    try:
        yield
    finally:
        gencache.EnsureModule = ensure


# xlwings loads what it finds of these, half a second and more of every cold start, and tries its `pro`
# package, which is under another licence. It does without them.
with _absent("pandas", "numpy", "polars", "matplotlib", "plotly", "PIL", "xlwings.pro"):
    if sys.platform == "win32":
        with _nothing_generated():
            import xlwings as xw
        from xlwings._xlwindows import cleanup

        # Else it would at exit end every Excel that shows no window: another program's, or one about to save.
        atexit.unregister(cleanup)
    else:
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
        # As COM passes them, which the functions know: xlwings' usual converter makes a text of no characters
        # blank, and JX_WEIGHTED_SCORE leaves a blank out.
        call = xw.arg(argument.name, "raw", doc=argument.help)(call)
    return xw.func(category=CATEGORY)(call)  # last: each xw.arg would set the category back


def _error(code: str) -> Any:
    """An error value for xlwings' own server, which shows an error, though not always this one: pywin32 sends all
    of them alike. A bare integer would show as a number."""
    import pythoncom
    from win32com.client import VARIANT

    numbers = {text: number for number, text in COM_ERRORS.items()}
    return VARIANT(pythoncom.VT_ERROR, numbers[code])


for _function in FUNCTIONS.values():
    globals()[_function.name] = _declared(_function)
