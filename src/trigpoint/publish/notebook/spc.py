"""Control charts of the library for analysts: one of a series, small ones of many."""

from __future__ import annotations

from trigpoint.analysis.library.charted import Spc
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.icons import defined, used
from trigpoint.publish.charts.lettering import cut
from trigpoint.publish.charts.multiples import SMALL, multiples
from trigpoint.publish.charts.plate import Plate, plated
from trigpoint.publish.charts.spc import spc_chart
from trigpoint.publish.charts.svg import picture, text
from trigpoint.publish.notebook.part import Part, part_of
from trigpoint.publish.notebook.picture import DrawnPicture, key_of, size_of

MOST = 12
"""How many small charts stand beside each other; the others are counted, and drawn when asked for."""
_ACROSS, _GAP, _HEAD, _ICON = 3, 20, 46, 32


def draw(result: Spc, *, group: object = None, size: str = "middle") -> DrawnPicture:
    """One group's chart on its plate; of many groups, a small chart for each of the first."""
    drawing = size_of(size)
    if group is None and len(result) > 1:
        return DrawnPicture(_many(result))
    one = part_of(result, result.groups[0] if group is None else group)
    return DrawnPicture(plated(spc_chart(one.chart, drawing), one.plate))


def _many(result: Spc) -> str:
    """Small charts on one scale, each under its name and what its latest point says."""
    parts = [part_of(result, group) for group in result.groups[:MOST]]
    key = key_of("many", *(part.chart.key for part in parts))
    width, height = SMALL.width + _GAP, SMALL.height + _HEAD + 6
    body = defined((part.change.icon for part in parts), key)
    for at, (part, small) in enumerate(zip(parts, multiples([part.chart for part in parts]), strict=True)):
        row, column = divmod(at, _ACROSS)
        body += _small(part, small, key, 14 + column * width, row * height)
    rows = -(-len(parts) // _ACROSS)
    title = result.design.title or result.design.kind.words
    described = " ".join(f"{part.name}: {part.change.words}." for part in parts)
    drawn = picture(
        key,
        "multiples",
        14 + _ACROSS * width,
        rows * height,
        title,
        f"{len(result)} series. {described}",
        body,
    )
    return plated(drawn, Plate(title, _counted(result), words=parts[0].how))


def _small(part: Part, small: str, key: str, x: float, y: float) -> str:
    placed = f'<svg x="{x}" y="{y + _HEAD}" width="{SMALL.width}" height="{SMALL.height}" '
    name = cut(part.name, SMALL.width - _ICON - 8, bold=True)
    return (
        used(part.change.icon, key, x, y + 6, _ICON)
        + text(name, x + _ICON + 8, y + 20, c.INK, bold=True)
        + text(f"{part.latest} {part.change.words}".strip(), x + _ICON + 8, y + 37, c.INK_2, size=13)
        + small.replace("<svg ", placed, 1)
    )


def _counted(result: Spc) -> str:
    if len(result) <= MOST:
        return f"{len(result)} series, on one scale."
    return f"The first {MOST} of {len(result)} series, on one scale. Any other is drawn by group=."
