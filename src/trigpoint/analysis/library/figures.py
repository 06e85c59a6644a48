"""From columns to the figures that a kind of chart is drawn of, each with what it is out of and its state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from trigpoint.analysis.arguments import above
from trigpoint.analysis.arrays import Bools, Codes, Floats, Ints
from trigpoint.analysis.library.asked import Kind
from trigpoint.analysis.library.columns import Column, same_length
from trigpoint.analysis.library.layout import Rows, subgroups
from trigpoint.analysis.past.kinds import SIZED, SPREAD
from trigpoint.analysis.past.limits import SHARES
from trigpoint.definitions.profile import ChartKind
from trigpoint.terms.panel import State

STATES = (State.VALUE, State.NO_DENOMINATOR, State.NOT_APPLICABLE, State.NOT_SUBMITTED)
"""What a code of ``Figures.state`` means. The last stands for no figure and no row alike."""
VALUE, NO_DENOMINATOR, NOT_APPLICABLE, NOTHING = range(4)
SUBGROUPS = frozenset({ChartKind.XBAR, ChartKind.S})
"""The kinds that are drawn of several figures in each period."""
EVENTS = frozenset({ChartKind.T, ChartKind.G})
"""The kinds whose rows are events, and not periods of one length."""
SPREADS = frozenset({ChartKind.MR, ChartKind.S})
"""The kinds that show how far figures stray, and not the figures."""
_COUNTS = frozenset({ChartKind.C, ChartKind.G})
NOT_NEGATIVE = frozenset({*SHARES, *EVENTS, *_COUNTS, ChartKind.U, ChartKind.U_PRIME, *SPREADS})
"""The kinds whose figures cannot be below zero."""
_MICROSECONDS_A_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The columns of a series as they were given; those left out are None."""

    value: Column | None
    numerator: Column | None
    denominator: Column | None
    period: Column | None
    group: Column | None

    @property
    def given(self) -> list[Column]:
        """Those that were not left out."""
        columns = (self.value, self.numerator, self.denominator, self.period, self.group)
        return [it for it in columns if it is not None]

    @property
    def figures(self) -> Column | None:
        """The column that says what is charted, as far as one column does."""
        return self.numerator if self.value is None else self.value

    @property
    def title(self) -> str:
        """What the figures are called: ``seen``, ``seen / all``; nothing, where they have no name."""
        parts = (self.value,) if self.numerator is None else (self.numerator, self.denominator)
        return " / ".join(it.name for it in parts if it is not None and it.name)

    @property
    def count(self) -> int:
        """How many rows there are. Raises ValueError unless all columns are equally long."""
        return same_length(self.given)


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Rows, one for each series and period: what is drawn, what it is out of, and each row's state.

    ``source`` is the row of the data that each comes from (the first, of a subgroup), of so many ``given``.
    """

    rows: Rows
    given: int
    source: Ints
    value: Floats
    state: Codes
    numerator: Floats | None = None
    denominator: Floats | None = None
    deviation: Floats | None = None


def figures(columns: Columns, kind: ChartKind, of: Kind, per: float) -> Figures:
    """Raises ValueError, naming the argument and the row, for what the kind cannot be drawn of."""
    dated = kind is ChartKind.T and columns.value is not None and _is_time(columns.value)
    count = columns.count
    if not count:
        raise ValueError(f"{columns.given[0].argument} has no rows: there is nothing to chart")
    rows = Rows.of(
        count, columns.value if dated and columns.period is None else columns.period, columns.group
    )
    if kind in SUBGROUPS:
        return _of_subgroups(columns, rows, kind)
    if dated and columns.value is not None:
        return _times_between(columns.value, rows)
    if columns.denominator is None:
        return _alone(columns, rows, kind)
    if kind in _COUNTS | EVENTS:
        raise ValueError(f"a {kind} chart takes value= alone: a denominator has no part in it")
    return _ratios(columns, rows, kind, of, per)


def _alone(columns: Columns, rows: Rows, kind: ChartKind) -> Figures:
    if kind in SIZED:
        raise ValueError(f"a {kind} chart needs denominator=: its limits follow what each figure is out of")
    given = columns.figures
    assert given is not None  # noqa: S101 - held by whoever read the columns
    value = given.figures
    if kind in NOT_NEGATIVE - SPREADS:
        given.refuse(value < 0, f"below zero, which a {kind} chart cannot show.")
    if kind in _COUNTS:
        parted = (value != np.floor(value)) & ~np.isnan(value)
        given.refuse(parted, f"not a whole number, and a {kind} chart shows counts.")
    return _figures(rows, value, _states(value))


def _ratios(columns: Columns, rows: Rows, kind: ChartKind, of: Kind, per: float) -> Figures:
    top, bottom = columns.numerator, columns.denominator
    assert bottom is not None  # noqa: S101 - asked for only where there is one
    size = bottom.counts
    if top is None:
        return _with_sizes(columns, rows, size, kind, of, per)
    part = top.counts
    if of == "proportion":
        top.refuse_above(
            bottom, above(part, size), "A share cannot pass its whole; for a rate, say kind='rate'."
        )
    some = size > 0
    top.refuse(
        (part > 0) & (size == 0), f"counted where {bottom.argument} is 0. Nothing can happen to nobody."
    )
    value = np.divide(per * part, size, out=np.full(len(size), np.nan), where=some)
    state = np.where(size == 0, np.int8(NO_DENOMINATOR), _states(value))
    return _figures(rows, value, state, part, size)


def _with_sizes(columns: Columns, rows: Rows, size: Floats, kind: ChartKind, of: Kind, per: float) -> Figures:
    """Shares or rates that are given as such, beside what they are out of."""
    given = columns.value
    assert given is not None  # noqa: S101 - held by whoever read the columns
    value = given.figures
    if kind in NOT_NEGATIVE - SPREADS:
        given.refuse(value < 0, f"below zero, which a {kind} chart cannot show.")
    if of == "proportion" and kind in SHARES:
        why = f"above {per:g}, which is all of the whole. If figures are per cent, say per=100."
        given.refuse(above(value, np.full(len(value), per)), why)
    state = np.where(size == 0, np.int8(NO_DENOMINATOR), _states(value))
    return _figures(rows, np.where(size > 0, value, np.nan), state, None, size)


def _of_subgroups(columns: Columns, rows: Rows, kind: ChartKind) -> Figures:
    if columns.value is None or columns.numerator is not None or columns.denominator is not None:
        raise ValueError(f"a {kind} chart is drawn of value= alone, with several rows in each period")
    if rows.numbered:
        raise ValueError(f"a {kind} chart needs period=, to say which figures belong together")
    joined, mean, deviation, size, first = subgroups(rows, columns.value.figures)
    alone = size == 1
    if alone.any():
        at = int(alone.argmax())
        when = joined.calendar.words(int(joined.number[at]))
        raise ValueError(
            f"{columns.value.at(int(first[at]))} is the only figure of {when}: "
            f"a {kind} chart needs two or more in each period"
        )
    value = mean if kind in SPREAD else deviation
    return Figures(
        joined,
        rows.group.size,
        first,
        value,
        _states(value),
        None,
        size,
        deviation if kind in SPREAD else None,
    )


def _times_between(given: Column, rows: Rows) -> Figures:
    """Days from one event of a series to the next. A first event has none before it."""
    instants = given.cells.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False).astype(np.int64)
    given.refuse(given.cells.is_null().to_numpy(zero_copy_only=False), "missing. Each event needs its date.")
    order = np.argsort(rows.group, kind="stable")
    first: Bools = np.ones(len(order), dtype=np.bool_)
    first[1:] = rows.group[order][1:] != rows.group[order][:-1]
    days = np.diff(instants[order], prepend=0) / _MICROSECONDS_A_DAY
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    days, first = days[back], first[back]
    given.refuse((days < 0) & ~first, "before the event in the row above it. Sort the rows by date.")
    state = np.where(first, np.int8(NOT_APPLICABLE), np.int8(VALUE))
    return _figures(rows, np.where(first, np.nan, days), state)


def _is_time(given: Column) -> bool:
    return bool(pa.types.is_timestamp(given.cells.type) or pa.types.is_date(given.cells.type))


def _states(value: Floats) -> Codes:
    return np.where(np.isnan(value), np.int8(NOTHING), np.int8(VALUE))


def _figures(
    rows: Rows,
    value: Floats,
    state: Codes,
    numerator: Floats | None = None,
    denominator: Floats | None = None,
) -> Figures:
    count = len(value)
    return Figures(rows, count, np.arange(count), value, state, numerator, denominator)
