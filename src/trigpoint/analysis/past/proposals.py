"""Whether the limits of a series should start again: weighed for many series at once, decided by no one here.

The Stable Shift Algorithm (BMJ Quality & Safety 2025, doi 10.1136/bmjqs-2025-019263; the R package
autospc) asks of a run on one side of the mean whether the process has come to rest at a new level:

1. The mean is that of a segment's first points, as many as limits need (or as its baseline says).
2. A run of ``shift`` months on one side of it, after them, raises the question. Its first points, again
   as many as limits need, give a candidate mean. With fewer, it is too early.
3. A run back, of ``shift`` months on the other side of the candidate mean, that starts among them
   refutes it; so does a last run among them that may still grow into one. A first run there is the way
   to the new level, and does not count. Then the next run is weighed.
4. Otherwise the candidate is taken, and the search goes on behind it.

That alone proposes far too much: in 14% of series of 36 months, and 36% of 60, in which nothing
changed. So three questions more, each of which can refute a candidate:

- Do the two levels differ beyond chance? By Student's t with the variance within them, corrected for
  neighbours that are alike, more than ``FAR``: chosen by simulation so that 1% of series of independent
  figures get a proposal, or fewer. It is weighed where the levels are furthest apart, within
  ``NEARBY`` months of the run's start: that is the month proposed.
- Do the latest figures hold the new level? The mean of the last ``shift`` is nearer to it.
- Is it a step? Where a straight line fits better, the process drifts, and would leave new limits too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trigpoint.analysis.arrays import TIE, Bools, Codes, Floats, Ints, Segments
from trigpoint.analysis.history import NEVER
from trigpoint.analysis.past.chunks import chunks, joined
from trigpoint.analysis.past.grid import Grid
from trigpoint.analysis.past.limits import limits
from trigpoint.analysis.past.neighbours import EVEN
from trigpoint.analysis.proposal import Weighed
from trigpoint.definitions.profile import RuleProfile

VERDICTS = tuple(Weighed)
"""What a code of ``Proposals.verdict`` means."""
PROPOSED, TOO_FEW, NO_SHIFT, TOO_RECENT, MAY_GO_BACK, WENT_BACK, WITHIN_CHANCE, DRIFTS, SEASONAL = range(9)
FEWEST = 13
"""Points that limits need, under any profile: no re-base leaves fewer (NHS England's Making Data Count)."""
FAR = 3.3
NEARBY = 6
MOST_ALIKE = 0.9
"""Neighbours are taken to be no more alike than this, or nothing could ever differ."""


@dataclass(frozen=True, slots=True, eq=False)
class Proposals:
    """What was weighed, [series]; as ``Proposal`` names it, with columns for months (``NEVER``: none)."""

    verdict: Codes
    month: Ints
    run_from: Ints
    run: Ints
    rises: Bools
    points_before: Ints
    points: Ints
    before: Floats
    after: Floats
    distance: Floats
    lower: Floats
    upper: Floats
    outside: Ints
    waits_for: Ints


def proposals(
    values: Floats,
    segments: Segments,
    excluded: Bools,
    *,
    profile: RuleProfile,
    baseline: int | None = None,
    seasonal: Bools | None = None,
) -> Proposals:
    """Weigh the segment that holds the last month of each series, [series, months]; NaN is no figure.

    What people decided stands: only what came after the last re-base is weighed, without the points
    that are left out. A ``seasonal`` series is not weighed: its seasons make runs by themselves.
    """
    weighed = np.zeros(len(values), dtype=np.bool_) if seasonal is None else seasonal
    return joined(
        [
            _weighed(values[rows], segments[rows], excluded[rows], weighed[rows], profile, baseline)
            for rows in chunks(len(values))
        ]
    )


def _weighed(
    values: Floats,
    segments: Segments,
    excluded: Bools,
    seasonal: Bools,
    profile: RuleProfile,
    baseline: int | None,
) -> Proposals:
    points = ~np.isnan(values) & ~excluded & (segments == segments[:, -1:])
    figures = _Figures.of(values, points)
    least = max(FEWEST, profile.minimum_points)
    first = baseline or least
    found = _Found.none(len(values))
    found.waits_for[:] = np.maximum(first + least - points.sum(axis=1), 0)
    enough = found.waits_for == 0
    found.verdict[enough & seasonal] = SEASONAL
    _search(figures, np.flatnonzero(enough & ~seasonal), found, profile.run, first, least)
    taken = np.flatnonzero(found.verdict == PROPOSED)
    drifts = _drifts(figures.only(taken), found.origin[taken], found.month[taken])
    found.verdict[taken[drifts]] = DRIFTS
    taken = taken[~drifts]
    lower, upper, outside = np.full(len(values), np.nan), np.full(len(values), np.nan), found.run * 0
    again = segments[taken] + (np.arange(values.shape[1]) >= found.month[taken][:, None])
    lower[taken], upper[taken], outside[taken] = _limits_again(
        values[taken], again, excluded[taken], profile, baseline
    )
    unlimited = (found.verdict == PROPOSED) & np.isnan(lower)
    found.verdict[unlimited], found.waits_for[unlimited] = TOO_RECENT, 1
    parted = _parted(figures, found.origin, found.month)
    none = found.month == NEVER
    return Proposals(
        found.verdict,
        found.month,
        found.run_from,
        found.run,
        found.rises,
        np.where(none, 0, parted.count_before),
        np.where(none, 0, parted.count_after),
        np.where(none, np.nan, parted.before * figures.largest),
        np.where(none, np.nan, parted.after * figures.largest),
        np.where(none, np.nan, np.abs(parted.distance)),
        lower,
        upper,
        outside,
        found.waits_for,
    )


def _limits_again(
    values: Floats, segments: Segments, excluded: Bools, profile: RuleProfile, baseline: int | None
) -> tuple[Floats, Floats, Ints]:
    """The limits of the last segment of each series, and how many of its points lie beyond them."""
    grid = Grid.of(values, segments, excluded, baseline)
    found = limits(grid, profile)
    lines = found.lines(grid)
    lower, upper, tie = (it[:, -1:] for it in (lines.lower, lines.upper, grid.spread(found.tie)))
    current = grid.points & (segments == segments[:, -1:])
    with np.errstate(invalid="ignore"):
        beyond = (grid.values > upper + tie) | (grid.values < lower - tie)
    return lower[:, 0], upper[:, 0], (current & beyond).sum(axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    """Points of many series, [series, months], as shares of the largest; 0 where there is none."""

    values: Floats
    points: Bools
    largest: Floats

    @classmethod
    def of(cls, values: Floats, points: Bools) -> _Figures:
        largest = np.abs(np.where(points, values, 0.0)).max(axis=1, keepdims=True, initial=0)
        shares = np.divide(values, largest, out=np.zeros_like(values), where=points & (largest > 0))
        return cls(shares, points, largest[:, 0])

    def only(self, rows: Ints) -> _Figures:
        return _Figures(self.values[rows], self.points[rows], self.largest[rows])

    @property
    def months(self) -> Ints:
        return np.arange(self.points.shape[1])

    def among_first(self, start: Ints, count: int) -> Bools:
        """The first so many points from a column of each series on."""
        since = self.points & (self.months >= start[:, None])
        return since & (np.cumsum(since, axis=1) <= count)

    def mean(self, which: Bools) -> Floats:
        return np.asarray((self.values * which).sum(axis=1) / np.maximum(which.sum(axis=1), 1))


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What the search has found so far. ``origin`` is where the stretch before ``month`` starts."""

    verdict: Codes
    month: Ints
    origin: Ints
    run_from: Ints
    run: Ints
    rises: Bools
    waits_for: Ints

    @classmethod
    def none(cls, series: int) -> _Found:
        def columns(of: int) -> Ints:
            return np.full(series, of)

        return cls(
            np.full(series, TOO_FEW, dtype=np.int8),
            columns(NEVER),
            columns(0),
            columns(NEVER),
            columns(0),
            np.zeros(series, dtype=np.bool_),
            columns(0),
        )


def _search(figures: _Figures, rows: Ints, found: _Found, shift: int, first: int, least: int) -> None:
    """Weigh one run after the other of each of ``rows``, all of them a step at a time."""
    found.verdict[rows] = NO_SHIFT
    base = figures.only(rows).among_first(np.zeros_like(rows), first)
    series = len(found.verdict)
    mean, start, counter = (
        np.zeros(series),
        np.zeros(series, dtype=np.int64),
        np.zeros(series, dtype=np.int64),
    )
    mean[rows], counter[rows] = figures.only(rows).mean(base), _last(base) + 1
    while rows.size:
        here = figures.only(rows)
        run = _next_run(here, mean[rows], counter[rows], shift)
        left = (here.points & (here.months >= run.start[:, None])).sum(axis=1)
        going_on = (run.start == counter[rows]) & (found.verdict[rows] != NO_SHIFT)
        early = (run.start != NEVER) & (left < least) & (found.verdict[rows] != PROPOSED) & ~going_on
        _note(found, rows[early], run.only(early), TOO_RECENT, least - left[early])
        weighable = (run.start != NEVER) & (left >= least)
        rows, run, here = rows[weighable], run.only(weighable), here.only(np.flatnonzero(weighable))
        split = _furthest_apart(here, start[rows], run, shift, least)
        verdict = _judged(here, start[rows], run, split, shift, least)
        taken, open_ = verdict == PROPOSED, found.verdict[rows] != PROPOSED
        refused = ~taken & open_
        _note(found, rows[refused], run.only(refused), verdict[refused], (verdict == MAY_GO_BACK)[refused])
        _note(found, rows[taken], run.only(taken), PROPOSED, 0)
        noted = taken | refused
        found.origin[rows[noted]], found.month[rows[noted]] = start[rows[noted]], split[noted]
        again = here.among_first(split, least)
        counter[rows] = np.where(taken, _last(again), run.start) + 1
        mean[rows] = np.where(taken, here.mean(again), mean[rows])
        start[rows] = np.where(taken, split, start[rows])


def _note(found: _Found, rows: Ints, run: _Run, verdict: Codes | int, waits_for: Ints | int) -> None:
    found.verdict[rows], found.waits_for[rows] = verdict, waits_for
    found.run_from[rows], found.run[rows], found.rises[rows] = run.start, run.length, run.rises
    found.month[rows], found.origin[rows] = NEVER, 0


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """The next run of each series on one side of its mean: where it starts (``NEVER``: none is left)."""

    start: Ints
    length: Ints
    rises: Bools

    def only(self, which: Bools) -> _Run:
        return _Run(self.start[which], self.length[which], self.rises[which])


def _next_run(figures: _Figures, mean: Floats, counter: Ints, shift: int) -> _Run:
    away = (figures.values - mean[:, None]) * figures.points
    up, down = _onward(away > TIE), _onward(away < -TIE)
    longest = np.maximum(up, down)
    raised = (longest >= shift) & (figures.months >= counter[:, None])
    start = raised.argmax(axis=1)
    rows = np.arange(len(start))
    there = raised[rows, start]
    return _Run(np.where(there, start, NEVER), longest[rows, start], up[rows, start] > 0)


def _onward(holds: Bools) -> Ints:
    """How many months in a row it holds for, from each month on."""
    months = np.arange(holds.shape[1])
    ends = np.where(holds, holds.shape[1], months)
    return np.asarray(np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1] - months)


def _last(which: Bools) -> Ints:
    """The last column that is marked, of series that have one."""
    return np.asarray(which.shape[1] - 1 - which[:, ::-1].argmax(axis=1))


def _furthest_apart(figures: _Figures, origin: Ints, run: _Run, shift: int, least: int) -> Ints:
    """The month, near the start of the run, before and after which levels are furthest apart.

    That is where the sum of squares between the two is largest. Enough points have to lie on either side.
    """
    within = figures.points & (figures.months >= origin[:, None])
    values = figures.values - figures.mean(within)[:, None]
    count = within.sum(axis=1, keepdims=True)
    before: Ints = np.cumsum(within, axis=1) - within
    summed: Floats = np.cumsum(values * within, axis=1) - values * within
    possible = (
        within
        & (np.abs(figures.months - run.start[:, None]) <= NEARBY)
        & (before >= shift)
        & (count - before >= least)
        & ((summed < 0) == run.rises[:, None])
    )
    between = np.divide(summed**2, before * (count - before), out=np.zeros_like(summed), where=possible)
    best = possible & (between >= (1 - EVEN) * between.max(axis=1, keepdims=True, initial=0))
    return np.where(best.any(axis=1), best.argmax(axis=1), run.start)


def _judged(figures: _Figures, origin: Ints, run: _Run, split: Ints, shift: int, least: int) -> Codes:
    """The verdict on each candidate."""
    rows, way = np.arange(len(split)), np.where(run.rises, 1.0, -1.0)
    among = figures.among_first(run.start, least)
    ahead = way[:, None] * (figures.values - figures.mean(among)[:, None]) * figures.points
    back = (ahead < -TIE) & (figures.months >= run.start[:, None])
    onward = _onward(back)
    begins = back & (figures.months > run.start[:, None])
    begins[:, 1:] &= ~back[:, :-1]
    refuted = (among & begins & (onward >= shift)).any(axis=1)
    last = _last(among)
    open_end = (onward[rows, last] > 0) & (last + onward[rows, last] == figures.points.shape[1])
    parted = _parted(figures, origin, split)
    latest = figures.points & (np.cumsum(figures.points[:, ::-1], axis=1)[:, ::-1] <= shift)
    holds = way * (figures.mean(latest) - (parted.before + parted.after) / 2) > TIE
    return np.select(
        [refuted | ~holds, open_end, ~(way * parted.distance > FAR)],
        [WENT_BACK, MAY_GO_BACK, WITHIN_CHANCE],
        PROPOSED,
    ).astype(np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class _Parted:
    """The points before and from a month on: how many, their means, and how many standard errors apart."""

    count_before: Ints
    count_after: Ints
    before: Floats
    after: Floats
    distance: Floats
    left: Floats


def _parted(figures: _Figures, origin: Ints, split: Ints) -> _Parted:
    """Student's t of two levels; its error grows by √((1 + r) / (1 - r)) where neighbours are alike."""
    within = figures.points & (figures.months >= origin[:, None])
    later = figures.months >= split[:, None]
    sides = within & ~later, within & later
    before, after = (figures.mean(side) for side in sides)
    few, many = (side.sum(axis=1) for side in sides)
    count = few + many
    left = np.where(within, figures.values - np.where(later, after[:, None], before[:, None]), 0.0)
    square = (left**2).sum(axis=1)
    joined_up = within[:, 1:] & within[:, :-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        products = (left[:, 1:] * left[:, :-1]).sum(axis=1)
        alike = products * (count - 1) / joined_up.sum(axis=1) / square + 2 / count
        alike = np.where(np.isnan(alike), 0.0, np.clip(alike, 0, MOST_ALIKE))
        error = np.sqrt(square / (count - 2) * (1 / few + 1 / many) * (1 + alike) / (1 - alike))
        flat = square <= count * TIE**2
        distance = np.where(flat, np.sign(after - before) * np.inf, (after - before) / error)
    return _Parted(few, many, before, after, distance, square)


def _drifts(figures: _Figures, origin: Ints, split: Ints) -> Bools:
    """Whether a straight line leaves less of the points than a step at ``split`` does."""
    within = figures.points & (figures.months >= origin[:, None])
    time = np.where(within, figures.months, 0.0)
    time = np.where(within, time - _Figures(time, within, figures.largest).mean(within)[:, None], 0.0)
    values = np.where(within, figures.values - figures.mean(within)[:, None], 0.0)
    slope = (time * values).sum(axis=1) / np.maximum((time**2).sum(axis=1), 1)
    left = ((values - slope[:, None] * time) ** 2).sum(axis=1)
    return np.asarray(left < (1 - EVEN) * _parted(figures, origin, split).left)
