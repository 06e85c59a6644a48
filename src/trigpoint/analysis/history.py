"""One indicator's figures laid out as units by months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.analysis.arrays import Bools, Floats, Ints
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.terms.panel import ALL, Panel
from trigpoint.terms.period import Month

NEVER = -1
"""The place of a row or a month that is not there."""
EPOCH = Month(1970, 1)


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Figures of one indicator, [units, months], from the month ``first`` on.

    ``values`` is NaN where there is no figure; ``row`` is the figure's row in ``table``, or
    ``NEVER``. ``first`` is a month in which a figure is due, so that every ``every``-th column
    is one: those are the points of a chart.
    """

    code: str
    indicator: Indicator
    table: pa.Table
    first: Month
    units: tuple[str, ...]
    values: Floats
    row: Ints

    @property
    def every(self) -> int:
        return self.indicator.every

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(self.first + step for step in range(self.values.shape[1]))

    @property
    def denominators(self) -> Floats:
        """What each figure is out of, [units, months]; NaN where it has none."""
        return np.asarray(np.append(self.table["denominator"].to_numpy(), np.nan)[self.row])

    @property
    def charted(self) -> bool:
        """Whether a chart can say anything: each month of a rolling or cumulative series repeats others."""
        return self.indicator.basis in ("flow", "stock")


def histories(
    panel: Panel, catalogue: Catalogue, *, units: Iterable[str] | None = None, until: Month | None = None
) -> Iterator[History]:
    """The histories of a panel's indicators, in its order; of some units, or of all, up to a month.

    Raises NotFound for an indicator that is not declared.
    """
    chosen = pc.equal(panel.table["cut"], ALL)
    if units is not None:
        chosen = pc.and_(chosen, pc.is_in(panel.table["unit"], pa.array(sorted(units), pa.string())))
    if until is not None:
        chosen = pc.and_(chosen, pc.less_equal(panel.table["end"], pa.scalar(until.end)))
    table = panel.table.filter(chosen).combine_chunks()
    blocks = pc.run_end_encode(table["indicator"].combine_chunks())
    begin = 0
    for code, end in zip(blocks.values.to_pylist(), blocks.run_ends.to_pylist(), strict=True):
        part = table.slice(begin, end - begin)
        months = month_indices(part["end"])
        held = tuple(np.unique(part["unit"].to_numpy()))
        last = int(months.max()) if until is None else until.index
        yield _laid_out(code, catalogue.indicator(code), part, held, int(months.min()), last)
        begin = end


def history_of(panel: Panel, catalogue: Catalogue, indicator: str, unit: str, month: Month) -> History:
    """The history of one unit alone, which ends with ``month`` whether or not it has a figure."""
    table = panel.table
    chosen = pc.and_(pc.equal(table["indicator"], indicator), pc.equal(table["unit"], unit))
    until = pc.less_equal(table["end"], pa.scalar(month.end))
    table = table.filter(pc.and_(pc.and_(chosen, until), pc.equal(table["cut"], ALL)))
    first = int(month_indices(table["end"]).min(initial=month.index))
    return _laid_out(indicator, catalogue.indicator(indicator), table, (unit,), first, month.index)


def _laid_out(
    code: str, indicator: Indicator, table: pa.Table, units: tuple[str, ...], earliest: int, last: int
) -> History:
    first = earliest - (earliest - indicator.first.index) % indicator.every
    row = np.full((len(units), last - first + 1), NEVER)
    place = np.searchsorted(units, table["unit"].to_numpy()), month_indices(table["end"]) - first
    row[place] = np.arange(table.num_rows)
    if np.count_nonzero(row != NEVER) != table.num_rows:
        raise ValueError(f"{code} has two figures for one unit and month")
    values = np.full(row.shape, np.nan)
    values[place] = table["value"].to_numpy()
    return History(code, indicator, table, EPOCH + (first - EPOCH.index), units, values, row)


def month_indices(days: pa.ChunkedArray) -> Ints:
    """``Month.index`` of each day."""
    return np.asarray(days.to_numpy().astype("datetime64[M]").astype(np.int64) + EPOCH.index)


def month_dates(indices: Ints, known: Bools) -> pa.Array:
    """The first day of each month, by its index; null where it is not known."""
    days = (indices - EPOCH.index).astype("datetime64[M]").astype("datetime64[D]")
    return pa.array(days, type=pa.date32(), mask=~known)
