"""From a funnel's statistics to the picture of it: names, labels, the words below and the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from trigpoint.analysis.peers.funnel import Funnel
from trigpoint.analysis.peers.ranks import LikelyRanks
from trigpoint.publish.chart import Axis
from trigpoint.publish.compose.chart import axis
from trigpoint.publish.compose.row import number
from trigpoint.publish.funnel import FunnelChart, FunnelLimit, FunnelPoint
from trigpoint.publish.mark import Table
from trigpoint.scorecards.figures import Figures

SIZES = Axis("", "", 0, None, from_zero=True)
"""How denominators are ticked."""


@dataclass(frozen=True, slots=True)
class Around:
    """Whom a funnel is drawn for, and among whom: names by code, the group's title, what sizes are."""

    ours: str
    names: Mapping[str, str]
    group: str
    sizes: str


def funnel_of(
    figures: Figures, found: Funnel, around: Around, title: str, key: str, ranks: LikelyRanks | None = None
) -> FunnelChart:
    """The funnel of units, among which is our own. ``figures`` says how its values are written."""
    points = _points(figures, found, around)
    return FunnelChart(
        key=key,
        title=title,
        description=" ".join(_description(points, found, around, figures)),
        points=tuple(point for point, _ in points),
        target=found.target,
        target_words=f"Average {figures.limit(found.target)}",
        across=tuple(found.curve_denominator.tolist()),
        limits=tuple(_limits(found)),
        axis=replace(axis(figures), from_zero=False),
        size_axis=SIZES,
        size_words=around.sizes,
        words=tuple(_words(found)),
        table=_table(figures, points, found, ranks, title),
    )


Row = tuple[FunnelPoint, int]
"""A unit, and its place among those of the statistics."""


def _points(figures: Figures, found: Funnel, around: Around) -> list[Row]:
    points = []
    for at, unit in enumerate(found.units):
        shown, size = float(found.value[at]), float(found.denominator[at])
        name, beyond = around.names.get(unit, unit), max(-2, min(2, int(found.verdict[at])))
        points.append((FunnelPoint(name, size, shown, figures.short(shown), beyond, unit == around.ours), at))
    return points


def level(confidence: float) -> str:
    """``95%``, ``99.8%``."""
    return f"{100 * confidence:g}%"


def _limits(found: Funnel) -> Iterator[FunnelLimit]:
    levels = zip(found.confidence, found.curve_lower.tolist(), found.curve_upper.tolist(), strict=True)
    for confidence, lower, upper in levels:
        said = level(confidence)
        yield FunnelLimit(f"{said} limit", said, tuple(lower), tuple(upper))


def ranges(figures: Figures, found: Funnel, at: int) -> tuple[str, ...]:
    """A unit's limits at each level: ``61.2% to 85.3%``."""
    return tuple(
        f"{figures.limit(float(low))} to {figures.limit(float(high))}"
        for low, high in zip(found.lower[:, at], found.upper[:, at], strict=True)
    )


def against(beyond: int, found: Funnel) -> str:
    """``Inside the limits``, ``Above the 95% limits``."""
    if not beyond:
        return "Inside the limits"
    outermost = level(found.confidence[abs(beyond) - 1])
    return f"{'Above' if beyond > 0 else 'Below'} the {outermost} limits"


def _description(points: Sequence[Row], found: Funnel, around: Around, figures: Figures) -> Iterator[str]:
    yield f"{len(points)} units of {around.group}, the average {figures.limit(found.target)}."
    for point, at in points:
        if point.ours:
            sized = f"{point.name} has {point.words} of {number(float(found.denominator[at]))}"
            yield f"{sized}: {against(point.beyond, found).lower()}."
    above = sum(point.beyond > 0 for point, _ in points)
    below = sum(point.beyond < 0 for point, _ in points)
    yield f"Above the limits: {above or 'none'}; below: {below or 'none'}."


_METHODS = {
    "exact": "what chance would do to so many, by the exact distribution",
    "arcsine": "by the arcsine of the square root, as FunnelPlotR has proportions",
    "shmi": "by the logarithm of the ratio, as the SHMI has them",
    "cqc": "by the square root of the ratio, as the CQC has them",
    "log": "by the logarithm of the ratio of counts",
}


def _words(found: Funnel) -> Iterator[str]:
    """How to read the funnel."""
    yield "Each mark is a unit: the farther to the right, the larger."
    yield f"Limits: {_METHODS.get(found.method, found.method)}."
    if found.adjusted:
        yield (
            f"They are widened, because units differ by more than chance alone makes them (over-dispersion, "
            f"φ = {found.phi:.1f})."
        )
        return
    shares = (f"{100 * (1 - it):.2g} in 100 beyond the {level(it)} limits" for it in found.confidence)
    yield f"Of units that do not differ, chance puts {', '.join(shares)}."


def _table(
    figures: Figures, points: Sequence[Row], found: Funnel, ranks: LikelyRanks | None, title: str
) -> Table:
    """Its units, the largest first: as the funnel has them from the right."""
    limits = tuple(f"{level(it)} limits" for it in found.confidence)
    likely = ("Likely rank",) if ranks is not None else ()
    ordered = sorted(points, key=lambda row: (-row[0].denominator, row[0].name))
    return Table(
        caption=title,
        head=("Unit", "Value", "Against the limits", *likely, "Counted", "Out of", *limits),
        rows=tuple(
            (
                f"{point.name} (this unit)" if point.ours else point.name,
                point.words,
                against(point.beyond, found),
                *(() if ranks is None else (f"{ranks.lower[at]} to {ranks.upper[at]}",)),
                number(float(found.numerator[at])),
                number(float(found.denominator[at])),
                *ranges(figures, found, at),
            )
            for point, at in ordered
        ),
        numeric=frozenset({1, *range(3 + len(likely), 5 + len(likely) + len(limits))}),
    )
