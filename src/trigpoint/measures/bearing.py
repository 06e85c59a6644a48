"""Which months' files of records bear on the figures of which months.

A file's Parquet statistics tell the first and the last day of each of its columns, and whether any is
blank. From these follow the files that may hold a record of a month: never too few, and with records that
are dated by what they are measured by, no more than that month's own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.expression import Call, Length, Name, Node, Sum, parse
from trigpoint.definitions.quantity import Related
from trigpoint.definitions.source import Span
from trigpoint.measures.frames import Frame
from trigpoint.measures.holdings import Records
from trigpoint.terms.period import Month

_DAYS = {"days": (1, 1), "weeks": (7, 7), "months": (28, 31)}
"""The fewest and the most days of a length."""
ALWAYS = (dt.date.min, dt.date.max)
Reach = tuple[dt.date, dt.date]
"""A first and a last day."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Of one column of a file: its first and last day, and whether any is blank. None where all are."""

    days: Reach | None
    blanks: bool


Extents = Mapping[str, Extent]


def bearing(
    frame: Frame, catalogue: Catalogue, records: Mapping[str, Records], months: Iterable[Month]
) -> dict[Month, Mapping[str, Collection[Month]]]:
    """For each month of figures, the months of each source whose files may hold records of it."""
    files = {source: _files(records[source]) for source in frame.sources}
    return {month: _of_month(frame, catalogue, files, month) for month in months}


def _of_month(
    frame: Frame, catalogue: Catalogue, files: Mapping[str, Mapping[Month, Path]], month: Month
) -> dict[str, set[Month]]:
    span = catalogue.source(frame.source).span
    mine = set()
    for at, path in files[frame.source].items():
        first, last = _measured(frame, span, path)
        if first <= month.end and last >= month.start:
            mine.add(at)
    found: dict[str, set[Month]] = {name: set() for name in frame.sources}
    found[frame.source] |= mine
    for name, related in frame.related:
        measured = [extents_of(files[frame.source][at]) for at in mine]
        first, last = _dated(related, measured, month)
        if _first_in_month(frame, name, related):
            last = min(last, month.end)
        found[related.source] |= {
            at
            for at, path in files[related.source].items()
            if _meets(extents_of(path).get(related.dated), first, last)
        }
    return found


@cache
def _measured(frame: Frame, span: Span | None, path: Path) -> Reach:
    """The first and the last day on which a record of a file may be measured."""
    of = extents_of(path)
    if frame.by_related:
        # Not before the lower bound of what comes first after it.
        bounds = [
            _range(parse(text), of)[0]
            for name, related in frame.related
            if _first_in_month(frame, name, related)
            for sign, text in related.bounds
            if sign.startswith(">")
        ]
        return max([dt.date.min, *bounds]), dt.date.max
    if frame.month_of is not None:
        return _range(parse(frame.month_of), of)
    if span is None or span.from_ not in of:
        return ALWAYS
    begun, ended = of[span.from_].days, of.get(span.to, Extent(ALWAYS, blanks=True))
    if begun is None:
        return dt.date.max, dt.date.min
    return begun[0], dt.date.max if ended.blanks or ended.days is None else ended.days[1]


def _first_in_month(frame: Frame, name: str, related: Related) -> bool:
    """Whether a record belongs to the month of the first that is related to it."""
    return related.kind == "first" and frame.month_of == f"{name}.{related.dated}"


def _dated(related: Related, mine: Sequence[Extents], month: Month) -> Reach:
    """The days on which a related record may be dated."""
    first, last = ALWAYS
    for sign, text in related.bounds:
        reaches = [_range(parse(text), {**of, **_words(month)}) for of in mine]
        if not reaches:
            return dt.date.max, dt.date.min
        if sign.startswith(">"):
            first = max(first, min(one[0] for one in reaches))
        else:
            last = min(last, max(one[1] for one in reaches))
    return first, last


def _words(month: Month) -> Extents:
    return {
        "month_start": Extent((month.start, month.start), blanks=False),
        "month_end": Extent((month.end, month.end), blanks=False),
    }


def _range(node: Node, of: Extents) -> Reach:
    """The days that a date may be, of the records of a file; always where that cannot be told."""
    match node:
        case Name(name=name) if name in of:
            return of[name].days or (dt.date.max, dt.date.min)
        case Call(name="date", arguments=(inner,)):
            return _range(inner, of)
        case Sum(sign="+" | "-" as sign, left=left, right=Length(count=count, unit=unit)):
            fewest, most = (n * count for n in _DAYS.get(unit, (0, 0)))
            if unit == "hours":
                most = count // 24 + 1
            ways = (fewest, most) if sign == "+" else (-most, -fewest)
            first, last = _range(left, of)
            return _later(first, ways[0]), _later(last, ways[1])
    return ALWAYS


def _later(day: dt.date, days: int) -> dt.date:
    if day in ALWAYS:
        return day
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return dt.date.max if days > 0 else dt.date.min


def _meets(extent: Extent | None, first: dt.date, last: dt.date) -> bool:
    if extent is None:
        return True
    return extent.days is not None and extent.days[0] <= last and extent.days[1] >= first


def _files(records: Records) -> Mapping[Month, Path]:
    """Each month's file; none of records in memory, which are always read whole."""
    return {} if isinstance(records, pa.Table) else records.paths


@cache
def extents_of(path: Path) -> Extents:
    """The extent of each column of dates or times of a file, whose bytes never change."""
    metadata = pq.read_metadata(path)
    dated = [field.name for field in metadata.schema.to_arrow_schema() if pa.types.is_temporal(field.type)]
    return {name: _extent(metadata, name) for name in dated}


def _extent(metadata: pq.FileMetaData, name: str) -> Extent:
    at = metadata.schema.names.index(name)
    days: list[dt.date] = []
    blanks = False
    for group in range(metadata.num_row_groups):
        found = metadata.row_group(group).column(at).statistics
        if found is None or found.null_count is None:
            return Extent(ALWAYS, blanks=True)
        blanks |= found.null_count > 0
        if found.has_min_max:
            days += _as_days((found.min, found.max))
        elif found.num_values:
            return Extent(ALWAYS, blanks=True)
    return Extent((min(days), max(days)) if days else None, blanks)


def _as_days(of: Iterable[dt.date | dt.datetime]) -> list[dt.date]:
    return [it.date() if isinstance(it, dt.datetime) else it for it in of]
