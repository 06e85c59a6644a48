"""The plan of a delivery: what it would bring to the archive, and what that would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from trigpoint.store.archive import Archive
from trigpoint.store.difference import Difference, compare, together
from trigpoint.store.fold import Layer, clears, in_order, lay_over, standing
from trigpoint.store.incoming import Incoming, by_month
from trigpoint.store.load import Changes, Hashing, Load, Part
from trigpoint.terms.errors import DeliveryRefused, Fault
from trigpoint.terms.period import Month


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """For each month, what a delivery brings and which keys it moves elsewhere; and what that changes."""

    rows: Mapping[Month, pa.Table]
    moved: Mapping[Month, pa.Table]
    difference: Difference


def plan(archive: Archive, incoming: Incoming) -> Plan:
    """What a delivery would bring if it were accepted now. Raises DeliveryRefused where it cannot be."""
    rows = by_month(incoming)
    loads = archive.loads(incoming.source)
    before = standing(loads, rows if incoming.again else ())
    kept = {
        month: parts for month, parts in before.items() if not clears(incoming.mode, incoming.coverage, month)
    }
    _refuse_mixture(incoming, loads, kept)
    moved = _moved(archive, incoming, kept, rows)
    nothing = incoming.schema.empty_table()
    differences = [compare(nothing, nothing, incoming.shape.key)]
    for month in sorted((before.keys() - kept.keys()) | rows.keys() | moved.keys()):
        had = archive.month(incoming.source, before[month]) if month in before else None
        layers = [Layer(had)] if had is not None and month in kept else []
        layers += [Layer(rows[month])] if month in rows else []
        layers += [Layer(moved[month], moved=True)] if month in moved else []
        has = lay_over(layers or [Layer(nothing)], incoming.shape.key)
        differences.append(_change(had, has, incoming.shape.key))
    return Plan(rows, moved, together(differences))


def _change(had: pa.Table | None, has: pa.Table, key: tuple[str, ...]) -> Difference:
    """What changes in a month; counted and not listed where it held nothing, or rows with other columns."""
    if had is not None and had.schema.equals(has.schema):
        return compare(had, has, key)
    withdrawn = 0 if had is None else had.num_rows
    unlisted = compare(has.slice(0, 0), has.slice(0, 0), key).rows
    return Difference(unlisted, Changes(added=has.num_rows, withdrawn=withdrawn))


def _moved(
    archive: Archive,
    incoming: Incoming,
    kept: Mapping[Month, tuple[Part, ...]],
    rows: Mapping[Month, pa.Table],
) -> dict[Month, pa.Table]:
    """The keys that stand in a month and are now delivered in another, so that no row is counted twice."""
    key = list(incoming.shape.key)
    if incoming.shape.dated in key:  # then the same key in another month is another row
        return {}
    moved = {}
    for month, parts in kept.items():
        elsewhere = [table.select(key) for other, table in rows.items() if other != month]
        stands = archive.month(incoming.source, parts).select(key)
        keys = stands.join(pa.concat_tables([stands.slice(0, 0), *elsewhere]), key, join_type="left semi")
        if keys.num_rows:
            moved[month] = in_order(keys, key)
    return moved


def _refuse_mixture(
    incoming: Incoming, loads: tuple[Load, ...], kept: Mapping[Month, tuple[Part, ...]]
) -> None:
    """Rows of two layouts cannot stand side by side: they could not be laid over each other."""
    stand = {part.load for parts in kept.values() for part in parts}
    for load in loads:
        if load.name in stand and (load.shape, load.columns) != (incoming.shape, incoming.columns):
            fault = Fault(
                incoming.file,
                found=_layout(incoming.shape.key, incoming.columns),
                expected=f"{_layout(load.shape.key, load.columns)}, as {load.file} has them",
                remedy="Deliver every month again as a full refresh, or make it a source of its own.",
                check="layout",
            )
            raise _misfit(incoming, fault)
        if load.name in stand and load.hashing != incoming.hashing:
            fault = Fault(
                incoming.file,
                found=_hashed(incoming.hashing),
                expected=f"{_hashed(load.hashing)}, as load {load.seq} was kept",
                remedy=f"`trigpoint purge {incoming.source} --load {load.seq}` takes that load away, and "
                "likewise any other that was kept so; then load the deliveries anew.",
                check="layout",
            )
            raise _misfit(incoming, fault)


def _misfit(incoming: Incoming, fault: Fault) -> DeliveryRefused:
    return DeliveryRefused(
        f"{incoming.file} does not fit the loads of {incoming.source} that stand.", [fault]
    )


def _hashed(hashing: Hashing | None) -> str:
    if hashing is None:
        return "no column hashed"
    columns = ", ".join(f"{name} (as {kind})" for name, kind in hashing.columns)
    return f"{columns} hashed under the key {hashing.fingerprint}"


def _layout(key: tuple[str, ...], columns: tuple[tuple[str, str], ...]) -> str:
    return (
        f"the key {', '.join(key)} and the columns {', '.join(f'{name} ({kind})' for name, kind in columns)}"
    )
