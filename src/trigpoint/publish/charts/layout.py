"""A control chart laid out: its frame, and where its limits, standards, gaps and restarts fall on it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from trigpoint.publish.chart import Chart
from trigpoint.publish.charts.frame import Drawing, Frame, frame, lowered
from trigpoint.publish.charts.gaps import Gap, gaps_of
from trigpoint.publish.charts.process import Usual, usual
from trigpoint.publish.charts.restarts import ROW, Pennant, pennants, rows_of
from trigpoint.publish.charts.standards import Level, required


@dataclass(frozen=True, slots=True)
class Layout:
    """All that is worked out once for a picture.

    ``xs`` and ``ys`` say where each point falls, and ``spots`` the same as it is written in a path;
    ``required`` has the shown levels of each standard, ``starts`` the places of the points at which
    limits start again.
    """

    chart: Chart
    on: Frame
    xs: Sequence[float]
    ys: Sequence[float | None]
    spots: Sequence[str]
    starts: Sequence[int]
    usual: Usual
    required: Sequence[Sequence[Level]]
    gaps: Sequence[Gap]
    restarts: Sequence[Pennant]


def laid_out(chart: Chart, drawing: Drawing, margin: float) -> Layout:
    """A chart on a drawing, with so wide a margin at its right."""
    on = frame(chart, drawing, margin)
    restarts = pennants(chart, on)
    return on_frame(chart, lowered(on, ROW * rows_of(restarts)), restarts)


def on_frame(chart: Chart, on: Frame, restarts: Sequence[Pennant] = ()) -> Layout:
    """A chart on a frame of its own."""
    xs, ys = on.xs(), on.ys()
    starts = [bisect_left(xs, on.x(note.month) - 0.01) for note in chart.notes if note.restarts]
    spots = ["" if y is None else f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys, strict=True)]
    process, levels = usual(chart, on, xs, starts), [required(line, on) for line in chart.standards]
    return Layout(chart, on, xs, ys, spots, starts, process, levels, gaps_of(on, xs), restarts)
