"""Observations of every indicator at every unit, from what the sources delivered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.engines.duckdb import Settings, query
from trigpoint.measures.compile import PRECEDENCE, SQL, Plan, plans
from trigpoint.terms.panel import ALL, SCHEMA, Panel, State, Status
from trigpoint.terms.period import Month

Floats = npt.NDArray[np.float64]

# One thread: sums of decimals must not depend on which thread came first.
_ENGINE = Settings(threads=1)


NO_FIGURES = pa.schema(
    [
        ("item", pa.string()),
        ("unit", pa.string()),
        ("cut", pa.string()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("value", pa.float64()),
        ("state", pa.string()),
        ("status", pa.string()),
    ]
).empty_table()


def observe(
    catalogue: Catalogue,
    months: Iterable[Month],
    figures: Mapping[str, pa.Table],
    through: Mapping[str, Month],
) -> Panel:
    """The panel of the months that end in ``months``.

    ``figures`` holds, for each source, the rows that stand (columns item, unit, cut, start, end,
    value, state, status); ``through`` the last month that each source has reached. Every indicator
    in force has an observation at every open unit of its levels: where the source has no row, its
    state says whether it was not submitted or is not due.
    """
    answers = [
        Panel.of(_observations(query(SQL, tables=_tables(plan, figures), settings=_ENGINE)))
        for plan in plans(catalogue, months, through)
    ]
    return Panel.concat(answers)


def _tables(plan: Plan, figures: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    return {"asked": plan.asked, "places": plan.places, "figures": figures.get(plan.source, NO_FIGURES)}


def _observations(answer: pa.Table) -> pa.Table:
    """Divide, scale, and say the state. Engines only add up: they disagree about division."""
    numerator, denominator, published, per = (
        _numbers(answer[name]) for name in ("numerator", "denominator", "value", "per")
    )
    ranks = _numbers(answer["state"]).astype(int)
    ratio, known = ~np.isnan(per), ranks == PRECEDENCE.index(State.VALUE)
    empty = known & ratio & (denominator == 0)
    ranks[empty] = PRECEDENCE.index(State.NO_DENOMINATOR)
    with np.errstate(divide="ignore", invalid="ignore"):
        worked_out = np.where(ratio, per * numerator / denominator, numerator)
    value = np.where(np.isnan(published), worked_out, published)
    return pa.table(
        {
            "indicator": answer["indicator"],
            "unit": answer["unit"],
            "start": answer["start"],
            "end": answer["end"],
            "cut": pa.array([ALL] * answer.num_rows, pa.string()),
            "numerator": pa.array(numerator, mask=~known | np.isnan(numerator)),
            "denominator": pa.array(denominator, mask=~known | np.isnan(denominator)),
            "value": pa.array(value, mask=~known | empty),
            "status": pc.if_else(
                pc.equal(answer["provisional"], 1), str(Status.PROVISIONAL), str(Status.FINAL)
            ),
            "state": pa.array([str(PRECEDENCE[rank]) for rank in ranks], pa.string()),
            "parts": pa.nulls(answer.num_rows, pa.int32()),
            "present": pa.nulls(answer.num_rows, pa.int32()),
        },
        schema=SCHEMA,
    )


def _numbers(column: pa.ChunkedArray) -> Floats:
    """A column as floats, blanks as NaN."""
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
