"""What each month's figure said when it was the latest: judged by nothing that came after it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from trigpoint.analysis.arrays import Bools, Codes, Floats, Ints, Segments
from trigpoint.analysis.history import NEVER
from trigpoint.analysis.past.variation import COMMON, NO_RULE, NOT_ASSESSED, chart
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import RuleProfile

CHUNK = 5_000
"""Charts judged at a time: enough to be quick, few enough to stay in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Latest:
    """The last points of many charts, [charts], with the limits of the segment each one lies in.

    ``began`` is the column of the segment's first point, ``since`` that of the first month of
    the unbroken run flagged like the last point; ``NEVER`` where there is none.
    """

    status: Codes
    points: Ints
    mean: Floats
    lower: Floats
    upper: Floats
    least: Floats
    most: Floats
    variation: Codes
    rule: Codes
    began: Ints
    since: Ints


def latest(
    values: Floats,
    segments: Segments,
    excluded: Bools,
    series: Ints,
    column: Ints,
    *,
    profile: RuleProfile,
    direction: Direction,
    baseline: int | None = None,
) -> Latest:
    """Draw, for each pair of ``series`` and ``column``, the chart as it stood when that month was the last.

    ``values``, ``segments`` (numbered upwards along each series) and ``excluded`` are
    [series, months]. Only the segment that holds the month bears on its last point, so each
    chart is that segment alone. Memory is bounded by ``CHUNK`` charts.
    """
    # Charts that end in neighbouring months share a chunk, which then is no wider than they are.
    order = np.argsort(column, kind="stable")
    parts = [
        _chunk(values, segments, excluded, series[rows], column[rows], profile, direction, baseline)
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
        mean=nothing,
        lower=nothing,
        upper=nothing,
        least=nothing,
        most=nothing,
        variation=np.full(charts, NOT_ASSESSED, dtype=np.int8),
        rule=np.full(charts, NO_RULE, dtype=np.int8),
        began=never,
        since=never,
    )


def _chunk(
    values: Floats,
    segments: Segments,
    excluded: Bools,
    series: Ints,
    column: Ints,
    profile: RuleProfile,
    direction: Direction,
    baseline: int | None,
) -> Latest:
    width = int(column.max()) + 1 if column.size else 1
    months, rows, end = np.arange(width), np.arange(len(series)), column[:, None]
    current = (months <= end) & (segments[series, :width] == segments[series, column][:, None])
    drawn = chart(
        np.where(current, values[series, :width], np.nan),
        excluded=excluded[series, :width],
        profile=profile,
        direction=direction,
        baseline=baseline,
    )
    limits, said = drawn.limits, drawn.variation[rows, column]
    other = np.where((months <= end) & (drawn.variation != said[:, None]), months, NEVER)
    return Latest(
        limits.status,
        limits.points,
        limits.mean,
        limits.lower,
        limits.upper,
        limits.least,
        limits.most,
        variation=said,
        rule=drawn.rule[rows, column],
        began=np.where(limits.points > 0, drawn.grid.points.argmax(axis=1), NEVER),
        since=np.where(np.isin(said, (COMMON, NOT_ASSESSED)), NEVER, other.max(axis=1) + 1),
    )
