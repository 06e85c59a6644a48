"""Partials kept from one snapshot to the next: what was found in each month's records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.measures.calendar import months_of
from trigpoint.measures.holdings import Records
from trigpoint.store.manifest import Partition
from trigpoint.store.snapshot import Snapshots
from trigpoint.terms.period import Month


@dataclass(slots=True, eq=False)
class KeptPartials:
    """Partials in the parts of snapshots. ``used`` are the partitions that a snapshot rests on. ``code``
    is the version of the code that finds them.

    The months that are found together lie in one file. What is kept is written down at once as a
    draft, so that a run that is stopped goes on from there.
    """

    snapshots: Snapshots
    records: Mapping[str, Records]
    code: str
    used: dict[str, dict[Month, Partition]] = field(default_factory=dict)
    _read: dict[str, pa.Table] = field(default_factory=dict)

    def get(self, kind: str, keys: Mapping[Month, str]) -> Mapping[Month, pa.Table]:
        """The partials of those months that were found from the same records by the same query."""
        made = {month: self._made(kind, month, key) for month, key in keys.items()}
        found = {month: partition for month, partition in made.items() if partition is not None}
        self.used.setdefault(kind, {}).update(found)
        return {month: self._month(partition, month) for month, partition in found.items()}

    def put(self, kind: str, keys: Mapping[Month, str], table: pa.Table) -> None:
        """Keep what was found in some months."""
        months = {}
        for number, (month, key) in enumerate(keys.items()):
            if not number:
                part = self.snapshots.write_part(table, key)
            months[month] = Partition(key, part.sha256, part.rows)
        self.used.setdefault(kind, {}).update(months)
        self.snapshots.draft(kind, months)

    def files(self, source: str, months: Collection[Month]) -> Mapping[Month, str]:
        """What names the bytes of each month's records of a source."""
        held = self.records[source]
        return {} if isinstance(held, pa.Table) else {month: held.names[month] for month in months}

    def _made(self, kind: str, month: Month, key: str) -> Partition | None:
        """What this run has made or used, or a snapshot before."""
        used = self.used.get(kind, {}).get(month)
        return used if used and used.input_key == key else self.snapshots.reuse(kind, month, key)

    def _month(self, partition: Partition, month: Month) -> pa.Table:
        if partition.sha256 not in self._read:
            self._read[partition.sha256] = self.snapshots.rows([partition])
        table = self._read[partition.sha256]
        return table.filter(pc.equal(months_of(table), month.index))
