"""Every kind of picture with its hardest cases on one page, at each of its widths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.synthetic import Trust
from tests.web.charts import CASES
from tests.web.documents import HOSTILE, LONG
from tests.web.funnels import FUNNELS, peers_in_order
from trigpoint.publish.charts.frame import MIDDLE, NARROW, WIDE
from trigpoint.publish.charts.funnel import funnel_chart
from trigpoint.publish.charts.funnel_plot import FUNNEL_MIDDLE, FUNNEL_NARROW, FUNNEL_WIDE
from trigpoint.publish.charts.heatmap import SHEET_MIDDLE, SHEET_NARROW, SHEET_WIDE, heatmap
from trigpoint.publish.charts.matrix import matrix_chart
from trigpoint.publish.charts.multiples import multiples
from trigpoint.publish.charts.plate import Plate, plated
from trigpoint.publish.charts.ranked import RANKED_MIDDLE, RANKED_NARROW, RANKED_WIDE, ranked_chart
from trigpoint.publish.charts.spc import spc_chart
from trigpoint.publish.mark import Mark

TRUSTS = {
    "plain": Trust(divisions=5, services=0, teams=0, indicators=9, months=14, gaps=True),
    "many": Trust(divisions=14, services=0, teams=0, indicators=4, months=14, gaps=True),
    "long": Trust(divisions=6, services=0, teams=0, indicators=4, months=14, words=LONG.strip()),
    "hostile": Trust(divisions=3, services=0, teams=0, indicators=4, months=14, words=HOSTILE),
}
PLATE = Plate(
    "Followed up within 72 hours of leaving hospital, Adult Mental Health division",
    "73.4% in October 2026: below the 80% standard, and lower than chance explains.",
    (Mark("variation-concern_low", "Concern, lower"), Mark("assurance-hit_or_miss", "Hit or miss")),
    ((1, "April 2025. Limits re-based: co-ordinators on every ward"), (2, "July 2026. Two posts empty")),
    ("XmR chart.", "Rule profile: nhs-england, version 1."),
)


def pictures() -> Iterator[str]:
    """All of them as SVG."""
    for case in CASES.values():
        yield from (spc_chart(case(), drawing) for drawing in (WIDE, MIDDLE, NARROW))
        whole = case()
        recent = replace(whole, points=whole.points[-18:], key=f"{whole.key}-small")
        yield from (svg for svg in multiples([recent]) if svg)
    for name, case_of in FUNNELS.items():
        funnel = replace(case_of(), key=f"funnel-{name}")
        drawn = (funnel_chart(funnel, size) for size in (FUNNEL_WIDE, FUNNEL_MIDDLE, FUNNEL_NARROW))
        yield from (svg for svg in drawn if svg)
    for count in (1, 8, 50):
        ranked = peers_in_order(count, count // 2, (*LONG.split(), "Avon Vale", HOSTILE))
        yield from (ranked_chart(ranked, size) for size in (RANKED_WIDE, RANKED_MIDDLE, RANKED_NARROW))
    for name, trust in TRUSTS.items():
        document = trust.document()
        for sheet in (SHEET_WIDE, SHEET_MIDDLE, SHEET_NARROW):
            yield matrix_chart(document.matrix, sheet, f"{name}-matrix")
            if document.comparison is not None:
                yield heatmap(document.comparison, sheet, f"{name}-heatmap")
    for drawing in (WIDE, NARROW):
        anatomy = replace(CASES["anatomy"](), key="plate")
        yield plated(spc_chart(anatomy, drawing), PLATE)


def gallery() -> str:
    """A page that shows each picture as wide as it is drawn."""
    figures = "\n".join(f"<figure>{svg}</figure>" for svg in pictures())
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>Test Trust: pictures</title>'
        "<style>figure{margin:0 0 8px}svg{display:block}</style></head>\n"
        f"<body><main><h1>Pictures</h1>\n{figures}\n</main></body></html>\n"
    )
