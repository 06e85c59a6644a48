"""Required values on a chart: a toothed line that steps, or the dots of a trajectory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trigpoint.publish.chart import ChartStandard
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.frame import Frame
from trigpoint.publish.charts.svg import circle, path
from trigpoint.terms.period import Month


class Level(NamedTuple):
    """A required value laid on a frame: from edge to edge at its height. A trajectory's is a point."""

    left: float
    right: float
    y: float


def levels(values: Sequence[tuple[Month, float]]) -> list[tuple[Month, Month, float]]:
    """Runs of following months with one required value: first month, last month, value."""
    runs: list[tuple[Month, Month, float]] = []
    first, last, held, before = None, None, 0.0, -1
    for month, value in values:
        index = month.year * 12 + month.number
        if value != held or index != before + 1 or first is None:
            if first is not None and last is not None:
                runs.append((first, last, held))
            first, held = month, value
        last, before = month, index
    return [*runs, (first, last, held)] if first is not None and last is not None else runs


def required(line: ChartStandard, on: Frame) -> list[Level]:
    """What is shown of a standard."""
    origin, step, half = on.origin, on.step, on.step / 2
    first, last = origin + on.first.index * step, origin + on.last.index * step
    if line.trajectory:
        points = [(origin + month.index * step, value) for month, value in line.values]
        return [Level(x, x, on.y(value)) for x, value in points if first - 0.1 < x < last + 0.1]
    begin, end = max(on.left, first - half), min(on.right, last + half)
    held = [(origin + a.index * step, origin + b.index * step, value) for a, b, value in levels(line.values)]
    return [
        Level(max(begin, left - half), min(end, right + half), on.y(value))
        for left, right, value in held
        if right + half > begin + 0.1 and left - half < end - 0.1
    ]


def standard_line(line: ChartStandard, parts: Sequence[Level]) -> Iterator[str]:
    """A line over the months it holds in, stepping on its dates, with teeth to the failing side."""
    if line.trajectory:
        yield from _trajectory(parts)
        return
    outline, teeth, end = "", "", -1.0
    tooth = "l-4 5m16 -5" if line.fails_below else "l-4 -5m16 5"
    for left, right, y in parts:
        outline += f"V{y:.1f}H{right:.1f}" if abs(end - left) < 0.05 else f"M{left:.1f} {y:.1f}H{right:.1f}"
        end = right
        teeth += f"M{left + 6:.1f} {y:.1f}{tooth * max(1, int((right - left) / 12))}"
    if outline:
        yield path(outline, c.MISSED, 2.2)
        yield path(teeth, c.MISSED, 1.4)


def _trajectory(points: Sequence[Level]) -> Iterator[str]:
    """Dots and hollow circles; they may run past the last figure."""
    if points:
        yield path("M" + "L".join([f"{it.left:.1f} {it.y:.1f}" for it in points]), c.MISSED, 2, dashes="2 4")
        yield from [circle(it.left, it.y, 3.4, c.PAPER, c.MISSED, 1.8) for it in points]
