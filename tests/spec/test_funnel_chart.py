"""What a funnel shows: units by size against limits, in the voice of the peers, and whom it names."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from tests.pictures import SVG, covered, outside, overlaps, parsed, size, texts
from tests.web.charts import COUNT
from tests.web.findings import indicator
from tests.web.funnels import FUNNELS, funnel
from trigpoint.analysis.peers.funnel import Funnel
from trigpoint.publish.charts import palette
from trigpoint.publish.charts.frame import Drawing
from trigpoint.publish.charts.funnel import funnel_chart
from trigpoint.publish.charts.funnel_plot import (
    FUNNEL_MIDDLE,
    FUNNEL_NARROW,
    FUNNEL_WIDE,
    funnel_plot,
    within,
)
from trigpoint.publish.compose.funnel import Around, funnel_of
from trigpoint.publish.funnel import FunnelChart
from trigpoint.scorecards.figures import Figures

DRAWINGS = (FUNNEL_WIDE, FUNNEL_MIDDLE, FUNNEL_NARROW)
SHOWN = [name for name in FUNNELS if name != "nobody"]


def paths(svg: str, **wanted: str) -> list[str]:
    """The outlines of the paths that have these attributes."""
    named = {name.replace("_", "-"): value for name, value in wanted.items()}
    return [
        node.get("d", "")
        for node in parsed(svg).iter(f"{SVG}path")
        if all(node.get(name) == value for name, value in named.items())
    ]


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda it: it.name)
@pytest.mark.parametrize("case", SHOWN)
def test_every_case_is_a_picture_with_a_voice_whose_words_are_apart(case: str, drawing: Drawing) -> None:
    svg = funnel_chart(FUNNELS[case](), drawing)
    drawn = parsed(svg)
    assert drawn.get("role") == "img"
    assert size(svg)[0] == drawing.width
    assert [node.get("id") for node in drawn][:2] == (drawn.get("aria-labelledby") or "").split()
    assert overlaps(svg) == []
    assert outside(svg) == []
    assert covered(svg) == []
    assert not re.search(r"nan|inf\b", re.sub(r"<(title|desc|text).*?</\1>", "", svg))


def test_nobody_means_no_picture() -> None:
    assert funnel_chart(FUNNELS["nobody"](), FUNNEL_WIDE) == ""


def test_larger_units_stand_to_the_right_and_higher_figures_above() -> None:
    it = funnel_plot(funnel([10, 200, 400], [60, 80, 90], 78), FUNNEL_WIDE)
    (x1, y1), (x2, y2), (x3, y3) = it.places
    assert x1 < x2 < x3
    assert y1 > y2 > y3


@pytest.mark.parametrize(
    ("value", "outline", "filled"), [(79.0, "a", False), (87.0, "h", False), (95.0, "h", True)]
)
def test_a_unit_s_shape_says_which_limits_it_lies_beyond(value: float, outline: str, filled: bool) -> None:
    """A hollow circle inside; a hollow triangle beyond 95%; a filled one beyond 99.8%."""
    svg = funnel_chart(funnel([100, 100, 300], [78, value, 78], 78), FUNNEL_WIDE)
    shapes = [
        node
        for node in parsed(svg).iter(f"{SVG}path")
        if node.get("stroke") == palette.PEER and outline in node.get("d", "")
    ]
    fills = {node.get("fill") for node in shapes}
    assert (palette.PEER in fills) is filled
    assert (palette.PAPER in fills) is not filled


def test_a_triangle_points_away_from_the_target() -> None:
    svg = funnel_chart(funnel([100, 400, 400], [78, 95, 60], 78), FUNNEL_WIDE)
    drawn = paths(svg, stroke=palette.PEER, fill=palette.PEER)
    (above, below) = re.findall(r"l-5.5 (-?[\d.]+)Z", "".join(drawn))[:2]
    assert float(above) < 0 < float(below)


def test_the_own_unit_is_a_filled_diamond_with_its_name_and_figure_in_bold() -> None:
    svg = funnel_chart(
        funnel([120, 80, 300], [77, 80, 78], 78, ours=1, names=("A", "Quantock", "C")), FUNNEL_WIDE
    )
    (name,) = [node for node in parsed(svg).iter(f"{SVG}text") if node.get("font-weight") == "700"]
    assert "".join(name.itertext()) == "Quantock 80.0%"
    assert name.get("fill") == palette.PEER
    assert sum("l8.0 8.0" in d for d in paths(svg, fill=palette.PEER)) == 2  # on the plot and in the key


def test_the_own_unit_beyond_the_limits_wears_a_ring_and_the_key_says_so() -> None:
    inside = funnel_chart(funnel([120, 80, 300], [78, 80, 78], 78), FUNNEL_WIDE)
    beyond = funnel_chart(funnel([120, 80, 300], [50, 80, 78], 78), FUNNEL_WIDE)
    assert "This unit" in texts(inside)
    assert "This unit, beyond the limits" in texts(beyond)
    rings = [node for node in parsed(beyond).iter(f"{SVG}circle") if node.get("r") == "12.0"]
    assert len(rings) == 2


def test_units_beyond_the_limits_are_named_and_those_inside_are_not() -> None:
    it = funnel([120, 300, 400, 500], [78, 95, 79, 60], 78, names=("Ours", "High", "Inside", "Low"))
    said = texts(funnel_chart(it, FUNNEL_WIDE))
    assert "High" in said
    assert "Low" in said
    assert "Inside" not in said


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda it: it.name)
def test_units_without_room_for_a_name_are_counted(drawing: Drawing) -> None:
    it = FUNNELS["outliers"]()
    said = texts(funnel_chart(it, drawing))
    beyond = [point.name for point in it.points if point.beyond and not point.ours]
    (left_out,) = [words for words in said if "more beyond the limits" in words]
    named = sum(
        any(words == name or (words.endswith("…") and name.startswith(words[:-1])) for name in beyond)
        for words in said
    )
    assert int(left_out.split()[0]) + named == len(beyond)


def test_limits_target_and_size_are_named_on_the_picture() -> None:
    said = texts(funnel_chart(FUNNELS["peers"](), FUNNEL_WIDE))
    assert said.count("99.8% limit") == said.count("95% limit") == 2
    assert {"Average 78%", "Discharges in the month"} <= set(said)
    narrow = texts(funnel_chart(FUNNELS["peers"](), FUNNEL_NARROW))
    assert narrow.count("99.8%") == narrow.count("95%") == 2
    assert "Average 78%" in narrow  # in the key: a phone has no margin for it


def test_a_limit_at_the_edge_of_what_can_be_reached_is_no_limit_and_has_no_name() -> None:
    said = texts(funnel_chart(funnel([20, 25, 30], [96, 97, 99], 97), FUNNEL_WIDE))
    assert said.count("99.8% limit") == said.count("95% limit") == 1


def test_limits_are_held_within_what_the_measure_can_reach() -> None:
    it = funnel_plot(FUNNELS["tiny"](), FUNNEL_WIDE)
    assert it.scale.low == 0
    assert it.scale.high == 100
    assert all(it.top - 1 <= y <= it.bottom + 1 for pair in it.curves for curve in pair for _, y in curve)


def test_limits_that_widen_without_end_leave_the_units_their_height() -> None:
    it = funnel_plot(funnel([1, 2000, 4000], [2.4, 2.5, 2.6], 2.5, per=1.0, axis=COUNT), FUNNEL_WIDE)
    heights = [y for _, y in it.places]
    assert max(heights) - min(heights) > 30


def test_a_curve_is_cut_where_it_leaves_the_plot() -> None:
    first, second = within([(0, 50), (10, -50), (20, -50), (30, 150)], 0, 100)
    assert first == [(0, 50), (5, 0)]
    assert second == [(22.5, 0), (27.5, 100)]
    assert within([(0, 5), (1, 6), (2, 6)], 0, 100) == [[(0, 5), (1, 6), (2, 6)]]
    assert within([(0, 120), (9, 120)], 0, 100) == []
    assert within([], 0, 100) == []


def test_hostile_names_stay_words() -> None:
    for drawing in DRAWINGS:
        svg = funnel_chart(FUNNELS["hostile"](), drawing)
        assert "<script" not in svg
        tags = {node.tag.removeprefix(SVG) for node in parsed(svg).iter()}
        assert tags <= {"svg", "title", "desc", "g", "path", "text", "circle"}


def test_a_funnel_speaks_in_navy_and_grey_only() -> None:
    """Blue, orange and purple are change's; green, amber and red the standard's."""
    svg = funnel_chart(FUNNELS["outliers"](), FUNNEL_WIDE)
    quiet = {palette.INK_2, palette.RULE, palette.COMMON, palette.PROCESS, palette.PAPER}
    assert set(re.findall(r"#\w{3,6}", svg)) <= {palette.PEER, *quiet}


# ------------------------------------------------------------------------------------ from the statistics


WORKED = Funnel(
    units=("A", "B", "C"),
    numerator=np.array([40.0, 190.0, 75.0]),
    denominator=np.array([50.0, 200.0, 100.0]),
    value=np.array([80.0, 95.0, 75.0]),
    target=87.1,
    per=100.0,
    confidence=(0.95, 0.998),
    lower=np.array([[77.0, 82.0, 80.0], [70.0, 79.0, 75.0]]),
    upper=np.array([[94.0, 91.0, 93.0], [99.0, 94.0, 97.0]]),
    adjusted=True,
    phi=2.94,
    tau2=0.01,
    verdict=np.array([0, 2, -1], dtype=np.int8),
    curve_denominator=np.array([50.0, 100.0, 200.0]),
    curve_lower=np.array([[77.0, 80.0, 82.0], [70.0, 75.0, 79.0]]),
    curve_upper=np.array([[94.0, 93.0, 91.0], [99.0, 97.0, 94.0]]),
    method="exact binomial",
)
"""Three units, as the statistics give them."""
AROUND = Around("C", {"A": "Avon", "B": "Brue", "C": "Camel"}, "mental health trusts", "Discharges")


def made_of(found: Funnel) -> FunnelChart:
    return funnel_of(Figures.of(indicator()), found, AROUND, "Followed up: mental health trusts", "k")


def test_a_composed_funnel_says_where_the_own_unit_stands() -> None:
    made = made_of(WORKED)
    assert [point.name for point in made.points] == ["Avon", "Brue", "Camel"]
    assert [point.ours for point in made.points] == [False, False, True]
    assert made.description == (
        "3 units of mental health trusts, the average 87.1%. Camel has 75.0% of 100: below the 95% limits. "
        "Above the limits: 1; below: 1."
    )
    assert [limit.words for limit in made.limits] == ["95% limit", "99.8% limit"]
    assert made.target_words == "Average 87.1%"
    assert "over-dispersion, φ = 2.9" in " ".join(made.words)
    assert "5 in 100 beyond" not in " ".join(made.words), "which holds of limits that are not widened"
    plain = made_of(replace(WORKED, adjusted=False))
    assert "5 in 100 beyond the 95% limits, 0.2 in 100 beyond the 99.8% limits" in " ".join(plain.words)


def test_the_table_of_a_funnel_has_every_unit_and_its_verdict() -> None:
    made = made_of(WORKED)
    assert made.table.head[2:] == ("Against the limits", "Counted", "Out of", "95% limits", "99.8% limits")
    assert [(row[0], row[4], row[5], row[2]) for row in made.table.rows] == [
        ("Brue", "200", "82.0% to 91.0%", "Above the 99.8% limits"),
        ("Camel (this unit)", "100", "80.0% to 93.0%", "Below the 95% limits"),
        ("Avon", "50", "77.0% to 94.0%", "Inside the limits"),
    ]


def test_a_composed_funnel_can_be_drawn_at_every_width() -> None:
    made = made_of(WORKED)
    for drawing in DRAWINGS:
        svg = funnel_chart(replace(made, key=drawing.name), drawing)
        assert "Brue" in texts(svg)
        assert overlaps(svg) == []
