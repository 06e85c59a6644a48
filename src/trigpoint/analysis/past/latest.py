"""What each month's figure said when it was the latest: judged by nothing that came after it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from trigpoint.analysis.arrays import Bools, Codes, Floats, Ints, Segments
from trigpoint.analysis.history import NEVER
from trigpoint.analysis.past.rules import RULES, SIDELESS
from trigpoint.analysis.past.variation import COMMON, NO_RULE, NOT_ASSESSED, Charts, Sizes, chart
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import ChartKind, RuleProfile

UNDATED = [RULES.index(rule) for rule in SIDELESS]
"""A pattern without a side is of the whole stretch: it has no month since when it holds."""
CHUNK = 5_000
"""Charts judged at a time: enough to be quick, few enough to stay in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Latest:
    """The last points of many charts, [charts], with the limits of the segment each one lies in.

    ``used`` counts the points that set the limits. ``began`` is the column of the segment's first
    point, ``since`` that of the first month of the unbroken run flagged like the last point;
    ``NEVER`` where there is none. ``least`` and ``most`` are in the figures' own units.
    """

    status: Codes
    points: Ints
    used: Ints
    centre: Floats
    lower: Floats
    upper: Floats
    least: Floats
    most: Floats
    variation: Codes
    rule: Codes
    began: Ints
    since: Ints


def latest(  # noqa: PLR0913 - the parts of a chart, each with its name
    values: Floats,
    segments: Segments,
    excluded: Bools,
    series: Ints,
    column: Ints,
    *,
    profile: RuleProfile,
    direction: Direction,
    baseline: int | Bools | None = None,
    kind: ChartKind = ChartKind.I,
    sizes: Sizes | None = None,
) -> Latest:
    """Draw, for each pair of ``series`` and ``column``, the chart as it stood when that month was the last.

    ``values``, ``segments`` (numbered upwards along each series) and ``excluded`` are
    [series, months]. Only the segment that holds the month bears on its last point, so each
    chart is that segment alone. Memory is bounded by ``CHUNK`` charts.
    """
    # Charts that end in neighbouring months share a chunk, which then is no wider than they are.
    order = np.argsort(column, kind="stable")
    judge = _Judge(values, segments, excluded, profile, direction, baseline, kind, sizes)
    parts = [
        judge.chunk(series[rows], column[rows])
        for rows in np.array_split(order, max(1, -(-len(order) // CHUNK)))
    ]
    back = np.argsort(order, kind="stable")
    joined = {f.name: np.concatenate([getattr(part, f.name) for part in parts])[back] for f in fields(Latest)}
    return Latest(**joined)


def refused(charts: int, status: int) -> Latest:
    """As many charts that are not drawn at all, all for the same reason."""
    nothing, never = np.full(charts, np.nan), np.full(charts, NEVER)
    return Latest(
        np.full(charts, status, dtype=np.int8),
        np.zeros(charts, dtype=np.int64),
        np.zeros(charts, dtype=np.int64),
        centre=nothing,
        lower=nothing,
        upper=nothing,
        least=nothing,
        most=nothing,
        variation=np.full(charts, NOT_ASSESSED, dtype=np.int8),
        rule=np.full(charts, NO_RULE, dtype=np.int8),
        began=never,
        since=never,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Judge:
    """What all chunks share."""

    values: Floats
    segments: Segments
    excluded: Bools
    profile: RuleProfile
    direction: Direction
    baseline: int | Bools | None
    kind: ChartKind
    sizes: Sizes | None

    def chunk(self, series: Ints, column: Ints) -> Latest:
        width = int(column.max()) + 1 if column.size else 1
        months, end = np.arange(width), column[:, None]
        current = (months <= end) & (self.segments[series, :width] == self.segments[series, column][:, None])
        baseline, sizes = self.baseline, self.sizes
        drawn = chart(
            np.where(current, self.values[series, :width], np.nan),
            excluded=self.excluded[series, :width],
            profile=self.profile,
            direction=self.direction,
            baseline=baseline if baseline is None or isinstance(baseline, int) else baseline[series, :width],
            kind=self.kind,
            sizes=None if sizes is None else sizes.until(series, width),
        )
        return _last(drawn, column, np.where(months <= end, months, NEVER))


def _last(drawn: Charts, column: Ints, months: Ints) -> Latest:
    """The last points of charts that have one segment each; ``months`` is ``NEVER`` after them."""
    limits, said = drawn.limits, drawn.variation[np.arange(len(column)), column]
    lines, (least, most) = limits.ends(column), limits.extremes
    other = np.where(drawn.variation != said[:, None], months, NEVER)
    rule = drawn.rule[np.arange(len(column)), column]
    undated = np.isin(said, (COMMON, NOT_ASSESSED)) | np.isin(rule, UNDATED)
    return Latest(
        limits.status,
        limits.points,
        limits.used,
        lines.centre,
        lines.lower,
        lines.upper,
        least,
        most,
        variation=said,
        rule=rule,
        began=np.where(limits.points > 0, drawn.grid.points.argmax(axis=1), NEVER),
        since=np.where(undated, NEVER, other.max(axis=1) + 1),
    )
