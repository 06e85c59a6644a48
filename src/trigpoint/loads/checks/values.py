"""Figures that cannot be, or that are hard to believe: bounds, parts above their whole, jumps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.definitions.source import Source
from trigpoint.loads.checks.coverage import month_codes
from trigpoint.loads.checks.keys import key_codes
from trigpoint.loads.coded import Coded
from trigpoint.loads.expectations import Expectations, Ratio
from trigpoint.loads.findings import FINDINGS, figure_words, findings_table
from trigpoint.terms.panel import State

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]


def out_of_bounds(table: pa.Table, source: Source, expectations: Expectations) -> pa.Table:
    """Figures, and ratios of figures, that their measure cannot reach."""
    figures, tables = _Figures.of(table), [FINDINGS.empty_table()]
    for reach in expectations.reaches:
        of_item = figures.of_items((reach.item,))
        bad = of_item & _beyond(figures.values, reach.least, reach.most)
        expected = _between(reach.least, reach.most)
        tables.append(_found(figures.rows[bad], source, (reach.item,), figures.values[bad], expected))
    for ratio in expectations.ratios:
        most = None if ratio.proportion else ratio.most  # numerator_above_denominator says it better
        if ratio.least is None and most is None:
            continue
        it = figures.pairs(ratio)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.where(it.bottoms == 0, np.nan, it.tops / it.bottoms * ratio.per)
        bad = _beyond(shares, ratio.least, most)
        expected = f"{' + '.join(ratio.denominator)} to make {_between(ratio.least, most)}"
        tables.append(_found(it.rows[bad], source, ratio.numerator, it.tops[bad], expected))
    return pa.concat_tables(tables)


def numerator_above_denominator(table: pa.Table, source: Source, expectations: Expectations) -> pa.Table:
    """Proportions of more than their whole."""
    figures, tables = _Figures.of(table), [FINDINGS.empty_table()]
    for ratio in expectations.ratios:
        if ratio.proportion:
            it = figures.pairs(ratio)
            bad = it.tops > it.bottoms
            whole = " + ".join(ratio.denominator)
            expected = [f"at most {whole}, {figure_words(bottom)}" for bottom in it.bottoms[bad]]
            tables.append(_found(it.rows[bad], source, ratio.numerator, it.tops[bad], expected))
    return pa.concat_tables(tables)


def jump(table: pa.Table, source: Source, expectations: Expectations) -> pa.Table:
    """Figures outside what their own series would allow."""
    bounds = expectations.plausible
    if bounds is None or not bounds.num_rows:
        return FINDINGS.empty_table()
    figures = _with_value(table)
    series = _series(bounds, figures)
    known, asked = series[: bounds.num_rows], series[bounds.num_rows :]
    order = np.argsort(known, kind="stable")
    match = order[np.minimum(np.searchsorted(known[order], asked), known.size - 1)]
    values = figures["value"].to_numpy()
    low, high = bounds["low"].to_numpy()[match], bounds["high"].to_numpy()[match]
    bad = (known[match] == asked) & ((values < low) | (values > high))
    expected = [
        f"about {_rough(a)} to {_rough(b)}, by its own series"
        for a, b in zip(low[bad], high[bad], strict=True)
    ]
    found = figures.filter(pa.array(bad))
    items = found["item"].to_pylist()
    return findings_table(
        found["row"].combine_chunks(),
        [_value_column(source, item) for item in items],
        [f"{item} {figure_words(value)}" for item, value in zip(items, values[bad], strict=True)],
        expected,
        "Check it with its sender.",
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Numerators and denominators for one unit, cut and period, and the row where each numerator starts."""

    rows: Integers
    tops: Floats
    bottoms: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    """The rows that hold a value, in arrays; ``places`` are equal where unit, cut and period are."""

    items: Coded
    places: Integers
    values: Floats
    rows: Integers

    @classmethod
    def of(cls, table: pa.Table) -> _Figures:
        held = _with_value(table)
        return cls(
            Coded.of(held["item"]),
            key_codes(held, ("unit", "cut", "start", "end")),
            held["value"].to_numpy(),
            held["row"].to_numpy(),
        )

    def of_items(self, items: Sequence[str]) -> npt.NDArray[np.bool_]:
        return self.items.where([item in items for item in self.items.values])

    def pairs(self, ratio: Ratio) -> _Pairs:
        places, rows, tops = self._sums(ratio.numerator)
        others, _, bottoms = self._sums(ratio.denominator)
        _, i, j = np.intersect1d(places, others, assume_unique=True, return_indices=True)
        return _Pairs(rows[i], tops[i], bottoms[j])

    def _sums(self, items: Sequence[str]) -> tuple[Integers, Integers, Floats]:
        """Place, first row and sum of the items, where every one of them has a value."""
        chosen = np.flatnonzero(self.of_items(items))
        places, first, which = np.unique(self.places[chosen], return_index=True, return_inverse=True)
        whole = np.bincount(which, minlength=places.size) == len(set(items))
        sums = np.bincount(which, weights=self.values[chosen], minlength=places.size)
        return places[whole], self.rows[chosen[first[whole]]], sums[whole]


def _with_value(table: pa.Table) -> pa.Table:
    states = Coded.of(table["state"])
    return table.filter(pa.array(states.where([state == State.VALUE for state in states.values])))


def _beyond(values: Floats, least: float | None, most: float | None) -> npt.NDArray[np.bool_]:
    low, high = -np.inf if least is None else least, np.inf if most is None else most
    return np.asarray((values < low) | (values > high), bool)


def _rough(bound: float) -> str:
    """A bound that was worked out, as exactly as a question needs it."""
    return f"{bound:,.0f}" if abs(bound) >= 100 else f"{bound:,.1f}"


def _between(least: float | None, most: float | None) -> str:
    limits = [("at least", least), ("at most", most)]
    return " and ".join(f"{word} {figure_words(limit)}" for word, limit in limits if limit is not None)


def _found(
    rows: Integers, source: Source, items: Sequence[str], values: Floats, expected: str | Sequence[str]
) -> pa.Table:
    name = " + ".join(items)
    return findings_table(
        pa.array(rows),
        _value_column(source, items[0]),
        [f"{name} {figure_words(value)}" for value in values],
        expected,
    )


def _value_column(source: Source, item: str) -> str:
    """The file's column that holds an item's figures."""
    holding = [(name, it) for name, it in source.columns.items() if it.as_ == "value"]
    return next((name for name, it in holding if it.item in (None, item)), "")


def _series(bounds: pa.Table, figures: pa.Table) -> Integers:
    """Numbers, equal where two rows of either table belong to one series: the bounds' rows first."""
    starts = month_codes(pa.table({"end": figures["start"]}))
    months = pa.array(month_codes(figures) - starts + 1)
    names = ["item", "unit", "cut"]
    schema = pa.schema([*((name, pa.string()) for name in names), ("months", pa.int64())])
    both = [bounds.select(schema.names), figures.select(names).append_column("months", months)]
    return key_codes(pa.concat_tables([it.cast(schema) for it in both]), schema.names)
