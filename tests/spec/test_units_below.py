"""What an indicator's page says of the whole, of data quality, of the units below and of groups of people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.spec.test_document import page_of
from tests.web.children import CASES, MARK, WHOLE, child, counts, cuts, every_case, missing, twelve
from tests.web.findings import NOW, against_whole, finding, indicator, standard
from trigpoint.analysis.finding import Attainment, Difference, WholeReason
from trigpoint.publish.compose.children import Child, children_of
from trigpoint.publish.compose.cuts import cut_tables, cut_words
from trigpoint.publish.compose.row import quality_mark, whole_mark
from trigpoint.publish.document import Children
from trigpoint.publish.formats.html import site
from trigpoint.publish.mark import Line, Link, Mark, Table, WholeMark
from trigpoint.publish.words import NOT_COMPARED, UNITS
from trigpoint.scorecards.figures import Figures
from trigpoint.scorecards.quality import star
from trigpoint.terms.panel import State
from trigpoint.terms.unit import Level

# -------------------------------------------------------------------------------------------- the whole


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Difference.BETTER, "Better than trust"),
        (Difference.WORSE, "Worse than trust"),
        (Difference.HIGHER, "Higher than trust"),
        (Difference.LOWER, "Lower than trust"),
        (Difference.NO_DIFFERENT, "No different"),
        (Difference.TOO_FEW, "Too few to judge"),
    ],
)
def test_each_verdict_against_the_whole_has_its_words(verdict: Difference, words: str) -> None:
    mark = whole_mark(finding(whole=against_whole(verdict)), indicator())
    assert mark.words == words
    assert mark.detail == "+2.0 points (+0.5 to +3.5)"
    assert mark.bearing is not None


@pytest.mark.parametrize("reason", list(WholeReason))
def test_what_is_not_compared_says_why(reason: WholeReason) -> None:
    mark = whole_mark(finding(whole=against_whole(reason=reason)), indicator())
    assert (mark.bearing, mark.words, mark.detail) == (None, NOT_COMPARED[reason], "")
    assert mark.words[0].isupper()
    assert len(mark.words) <= 30


@pytest.mark.parametrize(
    ("figures", "given", "said"),
    [
        (Figures("per cent", 1), (1.8, -1.4, 5.1), "+1.8 points (−1.4 to +5.1)"),
        (Figures("per cent", 1), (0.0, -0.4, 0.4), "0.0 points (−0.4 to +0.4)"),
        (Figures("per cent", 1), (-0.5, -0.9, -0.02), "−0.50 points (−0.90 to −0.02)"),
        (Figures("falls for each 1,000 bed days", 1), (1.1, -0.6, 2.8), "+1.1 (−0.6 to +2.8)"),
        (Figures("pounds", 0), (-1250.0, -2000.0, -500.0), "−£1,250 (−£2,000 to −£500)"),
    ],
)
def test_a_difference_is_signed_and_never_contradicts_its_verdict(
    figures: Figures, given: tuple[float, float, float], said: str
) -> None:
    assert figures.interval(*given) == said


def test_a_page_gives_the_trust_s_own_figure_and_the_unit_s_share_of_it() -> None:
    page, _ = page_of(indicator(), finding(whole=against_whole(Difference.NO_DIFFERENT)))
    assert page.whole_words == (
        "The trust: 82.0%. Chance alone could explain the difference. This unit is 20% of it."
    )
    page, _ = page_of(indicator(), finding())
    assert (page.whole.words, page.whole_words) == ("No whole to compare with", "")


# ------------------------------------------------------------------------------------------ data quality


def test_the_word_for_data_quality_is_that_of_the_worst_part_and_the_four_are_named() -> None:
    mark = quality_mark(star(MARK))
    assert mark.blocks == ("good", "good", "fair", "poor")
    assert mark.words == "Poor"
    assert mark.detail == (
        "Signed off: good, timely: good, audited: fair, robust: poor. Holds until March 2027"
    )
    best = MARK.model_copy(update={"audited": "good", "robust": "good"})
    assert quality_mark(star(best)).words == "Good"
    assert quality_mark(star(best.model_copy(update={"timely": "fair"}))).words == "Fair"
    assert (quality_mark(star(None)).words, quality_mark(star(None)).blocks) == ("Not assessed", ("",) * 4)


# ----------------------------------------------------------------------------------- parts of a roll-up


def test_a_figure_of_several_units_says_from_how_many() -> None:
    page, _ = page_of(indicator(), finding(parts=43, present=41))
    assert {line.words for line in page.provenance if line.label == "Made up of"} == {"From 41 of 43 units"}
    page, _ = page_of(indicator(), finding())
    assert not [line for line in page.provenance if line.label == "Made up of"]


def test_an_incomplete_figure_says_how_many_have_one() -> None:
    found = finding(None, state=State.INCOMPLETE, parts=12, present=11)
    page, row = page_of(indicator(), found)
    assert "Incomplete: 11 of 12 units have a figure." in page.lede
    assert (row.figure.value, row.figure.parts) == ("Incomplete", "11 of 12 units")


# ------------------------------------------------------------------------- a standard that has ended


def ended(**changes: object) -> dict[str, object]:
    return {
        "name": "Trajectory to none",
        "set_by": "local",
        "at_most": {"2026-02": 4, "2026-03": 0},
        **changes,
    }


def test_a_trajectory_that_ended_is_a_stated_outcome() -> None:
    of = indicator(direction="down", standards=[ended()])
    page, _ = page_of(of, finding())
    assert page.standard_words == (
        "The trajectory 'Trajectory to none' ended in March 2026; nothing is required since. Lower is better."
    )


def test_so_is_a_standard_and_the_last_to_end_is_named() -> None:
    first = {"name": "Old", "set_by": "national", "at_least": 70, "from": "2020-04", "to": "2025-03"}
    page, _ = page_of(indicator(standards=[ended(), first]), finding())
    assert "Trajectory to none" in page.standard_words
    page, _ = page_of(indicator(standards=[first]), finding())
    assert page.standard_words.startswith("The standard 'Old' ended in March 2025;")


def test_a_standard_of_another_unit_or_still_to_end_is_not_said_to_have_ended() -> None:
    elsewhere = ended(unit="PEER")
    page, _ = page_of(indicator(standards=[elsewhere]), finding())
    assert page.standard_words.startswith("No standard is in force.")
    later = ended(at_most={"2026-12": 4})
    page, _ = page_of(indicator(standards=[later]), finding())
    assert page.standard_words.startswith("No standard is in force.")


# --------------------------------------------------------------------------------------- units below


def below(children: tuple[Child, ...], level: Level | None = Level.TEAM, **changes: Any) -> Children:
    made = children_of(indicator(**changes), children, level, NOW, "k")
    assert made is not None
    return made


def test_without_units_below_there_is_no_such_section() -> None:
    assert children_of(indicator(), (), Level.TEAM, NOW, "k") is None


def test_the_section_is_named_for_the_level_of_its_units() -> None:
    assert below(twelve()).title == "The teams, on one scale"
    assert below(twelve(), Level.DIVISION).title == "The divisions, on one scale"
    assert below(twelve(), None).title == "The units below, on one scale"
    assert set(UNITS) == set(Level)


def test_every_unit_has_a_place_and_one_without_a_chart_says_why() -> None:
    units = below(twelve()).units
    assert [unit.name for unit in units] == [it.name for it in twelve() if it.name != "Chew Valley"]
    assert all((unit.chart is None) == bool(unit.reason) for unit in units)
    said = {unit.name: unit.reason for unit in units if unit.reason}
    assert said == {
        "Polden": "Too few to draw: no figures in 18 months.",
        "Cheddar": "Too few to draw: 1 figure in 18 months.",
    }


def test_units_that_do_not_measure_it_are_named_once_and_drawn_nowhere() -> None:
    assert Line("Chew Valley", "Not measured here") in below(twelve()).ranked.without
    elsewhere = tuple(Child(name, None, None, "") for name in ("Here", "There"))
    assert below((child(0, 60.0), *elsewhere)).ranked.without == (Line("Here, There", "Not measured here"),)
    assert children_of(indicator(), elsewhere, Level.TEAM, NOW, "k") is None


def test_a_multiple_shows_the_last_eighteen_months_and_no_trajectory_beyond_them() -> None:
    for unit in below(twelve()).units:
        if unit.chart is not None:
            assert [unit.chart.points[0].month, unit.chart.points[-1].month] == [NOW - 17, NOW]
            assert all(NOW - 17 <= month <= NOW for line in unit.chart.standards for month, _ in line.values)


@pytest.mark.parametrize(("direction", "first"), [("up", 90.0), ("down", 60.0), ("neutral", 90.0)])
def test_the_best_unit_is_on_top(direction: str, first: float) -> None:
    made = below((child(0, 60.0), child(1, 90.0), child(2, 75.0)), direction=direction)
    assert made.ranked.units[0].value == first
    assert made.ranked.words[0] == ("Highest on top." if direction == "neutral" else "Best on top.")


def test_counts_are_ordered_by_size_and_called_neither_best_nor_compared() -> None:
    made = below(counts(), direction="down", measured_in="people waiting", decimals=0)
    assert [unit.value for unit in made.ranked.units] == [21, 14, 7, 0]
    assert made.ranked.whole is None
    assert made.ranked.words == (
        "Largest on top. A count grows with the size of the unit: not compared with the trust.",
    )
    assert made.units[0].figure == "0 people waiting"


def test_a_whisker_crosses_the_trust_s_line_exactly_where_it_is_no_different() -> None:
    for unit in below(twelve()).ranked.units:
        assert unit.lower is not None
        assert unit.upper is not None
        crosses = unit.lower <= WHOLE <= unit.upper
        assert crosses == (not unit.differs), unit


def test_units_without_a_figure_are_listed_with_their_reason() -> None:
    made = below(missing())
    assert made.ranked.units == ()
    assert made.ranked.description == "None of the teams has a figure."
    assert {line.words for line in made.ranked.without} == {
        *("None due", "Hidden", "Not submitted", "Not due", "Not measured here", "Incomplete: 11 of 12 units")
    }


def test_the_standard_is_drawn_only_where_it_is_the_same_for_all() -> None:
    one, two = child(0, 60.0), child(1, 90.0)
    assert below((one, two)).ranked.standard is not None
    assert two.finding is not None
    other = replace(two.finding, standards=(standard(Attainment.MET, 85.0, 90.0),))
    apart = below((one, replace(two, finding=other))).ranked
    assert apart.standard is None
    assert "Their standards differ, so none is drawn: the table has each." in apart.words


def test_the_caption_says_what_the_whisker_is_and_what_chance_would_do() -> None:
    said = " ".join(below(twelve()).ranked.words)
    assert "95% interval of its difference from the trust" in said
    assert "1 in 20" in said
    assert "* Too few to judge." in said


def test_units_link_to_their_own_page_where_they_have_one() -> None:
    rows = {row[0] for row in below(twelve()).ranked.table.rows}
    assert Link("Exmoor ward", "index.html") in rows
    assert "Exmoor ward" in {row[0] for row in below((replace(twelve()[0], address=""),)).ranked.table.rows}


def test_one_table_of_units_is_on_one_scale() -> None:
    marks = [row[2] for row in below(twelve()).ranked.table.rows]
    reaches = {mark.reach for mark in marks if isinstance(mark, WholeMark) and mark.bearing is not None}
    assert len(reaches) == 1


# --------------------------------------------------------------------------------------- groups of people


def test_each_group_has_its_gap_with_an_interval_and_a_verdict() -> None:
    age, none = cut_tables(cuts(), indicator())
    assert age.caption == "Age, August to October 2026"
    assert none.caption == "Deprivation, October 2026"
    said = {
        row[0]: (row[1], row[2].words, row[2].detail) for row in age.rows if isinstance(row[2], WholeMark)
    }
    assert said["18 to 34"] == ("71.4%", "Worse", "−9.2 points (−15.2 to −3.2)")
    assert said["35 to 64"][1] == "No different"
    assert said["65 and over"][1] == "Better"
    assert said["Under 18"][1] == "Too few to judge"
    assert said["Not known"] == ("Hidden", "Hidden", "")


def test_what_the_gap_is_is_said_and_right_is_called_higher_where_neither_way_is_better() -> None:
    assert "The gap is the group's figure less everyone else's, with its 95% interval." in cut_words(
        cuts(), indicator()
    )
    assert "Right is better." in cut_words(cuts(), indicator())
    assert "Right is higher." in cut_words(cuts(), indicator(direction="neutral"))
    assert cut_words((), indicator()) == ""


# ----------------------------------------------------------------------------------------------- pages


def words_of(cell: str | Mark | Link | WholeMark) -> str:
    return cell if isinstance(cell, str) else cell.words


def test_no_cell_of_the_new_tables_is_blank() -> None:
    tables: list[Table] = []
    for page in every_case().indicators:
        tables += [*page.cuts, *([page.children.ranked.table] if page.children else [])]
    assert len(tables) > len(CASES)
    for table in tables:
        for row in table.rows:
            assert len(row) == len(table.head)
            assert all(map(words_of, row)), (table.caption, row)


def test_a_link_to_a_unit_starts_at_the_site_s_root() -> None:
    files = site(every_case())
    page = files["indicators/twelve.html"].decode()
    assert '<a href="../index.html">Exmoor ward</a>' in page


def test_identifiers_are_unique_on_a_page() -> None:
    for name, content in site(every_case()).items():
        if name.endswith(".html"):
            found = [part.split('"')[0] for part in content.decode().split(' id="')[1:]]
            assert len(found) == len(set(found)), name


def test_the_how_to_read_page_has_keys_for_the_whole_and_for_data_quality() -> None:
    page = site(every_case())["how-to-read.html"].decode()
    assert "four bearings" in page
    for words in (
        "Better than trust",
        "Too few to judge",
        "A crossed block",
        "signed off, timely, audited, robust",
    ):
        assert words in page
