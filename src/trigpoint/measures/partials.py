"""Partials: the answers of passes, kept by month, and added up to every place and over every window."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.model import hash_of
from trigpoint.definitions.window import Window
from trigpoint.engines.dialect import DUCKDB
from trigpoint.measures.bearing import bearing
from trigpoint.measures.calendar import months_of
from trigpoint.measures.holdings import Holdings, windows_table
from trigpoint.measures.passes import Column, Pass, keys_of
from trigpoint.measures.seats import PLACED, kept_kinds
from trigpoint.terms.period import Month
from trigpoint.terms.progress import Progress, silent

AT_ONCE = 20_000_000
"""So many records at most are read at once: what is found in them is kept before more are read."""


class Cache(Protocol):
    """Where partials are kept from one run to the next. ``code`` is the version of what finds them."""

    code: str

    def get(self, kind: str, keys: Mapping[Month, str]) -> Mapping[Month, pa.Table]:
        """The tables that were kept under these keys."""

    def put(self, kind: str, keys: Mapping[Month, str], table: pa.Table) -> None:
        """Keep what was found in some months."""

    def files(self, source: str, months: Collection[Month]) -> Mapping[Month, str]:
        """What names the bytes of each month's file of a source."""


def partials(
    it: Pass, months: Collection[Month], held: Holdings, cache: Cache | None, progress: Progress = silent
) -> pa.Table:
    """What a pass finds in some months: columns unit, slice, (grouped,) and its own.

    Months whose records have not changed come from the cache.
    """
    wanted = sorted(set(months))
    sources = bearing(it.frame, held.catalogue, held.records, wanted)
    if cache is None or it.frame.person is not None:
        return _asked(it, wanted, sources, held)
    kind = f"partials {hash_of(it.sql)[:16]}"
    keys = {month: _key(it, month, sources[month], held, cache) for month in wanted}
    found = dict(cache.get(kind, keys))
    missing = [month for month in wanted if month not in found]
    done = 0
    for batch in _batches(it, missing, sources, held):
        answer = _asked(it, batch, sources, held)
        cache.put(kind, {month: keys[month] for month in batch}, answer)
        found |= {month: answer.filter(pc.equal(months_of(answer), month.index)) for month in batch}
        done += len(batch)
        progress(f"Reading {it.frame.source}", done, len(missing))
    return pa.concat_tables([found[month] for month in wanted])


def _batches(
    it: Pass,
    months: Sequence[Month],
    sources: Mapping[Month, Mapping[str, Collection[Month]]],
    held: Holdings,
) -> Iterator[list[Month]]:
    """Months whose own records are not too many to be read at once; a month alone, where it has more."""
    records = held.records[it.frame.source]
    batch: list[Month] = []
    files: set[Month] = set()
    for month in months:
        more = files | set(sources[month][it.frame.source])
        if batch and not isinstance(records, pa.Table) and sum(records.rows[one] for one in more) > AT_ONCE:
            yield batch
            batch, more = [], set(sources[month][it.frame.source])
        batch, files = [*batch, month], more
    if batch:
        yield batch


def _key(
    it: Pass, month: Month, sources: Mapping[str, Collection[Month]], held: Holdings, cache: Cache
) -> str:
    """The hash of all that a month's partials are made from."""
    files = {source: sorted(cache.files(source, months).values()) for source, months in sources.items()}
    slices = [f"{one.start} {one.end}" for one in held.slices([month])]
    seating = held.seating(month) if it.by_kind else None
    days_off = held.catalogue.settings.calendar.meaning() if "workdays" in it.sql else None
    zone = held.catalogue.settings.time_zone
    return hash_of(
        {
            "code": cache.code,
            "sql": it.sql,
            "files": files,
            "slices": slices,
            "seating": seating,
            "off": days_off,
            "zone": zone,
        }
    )


def _asked(
    it: Pass,
    months: Sequence[Month],
    sources: Mapping[Month, Mapping[str, Collection[Month]]],
    held: Holdings,
) -> pa.Table:
    tables = held.calendar(months)
    if it.by_kind:
        tables["seats"] = held.seats(months).seats
    read: dict[str, set[Month]] = {source: set() for source in it.frame.sources}
    for month in months:
        for source, of in sources[month].items():
            read[source] |= set(of)
    order = [(key, "ascending") for key in keys_of(it.frame, it.cut)]
    return held.ask(it.sql, read, tables).sort_by(order)


@dataclass(frozen=True, slots=True)
class Rolling:
    """How partials are added up: over which window, of which kinds of unit, and whose they are."""

    window: Window
    kinds: tuple[str, ...]
    person: bool


def rolled_up(
    it: Pass,
    columns: Iterable[Column],
    found: pa.Table,
    how: Rolling,
    months: Collection[Month],
    held: Holdings,
) -> pa.Table:
    """Columns place, end (a month's index), grouped and the pass's own, for windows that end in months."""
    reach = sorted({month for end in months for month in how.window.months(end)})
    seated = held.seats(reach)
    sums = ", ".join(f"{_MERGE[one.merge]}(held.{one.name}) AS {one.name}" for one in columns)
    grouped = "held.grouped" if it.cut is not None else "NULL"
    place = "held.person" if how.person else "ancestors.unit"
    sql = f"""\
SELECT {place} AS place, windows."end", {grouped} AS grouped, {sums}
FROM held
JOIN slices ON slices.slice = held.slice
JOIN windows ON windows.month = slices.month
{PLACED}
WHERE {kept_kinds(how.kinds, [DUCKDB.literal(kind) for kind in how.kinds])}
GROUP BY {place}, windows."end"{", held.grouped" if it.cut is not None else ""}
"""  # noqa: S608 - nothing unparsed
    tables = {
        "held": found,
        "slices": held.calendar(reach)["slices"],
        "windows": windows_table((end, month) for end in months for month in how.window.months(end)),
        "seats": seated.seats,
        "ancestors": seated.homes if how.person else seated.above,
    }
    return held.small.query(sql, tables=tables)


_MERGE = {"sum": "SUM", "max": "MAX", "min": "MIN"}
