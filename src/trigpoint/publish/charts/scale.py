"""The value axis: what it spans and where its round ticks stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from trigpoint.publish.chart import Axis, Chart, ChartPoint


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from ``low`` to ``high`` with a tick at each multiple of ``step``."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> tuple[float, ...]:
        count = round((self.high - self.low) / self.step)
        return tuple(self.low + i * self.step for i in range(count + 1))


def clipped(value: float, axis: Axis) -> float:
    """``value``, or the nearest that the measure can reach. For display only."""
    if axis.least is not None:
        value = max(value, axis.least)
    return value if axis.most is None else min(value, axis.most)


def inside(value: float, axis: Axis) -> bool:
    """Whether a value lies inside what the measure can reach, and not at its edge."""
    above = axis.least is None or value > axis.least
    return above and (axis.most is None or value < axis.most)


def scale(chart: Chart, points: Sequence[ChartPoint]) -> Scale:
    """The axis for these points of a chart, their limits and the standards that hold in their time."""
    return scale_of(_shown(chart, points), chart.axis)


def common_scale(charts: Sequence[Chart]) -> Scale:
    """One axis for charts of one indicator: for all their figures, limits and standards."""
    shown = [number for chart in charts for number in _shown(chart, chart.points)]
    return scale_of(shown, charts[0].axis)


def scale_of(shown: Sequence[float], axis: Axis) -> Scale:
    """The axis that holds every number shown, with a little room and round ends."""
    if not shown:
        return Scale(0.0, 100.0, 25.0) if axis.suffix == "%" else Scale(0.0, 4.0, 1.0)
    low, high = min(shown), max(shown)
    if _from_zero(axis, low, high):
        low, high = min(low, 0.0), max(high, 0.0)
    flat = math.isclose(low, high, rel_tol=1e-9)  # what differs in rounding alone is one level
    spread = abs(low) * 0.1 or 1.0 if flat else (high - low) * 0.04
    below = low - spread if low < 0 else max(low - spread, 0.0)  # room alone takes no axis below zero
    # The room ends where the measure does; a figure beyond that, wrong as it is, is still shown.
    return _rounded(min(low, clipped(below, axis)), max(high, clipped(high + spread, axis)))


def starts_above_zero(chart: Chart) -> bool:
    """Whether a count or rate is drawn without its zero, which the caption must then say."""
    return chart.axis.from_zero and scale(chart, chart.points).low > 0


def labelled(scale: Scale, axis: Axis) -> tuple[tuple[float, str], ...]:
    """Each tick with its words: ``80%``, ``1,200``, ``£2.5m``."""
    units = ((1e9, "bn"), (1e6, "m"))
    fitting = (unit for unit in units if scale.high >= unit[0] and scale.step >= unit[0] / 1000)
    divisor, unit = next(fitting, (1.0, ""))
    step = scale.step / divisor
    decimals = next((n for n in range(7) if math.isclose(round(step, n), step, rel_tol=1e-6)), 6)
    found = []
    for tick in scale.ticks:
        text = f"{abs(tick / divisor):,.{decimals}f}"
        minus = "−" if tick < 0 and float(text.replace(",", "")) else ""
        found.append((tick, f"{minus}{axis.prefix}{text}{unit}{axis.suffix}"))
    return tuple(found)


def _shown(chart: Chart, points: Sequence[ChartPoint]) -> list[float]:
    numbers = [point.value for point in points if point.value is not None]
    limits = {point.lower for point in points} | {point.upper for point in points}
    numbers += [clipped(limit, chart.axis) for limit in limits if limit is not None]
    if points and numbers:
        first = points[0].month
        for line in chart.standards:
            since = 0 if line.values and line.values[0][0].index >= first.index else first.index
            numbers += [value for month, value in line.values if not since or month.index >= since]
    return numbers


def _from_zero(axis: Axis, low: float, high: float) -> bool:
    """Counts and rates start at zero unless their range is under a fifth of their middle."""
    return axis.from_zero and high - low >= abs(high + low) / 2 / 5


def _rounded(low: float, high: float) -> Scale:
    """The round scale of 4 to 7 ticks that wastes least."""
    magnitude = 10.0 ** math.floor(math.log10((high - low) / 4))
    for step in (m * magnitude for m in (1, 2, 2.5, 5, 10, 20)):
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first <= 5:
            return Scale(first * step, max(last, first + 1) * step, step)
    raise AssertionError("a step of twenty magnitudes spans any range of four")
