"""Whether parts make their wholes: each unit's figure against those of the units right below it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.organisation import UNATTRIBUTED
from trigpoint.definitions.source import Source
from trigpoint.engines.dialect import DUCKDB
from trigpoint.engines.duckdb import query
from trigpoint.measures.holdings import Records
from trigpoint.store.laid import Files
from trigpoint.terms.panel import ALL, Observation, Panel, State
from trigpoint.terms.period import Month

TIE = 1e-9
"""Sums closer than this, as a share of the larger, are equal: their difference is rounding."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A whole that its parts do not make: ``whole`` less ``parts`` of one side of a figure."""

    indicator: str
    unit: str
    month: Month
    side: str
    whole: float
    parts: float


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What was compared, and what was found.

    ``gaps`` are explained where a unit that has closed still sends figures (they are in the whole,
    and the unit has none of its own), and where one moved within a month (its records are in both
    its places, and its own figure is below one of them). ``closed`` names the former by source,
    ``moved`` the latter; ``unattributed`` the figures of units that nobody knows, as indicator and
    month.
    """

    compared: int
    gaps: tuple[Gap, ...]
    closed: Mapping[str, tuple[str, ...]]
    moved: tuple[str, ...]
    unattributed: tuple[tuple[str, Month], ...]

    def words(self) -> Iterator[str]:
        """For people: one line for each thing that was found."""
        equal = self.compared - len(self.gaps)
        yield f"Totals: {equal:,} of {self.compared:,} wholes are the sum of their parts."
        senders = sorted({unit for units in self.closed.values() for unit in units})
        reasons = [f"figures of closed units: {', '.join(senders)}"] if senders else []
        reasons += [f"moved within the month: {', '.join(self.moved)}"] if self.moved else []
        for gap in self.gaps:
            reason = "; ".join(reasons) or "NOT EXPLAINED"
            apart = f"{gap.whole:,.12g} in all, {gap.parts:,.12g} in its parts"
            yield f"  {gap.indicator} {gap.side}, {gap.unit}, {gap.month.words}: {apart} ({reason})"
        for source, units in self.closed.items():
            yield f"  {source}: closed units still send: {', '.join(units)}. They count at their last place."
        if self.unattributed:
            codes = ", ".join(dict.fromkeys(code for code, _ in self.unattributed))
            yield f"  Figures of unknown units are in the trust's total as unattributed: {codes}."


def reconcile(
    panel: Panel, catalogue: Catalogue, rows: Mapping[str, Records], months: Collection[Month]
) -> Reconciliation:
    """Compare every whole of some months with the parts right below it, where each has a figure.

    ``rows`` is what stands of each source, as ``observe`` takes it.
    """
    held = {
        (o.indicator, o.unit, o.month): o for month in months for o in _of_everyone(panel.of_month(month))
    }
    compared, gaps = 0, []
    for (code, unit, month), whole in held.items():
        parts = _parts(catalogue, held, code, unit, month)
        if whole.state is not State.VALUE or not parts or not _rolls(catalogue, code, month):
            continue
        for side in ("numerator", "denominator"):
            total, sums = getattr(whole, side), [getattr(part, side) or 0.0 for part in parts]
            if total is None:
                continue
            compared += 1
            if abs(total - sum(sums)) > TIE * max(abs(total), abs(sum(sums))):
                gaps.append(Gap(code, unit, month, side, total, sum(sums)))
    strange = tuple((code, month) for code, unit, month in held if unit == UNATTRIBUTED)
    moved = tuple(unit for unit in catalogue.organisation.units if _moved(catalogue, unit, months))
    return Reconciliation(compared, tuple(gaps), _closed(catalogue, rows, months), moved, strange)


def _of_everyone(panel: Panel) -> Panel:
    return Panel(panel.table.filter(pc.equal(panel.table["cut"], ALL)))


def _rolls(catalogue: Catalogue, code: str, month: Month) -> bool:
    """Whether an indicator's figures are added up: not medians, and not what is delivered at each level."""
    version = catalogue.indicators[code].version(month)
    if version is None or not version.measure.additive:
        return False
    return getattr(version.measure, "rolls_up_from", "records") is not None


def _parts(
    catalogue: Catalogue,
    held: Mapping[tuple[str, str, Month], Observation],
    code: str,
    unit: str,
    month: Month,
) -> list[Observation]:
    """The figures right below a unit; none where one of them is not known, or their level is not offered."""
    children = [*catalogue.organisation.children(unit, month)]
    children += [UNATTRIBUTED] if unit == catalogue.settings.home else []
    found = [held[code, child, month] for child in children if (code, child, month) in held]
    known = all(part.state in (State.VALUE, State.NO_DENOMINATOR) for part in found)
    return found if known else []


def _moved(catalogue: Catalogue, unit: str, months: Collection[Month]) -> bool:
    """Whether a unit changed its parent after the first day of one of the months."""
    spells = catalogue.organisation.spells(unit)
    return any(
        later.parent != earlier.parent and month.start < later.from_ <= month.end
        for earlier, later in pairwise(spells)
        for month in months
    )


def _closed(
    catalogue: Catalogue, rows: Mapping[str, Records], months: Collection[Month]
) -> dict[str, tuple[str, ...]]:
    """Units with something of a month in which they were no longer open, by source."""
    closed = {
        unit: spells[-1].to
        for unit, spells in catalogue.organisation.units.items()
        if spells[-1].to < max(month.start for month in months)
    }
    found = {}
    for code, held in rows.items():
        source = catalogue.sources[code]
        unit = "unit" if source.holds == "figures" else source.unit_field
        if unit is None or not closed:
            continue
        table = held if isinstance(held, pa.Table) else _read(held, source, sorted(closed))
        theirs = table.filter(pc.is_in(table[unit], pa.array(sorted(closed), pa.string())))
        units = {
            row["unit"]
            for row in _lasting(theirs, source, unit)
            for month in months
            if closed[row["unit"]] < month.start and row["first"] <= month.end and month.start <= row["last"]
        }
        if units:
            found[code] = tuple(sorted(units))
    return found


def _read(held: Files, source: Source, units: list[str]) -> pa.Table:
    """The unit and dates of what some units sent, from files."""
    columns = {source.unit_field, source.dated}
    columns |= {source.span.from_, source.span.to} if source.span else set()
    listed = ", ".join(DUCKDB.identifier(str(name)) for name in sorted(map(str, columns)))
    unit = DUCKDB.identifier(str(source.unit_field))
    sql = f"SELECT DISTINCT {listed} FROM records WHERE {unit} IN ({', '.join(map(DUCKDB.literal, units))})"  # noqa: S608
    return query(sql, parquet={"records": [held.whole(month) for month in held.paths]})


def _lasting(table: pa.Table, source: Source, unit: str) -> list[dict[str, Any]]:
    """The unit of each row, and the first and last day on which it may count."""
    first, last = ("end", "end") if source.holds == "figures" else (source.dated, source.dated)
    if source.span is not None:
        first, last = source.span.from_, source.span.to
    far = pa.scalar(dt.date.max, pa.date32())
    days = {"first": table[first].cast(pa.date32()), "last": pc.fill_null(table[last].cast(pa.date32()), far)}
    lasting = pa.table({"unit": table[unit], **days})
    lasting = lasting.filter(lasting["first"].is_valid())
    rows: list[dict[str, Any]] = lasting.group_by(lasting.column_names).aggregate([]).to_pylist()
    return rows
