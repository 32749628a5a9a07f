"""A command of the ribbon: whatever happens in it, the user reads a Chinese sentence."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable

from pyfuncs.report.output import write_reason
from pyfuncs.workbook.safe_zip import Unreadable
from pyfuncs.workbook.standing import NotStanding

log = logging.getLogger("jixiao.live")

Answer = str | list[list[str]]                        # "" when there is nothing to say
COMMANDS: dict[str, Callable[..., Answer]] = {}


class Refused(Exception):
    """Nothing was done; the message says why, and what to do."""


def command(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """Register a function under its name. Called as command(book, *texts) it raises nothing."""

    @functools.wraps(function)
    def call(book: object, *texts: str) -> Answer:
        try:
            return function(book, *texts)
        except (Refused, NotStanding) as refusal:
            return str(refusal)
        except Unreadable as error:
            return f"{error.trouble.message}{error.trouble.advice}"
        except OSError as error:
            log.exception("%s%r", function.__name__, texts)
            return write_reason(error)
        except Exception:                             # our own fault, or the spreadsheet program's
            log.exception("%s%r", function.__name__, texts)
            return "没有完成：程序出了错，不一定是表的问题；请点“关于/诊断”，把日志交给维护人员。"

    COMMANDS[function.__name__] = call
    return call
