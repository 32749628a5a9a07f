"""Rows as a Parquet file. Needs pyarrow, which comes with the extra [cluster] alone: it is 170 MB."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from pyfuncs.helper.archive_file import ArchiveError
from pyfuncs.report.output import new_file

_ROWS = 50_000                                        # held at a time
WHOLE = frozenset({"instance", "row", "run", "rank", "must_fix", "late"})   # columns of whole numbers; others are texts


def write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Sequence]) -> int:
    """Write a file that must not exist yet; how many rows it has. Amounts and rates stay exact decimal texts.

    Raises ArchiveError without pyarrow, and as report.output.write_new does.
    """
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise ArchiveError(f"写 Parquet 要用 pyarrow，这台电脑上没有，或用不了（{error}）；"
                           "请运行 pip install jixiao[cluster]，或改用 --csv") from None
    schema = pyarrow.schema([(name, pyarrow.int64() if name in WHOLE else pyarrow.string()) for name in columns])
    waiting, count = iter(rows), 0
    with new_file(path) as temporary, ParquetWriter(temporary, schema, compression="zstd") as writer:
        while chunk := list(islice(waiting, _ROWS)):
            arrays = [pyarrow.array(column, kind) for column, kind in zip(zip(*chunk), schema.types, strict=True)]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
            count += len(chunk)
    return count
