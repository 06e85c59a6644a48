"""Random series for every kind of chart, with the accidents of real ones: made up from a generator alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from tests.second_opinion import Batch, Tally, agree, agree_on_the_latest, altered
from trigpoint.analysis.arrays import Bools, Floats
from trigpoint.analysis.past.kinds import SIZED
from trigpoint.analysis.past.variation import Sizes, chart
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import SHIPPED, ChartKind, RuleProfile

KINDS = tuple(ChartKind)
SHARES = (ChartKind.P, ChartKind.P_PRIME)
BELOW_ZERO = (ChartKind.I, ChartKind.RUN, ChartKind.MR, ChartKind.XBAR)
SUBGROUPS = (ChartKind.XBAR, ChartKind.S)
DIRECTIONS: tuple[Direction, ...] = ("up", "down", "neutral")


def judged_twice(seed: int, series: int) -> Tally:
    """One batch judged by both; one batch in ten as it stood in some month before the last, too."""
    rng = np.random.default_rng(seed)
    made = batch(rng, series, KINDS[seed % len(KINDS)])
    if seed % 10 == 0:
        agree_on_the_latest(made, np.arange(series), rng.integers(0, made.values.shape[1], series))
    return agree(made)


def batch(rng: np.random.Generator, series: int, kind: ChartKind) -> Batch:
    """So many series of one kind under one profile, shipped or altered."""
    lengths = {1: 0.01, 2: 0.01, 5: 0.03, 13: 0.1, 14: 0.1, 24: 0.3, 30: 0.2, 45: 0.15, 60: 0.1}
    shape = (series, int(rng.choice(list(lengths), p=list(lengths.values()))))
    sizes = _sizes(rng, shape, kind)
    values = _figures(rng, _levels(rng, shape), kind, sizes)
    values[rng.random(shape) < rng.choice([0, 0.02, 0.2])] = np.nan
    values[rng.random(series) < 0.01] = np.nan
    made = Batch(
        kind,
        _profile(rng),
        DIRECTIONS[rng.integers(3)],
        values,
        np.cumsum(rng.random(shape) < rng.choice([0, 0.03]), axis=1),
        rng.random(shape) < rng.choice([0, 0.05]),
        _baseline(rng, shape),
        sizes,
    )
    accident = rng.integers(4)
    if accident == 0:
        return replace(made, values=_rounded(rng, values))
    return replace(made, values=_on_lines(rng, made)) if accident == 1 else made


def _rounded(rng: np.random.Generator, values: Floats) -> Floats:
    """The same figures, some of them off by the last bit, as sums of decimals are."""
    return np.asarray(np.where(rng.random(values.shape) < 0.5, values * (1 + 2**-52), values))


def _on_lines(rng: np.random.Generator, made: Batch) -> Floats:
    """Some figures moved onto a limit, onto the lines of one or two sigma, or onto the centre."""
    found = chart(
        made.values,
        made.segments,
        made.excluded,
        profile=made.profile,
        direction=made.direction,
        baseline=made.baseline,
        kind=made.kind,
        sizes=made.sizes,
    )
    share = float(rng.choice([1.0, made.profile.warning, made.profile.inner]))
    lines = found.limits.lines(found.grid, share)
    line = [lines.lower, lines.centre, lines.upper][int(rng.integers(3))]
    # Where a baseline leaves a point out, its move leaves the limits where they are.
    moved = (rng.random(made.values.shape) < 0.3) & ~found.grid.used & np.isfinite(line)
    return np.where(moved & ~np.isnan(made.values), line, made.values)


def _profile(rng: np.random.Generator) -> RuleProfile:
    """One that ships; or one with about a third of its fields altered."""
    profile = tuple(SHIPPED.values())[int(rng.integers(len(SHIPPED)))]
    if rng.random() < 0.3:
        return profile

    def chosen(_: str, options: Sequence[object]) -> object:
        return options[int(rng.integers(len(options)))] if rng.random() < 0.4 else ...

    return altered(profile, chosen)


def _baseline(rng: np.random.Generator, shape: tuple[int, int]) -> int | Bools | None:
    choice = rng.integers(4)
    if choice == 0:
        return int(rng.choice([1, 5, 12, 20]))
    return rng.random(shape) < 0.5 if choice == 1 else None


def _levels(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Standard noise, and what is not noise, each series in a manner of its own."""
    series, months = shape
    noise = rng.normal(0, 1, shape)
    time = np.arange(months)
    turns = np.where(time % 2, 1.0, -1.0) * rng.uniform(0, 2, shape)
    manners: list[Callable[[], npt.ArrayLike]] = [
        lambda: noise,
        lambda: noise + np.cumsum(rng.normal(0, 0.4, shape), axis=1),  # wanders
        lambda: noise + 3 * (time >= rng.integers(0, months, (series, 1))),  # steps
        lambda: np.sort(noise, axis=1)[:, :: rng.choice([-1, 1])],  # one long trend
        lambda: noise / 8 + 4 * (rng.random(shape) < 0.06),  # keeps to its centre, but for a few
        lambda: turns,  # up and down by turns
        lambda: noise / 10 + np.where(rng.random(shape) < 0.5, -2.0, 2.0),  # keeps away from it
        lambda: np.zeros(shape),  # nothing ever happens
        lambda: 1.0 * (rng.random(shape) < 0.05),  # nearly nothing
        lambda: 1.0 * (time >= rng.integers(0, months, (series, 1))),  # two values, one after the other
        lambda: np.round(noise / 2) + np.where(time % 12 < 6, 1.0, -1.0),  # the year's ups and downs
    ]
    made = np.array([manner() for manner in manners], dtype=np.float64)
    return np.asarray(made[rng.integers(len(made), size=series), np.arange(series)])


def _sizes(rng: np.random.Generator, shape: tuple[int, int], kind: ChartKind) -> Sizes | None:
    if kind not in SIZED:
        return None
    most = int(rng.choice([3, 9] if kind in SUBGROUPS else [3, 40, 2_000]))
    of = rng.integers(1, most + 1, shape).astype(np.float64)
    of[rng.random(shape[0]) < 0.4] = most  # of one size throughout
    accident = rng.random(shape)
    of[accident < rng.choice([0, 0.04])] = 0.0
    of[accident > 1 - rng.choice([0, 0.04])] = np.nan
    deviations = None
    if kind is ChartKind.XBAR:
        deviations = rng.integers(0, 8, shape) / 4
        deviations[rng.random(shape[0]) < 0.1] = 0.0
        deviations[rng.random(shape) < 0.05] = np.nan
    return Sizes(of, 1.0 if kind in SUBGROUPS else float(rng.choice([1.0, 100.0, 100_000.0])), deviations)


def _figures(rng: np.random.Generator, levels: Floats, kind: ChartKind, sizes: Sizes | None) -> Floats:
    """Levels turned into what a kind of chart can show, coarse enough for ties."""
    step = float(rng.choice([1.0, 0.5, 0.1, 1e-3]))
    if kind is ChartKind.S:
        return np.asarray(np.round(np.abs(2 + levels) / step) * step)
    if sizes is not None and kind is not ChartKind.XBAR:
        return _parts(rng, levels, kind, sizes)
    figures = (
        float(rng.choice([0.0, 6.0, 75.3, 1e9])) + np.round(levels * rng.choice([1, 2, 7]) / step) * step
    )
    if kind in (ChartKind.C, ChartKind.G):
        figures = np.round(figures)
    return np.asarray(figures if kind in BELOW_ZERO else np.abs(figures))


def _parts(rng: np.random.Generator, levels: Floats, kind: ChartKind, sizes: Sizes) -> Floats:
    """Shares and rates of whole numbers, some of them rounded as they are published."""
    share = np.clip(rng.choice([0.02, 0.5, 0.9]) + levels * rng.choice([0.02, 0.2]), 0.0, 1.0)
    share[rng.random(len(share)) < 0.06] = rng.choice([0.0, 1.0])
    known = np.where(sizes.of > 0, sizes.of, 1.0)
    figures = np.round(share * known) / known * sizes.scale
    if rng.random() < 0.3:
        figures = np.round(figures, 1)
    return np.asarray(np.minimum(figures, sizes.scale) if kind in SHARES else figures)
