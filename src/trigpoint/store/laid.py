"""Months of records as files that an engine reads where they lie: one for each month that stands.

A month that one load brought is that load's own file. Where several loads are laid over each other, what
stands is laid out once more, in ``laid/``; the folder can be deleted at any time, and is made again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trigpoint.store import parquet
from trigpoint.store.archive import Archive
from trigpoint.store.durable import damaged, make_folder, put, sha256, storing
from trigpoint.store.load import Part
from trigpoint.store.lock import writing
from trigpoint.terms.period import Month

LAID = "laid"
SPILL = "spill"
"""Where an engine puts what does not fit into memory, for as long as it works."""


@dataclass(frozen=True, slots=True, eq=False)
class Files:
    """A source's records: a Parquet file for each month that they are dated in.

    ``names`` changes with a month's bytes; ``rows`` is how many a month has at most. ``whole`` gives a
    file that is as it was stored: each is hashed once, when it is first asked for.
    """

    paths: Mapping[Month, Path]
    names: Mapping[Month, str]
    rows: Mapping[Month, int]
    _hashes: Mapping[Month, str]
    _seen: set[Month] = field(default_factory=set)

    def whole(self, month: Month) -> Path:
        """The file of a month. Raises WorkspaceDamaged where its bytes are not those that were stored."""
        path = self.paths[month]
        if month not in self._seen and month in self._hashes:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != self._hashes[month]:
                raise damaged(path, f"SHA-256 {found[:12]}", f"{self._hashes[month][:12]}, as it was stored")
        self._seen.add(month)
        return path


def files(archive: Archive, source: str, as_at: dt.datetime | None = None) -> Files:
    """The files of a source's months, as they stand."""
    paths, names, rows, hashes = {}, {}, {}, {}
    for month, parts in archive.effective(source, as_at).items():
        names[month] = sha256("".join(f"{part.sha256}{part.moved}" for part in parts).encode())
        rows[month] = sum(part.rows for part in parts)
        if len(parts) == 1 and not parts[0].moved:
            paths[month] = archive.folder / source / parts[0].file
            hashes[month] = parts[0].sha256
        else:
            paths[month] = _laid(archive, source, parts, names[month])
    return Files(paths, names, rows, hashes)


def _laid(archive: Archive, source: str, parts: Sequence[Part], name: str) -> Path:
    """What stands of a month of several loads, laid out once more."""
    place = archive.workspace / LAID / source / f"{name}.parquet"
    if not place.is_file():
        with writing(archive.workspace, "lay out records"), storing(str(place.parent)):
            make_folder(place.parent)
            put(place, parquet.to_bytes(archive.month(source, parts)))
    return place


def forget(workspace: Path, source: str) -> None:
    """Take away what was laid out of a source, as where rows of it are purged."""
    shutil.rmtree(workspace / LAID / source, ignore_errors=True)
