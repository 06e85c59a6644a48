"""Rows of a table laid out as series by periods, so that every chart is worked out at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.analysis.arrays import Bools, Floats, Ints
from trigpoint.analysis.history import NEVER
from trigpoint.analysis.library.columns import Column
from trigpoint.analysis.library.periods import Calendar, read, weekdays
from trigpoint.terms.panel import ALL

T = TypeVar("T", bound=np.generic)
_FAR = 20
"""More places than so many for each period that there is, and ``_SPACE``, come of a mistaken period."""
_SPACE = 240
_MOST_CELLS = 50_000_000
"""Places of all series together, beyond which memory would run out."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Series, [groups, places], that end with the last column.

    ``number`` is each place's period, as the calendar counts; ``row`` the row that has its figure, or
    ``NEVER``; ``there`` the places from a series' first row on. Where periods are ``regular``, every
    ``step`` of the calendar has a place, filled or not, and all series end with the same period;
    otherwise only what has a row has a place. ``uneven`` says that periods were expected to, and did not.
    """

    groups: pa.Array
    calendar: Calendar
    regular: bool
    uneven: bool
    step: int
    number: Ints
    row: Ints
    there: Bools

    def laid(self, of_rows: npt.NDArray[T], nothing: T | float | bool) -> npt.NDArray[T]:
        """What each row has, laid over the places."""
        return np.where(self.row == NEVER, nothing, of_rows[self.row])


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Which series and period each row is of. Without periods, rows are numbered within their series."""

    groups: pa.Array
    group: Ints
    calendar: Calendar
    number: Ints
    numbered: bool
    period: Column | None

    @classmethod
    def of(cls, count: int, period: Column | None, group: Column | None) -> Rows:
        names, code = (pa.array([ALL]), np.zeros(count, dtype=np.int64)) if group is None else group.coded()
        if period is not None:
            return cls(names, code, *read(period), numbered=False, period=period)
        order = np.argsort(code, kind="stable")
        starts = np.concatenate(([0], np.cumsum(np.bincount(code, minlength=len(names)))))[:-1]
        number = np.empty(count, dtype=np.int64)
        number[order] = np.arange(count) - np.repeat(starts, np.bincount(code, minlength=len(names))) + 1
        return cls(names, code, Calendar("number"), number, numbered=True, period=None)

    def laid_out(self, *, events: bool = False) -> Layout:
        """Raises ValueError for periods that are out of order, repeated, or far from all others.

        Rows that are ``events`` follow each other whenever they happen: several on one day, or none
        for a year.
        """
        order = np.argsort(self.group, kind="stable")
        group, number = self.group[order], self.number[order]
        follows = np.zeros(len(order), dtype=np.bool_)
        follows[1:] = group[1:] == group[:-1]
        steps = np.diff(number, prepend=0)
        self._in_order(order, follows & (steps < 0 if events else steps <= 0), steps)
        regular, step, calendar = False, 1, self.calendar
        if not events and not self.numbered:
            regular, step, calendar, number = self._rhythm(number, follows)
        column = _on_axis(number, step) if regular else _to_the_right(group)
        width = int(column.max(initial=-1)) + 1
        if regular and width > _FAR * len(np.unique(number)) + _SPACE:
            self._refuse_far(order, steps * follows)
        if len(self.groups) * width > _MOST_CELLS:
            sizes = f"{len(self.groups):,} series over {width:,} periods"
            raise ValueError(f"group makes {sizes}: too many at once. Chart some of the groups at a time.")
        row = np.full((len(self.groups), width), NEVER)
        row[group, column] = order
        numbers = np.zeros_like(row)
        numbers[group, column] = number
        if regular and width:
            numbers[:] = number.min() + step * np.arange(width)
        there = np.maximum.accumulate(row != NEVER, axis=1)
        uneven = not (regular or events or self.numbered)
        return Layout(self.groups, calendar, regular, uneven, step, numbers, row, there)

    def _in_order(self, order: Ints, wrong: Bools, steps: Ints) -> None:
        if not wrong.any() or self.period is None:
            return
        at = int(wrong.argmax())
        row, before = int(order[at]), int(order[at - 1])
        here, there = (self.calendar.words(int(self.number[it])) for it in (row, before))
        name = self.groups[int(self.group[row])].as_py()
        of = f" (group {name!r})" if len(self.groups) > 1 else ""
        if steps[at] == 0:
            remedy = "Give one row for each period" + (" and group." if of else ", or say group=.")
            raise ValueError(f"{self.period.at(row)} is {here} again, as in row {before}{of}. {remedy}")
        remedy = "Sort the rows by period" + ("." if of else ", or say group= if there are several series.")
        raise ValueError(f"{self.period.at(row)} is {here}, after {there}{of}. {remedy}")

    def _rhythm(self, number: Ints, follows: Bools) -> tuple[bool, int, Calendar, Ints]:
        """Whether periods follow each other at one step, and how they are then counted.

        Months and years do; other periods if most of them stand one step after the one before.
        """
        calendar, steps = self.calendar, np.diff(number, prepend=0)[follows]
        if calendar.counted == "label" or not len(number):
            return True, 1, calendar, number
        working = weekdays(number) if calendar.counted == "day" and (steps == 1).any() else None
        if working is not None:
            calendar, number = Calendar("weekday"), working
            steps = np.diff(number, prepend=0)[follows]
        step = max(1, int(np.gcd.reduce(np.concatenate([steps, number - number.min()]))))
        even = calendar.counted in ("month", "year") or 2 * (steps == step).sum() >= len(steps)
        return bool(even), step, calendar, number

    def _refuse_far(self, order: Ints, steps: Ints) -> None:
        at = int(np.abs(steps).argmax())
        here, there = (self.calendar.words(int(self.number[order[it]])) for it in (at, max(at - 1, 0)))
        assert self.period is not None  # noqa: S101 - rows that are numbered leave no place empty
        raise ValueError(
            f"{self.period.at(int(order[at]))} is {here}, after {there}: nearly every period between is "
            "empty. Mend the period, or leave early rows out."
        )


def _on_axis(number: Ints, step: int) -> Ints:
    return np.asarray((number - number.min(initial=number[0] if len(number) else 0)) // step)


def _to_the_right(group: Ints) -> Ints:
    """A place for each row, in the order of its series, so that all series end in the last column."""
    count = np.bincount(group)
    starts = np.cumsum(count) - count
    return np.asarray(np.arange(len(group)) - starts[group] + (count.max(initial=0) - count)[group])


def subgroups(rows: Rows, figures: Floats) -> tuple[Rows, Floats, Floats, Floats, Ints]:
    """Rows with the same series and period made one: its mean, standard deviation and size.

    The last answer is the first row of each. Missing figures count for nothing.
    """
    keys = np.stack([rows.group, rows.number])
    _, first, place = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    known = ~np.isnan(figures)
    size = np.bincount(place[known], minlength=len(first)).astype(np.float64)
    total = np.bincount(place[known], weights=figures[known], minlength=len(first))
    mean = np.divide(total, size, out=np.full(len(first), np.nan), where=size > 0)
    square = (figures - mean[place]) ** 2
    spread = np.bincount(place[known], weights=square[known], minlength=len(first))
    deviation = np.sqrt(np.divide(spread, size - 1, out=np.full(len(first), np.nan), where=size > 1))
    joined = Rows(
        rows.groups, rows.group[first], rows.calendar, rows.number[first], rows.numbered, rows.period
    )
    return joined, mean, deviation, size, first
