"""A jump is a figure twice as far from its series' mean as control limits are."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from trigpoint.analysis.past.plausible import plausible
from trigpoint.terms.period import Month


def figures(*series: tuple[str, Sequence[float | None]]) -> pa.Table:
    rows = [
        {
            "unit": unit,
            "item": "seen",
            "cut": "all",
            "start": (Month(2025, 1) + i).start,
            "end": (Month(2025, 1) + i).end,
            "value": value,
        }
        for unit, values in series
        for i, value in enumerate(values)
    ]
    dates = [("start", pa.date32()), ("end", pa.date32())]
    words = [(name, pa.string()) for name in ("unit", "item", "cut")]
    return pa.Table.from_pylist(rows, schema=pa.schema([*words, *dates, ("value", pa.float64())]))


def ranges(table: pa.Table) -> dict[str, tuple[float, float]]:
    return {row["unit"]: (row["low"], row["high"]) for row in plausible(table).to_pylist()}


def test_the_range_is_twice_the_width_of_xmr_limits() -> None:
    up_and_down = [100.0, 120.0] * 4  # mean 110, every moving range 20
    low, high = ranges(figures(("A", up_and_down)))["A"]
    assert (low, high) == (110 - 5.32 * 20, 110 + 5.32 * 20)


def test_a_constant_series_may_still_move_by_half() -> None:
    assert ranges(figures(("A", [100.0] * 8))) == {"A": (50.0, 150.0)}


def test_a_small_count_may_move_by_ten() -> None:
    assert ranges(figures(("A", [3.0] * 8))) == {"A": (-7.0, 13.0)}


def test_six_figures_are_too_few_to_say_and_blanks_do_not_count() -> None:
    assert ranges(figures(("A", [3.0] * 6 + [None] * 5))) == {}


def test_series_do_not_run_into_one_another() -> None:
    assert ranges(figures(("A", [100.0] * 7), ("B", [1000.0] * 7), ("C", [1.0]))) == {
        "A": (50.0, 150.0),
        "B": (500.0, 1500.0),
    }
