"""Whom a figure is shown beside, and what may be said of its place among them."""

from __future__ import annotations

from dataclasses import replace

from tests.web.documents import around, catalogue
from tests.web.findings import finding, indicator, peers
from trigpoint.analysis.finding import Finding
from trigpoint.definitions.indicator import Indicator
from trigpoint.publish.compose.peers import peer_table

BESIDE = around(finding(unit="RXX"))
UNRANKED = replace(peers(2), rank=None, quarter=None, median=None, lower_quartile=None, upper_quartile=None)


def rows(of: Indicator, found: Finding, beside: tuple[Finding, ...] = BESIDE) -> list[str]:
    table = peer_table(of, found, beside, catalogue({"A": of}))
    assert table is not None
    return [" | ".join(map(str, row)) for row in table.rows]


def test_peers_stand_by_name_best_first_and_the_nation_last() -> None:
    assert rows(indicator(), finding(86.2, peers=peers(2))) == [
        "Neighbouring Partnership | 91.0%",
        "Test Partnership (this unit) | 86.2%",
        "Partnership without a figure | Not submitted",
        "Upper quartile | 85.0%",
        "Median | 80.0%",
        "Lower quartile | 75.0%",
        "Rank (1 is best; ties share it) | 7 of 12",
        "With a figure, of the group | 12 of 13",
        "Test Nation | 84.4%",
    ]


def test_where_lower_is_better_the_lowest_comes_first() -> None:
    first, *_ = rows(indicator(direction="down"), finding(86.2, peers=peers(2)))
    assert first == "Test Partnership (this unit) | 86.2%"


def test_a_figure_without_a_rank_is_still_shown_beside_its_peers_with_the_reason() -> None:
    shown = rows(indicator(), finding(86.2, peers=replace(UNRANKED, reason="a count, which grows")))
    assert shown[:2] == ["Neighbouring Partnership | 91.0%", "Test Partnership (this unit) | 86.2%"]
    assert "Rank | None: a count, which grows" in shown
    assert not any("quartile" in row for row in shown)


def test_nobody_to_stand_beside_is_no_table() -> None:
    of = indicator()
    assert peer_table(of, finding(86.2), (), catalogue({"A": of})) is None
    missing = tuple(replace(one, value=None) for one in BESIDE)
    assert peer_table(of, finding(86.2, peers=UNRANKED), missing, catalogue({"A": of})) is None
