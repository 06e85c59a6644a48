"""What a reader should know of series that carry limits, and of their latest point: many at once.

Limits are drawn all the same: a caution says what they cannot tell. Each has its test below, and
``docs/reference/difficult-series.md`` its reason, its source, and how often it is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from trigpoint.analysis.arrays import TIE, Bools, Floats, Ints, Segments
from trigpoint.analysis.caution import Caution
from trigpoint.analysis.past.neighbours import Neighbours, neighbours
from trigpoint.analysis.past.seasons import Seasons, seasons
from trigpoint.definitions.profile import RuleProfile

Counted = Literal["proportion", "rate", "count"]
"""What figures are made of: a part of a number of people, events in so much time, or a number alone."""

CAUTIONS = tuple(Caution)
"""What a column of ``Found.noted`` means."""
MANY_GAPS = 0.1
"""The share of months without a figure that is said wherever they lie."""
OF_ANY_LIMITS = frozenset({Caution.MISSING_LAST, Caution.TRIAL_LIMITS, Caution.GAPS})
"""What is worth saying of limits without width too: of a series that never varied."""
FEW = 2.0
"""Fewer than so many a month, on average, of what is counted or of what is not, are rare.

By simulation (36 months of Poisson or binomial counts), from here down XmR charts flag their latest
month twice as often as they do normal figures (3.2% for 1.5%), and at 1 a month over three times.
"""
SMALL = 10.0
"""Out of fewer than so many, one person moves a proportion by more than 10 points."""
UNLIKE = 9 / 4
"""How many times the mean a denominator may be, or the mean it.

Chance moves a figure by the square root of its denominator. At 9/4, 3 of the chart's sigma are 2, or
4.5, of the month's own: what is flagged is near the limit, or far from it. (The 25% that textbooks
allow where a P chart takes the mean denominator would mark every small team: here limits come from
moving ranges, and by simulation a spread of 25% leaves false signals where they were.)
"""
BY_CHANCE = 0.5
"""The share of the spread that must be chance of this kind before unlike denominators matter."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What figures are made of, [series, months]; NaN where it is not known."""

    numerator: Floats
    denominator: Floats
    counted: Counted


@dataclass(frozen=True, slots=True, eq=False)
class Limited:
    """The limits in force in the last month, [series]: NaN where there are none; and what can be reached."""

    lower: Floats
    upper: Floats
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The cautions of many series: ``noted`` is [series, cautions]; the numbers are those of ``Cautions``."""

    noted: Bools
    months: Ints
    missing: Ints
    absent: Ints
    points: Ints
    denominator: Floats
    least_denominator: Floats
    most_denominator: Floats
    rarer: Floats
    seasons: Seasons
    neighbours: Neighbours


def cautions(
    values: Floats,
    segments: Segments,
    excluded: Bools,
    limits: Limited,
    *,
    parts: Parts | None = None,
    season: Ints,
    profile: RuleProfile,
) -> Found:
    """Look for every caution in series, [series, months], with NaN for a month without a figure.

    Leave ``parts`` out where limits follow the denominators (P and U charts), or where figures came
    without. ``season`` is each month's place in its year; ``profile`` says how long a run is a
    signal, and from how many points limits are full. Series without limits have no caution.
    """
    figures, current = ~np.isnan(values), segments == segments[:, -1:]
    since = current & (np.cumsum(figures & current, axis=1) > 0)
    holes = since & (np.cumsum(figures[:, ::-1], axis=1)[:, ::-1] > 0) & ~figures
    points = figures & since & ~excluded
    of_year = seasons(values, segments, excluded, season)
    alike = neighbours(values - of_year.effect, points)
    months, missing = since.sum(axis=1), holes.sum(axis=1)
    absent = (since & ~figures).sum(axis=1) - missing
    many = (missing >= MANY_GAPS * months) | holes[:, -profile.run :].any(axis=1)
    made = _Made.of(values, parts, points)
    rare = made.rarer < FEW  # and then nothing else about sizes or seasons can be told
    noted = {
        Caution.MISSING_LAST: absent > 0,
        Caution.TRIAL_LIMITS: points.sum(axis=1) < profile.full_points,
        Caution.GAPS: (missing > 0) & many,
        Caution.RARE_EVENTS: rare,
        Caution.SMALL_DENOMINATORS: made.small & ~rare,
        Caution.MIXED_DENOMINATORS: made.unlike & made.by_chance(limits) & ~rare,
        Caution.SEASONAL: of_year.strong & ~rare,
        Caution.AUTOCORRELATED: alike.alike,
        Caution.LOWER_LIMIT_OUT_OF_REACH: _beyond(limits.least, limits.lower, -1),
        Caution.UPPER_LIMIT_OUT_OF_REACH: _beyond(limits.most, limits.upper, 1),
    }
    limited, wide = ~np.isnan(limits.lower), limits.upper > limits.lower
    return Found(
        np.stack(
            [noted[caution] & (limited if caution in OF_ANY_LIMITS else wide) for caution in CAUTIONS], axis=1
        ),
        months,
        missing,
        absent,
        points.sum(axis=1),
        made.mean,
        made.least,
        made.most,
        made.rarer,
        of_year,
        alike,
    )


def _beyond(bound: float | None, limit: Floats, way: int) -> Bools:
    """Whether a limit lies outside what the measure can reach."""
    if bound is None:
        return np.zeros(limit.shape, dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        return np.asarray(way * (limit - bound) > TIE * np.maximum(np.abs(limit), abs(bound)))


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """What the figures of each series are made of, [series]; NaN where it is not known.

    ``chance`` is the variance that chance gives a figure out of the mean denominator.
    """

    mean: Floats
    least: Floats
    most: Floats
    rarer: Floats
    chance: Floats
    counted: Counted

    @classmethod
    def of(cls, values: Floats, parts: Parts | None, points: Bools) -> _Made:
        unknown = np.full(len(values), np.nan)
        if parts is None:
            return cls(unknown, unknown, unknown, unknown, unknown, "rate")
        if parts.counted == "count":
            return cls(unknown, unknown, unknown, _mean(values, points), unknown, "count")
        known = points & ~np.isnan(parts.numerator) & ~np.isnan(parts.denominator)
        events, out_of = _mean(parts.numerator, known), _mean(parts.denominator, known)
        least = np.where(known, parts.denominator, np.inf).min(axis=1, initial=np.inf)
        most = np.where(known, parts.denominator, -np.inf).max(axis=1, initial=-np.inf)
        least, most = (np.where(np.isinf(end), np.nan, end) for end in (least, most))
        proportion = parts.counted == "proportion"
        rarer = np.fmin(events, out_of - events) if proportion else events
        with np.errstate(divide="ignore", invalid="ignore"):
            share = events / out_of
            scale = _mean(values * parts.denominator, known) / events
            chance = scale**2 * share * (1 - share if proportion else 1) / out_of
        return cls(out_of, least, most, rarer, chance, parts.counted)

    @property
    def small(self) -> Bools:
        return (self.mean < SMALL) & (self.counted == "proportion")

    @property
    def unlike(self) -> Bools:
        return (self.most > UNLIKE * self.mean) | (self.least * UNLIKE < self.mean)

    def by_chance(self, limits: Limited) -> Bools:
        """Whether chance from the denominators is half of the spread that the limits show, or more."""
        sigma = (limits.upper - limits.lower) / 6
        with np.errstate(invalid="ignore"):
            return np.asarray(self.chance >= BY_CHANCE * sigma**2)


def _mean(amounts: Floats, which: Bools) -> Floats:
    count = which.sum(axis=1)
    total = np.where(which, amounts, 0.0).sum(axis=1)
    return np.asarray(np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0))
