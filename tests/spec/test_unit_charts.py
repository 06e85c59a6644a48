"""What the whole, data quality, small multiples and ranked units show, case by case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pictures import SVG, number, outside, overlaps, parsed, texts
from tests.web.charts import CASES, COUNT, PER_CENT, chart, points, standard
from tests.web.findings import against_whole
from trigpoint.analysis.finding import Difference, WholeBearing
from trigpoint.publish.chart import Axis
from trigpoint.publish.charts import palette
from trigpoint.publish.charts.multiples import SMALL, multiples
from trigpoint.publish.charts.quality import quality_glyph
from trigpoint.publish.charts.ranked import RANKED_NARROW, RANKED_WIDE, Ranking, ranked_chart
from trigpoint.publish.charts.scale import common_scale
from trigpoint.publish.charts.whole import HEIGHT, WIDTH, reach_of, whole_glyph
from trigpoint.publish.document import Ranked, RankedLine, RankedUnit
from trigpoint.publish.mark import Table
from trigpoint.terms.panel import State

MIDDLE = WIDTH / 2
RANKINGS = (RANKED_WIDE, RANKED_NARROW)

# -------------------------------------------------------------------------------------------- the whole


def bearing(difference: float, half: float, verdict: Difference = Difference.NO_DIFFERENT) -> WholeBearing:
    return against_whole(verdict, difference=difference, lower=difference - half, upper=difference + half)


def dot(svg: str) -> tuple[float, str]:
    """Where the dot is, and what fills it."""
    (found,) = parsed(svg).iter(f"{SVG}circle")
    return number(found, "cx"), found.get("fill", "")


@pytest.mark.parametrize(
    ("direction", "difference", "side"),
    [("up", 2.0, 1), ("up", -2.0, -1), ("down", 2.0, -1), ("down", -2.0, 1), ("neutral", 2.0, 1)],
)
def test_right_is_better_whichever_way_the_indicator_runs(
    direction: str, difference: float, side: int
) -> None:
    at, _ = dot(whole_glyph(bearing(difference, 1.0), direction, 4.0))
    assert (at - MIDDLE) * side > 0


@pytest.mark.parametrize("verdict", [it for it in Difference if it is not Difference.NOT_COMPARED])
def test_only_a_difference_beyond_chance_has_a_filled_dot(verdict: Difference) -> None:
    _, fill = dot(whole_glyph(bearing(2.0, 1.0, verdict), "up", 4.0))
    beyond = verdict in {Difference.BETTER, Difference.WORSE, Difference.HIGHER, Difference.LOWER}
    assert fill == (palette.INK if beyond else palette.PAPER)


def test_what_is_not_compared_has_no_glyph() -> None:
    assert whole_glyph(against_whole(), "up", 1.0) == ""


def test_the_whole_speaks_in_ink_only_and_is_silent_to_a_screen_reader() -> None:
    svg = whole_glyph(bearing(2.0, 1.0, Difference.WORSE), "down", 4.0)
    assert set(re.findall(r"#\w{3,6}", svg)) <= {palette.INK, palette.INK_2, palette.PAPER}
    assert parsed(svg).get("aria-hidden") == "true"


def test_rows_of_one_reach_are_on_one_scale() -> None:
    near, far = (dot(whole_glyph(bearing(by, 1.0), "up", 10.0))[0] - MIDDLE for by in (2.0, 4.0))
    assert far == pytest.approx(2 * near, abs=0.2)


def test_a_whisker_that_goes_on_beyond_the_scale_ends_in_an_arrow() -> None:
    inside = whole_glyph(bearing(1.0, 2.0), "up", 4.0)
    beyond = whole_glyph(bearing(3.0, 2.0), "up", 4.0)
    assert inside.count("L") == 0
    assert beyond.count("L") == 2  # the two strokes of one head


def test_those_too_few_to_judge_do_not_stretch_the_scale_of_the_others() -> None:
    judged, few = bearing(2.0, 1.0), bearing(0.0, 60.0, Difference.TOO_FEW)
    assert reach_of([judged, few]) == reach_of([judged])
    assert reach_of([few]) >= 60
    assert reach_of([]) == reach_of([against_whole()]) == 1.0


@given(
    st.floats(-1e6, 1e6), st.floats(0, 1e6), st.sampled_from(["up", "down", "neutral"]), st.floats(1e-3, 1e6)
)
def test_any_bearing_is_drawn_inside_its_glyph(
    difference: float, half: float, direction: str, reach: float
) -> None:
    svg = whole_glyph(bearing(difference, half), direction, reach)
    at, _ = dot(svg)
    assert 4 <= at <= WIDTH - 4
    for across in re.findall(r"[MLH](-?[\d.]+)", svg):
        assert 0 <= float(across) <= WIDTH
    assert parsed(svg).get("height") == str(HEIGHT)


# ------------------------------------------------------------------------------------------ data quality


def test_each_quality_mark_has_a_shape_of_its_own() -> None:
    marks = ("good", "fair", "poor", "")
    shapes = {quality_glyph([mark] * 4) for mark in marks}
    assert len(shapes) == len(marks)
    drawn = [sorted({node.tag for node in parsed(shape).iter()}) for shape in shapes]
    assert all(len(list(parsed(shape).iter(f"{SVG}rect"))) == 4 for shape in shapes), drawn
    crossed, half = quality_glyph(["poor"] * 4), quality_glyph(["fair"] * 4)
    assert crossed.count("<path") == half.count("<path") == 4
    assert "stroke-dasharray" in quality_glyph([""] * 4)


# --------------------------------------------------------------------------------------- small multiples


def heights(svg: str, colour: str) -> list[float]:
    """The heights at which a line of a colour starts."""
    starts = [node.get("d", "") for node in parsed(svg).iter(f"{SVG}path") if node.get("stroke") == colour]
    return [float(re.match(r"M[-\d.]+ ([-\d.]+)", d)[1]) for d in starts]  # type: ignore[index]


def small(values: Sequence[float | State], key: str, required: float = 80.0) -> object:
    return chart(points(values), key, standards=(standard(required, len(values)),))


def test_multiples_share_one_scale() -> None:
    low, high = chart(points([10.0] * 6), "a"), chart(points([90.0] * 6), "b")
    both = (replace(low, standards=(standard(80, 6),)), replace(high, standards=(standard(80, 6),)))
    first, second = multiples(both)
    assert heights(first, palette.MISSED) == heights(second, palette.MISSED)
    assert [t for t in texts(first) if t.endswith("%")] == [t for t in texts(second) if t.endswith("%")]


def test_the_scale_of_multiples_holds_every_figure_limit_and_standard() -> None:
    charts = (
        chart(points([50.0, 60.0], (40.0, 55.0, 70.0)), "a"),
        chart(points([65.0, 66.0]), "b", standards=(standard(95, 2),)),
    )
    spread = common_scale(charts)
    assert spread.low <= 40
    assert spread.high >= 95


def test_multiples_share_their_months_and_name_the_first_and_the_last() -> None:
    drawn = multiples(
        [chart(points([70.0] * 12), "a"), chart(points([70.0] * 4, first=points([0.0] * 9)[-1].month), "b")]
    )
    named = [[words for words in texts(svg) if re.search(r"20\d\d", words)] for svg in drawn]
    assert named == [["Nov 2023", "Oct 2024"]] * 2


def test_a_unit_without_a_chart_keeps_its_place() -> None:
    assert multiples([None, None]) == ("", "")
    first, second, third = multiples([None, chart(points([1.0, 2.0]), "a"), chart((), "b")])
    assert (first, third) == ("", "")
    assert second.startswith("<svg")


def test_a_multiple_has_the_band_the_mean_the_teeth_and_a_marked_last_month() -> None:
    drawn = chart(points([70.0, 72.0, 71.0], (60.0, 71.0, 80.0)), "a", standards=(standard(75, 3),))
    (svg,) = multiples([drawn])
    assert any(node.get("fill") == palette.PROCESS for node in parsed(svg).iter(f"{SVG}path"))
    assert "l-4 5m16 -5" in svg
    (last,) = parsed(svg).iter(f"{SVG}circle")
    assert number(last, "cx") > SMALL.width * 0.8


@pytest.mark.parametrize("case", CASES)
def test_every_case_can_be_a_multiple_inside_its_picture(case: str) -> None:
    whole = CASES[case]()
    (svg,) = multiples([replace(whole, points=whole.points[-18:])])
    if not whole.points:
        assert svg == ""
        return
    drawn = parsed(svg)
    assert drawn.get("role") == "img"
    for node in drawn.iter():
        for name, limit in (
            ("x", SMALL.width),
            ("cx", SMALL.width),
            ("y", SMALL.height),
            ("cy", SMALL.height),
        ):
            if node.get(name) is not None:
                assert -1 <= number(node, name) <= limit, (case, node.attrib)


# ----------------------------------------------------------------------------------------- ranked units


def unit(name: str, value: float, half: float | None = 5.0, **changes: object) -> RankedUnit:
    lower, upper = (None, None) if half is None else (value - half, value + half)
    made = RankedUnit(name, value, lower, upper, False, "12 of 22", f"{value:.0f}%", "")
    return replace(made, **changes)  # type: ignore[arg-type]


def ranked(
    units: Sequence[RankedUnit], axis: Axis = PER_CENT, whole: float = 78, required: float = 80
) -> Ranked:
    return Ranked(
        "r",
        "Units",
        "In order.",
        tuple(units),
        RankedLine(f"Trust {whole:g}%", whole),
        RankedLine(f"Standard {required:g}%", required, -1),
        axis,
        (),
        (),
        Table("", (), (), frozenset()),
    )


NAMES = st.sampled_from(["Exmoor", "A ward with a name that goes on and on and on", "Llanfair" * 9, "x"])
VALUES = st.floats(-1e5, 1e5).map(lambda x: round(x, 1)) | st.floats(0, 100).map(lambda x: round(x, 1))


@given(st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=12), VALUES, VALUES, st.sampled_from(RANKINGS))
def test_no_labels_of_ranked_units_overlap_and_none_leaves_the_picture(
    rows: list[tuple[str, float]], whole: float, required: float, drawing: Ranking
) -> None:
    svg = ranked_chart(ranked([unit(*row) for row in rows], COUNT, whole, required), drawing)
    assert overlaps(svg) == []
    assert outside(svg) == []


@pytest.mark.parametrize("drawing", RANKINGS, ids=lambda drawing: drawing.name)
def test_units_stand_in_their_order_and_higher_is_to_the_right(drawing: Ranking) -> None:
    svg = ranked_chart(ranked([unit("A", 90), unit("B", 70), unit("C", 50)]), drawing)
    dots = [(number(it, "cy"), number(it, "cx")) for it in parsed(svg).iter(f"{SVG}circle")]
    assert dots == sorted(dots)
    assert [x for _, x in dots] == sorted((x for _, x in dots), reverse=True)


@pytest.mark.parametrize("drawing", RANKINGS, ids=lambda drawing: drawing.name)
def test_a_dot_is_filled_only_beyond_chance_and_few_are_marked(drawing: Ranking) -> None:
    units = [unit("A", 90, differs=True), unit("B", 80), unit("C", 40, few=True)]
    svg = ranked_chart(ranked(units), drawing)
    fills = [it.get("fill") for it in parsed(svg).iter(f"{SVG}circle")]
    assert fills == [palette.INK, palette.PAPER, palette.PAPER]
    assert [words for words in texts(svg) if words.endswith("*")] == ["12 of 22 *"]


def test_a_whisker_is_held_within_what_the_measure_can_reach() -> None:
    svg = ranked_chart(ranked([unit("A", 98, 30.0)]), RANKED_WIDE)
    assert "110%" not in texts(svg)
    assert "100%" in texts(svg)


def test_the_trust_is_dotted_and_the_standard_red_with_teeth_to_the_failing_side() -> None:
    svg = ranked_chart(ranked([unit("A", 90), unit("B", 60)]), RANKED_WIDE)
    assert {"Trust 78%", "Standard 80%"} <= set(texts(svg))
    dotted = [it for it in parsed(svg).iter(f"{SVG}path") if it.get("stroke-dasharray") == "2 3"]
    assert [it.get("stroke") for it in dotted] == [palette.INK]
    assert "l-5 -4m5 16" in svg


def test_units_without_an_interval_have_no_whisker_and_nobody_means_no_chart() -> None:
    bare = parsed(ranked_chart(ranked([unit("A", 90, None)]), RANKED_WIDE))
    with_whisker = parsed(ranked_chart(ranked([unit("A", 90)]), RANKED_WIDE))
    assert len(list(bare.iter(f"{SVG}path"))) == len(list(with_whisker.iter(f"{SVG}path"))) - 2
    assert ranked_chart(ranked([]), RANKED_WIDE) == ""


@given(st.lists(VALUES, min_size=1, max_size=12), st.floats(0, 1e5), st.sampled_from(RANKINGS))
def test_any_units_can_be_ranked_inside_the_picture(
    values: list[float], half: float, drawing: Ranking
) -> None:
    drawn = parsed(ranked_chart(ranked([unit("A", value, half) for value in values], COUNT), drawing))
    for dot_ in drawn.iter(f"{SVG}circle"):
        assert 0 <= number(dot_, "cx") <= drawing.width


def test_hostile_words_stay_words_in_each() -> None:
    hostile = '"><script>alert(1)</script>'
    drawn = ranked_chart(ranked([unit(hostile, 50)]), RANKED_WIDE)
    (small_one,) = multiples([replace(CASES["hostile"](), title=hostile)])
    for svg in (drawn, small_one):
        assert "<script" not in svg
        assert parsed(svg) is not None
