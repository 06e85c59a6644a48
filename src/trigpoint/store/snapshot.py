"""Snapshots: every observation and finding as known at one moment, in partitions that snapshots share."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from trigpoint.store import parquet
from trigpoint.store.blobs import Blobs
from trigpoint.store.durable import add_line, damaged, put, remove, storing, whole_lines
from trigpoint.store.lock import writing
from trigpoint.store.manifest import PERSONAL, Inputs, Manifest, Partition
from trigpoint.terms.errors import NotFound
from trigpoint.terms.period import Month

AGAIN = "Run the month again: the snapshot is made anew from the loads."


class Snapshots:
    """A workspace's snapshots. One is current; a reader keeps to the manifest that it began with.

    Parts and manifests that are no longer current are kept, but for parts with figures of single
    people, which go with the records that they rest on.
    """

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self.folder = workspace / "snapshots"
        self._parts = Blobs(self.folder / "parts", ".parquet", AGAIN)
        self._manifests = Blobs(self.folder / "manifests", ".json", AGAIN)
        self._draft = self.folder / "draft.jsonl"
        self._made: dict[tuple[str, Month, str], Partition] | None = None

    def current(self) -> Manifest | None:
        """The snapshot that readers see; None before the first."""
        pointer = self.folder / "current"
        if not pointer.is_file():
            return None
        name = pointer.read_text(encoding="utf-8", errors="replace").strip()
        if not re.fullmatch("[0-9a-f]{64}", name):
            raise damaged(pointer, "no snapshot's id", "the id of the current one", AGAIN)
        return self.get(name)

    def get(self, name: str) -> Manifest:
        """The snapshot with this id. Raises WorkspaceDamaged where its manifest is missing or altered."""
        return Manifest.from_json(json.loads(self._manifests.get(name)))

    def read(self, manifest: Manifest, kind: str, months: Collection[Month] | None = None) -> pa.Table:
        """The rows of one kind, by month, in the order they were given; of some months, or of all.

        Raises NotFound where the snapshot has none of them, WorkspaceDamaged for altered bytes.
        """
        partitions = sorted(manifest.partitions.get(kind, {}).items())
        wanted = [partition for month, partition in partitions if months is None or month in months]
        if not wanted:
            raise NotFound(f"The snapshot has no {kind} of those months.")
        return self.rows(wanted)

    def rows(self, partitions: Iterable[Partition]) -> pa.Table:
        """The rows of partitions, one after the other. Raises WorkspaceDamaged for altered bytes."""
        return pa.concat_tables(parquet.from_bytes(self._parts.get(part.sha256)) for part in partitions)

    def reuse(self, kind: str, month: Month, input_key: str) -> Partition | None:
        """The partition that a snapshot computed from the same inputs, if its bytes are still whole."""
        if self._made is None:
            self._made = {
                (kind, month, partition.input_key): partition
                for manifest in (*self._all(), *self._drafts())
                for kind, months in manifest.partitions.items()
                for month, partition in months.items()
            }
        partition = self._made.get((kind, month, input_key))
        return partition if partition and self._parts.whole(partition.sha256) else None

    def write_part(self, table: pa.Table, input_key: str) -> Partition:
        """Keep one month's rows, given in an order that does not vary.

        Nobody sees them until a manifest names them. Raises TrigpointError where the disk refuses.
        """
        with writing(self.workspace, "write a snapshot"), storing(str(self.folder)):
            return Partition(input_key, self._parts.put(parquet.to_bytes(table)), table.num_rows)

    def draft(self, kind: str, months: Mapping[Month, Partition]) -> None:
        """Write down what has been made of a snapshot to come, so that it is not made again.

        The draft is gone once a snapshot is published.
        """
        made = Manifest(Inputs("", "", (), "", ()), {kind: months})
        with writing(self.workspace, "write a snapshot"), storing(str(self.folder)):
            add_line(self._draft, json.loads(made.to_bytes()))

    def keep(self, manifest: Manifest) -> str:
        """Keep a snapshot without making it current, as one of the past is; give its id."""
        for months in manifest.partitions.values():
            for partition in months.values():
                path = self._parts.path(partition.sha256)
                if not path.is_file():
                    raise damaged(path, "no file", "a part of the snapshot", AGAIN)
        with writing(self.workspace, "keep a snapshot"), storing(str(self.folder)):
            return self._manifests.put(manifest.to_bytes())

    def publish(self, manifest: Manifest) -> str:
        """Make a snapshot the current one, by one rename; give its id."""
        with writing(self.workspace, "publish a snapshot"), storing(str(self.folder)):
            name = self.keep(manifest)
            put(self.folder / "current", f"{name}\n".encode("ascii"))
            self._draft.unlink(missing_ok=True)
        return name

    def personal(self, source: str, loads: Collection[int]) -> tuple[str, ...]:
        """The parts with figures of single people, of every snapshot that used one of a source's loads.

        Also those of a draft: nothing says which loads it used.
        """
        used = (
            manifest
            for manifest in self._all()
            if any(it.source == source and it.seq in loads for it in manifest.inputs.loads)
        )
        return tuple(
            sorted(
                {
                    partition.sha256
                    for manifest in (*used, *self._drafts())
                    for kind, months in manifest.partitions.items()
                    if kind in PERSONAL
                    for partition in months.values()
                }
            )
        )

    def remove(self, parts: Collection[str]) -> None:
        """Take parts away for good. For the holder of the writer's lock."""
        remove(self._parts.path(sha) for sha in parts)

    def _drafts(self) -> Iterator[Manifest]:
        return map(Manifest.from_json, whole_lines(self._draft))

    def _all(self) -> Iterator[Manifest]:
        # One of the past that was altered cannot be reused; to stop for it would help nobody.
        names = [path.stem for path in sorted(self._manifests.folder.glob("*.json"))]
        return (self.get(name) for name in names if self._manifests.whole(name))
