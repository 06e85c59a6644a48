"""What a reader is told of a chart that carries limits, as an analyst can check it.

Figures are those of an indicator that is a percentage, monthly from January 2024, at trust B; the
profile asks for 13 points and a run of 7.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from tests.panels import catalogue, panel
from tests.web.findings import EVERY_CAUTION, NOW, indicator, past, run, series
from trigpoint.analysis.caution import Caution
from trigpoint.analysis.finding import Series, Variation
from trigpoint.analysis.past.year_on_year import year_on_year
from trigpoint.analysis.series import series as series_of
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.profile import SHIPPED
from trigpoint.publish.charts.year_on_year import YEAR_NARROW, YEAR_WIDE, year_on_year_chart
from trigpoint.publish.compose.year_on_year import year_chart
from trigpoint.scorecards.cautions import cautions
from trigpoint.terms.panel import ALL, SCHEMA, Panel, State, Status
from trigpoint.terms.period import Month, Period

FIRST = Month(2024, 1)
NOISE = [0.3, -1.2, 0.7, 1.5, -0.4, -0.9, 1.1, 0.2, -1.6, 0.8, -0.1, 1.3, -0.6, -1.1, 0.5, 1.7, -0.3, 0.9]
NOISE += [-1.4, 0.1, -0.8, 1.2, 0.6, -0.5, -1.3, 1.0, 0.4, -0.7, 1.6, -0.2, -1.0, 1.4, -1.5, 0.0, 1.8, -1.7]
"""Three years of ups and downs without a pattern."""
COUNT = {"measured_in: per cent": "measured_in: incidents", "value: seen": "count: [seen]"}


def steady(months: int = 36, level: float = 50.0) -> list[str]:
    return [f"{level + it:.1f}" for it in NOISE[:months]]


def drawn(cells: Sequence[str], definitions: Catalogue | None = None) -> Series:
    """The series of B, up to the last of the cells."""
    figures, made = panel({"B": " ".join(cells)}), definitions or catalogue()
    return series_of(figures, made, made.decisions(), "X", "B", FIRST + (len(cells) - 1))


def noted(cells: Sequence[str], definitions: Catalogue | None = None) -> set[Caution]:
    return set(drawn(cells, definitions).cautions.noted)


def said(cells: Sequence[str], definitions: Catalogue | None = None) -> str:
    made = definitions or catalogue()
    return " ".join(cautions(made.indicator("X"), drawn(cells, made)))


def test_three_years_of_plain_figures_call_for_no_caution() -> None:
    assert noted(steady()) == set()


def test_without_limits_there_is_no_caution() -> None:
    found = drawn([*steady(8), "-", "-"])
    assert found.past.lower is None
    assert found.cautions.noted == ()


# ------------------------------------------------------------------------------------- months and points


def test_one_gap_long_ago_is_not_worth_a_word_and_one_within_the_reach_of_a_run_is() -> None:
    long_ago, lately = steady(), steady()
    long_ago[10] = "-"
    lately[30] = "-"
    assert Caution.GAPS not in noted(long_ago)
    assert Caution.GAPS in noted(lately)


def test_a_tenth_of_the_months_without_a_figure_is_worth_a_word_wherever_they_lie() -> None:
    cells = steady()
    for at in (2, 9, 16):
        cells[at] = "-"
    assert Caution.GAPS not in noted(cells), "3 of 36"
    cells[20] = "*"  # hidden by its publisher: as much a gap as one not submitted
    assert Caution.GAPS in noted(cells), "4 of 36"
    assert said(cells) == "4 of 36 months have no figure. A run ends at each gap, so change shows later."


def test_months_after_the_last_figure_are_missing_and_no_gap() -> None:
    assert noted([*steady(34), "-", "-"]) == {Caution.MISSING_LAST}
    assert said([*steady(34), "-", "-"]) == "No figure after October 2026, and the limits are those of then."
    assert said([*steady(35), "-"]) == "No figure for December 2026: the limits are those of November 2026."


def test_months_are_counted_from_the_last_re_base() -> None:
    cells = steady()
    for at in (2, 4, 6, 8):
        cells[at] = "-"
    decision = """
        - {on: 2026-12-01, by: M. Penrose, kind: rebase, indicator: X, unit: B, month: 2025-01, reason: New}
    """
    assert Caution.GAPS in noted(cells)
    assert Caution.GAPS not in noted(cells, catalogue(decisions=decision))
    assert drawn(cells, catalogue(decisions=decision)).cautions.months == 24


def test_limits_from_few_points_are_trial_limits() -> None:
    made = catalogue("spc: {profile: plot-the-dots}")
    assert noted(steady(9), made) == {Caution.TRIAL_LIMITS}
    assert said(steady(9), made) == "Trial limits: 9 figures. Judge again in January 2025."
    assert noted(steady(13), made) == set()


# ----------------------------------------------------------------------------- what figures are made of


def made_of(parts: Sequence[tuple[int, int]]) -> Panel:
    """Per cent of so many, at B."""
    rows = []
    for at, (above, below) in enumerate(parts):
        period = Period.ending(FIRST + at, 1)
        key = ("X", "B", period.start, period.end, ALL)
        rows.append((*key, above, below, 100 * above / below, Status.FINAL, State.VALUE, None, None))
    columns = [
        pa.array(column, type=field.type)
        for column, field in zip(zip(*rows, strict=True), SCHEMA, strict=True)
    ]
    return Panel.of(pa.table(columns, schema=SCHEMA))


def of_parts(parts: Sequence[tuple[int, int]], extra: str = "") -> tuple[set[Caution], str]:
    made = catalogue(extra)
    found = series_of(made_of(parts), made, (), "X", "B", FIRST + (len(parts) - 1))
    return set(found.cautions.noted), " ".join(cautions(made.indicator("X"), found))


def test_fewer_than_two_a_month_are_rare() -> None:
    rare = [str(it) for it in (0, 1, 3, 0, 2, 1, 0, 1, 4, 0, 1, 2, 0, 3, 1, 0, 2, 1, 0, 1)]
    made = catalogue(replacing=COUNT)
    assert noted(rare, made) == {Caution.RARE_EVENTS}
    assert said(rare, made).startswith(
        "About 1.1 incidents a month. With so few, single cases look like change;"
    )
    assert Caution.RARE_EVENTS not in noted([*rare[:-5], "9", "8", "6", "9", "7"], made), "2.9 a month"


def test_a_percentage_is_rare_too_where_hardly_anyone_is_the_exception() -> None:
    """98% of 50: one person a month decides it."""
    missed = (1, 0, 2, 1, 3, 0, 1, 2, 0, 1, 1, 2, 0, 1, 3, 1)
    noted_, said_ = of_parts([(50 - it, 50) for it in missed])
    assert noted_ == {Caution.RARE_EVENTS}
    assert said_ == (
        "Out of 50 a month on average, of which about 1.2 are the exception. "
        "With so few, single cases look like change."
    )


def test_out_of_fewer_than_ten_one_person_moves_a_percentage_a_lot() -> None:
    parts = [(3 + at % 3, 8) for at in (0, 2, 1, 0, 1, 2, 2, 0, 1, 1, 0, 2, 1, 2, 0, 1)]
    noted_, said_ = of_parts(parts)
    assert noted_ == {Caution.SMALL_DENOMINATORS}
    assert said_ == "Out of 8 a month on average: a single one moves the figure by 12 points."
    assert of_parts([(3 + a % 3, 10) for a, _ in parts])[0] == set(), "10 are enough"


def test_unlike_denominators_matter_where_chance_makes_the_spread() -> None:
    """Half of 100 in most months, with the spread of coins; one month of 30."""
    coins = [53, 46, 51, 55, 47, 50, 44, 52, 49, 57, 48, 45, 54, 50, 51, 43, 52, 48]
    parts = [(it, 100) for it in coins]
    assert of_parts(parts)[0] == set()
    noted_, said_ = of_parts([*parts[:9], (16, 30), *parts[10:]])
    assert noted_ == {Caution.MIXED_DENOMINATORS}
    assert said_.startswith("Out of 30 in one month and 100 in another.")
    # The same months as per cent of 10,000 and 3,000: other things than chance move them.
    many = [(100 * above, 100 * below) for above, below in [*parts[:9], (16, 30), *parts[10:]]]
    assert of_parts(many)[0] == set()


# ------------------------------------------------------------------------------- limits and their bounds


def test_a_limit_beyond_what_can_be_reached_is_said_with_the_bound() -> None:
    made = catalogue("bounds: {least: 0, most: 100}")
    assert noted(steady(level=50), made) == set()
    assert noted(steady(level=97.5), made) == {Caution.UPPER_LIMIT_OUT_OF_REACH}
    assert noted(steady(level=2.5), made) == {Caution.LOWER_LIMIT_OUT_OF_REACH}
    assert said(steady(level=97.5), made).endswith(
        "above the 100% that can be reached: no figure can pass it."
    )
    assert noted(steady(level=97.5)) == set(), "nothing is said to be out of reach unless bounds are declared"


# ------------------------------------------------------------------------------- seasons and neighbours

DIPS = [0.0, 0, 0, 0, 0, 0, 0, -5, 0, 0, 0, -7]
"""Fewer in August, and in December."""


def seasonal(months: int = 36) -> list[str]:
    return [f"{50 + it + DIPS[at % 12]:.1f}" for at, it in enumerate(NOISE[:months])]


def test_the_same_dips_every_year_are_seasons() -> None:
    found = drawn(seasonal()).cautions
    assert found.noted == (Caution.SEASONAL,)
    assert found.season_f is not None
    assert found.season_f > 5
    assert (
        said(seasonal())
        == "The time of year explains about 80% of the ups and downs. Compare with the year before."
    )


def test_seasons_need_two_years() -> None:
    assert drawn(seasonal(23)).cautions.season_f is None
    assert drawn(seasonal(24)).cautions.season_f is not None


def test_a_re_base_does_not_hide_the_seasons_before_it() -> None:
    moved = [f"{float(cell) + 20 * (at >= 20):.1f}" for at, cell in enumerate(seasonal())]
    decision = """
        - {on: 2026-12-01, by: M. Penrose, kind: rebase, indicator: X, unit: B, month: 2025-09, reason: New}
    """
    assert Caution.SEASONAL in noted(moved, catalogue(decisions=decision))


def test_neighbours_that_are_alike_are_said_to_be() -> None:
    alike = [f"{50 + 3 * np.sin(at / 2.7) + it / 3:.2f}" for at, it in enumerate(NOISE)]
    assert noted(alike) == {Caution.AUTOCORRELATED}
    assert said(alike).startswith("Months that follow each other are alike here, which makes runs by chance.")


def test_one_step_does_not_make_neighbours_alike() -> None:
    stepped = [f"{float(cell) + 4 * (at >= 18):.1f}" for at, cell in enumerate(steady())]
    found = drawn(stepped)
    assert Caution.AUTOCORRELATED not in found.cautions.noted
    about = np.array([float(cell) for cell in stepped]) - np.mean([float(cell) for cell in stepped])
    assert (about[1:] * about[:-1]).sum() / (about**2).sum() > 0.5, "though their plain correlation is high"


# ----------------------------------------------------------------------------------- the year before


def test_a_year_is_set_beside_the_year_before_by_month() -> None:
    higher = [f"{float(cell) + 3 * (at >= 28):.1f}" for at, cell in enumerate(seasonal())]
    found = year_on_year(drawn(higher), 1, SHIPPED["nhs-england"], "up")
    assert found is not None
    assert found.reach is not None
    assert [point.month for point in found.points] == [Month(2026, 1) + at for at in range(12)]
    assert found.points[7].before == float(higher[19])
    assert found.points[7].difference == pytest.approx(float(higher[31]) - float(higher[19]))
    differences = [float(b) - float(a) for a, b in zip(higher, higher[12:], strict=False)]
    assert found.differences == 24
    assert found.reach == pytest.approx(2.66 * np.mean(np.abs(np.diff(differences)))), "about zero"


def test_seven_months_above_the_year_before_are_a_change() -> None:
    """No single month is: 2 more each is well within what chance does."""
    year = (50, 52, 49, 51, 48, 50, 52, 49, 51, 50, 48, 52)
    wavy = [f"{year[at % 12] + it / 4 + 2 * (at >= 27):.2f}" for at, it in enumerate(NOISE)]
    found = year_on_year(drawn(wavy), 1, SHIPPED["nhs-england"], "down")
    assert found is not None
    said_ = [point.variation for point in found.points]
    assert said_[-9:] == [Variation.CONCERN_HIGH] * 9
    assert said_[0] is Variation.COMMON


def test_there_is_no_difference_across_a_break() -> None:
    decision = """
        - {on: 2026-12-01, by: M. Penrose, kind: rebase, indicator: X, unit: B, month: 2026-04, reason: New}
        - {on: 2026-12-01, by: M. Penrose, kind: exclude, indicator: X, unit: B, month: 2025-02, reason: x}
    """
    found = year_on_year(drawn(seasonal(), catalogue(decisions=decision)), 1, SHIPPED["nhs-england"], "up")
    assert found is not None
    known = [point.difference is not None for point in found.points]
    assert known == [True, False, True, *[False] * 9], "one left out, and April on after the re-base"


def test_two_years_give_differences_and_no_limits_yet() -> None:
    found = year_on_year(drawn(seasonal(24)), 1, SHIPPED["nhs-england"], "up")
    assert found is not None
    assert found.reach is None
    assert {point.variation for point in found.points} == {Variation.NOT_ASSESSED}
    assert year_on_year(drawn(seasonal(12)), 1, SHIPPED["nhs-england"], "up") is None


def test_the_picture_says_in_words_what_it_shows() -> None:
    found = year_on_year(drawn(seasonal()), 1, SHIPPED["nhs-england"], "up")
    assert found is not None
    chart = year_chart(indicator(), "Trust B", found, SHIPPED["nhs-england"], key="x")
    assert chart.words[0].startswith("December 2026: 41.3%, ")
    assert chart.words[0].endswith("than in December 2025. Chance could explain that.")
    assert [row[0] for row in chart.table.rows][:2] == ["Dec 2026", "Nov 2026"]
    for sheet in (YEAR_WIDE, YEAR_NARROW):
        drawn_ = year_on_year_chart(chart, sheet)
        assert f'viewBox="0 0 {sheet.width} ' in drawn_
        assert "Year to December 2026" in drawn_
        assert "Year before" in drawn_


def test_every_caution_has_its_sentence() -> None:
    months = run([80.0, None, 85.0, None], past())
    told = cautions(indicator(bounds={"least": 0, "most": 100}), series(months, cautions=EVERY_CAUTION))
    assert len(told) == len(Caution)
    assert all(sentence.endswith(".") and "  " not in sentence for sentence in told)
    assert len(set(told)) == len(told)
    assert NOW.words in told[0]


def test_states_and_dates_of_the_made_panels_are_as_they_are_said() -> None:
    assert made_of([(1, 2)]).table["start"].to_pylist() == [dt.date(2024, 1, 1)]
