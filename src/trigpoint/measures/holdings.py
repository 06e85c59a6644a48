"""Holdings: what figures are worked out from and by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.engines.dialect import Dialect
from trigpoint.engines.session import Session
from trigpoint.measures.calendar import (
    Slice,
    at_index,
    days_table,
    slices,
    slices_table,
    stretches_table,
    workdays_table,
)
from trigpoint.measures.purged import Purged
from trigpoint.measures.related import table_of
from trigpoint.measures.seats import Seats, seats
from trigpoint.measures.structure import Structure
from trigpoint.store import parquet
from trigpoint.store.durable import sha256
from trigpoint.store.laid import Files
from trigpoint.terms.period import Month

Records: TypeAlias = pa.Table | Files
"""A source's records: in memory, or in a Parquet file for each month in which they are dated."""


@dataclass(frozen=True, eq=False)
class Holdings:
    """Records, the structure, and two sessions: an engine's, for records, and one for small tables.

    ``purged`` says which records are gone; ``since`` and ``through`` are the first and the last month that
    each source holds. ``small`` adds up in one order, by one thread, for what is no whole number or decimal.
    """

    catalogue: Catalogue
    records: Mapping[str, Records]
    structure: Structure
    since: Mapping[str, Month]
    through: Mapping[str, Month]
    engine: Session
    small: Session
    purged: Purged = field(default_factory=Purged)
    _seats: dict[tuple[Month, ...], Seats] = field(default_factory=dict)
    _slices: dict[Month, list[Slice]] = field(default_factory=dict)
    _seating: dict[Month, str] = field(default_factory=dict)

    @property
    def dialect(self) -> Dialect:
        """The words of the engine that holds the records."""
        return self.engine.dialect

    def holds(self, sources: Iterable[str]) -> bool:
        """Whether there are records of all of some sources."""
        return all(source in self.records for source in sources)

    def slices(self, months: Collection[Month]) -> list[Slice]:
        """The slices of some months, in order."""
        wanted = sorted(set(months))
        if new := [month for month in wanted if month not in self._slices]:
            self._slices.update({month: [] for month in new})
            for one in slices(new, self.structure):
                self._slices[one.month].append(one)
        return [one for month in wanted for one in self._slices[month]]

    def seating(self, month: Month) -> str:
        """A hash of where each unit sits in a month: of its kind, and of the days on which it moves."""
        if month not in self._seating:
            seated = self.seats([month]).seats
            stretches = self._stretches(self.calendar([month])["slices"]).select(["unit", "start", "end"])
            tables = (seated.select(["unit", "slice", "kind"]), stretches)
            self._seating[month] = sha256(b"".join(map(parquet.to_bytes, tables)))
        return self._seating[month]

    def seats(self, months: Collection[Month]) -> Seats:
        """Where each unit sits in some months."""
        wanted = tuple(sorted(set(months)))
        if wanted not in self._seats:
            table = slices_table(self.slices(wanted), self.catalogue.settings.zone)
            self._seats[wanted] = seats(self.structure, table, self.catalogue.organisation, self.small)
        return self._seats[wanted]

    def calendar(self, months: Collection[Month]) -> dict[str, pa.Table]:
        """The tables of the calendar that a frame's query sees, for some months."""
        of, zone = self.slices(months), self.catalogue.settings.zone
        return {"slices": slices_table(of, zone), "days": days_table(of, zone)}

    @cached_property
    def workdays(self) -> pa.Table:
        return workdays_table(self.catalogue.settings.calendar)

    def ask(
        self, sql: str, sources: Mapping[str, Collection[Month]], tables: Mapping[str, pa.Table]
    ) -> pa.Table:
        """The answer of the engine that holds the records, of some months of each source."""
        seen = dict(tables)
        files: dict[str, Sequence[Path]] = {}
        for source, months in sources.items():
            held = self.records[source]
            if isinstance(held, pa.Table):
                seen[table_of(source)] = held
            elif months:
                files[table_of(source)] = [held.whole(month) for month in sorted(months)]
            else:  # no file holds what is asked for
                seen[table_of(source)] = pq.read_schema(next(iter(held.paths.values()))).empty_table()
        if "workdays" in sql:
            seen["workdays"] = self.workdays
        if "stretches" in sql:
            seen["stretches"] = self._stretches(seen["slices"])
        return self.engine.query(sql, tables=seen, parquet=files)

    def _stretches(self, slices: pa.Table) -> pa.Table:
        months = [at_index(index) for index in dict.fromkeys(slices["month"].to_pylist())]
        return stretches_table(slices, self.seats(months).seats)

    def months_of(self, source: str) -> Collection[Month]:
        """The months in which a source has records that lie in files; none for records in memory."""
        held = self.records[source]
        return () if isinstance(held, pa.Table) else held.paths.keys()

    def first(self, source: str) -> Month:
        """The first month in which any record of a source is dated."""
        held = self.records[source]
        if not isinstance(held, pa.Table):
            return min(held.paths)
        day = pc.min(held[str(self.catalogue.source(source).dated)]).as_py()
        return Month.of(day) if day is not None else self.through[source]


def windows_table(pairs: Iterable[tuple[Month, Month]]) -> pa.Table:
    """The months of windows: ``end`` is the month that one ends with, ``month`` one that it holds."""
    listed = list(pairs)
    ends = pa.array([end.index for end, _ in listed], pa.int32())
    return pa.table({"end": ends, "month": pa.array([month.index for _, month in listed], pa.int32())})
