"""A run of the archive as files for other programs: CSV for spreadsheets, Parquet for engines that others keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pyfuncs.helper.archive import Archive
from pyfuncs.helper.archive_views import select_run
from pyfuncs.helper.output_csv import write_csv
from pyfuncs.helper.output_parquet import write_parquet
from pyfuncs.report.output import refuse_existing


def export_csv(archive: Archive, run: int, folder: Path) -> list[Path]:
    """明细.csv (the long form of all units that the run counted) and 单位表.csv, with Chinese headings.

    Raises ArchiveError, or as report.output.write_new does; then there is neither.
    """
    queries = {folder / f"{name}.csv": sql for name, sql in select_run(chinese=True).items()}
    return _exported(archive, run, queries, write_csv)


def export_parquet(archive: Archive, run: int, folder: Path) -> list[Path]:
    """The same as items.parquet and units.parquet, with English headings. Raises ArchiveError without pyarrow too."""
    queries = {folder / f"{name}.parquet": sql for name, sql in select_run(chinese=False).items()}
    return _exported(archive, run, queries, write_parquet)


def _exported(archive: Archive, run: int, queries: Mapping[Path, str], write: Callable) -> list[Path]:
    for path in queries:
        refuse_existing(path)
    written: list[Path] = []
    try:
        for path, sql in queries.items():
            write(path, *archive.rows(sql, run))
            written.append(path)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written
