"""What a chart, a page and a site cost."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.harness import Clock, Figures, benchmark
from tests.synthetic import NOW, Trust
from tests.web.charts import CASES
from tests.web.children import below, twelve
from tests.web.documents import document, evidence, months_of
from tests.web.findings import against_whole, indicator
from tests.web.funnels import FUNNELS, peers_in_order
from trigpoint.analysis.finding import Difference
from trigpoint.month.site import publish
from trigpoint.publish.charts.frame import MIDDLE, NARROW, WIDE, Drawing
from trigpoint.publish.charts.funnel import funnel_chart
from trigpoint.publish.charts.funnel_plot import FUNNEL_NARROW, FUNNEL_WIDE
from trigpoint.publish.charts.heatmap import SHEET_WIDE, heatmap
from trigpoint.publish.charts.multiples import multiples
from trigpoint.publish.charts.png import png
from trigpoint.publish.charts.ranked import RANKED_MIDDLE, RANKED_NARROW, RANKED_WIDE, ranked_chart
from trigpoint.publish.charts.sparkline import sparkline
from trigpoint.publish.charts.spc import spc_chart
from trigpoint.publish.charts.whole import whole_glyph
from trigpoint.publish.compose.chart import last_months
from trigpoint.publish.compose.children import children_of
from trigpoint.publish.document import Children
from trigpoint.publish.formats.html import site
from trigpoint.publish.formats.xlsx import workbook
from trigpoint.terms.unit import Level

ROUNDS = 5
CHARTS = 200


def _drawn(clock: Clock, case: str, drawing: Drawing) -> Figures:
    chart = CASES[case]()
    for _ in range(ROUNDS):
        with clock:
            for _ in range(CHARTS):
                spc_chart(chart, drawing)
    return {
        "ms a chart": clock.seconds / CHARTS * 1e3,
        "KB": len(spc_chart(chart, drawing)) / 1e3,
        "months": len(chart.points),
    }


@benchmark(aim="at most 1 ms a chart, 0.3 if it can be")
def spc_chart_wide(clock: Clock) -> Figures:
    return _drawn(clock, "anatomy", WIDE)


@benchmark(aim="at most 1 ms a chart")
def spc_chart_of_nine_years(clock: Clock) -> Figures:
    return _drawn(clock, "long", MIDDLE)


@benchmark(aim="at most 1 ms a chart")
def spc_chart_narrow(clock: Clock) -> Figures:
    return _drawn(clock, "anatomy", NARROW)


@benchmark(aim="at most 0.3 ms a sparkline")
def sparkline_of_13_months(clock: Clock) -> Figures:
    whole = CASES["anatomy"]()
    chart = last_months(whole, whole.points[-1].month, 13, "s")
    for _ in range(ROUNDS):
        with clock:
            for _ in range(CHARTS):
                sparkline(chart)
    return {"ms a sparkline": clock.seconds / CHARTS * 1e3}


def _below() -> Children:
    made = children_of(indicator(), twelve(), Level.TEAM, NOW, "k")
    assert made is not None
    return made


@benchmark(aim="at most 0.15 ms a multiple")
def small_multiples(clock: Clock) -> Figures:
    charts = [unit.chart for unit in _below().units if unit.chart is not None]
    for _ in range(ROUNDS):
        with clock:
            for _ in range(20):
                multiples(charts)
    return {"ms a multiple": clock.seconds / 20 / len(charts) * 1e3}


@benchmark(aim="at most 0.5 ms for a ranked chart of 12 units, each drawing")
def ranked_units(clock: Clock) -> Figures:
    ranked = _below().ranked
    for _ in range(ROUNDS):
        with clock:
            for _ in range(CHARTS):
                ranked_chart(ranked, RANKED_WIDE)
                ranked_chart(ranked, RANKED_NARROW)
    return {"ms a drawing": clock.seconds / CHARTS / 2 * 1e3, "units": len(ranked.units)}


@benchmark(aim="at most 1 ms a chart whose limits change each month, 60 of them")
def spc_chart_with_stepped_limits(clock: Clock) -> Figures:
    return _drawn(clock, "of-share-long", WIDE)


@benchmark(aim="under 3 ms for a funnel of 300 units, each drawing")
def funnel_of_300_units(clock: Clock) -> Figures:
    funnel = FUNNELS["three-hundred"]()
    for _ in range(ROUNDS):
        with clock:
            for _ in range(20):
                funnel_chart(funnel, FUNNEL_WIDE)
                funnel_chart(funnel, FUNNEL_NARROW)
    kilobytes = len(funnel_chart(funnel, FUNNEL_WIDE)) / 1e3
    return {"ms a drawing": clock.seconds / 40 * 1e3, "units": len(funnel.points), "KB": kilobytes}


@benchmark(aim="at most 2 ms for 50 peers in order, each drawing")
def ranked_peers(clock: Clock) -> Figures:
    ranked = peers_in_order(50, 39)
    for _ in range(ROUNDS):
        with clock:
            for _ in range(20):
                ranked_chart(ranked, RANKED_MIDDLE)
                ranked_chart(ranked, RANKED_NARROW)
    return {"ms a drawing": clock.seconds / 40 * 1e3, "units": len(ranked.units)}


@benchmark(aim="at most 20 ms for 45 indicators of 14 divisions")
def heatmap_of_45_indicators(clock: Clock) -> Figures:
    page = Trust(divisions=14, services=0, teams=0, indicators=45, months=14).document().comparison
    assert page is not None
    for _ in range(ROUNDS):
        with clock:
            heatmap(page, SHEET_WIDE, "h")
    return {"ms a heatmap": clock.seconds * 1e3}


@benchmark(aim="under 100 ms for a wide chart at twice its size: NHSRplotthedots with icons, 297")
def spc_chart_as_png(clock: Clock) -> Figures:
    svg = spc_chart(CASES["anatomy"](), WIDE)
    png(svg)  # finds the fonts
    for _ in range(ROUNDS):
        with clock:
            drawn = png(svg)
    return {"ms a chart": clock.seconds * 1e3, "KB": len(drawn) / 1e3}


@benchmark(aim="at most 0.02 ms a glyph")
def glyph_of_the_whole(clock: Clock) -> Figures:
    bearing = against_whole(Difference.BETTER)
    for _ in range(ROUNDS):
        with clock:
            for _ in range(CHARTS):
                whole_glyph(bearing, "down", 4.0)
    return {"ms a glyph": clock.seconds / CHARTS * 1e3}


@benchmark(aim="at most 3 ms to compose the units below, 12 of them")
def units_below_composed(clock: Clock) -> Figures:
    given, of = below(evidence(months_of("A", 0)), twelve()), indicator()
    for _ in range(ROUNDS):
        with clock:
            for _ in range(20):
                children_of(of, given.children, given.level, NOW, "k")
    return {"ms a page": clock.seconds / 20 * 1e3}


@benchmark(aim="about 1 s for a scorecard and 60 indicators' pages")
def site_of_60_indicators(clock: Clock) -> Figures:
    made = document(60)
    files = site(made)
    for _ in range(3):
        with clock:
            files = site(made)
    return {"files": len(files), "MB": sum(len(content) for content in files.values()) / 1e6}


@benchmark(aim="at most 0.15 s for 45 indicators of 13 and 36 months")
def workbook_of_45_indicators(clock: Clock) -> Figures:
    made = document(45)
    scorecard, *series = made.datasets
    years = [replace(dataset, rows=(dataset.rows * 3)[:36]) for dataset in series]
    made = replace(made, datasets=(scorecard, *years))
    for _ in range(ROUNDS):
        with clock:
            content = workbook(made)
    cells = sum(len(dataset.rows) * len(dataset.columns) for dataset in made.datasets)
    return {"cells": cells, "KB": len(content) / 1e3}


def _whole_trust(clock: Clock, processes: int | None) -> Figures:
    """157 units, 45 indicators, 60 months of figures, one month's site; the snapshot is not timed."""
    trust = Trust(divisions=6, services=5, teams=4, indicators=45, months=60)
    with tempfile.TemporaryDirectory() as folder:
        workspace, manifest = trust.stored(Path(folder) / "w")
        with clock:
            publish(workspace, trust.catalogue, manifest, month=NOW, processes=processes)
        made = [path for path in workspace.site.rglob("*") if path.is_file()]
        pages = sum(path.suffix == ".html" for path in made)
        return {
            "units": len(trust.units),
            "pages": pages,
            "files": len(made),
            "MB": sum(path.stat().st_size for path in made) / 1e6,
            "ms a page": clock.seconds / pages * 1e3,
        }


@benchmark(aim="under 60 s on 2 cores for about 160 units x 45 indicators; a third of it if it can be")
def site_of_a_whole_trust(clock: Clock) -> Figures:
    return _whole_trust(clock, None)


@benchmark(aim="the same by one process, for comparison")
def site_of_a_whole_trust_by_one_process(clock: Clock) -> Figures:
    return _whole_trust(clock, 1)
