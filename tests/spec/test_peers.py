"""A figure among those of similar providers."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from tests.panels import catalogue, panel
from trigpoint.analysis.assess import assess
from trigpoint.analysis.finding import PeerBearing, PeerReason
from trigpoint.analysis.peers.standing import standing
from trigpoint.definitions.indicator import Direction
from trigpoint.terms.period import Month


@pytest.mark.parametrize(
    ("direction", "figures", "ranks", "quarters"),
    [
        ("up", "90 80 70 60", "1 2 3 4", "4 3 2 1"),
        ("down", "90 80 70 60", "4 3 2 1", "1 2 3 4"),
        # Neither way is better: the highest comes first, and no quarter is the best.
        ("neutral", "90 80 70 60", "1 2 3 4", "0 0 0 0"),
        # Equal figures share the better rank, and the next is as far down as there are above it.
        ("up", "90 80 80 60", "1 2 2 4", "4 3 3 1"),
        ("up", "90 90 90 90", "1 1 1 1", "4 4 4 4"),
        # Rounding makes no difference of rank.
        ("down", "0.3 0.30000000000000004 1 2", "1 1 3 4", "4 4 2 1"),
        # Those without a figure have no rank, and nobody's depends on them.
        ("up", "90 - 80 - 70 60 50", "1 0 2 0 3 4 5", "4 0 4 0 3 2 1"),
        ("up", "1 2 3 4 5 6 7 8", "8 7 6 5 4 3 2 1", "1 1 2 2 3 3 4 4"),
    ],
)
def test_ranks_and_quarters(direction: Direction, figures: str, ranks: str, quarters: str) -> None:
    found = standing(_row(figures), direction)
    assert found.rank[0].tolist() == [int(rank) for rank in ranks.split()]
    assert found.quarter[0].tolist() == [int(quarter) for quarter in quarters.split()]


@pytest.mark.parametrize(
    ("figures", "lower", "median", "upper"),
    [
        ("1 2 3 4 5", 2, 3, 4),
        ("1 2 3 4", 1.75, 2.5, 3.25),
        ("4 - 3 1 - 2", 1.75, 2.5, 3.25),
        ("7", 7, 7, 7),
        ("- -", math.nan, math.nan, math.nan),
    ],
)
def test_quartiles_are_type_7(figures: str, lower: float, median: float, upper: float) -> None:
    found = standing(_row(figures), "up")
    assert [found.lower_quartile[0], found.median[0], found.upper_quartile[0]] == pytest.approx(
        [lower, median, upper], nan_ok=True
    )
    assert found.reporting[0] == sum(figure != "-" for figure in figures.split())


def test_months_are_compared_each_on_its_own() -> None:
    rng = np.random.default_rng(7)
    values = np.where(rng.random((40, 23)) < 0.2, np.nan, rng.normal(50, 10, (40, 23)).round(0))
    together = standing(values, "up")
    for month, row in enumerate(values):
        here = row[~np.isnan(row)]
        quartiles = [
            line[month] for line in (together.lower_quartile, together.median, together.upper_quartile)
        ]
        assert quartiles == pytest.approx(np.percentile(here, [25, 50, 75]).tolist())
        for peer, figure in enumerate(row):
            better = 0 if np.isnan(figure) else 1 + int((here > figure).sum())
            assert together.rank[month, peer] == better


def _row(figures: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[math.nan if figure == "-" else float(figure) for figure in figures.split()]])


# --------------------------------------------------------------------------------- peers of a finding


def beside(figures: Mapping[str, str], month: Month) -> Mapping[str, PeerBearing]:
    found = assess(panel(figures), catalogue(), (), [month])
    return {finding.unit: finding.peers for finding in found}


def test_a_figure_among_its_peers() -> None:
    found = beside({"A": ". . 90", "B": ". . 80", "C": ". . 70", "D": ". . 60"}, Month(2024, 3))
    assert found["B"] == PeerBearing(
        group="trusts",
        members=4,
        reporting=4,
        median=75,
        lower_quartile=67.5,
        upper_quartile=82.5,
        rank=2,
        quarter=3,
        reason="",
    )


FIGURES = {"A": "90 90 90 -", "B": "80 80 80 80", "C": "70 70 70 70", "D": "60 60 60 60", "E": "50 50 50 50"}


@pytest.mark.parametrize(
    ("month", "unit", "members", "reporting", "reason"),
    [
        # D joined on 1 March; before that it was no member, and three were too few.
        (Month(2024, 2), "D", 3, 3, PeerReason.NOT_A_MEMBER),
        (Month(2024, 2), "A", 3, 3, PeerReason.TOO_FEW),
        (Month(2024, 3), "A", 4, 4, ""),
        (Month(2024, 3), "E", 4, 4, PeerReason.NOT_A_MEMBER),
        (Month(2024, 4), "A", 4, 3, PeerReason.NO_FIGURE),
        (Month(2024, 4), "B", 4, 3, PeerReason.TOO_FEW),
    ],
)
def test_why_a_figure_is_not_compared(
    month: Month, unit: str, members: int, reporting: int, reason: str
) -> None:
    bearing = beside(FIGURES, month)[unit]
    assert (bearing.members, bearing.reporting, bearing.reason) == (members, reporting, reason)
    numbers = (bearing.median, bearing.lower_quartile, bearing.upper_quartile, bearing.rank, bearing.quarter)
    assert all(number is None for number in numbers) == bool(reason)


def test_no_group_is_named() -> None:
    definitions = catalogue()
    alone = type(definitions)(
        **{**vars(definitions), "settings": definitions.settings.model_copy(update={"peers": None})}
    )
    (finding,) = assess(panel({"A": "90"}), alone, (), [Month(2024, 1)])
    assert (finding.peers.group, finding.peers.reason) == ("", PeerReason.NO_GROUP)


@pytest.mark.parametrize(
    "replacing", [{"value: seen": "count: seen"}, {"direction: up": "direction: up\ngrows_with_size: yes"}]
)
def test_a_number_that_grows_with_its_trust_is_not_ranked(replacing: Mapping[str, str]) -> None:
    """A larger trust has more referrals; that is no place among peers."""
    definitions = catalogue(replacing=replacing)
    for finding in assess(panel(FIGURES), definitions, (), [Month(2024, 3)]):
        assert finding.peers.reason == PeerReason.NOT_RANKED
        assert finding.peers.rank is None
        assert finding.peers.reporting == 4
