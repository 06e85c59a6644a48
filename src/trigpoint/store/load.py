"""Loads: what an accepted delivery is, and how it is written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from trigpoint.terms.period import Month

Mode = Literal["replace", "upsert", "full_refresh"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What names a row of a source, and the date or time column that gives it its month."""

    key: tuple[str, ...]
    dated: str


ROW = "row"
"""The row in the delivered file: kept to find a figure again, and no part of what it says."""
RECEIPT, DIFFERENCE, ORIGINAL = "receipt.json", "difference.csv", "original"
"""The files that may stand beside a load's parts; the original has the ending that it came with."""
FIGURES = Shape(key=("item", "unit", "cut", "start", "end"), dated="end")


@dataclass(frozen=True, slots=True)
class Part:
    """One month of one load, in a file of its own: rows it brought, or keys it moved to another.

    ``purge`` is the number of the purge that took its bytes; 0 where they are kept. ``laid`` says that
    its rows lie by unit and date, as an engine reads them best, and not by their key.
    """

    load: str
    month: Month
    key: tuple[str, ...]
    sha256: str
    rows: int
    moved: bool = False
    purge: int = 0
    laid: bool = False

    @property
    def file(self) -> str:
        """The name below its source's folder in the archive."""
        return f"{self.load}/{self.month}{'.moved' if self.moved else ''}.parquet"


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows a load added, changed and withdrew."""

    added: int = 0
    changed: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class Hashing:
    """Which columns hold hashes in place of identifiers, with their kinds; and the key's fingerprint."""

    fingerprint: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Load:
    """An accepted delivery.

    ``seq`` counts the source's loads from 1; ``attachments`` gives the SHA-256 of each file beside
    the parts. ``again`` says that it makes the months that it holds whole once more, of which
    something had been purged. ``purges`` are the numbers of the purges that took something of it.
    """

    source: str
    seq: int
    sha256: str
    source_hash: str
    file: str
    mode: Mode
    coverage: frozenset[Month]
    shape: Shape
    columns: tuple[tuple[str, str], ...]
    accepted_at: dt.datetime
    by: str
    changes: Changes
    parts: tuple[Part, ...]
    attachments: Mapping[str, str]
    hashing: Hashing | None = None
    again: bool = False
    purges: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Its folder in the archive, below its source's."""
        return load_name(self.seq, self.sha256)

    def as_json(self) -> dict[str, Any]:
        """Plain data, from which ``from_json`` makes the same load."""
        return {
            "source": self.source,
            "seq": self.seq,
            "sha256": self.sha256,
            "source_hash": self.source_hash,
            "file": self.file,
            "mode": self.mode,
            "coverage": sorted(map(str, self.coverage)),
            "key": list(self.shape.key),
            "dated": self.shape.dated,
            "columns": [list(column) for column in self.columns],
            "accepted_at": self.accepted_at.isoformat(),
            "by": self.by,
            "added": self.changes.added,
            "changed": self.changes.changed,
            "withdrawn": self.changes.withdrawn,
            "parts": [
                {
                    "month": str(part.month),
                    "sha256": part.sha256,
                    "rows": part.rows,
                    "moved": part.moved,
                    "laid": part.laid,
                }
                for part in self.parts
            ],
            "attachments": dict(self.attachments),
            **(_hashing_json(self.hashing) if self.hashing else {}),
            **({"again": True} if self.again else {}),
        }


def from_json(data: Mapping[str, Any]) -> Load:
    """The load that ``Load.as_json`` wrote down."""
    name = load_name(data["seq"], data["sha256"])
    shape = Shape(tuple(data["key"]), data["dated"])
    return Load(
        source=data["source"],
        seq=data["seq"],
        sha256=data["sha256"],
        source_hash=data["source_hash"],
        file=data["file"],
        mode=data["mode"],
        coverage=frozenset(map(Month.parse, data["coverage"])),
        shape=shape,
        columns=tuple((column, kind) for column, kind in data["columns"]),
        accepted_at=dt.datetime.fromisoformat(data["accepted_at"]),
        by=data["by"],
        changes=Changes(data["added"], data["changed"], data["withdrawn"]),
        parts=tuple(
            Part(
                name,
                Month.parse(part["month"]),
                shape.key,
                part["sha256"],
                part["rows"],
                part["moved"],
                laid=part["laid"],
            )
            for part in data["parts"]
        ),
        attachments=data["attachments"],
        hashing=_hashing(data["hashing"]) if "hashing" in data else None,
        again=data.get("again", False),
    )


def _hashing_json(hashing: Hashing) -> dict[str, Any]:
    return {"hashing": {"fingerprint": hashing.fingerprint, "columns": dict(hashing.columns)}}


def _hashing(data: Mapping[str, Any]) -> Hashing:
    return Hashing(data["fingerprint"], tuple(sorted(data["columns"].items())))


def load_name(seq: int, sha: str) -> str:
    """The folder of a source's load, in order when sorted as text."""
    return f"{seq:05d}-{sha[:12]}"
