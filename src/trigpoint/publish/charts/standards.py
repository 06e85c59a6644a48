"""Required values on a chart: a toothed line that steps, or the dots of a trajectory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trigpoint.publish.chart import ChartStandard
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.frame import Frame
from trigpoint.publish.charts.svg import circle, path
from trigpoint.terms.period import Month


def levels(values: Sequence[tuple[Month, float]]) -> list[tuple[Month, Month, float]]:
    """Runs of following months with one required value: first month, last month, value."""
    runs: list[tuple[Month, Month, float]] = []
    for month, value in values:
        if runs and runs[-1][2] == value and runs[-1][1].index + 1 == month.index:
            runs[-1] = (runs[-1][0], month, value)
        else:
            runs.append((month, month, value))
    return runs


def standard_line(line: ChartStandard, on: Frame) -> Iterator[str]:
    """A line over the months it holds in, stepping on its dates, with teeth to the failing side."""
    if line.trajectory:
        yield from _trajectory(line, on)
        return
    outline, teeth, end = "", "", None
    tooth = "l-4 5m16 -5" if line.fails_below else "l-4 -5m16 5"
    for first, last, value in levels([held for held in line.values if on.shows(held[0])]):
        left = max(on.left, on.x(first) - on.step / 2)
        right = min(on.right, on.x(last) + on.step / 2)
        y = on.y(value)
        outline += f"V{y:.1f}H{right:.1f}" if end == left else f"M{left:.1f} {y:.1f}H{right:.1f}"
        end = right
        teeth += f"M{left + 6:.1f} {y:.1f}{tooth * max(1, int((right - left) / 12))}"
    if outline:
        yield path(outline, c.MISSED, 2.2)
        yield path(teeth, c.MISSED, 1.4)


def _trajectory(line: ChartStandard, on: Frame) -> Iterator[str]:
    """Dots and hollow circles; they may run past the last figure."""
    shown = [(on.x(month), on.y(value)) for month, value in line.values if on.shows(month)]
    if not shown:
        return
    dots = "L".join(f"{x:.1f} {y:.1f}" for x, y in shown)
    yield path(f"M{dots}", c.MISSED, 2, dashes="2 4")
    for x, y in shown:
        yield circle(x, y, 3.4, c.PAPER, c.MISSED, 1.8)
