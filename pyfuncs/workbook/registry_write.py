"""Write the registry workbook (规则登记表): every cell a text, lists to choose from, a prompt for each column."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pyfuncs.catalog.marks import Mark, Problem, RuleSetError
from pyfuncs.catalog.registry import Rows, to_rows
from pyfuncs.catalog.registry_fields import Field
from pyfuncs.catalog.registry_sheets import GUIDE, REST, SHEETS, UPRIGHT, Sheet
from pyfuncs.methods import METHODS
from pyfuncs.workbook import styles
from pyfuncs.workbook.text_fit import LINE, PADDING, lines_of

SPARE_ROWS = 500                                      # below the last one, with lists and prompts
LONGEST_TEXT, LONGEST_PROMPT = 32_767, 255            # what Excel takes
PAGE_WIDTH = 130                                      # characters on a page that can still be read
HEAD_HEIGHT = 21.0                                    # points
TALLEST = 180.0                                       # points; longer texts are read in the cell
_BODY = {"font_name": styles.SONG, "font_size": styles.BODY, "valign": "top", "text_wrap": True,
         "num_format": "@"}
_LINED = {**_BODY, "border": 1, "border_color": "#D0D0D0"}
_HEAD = {**_LINED, "bold": True, "valign": "vcenter", "align": "center"}
_BAND = {**_LINED, "bold": True, "valign": "vcenter", "bg_color": "#EFF4FA", "num_format": "General"}
_STYLES: dict[str, dict[str, Any]] = {
    "column": _BODY, "cell": _LINED, "key": {**_LINED, "bg_color": "#EFF4FA"},
    "other-key": {**_LINED, "bg_color": "#FAF6EC"}, "fixed": {**_LINED, "bg_color": "#F2F2F2"},
    "head": {**_HEAD, "bg_color": "#E3E9F0"},
    "key-head": {**_HEAD, "bg_color": "#1F4E79", "font_color": "#FFFFFF"},
    "band": _BAND, "link": {**_BAND, "font_color": "#1F4E79", "underline": 1},
    "title": {"font_name": styles.HEI, "font_size": 16, "valign": "vcenter"},
    "line": {**_BODY, "num_format": "General"},
}
_GUIDE_WIDTHS = (18, 7, 62, 50)
_HOW = (
    "一张工作表登记一类内容，一行一项。深色表头的列必须填；其余的空着就是没有写，有上级规则集的按上级执行。",
    "所有的格都是文本：0.10、2023-03 照原样保留；公式当作文字写，前面不加等号，程序不计算它。",
    "可以添行、删行、筛选、调换列的次序；行的先后就是表上的先后。请不要合并单元格，不要改工作表名和表头。",
    "要明写“没有”（不要上级规则集写的内容）时，写“（空）”。",
    "标有“一行一个”的格里，用 Alt+Enter 换行。点到一格时有提示，带下拉箭头的从单子里选。",
    "少用的内容在“其他”列，一行一个“键: 值”（YAML 写法），看不懂的请保持原样。",
    "改好、存盘、关闭后运行：jixiao rulesets import 规则登记表.xlsx。有写错的格会逐个指出；没有错就写出一套草稿规则集。",
    "规则集的正本是 YAML 文件。YAML 文件里的注释（# 后面的说明）不在本表里，导入后生成的文件没有这些注释。",
)


def write_registry(target: str | BinaryIO, root: Mapping[str, Any]) -> None:
    """Write a rule set (own files, cases under `cases`) as a workbook; the same data give the same bytes.

    Raises RuleSetError for a text that no cell can hold.
    """
    rows = to_rows(root)
    _refuse_too_long(rows)
    options = {"in_memory": True, "default_format_properties": {"font_name": styles.SONG, "font_size": 11}}
    with xlsxwriter.Workbook(target, options) as book:
        title = f"规则登记表：{root.get('name', '')}（{root.get('id', '')}）"
        book.set_properties({"title": title, "author": "绩效自评工具箱", "created": datetime.datetime(2020, 1, 1)})
        book.set_size(2400, 1500)
        writer = _Writer({name: book.add_format(style) for name, style in _STYLES.items()}, len(rows["表单"]))
        writer.guide(book.add_worksheet(GUIDE), title)
        for sheet in SHEETS.values():
            write = writer.upright if sheet.upright else writer.table
            write(book.add_worksheet(sheet.name), sheet, rows[sheet.name])


def _refuse_too_long(rows: Rows) -> None:
    problems = [Problem(Mark(f"《{name}》", number), f"“{header}”有 {len(text)} 个字，一格最多 {LONGEST_TEXT} 个；请改短")
                for name, texts in rows.items() for number, row in enumerate(texts, 2)
                for header, text in row.items() if len(text) > LONGEST_TEXT]
    if problems:
        raise RuleSetError(problems)


class _Writer:
    def __init__(self, looks: Mapping[str, Format], forms: int) -> None:
        self.looks, self.forms = looks, forms

    def table(self, page: Worksheet, sheet: Sheet, rows: Sequence[Mapping[str, str]]) -> None:
        """One row per thing under a heading row that stays in sight."""
        columns = sheet.columns
        for at, column in enumerate(columns):
            page.set_column(at, at, column.width, self.looks["column"])
            page.write_string(0, at, column.header, self.looks["key-head" if column.required else "head"])
        page.set_row(0, HEAD_HEIGHT)
        first, look = columns[0].header, "other-key"
        for number, row in enumerate(rows, 1):
            if number == 1 or row.get(first) != rows[number - 2].get(first):
                look = "key" if look == "other-key" else "other-key"      # where another form begins
            for at, column in enumerate(columns):
                self._text(page, number, at, row.get(column.header, ""), look if column.key else "cell")
            page.set_row(number, _height([(row.get(column.header, ""), column.width) for column in columns]))
        for at, column in enumerate(columns):
            self._guide(page, (1, at, len(rows) + SPARE_ROWS, at), column)
        keys = max((at for at, column in enumerate(columns[:5]) if column.key), default=-1) + 1
        page.freeze_panes(1, keys)
        page.repeat_rows(0)
        page.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        _set_up(page, styles.TAB_FORM, sum(column.width for column in columns), keys)
        if sheet.name == "审核编号":
            page.protect("", {"autofilter": True, "sort": True, "format_columns": True})

    def upright(self, page: Worksheet, sheet: Sheet, rows: Sequence[Mapping[str, str]]) -> None:
        """One thing, a row per field: name, content, what to write."""
        widths, texts = (16, 60, 60), rows[0] if rows else {}
        for at, (header, width) in enumerate(zip(UPRIGHT, widths)):
            page.set_column(at, at, width, self.looks["column"])
            page.write_string(0, at, header, self.looks["key-head" if at == 0 else "head"])
        page.set_row(0, HEAD_HEIGHT)
        for number, column in enumerate(sheet.fields, 1):
            line = (column.header, texts.get(column.header, ""), column.help)
            for at, (text, style) in enumerate(zip(line, ("key", "cell", "fixed"))):
                self._text(page, number, at, text, style)
            page.set_row(number, _height(list(zip(line, widths))))
            self._guide(page, (number, 1, number, 1), column)
        page.freeze_panes(1, 1)
        page.repeat_rows(0)
        _set_up(page, styles.TAB_FORM, sum(widths))

    def guide(self, page: Worksheet, title: str) -> None:
        """How to use the workbook, what each column is, which parameters a way of scoring takes."""
        last = len(_GUIDE_WIDTHS) - 1
        for at, width in enumerate(_GUIDE_WIDTHS):
            page.set_column(at, at, width)
        page.write_string(0, 0, title, self.looks["title"])
        page.set_row(0, 30)
        row = 1
        for row, line in enumerate(_HOW, 1):
            page.merge_range(row, 0, row, last, "", self.looks["line"])
            page.write_string(row, 0, f"{row}. {line}", self.looks["line"])
            page.set_row(row, _height([(line, sum(_GUIDE_WIDTHS))]))
        for headings, sections in ((("列", "必填", "怎么填", "可以填"), _columns()),
                                   (("方法与参数", "", "意思", "写法或可以填"), _parameters())):
            row += 2
            for at, heading in enumerate(headings):
                page.write_string(row, at, heading, self.looks["key-head"])
            page.set_row(row, HEAD_HEIGHT)
            for name, said, lines in sections:
                row += 1
                page.set_row(row, HEAD_HEIGHT)
                page.merge_range(row, 1, row, last, "", self.looks["band"])
                page.write_string(row, 1, said, self.looks["band"])
                if name in SHEETS:
                    page.write_url(row, 0, f"internal:'{name}'!A1", self.looks["link"], name)
                else:
                    page.write_string(row, 0, name, self.looks["band"])
                for line in lines:
                    row += 1
                    for at, text in enumerate(line):
                        self._text(page, row, at, text, "cell")
                    page.set_row(row, _height(list(zip(line, _GUIDE_WIDTHS))))
        _set_up(page, styles.TAB_HELP, sum(_GUIDE_WIDTHS))
        page.set_portrait()

    def _text(self, page: Worksheet, row: int, column: int, text: str, style: str) -> None:
        if text:
            page.write_string(row, column, text, self.looks[style])
        else:
            page.write_blank(row, column, None, self.looks[style])

    def _guide(self, page: Worksheet, cells: tuple[int, int, int, int], column: Field) -> None:
        """A list to choose from, and the prompt of a column."""
        options: dict[str, Any] = {"validate": "any"}
        if column.kind.words:
            options = {"validate": "list", "source": list(column.kind.words.values()),
                       "error_title": column.header, "error_message": "请从下拉的单子里选一个。"}
        elif column.path == ("表单",):
            options = {"validate": "list", "source": f"=表单!$A$2:$A${self.forms + SPARE_ROWS}",
                       "error_type": "warning", "error_title": "表单", "error_message": "《表单》里没有这个标识。"}
        if column.help:
            options |= {"input_title": column.header, "input_message": column.help[:LONGEST_PROMPT]}
        if len(options) > 1:
            page.data_validation(*cells, options)


Section = tuple[str, str, list[tuple[str, ...]]]      # name, what it is, lines


def _columns() -> Iterator[Section]:
    """The columns of every sheet that their heading does not explain."""
    for sheet in SHEETS.values():
        yield sheet.name, sheet.help, [
            (column.header, "必填" if column.required else "", column.help,
             "、".join(column.kind.words.values()))
            for column in sheet.columns
            if column.header not in (*sheet.place, REST) and (column.help or column.kind.words)]


def _parameters() -> Iterator[Section]:
    for method in METHODS.values():
        lines = []
        for parameter in method.parameters:
            if parameter.name in ("points", "na", "decimals"):                # these have columns
                continue
            needed = parameter.default is None and not parameter.optional
            values = parameter.choices or (parameter.example.replace('"', ""),)
            lines.append((parameter.name, "必填" if needed else "", parameter.help,
                          "、".join(f"{parameter.name}={value}" for value in values)))
        if lines:
            yield method.name, method.help, lines


def _height(texts: Sequence[tuple[str, float]]) -> float:
    """Room for the longest text of a row: not every program makes it."""
    lines = max(lines_of(text, width) for text, width in texts)
    return min(TALLEST, round(lines * styles.BODY * LINE + PADDING, 1))


def _set_up(page: Worksheet, colour: str, width: float, keys: int = 0) -> None:
    """A4 on its side, as many pages wide as the columns need; the keys stand on each."""
    pages = max(1, round(width / PAGE_WIDTH + 0.3))
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(pages, 0)
    page.set_margins(0.4, 0.4, 0.5, 0.6)
    page.center_horizontally()
    if pages > 1 and keys:
        page.repeat_columns(0, keys - 1)
    page.set_footer("&C&9&A　第 &P 页 共 &N 页")
    page.set_tab_color(colour)
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576", "formula_unlocked": "A1:XFD1048576"})
