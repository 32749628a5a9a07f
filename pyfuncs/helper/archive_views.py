"""What `jixiao query` and other programs read: the long form of the archive as views, in English and in Chinese."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

# What stands in a view under its English and its Chinese name.
_ITEM_COLUMNS = {
    "year": ("年度", "member.year"),
    "region": ("地区", "member.region"),
    "unit": ("单位", "member.unit"),
    "form": ("表", "item.form"),
    "item": ("项目", "CASE instr(item.name, '.') WHEN 0 THEN item.name "
                     "ELSE substr(item.name, 1, instr(item.name, '.') - 1) END"),
    "column": ("栏", "CASE instr(item.name, '.') WHEN 0 THEN '' ELSE substr(item.name, instr(item.name, '.') + 1) END"),
    "value": ("数值", "cell.value"),
    "text": ("文字", "cell.text"),
    "file_hash": ("文件校验码", "result.sha256"),
    "cell": ("单元格", "cell.cell"),
    "kind": ("类型", "item.kind"),
    "state": ("状态", "cell.state"),
    "instance": ("第几张", "cell.instance"),
    "row": ("第几行", "cell.row"),
    "form_title": ("表名", "item.title"),
    "item_label": ("项目名称", "item.label"),
    "column_label": ("栏名", "item.heading"),
    "code": ("单位代码", "member.code"),
    "node": ("上级", "member.node"),
    "file": ("文件", "member.file"),
    "run": ("批次", "member.run"),
}
_UNIT_COLUMNS = {
    "year": ("年度", "member.year"),
    "region": ("地区", "member.region"),
    "unit": ("单位", "member.unit"),
    "code": ("单位代码", "member.code"),
    "node": ("上级", "member.node"),
    "total": ("总分", "member.total"),
    "grade": ("等级", "member.grade"),
    "rank": ("名次", "member.rank"),
    "must_fix": ("有必须修改", "member.must_fix"),
    "late": ("迟报", "member.late"),
    "file": ("文件", "member.file"),
    "file_hash": ("文件校验码", "result.sha256"),
    "run": ("批次", "member.run"),
}
_RUN_COLUMNS = {
    "run": ("批次", "run.id"),
    "at": ("时间", "run.at"),
    "who": ("经办人", "run.who"),
    "program": ("程序版本", "run.program"),
    "paths": ("路径", "run.paths"),
    "partial": ("未完成", "run.partial"),
    "units": ("单位数", "(SELECT COUNT(*) FROM member WHERE member.run = run.id)"),
}
# The last time a unit of a year was counted.
LAST = ("member.run = (SELECT MAX(later.run) FROM member AS later "
        "WHERE later.unit_key = member.unit_key AND later.year = member.year)")
_MEMBERS = "member CROSS JOIN result ON result.id = member.result"
# CROSS JOIN keeps this order: a unit's cells stand side by side in the file, an item's do not.
_CELLS = (f"{_MEMBERS} CROSS JOIN filled ON filled.result = member.result "
          "CROSS JOIN cell ON cell.rowid BETWEEN filled.first AND filled.last CROSS JOIN item ON item.id = cell.item")
# English name, Chinese name, columns, tables.
_VIEWS = (
    ("items", "明细", _ITEM_COLUMNS, f"{_CELLS} WHERE {LAST}"),
    ("all_items", "历次明细", _ITEM_COLUMNS, _CELLS),
    ("units", "单位表", _UNIT_COLUMNS, f"{_MEMBERS} WHERE {LAST}"),
    ("all_units", "历次单位表", _UNIT_COLUMNS, _MEMBERS),
    ("runs", "汇总批次", _RUN_COLUMNS, "run"),
)
_NUMBERS = ("cell.value", "member.total")             # exact texts; 9 < 10 only where they are compared as numbers


def create_views(base: sqlite3.Connection, comparing: str = "") -> None:
    """The views, in the file; with the name of a collation for numbers, for this connection alone."""
    for name, chinese, columns, tables in _VIEWS:
        _create(base, name, [(english, source) for english, (_, source) in columns.items()], tables, comparing)
        _create(base, chinese, list(columns.values()), tables, comparing)


def described() -> list[tuple[str, list[str]]]:
    """Every view with its columns."""
    return [view for name, chinese, columns, _ in _VIEWS
            for view in ((chinese, [word for word, _ in columns.values()]), (name, list(columns)))]


def select_run(chinese: bool) -> Mapping[str, str]:
    """What a run is exported as: name of the file -> query with the run's number to be filled in."""
    names = {"明细": "历次明细", "单位表": "历次单位表"} if chinese else {"items": "all_items", "units": "all_units"}
    return {file: f"SELECT * FROM {view} WHERE {'批次' if chinese else 'run'} = ?" for file, view in names.items()}


def _create(base: sqlite3.Connection, view: str, columns: list[tuple[str, str]], tables: str, comparing: str) -> None:
    shown = ", ".join(f'{_compared(source, comparing)} AS "{name}"' for name, source in columns)
    base.execute(f'CREATE {"TEMP VIEW" if comparing else "VIEW"} "{view}" AS SELECT {shown} FROM {tables}')


def _compared(source: str, comparing: str) -> str:
    """A CAST, since of a bare column SQLite may make an index with a filter that knows no collations: 15.0 finds no 15."""
    return f"CAST({source} AS TEXT) COLLATE {comparing}" if comparing and source in _NUMBERS else source
