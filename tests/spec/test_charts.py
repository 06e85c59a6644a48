"""What a chart shows of a series, case by case of the anatomy, and that every case is drawn well."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pictures import SVG, marks, number, parsed, texts
from tests.web.charts import CASES, COUNT, FIRST, PER_CENT, chart, points, standard
from tests.web.findings import NOW, indicator, past, run, series
from trigpoint.analysis.finding import SeriesBreak, SeriesStatus, StandardLine
from trigpoint.definitions.profile import SHIPPED
from trigpoint.publish.chart import Axis, Chart, Shape
from trigpoint.publish.charts.frame import MIDDLE, NARROW, WIDE, Drawing, frame
from trigpoint.publish.charts.icons import DRAWINGS, icon, ladder, sprite
from trigpoint.publish.charts.labels import APART, spaced
from trigpoint.publish.charts.scale import Scale, labelled, scale, scale_of, starts_above_zero
from trigpoint.publish.charts.sparkline import sparkline
from trigpoint.publish.charts.spc import spc_chart
from trigpoint.publish.charts.standards import levels
from trigpoint.publish.compose.chart import chart_of, chart_words, last_months
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month

DRAWINGS_OF_A_CHART = (WIDE, MIDDLE, NARROW)


def part(drawn: Element, name: str) -> Element:
    found = drawn.find(f"{SVG}{name}")
    assert found is not None
    return found


def line_of(svg: str) -> str:
    """The path of the data line."""
    return next(
        node.get("d", "") for node in parsed(svg).iter(f"{SVG}path") if node.get("stroke-linejoin") == "round"
    )


@pytest.mark.parametrize("drawing", DRAWINGS_OF_A_CHART, ids=lambda drawing: drawing.name)
@pytest.mark.parametrize("case", CASES)
def test_every_case_is_a_well_formed_picture_with_a_voice(case: str, drawing: Drawing) -> None:
    drawn = parsed(spc_chart(CASES[case](), drawing))
    assert drawn.get("role") == "img"
    box = (drawn.get("viewBox") or "").split()
    assert box[:3] == ["0", "0", str(drawing.width)]
    assert drawing.height <= int(box[3]) <= drawing.height + 80  # labels without a place stand below
    named = (drawn.get("aria-labelledby") or "").split()
    assert [part(drawn, "title").get("id"), part(drawn, "desc").get("id")] == named
    assert all((part(drawn, name).text or "").strip() for name in ("title", "desc"))
    identifiers = [node.get("id") for node in drawn.iter() if node.get("id")]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("drawing", DRAWINGS_OF_A_CHART, ids=lambda drawing: drawing.name)
@pytest.mark.parametrize("case", CASES)
def test_nothing_is_drawn_outside_the_picture(case: str, drawing: Drawing) -> None:
    svg = spc_chart(CASES[case](), drawing)
    assert not re.search(r"nan|inf", re.sub(r"<(title|desc|text).*?</\1>", "", svg))
    for node in parsed(svg).iter():
        for across, limit in (
            ("x", drawing.width),
            ("cx", drawing.width),
            ("y", drawing.height + 80),
            ("cy", drawing.height),
        ):
            if node.get(across) is not None:
                assert -1 <= number(node, across) <= limit, (case, node.tag, node.attrib)


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_a_sparkline(case: str) -> None:
    assert parsed(sparkline(CASES[case]())).get("aria-hidden") == "true"


def test_hostile_words_stay_words() -> None:
    for drawing in DRAWINGS_OF_A_CHART:
        svg = spc_chart(CASES["hostile"](), drawing)
        assert "<script" not in svg
        assert "<img" not in svg
        assert {node.tag.removeprefix(SVG) for node in parsed(svg).iter()} <= {
            *("svg", "title", "desc", "path", "text", "g", "rect", "circle")
        }


def test_a_missing_month_breaks_the_line_and_says_so() -> None:
    svg = spc_chart(chart(points([70, 72, State.NOT_SUBMITTED, 75, 74])), WIDE)
    assert line_of(svg).count("M") == 2
    assert "Not submitted" in texts(svg)


def test_a_month_that_was_not_due_does_not_break_the_line() -> None:
    svg = spc_chart(CASES["quarterly"](), WIDE)
    assert line_of(svg).count("M") == 1


def test_hidden_months_have_an_asterisk_and_no_mark_at_any_height() -> None:
    svg = spc_chart(CASES["hidden"](), WIDE)
    assert texts(svg).count("*") == 4
    assert len(marks(svg)) + len(list(parsed(svg).iter(f"{SVG}circle"))) == 9  # one for each figure


def test_months_without_a_denominator_say_that_none_were_due() -> None:
    assert texts(spc_chart(CASES["none-due"](), MIDDLE)).count("None due") == 3


def test_teeth_point_to_the_failing_side() -> None:
    below = spc_chart(chart(points([70] * 9), standards=(standard(80, 9),)), WIDE)
    above = spc_chart(chart(points([70] * 9), standards=(standard(80, 9, fails_below=False),)), WIDE)
    assert "l-4 5m16 -5" in below
    assert "l-4 -5m16 5" in above


def test_a_standard_steps_on_its_date() -> None:
    months = [(FIRST + i, 60.0 if i < 3 else 70.0) for i in range(5)]
    assert levels(months) == [(FIRST, FIRST + 2, 60.0), (FIRST + 3, FIRST + 4, 70.0)]
    assert levels([months[0], months[2]]) == [(FIRST, FIRST, 60.0), (FIRST + 2, FIRST + 2, 60.0)]


def test_limits_beyond_the_measure_are_drawn_at_its_edge() -> None:
    spread = scale(CASES["beyond"](), CASES["beyond"]().points)
    assert spread.high == 100
    assert "Upper limit 105.2" in texts(spc_chart(CASES["beyond"](), WIDE))


def test_trial_limits_are_dotted() -> None:
    drawn = points([70.0] * 9 + [71], (60.0, 70.0, 80.0))
    assert 'stroke-dasharray="2 4"' in spc_chart(chart(drawn, trial=True), WIDE)
    assert 'stroke-dasharray="2 4"' not in spc_chart(chart(drawn), WIDE)


def test_a_trajectory_runs_past_the_figures_and_the_band_does_not() -> None:
    anatomy = CASES["anatomy"]()
    on = frame(anatomy, WIDE, 150)
    assert on.last == anatomy.points[-1].month + 4
    bands = [
        node for node in parsed(spc_chart(anatomy, WIDE)).iter(f"{SVG}path") if node.get("fill") == "#eef2f4"
    ]
    assert len(bands) == 2
    ends = [float(x) for node in bands for x in re.findall(r"H([\d.]+)", node.get("d", ""))]
    assert max(ends) < on.x(on.last)


def test_the_narrow_drawing_shows_eighteen_months() -> None:
    assert len(frame(CASES["long"](), NARROW, 0).points) == 18


def test_marks_differ_in_shape_and_not_only_in_colour() -> None:
    shapes = dict(enumerate(Shape))
    svg = spc_chart(chart(points([70.0] * len(shapes), shapes=shapes)), WIDE)
    outlines = {
        re.sub(r"[-\d.]+", "", node.get("d") or node.tag)
        for node in parsed(svg).iter()
        if node.get("stroke-width") == "1.5"
    }
    assert len(outlines) >= 3


# ------------------------------------------------------------------------------------------- properties

heights = st.lists(st.floats(40, 380), min_size=1, max_size=6).map(sorted)


@given(heights)
def test_labels_never_touch_and_never_leave_the_plot(given_heights: list[float]) -> None:
    placed = spaced(given_heights, 30, 386)
    assert all(b - a >= APART - 1e-9 for a, b in itertools.pairwise(placed))
    assert placed[0] >= 30 - 1e-9
    assert placed[-1] <= 386 + 1e-9


figures = st.integers(-(10**10), 10**10).map(float) | st.floats(-1e5, 1e5).map(lambda x: round(x, 4))


@given(st.lists(figures, min_size=1, max_size=40), st.sampled_from([PER_CENT, COUNT]))
def test_an_axis_holds_every_figure_between_round_ticks(values: list[float], axis: Axis) -> None:
    drawn = chart(points(values), axis=replace(axis, least=None, most=None))
    spread = scale(drawn, drawn.points)
    assert spread.low <= min(values)
    assert spread.high >= max(values)
    assert 2 <= len(spread.ticks) <= 7
    words = [said for _, said in labelled(spread, drawn.axis)]
    assert len(set(words)) == len(words), words


months = st.lists(
    st.one_of(
        st.floats(0, 1e6, allow_nan=False), st.sampled_from([s for s in State if s is not State.VALUE])
    ),
    max_size=60,
)


@given(
    months,
    st.none() | st.tuples(figures, figures, figures).map(sorted).map(tuple),
    st.sampled_from(DRAWINGS_OF_A_CHART),
)
def test_any_series_can_be_drawn(
    values: list[float | State], limits: tuple[float, float, float] | None, drawing: Drawing
) -> None:
    drawn = chart(
        points(values, limits), axis=COUNT, standards=(standard(80, len(values)),) if values else ()
    )
    assert parsed(spc_chart(drawn, drawing)) is not None
    assert parsed(sparkline(drawn)) is not None


# ------------------------------------------------------------------------------------------------ axes


@pytest.mark.parametrize(
    ("spread", "prefix", "suffix", "words"),
    [
        (Scale(60, 80, 10), "", "%", ["60%", "70%", "80%"]),
        (Scale(0, 5, 2.5), "", "%", ["0.0%", "2.5%", "5.0%"]),
        (Scale(1000, 2000, 500), "", "", ["1,000", "1,500", "2,000"]),
        (Scale(0, 5_000_000, 2_500_000), "£", "", ["£0.0m", "£2.5m", "£5.0m"]),
        (Scale(-5, 2.5, 2.5), "", "", ["−5.0", "−2.5", "0.0", "2.5"]),
    ],
)
def test_ticks_are_written_as_people_write_them(
    spread: Scale, prefix: str, suffix: str, words: list[str]
) -> None:
    axis = replace(COUNT, prefix=prefix, suffix=suffix)
    assert [said for _, said in labelled(spread, axis)] == words


def test_counts_start_at_zero_unless_their_range_is_small_and_then_the_caption_says_so() -> None:
    assert not starts_above_zero(chart(points([100, 140, 90]), axis=COUNT))
    assert starts_above_zero(chart(points([1000, 1010, 990]), axis=COUNT))
    assert not starts_above_zero(chart(points([90, 91, 90]), axis=PER_CENT))


# ----------------------------------------------------------------------------------- from series to chart


def drawn_from(**changes: Any) -> Chart:
    found = run([80.0 + i % 3 for i in range(19)], past(**changes))
    lines = [
        StandardLine("Local", "local", "at_least", False, False, tuple((f.month, 75.0) for f in found)),
        StandardLine("National", "national", "at_least", True, False, tuple((f.month, 80.0) for f in found)),
        StandardLine("Path", "local", "at_least", False, True, ((NOW + 1, 82.0), (NOW + 2, 83.0))),
    ]
    breaks = [SeriesBreak(Month(2026, 4), "organisation", "Merged with another trust", "")]
    return chart_of(
        indicator(), "Test Trust", series(found, breaks=breaks, lines=lines), "Headline.", (), key="k"
    )


def test_the_primary_standard_is_drawn_with_its_trajectories_and_the_rest_are_listed() -> None:
    assert [line.words for line in drawn_from().standards] == ["Standard 80%", "Trajectory 83%"]


def test_a_restart_is_noted_with_its_reason() -> None:
    (note,) = drawn_from().notes
    assert (note.number, note.restarts, note.words) == (
        1,
        True,
        "Organisation changed: Merged with another trust",
    )


def test_labels_and_description_carry_the_numbers() -> None:
    made = drawn_from()
    assert made.labels.latest == "Oct 2026 80.0%"
    assert made.labels.upper == "Upper limit 93.1%"
    assert made.description == (
        "Headline. Usual range 74.8% to 93.1%. 19 months are drawn, none without a figure."
    )


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"status": SeriesStatus.TOO_FEW, "points": 5, "used": 5}, "5 figures: no limits yet"),
        ({"status": SeriesStatus.TOO_FEW, "points": 1, "used": 1}, "1 figure: no limits yet"),
        (
            {"status": SeriesStatus.TOO_FEW, "points": 36, "used": 3},
            "a baseline of 3: too few for limits",
        ),
        ({"status": SeriesStatus.CONSTANT, "mean": 100.0}, "never varied: always 100.0%"),
        ({"status": SeriesStatus.NO_FIGURES, "points": 0}, "No figures to draw"),
        ({"status": SeriesStatus.ROLLING}, "overlapping figures: no limits"),
        ({"points": 9, "used": 9, "trial": True}, "trial limits, 9 figures"),
        ({}, ""),
    ],
)
def test_a_picture_says_why_it_lacks_limits(changes: dict[str, object], remark: str) -> None:
    assert drawn_from(**changes).remark == remark


def test_a_sparkline_is_the_same_chart_cut_to_its_last_months() -> None:
    made = drawn_from()
    cut = last_months(made, NOW, 13, "s")
    assert cut.points == made.points[-13:]
    assert (cut.standards, cut.labels) == (made.standards, made.labels)


@pytest.mark.parametrize("shown", [(105.0, 106.0), (105.0,), (-5.0, -3.0), (-5.0,), (99.0, 105.0)])
def test_an_axis_holds_a_figure_beyond_what_can_be_reached(shown: tuple[float, ...]) -> None:
    """A figure that breaks its bounds is wrong, and whoever is to mend it has to see it."""
    found = scale_of(shown, Axis("", "%", 0, 100, from_zero=False))
    assert found.low <= min(shown)
    assert found.high >= max(shown)


def test_the_method_of_the_limits_is_always_written() -> None:
    found = run([80.0 + i % 3 for i in range(19)], past())
    made = series(found)
    drawn = chart_of(indicator(), "Test Trust", made, "Headline.", (), key="k")
    nhs = " ".join(chart_words(drawn, indicator(), made, SHIPPED["nhs-england"]))
    assert "mean ± 2.66 × the mean moving range, from 19 points, April 2025 to October 2026" in nhs
    assert "Rule profile: nhs-england, version 1." in nhs
    dots = " ".join(chart_words(drawn, indicator(), made, SHIPPED["plot-the-dots"]))
    assert "ranges from 3.267 times their mean are left out" in dots


# ------------------------------------------------------------------------------------------------ icons


def test_every_icon_is_a_symbol_of_the_sprite() -> None:
    symbols = {node.get("id") for node in parsed(sprite()).iter(f"{SVG}symbol")}
    assert symbols == set(DRAWINGS)


def test_an_icon_speaks_only_where_no_words_stand_beside_it() -> None:
    assert 'aria-hidden="true"' in icon("standard-met", 18)
    assert 'aria-label="Met"' in icon("standard-met", 18, "Met")


@pytest.mark.parametrize("quarter", [1, 2, 3, 4])
def test_the_ladder_fills_the_unit_s_own_block(quarter: int) -> None:
    blocks = list(parsed(ladder(quarter)).iter(f"{SVG}rect"))
    assert [block.get("fill") == "#12436d" for block in blocks] == [i + 1 == quarter for i in range(4)]


def test_a_bracket_reaches_over_the_blocks_that_a_rank_may_lie_in() -> None:
    """From the left edge of the first to the right edge of the last."""
    plain, placed = (parsed(ladder(2, likely=likely)) for likely in (None, (1, 3)))
    assert not list(plain.iter(f"{SVG}path"))
    (bracket,) = placed.iter(f"{SVG}path")
    assert bracket.get("d") == "M1 14.5v3.5H61v-3.5"
