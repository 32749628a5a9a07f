"""The line that tells how far the work is."""

from __future__ import annotations

import io

import pytest

from pyfuncs.helper.progress import Progress, line


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("done", "total", "seconds", "current", "said"), [
    (0, 10, 0.0, "", "正在审核 0/10 0%"),
    (120, 1000, 2.0, "甲单位", "正在审核 120/1000 12% 60 个/秒 还要 15 秒 甲单位"),
    (1, 100, 4.0, "", "正在审核 1/100 1% 0.2 个/秒 还要 6 分 36 秒"),
    (10, 10000, 10.0, "乙\x1b[2J\n单位", "正在审核 10/10000 0% 1.0 个/秒 还要 2 小时 46 分 乙[2J 单位"),
    (10, 10, 1.0, "丙", "正在审核 10/10 100% 10 个/秒 还要 0 秒 丙"),
])
def test_a_line(done: int, total: int, seconds: float, current: str, said: str):
    assert line("正在审核", done, total, seconds, current) == said


def test_the_line_is_written_over_and_gone_at_the_end():
    stream = Terminal()
    with Progress("正在审核", 2, stream) as progress:
        progress.add(2, "一个名字非常长的单位" * 20)
    lines = stream.getvalue().split("\r")
    assert lines[1] == "正在审核 0/2 0%" and lines[-2].strip() == "" and lines[-1] == ""


def test_nothing_is_shown_where_nobody_looks():
    stream = io.StringIO()
    with Progress("正在审核", 2, stream) as progress:
        progress.add(1, "甲")
    assert (stream.getvalue(), progress.done) == ("", 1)
