"""What a chart, a page and a site cost."""

from __future__ import annotations

from dataclasses import replace

from tests.benchmarks.harness import Clock, Figures, benchmark
from tests.web.charts import CASES
from tests.web.documents import document
from trigpoint.publish.charts.frame import MIDDLE, NARROW, WIDE, Drawing
from trigpoint.publish.charts.sparkline import sparkline
from trigpoint.publish.charts.spc import spc_chart
from trigpoint.publish.compose_chart import last_months
from trigpoint.publish.formats.html import site
from trigpoint.publish.formats.xlsx import workbook

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
