"""Observations of measures over records: amounts on a grid, divided, scaled, and each with its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from trigpoint.measures.compile import PRECEDENCE
from trigpoint.measures.grid import Amounts, Axes, Flags, Floats, Ints
from trigpoint.terms.panel import ALL, SCHEMA, State, Status

STATES = (*PRECEDENCE, State.INCOMPLETE)
_PLACE = {state: place for place, state in enumerate(STATES)}
VALUE, NO_DENOMINATOR, INCOMPLETE = (
    _PLACE[it] for it in (State.VALUE, State.NO_DENOMINATOR, State.INCOMPLETE)
)
NOT_DUE, NOT_SUBMITTED, NOT_APPLICABLE = (
    _PLACE[it] for it in (State.NOT_DUE, State.NOT_SUBMITTED, State.NOT_APPLICABLE)
)


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """Who sent records, on a grid: of ``parts`` units that should have, ``present`` did; ``own`` where the
    place is itself the one that should.
    """

    parts: Ints
    present: Ints
    own: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Where figures are shown: at every place that is ``expected`` to have one, and ``offered`` places
    that have something. ``instead`` holds for each month the state that stands whatever was found
    (``VALUE``: none does).
    """

    expected: Flags
    offered: Flags
    instead: Ints
    presence: Presence | None = None
    coverage: float | None = None


def observations(
    code: str,
    scale: float | None,
    starts: Sequence[object],
    axes: Axes,
    amounts: Amounts,
    shown: Shown,
    cut: str = ALL,
) -> pa.Table:
    """The observations of one measure. ``scale`` is what a ratio is multiplied by; None: it is none.

    ``starts`` holds the first day of the period of each month of ``axes``.
    """
    here = shown.offered & (shown.expected | amounts.known)
    states, counted = stated(shown, here)
    known = states == VALUE
    denominator = None if amounts.denominator is None else amounts.denominator[here]
    if amounts.value is not None:
        value = amounts.value[here]
        states = np.where(known & np.isnan(value), NO_DENOMINATOR, states)
    elif denominator is not None:
        states = np.where(known & (denominator == 0), NO_DENOMINATOR, states)
        with np.errstate(divide="ignore", invalid="ignore"):
            value = (scale or 1.0) * amounts.numerator[here] / denominator
    else:
        value = amounts.numerator[here]
    told = {
        "numerator": _masked(None if amounts.value is not None else amounts.numerator[here], known),
        "denominator": _masked(denominator, known),
        "value": pa.array(value, mask=states != VALUE),
        "parts": pa.array(counted[0], pa.int32(), mask=~counted[2]),
        "present": pa.array(counted[1], pa.int32(), mask=~counted[2]),
    }
    return rows(code, starts, axes, here, states, told, cut)


def rows(
    code: str,
    starts: Sequence[object],
    axes: Axes,
    here: Flags,
    states: Ints,
    told: Mapping[str, pa.Array],
    cut: str = ALL,
) -> pa.Table:
    """Observations of one measure at the cells ``here``, whose states and numbers come in their order."""
    row, column = np.nonzero(here)
    count = len(row)
    same = pa.array(np.zeros(count, dtype=np.int64))
    ends = np.array([month.end for month in axes.months], dtype="datetime64[D]")
    begun = np.array(starts, dtype="datetime64[D]")
    columns = {
        "indicator": pa.array([code]).take(same),
        "unit": axes.places.take(pa.array(row)),
        "start": pa.array(begun[column], pa.date32()),
        "end": pa.array(ends[column], pa.date32()),
        "cut": pa.array([cut]).take(same),
        "status": pa.array([str(Status.FINAL)]).take(same),
        "state": pa.array([str(it) for it in STATES]).take(pa.array(states)),
        **told,
    }
    return pa.table([columns.get(it.name, pa.nulls(count, it.type)) for it in SCHEMA], schema=SCHEMA)


def _masked(values: Floats | None, known: Flags) -> pa.Array:
    return pa.nulls(len(known), pa.float64()) if values is None else pa.array(values, mask=~known)


def stated(shown: Shown, here: Flags) -> tuple[Ints, tuple[Ints, Ints, Flags]]:
    """The state of each figure before it is divided; of rolled-up ones also the parts, and those present."""
    states = np.broadcast_to(shown.instead, here.shape)[here].astype(np.int64)
    nobody = np.zeros(len(states), dtype=np.int64)
    it = shown.presence
    if it is None:
        return states, (nobody, nobody, nobody.astype(bool))
    parts, present, own = it.parts[here], it.present[here], it.own[here]
    due = states == VALUE
    enough = np.zeros(len(states), dtype=bool)
    if shown.coverage is not None:
        enough = (present > 0) & (present >= shown.coverage * parts)
    lacking = due & (parts > 0) & (present < parts)
    states = np.where(lacking & ((present == 0) | own), NOT_SUBMITTED, states)
    states = np.where(lacking & ~own & (present > 0) & ~enough, INCOMPLETE, states)
    return states, (parts, present, (parts > 0) & ~own)
