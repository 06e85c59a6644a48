"""Whether a file of records fits into the memory that is free, found out before it is read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from trigpoint.definitions.source import Source
from trigpoint.loads.readers.sheet import Malformed, refuse, used_columns

A_ROW, A_CELL = 250, 30
"""Bytes of memory that a row takes while it is loaded, and each of its cells that is read.

Measured as the peak of ``take_in`` above what the process had before, of files in random order over 60
months, on 24 November 2026: of 13 columns, 635 bytes a row of Parquet and 752 of CSV at a million rows, and
508 and 584 for each row more; of 4 columns, 410 and 457, and 315 and 329 for each row more. These two
constants and the file's own size (31, 97, 9 and 37 bytes a row) give 671, 737, 379 and 407.
"""
_PACKED = (b"PK\x03\x04", b"\x1f\x8b")
_SAMPLE = 1024**2
"""Bytes at the top of a text by whose lines the number of all its lines is estimated."""
_MEMINFO = Path("/proc/meminfo")


def free_memory() -> int | None:
    """Bytes of memory that a process can still have; None where the system does not say."""
    try:
        lines = _MEMINFO.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else None


def no_room(path: Path, code: str, source: Source, free: int | None) -> Malformed | None:
    """Why a file of records is not to be read: it needs more than the ``free`` bytes of memory.

    None where it fits; where ``free`` is None, not known; and for what is packed, whose reader has
    bounds of its own, or damaged, which it refuses. ``code`` is the source's.
    """
    if free is None or source.holds != "records":
        return None
    rows = _rows(path, source.format)
    if rows is None:
        return None
    needed = path.stat().st_size + rows * (A_ROW + A_CELL * len(used_columns(source)))
    if needed <= free:
        return None
    told = f"about {float(f'{rows:.2g}'):,.0f}" if source.format == "csv" else f"{rows:,}"
    return refuse(
        path.name,
        "memory",
        f"{told} rows, which need about {_gigabytes(needed)} at once",
        f"a file that fits into the memory that is free ({_gigabytes(free)})",
        _remedy(path, source, code),
    )


def _remedy(path: Path, source: Source, code: str) -> str:
    told = f"plit it by month first: `trigpoint split {code} {path.name}`, and load what it writes."
    if source.delivery == "full_refresh":
        return f"Declare `delivery: replace`, as a full refresh withdraws all but the last part, and s{told}"
    return f"S{told}"


def _rows(path: Path, declared: str) -> int | None:
    """The rows of a file: of Parquet as its footer says, of a text as its first lines are long."""
    if declared == "parquet":
        try:
            return int(parquet.read_metadata(path).num_rows)
        except (pa.ArrowException, OSError):
            return None
    if declared != "csv":
        return None
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if sample.startswith(_PACKED):
        return None
    return path.stat().st_size * sample.count(b"\n") // max(len(sample), 1)


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:,.1f} GB"
