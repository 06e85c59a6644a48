"""Cautions and re-base proposals are wrong as often as the reference says, and find what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tests.docs.test_reference import tables
from tests.oracle.difficult import CASES, noise
from trigpoint.analysis.arrays import Bools, Floats
from trigpoint.analysis.caution import Cautions
from trigpoint.analysis.finding import (
    Assurance,
    PastBearing,
    Series,
    SeriesPoint,
    SeriesStatus,
    Variation,
)
from trigpoint.analysis.past.neighbours import BEYOND, EXPECTED, FURTHER, POINTS, neighbours
from trigpoint.analysis.past.proposals import PROPOSED, proposals
from trigpoint.analysis.past.seasons import seasons
from trigpoint.analysis.past.year_on_year import year_on_year
from trigpoint.analysis.proposal import Proposal, Weighed
from trigpoint.definitions.profile import SHIPPED, ChartKind
from trigpoint.terms.panel import State, Status
from trigpoint.terms.period import Month

NHS = SHIPPED["nhs-england"]
SAMPLE, WHOLE = 1_500, 20_000
"""Series of each kind: in every run, and before a release."""

Flagged = Callable[[Floats], Bools]


def seasonal(values: Floats) -> Bools:
    none = np.zeros(values.shape, dtype=np.int64)
    return seasons(values, none, none > 0, np.arange(values.shape[1]) % 12).strong


def alike(values: Floats) -> Bools:
    return neighbours(values, np.ones(values.shape, dtype=np.bool_)).alike


def rebased(values: Floats) -> Bools:
    none = np.zeros(values.shape, dtype=np.int64)
    found = proposals(values, none, none > 0, profile=NHS, seasonal=seasonal(values))
    return np.asarray(found.verdict == PROPOSED)


TABLES: dict[str, tuple[Flagged, tuple[int, ...]]] = {
    "Seasons": (seasonal, (24, 36, 60)),
    "Neighbours": (alike, (24, 36, 60)),
    "How often a re-base is proposed": (rebased, (36, 48, 60)),
}


def stated() -> Iterator[tuple[str, str, list[float]]]:
    """Each table's rows: what is the matter with the series, and the shares at three lengths."""
    found = tables("difficult-series.md")
    for heading in TABLES:
        for case, *shares in found[heading]:
            yield heading, case, [float(share.removesuffix("%")) / 100 for share in shares]


ROWS = list(stated())


def holds(heading: str, case: str, shares: list[float], series: int) -> None:
    flagged, lengths = TABLES[heading]
    for months, share in zip(lengths, shares, strict=True):
        found = flagged(CASES[case](np.random.default_rng(2026), series, months)).mean()
        likely = max(share, 0.002)
        error = (likely * (1 - likely) * (1 / series + 1 / WHOLE)) ** 0.5
        assert abs(found - share) < 4 * error + 0.0005, (months, found)  # stated to one place of per cent


def test_every_table_has_its_rows() -> None:
    assert {heading for heading, _, _ in ROWS} == TABLES.keys()
    assert {case for _, case, _ in ROWS} == CASES.keys()


@pytest.mark.parametrize(("heading", "case", "shares"), ROWS)
def test_they_are_flagged_as_often_as_is_stated(heading: str, case: str, shares: list[float]) -> None:
    holds(heading, case, shares, SAMPLE)


@pytest.mark.release
@pytest.mark.parametrize(("heading", "case", "shares"), ROWS)
def test_so_they_are_in_many_series(heading: str, case: str, shares: list[float]) -> None:
    holds(heading, case, shares, WHOLE)


def test_what_changes_nothing_is_hardly_ever_flagged() -> None:
    """One in a hundred of series without seasons, without likeness, without a change."""
    quiet = [shares for _, case, shares in ROWS if case == "nothing: independent figures"]
    assert max(max(shares) for shares in quiet) <= 0.01


def test_the_tables_of_neighbours_are_those_of_independent_figures() -> None:
    rng = np.random.default_rng(2026)
    for at, points in enumerate(POINTS):
        found = neighbours(noise(rng, 20_000, points), np.ones((20_000, points), dtype=np.bool_))
        raw = found.correlation + EXPECTED[at]
        assert np.mean(raw) == pytest.approx(EXPECTED[at], abs=0.006)
        assert np.mean(raw > BEYOND[at]) == pytest.approx(0.01, abs=0.003)
        assert np.mean(found.further > FURTHER[at]) == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize(("size", "share"), [(1, (0.50, 0.64)), (2, (0.80, 0.90)), (3, (0.93, 0.99))])
def test_the_month_proposed_is_near_the_change(size: int, share: tuple[float, float]) -> None:
    values = CASES[f"a step of {size}, 18 months ago"](np.random.default_rng(7), 4_000, 48)
    none = np.zeros(values.shape, dtype=np.int64)
    found = proposals(values, none, none > 0, profile=NHS)
    off = np.abs(found.month[found.verdict == PROPOSED] - (48 - 18))
    assert share[0] < np.mean(off <= 1) < share[1]


def series_of(figures: Floats) -> Series:
    first = Month(2023, 11)
    points = tuple(
        SeriesPoint(
            first + at,
            float(figure),
            State.VALUE,
            Status.FINAL,
            None,
            None,
            False,
            None,
            None,
            None,
            Variation.COMMON,
            None,
        )
        for at, figure in enumerate(figures)
    )
    past = PastBearing(
        SeriesStatus.CHARTED,
        str(NHS),
        ChartKind.I,
        len(points),
        len(points),
        False,
        "mean",
        first,
        None,
        None,
        None,
        Variation.COMMON,
        Assurance.NO_STANDARD,
        None,
        None,
    )
    return Series("X", "A", points, (), (), past, Cautions(), Proposal(Weighed.NO_SHIFT))


@pytest.mark.parametrize(("shift", "low", "high"), [(0.0, 0.012, 0.030), (2.0, 0.52, 0.64)])
def test_a_year_beside_the_year_before_is_flagged_as_often_as_is_stated(
    shift: float, low: float, high: float
) -> None:
    rng = np.random.default_rng(4)
    time = np.arange(36)
    values = rng.normal(size=(2_000, 36)) + 2 * np.sin(2 * np.pi * time / 12) + shift * (time >= 28)
    flagged = 0
    for figures in values:
        found = year_on_year(series_of(figures), 1, NHS, "up")
        assert found is not None
        flagged += found.points[-1].variation is not Variation.COMMON
    assert low < flagged / len(values) < high
