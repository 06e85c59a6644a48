"""The fast charts against the slow second opinion, on series that real life and its accidents make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from tests.second_opinion import Batch, agree, agree_on_the_latest, altered
from trigpoint.analysis.arrays import Bools, Floats, Ints
from trigpoint.analysis.finding import Rule
from trigpoint.analysis.past.kinds import SIZED, SPREAD
from trigpoint.analysis.past.variation import Sizes
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import SHIPPED, ChartKind, RuleProfile

Figures = list[float]
NONE = float("nan")

LEVELS = st.sampled_from([0.0, 1.0, 50.0, 75.3, -20.0, 1e9])
STEPS = {
    "counts": st.integers(0, 4).map(float),  # many ties
    "percentages": st.integers(0, 1000).map(lambda n: n / 10),
    "waves": st.sampled_from([-1.0, 0.0, 0.1, 0.2, 1.0]),
    "anything": st.floats(-1e6, 1e6, allow_nan=False),
}
SCALES = st.sampled_from([1.0, 1.0, 1.0, 1e-9, 1e-120, 1e120])
OF_ANY_SIZE = (ChartKind.I, ChartKind.RUN, ChartKind.MR)
"""The kinds whose figures may be below zero, huge or tiny."""
SUBGROUPS = (ChartKind.XBAR, ChartKind.S)
SHARES = (ChartKind.P, ChartKind.P_PRIME)


@st.composite
def figures(draw: st.DrawFn, length: int, scale: float = 1.0) -> Figures:
    """Noise, stretches that hold still, stretches that drift, alternate or keep apart, and gaps."""
    series: Figures = []
    while len(series) < length:
        level, size = draw(LEVELS), draw(st.integers(1, 16))
        kind = draw(st.sampled_from(["constant", "drift", "turns", "gap", *STEPS]))
        if kind == "gap":
            made = [NONE] * min(size, 3)
        elif kind == "constant":
            made = [level] * size
        elif kind == "drift":
            step = draw(st.sampled_from([-1.0, 0.3, 2.0]))
            made = [level + step * i for i in range(size)]
        elif kind == "turns":
            made = [level + (1.0 if i % 2 else -1.0) for i in range(size)]
        else:
            made = [level + noise for noise in draw(st.lists(STEPS[kind], min_size=size, max_size=size))]
        series += [figure * scale for figure in made]
    return series[:length]


@st.composite
def profiles(draw: st.DrawFn) -> RuleProfile:
    """One that ships, or one with some of its fields altered."""
    profile = draw(st.sampled_from(list(SHIPPED.values())))
    if draw(st.booleans()):
        return profile
    names = draw(st.sets(st.sampled_from(sorted(RuleProfile.model_fields)), max_size=10))

    def chosen(name: str, options: Sequence[object]) -> object:
        return draw(st.sampled_from(options)) if name in names else ...

    return altered(profile, chosen)


@st.composite
def sized(draw: st.DrawFn, kind: ChartKind, shape: tuple[int, int]) -> Sizes:
    """Sizes of 0, of one and unknown among them; deviations that are unknown or nothing."""
    some = (
        [0.0, NONE, 1.0, 2.0, 5.0, 5.0, 9.0] if kind in SUBGROUPS else [0.0, NONE, 0.5, 1.0, 3.0, 40.0, 1e6]
    )
    usual = draw(st.sampled_from(some[2:]))
    size = st.sampled_from([usual, usual, usual, *some])
    of = _array(draw(_grid_of(size, shape)))
    deviations = None
    if kind in SPREAD:
        spread = st.sampled_from([NONE, 0.0, 0.1, 1.0, 1.0, 2.5])
        deviations = _array(draw(_grid_of(spread, shape)))
    return Sizes(of, 1.0 if kind in SUBGROUPS else draw(st.sampled_from([1.0, 100.0])), deviations)


def _grid_of(one: st.SearchStrategy[Any], shape: tuple[int, int]) -> st.SearchStrategy[list[list[Any]]]:
    rows, months = shape
    return st.lists(st.lists(one, min_size=months, max_size=months), min_size=rows, max_size=rows)


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """Up to three series of one kind of chart, with re-bases, exclusions and baselines."""
    kind = draw(st.sampled_from(ChartKind))
    shape = draw(st.integers(1, 3)), draw(st.one_of(st.sampled_from([1, 2, 12, 13, 14]), st.integers(1, 45)))
    scale = draw(SCALES) if kind in OF_ANY_SIZE else 1.0
    sizes = draw(sized(kind, shape)) if kind in SIZED else None
    rare = st.integers(0, 19).map(lambda n: n == 0)
    values = _array([draw(figures(shape[1], scale)) for _ in range(shape[0])])
    baselines = st.one_of(st.none(), st.sampled_from([1, 12, 15]), _grid_of(st.booleans(), shape).map(_flags))
    return Batch(
        kind,
        draw(profiles()),
        draw(st.sampled_from(("up", "down", "neutral"))),
        _shown(values, kind, sizes),
        np.cumsum(_flags(draw(_grid_of(rare, shape))), axis=1),
        _flags(draw(_grid_of(rare, shape))),
        draw(baselines),
        sizes,
    )


def _array(rows: list[Figures]) -> Floats:
    return np.array(rows, dtype=np.float64)


def _flags(rows: list[list[bool]]) -> Bools:
    return np.array(rows, dtype=np.bool_)


def _shown(values: Floats, kind: ChartKind, sizes: Sizes | None) -> Floats:
    """Figures as a kind of chart can show them: counts, shares of a whole, deviations of no negative size."""
    if kind in OF_ANY_SIZE or kind is ChartKind.XBAR:
        return values
    if sizes is None or kind is ChartKind.S:
        return np.asarray(np.abs(values))
    size = np.where(sizes.of > 0, sizes.of, 1.0)
    most = size if kind in SHARES else 3 * size
    parts = np.minimum(np.abs(np.round(values)), most)
    return np.asarray(np.minimum(parts / size, 1.0 if kind in SHARES else np.inf) * sizes.scale)


def of_individuals(rows: list[Figures], profile: str, baseline: int | None = None) -> Batch:
    values = _array(rows)
    nothing: Ints = np.zeros(values.shape, dtype=np.int64)
    return Batch(ChartKind.I, SHIPPED[profile], "up", values, nothing, nothing > 0, baseline)


HUNDRED_THEN_A_DIP = [[*[1.0] * 20, 0.99, 1.0, 1.0, 0.98, 1.0]]
FEW_RANGES = [[49.0, 51.0, NONE] * 5 + [49.0, NONE, 51.0, NONE, 49.0]]


@given(batches())
@example(of_individuals(FEW_RANGES, "nhs-england"))
@example(of_individuals(HUNDRED_THEN_A_DIP, "plot-the-dots"))
@example(of_individuals(HUNDRED_THEN_A_DIP, "plot-the-dots", 12))
@example(of_individuals([[NONE] * 15], "nhs-england"))
def test_the_fast_charts_agree_with_the_slow_ones(batch: Batch) -> None:
    met = agree(batch)
    for word in chain(met.series, met.status, (f"{rule} {way}" for rule, way in met.fired)):
        event(str(word))


@given(batches())
def test_each_month_is_judged_by_what_was_known_then(batch: Batch) -> None:
    row, month = (places.ravel() for places in np.indices(batch.values.shape))
    agree_on_the_latest(batch, row, month)


@pytest.mark.parametrize("profile", SHIPPED.values(), ids=str)
def test_they_agree_wherever_a_rule_fires(profile: RuleProfile) -> None:
    """Sixty months of noise that drifts and has gaps: enough that every rule fires, both ways, many times."""
    rng = np.random.default_rng(3)
    values = rng.normal(0, 1, (80, 60)) + np.cumsum(rng.normal(0, 0.25, (80, 60)), axis=1)
    values[:20] = np.sort(values[:20].reshape(20, 5, 12), axis=2).reshape(20, 60)  # long rises
    values[10:20] *= -1  # and long falls
    values[60:70] = np.where(np.arange(60) % 2, 1, -1) * rng.uniform(1, 2, (10, 60))  # up and down by turns
    values[70:, :40] /= 8  # close to the centre
    values[rng.random(values.shape) < 0.02] = np.nan
    segments: Ints = np.zeros(values.shape, dtype=np.int64)
    direction: Direction = "up"
    met = agree(Batch(ChartKind.I, profile, direction, values.round(1), segments, segments > 0))
    least = Counter({(rule, way): 10 for rule in map(Rule, profile.in_use) for way in ("up", "down")})
    assert met.fired >= least, met.fired
