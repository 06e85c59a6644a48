"""A figure of records traced back: each of its quantities, step by step, and what they make together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.measure import FormulaMeasure, RecordMeasure
from trigpoint.engines.chosen import open_engine
from trigpoint.engines.duckdb import Settings, session
from trigpoint.explain.amounts import Amount, Sides, amount, sides_of
from trigpoint.explain.steps import Counts, Place, Taking, Whole, counted, taking, whole
from trigpoint.measures.compile import reached
from trigpoint.measures.compute import holdings
from trigpoint.measures.formulas import Valued, evaluate
from trigpoint.measures.holdings import Holdings
from trigpoint.measures.observed import STATES, VALUE
from trigpoint.measures.purged import purged_records
from trigpoint.measures.records import sides
from trigpoint.store.archive import Archive
from trigpoint.store.laid import SPILL, files
from trigpoint.terms.panel import State

OfRecords: TypeAlias = RecordMeasure | FormulaMeasure
Figures = Callable[[str, int], tuple[float | None, State]]
"""Another indicator's figure at the same unit, so many months before."""


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """One quantity of a figure: ``itself`` or ``over``, or a part of a formula by its name."""

    name: str
    of: Taking
    whole: Whole
    counts: Counts
    amount: Amount


def traced(measure: OfRecords, place: Place, held: Holdings) -> list[Traced]:
    """Every quantity of a figure, worked out for it alone. Their sources must be held."""
    found = []
    for name, wanted in sides(measure).items():
        of = taking(wanted, place, held)
        counts = counted(of)
        found.append(Traced(name, of, whole(of), counts, amount(of, counts)))
    return found


def made_of(measure: OfRecords, found: Sequence[Traced], figures: Figures, scale: float) -> Sides:
    """What the quantities make of the figure. ``scale`` is what a ratio is multiplied by."""
    if isinstance(measure, RecordMeasure):
        return sides_of(measure, {one.name: one.amount for one in found}, scale)
    parts = {one.name: _valued(one.amount.value, State.NO_DENOMINATOR) for one in found}

    def of(code: str, before: int) -> Valued:
        return _valued(*figures(code, before))

    answer = _number(evaluate(measure.tree, of, parts, (1, 1)))
    if measure.sides is None:
        return Sides(value=answer)
    above, below = (_number(evaluate(side, of, parts, (1, 1))) for side in measure.sides)
    return Sides(above, below, None if answer is None else answer * scale)


def _valued(value: float | None, otherwise: State) -> Valued:
    state = VALUE if value is not None else STATES.index(otherwise)
    return Valued(np.array([[np.nan if value is None else value]]), np.array([[state]]))


def _number(answer: Valued) -> float | None:
    return float(answer.value[0, 0]) if answer.state[0, 0] == VALUE else None


@contextmanager
def held_by(
    archive: Archive, catalogue: Catalogue, measure: OfRecords, as_at: dt.datetime | None = None
) -> Iterator[Holdings]:
    """The records of a measure's sources, as they stand, and what they are worked out by."""
    standing = {source: archive.effective(source, as_at) for source in measure.sources}
    rows = {source: files(archive, source, as_at) for source, months in standing.items() if months}
    paths = [path for held in rows.values() for path in held.paths.values()]
    purged = purged_records(archive, catalogue, as_at)
    spill = archive.workspace / SPILL
    with session(Settings(threads=1)) as small, open_engine(catalogue.settings, paths, spill) as own:
        yield holdings(catalogue, rows, reached(standing), None, own, small, purged)
