"""Differences: what changes between two tables, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.column import UTC
from trigpoint.store.fold import EXTRA, Flags, in_order, repeats
from trigpoint.store.load import ROW, Changes


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What a load changes.

    ``rows`` has one row for each row added, changed or withdrawn in a month that held some before:
    ``kind``, the key, and each other column as ``old_...`` and ``new_...``. A month that held none
    before is counted in ``changes``, and not listed.
    """

    rows: pa.Table
    changes: Changes

    def words(self, key: Sequence[str], most: int) -> Iterator[str]:
        """The first so many rows for people: what happened, to which key, and each cell that changed."""
        old = [
            name.removeprefix("old_")
            for name in self.rows.column_names
            if name.startswith("old_") and name != f"old_{ROW}"
        ]
        for row in self.rows.slice(0, most).to_pylist():
            before, after = ({name: row[f"{side}_{name}"] for name in old} for side in ("old", "new"))
            changed = [name for name in old if before[name] != after[name]]
            cells = [
                f"{name} {before[name]} -> {after[name]}"
                for name in changed
                if name.removesuffix(UTC) not in set(changed) - {name}  # its time says it already
            ]
            named = ", ".join(str(row[name]) for name in key)
            yield f"{row['kind']}: {named}: {'; '.join(cells)}"


def together(differences: Iterable[Difference]) -> Difference:
    """The differences of several months, at least one, as one."""
    each = list(differences)
    total = Changes(
        sum(difference.changes.added for difference in each),
        sum(difference.changes.changed for difference in each),
        sum(difference.changes.withdrawn for difference in each),
    )
    return Difference(pa.concat_tables(difference.rows for difference in each), total)


def compare(before: pa.Table, after: pa.Table, key: Sequence[str]) -> Difference:
    """What differs between two tables of one schema, each unique on the key.

    A row that only stands elsewhere in its file is no difference.
    """
    old, new = _matched(before, after, key)
    others = [name for name in before.column_names if name not in key]
    differs = np.zeros(len(old), dtype=bool)
    for name in others:
        if name != ROW:
            differs |= _differ(before[name].take(old), after[name].take(new))
    kinds = np.select([_missing(old), _missing(new), differs], ["added", "withdrawn", "changed"], "")
    listed = np.flatnonzero(kinds != "")
    old, new = old.take(pa.array(listed)), new.take(pa.array(listed))
    columns = [("kind", pa.array(kinds[listed].tolist(), pa.string()))]
    columns += [(name, pc.coalesce(before[name].take(old), after[name].take(new))) for name in key]
    for name in others:
        columns += [(f"old_{name}", before[name].take(old)), (f"new_{name}", after[name].take(new))]
    changes = Changes(*(int(np.sum(kinds == kind)) for kind in ("added", "changed", "withdrawn")))
    return Difference(pa.table([column for _, column in columns], [name for name, _ in columns]), changes)


def _matched(before: pa.Table, after: pa.Table, key: Sequence[str]) -> tuple[pa.Array, pa.Array]:
    """Row numbers of ``before`` and ``after`` side by side: keys in order, null where a side lacks one."""
    whole = pa.concat_tables([before.select(key), after.select(key)])
    whole = in_order(whole.append_column(EXTRA, pa.array(np.arange(whole.num_rows))), [*key, EXTRA])
    first = np.flatnonzero(~repeats(whole, key))
    last = np.append(first[1:], whole.num_rows)[: len(first)] - 1
    rows = whole[EXTRA].to_numpy()
    old, new = rows[first], rows[last] - before.num_rows
    return pa.array(old, mask=old >= before.num_rows), pa.array(new, mask=new < 0)


def _missing(rows: pa.Array) -> Flags:
    return np.asarray(rows.is_null())


def _differ(old: pa.ChunkedArray, new: pa.ChunkedArray) -> Flags:
    one_missing = pc.xor(old.is_null(), new.is_null())
    return np.asarray(pc.or_(one_missing, pc.fill_null(pc.not_equal(old, new), False)))
