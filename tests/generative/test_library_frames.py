"""The same figures give the same chart, whatever they are handed in as, and the engine's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.analysis import funnel, proportion, run, spc
from trigpoint.analysis.past.rules import RULES
from trigpoint.analysis.past.variation import NO_RULE, VARIATIONS, Sizes, chart
from trigpoint.definitions.profile import SHIPPED, ChartKind
from trigpoint.terms.period import Month

Columns = dict[str, list[Any]]
FRAMES: dict[str, Callable[[Columns], Any]] = {
    "mapping of lists": lambda columns: columns,
    "mapping of arrays": lambda columns: {name: np.array(column) for name, column in columns.items()},
    "mapping of tuples": lambda columns: {name: tuple(column) for name, column in columns.items()},
    "pandas": pd.DataFrame,
    "pandas on Arrow": lambda columns: pd.DataFrame(columns).convert_dtypes(dtype_backend="pyarrow"),
    "pandas of objects": lambda columns: pd.DataFrame(columns, dtype=object),
    "pandas by period": lambda columns: pd.DataFrame(columns).set_index(
        pd.PeriodIndex(columns["month"], freq="M", name="p")
    ),
    "polars": pl.DataFrame,
    "polars categories": lambda columns: pl.DataFrame(columns, schema_overrides={"ward": pl.Categorical}),
    "Arrow table": pa.table,
    "Arrow batch": lambda columns: pa.record_batch(pa.table(columns).to_batches()[0]),
    "Arrow in chunks": lambda columns: in_chunks(pa.table(columns)),
}


def in_chunks(table: pa.Table) -> pa.Table:
    return pa.concat_tables([table.slice(0, 3), table.slice(3)])


@st.composite
def tables(draw: st.DrawFn) -> Columns:
    """Shares of wards by month: some months have no figure, some are out of nobody, some have no row."""
    columns: Columns = {"ward": [], "month": [], "seen": [], "all": []}
    for ward in draw(st.sampled_from([["A"], ["A", "B"], ["Ward 3", "Ward 1", "Ward 2"]])):
        first = draw(st.integers(0, 3))
        for step in range(first, draw(st.integers(5, 20))):
            size, there = draw(st.integers(0, 30)), draw(st.integers(0, 9))
            if there == 0 and step > first + 1:
                continue
            columns["ward"].append(ward)
            columns["month"].append((Month(2023, 11) + step).start)
            columns["all"].append(size)
            columns["seen"].append(None if there == 1 else draw(st.integers(0, size)))
    return columns


@pytest.mark.parametrize("name", [name for name in FRAMES if name != "mapping of lists"])
@settings(max_examples=max(10, settings().max_examples // 5))  # for each kind of frame
@given(columns=tables())
def test_every_kind_of_frame_gives_the_same_chart(name: str, columns: Columns) -> None:
    asked: dict[str, Any] = {
        "period": "month",
        "numerator": "seen",
        "denominator": "all",
        "group": "ward",
        "chart": "p'",
        "standard": 0.6,
        "improvement": "up",
    }
    plain, found = spc(columns, **asked), spc(FRAMES[name](columns), **asked)
    assert found.table.equals(plain.table)
    assert found.summary.equals(plain.summary)
    assert found.notes == plain.notes


@given(figures=st.lists(st.one_of(st.none(), st.integers(-50, 50).map(float)), min_size=1, max_size=40))
def test_every_kind_of_column_gives_the_same_chart(figures: list[float | None]) -> None:
    plain = spc(figures).table
    there = [figure is not None for figure in figures]
    floats = np.array([np.nan if figure is None else figure for figure in figures])
    for column in (
        tuple(figures),
        floats,
        np.ma.masked_array(np.nan_to_num(floats), mask=~np.array(there)),
        pd.Series(figures, dtype="float64"),
        pd.Series(figures, dtype="Float64"),
        pd.Series(figures, dtype=object),
        pl.Series(figures, dtype=pl.Float64),
        pa.array(figures, type=pa.float64()),
        pa.chunked_array([pa.array(figures, type=pa.float64())]),
    ):
        assert spc(column).table.equals(plain)
    assert run(pl.Series(figures, dtype=pl.Float64)).table.equals(run(figures).table)


@pytest.mark.parametrize("profile", SHIPPED)
@settings(max_examples=max(10, settings().max_examples // 2))
@given(columns=tables(), kind=st.sampled_from(["i", "p", "p_prime", "run", "mr"]))
def test_charts_are_the_engines_own(profile: str, columns: Columns, kind: str) -> None:
    """Laid out here by hand: one ward at a time, a place for every month from its first row on."""
    if SHIPPED[profile].charts == "run" and kind != "run":
        return
    found = spc(
        columns, "month", numerator="seen", denominator="all", group="ward", chart=kind, profile=profile
    )
    last = max(columns["month"])
    for ward in dict.fromkeys(columns["ward"]):
        rows, _ = found.one(ward)
        mine = {
            month: (seen, size)
            for name, month, seen, size in zip(*columns.values(), strict=True)
            if name == ward
        }
        months = [month.start for month in Month.of(min(mine)).through(Month.of(last))]
        parts = [mine.get(month, (None, None)) for month in months]
        values = [np.nan if seen is None or not size else seen / size for seen, size in parts]
        sizes = [np.nan if size is None else float(size) for _, size in parts]
        engine = chart(
            np.array([values]),
            profile=SHIPPED[profile],
            direction="neutral",
            kind=ChartKind(kind),
            sizes=Sizes(np.array([sizes])) if kind.startswith("p") else None,
        )
        lines = engine.limits.lines(engine.grid)
        assert rows["period"].to_pylist() == months
        for name, line in (("centre", lines.centre), ("lower", lines.lower), ("upper", lines.upper)):
            np.testing.assert_allclose(rows[name].to_numpy(), line[0], rtol=1e-12)
        assert rows["variation"].to_pylist() == [VARIATIONS[code] for code in engine.variation[0]]
        assert rows["rule"].to_pylist() == [
            None if code == NO_RULE else RULES[code] for code in engine.rule[0]
        ]


@given(columns=tables())
def test_units_beside_each_other_are_the_same_from_every_kind_of_frame(columns: Columns) -> None:
    names = [f"{ward} {month}" for ward, month in zip(columns["ward"], columns["month"], strict=True)]
    mine = {**columns, "unit": names, "all": [size + 1 for size in columns["all"]]}
    if sum(seen is not None for seen in mine["seen"]) == 0:
        return
    asked: dict[str, Any] = {"numerator": "seen", "denominator": "all", "unit": "unit"}
    for front in (funnel, proportion):
        try:
            plain = front(mine, **asked)
        except ValueError as told:
            assert "A total is no unit" in str(told)  # noqa: PT017 - by chance, one is all the others
            return
        for frame in (pd.DataFrame, pl.DataFrame, pa.table):
            assert front(frame(mine), **asked).table.equals(plain.table)


@given(
    days=st.lists(st.dates(dt.date(1999, 1, 1), dt.date(2030, 1, 1)), min_size=1, max_size=30, unique=True)
)
def test_periods_come_back_as_they_went_in(days: list[dt.date]) -> None:
    days.sort()
    try:
        found = spc([1.0] * len(days), days)
    except ValueError as told:
        assert "nearly every period between is empty" in str(told)  # noqa: PT017
        return
    given_back = found.table.filter(found.table["value"].is_valid())
    assert given_back["period"].to_pylist() == days
