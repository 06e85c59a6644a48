"""Rates and their intervals against PHEindicatormethods 2.1.0's own output: every row of every file.

Each test says how many rows it compared, and fails where the file has any other number of them.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.rates.crude import mean, proportion, rate
from trigpoint.analysis.rates.inequality import Bands, Inequality, inequality
from trigpoint.analysis.rates.standardised import (
    EUROPEAN_2013,
    DirectRates,
    directly_standardised,
    directly_standardised_repeats,
    indirectly_standardised,
)
from trigpoint.analysis.rates.status import RateStatus

ROWS = {
    "phe_proportion": 145,
    "phe_proportion_90_pct": 145,
    "phe_rate": 124,
    "phe_mean": 5,
    "phe_mean_input": 150,
    "dsr_input": 475,
    "dsr_output": 25,
    "dsr_nonindep_input": 171,
    "dsr_nonindep_output": 3,
    "isr_reference": 19,
    "isratio_output": 25,
    "israte_output": 25,
    "sii_input": 120,
    "sii_output": 12,
}
LEVELS = {"95_0": 0.95, "99_8": 0.998}
METHODS = {"Exact": "exact", "Byars": "byar", "Wilson": "wilson"}
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def golden(shared: Path) -> Mapping[str, Rows]:
    found: dict[str, Rows] = {}
    for name in ROWS:
        with (shared / f"golden/{name}.csv").open(encoding="utf-8", newline="") as text:
            found[name] = list(csv.DictReader(text))
    return found


def column(rows: Rows, name: str) -> Floats:
    """A column of numbers; an empty cell is NaN."""
    return np.array([float(row[name] or "nan") for row in rows])


def text(rows: Rows, name: str) -> list[str]:
    return [row[name] for row in rows]


def agree(found: object, rows: Rows, names: Mapping[str, str], at: Sequence[int] | None = None) -> None:
    """Our columns, by name, are theirs; in the rows ``at``, or in all."""
    for ours, theirs in names.items():
        numbers = np.asarray(getattr(found, ours), dtype=np.float64)
        picked = numbers if at is None else numbers[at]
        np.testing.assert_allclose(picked, column(rows, theirs), rtol=1e-9, atol=0, err_msg=theirs)


def places(names: Any, rows: Rows, key: str) -> list[int]:
    """Where each of their rows stands among ours; every one of ours has its row."""
    at = [names.tolist().index(row[key]) for row in rows]
    assert sorted(at) == list(range(len(names)))
    return at


def test_no_row_is_left_out(golden: Mapping[str, Rows]) -> None:
    assert {name: len(rows) for name, rows in golden.items()} == ROWS


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("name", "figure"), [("phe_proportion", proportion), ("phe_rate", rate)])
def test_every_proportion_and_crude_rate(
    golden: Mapping[str, Rows], level: str, name: str, figure: Any
) -> None:
    rows = golden[name]
    found = figure(column(rows, "x"), column(rows, "n"), confidence=LEVELS[level])
    agree(found, rows, {"value": "value", "lower": f"lower{level}cl", "upper": f"upper{level}cl"})
    assert found.method.tolist() == [METHODS[method] for method in text(rows, "method")]
    assert found.value.shape == (ROWS[name],)


def test_every_proportion_at_90_per_cent_confidence_in_per_cent(golden: Mapping[str, Rows]) -> None:
    rows = golden["phe_proportion_90_pct"]
    found = proportion(column(rows, "x"), column(rows, "n"), per=100, confidence=0.9)
    agree(found, rows, {"value": "value", "lower": "lowercl", "upper": "uppercl"})
    assert found.value.shape == (ROWS["phe_proportion_90_pct"],)


@pytest.mark.parametrize("level", LEVELS)
def test_every_mean(golden: Mapping[str, Rows], level: str) -> None:
    figures, rows = golden["phe_mean_input"], golden["phe_mean"]
    found = mean(column(figures, "value"), text(figures, "group"), LEVELS[level])
    names = {"value": "value", "count": "value_count", "deviation": "stdev"}
    limits = {"lower": f"lower{level}cl", "upper": f"upper{level}cl"}
    agree(found, rows, names | limits, places(found.group, rows, "group"))
    np.testing.assert_allclose(found.value * found.count, column(rows, "value_sum"), rtol=1e-9)
    assert found.count.sum() == ROWS["phe_mean_input"]


def standard(rows: Rows) -> dict[int, float]:
    return {int(row["band"]): float(row["stdpop"]) for row in rows}


def bands(rows: Rows) -> list[int]:
    return [int(row["band"]) for row in rows]


DIRECT = {"events": "total_count", "population": "total_pop", "value": "value"}


@pytest.mark.parametrize("level", LEVELS)
def test_every_directly_standardised_rate(golden: Mapping[str, Rows], level: str) -> None:
    given, rows = golden["dsr_input"], golden["dsr_output"]
    events, population = column(given, "x"), column(given, "n")
    weights = standard(given)
    assert list(weights.values()) == list(EUROPEAN_2013.values())
    found = directly_standardised(
        text(given, "area"), bands(given), events, population, weights, confidence=LEVELS[level]
    )
    limits = {"lower": f"lower{level}cl", "upper": f"upper{level}cl"}
    at = places(found.area, rows, "area")
    agree(found, rows, DIRECT | limits, at)
    assert_blank_where_we_say_why(found, rows, at)


def assert_blank_where_we_say_why(found: DirectRates, rows: Rows, at: Sequence[int]) -> None:
    blank = [row["value"] == "" for row in rows]
    assert [status == RateStatus.TOO_FEW_EVENTS for status in found.status[at]] == blank
    assert [bool(sentence) for sentence in found.sentence[at]] == blank
    assert sum(blank) == 1


def test_every_directly_standardised_rate_of_repeated_events(golden: Mapping[str, Rows]) -> None:
    given, rows = golden["dsr_nonindep_input"], golden["dsr_nonindep_output"]
    people, often, population = (column(given, name) for name in ("x", "eventfreq", "n"))
    found = directly_standardised_repeats(
        text(given, "area"), bands(given), people, often, population, standard(given)
    )
    names = DIRECT | {"lower": "lowercl", "upper": "uppercl"}
    agree(found, rows, names, places(found.area, rows, "area"))
    assert len(found.area) == ROWS["dsr_nonindep_output"]


@pytest.mark.parametrize("level", LEVELS)
def test_every_indirectly_standardised_ratio_and_rate(golden: Mapping[str, Rows], level: str) -> None:
    given = golden["dsr_input"]
    reference = {
        int(row["band"]): (float(row["x_ref"]), float(row["n_ref"])) for row in golden["isr_reference"]
    }
    events, population = column(given, "x"), column(given, "n")
    found = indirectly_standardised(
        text(given, "area"), bands(given), events, population, reference, confidence=LEVELS[level]
    )
    for name, ours in (
        ("isratio_output", ("ratio", "ratio_lower", "ratio_upper")),
        ("israte_output", ("value", "lower", "upper")),
    ):
        rows = golden[name]
        at = places(found.area, rows, "area")
        theirs = ("value", f"lower{level}cl", f"upper{level}cl")
        counts = {"observed": "observed", "expected": "expected"}
        agree(found, rows, dict(zip(ours, theirs, strict=True)) | counts, at)
        assert found.method[at].tolist() == [METHODS[method] for method in text(rows, "method")]
        assert len(at) == ROWS[name]


def indices(given: Rows, level: str) -> Inequality:
    columns = [column(given, name) for name in ("Decile", "Measured", "p", "lo", "hi")]
    return inequality(
        Bands(text(given, "AreaCode"), *columns), "proportion", seed=1, confidence=LEVELS[level]
    )


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("index", "theirs"), [("slope", "sii"), ("relative", "rii")])
def test_every_index_of_inequality_and_limits_within_2_per_cent_of_the_width(
    golden: Mapping[str, Rows], level: str, index: str, theirs: str
) -> None:
    rows = golden["sii_output"]
    found = indices(golden["sii_input"], level)
    at = places(found.area, rows, "AreaCode")
    agree(found, rows, {index: theirs}, at)
    lower, upper = (column(rows, f"{theirs}_{end}{level}cl") for end in ("lower", "upper"))
    for end, limit in (("lower", lower), ("upper", upper)):
        apart = np.abs(getattr(found, f"{index}_{end}")[at] - limit) / (upper - lower)
        assert apart.max() < 0.02, f"{theirs} {end}: {apart.max():.2%}"
    assert len(at) == ROWS["sii_output"]
