"""The fast charts against the slow second opinion, on series that real life and its accidents make."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.finding import Rule, Variation
from trigpoint.analysis.history import NEVER
from trigpoint.analysis.past.latest import latest
from trigpoint.analysis.past.limits import STATUSES
from trigpoint.analysis.past.reference import Judged, judge
from trigpoint.analysis.past.rules import RULES
from trigpoint.analysis.past.variation import NO_RULE, VARIATIONS, chart
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import SHIPPED, RuleProfile

Figures = list[float | None]
Drawn = tuple[list[Figures], list[list[int]], list[list[bool]]]
"""Series, their segments, and their excluded points."""

LEVELS = st.sampled_from([0.0, 1.0, 50.0, 75.3, -20.0, 1e9])
STEPS = {
    "counts": st.integers(0, 4).map(float),  # many ties
    "percentages": st.integers(0, 1000).map(lambda n: n / 10),
    "waves": st.sampled_from([-1.0, 0.0, 0.1, 0.2, 1.0]),
    "anything": st.floats(-1e6, 1e6, allow_nan=False),
}
SCALES = st.sampled_from([1.0, 1.0, 1.0, 1e-9, 1e-120, 1e120])


@st.composite
def figures(draw: st.DrawFn, length: int) -> Figures:
    """Noise, stretches that hold still, stretches that drift, and gaps, at any scale."""
    series: Figures = []
    scale = draw(SCALES)
    while len(series) < length:
        level, size = draw(LEVELS), draw(st.integers(1, 15))
        kind = draw(st.sampled_from(["constant", "drift", "gap", *STEPS]))
        if kind == "gap":
            series += [None] * min(size, 3)
        elif kind == "constant":
            series += [level * scale] * size
        elif kind == "drift":
            step = draw(st.sampled_from([-1.0, 0.3, 2.0]))
            series += [(level + step * i) * scale for i in range(size)]
        else:
            series += [
                (level + noise) * scale for noise in draw(st.lists(STEPS[kind], min_size=size, max_size=size))
            ]
    return series[:length]


@st.composite
def many_series(draw: st.DrawFn) -> Drawn:
    months = draw(st.one_of(st.sampled_from([1, 2, 12, 13, 14]), st.integers(1, 45)))
    rows = draw(st.integers(1, 3))
    flags = st.lists(st.integers(0, 19).map(lambda n: n == 0), min_size=months, max_size=months)
    series = [draw(figures(months)) for _ in range(rows)]
    segments = [list(np.cumsum(draw(flags))) for _ in range(rows)]
    return series, segments, [draw(flags) for _ in range(rows)]


XMR = [profile for profile in SHIPPED.values() if profile.charts == "individuals"]
profiles = st.sampled_from(XMR).flatmap(
    lambda profile: st.sampled_from(
        [
            profile,
            profile.model_copy(update={"minimum_points": 5, "minimum_ranges": 2}),
            profile.model_copy(update={"shift": 6, "trend": 6}),
        ]
    )
)
directions: st.SearchStrategy[Direction] = st.sampled_from(["up", "down", "neutral"])
baselines = st.sampled_from([None, None, 12, 15])
HUNDRED_THEN_A_DIP: Drawn = (
    [[*[1.0] * 20, 0.99, 1.0, 1.0, 0.98, 1.0]],
    [[0] * 25],
    [[False] * 25],
)
FEW_RANGES: Drawn = ([[49.0, 51.0, None] * 5 + [49.0, None, 51.0, None, 49.0]], [[0] * 20], [[False] * 20])


@given(many_series(), profiles, directions, baselines)
@example(FEW_RANGES, SHIPPED["nhs-england"], "up", None)
@example(HUNDRED_THEN_A_DIP, SHIPPED["plot-the-dots"], "up", None)
@example(HUNDRED_THEN_A_DIP, SHIPPED["plot-the-dots"], "up", 12)
@example(([[None] * 15], [[0] * 15], [[False] * 15]), SHIPPED["nhs-england"], "up", None)
def test_the_fast_charts_agree_with_the_slow_ones(
    drawn: Drawn, profile: RuleProfile, direction: Direction, baseline: int | None
) -> None:
    series, segments, excluded = drawn
    fast = chart(
        _array(series),
        np.array(segments),
        np.array(excluded),
        profile=profile,
        direction=direction,
        baseline=baseline,
    )
    limits = fast.limits
    status, points = fast.grid.spread(limits.status), fast.grid.spread(limits.points)
    found = limits.lines(fast.grid)
    lines = np.stack([found.centre, found.lower, found.upper], axis=-1)
    for row, figures in enumerate(series):
        slow = judge(figures, segments[row], excluded[row], profile, direction, baseline)
        for month, expected in enumerate(slow):
            event(f"{expected.status}, {expected.rule}")
            at = (row, month)
            _same_words(status[at], points[at], fast.variation[at], fast.rule[at], expected)
            _same_lines(lines[at], expected, figures)


@pytest.mark.parametrize("profile", XMR, ids=str)
def test_they_agree_wherever_a_rule_fires(profile: RuleProfile) -> None:
    """Sixty months of noise that drifts and has gaps: enough that every rule fires, both ways, many times."""
    rng = np.random.default_rng(3)
    values = rng.normal(0, 1, (60, 60)) + np.cumsum(rng.normal(0, 0.25, (60, 60)), axis=1)
    values[:20] = np.sort(values[:20].reshape(20, 5, 12), axis=2).reshape(20, 60)  # long rises
    values[10:20] *= -1  # and long falls
    values[rng.random(values.shape) < 0.02] = np.nan
    fast = chart(values.round(1), profile=profile, direction="up")
    fired: Counter[tuple[Variation, Rule | None]] = Counter()
    for row, of_row in enumerate(values.round(1).tolist()):
        figures = [None if math.isnan(figure) else figure for figure in of_row]
        slow = judge(figures, [0] * 60, [False] * 60, profile, "up")
        for month, expected in enumerate(slow):
            at = (row, month)
            fired[expected.variation, expected.rule] += 1
            _same_words(
                fast.limits.status[row], fast.limits.points[row], fast.variation[at], fast.rule[at], expected
            )
    both_ways = (Variation.IMPROVEMENT_HIGH, Variation.CONCERN_LOW)
    assert (
        min(fired[variation, rule] for variation in both_ways for rule in map(Rule, profile.in_use)) >= 10
    ), fired


@given(many_series(), profiles, directions, baselines)
def test_each_month_is_judged_by_what_was_known_then(
    drawn: Drawn, profile: RuleProfile, direction: Direction, baseline: int | None
) -> None:
    series, segments, excluded = drawn
    row, month = (places.ravel() for places in np.indices((len(series), len(series[0]))))
    fast = latest(
        _array(series),
        np.array(segments),
        np.array(excluded),
        row,
        month,
        profile=profile,
        direction=direction,
        baseline=baseline,
    )
    for i, (r, m) in enumerate(zip(row, month, strict=True)):
        until = slice(0, m + 1)
        slow = judge(series[r][until], segments[r][until], excluded[r][until], profile, direction, baseline)
        _same_words(fast.status[i], fast.points[i], fast.variation[i], fast.rule[i], slow[-1])
        _same_lines(np.array([fast.centre[i], fast.lower[i], fast.upper[i]]), slow[-1], series[r])
        current = [j for j in range(m + 1) if segments[r][j] == segments[r][m]]
        points = [j for j in current if series[r][j] is not None and not excluded[r][j]]
        assert fast.began[i] == (points[0] if points else NEVER)
        assert fast.since[i] == _since(slow, current[0])


def _since(slow: list[Judged], start: int) -> int:
    last = slow[-1].variation
    if last in (Variation.COMMON, Variation.NOT_ASSESSED):
        return NEVER
    since = len(slow) - 1
    while since > start and slow[since - 1].variation is last:
        since -= 1
    return since


def _array(series: list[Figures]) -> Floats:
    return np.array([[np.nan if figure is None else figure for figure in of_one] for of_one in series])


def _same_words(status: int, points: int, variation: int, rule: int, expected: Judged) -> None:
    found_rule = None if rule == NO_RULE else RULES[rule]
    found = (STATUSES[status], points, VARIATIONS[variation], found_rule)
    assert found == (expected.status, expected.points, expected.variation, expected.rule)


def _same_lines(found: Floats, expected: Judged, figures: Figures) -> None:
    lines = [math.nan if line is None else line for line in (expected.mean, expected.lower, expected.upper)]
    largest = max((abs(figure) for figure in figures if figure is not None), default=0.0)
    np.testing.assert_allclose(found, lines, rtol=1e-9, atol=1e-9 * largest)
