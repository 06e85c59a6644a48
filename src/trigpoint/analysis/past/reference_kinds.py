"""The slow second opinion on limits: the centre and the reach of each kind of chart, one stretch at a time.

Two numbers are equal where they differ by no more than the stretch's ``tie``: ``ROUNDING`` times
the largest of what is drawn, in size. Of moving ranges it is that of the figures they lie between,
and of a P' or U' chart's z that of the figures, in standard deviations of the month with the least.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from trigpoint.analysis.finding import SeriesStatus
from trigpoint.definitions.profile import ChartKind, RuleProfile

ROUNDING = 1e-12
MEAN_RANGE, MEDIAN_RANGE = 1.128, 0.954
"""The mean and the median range of two normal figures, in sigmas (Wheeler)."""
TOP_OF_MEAN, TOP_OF_MEDIAN = 3.267, 3.865
"""Three sigma of a moving range, in mean and in median ranges (Wheeler)."""


@dataclass(frozen=True, slots=True)
class Month:
    """What one month of a chart holds. ``value`` is what is drawn, None where there is no point."""

    value: float | None
    size: float | None
    deviation: float | None
    used: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A series between two re-bases. ``chains`` are the places of points that are neighbours."""

    kind: ChartKind
    profile: RuleProfile
    scale: float
    months: Sequence[Month]
    chains: Sequence[Sequence[int]]
    tie: float

    @property
    def points(self) -> Iterator[tuple[int, float]]:
        """Where the points are, in order, and what they are."""
        for place, month in enumerate(self.months):
            if month.value is not None:
                yield place, month.value

    @property
    def used(self) -> list[tuple[float, Month]]:
        """What the limits are set from."""
        return [(month.value, month) for month in self.months if month.value is not None and month.used]

    def above(self, a: float, b: float) -> bool:
        """Whether ``a`` is above ``b`` by more than rounding."""
        return a - b > self.tie


@dataclass(frozen=True, slots=True)
class Limits:
    """The line shown, and how far from ``middle`` the limits of each month lie; None where there are none."""

    status: SeriesStatus
    centre: float | None
    middle: float | None
    reach: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class _Process:
    """``reach`` is ``width`` times what each month makes of it; ``width`` is None without limits."""

    centre: float
    middle: float
    width: float | None
    each: Sequence[float | None]
    ranges: int | None = None
    abandoned: bool = False


def limits(of: Stretch) -> Limits:
    """The status of a stretch, and its lines if it has any."""
    found = _OF[of.kind](of)
    status = _status(of, found)
    if status in (SeriesStatus.NO_FIGURES, SeriesStatus.TOO_FEW):
        return Limits(status, None, None, [None] * len(of.months))
    width = 0.0 if status is SeriesStatus.CONSTANT else found.width
    reach = [None if width is None or factor is None else width * factor for factor in found.each]
    return Limits(status, found.centre, found.middle, reach)


def _status(of: Stretch, found: _Process) -> SeriesStatus:
    values = [value for _, value in of.points]
    if not values:
        return SeriesStatus.NO_FIGURES
    if len(values) < of.profile.minimum_points:
        return SeriesStatus.TOO_FEW
    if not found.width and not of.above(max(values), min(values)):
        return SeriesStatus.CONSTANT
    if found.ranges is not None and found.ranges < of.profile.minimum_ranges:
        return SeriesStatus.TOO_FEW
    if found.width == 0:
        return SeriesStatus.ZERO_WIDTH
    return SeriesStatus.SCREENING_ABANDONED if found.abandoned else SeriesStatus.CHARTED


def _mean(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers) if numbers else 0.0


def _middle(numbers: Sequence[float], which: str) -> float:
    if which == "mean":
        return _mean(numbers)
    return median(numbers) if numbers else 0.0


def _weighted(of: Stretch) -> float:
    """All numerators over all denominators."""
    sizes = [month.size or 0.0 for _, month in of.used]
    parts = [value * size for (value, _), size in zip(of.used, sizes, strict=True)]
    return math.fsum(parts) / math.fsum(sizes) if sizes else 0.0


def _alike(of: Stretch) -> list[float | None]:
    """Every month's limits lie equally far out."""
    return [1.0] * len(of.months)


def _by_size(of: Stretch, factor: Callable[[float], float | None]) -> list[float | None]:
    return [None if month.size is None else factor(month.size) for month in of.months]


def _mean_range(of: Stretch, values: Mapping[int, float], tie: float) -> tuple[float, int, bool]:
    """The mean (or median) range between neighbours that are both used, how many, and if all were kept."""
    ranges = [
        abs(values[now] - values[before])
        for chain in of.chains
        for before, now in pairwise(chain)
        if of.months[before].used and of.months[now].used
    ]
    ranges = [size if size > tie else 0.0 for size in ranges]
    average = _middle(ranges, of.profile.spread)
    if of.profile.screening is None:
        return average, len(ranges), False
    most = of.profile.screening * average
    kept = _middle([size for size in ranges if most - size > tie], of.profile.spread)
    if kept == 0 < average:
        return average, len(ranges), True
    return kept, len(ranges), False


def _individuals(of: Stretch) -> _Process:
    centre = _middle([value for value, _ in of.used], of.profile.centre)
    average, ranges, abandoned = _mean_range(of, dict(of.points), of.tie)
    return _Process(centre, centre, of.profile.limit * average, _alike(of), ranges, abandoned)


def _run(of: Stretch) -> _Process:
    centre = _middle([value for value, _ in of.used], "median")
    return _Process(centre, centre, None, _alike(of))


def _ranges(of: Stretch) -> _Process:
    centre = _middle([value for value, _ in of.used], of.profile.spread)
    top = TOP_OF_MEAN if of.profile.spread == "mean" else TOP_OF_MEDIAN
    return _Process(centre, 0.0, top * of.profile.sigmas / 3 * centre, _alike(of))


def _counts(of: Stretch) -> _Process:
    """Poisson: the variance is the mean."""
    mean = _mean([value for value, _ in of.used])
    return _Process(mean, mean, of.profile.sigmas * math.sqrt(mean), _alike(of))


def _cases_between(of: Stretch) -> _Process:
    """Geometric: the variance is the mean times one more than the mean. The median is shown."""
    values = [value for value, _ in of.used]
    mean = _mean(values)
    deviation = math.sqrt(mean) * math.sqrt(mean + 1)
    return _Process(_middle(values, "median"), mean, of.profile.sigmas * deviation, _alike(of))


def _shares(of: Stretch) -> _Process:
    """Binomial: the variance of a share is p (1 - p) / n."""
    centre = _weighted(of)
    all_of_it = not of.above(of.scale, centre)
    share = 1.0 if all_of_it else centre / of.scale
    return _chance(of, centre, math.sqrt(share * (1 - share)))


def _rates(of: Stretch) -> _Process:
    """Poisson: the variance of a rate is u / n."""
    centre = _weighted(of)
    return _chance(of, centre, math.sqrt(centre / of.scale))


def _chance(of: Stretch, centre: float, deviation: float) -> _Process:
    each = _by_size(of, lambda size: 1 / math.sqrt(size))
    return _Process(centre, centre, of.profile.sigmas * of.scale * deviation, each)


def _laney(of: Stretch, chance: _Process) -> _Process:
    """How far figures stray, in standard deviations by chance alone, widens the limits or narrows them."""
    if not chance.width:
        z, tie = {place: 0.0 for place, _ in of.points}, 0.0
    else:
        unit = chance.width / of.profile.sigmas
        sigma = {i: unit * factor for i, factor in enumerate(chance.each) if factor is not None}
        away = {place: value - chance.centre for place, value in of.points}
        z = {place: far / sigma[place] if abs(far) > of.tie else 0.0 for place, far in away.items()}
        tie = max((of.tie / sigma[place] for place, _ in of.points if of.months[place].used), default=0.0)
    average, ranges, abandoned = _mean_range(of, z, tie)
    usual = MEAN_RANGE if of.profile.spread == "mean" else MEDIAN_RANGE
    width = (chance.width or 0.0) * average / usual
    return replace(chance, width=width, ranges=ranges, abandoned=abandoned)


def _means(of: Stretch) -> _Process:
    """Means of so many figures each, by the spread within months. One figure has no spread, nor limits."""
    known = [
        (month.deviation if month.deviation > of.tie else 0.0, month.size)
        for _, month in of.used
        if month.size is not None and month.size > 1 and month.deviation is not None
    ]
    centre = _weighted(of)
    within = of.profile.sigmas * _within(of, known)
    each = _by_size(of, lambda size: 1 / (c4(size) * math.sqrt(size)) if size > 1 else None)
    return _Process(centre, centre, within, each)


def _deviations(of: Stretch) -> _Process:
    known = [(value, month.size) for value, month in of.used if month.size is not None]
    centre = _within(of, known)
    each = _by_size(of, lambda size: math.sqrt(1 - c4(size) ** 2) / c4(size) if size > 1 else None)
    return _Process(centre, centre, of.profile.sigmas * centre, each)


def _within(of: Stretch, known: Sequence[tuple[float, float]]) -> float:
    """Standard deviations: their mean where all used months are of one size, else pooled."""
    if not known:
        return 0.0
    if len({month.size for _, month in of.used}) == 1:
        return _mean([deviation for deviation, _ in known])
    squares = math.fsum((size - 1) * deviation**2 for deviation, size in known)
    return math.sqrt(squares / math.fsum(size - 1 for _, size in known))


def c4(size: float) -> float:
    """The mean standard deviation of ``size`` normal figures, in true ones; by recurrence from below three.

    c4(n) is √(2 / (n - 1)) g(n) with g(n) = Γ(n / 2) / Γ((n - 1) / 2), and g(n + 1) g(n) = (n - 1) / 2.
    """
    at = size - max(math.ceil(size) - 3, 0)
    g = math.gamma(at / 2) / math.gamma((at - 1) / 2)
    while at < size:
        g, at = (at - 1) / 2 / g, at + 1
    return math.sqrt(2 / (size - 1)) * g


_OF: Mapping[ChartKind, Callable[[Stretch], _Process]] = {
    ChartKind.RUN: _run,
    ChartKind.I: _individuals,
    ChartKind.MR: _ranges,
    ChartKind.P: _shares,
    ChartKind.P_PRIME: lambda of: _laney(of, _shares(of)),
    ChartKind.U: _rates,
    ChartKind.U_PRIME: lambda of: _laney(of, _rates(of)),
    ChartKind.C: _counts,
    ChartKind.G: _cases_between,
    ChartKind.T: _individuals,
    ChartKind.XBAR: _means,
    ChartKind.S: _deviations,
}
