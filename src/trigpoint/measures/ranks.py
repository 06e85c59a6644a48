"""Medians, percentiles and gaps, picked from how often each value comes at each place."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pyarrow as pa

from trigpoint.definitions.quantity import Quantity
from trigpoint.measures.grid import Axes, Floats, Ints, divided, runs
from trigpoint.terms.period import Month


def picked(quantity: Quantity, answer: pa.Table, per: int, axes: Axes) -> Floats:
    """The median, or the percentile by nearest rank, on a grid.

    ``answer`` has place, end, value and times, in that order (``apart.ranked``). The median of an even
    number of records is the midpoint of the two in the middle; a percentile is a value somebody had.
    """
    cells, inside = axes.cells(answer["place"], answer["end"])
    if not len(cells):
        return np.full(axes.shape, np.nan)
    value, times = divided(answer["value"], per)[inside], answer["times"].to_numpy()[inside]
    first = runs(cells)
    through = np.cumsum(times)
    before = np.r_[0, through[first[1:] - 1]]
    total = np.add.reduceat(times, first)
    if quantity.percentile is not None:
        share = Fraction(str(quantity.percentile.at)) / 100
        ranks = np.array([max(math.ceil(share * int(count)), 1) for count in total], dtype=np.int64)
        found = _at_rank(value, through, before + ranks)
    else:
        low = _at_rank(value, through, before + (total + 1) // 2)
        found = (low + _at_rank(value, through, before + total // 2 + 1)) / 2
    return axes.fill(cells[first], found)


def _at_rank(value: Floats, through: Ints, rank: Ints) -> Floats:
    """The value of the record with a rank, counted from 1 over all runs."""
    return value[np.searchsorted(through, rank)]


def gaps(answer: pa.Table, axes: Axes) -> Floats:
    """The days from each month's last event to the event before it, on a grid.

    ``answer`` has place, day and times, in that order (``apart.dated``). None where a month has no event,
    or its last one is the first of all.
    """
    found = np.full(axes.shape, np.nan)
    days = answer["day"].cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)
    times = answer["times"].to_numpy()
    place = answer["place"].to_numpy(zero_copy_only=False)
    month = answer["day"].to_numpy().astype("datetime64[M]").astype(np.int64) + 1970 * 12
    if not len(days):
        return found
    starts = np.r_[True, place[1:] != place[:-1]]
    since = np.where(times > 1, 0, np.r_[0, days[1:] - days[:-1]]).astype(np.float64)
    since[starts & (times == 1)] = np.nan
    last = np.r_[runs(place, month)[1:] - 1, len(days) - 1]
    cells, inside = axes.cells(
        answer["place"].take(pa.array(last)), pa.chunked_array([pa.array(month[last])])
    )
    found.reshape(-1)[cells] = since[last][inside]
    return found


def changing(answer: pa.Table, name: str, axes: Axes, first: Month) -> Floats:
    """How many people count in each month, from how many each month brings in or takes out.

    ``answer`` has place, month and the changes; ``first`` is the first month of which records were read.
    """
    last = axes.months[-1]
    every = Axes(axes.places, tuple(first.through(last)))
    cells, inside = every.cells(answer["place"], answer["month"])
    changes = every.fill(cells, answer[name].to_numpy()[inside], 0.0)
    running = np.cumsum(changes, axis=1)
    return running[:, [month.index - first.index for month in axes.months]]
