"""The calendar as tables: the months that are worked out, cut where a unit moves, and working days.

A *slice* is a stretch of days of one month in which no unit of the home trust changes its place: a whole
month, almost always. What is worked out for each unit and slice can be added up by any tree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.settings import Calendar
from trigpoint.measures.structure import Structure
from trigpoint.terms.period import Month

SLICES = pa.schema(
    [
        ("slice", pa.int32()),
        ("month", pa.int32()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("month_start", pa.date32()),
        ("month_end", pa.date32()),
        ("start_utc", pa.timestamp("s")),
        ("end_utc", pa.timestamp("s")),
    ]
)
"""``month`` is a month's index; ``start_utc`` and ``end_utc`` are the midnights at which it starts and the
next slice does.
"""
DAYS = pa.schema([("day", pa.date32()), *SLICES])
STRETCHES = pa.schema([("unit", pa.string()), *SLICES])
WORKDAYS = pa.schema([("day", pa.date32()), ("running", pa.int32())])
"""``running`` is the number of working days up to a day: two of them less each other are those between."""
_DAY = dt.timedelta(days=1)
_IN_MONTH = 100
"""A slice's number is its month's index times this, and its place in the month."""
FIRST, LAST = dt.date(1900, 1, 1), dt.date(2100, 1, 1)
"""The days that have a running number. Outside them working days are blank."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of days of one month, both ends included."""

    number: int
    start: dt.date
    end: dt.date
    month: Month


def slices(months: Iterable[Month], structure: Structure) -> list[Slice]:
    """The slices of some months, in order."""
    moves = sorted(set(structure.segments["from"].to_pylist()))
    found = []
    for month in sorted(set(months)):
        starts = [month.start, *(day for day in moves if month.start < day <= month.end)]
        ends = [*(later - _DAY for later in starts[1:]), month.end]
        for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
            found.append(Slice(month.index * _IN_MONTH + place, start, end, month))
    return found


def at_index(index: int) -> Month:
    """The month with an index."""
    return Month(index // 12, index % 12 + 1)


def months_of(table: pa.Table) -> pa.ChunkedArray:
    """The index of the month of each row of a table with the column ``slice``."""
    return pc.divide(table["slice"], _IN_MONTH)


def slices_table(of: Iterable[Slice], zone: ZoneInfo) -> pa.Table:
    """Slices, with the columns of ``SLICES``."""
    return _table([_row(it, zone) for it in of], SLICES)


def days_table(of: Iterable[Slice], zone: ZoneInfo) -> pa.Table:
    """Each day of some slices, with the columns of ``DAYS``."""
    rows: list[tuple[object, ...]] = []
    for it in of:
        row = _row(it, zone)
        rows += [(it.start + n * _DAY, *row) for n in range((it.end - it.start).days + 1)]
    return _table(rows, DAYS)


def stretches_table(slices: pa.Table, seats: pa.Table) -> pa.Table:
    """The slices of each unit, those in which it stays where it is put together, with ``STRETCHES``' columns.

    ``seats`` has the segment of each unit in each slice, in order. Of units that nobody knows, whole months.
    """
    rows = {row["slice"]: row for row in slices.to_pylist()}
    found: list[dict[str, object]] = []
    before: tuple[object, ...] = ()
    columns = (seats[name].to_pylist() for name in ("unit", "slice", "segment"))
    for unit, number, segment in (*((None, number, None) for number in rows), *zip(*columns, strict=True)):
        row = rows[number]
        if before == (unit, segment, row["month"]):
            found[-1] |= {"end": row["end"], "end_utc": row["end_utc"]}
        else:
            found.append({"unit": unit, **row})
        before = (unit, segment, row["month"])
    return pa.Table.from_pylist(found, schema=STRETCHES)


def workdays_table(calendar: Calendar) -> pa.Table:
    """Every day's running number of working days, with the columns of ``WORKDAYS``."""
    days = np.arange(np.datetime64(FIRST), np.datetime64(LAST))
    weekday = (days.astype("datetime64[D]").view("int64") + 3) % 7 < 5
    shut = np.isin(days, np.array(calendar.days_off(FIRST, LAST), dtype="datetime64[D]"))
    running = np.cumsum(weekday & ~shut)
    return pa.table([pa.array(days, pa.date32()), pa.array(running, pa.int32())], schema=WORKDAYS)


def _row(it: Slice, zone: ZoneInfo) -> tuple[object, ...]:
    utc = (_midnight(it.start, zone), _midnight(it.end + _DAY, zone))
    return (it.number, it.month.index, it.start, it.end, it.month.start, it.month.end, *utc)


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    local = dt.datetime(day.year, day.month, day.day, tzinfo=zone)
    return local.astimezone(dt.UTC).replace(tzinfo=None)


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    return pa.table([pa.array(c, it.type) for c, it in zip(columns, schema, strict=True)], schema=schema)
