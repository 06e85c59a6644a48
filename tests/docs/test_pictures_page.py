"""The page on pictures names every kind that there is, by a function that is there, at its widths."""

from __future__ import annotations

import importlib

from tests.docs.test_reference import REFERENCE, named, tables
from trigpoint.publish.charts.frame import MIDDLE, NARROW, WIDE
from trigpoint.publish.charts.funnel_plot import FUNNEL_MIDDLE, FUNNEL_NARROW, FUNNEL_WIDE
from trigpoint.publish.charts.heatmap import SHEET_MIDDLE, SHEET_NARROW, SHEET_WIDE
from trigpoint.publish.charts.multiples import SMALL
from trigpoint.publish.charts.png import FONTS
from trigpoint.publish.charts.ranked import RANKED_MIDDLE, RANKED_NARROW, RANKED_WIDE
from trigpoint.publish.charts.sparkline import WIDTH

WIDTHS = {
    "spc.spc_chart": [WIDE.width, MIDDLE.width, NARROW.width],
    "sparkline.sparkline": [WIDTH],
    "multiples.multiples": [SMALL.width],
    "ranked.ranked_chart": [RANKED_MIDDLE.width, RANKED_WIDE.width, RANKED_NARROW.width],
    "funnel.funnel_chart": [FUNNEL_WIDE.width, FUNNEL_MIDDLE.width, FUNNEL_NARROW.width],
    "heatmap.heatmap": [SHEET_WIDE.width, SHEET_MIDDLE.width, SHEET_NARROW.width],
    "matrix.matrix_chart": [SHEET_WIDE.width, SHEET_MIDDLE.width, SHEET_NARROW.width],
}


def test_every_kind_of_picture_is_listed_with_its_function_and_its_widths() -> None:
    listed = {named(row[1]): list(map(int, row[2].split(", "))) for row in tables("pictures.md")["Kinds"]}
    assert listed == WIDTHS
    for name in listed:
        module, _, function = name.partition(".")
        assert callable(getattr(importlib.import_module(f"trigpoint.publish.charts.{module}"), function))


def test_the_fonts_that_a_png_can_use_are_listed() -> None:
    said = (REFERENCE / "pictures.md").read_text(encoding="utf-8")
    assert all(family in said for family in FONTS)
