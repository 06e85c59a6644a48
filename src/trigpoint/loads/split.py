"""A file of records that is too large to be read at once, into a file for each month."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.source import Source
from trigpoint.loads.parts import ParquetParts, Parts, TextParts
from trigpoint.loads.readers.blocks import Block, open_parquet, parquet_blocks, read_head, text_blocks
from trigpoint.loads.readers.sheet import Malformed, refuse
from trigpoint.loads.take_records import days_of
from trigpoint.loads.withheld import without_quotes
from trigpoint.terms.errors import TrigpointError
from trigpoint.terms.period import Month
from trigpoint.terms.progress import Progress, silent

UNDATED = "undated"
MOST_MONTHS = 600
"""Files that are written at most: fifty years. More months are those of a column that does not date rows."""
_NO_MONTH = -1

_Piece = TypeVar("_Piece")


@dataclass(frozen=True, slots=True)
class Part:
    """A file that was written, and how many rows it holds; ``month`` is None for rows without one."""

    path: Path
    month: Month | None
    rows: int


def split(
    path: Path, code: str, source: Source, folder: Path, progress: Progress = silent
) -> tuple[Part, ...]:
    """Write the rows of a file, every cell untouched, into a file for each month; months in order.

    A row is in the month that ``dated`` gives it when it is loaded; where that is blank or cannot be
    read, in a last file of rows that are undated. The files get their names when all are whole. Raises
    TrigpointError where one is there already or cannot be written, or the source's files cannot be
    loaded in parts; DeliveryRefused where the file is not as the source declares.
    """
    _check_source(code, source)
    _check_folder(path, source, folder)
    try:
        with tempfile.TemporaryDirectory(prefix=".split-", dir=folder) as unfinished:
            counts = _write(path, source, Path(unfinished), progress)
            parts = [_part(path, source, folder, index, count) for index, count in sorted(counts.items())]
            for part in parts:
                (Path(unfinished) / part.path.name).rename(part.path)
    except Malformed as error:
        if source.identifying:
            raise without_quotes(error) from None
        raise
    except OSError as error:
        raise TrigpointError(f"{path.name} was not split: {error.strerror or error}.") from error
    return tuple(sorted(parts, key=lambda part: part.month is None))


def _check_source(code: str, source: Source) -> None:
    if source.holds != "records" or source.format not in ("csv", "parquet"):
        raise TrigpointError(f"{code} is not split: only records in CSV or Parquet are; a workbook is small.")
    if source.delivery == "full_refresh":
        raise TrigpointError(
            f"{code} is not split: it says `delivery: full_refresh`, so that each part would withdraw the "
            "one before. Declare `delivery: replace`, under which a part speaks for its own month."
        )


def _check_folder(path: Path, source: Source, folder: Path) -> None:
    """Before hours of work; parts of another time beside the new ones would be taken for theirs."""
    if not folder.is_dir():
        raise TrigpointError(f"{path.name} was not split: there is no folder {folder}. Make it first.")
    name = re.compile(rf"{re.escape(path.stem)}-(\d{{4}}-\d\d|{UNDATED})\.{source.format}")
    there = sorted(it.name for it in folder.iterdir() if name.fullmatch(it.name))
    if there:
        named = ", ".join(there[:3]) + (", ..." if len(there) > 3 else "")
        raise TrigpointError(
            f"{path.name} was not split: {named} in {folder} would be written over. "
            "Delete what an earlier split wrote, or name another folder with --out."
        )


def _write(path: Path, source: Source, folder: Path, progress: Progress) -> dict[int, int]:
    """Rows by ``Month.index``, after they were written."""
    if source.format == "parquet":
        with open_parquet(path, source) as opened, ParquetParts(folder, opened.schema_arrow) as parquets:
            total = opened.metadata.num_rows
            return _spread(path, source, parquet_blocks(path.name, opened, source), total, parquets, progress)
    head = read_head(path, source)
    with TextParts(folder, head.text, head.encoding) as texts:
        return _spread(path, source, text_blocks(path, head, source), path.stat().st_size, texts, progress)


def _spread(
    path: Path,
    source: Source,
    blocks: Iterable[Block[_Piece]],
    total: int,
    parts: Parts[_Piece],
    progress: Progress,
) -> dict[int, int]:
    counts: dict[int, int] = {}
    progress(f"splitting {path.name}", 0, total)
    for block in blocks:
        months = _months(days_of(block.dated, source))
        for index in np.unique(months).tolist():
            places = np.flatnonzero(months == index)
            counts[index] = counts.get(index, 0) + len(places)
            if len(counts) > MOST_MONTHS:
                raise _too_many(path, source)
            parts.add(_name(path, source, index), block.rows.take(places))
        progress(f"splitting {path.name}", block.done, total)
    return counts


def _months(days: pa.Array) -> npt.NDArray[np.int64]:
    """``Month.index`` of each day."""
    index = pc.add(pc.multiply(pc.year(days), 12), pc.subtract(pc.month(days), 1))
    return np.asarray(index.fill_null(_NO_MONTH), np.int64)


def _month(index: int) -> Month | None:
    return None if index == _NO_MONTH else Month(index // 12, index % 12 + 1)


def _name(path: Path, source: Source, index: int) -> str:
    return f"{path.stem}-{_month(index) or UNDATED}.{source.format}"


def _part(path: Path, source: Source, folder: Path, index: int, rows: int) -> Part:
    return Part(folder / _name(path, source, index), _month(index), rows)


def _too_many(path: Path, source: Source) -> Malformed:
    found = f"more than {MOST_MONTHS} months in {source.dated}"
    remedy = "Check that `dated` is the column that gives a row its month, and the `format` of its dates."
    return refuse(path.name, "not_a_date", found, f"at most {MOST_MONTHS}", remedy)
