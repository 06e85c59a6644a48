"""Local clock times and instants: each time of a record is kept as both, so that engines need no zones.

When clocks go back an hour of local times comes twice, and when they go forward an hour never comes.
A time that came twice is taken for the side that its source declares. One that never came is taken
as on a clock that was not yet put forward (PEP 495, ``fold=0``): 01:30 is then the instant of 02:30.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Seconds: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]
_TIME = pa.timestamp("s")
_DAY = 86_400
_FIRST = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - seconds of a clock are counted from it, in any zone


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A column's times by the clock and in UTC, without a zone; and which of them no clock tells once."""

    local: pa.ChunkedArray
    utc: pa.ChunkedArray
    twice: Mask
    never: Mask


def told(
    times: pa.ChunkedArray,
    zone: ZoneInfo,
    clock: Literal["local", "wall", "utc"],
    ambiguous: Literal["first", "second"],
) -> Told:
    """A column of times (seconds, without a zone) as ``clock`` says that they were written."""
    there = np.asarray(pc.is_valid(times))
    given = np.asarray(pc.fill_null(times.cast(pa.int64()), 0), np.int64)
    nowhere = np.zeros(len(given), bool)
    if clock == "wall":
        return Told(times, times, nowhere, nowhere)
    if clock == "utc":
        return Told(_times(given + _spread(given, _after_utc(zone)), there), times, nowhere, nowhere)
    first, second = (_spread(given, _after(zone, fold)) for fold in (0, 1))
    twice, never = there & (first > second), there & (first < second)
    offsets = np.where(twice & (ambiguous == "second"), second, first)
    return Told(times, _times(given - offsets, there), twice, never)


def _times(seconds: Seconds, there: Mask) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(seconds, pa.int64(), mask=~there).cast(_TIME)])


Offset: TypeAlias = Callable[[int], int]
"""By how many seconds the local clock is ahead of UTC, at so many seconds since 1970."""


def _after(zone: ZoneInfo, fold: int) -> Offset:
    def offset(second: int) -> int:
        local = (_FIRST + dt.timedelta(seconds=second)).replace(tzinfo=zone, fold=fold)
        return round((local.utcoffset() or dt.timedelta()).total_seconds())

    return offset


def _after_utc(zone: ZoneInfo) -> Offset:
    def offset(second: int) -> int:
        instant = (_FIRST + dt.timedelta(seconds=second)).replace(tzinfo=dt.UTC).astimezone(zone)
        return round((instant.utcoffset() or dt.timedelta()).total_seconds())

    return offset


def _spread(seconds: Seconds, offset: Offset) -> Seconds:
    """The offset of each time. A day that begins and ends with one has no other: clocks change by night.

    So zones are asked twice for each distinct day, and once for each distinct time of the few days
    on which they change.
    """
    if not seconds.size:
        return seconds
    days = seconds // _DAY
    first = int(days.min())
    places = days - first
    begins, ends = (np.zeros(int(places.max()) + 1, np.int64) for _ in range(2))
    for place in np.flatnonzero(np.bincount(places)).tolist():
        begins[place] = offset((first + place) * _DAY)
        ends[place] = offset((first + place) * _DAY + _DAY - 1)
    found = begins[places]
    changing = np.flatnonzero(found != ends[places])
    distinct, at = np.unique(seconds[changing], return_inverse=True)
    found[changing] = np.array([offset(int(second)) for second in distinct], np.int64)[at]
    return found
