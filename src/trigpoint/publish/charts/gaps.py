"""Months without a figure: hatched where one is missing or hidden, an open tick where none were due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from trigpoint.publish.chart import ChartPoint
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.frame import LETTER, Frame
from trigpoint.publish.charts.svg import HALO, circle, path, rect, text
from trigpoint.terms.panel import State

HATCHED = frozenset({State.NOT_SUBMITTED, State.SUPPRESSED, State.INCOMPLETE})
"""The states that leave a hole where a figure is expected."""


def gaps(on: Frame, key: str, *, worded: bool = True) -> Iterator[str]:
    """Each run of months of one state, with its words. ``key`` makes the name of the hatching unique."""
    runs = [(state, gap, list(run)) for (state, gap), run in groupby(on.points, lambda p: (p.state, p.gap))]
    if any(state in HATCHED for state, _, _ in runs):
        yield (
            f'<defs><pattern id="{key}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)">{path("M0 0V6", c.HATCH, 2)}</pattern></defs>'
        )
    for state, words, run in runs:
        gap = words if worded else ""
        if state in HATCHED:
            yield from _hole(on, run, gap, f"{key}-hatch")
        elif state is State.NO_DENOMINATOR:
            yield from _none_due(on, run, gap)


def _hole(on: Frame, run: Sequence[ChartPoint], gap: str, hatch: str) -> Iterator[str]:
    half = min(on.step * 0.4, 10)
    left, right = on.x(run[0].month) - half, on.x(run[-1].month) + half
    yield rect(left, on.top, right - left, on.bottom - on.top, f'fill="url(#{hatch})" opacity=".55"')
    for point in run:
        if point.state is State.SUPPRESSED:
            yield text(
                "*", on.x(point.month), on.bottom - 3, c.INK, size=16, anchor="middle", bold=True, more=HALO
            )
    if not gap:
        return
    if right - left > LETTER * len(gap):
        yield text(gap, (left + right) / 2, on.bottom - 22, c.INK_2, size=13, anchor="middle", more=HALO)
        return
    beside = left - 5 if left - on.left > 20 else right + 15
    upwards = f' transform="rotate(-90 {beside:.1f} {on.bottom - 6:.1f})"'
    yield text(gap, beside, on.bottom - 6, c.INK_2, size=13, more=f"{HALO}{upwards}")


def _none_due(on: Frame, run: Sequence[ChartPoint], gap: str) -> Iterator[str]:
    for point in run:
        x = on.x(point.month)
        yield path(f"M{x:.1f} {on.bottom:.1f}v-9", c.INK, 1.5)
        yield circle(x, on.bottom - 12, 3.2, c.PAPER, c.INK, 1.5)
    if not gap:
        return
    middle = (on.x(run[0].month) + on.x(run[-1].month)) / 2
    middle = min(max(middle, on.left + 30), on.right - 30)
    yield text(gap, middle, on.bottom - 20, c.INK_2, size=13, anchor="middle", more=HALO)
