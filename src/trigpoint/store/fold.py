"""Folding: which rows stand after a sequence of deliveries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.store.load import Load, Mode, Part
from trigpoint.terms.period import Month

Flags = npt.NDArray[np.bool_]
EXTRA = ""
"""A passing column. No column of a delivery has a blank name."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A table of rows or, where ``moved``, of the keys that have moved to another month."""

    table: pa.Table
    moved: bool = False


def standing(loads: Iterable[Load], again: Collection[Month] = ()) -> dict[Month, tuple[Part, ...]]:
    """The parts that make up each month after the loads, oldest first.

    Where two hold a key, the later one's row stands. A replacing load stands alone in the months
    of its coverage, a full refresh everywhere, and an upsert is laid over what stood. A month of
    which a part was purged does not stand: what is left of it would pass for the whole; unless it is
    one of ``again``, which a delivery under way makes whole.
    """
    laid = _made_whole(_laid(loads), again)
    return {month: parts for month, parts in laid.items() if not any(part.purge for part in parts)}


def purged(loads: Iterable[Load]) -> dict[Month, tuple[int, ...]]:
    """The months that a purge took something of and no later load has cleared, with the purges' numbers."""
    taken = {
        month: tuple(sorted({part.purge for part in parts if part.purge}))
        for month, parts in _laid(loads).items()
    }
    return {month: numbers for month, numbers in taken.items() if numbers}


def _laid(loads: Iterable[Load]) -> dict[Month, tuple[Part, ...]]:
    months: dict[Month, tuple[Part, ...]] = {}
    for load in loads:
        months = {
            month: parts for month, parts in months.items() if not clears(load.mode, load.coverage, month)
        }
        if load.again:
            months = _made_whole(months, {part.month for part in load.parts if not part.moved})
        for part in load.parts:
            months[part.month] = (*months.get(part.month, ()), part)
    return dict(sorted(months.items()))


def _made_whole(
    months: Mapping[Month, tuple[Part, ...]], again: Collection[Month]
) -> dict[Month, tuple[Part, ...]]:
    """The months, some of them with what is left of them and what takes the place of what was purged."""
    left = {
        month: tuple(part for part in parts if not part.purge) if month in again else parts
        for month, parts in months.items()
    }
    return {month: parts for month, parts in left.items() if parts}


def clears(mode: Mode, coverage: Collection[Month], month: Month) -> bool:
    """Whether a load withdraws what stood in ``month`` before it."""
    return mode == "full_refresh" or (mode == "replace" and month in coverage)


def in_order(table: pa.Table, key: Sequence[str]) -> pa.Table:
    """The rows by their key; text by its bytes, so that no locale can move one."""
    return table.sort_by([(name, "ascending") for name in key]).combine_chunks()


def repeats(table: pa.Table, key: Sequence[str]) -> Flags:
    """Which rows of a table in order have the key of the row before them."""
    same = np.ones(max(table.num_rows - 1, 0), dtype=bool)
    for name in key:
        column = table[name].combine_chunks()
        same &= pc.equal(column[1:], column[:-1]).to_numpy(zero_copy_only=False)
    return np.concatenate([np.zeros(min(table.num_rows, 1), dtype=bool), same])


def lay_over(layers: Sequence[Layer], key: Sequence[str]) -> pa.Table:
    """The newest row of each key, in order. Layers come oldest first, and the oldest holds rows."""
    if len(layers) == 1:
        return layers[0].table
    schema = layers[0].table.schema
    aged = [
        layer.table.append_column(EXTRA, pa.array(np.full(layer.table.num_rows, age)))
        for age, layer in enumerate(layers)
    ]
    # Keys that moved away have no other columns: these are null here, and their rows go out again below.
    whole = pa.concat_tables(aged, promote_options="default")
    whole = whole.sort_by([*((name, "ascending") for name in key), (EXTRA, "descending")]).combine_chunks()
    moved = np.array([layer.moved for layer in layers])[whole[EXTRA].to_numpy()]
    newest = whole.filter(pa.array(~repeats(whole, key) & ~moved))
    return newest.drop_columns([EXTRA]).cast(schema).combine_chunks()
