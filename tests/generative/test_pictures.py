"""On no picture do words meet, leave it or hide a mark, whatever is drawn and at whatever width."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.pictures import covered, outside, overlaps, parsed
from tests.web.charts import COUNT, FIRST, GAPS, PER_CENT, chart
from tests.web.funnels import funnel, peers_in_order
from trigpoint.publish.chart import Chart, ChartNote, ChartPoint, ChartStandard, Labels, Shape
from trigpoint.publish.charts.frame import MIDDLE, NARROW, WIDE, Drawing
from trigpoint.publish.charts.funnel import funnel_chart
from trigpoint.publish.charts.funnel_plot import FUNNEL_MIDDLE, FUNNEL_NARROW, FUNNEL_WIDE
from trigpoint.publish.charts.heatmap import SHEET_MIDDLE, SHEET_NARROW, SHEET_WIDE, Sheet, heatmap
from trigpoint.publish.charts.icons import DRAWINGS
from trigpoint.publish.charts.matrix import matrix_chart
from trigpoint.publish.charts.multiples import multiples
from trigpoint.publish.charts.plate import Plate, plated
from trigpoint.publish.charts.ranked import (
    RANKED_MIDDLE,
    RANKED_NARROW,
    RANKED_WIDE,
    Ranking,
    ranked_chart,
)
from trigpoint.publish.charts.spc import spc_chart
from trigpoint.publish.document import (
    ComparisonCell,
    ComparisonHead,
    ComparisonPage,
    ComparisonRow,
    ComparisonSection,
    MatrixItem,
    MatrixPage,
    MatrixRow,
    MatrixSquare,
)
from trigpoint.publish.funnel import FunnelChart
from trigpoint.publish.mark import Mark
from trigpoint.terms.panel import State

WORDS = st.sampled_from(
    [
        "co-ordinators on every ward",
        "x",
        "W" * 60,
        "a different organisation reports from here on, and so do all of its services " * 2,
        "</svg><script>alert(1)</script>",
    ]
)
GONE = [state for state in State if state is not State.VALUE]
VALUES = st.floats(0, 100).map(lambda x: round(x, 1))


@st.composite
def limits(draw: st.DrawFn, months: int) -> list[tuple[float | None, float | None, float | None]]:
    """None, the same in every month, a mean alone, of no width, changing each month, or a change half way."""
    kind = draw(st.sampled_from(["none", "same", "median", "flat", "stepped", "re-based", "one-sided"]))
    mean, half = draw(st.floats(20, 80)), draw(st.floats(0.5, 30))
    if kind == "stepped":
        halves = draw(st.lists(st.floats(0.5, 40), min_size=months, max_size=months))
        return [(mean - it, mean, mean + it) for it in halves]
    if kind == "re-based":
        return [
            (mean + up - half, mean + up, mean + up + half)
            for up in [0.0] * (months // 2) + [15.0] * (months - months // 2)
        ]
    whole: dict[str, tuple[float | None, float | None, float | None]] = {
        "none": (None, None, None),
        "same": (mean - half, mean, mean + half),
        "median": (None, mean, None),
        "flat": (mean, mean, mean),
        "one-sided": (None, mean, mean + half),
    }
    return [whole[kind]] * months


@st.composite
def drawn_points(draw: st.DrawFn) -> tuple[ChartPoint, ...]:
    months = draw(st.integers(1, 70))
    spread = draw(st.sampled_from([1.0, 0.1, 0.0]))
    held = draw(limits(months))
    made = []
    provisional = draw(st.sampled_from([0, 1, 3, 70]))
    missing = draw(st.sampled_from([0.0, 0.0, 0.1, 0.5]))
    rng = draw(st.randoms(use_true_random=False))
    for i, (lower, mean, upper) in enumerate(held):
        gone = rng.random() < missing
        state = rng.choice(GONE) if gone else State.VALUE
        made.append(
            ChartPoint(
                month=FIRST + i,
                value=None if gone else round(50 + spread * rng.uniform(-50, 50), 1),
                state=state,
                gap=GAPS.get(state, ""),
                shape=rng.choice(list(Shape)) if rng.random() < 0.2 else Shape.COMMON,
                provisional=not gone and i >= months - provisional,
                excluded=rng.random() < 0.05,
                mean=mean,
                lower=lower,
                upper=upper,
            )
        )
    return tuple(made)


@st.composite
def standards(draw: st.DrawFn, months: int) -> tuple[ChartStandard, ...]:
    made = []
    for _ in range(draw(st.integers(0, 2))):
        levels = draw(st.lists(VALUES, min_size=1, max_size=3))
        each = -(-months // len(levels))
        values = tuple((FIRST + i, levels[i // each]) for i in range(months))
        steps = tuple((FIRST + at * each, f"{level:g}%") for at, level in enumerate(levels[:-1]))
        steps = tuple(step for step in steps if step[0] <= FIRST + months)
        made.append(ChartStandard(f"Standard {levels[-1]:g}%", draw(st.booleans()), False, values, steps))
    if draw(st.booleans()):
        ahead = draw(st.lists(VALUES, min_size=1, max_size=14))
        path = tuple((FIRST + months + i, value) for i, value in enumerate(ahead))
        made.append(ChartStandard(f"Trajectory {ahead[-1]:g}%", True, True, path))
    return tuple(made)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    made = draw(drawn_points())
    last, count = made[-1], len(made)
    at = sorted(draw(st.lists(st.integers(0, count - 1), max_size=6, unique=True)))
    notes = tuple(
        ChartNote(i + 1, FIRST + month, draw(st.booleans()), draw(WORDS), "A. Person")
        for i, month in enumerate(at)
    )
    prefix = draw(st.sampled_from(["", "£12,345,"]))
    named = (("Mean", last.mean), ("Lower limit", last.lower), ("Upper limit", last.upper))
    words = [f"{name} {prefix}{value:.1f}" if value is not None else "" for name, value in named]
    latest = "" if last.value is None else f"{last.month.short} {prefix}{last.value:.1f}"
    return chart(
        made,
        standards=draw(standards(count)),
        notes=notes,
        labels=Labels(latest, *words),
        axis=draw(st.sampled_from([PER_CENT, COUNT, replace(COUNT, prefix="£")])),
        trial=draw(st.booleans()),
        remark=draw(st.sampled_from(["", "", "trial limits, 9 figures", "never varied: 50.0% every month"])),
    )


@given(charts(), st.sampled_from([WIDE, MIDDLE, NARROW]))
def test_on_no_control_chart_do_words_meet_leave_it_or_hide_a_mark(it: Chart, drawing: Drawing) -> None:
    svg = spc_chart(it, drawing)
    assert overlaps(svg) == []
    assert outside(svg) == []
    assert covered(svg) == []


@st.composite
def funnels(draw: st.DrawFn) -> FunnelChart:
    count = draw(st.sampled_from([1, 2, 5, 20, 60]))
    rng = draw(st.randoms(use_true_random=False))
    largest = draw(st.sampled_from([5, 100, 5_000, 10_000_000]))
    sizes = [rng.randint(1, largest) for _ in range(count)]
    values = [round(rng.uniform(0, 100), 1) for _ in range(count)]
    changes: dict[str, Any] = {"names": tuple(draw(st.lists(WORDS, min_size=1, max_size=4)))}
    axis, per = draw(st.sampled_from([(PER_CENT, 100.0), (COUNT, 1.0)]))
    target, spread = draw(st.floats(1, 99)), draw(st.sampled_from([0.0, 0.1, 0.5]))
    return funnel(
        sizes, values, target, per=per, spread=spread, axis=axis, ours=draw(st.integers(0, count)), **changes
    )


@given(funnels(), st.sampled_from([FUNNEL_WIDE, FUNNEL_MIDDLE, FUNNEL_NARROW]))
def test_on_no_funnel_do_words_meet_leave_it_or_hide_a_mark(it: FunnelChart, drawing: Drawing) -> None:
    svg = funnel_chart(it, drawing)
    assert overlaps(svg) == []
    assert outside(svg) == []
    assert covered(svg) == []
    assert parsed(svg).get("role") == "img"


# ------------------------------------------------------------------------------- tables and small charts


@given(charts())
def test_on_no_small_multiple_do_words_meet_or_leave_it(it: Chart) -> None:
    (svg,) = multiples([replace(it, points=it.points[-18:])])
    assert overlaps(svg) == []
    assert outside(svg) == []


@given(charts(), st.sampled_from([WIDE, MIDDLE, NARROW]), st.lists(WORDS, max_size=3), WORDS)
def test_on_no_plate_do_words_meet_or_leave_it(
    it: Chart, drawing: Drawing, said: list[str], title: str
) -> None:
    marks = tuple(Mark(name, name) for name in list(DRAWINGS)[: len(said)])
    remarks = tuple(enumerate(said, 1))
    svg = plated(spc_chart(it, drawing), Plate(title, title, marks, remarks, tuple(said)))
    assert overlaps(svg) == []
    assert outside(svg) == []


@given(
    st.integers(1, 50),
    st.integers(0, 50),
    st.lists(WORDS, min_size=1, max_size=3),
    st.sampled_from(["", "Likely rank", "W" * 90]),
    st.sampled_from([RANKED_WIDE, RANKED_MIDDLE, RANKED_NARROW]),
)
def test_on_no_ranking_of_peers_do_words_meet_or_leave_it(
    count: int, ours: int, names: list[str], head: str, drawing: Ranking
) -> None:
    svg = ranked_chart(replace(peers_in_order(count, ours, tuple(names)), counted=head), drawing)
    assert overlaps(svg) == []
    assert outside(svg) == []


ICONS = st.sampled_from(["standard-met", "standard-in_tolerance", "standard-not_met"])
NOTES = st.sampled_from(
    ["", "Better than trust", "No different", "Too few to judge: 4 of 5", "A count: not compared"]
)


@st.composite
def cells(draw: st.DrawFn) -> ComparisonCell:
    if draw(st.booleans()):
        words = draw(st.sampled_from(["Not submitted", "Incomplete: 3 of 14 units", "Hidden"]))
        return ComparisonCell(words, True, None, None, "", "")
    mark = draw(st.none() | ICONS.map(lambda it: Mark(it, it.partition("-")[2].replace("_", " "))))
    figure = draw(st.sampled_from(["0.0%", "£1,234,567,890", "12"]))
    return ComparisonCell(figure, False, mark, draw(st.sampled_from([None, True, False])), draw(NOTES), "")


@st.composite
def comparisons(draw: st.DrawFn) -> ComparisonPage:
    units = draw(st.integers(1, 16))
    whole = draw(st.integers(0, min(2, units)))
    heads = tuple(ComparisonHead(draw(WORDS), "", at < whole) for at in range(units))
    sections = tuple(
        ComparisonSection(
            draw(WORDS),
            "",
            tuple(
                ComparisonRow(draw(WORDS), draw(WORDS), "", tuple(draw(cells()) for _ in heads))
                for _ in range(draw(st.integers(1, 2)))
            ),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    return ComparisonPage("Title", "Lede.", (Mark("standard-met", "Met"),), "", heads, sections, ())


@given(comparisons(), st.sampled_from([SHEET_WIDE, SHEET_MIDDLE, SHEET_NARROW]))
def test_on_no_heatmap_do_words_meet_or_leave_it(it: ComparisonPage, sheet: Sheet) -> None:
    svg = heatmap(it, sheet, "h")
    assert overlaps(svg) == []
    assert outside(svg) == []


@st.composite
def matrices(draw: st.DrawFn) -> MatrixPage:
    items = st.lists(st.builds(MatrixItem, st.just("c"), WORDS, WORDS), max_size=4).map(tuple)
    names = list(DRAWINGS)
    rows = tuple(
        MatrixRow(
            tuple(names[: draw(st.integers(1, 2))]),
            draw(WORDS),
            tuple(MatrixSquare(draw(WORDS), draw(st.booleans()), draw(items)) for _ in range(3)),
        )
        for _ in range(3)
    )
    columns = tuple((Mark(name, draw(WORDS)), draw(WORDS)) for name in names[:3])
    return MatrixPage("Title", "Lede.", columns, rows, draw(items))


@given(matrices(), st.sampled_from([SHEET_WIDE, SHEET_MIDDLE, SHEET_NARROW]))
def test_on_no_matrix_do_words_meet_or_leave_it(it: MatrixPage, sheet: Sheet) -> None:
    svg = matrix_chart(it, sheet, "m")
    assert overlaps(svg) == []
    assert outside(svg) == []
