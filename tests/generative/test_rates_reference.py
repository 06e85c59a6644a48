"""Rates of many areas at once, at any confidence, are as the slow reference has them one at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import intervals, rates
from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.rates.crude import mean
from trigpoint.analysis.rates.inequality import Bands, Kind, inequality
from trigpoint.analysis.rates.intervals import (
    Interval,
    byar,
    byar_mid_p,
    exact_binomial,
    exact_or_byar,
    exact_poisson,
    wilson,
)
from trigpoint.analysis.rates.standardised import (
    directly_standardised,
    directly_standardised_repeats,
    indirectly_standardised,
)
from trigpoint.analysis.whole.compare import Method, against_rest, apart

CONFIDENCES = st.one_of(st.sampled_from([0.5, 0.9, 0.95, 0.998, 0.9999]), st.floats(0.5, 0.9999))
COUNTS = st.one_of(
    st.integers(0, 30), st.integers(0, 1_500), st.floats(0.01, 400).map(lambda it: round(it, 2))
)

# ------------------------------------------------------------------------------------------- intervals


def same(found: Interval, expected: tuple[float, float]) -> None:
    assert [float(limit) for limit in found] == pytest.approx(expected, rel=1e-9, abs=1e-30)


@given(COUNTS, CONFIDENCES)
def test_limits_of_a_count(count: float, confidence: float) -> None:
    exact, near = rates.exact_poisson(count, confidence), rates.byar(count, confidence)
    same(exact_poisson(count, confidence), exact)
    same(byar(count, confidence), near)
    same(exact_or_byar(count, confidence), exact if count < 10 else near)
    mid = intervals.mid_p_byar(Fraction(count), rates.z_of(confidence))
    same(byar_mid_p(count, confidence), mid)
    assert exact[0] <= count <= exact[1]
    assert near[0] <= count <= near[1]


@given(st.integers(1, 60), st.data(), CONFIDENCES)
def test_exact_limits_of_a_proportion_in_whole_numbers(
    size: int, data: st.DataObject, confidence: float
) -> None:
    part = data.draw(st.integers(0, size))
    same(exact_binomial(part, size, confidence), rates.exact_binomial(part, size, confidence))


@given(st.floats(0.5, 300), st.floats(0, 1), CONFIDENCES)
def test_limits_of_a_proportion_whose_counts_are_not_whole(
    size: float, share: float, confidence: float
) -> None:
    part = round(size * share, 2)
    size = max(round(size, 2), part)
    same(exact_binomial(part, size, confidence), rates.exact_share(part, size, confidence))
    z = rates.z_of(confidence)
    found, expected = wilson(part, size, confidence), intervals.wilson(Fraction(part), Fraction(size), z)
    assert [float(limit) for limit in found] == pytest.approx(expected, rel=1e-9, abs=1e-15)
    assert found[0] <= part / size <= found[1]


@given(st.lists(st.floats(-1e3, 1e3).map(lambda it: round(it, 3)), min_size=2, max_size=12), CONFIDENCES)
def test_the_interval_of_a_mean(figures: list[float], confidence: float) -> None:
    found = mean(figures, confidence=confidence)
    numbers = [found.value[0], found.lower[0], found.upper[0]]
    most = max(map(abs, numbers))
    assert numbers == pytest.approx(rates.student(figures, confidence), rel=1e-9, abs=most * 1e-9)


@given(st.sampled_from(["proportion", "rate"]), st.data(), CONFIDENCES)
def test_the_interval_of_a_difference_at_any_confidence(
    method: Method, data: st.DataObject, confidence: float
) -> None:
    def group() -> tuple[int, int]:
        size = data.draw(st.integers(1, 2_000))
        return data.draw(st.integers(0, size)), size

    one, other = group(), group()
    parts = [(Fraction(part), Fraction(size)) for part, size in (one, other)]
    z = rates.z_of(confidence)
    found = apart(*one, *other, method, confidence)
    numbers = [float(found.difference), float(found.lower), float(found.upper)]
    assert numbers == pytest.approx(intervals.apart(parts[0], parts[1], method, z), rel=1e-9, abs=1e-12)
    whole = one[0] + other[0], one[1] + other[1]
    of_whole = against_rest(*one, *whole, method, confidence=confidence)
    left = other[1] / whole[1]
    assert float(of_whole.lower) == pytest.approx(left * numbers[1], rel=1e-9, abs=1e-12)
    assert float(of_whole.upper) == pytest.approx(left * numbers[2], rel=1e-9, abs=1e-12)


# ---------------------------------------------------------------------------------------- standardised

BANDS = ("0-14", "15-64", "65+")
Area = list[tuple[str, int, int]]


@st.composite
def areas(draw: st.DrawFn) -> list[Area]:
    """Areas, each a row for most bands: events and population; sometimes nobody, or no row at all."""

    def area() -> Area:
        rare = draw(st.sampled_from([2, 40, 4_000]))
        rows = []
        for band in BANDS:
            if not draw(st.integers(0, 11)):
                continue
            size = 0 if not draw(st.integers(0, 14)) else draw(st.integers(1, 90_000))
            rows.append((band, draw(st.integers(0, rare)) if size else 0, size))
        return rows or [(BANDS[0], 1, 1)]

    return [area() for _ in range(draw(st.integers(1, 5)))]


STANDARDS = st.lists(st.integers(0, 60_000), min_size=3, max_size=3).filter(any)


def table(given_areas: list[Area], shuffled: int) -> tuple[list[str], list[str], Floats, Floats]:
    rows = [(f"A{at}", *row) for at, area in enumerate(given_areas) for row in area]
    order = np.random.default_rng(shuffled).permutation(len(rows))
    names, bands, events, population = zip(*(rows[at] for at in order), strict=True)
    return list(names), list(bands), np.array(events, dtype=float), np.array(population, dtype=float)


@given(areas(), STANDARDS, CONFIDENCES, st.integers(0, 99))
def test_directly_standardised_rates(
    given_areas: list[Area], weights: list[int], confidence: float, order: int
) -> None:
    standard = {band: Fraction(weight) for band, weight in zip(BANDS, weights, strict=True)}
    names, bands, events, population = table(given_areas, order)
    found = directly_standardised(
        names, bands, events, population, {band: int(it) for band, it in standard.items()}, 1_000, confidence
    )
    assert len(found.area) == len(given_areas)
    for at, area in enumerate(given_areas):
        place = found.area.tolist().index(f"A{at}")
        rows = [(band, Fraction(count), Fraction(1), Fraction(size)) for band, count, size in area]
        compare_direct(
            [found.value[place], found.lower[place], found.upper[place]],
            str(found.status[place]),
            rates.direct(rows, standard, 1_000, confidence),
        )
        assert found.events[place] == sum(count for _, count, _ in area)
        assert found.population[place] == sum(size for _, _, size in area)


def compare_direct(numbers: list[float], status: str, expected: tuple[float, float, float] | str) -> None:
    if isinstance(expected, str):
        assert status == expected
        assert np.isnan(numbers).all()
    else:
        assert status == "given"
        assert numbers == pytest.approx(expected, rel=1e-9, abs=expected[2] * 1e-12)


@given(areas(), STANDARDS, CONFIDENCES, st.data())
def test_directly_standardised_rates_of_repeated_events(
    given_areas: list[Area], weights: list[int], confidence: float, data: st.DataObject
) -> None:
    standard = {band: Fraction(weight) for band, weight in zip(BANDS, weights, strict=True)}
    rows = [
        (f"A{at}", band, people, often, size)
        for at, area in enumerate(given_areas)
        for band, people, size in area
        for often in data.draw(st.sampled_from([(1,), (1, 2), (3,), (1, 2, 5)]))
    ]
    names, bands, people, often, population = zip(*rows, strict=True)
    found = directly_standardised_repeats(
        names,
        bands,
        people,
        often,
        population,
        {band: int(it) for band, it in standard.items()},
        1_000,
        confidence,
    )
    for place, name in enumerate(found.area):
        mine = [
            (band, Fraction(count), Fraction(times), Fraction(size))
            for area, band, count, times, size in rows
            if area == name
        ]
        numbers = [found.value[place], found.lower[place], found.upper[place]]
        expected = rates.direct(mine, standard, 1_000, confidence)
        compare_direct(numbers, str(found.status[place]), expected)


REFERENCES = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 90_000)), min_size=3, max_size=3)


@given(areas(), REFERENCES, CONFIDENCES, st.integers(0, 99))
def test_indirectly_standardised_ratios_and_rates(
    given_areas: list[Area], pairs: list[tuple[int, int]], confidence: float, order: int
) -> None:
    reference = dict(zip(BANDS, pairs, strict=True))
    exact = {band: (Fraction(cases), Fraction(people)) for band, (cases, people) in reference.items()}
    found = indirectly_standardised(*table(given_areas, order), reference, 1_000, confidence)
    for at, area in enumerate(given_areas):
        place = found.area.tolist().index(f"A{at}")
        rows = [(band, Fraction(count), Fraction(size)) for band, count, size in area]
        expected = rates.indirect(rows, exact, confidence)
        names = ("observed", "expected", "ratio", "ratio_lower", "ratio_upper")
        numbers = [float(getattr(found, name)[place]) for name in names]
        if isinstance(expected, str):
            assert found.status[place] == expected
            assert np.isnan(numbers[2:]).all()
            continue
        assert numbers == pytest.approx(expected[:5], rel=1e-9)
        assert found.value[place] == pytest.approx(1_000 * expected[5], rel=1e-9)
        assert found.lower[place] * numbers[2] == pytest.approx(found.value[place] * numbers[3], rel=1e-9)
        assert found.upper[place] * numbers[2] == pytest.approx(found.value[place] * numbers[4], rel=1e-9)


# ------------------------------------------------------------------------------------------ inequality


@st.composite
def deprived(draw: st.DrawFn) -> tuple[Kind, list[int], list[float], list[float]]:
    """A kind, and the people, the figures and half the width of the limits of five to ten bands."""
    kind: Kind = draw(st.sampled_from(["proportion", "rate", "mean"]))
    count = draw(st.integers(5, 10))
    people = draw(st.lists(st.integers(1, 10_000), min_size=count, max_size=count))
    low, high = {"proportion": (0.05, 0.95), "rate": (20.0, 400.0), "mean": (-30.0, 90.0)}[kind]
    values = draw(st.lists(st.floats(low, high), min_size=count, max_size=count))
    widths = draw(st.lists(st.floats(0.01, 0.1), min_size=count, max_size=count))
    return kind, people, values, [width * (high - low) / 2 for width in widths]


def columns(values: list[float], half: list[float]) -> tuple[Floats, Floats, Floats]:
    value, width = np.array(values), np.array(half)
    return value, value - width, value + width


@given(deprived(), st.booleans())
def test_indices_of_inequality(drawn: tuple[Kind, list[int], list[float], list[float]], first: bool) -> None:
    kind, people, values, half = drawn
    bands = range(1, len(people) + 1)
    rows = list(zip(bands, people, *columns(values, half), strict=True))
    rows = rows if first else rows[::-1]
    found = inequality(Bands(["X"] * len(rows), *zip(*rows, strict=True)), kind, repetitions=1_000)
    start, end = rates.fitted([Fraction(n) for n in people], [Fraction(value) for value in values])
    tolerance = 1e-9 * max(map(abs, values))
    assert found.most[0] == pytest.approx(float(start), abs=tolerance)
    assert found.least[0] == pytest.approx(float(end), abs=tolerance)
    assert found.slope[0] == pytest.approx(float(end - start), abs=2 * tolerance)
    assert found.slope_lower[0] < found.slope[0] < found.slope_upper[0]
    if min(start, end) > tolerance:
        assert found.relative[0] == pytest.approx(float(end / start), rel=1e-6)
    elif min(start, end) < -tolerance:
        assert np.isnan(found.relative[0])
        assert found.status[0] == "no_relative"


@given(deprived(), CONFIDENCES.filter(lambda it: it < 0.999))
def test_the_slope_of_means_has_the_limits_that_theory_gives(
    drawn: tuple[Kind, list[int], list[float], list[float]], confidence: float
) -> None:
    """A sum of normal figures is normal: nothing is left to the draws."""
    _, people, values, half = drawn
    found = inequality(
        Bands(["X"] * len(people), range(len(people)), people, *columns(values, half)),
        "mean",
        confidence=confidence,
        repetitions=2_000,
    )
    lines = [end - start for start, end in rates.unit_lines(people)]
    errors = [width / rates.z_of(0.95) for width in half]
    spread = math.hypot(*(line * error for line, error in zip(lines, errors, strict=True)))
    reach = rates.z_of(confidence) * spread
    assert found.slope_lower[0] == pytest.approx(found.slope[0] - reach, abs=1e-9 * (reach + 100))
    assert found.slope_upper[0] == pytest.approx(found.slope[0] + reach, abs=1e-9 * (reach + 100))


@pytest.mark.parametrize(
    ("kind", "values", "there", "back"),
    [
        ("rate", [310, 280, 240, 205, 150], math.log, math.exp),
        (
            "proportion",
            [0.31, 0.26, 0.24, 0.2, 0.15],
            lambda p: math.log(p / (1 - p)),
            lambda y: 1 / (1 + math.exp(-y)),
        ),
        ("mean", [71.5, 74, 77.5, 79, 82], float, float),
    ],
)
def test_simulated_limits_are_those_of_another_simulation(
    kind: Kind, values: list[float], there: Callable[[float], float], back: Callable[[float], float]
) -> None:
    people = [12_000, 9_000, 11_000, 8_000, 10_000]
    lower, upper = [it * 0.94 for it in values], [it * 1.07 for it in values]
    error = [(there(b) - there(a)) / (2 * rates.z_of(0.95)) for a, b in zip(lower, upper, strict=True)]
    found = inequality(Bands(["X"] * 5, [1, 2, 3, 4, 5], people, values, lower, upper), kind)
    slope, ratio = rates.simulated(people, [there(it) for it in values], error, back, 0.95)
    for ours, theirs in (
        ((found.slope_lower[0], found.slope_upper[0]), slope),
        ((found.relative_lower[0], found.relative_upper[0]), ratio),
    ):
        assert ours == pytest.approx(theirs, abs=0.02 * (theirs[1] - theirs[0]))


@settings(max_examples=10)
@given(st.integers(0, 2**32), st.integers(2, 5))
def test_an_areas_limits_are_its_own_whatever_others_there_are(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    share = rng.uniform(0.1, 0.4, (count, 6))
    names = np.repeat([f"A{at}" for at in range(count)], 6)
    band, people = np.tile(np.arange(6), count), rng.integers(100, 9_000, count * 6)

    def of(rows: slice) -> Bands:
        value = share.ravel()[rows]
        return Bands(names[rows], band[rows], people[rows], value, 0.9 * value, 1.1 * value)

    together = inequality(of(slice(None)), "proportion", seed=seed, repetitions=1_000)
    alone = inequality(of(slice(6, 12)), "proportion", seed=seed, repetitions=1_000)
    for name in ("slope_lower", "slope_upper", "relative_lower", "relative_upper"):
        assert getattr(together, name)[1] == getattr(alone, name)[0]
