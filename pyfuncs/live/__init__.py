"""What a button of the ribbon does: each command takes the open workbook (or None) and texts, and answers in text."""

from pyfuncs.live import audit, converting, explaining, folders, program, self_report  # noqa: F401  (they register themselves)
from pyfuncs.live.command import COMMANDS

__all__ = ["COMMANDS"]
