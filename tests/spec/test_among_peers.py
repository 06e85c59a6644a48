"""A figure among its peers': between which ranks it is likely to lie, and whether it is an outlier."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests import wholes
from tests.peers import PEERS, catalogue, found, panel
from tests.web import documents
from tests.web.findings import finding, indicator, past, peers
from tests.wholes import NOW
from trigpoint.analysis.assess import assess
from trigpoint.analysis.finding import Assurance, Finding, PeerReason, WholeReason
from trigpoint.analysis.peers.among import Among, Reason, among
from trigpoint.publish.compose.peers import peer_funnel, peer_table, peer_words
from trigpoint.publish.compose.row import peer_mark
from trigpoint.scorecards.headline import headline
from trigpoint.terms.panel import Panel, State

ALIKE: list[Any] = [(count, 400) for count in (300, 306, 312, 318, 322, 326, 332, 338, 345)]
RAGGED: list[Any] = [(count, 400) for count in (180, 220, 260, 290, 310, 330, 350, 365, 380)]


def test_a_rank_has_a_likely_range_and_a_funnel_has_the_group() -> None:
    it = found((310, 400), ALIKE)
    assert it.reason is None
    assert it.likely is not None
    assert it.funnel is not None
    assert set(it.funnel.units) == {"T", *PEERS}
    assert it.likely[0] <= 7 <= it.likely[1]
    assert (it.verdict, it.outlier) == (0, False)


def test_the_funnel_is_in_the_indicators_own_measure() -> None:
    it = found((310, 400), ALIKE)
    assert it.funnel is not None
    assert it.funnel.value[it.place] == pytest.approx(77.5)
    assert it.funnel.target == pytest.approx(100 * (310 + sum(x for x, _ in ALIKE)) / 4_000)


def test_a_rate_may_be_higher_than_its_denominator() -> None:
    rate: list[Any] = [(count, 30) for count in (40, 44, 50, 52, 61)]
    it = found((55, 30), rate, measured_in="contacts", compared_as="rate")
    assert it.funnel is not None
    assert it.funnel.value[it.place] == pytest.approx(55 / 30)


def test_rank_and_range_are_about_the_same_figures_as_the_peers_bearing() -> None:
    for direction in ("up", "down", "neutral"):
        definitions, figures = catalogue(direction=direction), panel((310, 400), RAGGED)
        [bearing] = [one.peers for one in assess(figures, definitions, (), [NOW]) if one.unit == "T"]
        it = among(figures, definitions, "X", "T", NOW)
        assert it.ranks is not None
        assert it.ranks.rank[it.place] == bearing.rank
        assert len(it.ranks.rank) == bearing.reporting
        assert it.group == bearing.group


MISSING = State.NOT_SUBMITTED


@pytest.mark.parametrize(
    ("how", "unit", "reason"),
    [
        ({"group": ""}, "T", PeerReason.NO_GROUP),
        ({"measure": "{source: returns, count: done}"}, "T", PeerReason.NOT_RANKED),
        ({"grows_with_size": "yes"}, "T", PeerReason.NOT_RANKED),
        ({}, "D1", PeerReason.NOT_A_MEMBER),
        ({}, "LATE", PeerReason.NOT_A_MEMBER),
        ({}, "P9", PeerReason.NO_FIGURE),
        ({"compared_as": "nothing"}, "T", WholeReason.NO_CHANCE),
    ],
)
def test_there_are_reasons_for_no_range_and_no_funnel(how: dict[str, Any], unit: str, reason: Reason) -> None:
    it = found((310, 400), ALIKE[:8], unit=unit, **how)
    assert it.reason == reason
    assert (it.funnel, it.ranks, it.likely, it.verdict, it.outlier) == (None, None, None, None, False)


@pytest.mark.parametrize(
    ("ours", "theirs", "reason"),
    [
        (MISSING, ALIKE, PeerReason.NO_FIGURE),
        ((310, 400), ALIKE[:2], PeerReason.TOO_FEW),
        ((310, 400), [*ALIKE[:2], MISSING, State.SUPPRESSED], PeerReason.TOO_FEW),
        (77.5, ALIKE, WholeReason.VALUE_ALONE),
        ((310, 400), [*ALIKE[:8], 81.0], WholeReason.VALUE_ALONE),
        ((310, 400), [*ALIKE[:8], (401, 400)], WholeReason.NO_CHANCE),
    ],
)
def test_there_are_reasons_in_the_figures_too(ours: Any, theirs: list[Any], reason: Reason) -> None:
    assert found(ours, theirs).reason == reason


def test_only_the_month_and_only_everyone_counts() -> None:
    figures = panel((310, 400), ALIKE)
    before = panel((10, 400), RAGGED, month=NOW - 1)
    young = wholes.panel({"Under 18": (1, 4)}, cut="age_band")
    alone, amid = (
        among(one, catalogue(), "X", "T", NOW) for one in (figures, Panel.concat([figures, before, young]))
    )
    assert alone.likely == amid.likely
    assert alone.funnel is not None
    assert amid.funnel is not None
    np.testing.assert_array_equal(alone.funnel.lower, amid.funnel.lower)


def test_whoever_joins_the_group_later_is_not_among_it_yet() -> None:
    now, later = NOW, NOW + 7
    for month, there in ((now, False), (later, True)):
        figures = wholes.panel(
            {"T": (310, 400), "LATE": (300, 400), **dict(zip(PEERS, ALIKE, strict=True))}, month
        )
        it = among(figures, catalogue(), "X", "T", month)
        assert it.funnel is not None
        assert ("LATE" in it.funnel.units) is there


# --------------------------------------------------------------------------------------- in words


def told(ours: Any, theirs: list[Any], quarter: int, rank: int, **changes: Any) -> tuple[Finding, Among]:
    """A finding with its place, and the place among the peers."""
    it = found(ours, theirs)
    reporting = len(theirs) + 1
    of = peers(quarter, rank=rank, reporting=reporting, members=reporting, group="trusts")
    return finding(100 * ours[0] / ours[1], peers=of, **changes), it


QUIET = past(assurance=Assurance.HIT_OR_MISS, lower=None, mean=None, upper=None)
UP = indicator()


@pytest.mark.parametrize(
    ("ours", "theirs", "quarter", "rank", "said"),
    [
        ((352, 400), ALIKE, 4, 1, "88.0%. No change. Ranked 1 of 10; likely anywhere from 1 to 3."),
        (
            (296, 400),
            ALIKE,
            1,
            10,
            "74.0%. No change. Ranked 10 of 10; likely anywhere from 6 to 10. "
            "Inside the limits for a trust of this size: not an outlier.",
        ),
        (
            (240, 400),
            ALIKE,
            1,
            10,
            "60.0%. No change. Below the limits for a trust of this size: an outlier.",
        ),
        ((390, 400), ALIKE, 4, 1, "97.5%. No change. Above the limits for a trust of this size: an outlier."),
        ((310, 400), ALIKE, 2, 7, "77.5%. No change."),
    ],
)
def test_a_headline_tells_an_outlier_and_the_ends_of_the_ladder(
    ours: Any, theirs: list[Any], quarter: int, rank: int, said: str
) -> None:
    of, it = told(ours, theirs, quarter, rank, past=QUIET)
    assert headline(UP, of, among=it) == said


def test_where_any_rank_is_likely_a_headline_says_so() -> None:
    few: list[Any] = [(count, 10) for count in (7, 8, 8, 8, 7)]
    of, it = told((9, 10), few, 4, 1, past=QUIET)
    assert headline(UP, of, among=it) == "90.0%. No change. Ranked 1 of 6; any rank is likely."


def test_where_only_one_rank_is_likely_a_headline_says_so() -> None:
    large: list[Any] = [(x * 100, n * 100) for x, n in RAGGED]
    of, it = told((39_500, 40_000), large, 4, 1, past=QUIET)
    assert "Ranked 1 of 10; no other rank is likely." in headline(UP, of, among=it)


def test_a_ladder_has_a_bracket_over_the_likely_quarters() -> None:
    of, it = told((296, 400), ALIKE, 1, 10)
    mark = peer_mark(of, it)
    assert (mark.quarter, mark.words, mark.detail) == (
        1,
        "Lowest quarter",
        "Ranked 10 of 10, likely 6 to 10",
    )
    assert mark.likely == (1, 2)
    assert peer_mark(of).likely is None


def rows(table: Any) -> list[str]:
    assert table is not None
    return [" | ".join(map(str, row)) for row in table.rows]


def test_the_table_of_peers_has_the_range_and_the_limits() -> None:
    of, it = told((296, 400), RAGGED, 3, 6)
    table = rows(peer_table(UP, of, (), documents.catalogue({"A": UP}), it))
    assert [row for row in table if row.split(" | ")[0] in ROWS] == [
        "Likely range of the rank | 5 to 7",
        "All together | 74.5%",
        "95% limits for this size | 36.8% to 98.1%",
        "99.8% limits for this size | 17.2% to 100.0%",
        "Against the limits | Inside the limits",
    ]


ROWS = {
    "Likely range of the rank",
    "All together",
    "95% limits for this size",
    "99.8% limits for this size",
    "Against the limits",
}


def test_words_say_what_the_limits_allow_for() -> None:
    of, it = told((296, 400), RAGGED, 3, 6)
    first, second = peer_words(of, it)
    assert first.startswith(
        "Inside the limits for a trust of this size: not an outlier. "
        "Trusts differ by more than chance explains, which the limits allow for (over-dispersion φ = "
    )
    assert second == "Ranked 6 of 10; likely anywhere from 5 to 7."
    of, it = told((324, 400), [(count, 400) for count in (312, 316, 318, 320, 321, 323, 325, 328)], 4, 2)
    assert "Trusts differ by no more than chance could explain" in peer_words(of, it)[0]


def test_words_tell_a_unit_between_the_limits_from_an_outlier() -> None:
    steady: list[Any] = [(320, 400)] * 9
    of, it = told((300, 400), steady, 1, 10)
    assert peer_words(of, it)[0].startswith(
        "Below the 95% limits for a trust of this size, and inside the 99.8% limits: "
        "by chance alone, 1 in 20 lies outside the first."
    )
    of, it = told((200, 400), steady, 1, 10)
    assert peer_words(of, it)[0].startswith(
        "Below the limits for a trust of this size, by more than chance explains: an outlier."
    )


def test_words_say_when_too_little_is_counted() -> None:
    of, it = told((1, 20), [(count, 20) for count in (0, 1, 1, 0, 2)], 2, 3)
    assert "Too little is counted to tell whether trusts differ by more than chance." in peer_words(of, it)[0]


def test_words_give_the_reason_where_there_is_a_rank_and_no_range() -> None:
    of = finding(84.0, peers=peers(2))
    it = found(77.5, ALIKE)
    assert peer_words(of, it) == (
        "No likely range of the rank, and no limits: a figure taken as it came, without its parts.",
    )
    assert peer_words(replace(of, peers=replace(of.peers, rank=None)), it) == ()
    assert peer_words(of, None) == ()
    assert peer_funnel(UP, of, it, documents.catalogue({"A": UP}), "k") is None


def test_the_funnels_figures_stand_in_a_table_the_largest_unit_first() -> None:
    definitions = catalogue()
    it = among(panel((31, 40), ALIKE), definitions, "X", "T", NOW)
    drawn = peer_funnel(UP, finding(77.5, month=NOW), it, definitions, "k")
    assert drawn is not None
    table = drawn.table
    assert table.head[:4] == ("Unit", "Value", "Against the limits", "Likely rank")
    assert table.head[4:] == ("Counted", "Out of", "95% limits", "99.8% limits")
    assert rows(table)[0].startswith("Trust P1 | 75.0% | Inside the limits | 6 to 10 | 300 | 400 | ")
    assert rows(table)[-1].startswith(
        "The trust (this unit) | 77.5% | Inside the limits | 1 to 10 | 31 | 40 | "
    )
    assert len(table.rows) == 10
