"""Manifests: what a snapshot was made from, and the partitions that it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trigpoint.store.durable import canonical_json, sha256
from trigpoint.store.load import Load
from trigpoint.terms.period import Month

OBSERVATIONS, FINDINGS = "observations", "findings"
"""The kinds of table that a snapshot holds."""
PERSONS = "persons"
PERSONAL: frozenset[str] = frozenset({PERSONS})
"""Those of them that hold figures of single people: a purge of what they rest on takes them too."""


@dataclass(frozen=True, slots=True, order=True)
class LoadUsed:
    """A load by its source, its place there and the SHA-256 of the delivered file."""

    source: str
    seq: int
    sha256: str

    @classmethod
    def of(cls, load: Load) -> LoadUsed:
        return cls(load.source, load.seq, load.sha256)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a snapshot is a function of: hashes of definitions and decisions, loads, the code's version,
    and the numbers of the purges that had taken something of the loads.
    """

    definitions: str
    decisions: str
    loads: tuple[LoadUsed, ...]
    code: str
    purges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Partition:
    """One month of one kind of table. ``input_key`` hashes all that it was computed from, code included."""

    input_key: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A snapshot: its inputs, and for each kind of table (``observations``, ``findings``) its months.

    It holds no time, host or path, so the same inputs give the same bytes and the same ``id``.
    """

    inputs: Inputs
    partitions: Mapping[str, Mapping[Month, Partition]]

    @property
    def id(self) -> str:
        """The snapshot's name, cache key and ETag: the SHA-256 of ``to_bytes``."""
        return sha256(self.to_bytes())

    def to_bytes(self) -> bytes:
        loads = [
            {"source": load.source, "seq": load.seq, "sha256": load.sha256}
            for load in sorted(self.inputs.loads)
        ]
        return canonical_json(
            {
                "definitions": self.inputs.definitions,
                "decisions": self.inputs.decisions,
                "loads": loads,
                "code": self.inputs.code,
                **({"purges": list(self.inputs.purges)} if self.inputs.purges else {}),
                "partitions": {
                    kind: {
                        str(month): {"input_key": part.input_key, "sha256": part.sha256, "rows": part.rows}
                        for month, part in months.items()
                    }
                    for kind, months in self.partitions.items()
                },
            }
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Manifest:
        """The manifest that ``to_bytes`` wrote down."""
        loads = tuple(LoadUsed(**load) for load in data["loads"])
        return cls(
            Inputs(
                data["definitions"],
                data["decisions"],
                loads,
                data["code"],
                tuple(data.get("purges", ())),
            ),
            {
                kind: {Month.parse(month): Partition(**part) for month, part in months.items()}
                for kind, months in data["partitions"].items()
            },
        )
