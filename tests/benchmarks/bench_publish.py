"""What a chart, a page and a site cost."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.harness import Clock, Figures, benchmark
from tests.synthetic import NOW, Trust
from tests.web.charts import CASES
from tests.web.documents import document
from trigpoint.month.site import publish
from trigpoint.publish.charts.frame import MIDDLE, NARROW, WIDE, Drawing
from trigpoint.publish.charts.sparkline import sparkline
from trigpoint.publish.charts.spc import spc_chart
from trigpoint.publish.compose_chart import last_months
from trigpoint.publish.formats.html import site

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
