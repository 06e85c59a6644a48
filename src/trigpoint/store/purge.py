"""Purging: a load's bytes, or those of old months, are taken away for good; a tombstone says so.

What is to go is written into the tombstone first. With the one rename that shows it, all of that is
purged for every reader; only then are the bytes taken away. A purge that was ended in between is
finished by whatever writes next, before it does anything else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.store.archive import Archive
from trigpoint.store.clock import refuse_earlier
from trigpoint.store.durable import remove, storing
from trigpoint.store.laid import forget
from trigpoint.store.load import DIFFERENCE, Load, Part
from trigpoint.store.lock import writing
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.tombstone import Tombstone, Tombstones
from trigpoint.terms.errors import NotFound
from trigpoint.terms.period import Month


@dataclass(frozen=True, slots=True)
class Which:
    """What to purge of a source: the load of this number, or the rows dated ``before`` a month."""

    source: str
    load: int | None = None
    before: Month | None = None

    def takes(self, load: Load, part: Part) -> bool:
        if part.purge:
            return False
        return load.seq == self.load if self.before is None else part.month < self.before


@dataclass(frozen=True, slots=True)
class Taking:
    """What a purge would take, and what rests on it.

    ``files`` gives each file's SHA-256 by its path below the source's folder. ``unmade`` are the
    months that stand now and would not after; ``since`` and ``through`` the first and the last month
    that any date of their rows lies in; ``open`` counts those whose span has no end yet, which leaves
    no ``through``.
    """

    loads: tuple[Load, ...]
    parts: tuple[Part, ...]
    files: Mapping[str, str]
    partitions: tuple[str, ...]
    unmade: tuple[Month, ...]
    since: Month | None
    through: Month | None
    open: int

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts if not part.moved)

    @property
    def months(self) -> tuple[Month, ...]:
        """The months that its rows are dated in."""
        return tuple(sorted({part.month for part in self.parts}))


def taking(archive: Archive, which: Which, end: str | None = None) -> Taking:
    """What would go. ``end`` is the column with the end of a record's span, where records last.

    Receipts and originals go with any part of their load, since they quote rows of any month; so do
    the differences of it and of later loads, which quote what these changed. Raises NotFound where
    nothing is left to take.
    """
    loads = archive.loads(which.source)
    parts = {load.seq: tuple(part for part in load.parts if which.takes(load, part)) for load in loads}
    touched = [it for it in loads if parts[it.seq] or (it.seq == which.load and not it.purges)]
    if not touched:
        raise NotFound(f"Nothing that is kept of {which.source} is to be purged.")
    chosen = tuple(part for load in touched for part in parts[load.seq])
    unmade = _unmade(archive, which.source, chosen)
    reach = _Reach.of(archive, which.source, unmade, end)
    return Taking(
        loads=tuple(touched),
        parts=chosen,
        files={part.file: part.sha256 for part in chosen} | _attached(archive, loads, touched),
        partitions=Snapshots(archive.workspace).personal(which.source, [load.seq for load in touched]),
        unmade=tuple(unmade),
        since=min(reach.months, default=None),
        through=None if reach.open else max(reach.months, default=None),
        open=reach.open,
    )


def _attached(archive: Archive, loads: Iterable[Load], touched: list[Load]) -> dict[str, str]:
    """The files beside the parts that may quote rows which go, and have not gone before."""
    first, numbers = touched[0].seq, {load.seq for load in touched}
    files = {
        f"{load.name}/{name}": sha
        for load in loads
        for name, sha in load.attachments.items()
        if load.seq in numbers or (name == DIFFERENCE and load.seq > first)
    }
    gone = {file for stone in archive.tombstones(touched[0].source) for file in stone.files}
    return {file: sha for file, sha in files.items() if file not in gone}


def _unmade(archive: Archive, source: str, chosen: Iterable[Part]) -> dict[Month, tuple[Part, ...]]:
    """The months that stand now, and would not without the chosen parts."""
    files = {part.file for part in chosen}
    return {
        month: parts
        for month, parts in archive.effective(source).items()
        if any(part.file in files for part in parts)
    }


@dataclass(frozen=True, slots=True)
class _Reach:
    """The months that the dates of some rows lie in, the first and last of each column and month of
    rows; and how many rows have not ended.
    """

    months: frozenset[Month]
    open: int

    @classmethod
    def of(
        cls, archive: Archive, source: str, unmade: Mapping[Month, Sequence[Part]], end: str | None
    ) -> _Reach:
        """Read a month at a time: the whole may not fit into memory."""
        months, still_open = set(unmade), 0
        for parts in unmade.values():
            rows = archive.month(source, parts)
            still_open += rows[end].null_count if end else 0
            for name in [field.name for field in rows.schema if pa.types.is_temporal(field.type)]:
                ends = pc.min_max(rows[name]).as_py().values()
                months |= {Month(day.year, day.month) for day in ends if day is not None}
        return cls(frozenset(months), still_open)


def purge(
    archive: Archive,
    which: Which,
    *,
    at: dt.datetime,
    by: tuple[str, str],
    reason: str,
    end: str | None = None,
) -> Tombstone:
    """Take away for good what ``taking`` says would go; give the tombstone.

    Whole or not at all, whenever it is ended. Raises NotFound where nothing is left to take,
    TrigpointError where the disk refuses or the clock stands before the last entry, and WorkspaceBusy.
    """
    with writing(archive.workspace, f"purge {which.source}"):
        finish(archive)
        found, stones = taking(archive, which, end), Tombstones(archive.workspace)
        last = [load.accepted_at for load in found.loads] + [stone.at for stone in stones.all()]
        refuse_earlier(at, max(last), f"the last entry about {which.source}")
        stone = Tombstone(
            number=len(stones.all()) + 1,
            at=at.astimezone(dt.UTC),
            by=by,
            reason=reason,
            source=which.source,
            files=found.files,
            partitions=found.partitions,
            rows=found.rows,
            since=found.since,
            through=found.through,
        )
        stones.add(stone)
        finish(archive)
    return stone


def finish(archive: Archive) -> None:
    """Take away the bytes that a purge was ended before taking. For the holder of the writer's lock."""
    snapshots = Snapshots(archive.workspace)
    for stone in Tombstones(archive.workspace).all():
        with storing(f"the purge of {stone.source}"):
            remove(archive.folder / stone.source / file for file in stone.files)
            snapshots.remove(stone.partitions)
            forget(archive.workspace, stone.source)
