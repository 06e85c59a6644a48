"""Cautions and re-base proposals against the slow second opinion, on series that real life makes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from tests.generative.test_spc_reference import figures as figures_of
from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.caution import Caution
from trigpoint.analysis.history import NEVER
from trigpoint.analysis.past.cautions import CAUTIONS, Counted, Found, Limited, Parts, cautions
from trigpoint.analysis.past.cautions_reference import Told, alike, noted, seasonal
from trigpoint.analysis.past.proposals import VERDICTS, Proposals, proposals
from trigpoint.analysis.past.proposals_reference import Opinion, weigh
from trigpoint.analysis.past.reference import judge
from trigpoint.analysis.proposal import Weighed
from trigpoint.definitions.profile import SHIPPED, RuleProfile

NHS = SHIPPED["nhs-england"]
Figures = list[float | None]
Drawn = tuple[list[Figures], list[list[int]], list[list[bool]]]
"""Series, their segments, and their excluded points."""

XMR = [profile for profile in SHIPPED.values() if profile.charts == "individuals"]
ALTERED: list[dict[str, object]] = [{}, {"minimum_points": 5, "minimum_ranges": 2}, {"shift": 6, "trend": 6}]
profiles = st.builds(
    lambda profile, changes: profile.model_copy(update=changes),
    st.sampled_from(XMR),
    st.sampled_from(ALTERED),
)
SHORT: Drawn = ([[50.0]], [[0]], [[False]])


@st.composite
def many_series(draw: st.DrawFn) -> Drawn:
    months = draw(st.one_of(st.sampled_from([1, 2, 12, 13, 14]), st.integers(1, 45)))
    rows = draw(st.integers(1, 3))
    flags = st.lists(st.integers(0, 19).map(lambda n: n == 0), min_size=months, max_size=months)
    scale = draw(st.sampled_from([1.0, 1.0, 1e-9, 1e120]))
    series = [[None if np.isnan(it) else it for it in draw(figures_of(months, scale))] for _ in range(rows)]
    segments = [list(np.cumsum(draw(flags))) for _ in range(rows)]
    return series, segments, [draw(flags) for _ in range(rows)]


@st.composite
def long_series(draw: st.DrawFn) -> Drawn:
    """Two to five years with what there is to find: a step, a drift, a season, neighbours alike, gaps."""
    months = draw(st.integers(24, 60))
    noise = draw(st.integers(0, 10_000).map(np.random.default_rng))
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        time = np.arange(months)
        alike_by = draw(st.sampled_from([0.0, 0.0, 0.6]))
        left = noise.normal(size=months)
        for i in range(1, months):
            left[i] += alike_by * left[i - 1]
        level = draw(st.sampled_from([0.0, 1.5, 3.0])) * (time >= draw(st.integers(5, months)))
        drift = draw(st.sampled_from([0.0, 0.0, 0.15])) * time
        season = draw(st.sampled_from([0.0, 0.0, 2.0])) * np.sin(2 * np.pi * time / 12)
        figures = (50 + level + drift + season + left).round(draw(st.sampled_from([0, 1, 9])))
        holes = noise.random(months) < draw(st.sampled_from([0.0, 0.0, 0.05]))
        rows.append([None if hole else float(it) for it, hole in zip(figures, holes, strict=True)])
    starts = [draw(st.sampled_from([months, 3, months // 3])) for _ in rows]
    out = [draw(st.integers(0, months * 2)) for _ in rows]
    return (
        rows,
        [[int(i >= start) for i in range(months)] for start in starts],
        [[i == one for i in range(months)] for one in out],
    )


every_kind = st.one_of(long_series(), long_series(), many_series())
places = st.sampled_from([12, 12, 4, 1])


@given(every_kind, profiles, places, st.sampled_from(["proportion", "rate", "count"]), st.integers(0, 10_000))
@example(SHORT, NHS, 12, "rate", 0)
def test_cautions_agree_with_the_slow_opinion(
    drawn: Drawn, profile: RuleProfile, kinds: int, counted: Counted, seed: int
) -> None:
    series, segments, excluded = drawn
    months = len(series[0])
    season = [i % kinds for i in range(months)]
    denominators, numerators = _parts(np.random.default_rng(seed), len(series), months)
    lines = [judge(of, segments[i], excluded[i], profile, "up")[-1] for i, of in enumerate(series)]
    lower, upper = (
        np.array([math.nan if line is None else line for line in side])
        for side in ([one.lower for one in lines], [one.upper for one in lines])
    )
    found = cautions(
        _array(series),
        np.array(segments),
        np.array(excluded),
        Limited(lower, upper, 0.0, 100.0),
        parts=Parts(numerators, denominators, counted),
        season=np.array(season),
        profile=profile,
    )
    for row, figures in enumerate(series):
        parts = [*zip(map(_known, numerators[row]), map(_known, denominators[row]), strict=True)]
        told = Told(
            figures,
            segments[row],
            excluded[row],
            season,
            lines[row].lower,
            lines[row].upper,
            (0.0, 100.0),
            parts,
            counted,
        )
        expected = noted(told, profile)
        for caution in expected:
            event(caution)
        assert {CAUTIONS[i] for i in np.flatnonzero(found.noted[row])} == expected
        _same_numbers(found, row, told)


def _same_numbers(found: Found, row: int, told: Told) -> None:
    of_year = seasonal(told.figures, told.segments, told.excluded, told.season)
    numbers = (math.nan, math.nan) if of_year is None else (of_year.f, of_year.share)
    if of_year is None or of_year.f < 1e6:  # beyond, what is left is rounding
        np.testing.assert_allclose(
            (found.seasons.f[row], found.seasons.share[row]), numbers, rtol=1e-6, atol=1e-9
        )
    if not found.seasons.strong[row]:
        current = [i for i in range(len(told.figures)) if told.segments[i] == told.segments[-1]]
        plain = [None if told.excluded[i] else told.figures[i] for i in current]
        together = alike(plain)
        numbers = (math.nan, math.nan) if together is None else together[:2]
        alike_ = (found.neighbours.correlation[row], found.neighbours.further[row])
        np.testing.assert_allclose(alike_, numbers, rtol=1e-6, atol=1e-9)


def _parts(rng: np.random.Generator, rows: int, months: int) -> tuple[Floats, Floats]:
    """Denominators and numerators of any size, some unknown."""
    size = 10.0 ** rng.uniform(0, 3, (rows, 1))
    denominators = np.ceil(size * np.exp(rng.normal(0, rng.choice([0.05, 0.5]), (rows, months))))
    numerators = rng.binomial(denominators.astype(int), rng.uniform(0, 1, (rows, 1))).astype(float)
    unknown = rng.random((rows, months)) < 0.02
    return np.where(unknown, np.nan, denominators), np.where(unknown, np.nan, numerators)


@given(every_kind, profiles, st.sampled_from([None, None, 12, 15]), st.booleans())
@example(SHORT, NHS, None, False)
def test_proposals_agree_with_the_slow_opinion(
    drawn: Drawn, profile: RuleProfile, baseline: int | None, seasonal: bool
) -> None:
    series, segments, excluded = drawn
    of_year = np.array([seasonal and row == 0 for row in range(len(series))])
    found = proposals(
        _array(series),
        np.array(segments),
        np.array(excluded),
        profile=profile,
        baseline=baseline,
        seasonal=of_year,
    )
    for row, figures in enumerate(series):
        expected = weigh(
            figures, segments[row], excluded[row], profile, baseline, seasonal=bool(of_year[row])
        )
        event(expected.verdict)
        _same(found, row, expected)


@pytest.mark.parametrize("months", [30, 48])
def test_they_agree_wherever_anything_is_weighed(months: int) -> None:
    """Steps, bumps and drifts in noise: every verdict is reached, many times."""
    rng = np.random.default_rng(11)
    time = np.arange(months)
    start, length = rng.integers(8, months, (2, 300, 1))
    size = rng.choice([0.0, 1.0, 2.0, -2.0], (300, 1))
    values = rng.normal(size=(300, months)) + size * ((time >= start) & (time < start + length))
    values += rng.choice([0.0, 0.0, 0.1], (300, 1)) * time
    none = np.zeros(values.shape, dtype=np.int64)
    found = proposals(values, none, none > 0, profile=NHS)
    verdicts = []
    for row, of_row in enumerate(values.tolist()):
        expected = weigh(of_row, [0] * months, [False] * months, NHS)
        verdicts.append(expected.verdict)
        _same(found, row, expected)
    reached = set(Weighed) - {Weighed.TOO_FEW, Weighed.SEASONAL, Weighed.BASELINE}
    assert min(verdicts.count(verdict) for verdict in reached) >= 3


def _same(found: Proposals, row: int, expected: Opinion) -> None:
    def place(column: int) -> int | None:
        return None if column == NEVER else column

    words = (
        VERDICTS[found.verdict[row]],
        place(int(found.month[row])),
        place(int(found.run_from[row])),
        *(int(getattr(found, it)[row]) for it in ("run", "rises", "points_before", "points")),
        int(found.outside[row]),
        int(found.waits_for[row]),
    )
    assert words == (
        expected.verdict,
        expected.month,
        expected.run_from,
        expected.run,
        expected.rises,
        expected.points_before,
        expected.points,
        expected.outside,
        expected.waits_for,
    )
    for name in ("before", "after", "distance", "lower", "upper"):
        number = getattr(expected, name)
        shown = getattr(found, name)[row]
        np.testing.assert_allclose(shown, math.nan if number is None else number, rtol=1e-6, atol=1e-9)


def _array(series: list[Figures]) -> Floats:
    return np.array([[np.nan if figure is None else figure for figure in of_one] for of_one in series])


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)


def test_the_slow_opinion_knows_every_caution() -> None:
    assert set(CAUTIONS) == set(Caution)
