"""Tombstones: what was purged, when, by whom and why. One is added for each purge, and none taken away."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trigpoint.store.durable import storing
from trigpoint.store.ledger import add_entry, read_entries
from trigpoint.store.load import RECEIPT, Load
from trigpoint.terms.period import Month, long_date


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One purge.

    ``by`` are the two people. ``files`` gives the SHA-256 of each file taken, by its path below the
    source's folder in the archive, and ``partitions`` those of snapshots, which held person-level
    figures; ``rows`` counts rows. ``since`` and ``through`` are the first and the last month that any
    date of those that stood lay in: None where none stood, and no ``through`` where one has no end yet.
    """

    number: int
    at: dt.datetime
    by: tuple[str, str]
    reason: str
    source: str
    files: Mapping[str, str]
    partitions: tuple[str, ...]
    rows: int
    since: Month | None
    through: Month | None

    @property
    def words(self) -> str:
        """``purged on 3 February 2026 by A and B: why``."""
        return f"purged on {long_date(self.at.date())} by {' and '.join(self.by)}: {self.reason}"

    def as_json(self) -> dict[str, Any]:
        """Plain data, without the number, from which ``Tombstones.all`` makes the same one."""
        return {
            "at": self.at.isoformat(),
            "by": list(self.by),
            "reason": self.reason,
            "source": self.source,
            "files": dict(self.files),
            "partitions": list(self.partitions),
            "rows": self.rows,
            "since": None if self.since is None else str(self.since),
            "through": None if self.through is None else str(self.through),
        }


class Tombstones:
    """A workspace's tombstones, in the order of their purges."""

    def __init__(self, workspace: Path) -> None:
        self.folder = workspace / "ledger" / "purges"

    def all(self) -> tuple[Tombstone, ...]:
        """Every tombstone. Raises WorkspaceDamaged where one is missing or altered."""
        return tuple(
            _from_json(number, entry) for number, entry in enumerate(read_entries(self.folder), start=1)
        )

    def of(self, source: str) -> tuple[Tombstone, ...]:
        return tuple(stone for stone in self.all() if stone.source == source)

    def add(self, stone: Tombstone) -> None:
        """Set one up, by one rename: from here on, what it names is purged.

        For the holder of the writer's lock.
        """
        with storing(str(self.folder)):
            add_entry(self.folder, stone.number, stone.as_json())


def _from_json(number: int, data: Mapping[str, Any]) -> Tombstone:
    first, second = data["by"]
    return Tombstone(
        number=number,
        at=dt.datetime.fromisoformat(data["at"]),
        by=(first, second),
        reason=data["reason"],
        source=data["source"],
        files=data["files"],
        partitions=tuple(data["partitions"]),
        rows=data["rows"],
        since=None if data["since"] is None else Month.parse(data["since"]),
        through=None if data["through"] is None else Month.parse(data["through"]),
    )


def marked(loads: Iterable[Load], stones: Iterable[Tombstone]) -> tuple[Load, ...]:
    """The loads, with what was purged of them."""
    taken = {file: stone.number for stone in stones for file in stone.files}
    return tuple(_marked(load, taken) for load in loads)


def _marked(load: Load, taken: Mapping[str, int]) -> Load:
    parts = tuple(dataclasses.replace(part, purge=taken.get(part.file, 0)) for part in load.parts)
    numbers = {part.purge for part in parts} | {taken.get(f"{load.name}/{RECEIPT}", 0)}
    return dataclasses.replace(load, parts=parts, purges=tuple(sorted(numbers - {0})))
