"""What is required in each period of a chart: a number, one for each row, or one for each group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.history import NEVER
from trigpoint.analysis.library.columns import Column, Given, column
from trigpoint.analysis.library.figures import Figures
from trigpoint.analysis.library.layout import Layout
from trigpoint.terms.errors import nearest

Bounds = tuple[float | None, float | None]


def required(standard: Any, given: Given, layout: Layout, found: Figures, bounds: Bounds) -> Floats:
    """[groups, places], NaN where nothing is required. What a row requires holds until the next row says
    otherwise. Raises ValueError for a standard that no figure can reach."""
    if standard is None:
        return np.full(layout.row.shape, np.nan)
    if isinstance(standard, Mapping):
        return _of_groups(standard, layout, bounds)
    if not isinstance(standard, str) and not isinstance(standard, Iterable):
        reached = column("standard", [standard])
        _reachable(reached, bounds)
        return np.full(layout.row.shape, reached.figures[0])
    rows = given.column("standard", standard)
    assert rows is not None  # noqa: S101 - None was answered first
    if len(rows) != found.given:
        raise ValueError(
            f"standard has {len(rows)} numbers and the data {found.given} rows: give one, or one for each row"
        )
    _reachable(rows, bounds)
    return _carried(layout.laid(rows.figures[found.source], np.nan), layout)


def _of_groups(standard: Mapping[object, object], layout: Layout, bounds: Bounds) -> Floats:
    names = layout.groups.to_pylist()
    found = np.full(layout.row.shape, np.nan)
    for name, given in standard.items():
        if name not in names:
            raise ValueError(
                f"standard names {name!r}, which is no group. {nearest(str(name), map(str, names))}".strip()
            )
        one = column(f"standard[{name!r}]", [given])
        _reachable(one, bounds)
        found[names.index(name)] = one.figures[0]
    return found


def _reachable(standard: Column, bounds: Bounds) -> None:
    least, most = bounds
    figures = standard.figures
    if len(figures) == 1:
        standard.refuse(np.isnan(figures), "missing. Leave standard out where nothing is required.")
    if most is not None:
        hint = " Figures are shares of 1: write 0.95 for 95%, or say per=100." if most == 1 else ""
        standard.refuse(figures > most, f"above {most:g}, which is all that a figure can reach.{hint}")
    if least is not None:
        standard.refuse(figures < least, f"below {least:g}, which is the least that a figure can be.")


def _carried(laid: Floats, layout: Layout) -> Floats:
    """The same, with places that have no row under what the row before them required."""
    rowed = np.where(layout.row != NEVER, np.arange(laid.shape[1]), 0)
    last = np.maximum.accumulate(rowed, axis=1)
    return np.where(layout.there, np.take_along_axis(laid, last, axis=1), np.nan)
