"""Intervals of differences against published values, a slow second opinion, and what chance does."""

from __future__ import annotations

import csv
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle import intervals
from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.past.chance import DIFFERENCES
from trigpoint.analysis.rates.intervals import byar_mid_p, wilson
from trigpoint.analysis.whole.compare import Method, against_rest, apart, too_few

# ------------------------------------------------------------------------------------------ published


@pytest.mark.parametrize(
    ("one", "other", "difference", "lower", "upper"),
    [
        ((56, 70), (48, 80), 0.2000, 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.6000, 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.5714, 0.0582, 0.8062),
        ((5, 56), (0, 29), 0.0893, -0.0381, 0.1926),
        ((0, 10), (0, 20), 0.0000, -0.1611, 0.2775),
        ((0, 10), (0, 10), 0.0000, -0.2775, 0.2775),
        ((10, 10), (0, 20), 1.0000, 0.6791, 1.0000),
        ((10, 10), (0, 10), 1.0000, 0.6075, 1.0000),
    ],
)
def test_the_examples_of_newcombe(
    one: tuple[int, int], other: tuple[int, int], difference: float, lower: float, upper: float
) -> None:
    """Newcombe (1998), table II, method 10."""
    found = apart(*one, *other, method="proportion")
    assert found.difference == pytest.approx(difference, abs=5e-5)
    assert found.lower == pytest.approx(lower, abs=5.1e-5)
    assert found.upper == pytest.approx(upper, abs=5.1e-5)


def golden(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "golden" / name).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def column(rows: list[dict[str, str]], name: str) -> Floats:
    return np.array([float(row[name]) for row in rows])


def test_wilson_is_that_of_phe_indicator_methods(shared: Path) -> None:
    rows = golden(shared, "phe_proportion.csv")
    low, high = wilson(column(rows, "x"), column(rows, "n"))
    np.testing.assert_allclose(low, column(rows, "lower95_0cl"), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(high, column(rows, "upper95_0cl"), rtol=1e-9)


def test_mid_p_limits_of_a_rate_lie_within_those_of_phe_indicator_methods(shared: Path) -> None:
    """Which promise at least 95%, and so are wider: by half an event or so; by one where there is none."""
    rows = golden(shared, "phe_rate.csv")
    events = column(rows, "x")
    per = 100_000 / column(rows, "n")
    low, high = byar_mid_p(events)
    theirs = column(rows, "lower95_0cl") / per, column(rows, "upper95_0cl") / per
    assert (low >= theirs[0] - 1e-9).all()
    assert (high <= theirs[1] + 1e-9).all()
    assert (np.abs(high - theirs[1]) < np.where(events < 10, 1.3, 0.7)).all()


@pytest.mark.parametrize(
    ("events", "apart_by"), [(0, 0.54), (1, 0.3), (2, 0.2), (5, 0.13), (10, 0.09), (30, 0.06), (400, 0.02)]
)
def test_byars_limits_are_close_to_the_exact_mid_p_limits(events: int, apart_by: float) -> None:
    """Within a tenth of an event from ten on; of none, the upper limit is 2.46 and not 3.00."""
    low, high = byar_mid_p(events)
    exact = intervals.exact_mid_p(events)
    assert float(low) == pytest.approx(exact[0], abs=apart_by)
    assert float(high) == pytest.approx(exact[1], abs=apart_by)


# ---------------------------------------------------------------------------------- a second opinion

METHODS = st.sampled_from(["proportion", "rate"])


@st.composite
def units_of_a_whole(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]], list[tuple[int, int]]]:
    """Units, each with the rest of its whole."""
    method = draw(METHODS)

    def group() -> tuple[int, int]:
        size = draw(st.integers(1, 3_000))
        return draw(st.integers(0, size if method == "proportion" else 400)), size

    count = draw(st.integers(1, 6))
    return method, [group() for _ in range(count)], [group() for _ in range(count)]


@given(units_of_a_whole(), st.sampled_from([1.0, 100.0, 1000.0]))
def test_many_at_once_are_as_one_at_a_time(
    drawn: tuple[Any, list[tuple[int, int]], list[tuple[int, int]]], per: float
) -> None:
    method, units, others = drawn
    wholes = [(a + c, b + d) for (a, b), (c, d) in zip(units, others, strict=True)]
    (part, size), (whole_part, whole_size) = np.array(units).T, np.array(wholes).T
    found = against_rest(part, size, whole_part, whole_size, method, per)
    for at, (unit, whole) in enumerate(zip(units, wholes, strict=True)):
        parts = [(Fraction(above), Fraction(below)) for above, below in (unit, whole)]
        expected = [per * number for number in intervals.against_rest(parts[0], parts[1], method)]
        numbers = [found.difference[at], found.lower[at], found.upper[at]]
        assert numbers == pytest.approx(expected, rel=1e-9, abs=per * 1e-12)
        of_unit, of_whole = (per * above / below for above, below in (unit, whole))
        assert found.difference[at] == pytest.approx(of_unit - of_whole, rel=1e-9, abs=per * 1e-12)
        assert found.lower[at] <= found.difference[at] <= found.upper[at]


@given(st.integers(1, 500), st.data())
def test_turning_the_question_round_turns_the_answer_round(size: int, data: st.DataObject) -> None:
    """The share with and the share without differ from others by the same, the other way."""
    part, other_size = data.draw(st.integers(0, size)), data.draw(st.integers(1, 500))
    other = data.draw(st.integers(0, other_size))
    found = apart(part, size, other, other_size, "proportion")
    turned = apart(size - part, size, other_size - other, other_size, "proportion")
    assert float(found.difference) == pytest.approx(-float(turned.difference), abs=1e-12)
    assert float(found.lower) == pytest.approx(-float(turned.upper), abs=1e-12)
    assert float(found.upper) == pytest.approx(-float(turned.lower), abs=1e-12)


# ------------------------------------------------------------------------------------ what chance does

SHARES = (0.05, 0.1, 0.3, 0.5)
BAND = (0.03, 0.07)
Draw = Callable[[np.random.Generator, float, int], Floats]


def shares_that_differ(
    method: Method,
    title: str,
    rows: dict[str, tuple[Draw, Callable[[float], tuple[float, float]]]],
    runs: int,
) -> Floats:
    """How often, without any difference, the interval leaves zero out: a row a size, a column a share."""
    rng = np.random.default_rng(20261124)
    found = np.empty((len(rows), len(SHARES)))
    for at, (draw, sizes) in enumerate(rows.values()):
        for to, share in enumerate(SHARES):
            unit, rest = sizes(share)
            drawn = draw(rng, unit, runs), unit, draw(rng, rest, runs), rest
            found[at, to] = apart(*drawn, method=method).beyond_chance.mean()
    print(f"\n{title:32}" + "".join(f"{share:>8.0%}" for share in SHARES))
    for name, line in zip(rows, found, strict=True):
        print(f"{name:32}" + "".join(f"{cell:>8.2%}" for cell in line))
    return found


def proportions(runs: int) -> Floats:
    def of(size: int, p: float) -> tuple[Draw, Callable[[float], tuple[float, float]]]:
        return (
            lambda rng, n, count: rng.binomial(int(n), p, count).astype(float),
            lambda share: (round(size * share), size - round(size * share)),
        )

    rows = {
        f"{p:.0%} of a whole of {size:,}": of(size, p)
        for size in (400, 1_000, 4_000, 20_000)
        for p in (0.5, 0.75, 0.85, 0.9, 0.95)
    }
    return shares_that_differ("proportion", "proportions, by the unit's share", rows, runs)


def rates(runs: int) -> Floats:
    def of(events: float) -> tuple[Draw, Callable[[float], tuple[float, float]]]:
        """So many events expected in the unit, whose share is at most half."""
        return (
            lambda rng, days, count: rng.poisson(events * days / 1_000, count).astype(float),
            lambda share: (1_000, 1_000 * (1 - share) / share),
        )

    rows = {f"{events} events expected": of(events) for events in (5, 6, 8, 10, 20, 50, 200)}
    return shares_that_differ("rate", "rates, by the unit's share", rows, runs)


@pytest.mark.parametrize("table", [proportions, rates])
def test_where_nothing_differs_between_3_and_7_in_100_look_different(table: Callable[[int], Floats]) -> None:
    found = table(10_000)
    assert BAND[0] <= found.min() <= found.max() <= BAND[1]
    assert abs(found.mean() - DIFFERENCES) < 0.005


@pytest.mark.release
@pytest.mark.parametrize("table", [proportions, rates])
def test_the_same_with_a_million_runs(table: Callable[[int], Floats]) -> None:
    found = table(1_000_000)
    assert BAND[0] + 0.005 <= found.min() <= found.max() <= BAND[1] - 0.01
    assert abs(found.mean() - DIFFERENCES) < 0.004


def test_a_rest_of_a_few_people_would_be_flagged_too_often_if_it_were_judged() -> None:
    """Why a rest of fewer than 10 is too few: one person, where 80% of the unit is met."""
    rng = np.random.default_rng(20261124)
    units, rests = rng.binomial(2_000, 0.8, 20_000), rng.binomial(1, 0.8, 20_000)
    assert apart(units, 2_000, rests, 1, "proportion").beyond_chance.mean() > 0.09


def test_a_very_small_unit_of_a_nearly_perfect_whole_would_be_flagged_too_often() -> None:
    """Why fewer than one expected miss is too few: one of 10, where 98.5% of everyone else is met."""
    rng = np.random.default_rng(20261124)
    units, rests = (rng.binomial(size, 0.985, 20_000).astype(np.float64) for size in (10, 19_990))
    assert apart(units, 10, rests, 19_990, "proportion").beyond_chance.mean() > 0.12
    sizes = (np.full(20_000, float(size)) for size in (10, 19_990))
    assert too_few(units, next(sizes), rests, next(sizes), "proportion").mean() > 0.99


@pytest.mark.parametrize("share", [0.9, 0.95, 0.985, 0.995])
def test_from_one_expected_miss_on_chance_flags_no_more_than_one_in_ten(share: float) -> None:
    """The smallest units that are judged, of a whole of 20,000."""
    rng = np.random.default_rng(20261124)
    size = max(10, round(1 / (1 - share)) + 1)
    units, rests = rng.binomial(size, share, 40_000), rng.binomial(20_000 - size, share, 40_000)
    assert apart(units, size, rests, 20_000 - size, "proportion").beyond_chance.mean() < 0.10
