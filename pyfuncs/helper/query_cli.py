"""`jixiao query`: a question in SQL to the archive of a project folder."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path

import click

from pyfuncs.helper.archive_file import ArchiveError
from pyfuncs.helper.archive_query import Answer, QueryError, asked
from pyfuncs.helper.archive_views import described
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.output_csv import write_csv
from pyfuncs.helper.pipeline import EXIT_CALL, EXIT_PASS, say, write_reason
from pyfuncs.report.naming import one_line
from pyfuncs.report.text_table import shorten, table

_ROWS, _WIDTH = 200, 60                               # shown on a screen; a file has them all


@click.command("query", short_help="用 SQL 查历次汇总的数据")
@click.argument("sql", metavar="SQL")
@click.option("--project", "folder", metavar="DIR", required=True, type=click.Path(file_okay=False, path_type=Path),
              help="汇总时用的项目文件夹")
@click.option("--csv", "csv_file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="把结果全部写成 CSV（UTF-8，Excel 可以直接打开）；已经有的不覆盖")
def query(sql: str, folder: Path, csv_file: Path | None) -> int:
    """用 SQL 查历次汇总的数据。只能查（SELECT、WITH），不会改动数据。

    \b
    例如：SELECT 单位, wan(SUM(数值)) AS 万元 FROM 明细 WHERE 项目名称 LIKE '%公务接待费%' GROUP BY 单位
    \b
    明细、单位表：每个单位每个年度最近一次计入的数。历次明细、历次单位表：每一次汇总的，用“批次”区分。
    数值：金额以元计，比率以小数计（85% 是 0.85）。SUM(数值) 是准确的合计；wan(数值) 换成万元；除法请写成 数值/10000.0。
    --csv 里以 = + - @ 开头的文字前面加一个单引号，以免被 Excel 当成公式；数不加。

    退出状态：0 已查出，2 查询写得不对，或数据读不了、文件写不了。
    """
    try:
        with asked(folder, sql) as answer:
            if csv_file is None:
                click.echo(_shown(answer))
            else:
                count = write_csv(csv_file, answer.columns, answer.rows)
                say([f"已写出：{one_line(str(csv_file))}（{count} 行）"])
    except QueryError as error:
        raise WrongCall(f"{error}。\n可以查的表和列：\n{_views()}") from None
    except ArchiveError as error:
        say([str(error)])
        return EXIT_CALL
    except OSError as error:
        say([write_reason(error)])
        return EXIT_CALL
    return EXIT_PASS


def _shown(answer: Answer) -> str:
    rows = [[shorten(one_line(_text(value)), _WIDTH) for value in row] for row in islice(answer.rows, _ROWS)]
    right = [column for column in range(len(answer.columns)) if rows and all(_is_number(row[column]) for row in rows)]
    more = next(answer.rows, None) is not None
    last = f"只显示前 {_ROWS} 行，还有；全部结果请用 --csv 写成文件" if more else f"共 {len(rows)} 行"
    return f"{table([shorten(one_line(name), _WIDTH) for name in answer.columns], rows, right)}\n{last}"


def _text(value: object) -> str:
    return "" if value is None else value.hex() if isinstance(value, bytes) else str(value)


def _is_number(text: str) -> bool:
    try:
        return not text or Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _views() -> str:
    """Views with the same columns in one line."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for view, columns in described():
        lines.setdefault(tuple(columns), []).append(view)
    return "\n".join(f"  {'、'.join(views)}：{'、'.join(columns)}" for columns, views in lines.items())
