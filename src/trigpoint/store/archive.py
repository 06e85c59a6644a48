"""The archive: accepted loads, never altered, and the rows that stand after them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from trigpoint.store import parquet
from trigpoint.store.durable import INCOMING, damaged, read, read_sealed
from trigpoint.store.fold import Layer, in_order, lay_over, purged, standing
from trigpoint.store.load import Load, Part, from_json
from trigpoint.store.tombstone import Tombstone, Tombstones, marked
from trigpoint.terms.errors import NotFound, WorkspaceDamaged
from trigpoint.terms.period import Month

LOAD = "load.json"
FINISH = "The next `trigpoint month`, `load` or `purge` takes them away: run one."


class Archive:
    """The loads of a workspace, to read. ``accept`` adds to it.

    Every file is checked against its SHA-256 each time that it is read. ``as_at`` is an instant
    with its time zone: only the loads accepted by then are seen.
    """

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self.folder = workspace / "archive"

    def sources(self) -> tuple[str, ...]:
        """The codes of the sources that have a load."""
        folders = self.folder.iterdir() if self.folder.is_dir() else ()
        return tuple(sorted(path.name for path in folders if path.name != INCOMING and any(path.iterdir())))

    def loads(self, source: str, as_at: dt.datetime | None = None) -> tuple[Load, ...]:
        """A source's loads, oldest first, with what was purged of them.

        Raises WorkspaceDamaged where one of them is missing or altered.
        """
        folder = self.folder / source
        if not folder.is_dir():
            return ()
        loads = [from_json(read_sealed(path / LOAD)) for path in sorted(folder.iterdir())]
        if [load.seq for load in loads] != list(range(1, len(loads) + 1)):
            numbers = ", ".join(str(load.seq) for load in loads)
            raise damaged(folder, f"loads {numbers}", "every load since the first")
        known = [load for load in loads if as_at is None or load.accepted_at <= as_at]
        return marked(known, self.tombstones(source))

    def tombstones(self, source: str) -> tuple[Tombstone, ...]:
        """The purges of a source, in their order."""
        return Tombstones(self.workspace).of(source)

    def taken_from(self, load: Load) -> tuple[Tombstone, ...]:
        """The purges that took something of a load."""
        return tuple(stone for stone in self.tombstones(load.source) if stone.number in load.purges)

    def find(self, source: str, sha256: str, source_hash: str, *, last: bool = False) -> Load | None:
        """The latest load of the same file, read with a definition that means the same, and not purged.

        Of all loads, or of the ``last`` alone.
        """
        loads = self.loads(source)[-1:] if last else self.loads(source)
        same = [
            load
            for load in loads
            if (load.sha256, load.source_hash) == (sha256, source_hash) and not load.purges
        ]
        return same[-1] if same else None

    def purged_load(self, source: str, sha256: str) -> Load | None:
        """The load of the same file, where the last one was purged, however it was read."""
        same = [load for load in self.loads(source) if load.sha256 == sha256]
        return same[-1] if same and same[-1].purges else None

    def fingerprint(self) -> str | None:
        """That of the key under which identifiers that are kept were hashed; None where none are."""
        return next(
            (
                load.hashing.fingerprint
                for source in self.sources()
                for load in self.loads(source)
                if load.hashing and any(not part.purge for part in load.parts)
            ),
            None,
        )

    def effective(self, source: str, as_at: dt.datetime | None = None) -> dict[Month, tuple[Part, ...]]:
        """The parts that stand in each month, oldest first. Their hashes say whether a month has changed."""
        return standing(self.loads(source, as_at))

    def purged(self, source: str, as_at: dt.datetime | None = None) -> dict[Month, tuple[Tombstone, ...]]:
        """The months that cannot be read, because a part of them was purged and nothing came since."""
        stones = {stone.number: stone for stone in self.tombstones(source)}
        months = purged(self.loads(source, as_at))
        return {month: tuple(stones[number] for number in numbers) for month, numbers in months.items()}

    def rows(
        self, source: str, months: Collection[Month] | None = None, as_at: dt.datetime | None = None
    ) -> pa.Table:
        """The rows that stand, by month and then by key; where several loads hold a key, the newest one's.

        Raises NotFound where nothing stands in any of the months.
        """
        months_standing = self.effective(source, as_at)
        wanted = [parts for month, parts in months_standing.items() if months is None or month in months]
        if not wanted:
            raise NotFound(f"{source} has no rows{' in those months' if months is not None else ''}.")
        return pa.concat_tables(self.month(source, parts) for parts in wanted)

    def month(self, source: str, parts: Sequence[Part]) -> pa.Table:
        """The rows that a month's parts leave standing, in order of their key."""
        layers = [Layer(self.part(source, part), part.moved) for part in parts]
        found = lay_over(layers, parts[0].key)
        return in_order(found, parts[0].key) if len(parts) == 1 and parts[0].laid else found

    def part(self, source: str, part: Part) -> pa.Table:
        """One load's rows of one month. Raises NotFound where they were purged, if only just now."""
        try:
            return parquet.from_bytes(read(self.folder / source / part.file, part.sha256))
        except WorkspaceDamaged:
            self._refuse_purged(source, part.file)
            raise

    def attachment(self, load: Load, name: str) -> bytes:
        """A file kept with a load: ``receipt.json``, ``difference.csv``, or the original if it was kept.

        Raises NotFound where it was purged.
        """
        self._refuse_purged(load.source, f"{load.name}/{name}")
        return read(self.folder / load.source / load.name / name, load.attachments[name])

    def _refuse_purged(self, source: str, file: str) -> None:
        for stone in self.tombstones(source):
            if file in stone.files:
                raise NotFound(f"{source}/{file} was {stone.words}")

    def verify(self) -> None:
        """Read every byte that is kept. Raises WorkspaceDamaged with a fault for each file that differs,
        and for each that was purged and is still there.
        """
        faults = [fault for error in self._damage() for fault in error.faults]
        if faults:
            raise WorkspaceDamaged(
                f"{len(faults)} of the archive's files are not as they were stored.", faults
            )

    def _damage(self) -> Iterator[WorkspaceDamaged]:
        for source in self.sources():
            try:
                loads = self.loads(source)
            except WorkspaceDamaged as error:
                yield error
                continue
            gone = {file for stone in self.tombstones(source) for file in stone.files}
            for file in sorted(gone):
                if (path := self.folder / source / file).exists():
                    yield damaged(path, "bytes that were purged", "none", FINISH)
            for load in loads:
                hashes = {part.file: part.sha256 for part in load.parts}
                hashes |= {f"{load.name}/{name}": sha for name, sha in load.attachments.items()}
                for name, sha in hashes.items():
                    if name in gone:
                        continue
                    try:
                        read(self.folder / source / name, sha)
                    except WorkspaceDamaged as error:
                        yield error
