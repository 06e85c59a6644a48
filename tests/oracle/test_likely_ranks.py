"""Ranges of ranks: how often they hold the true rank, how wide they are, and a slow second opinion.

The model of the simulation: truths are normal on the scale of the arcsine (proportions) or the root (rates),
or a beta or gamma distribution's; all of them are distinct. Figures stray from them by chance. How far
truths differ is a multiple of what chance adds to a unit of the middle size. Printed with -s.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest

from tests.oracle import ranks_by_hand
from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.peers.kinds import Kind
from trigpoint.analysis.peers.ranks import likely_ranks

SEED = 20261124
APART = (0.05, 0.5, 2.0, 20.0)
"""The variance of truths, as a multiple of what chance adds."""


class World(NamedTuple):
    """A kind of figure, its usual level and size, and the shape of the truths."""

    kind: Kind
    level: float
    size: float
    shape: str


WORLDS = (
    World("proportion", 0.8, 200, "normal"),
    World("proportion", 0.8, 200, "beta"),
    World("proportion", 0.95, 600, "beta"),
    World("rate", 0.05, 400, "normal"),
    World("rate", 0.05, 400, "gamma"),
    World("rate", 0.02, 1_000, "gamma"),
    World("counts", 0.5, 100, "normal"),
)


def truths(stream: np.random.Generator, world: World, apart: float, units: int) -> Floats:
    """So many distinct truths."""
    between = math.sqrt(apart / (4 * world.size))  # on the scale of the arcsine, or of the root
    if world.kind == "proportion":
        if world.shape == "normal":
            angle = math.asin(math.sqrt(world.level)) + between * stream.standard_normal(units)
            return np.asarray(np.sin(angle) ** 2)
        strength = max(1 / (4 * between**2) - 1, 0.5)
        return stream.beta(world.level * strength, (1 - world.level) * strength, units)
    if world.shape == "normal":
        return np.asarray((math.sqrt(world.level) + between * stream.standard_normal(units)) ** 2)
    strength = world.level / (4 * between**2)
    return stream.gamma(strength, world.level / strength, units)


def figures(stream: np.random.Generator, world: World, truth: Floats) -> tuple[Floats, Floats]:
    size = np.maximum(5.0, np.round(world.size * np.exp(stream.normal(0, 0.7, truth.size))))
    if world.kind == "proportion":
        return stream.binomial(size.astype(np.int64), truth).astype(np.float64), size
    events = stream.poisson(size * truth).astype(np.float64)
    return events, np.maximum(1.0, stream.poisson(size)) if world.kind == "counts" else size


def held(world: World, apart: float, units: int, runs: int) -> tuple[float, float]:
    """How often a range holds the true rank, and how wide it is, as a share of all places."""
    stream = np.random.default_rng(SEED)
    inside, width = [], []
    for _ in range(runs):
        truth = truths(stream, world, apart, units)
        assert len(set(truth)) == units
        found = likely_ranks(*figures(stream, world, truth), world.kind, draws=1_000)
        rank = np.argsort(np.argsort(-truth)) + 1
        inside.append((found.lower <= rank) & (rank <= found.upper))
        width.append(found.upper - found.lower + 1)
    return float(np.mean(inside)), float(np.mean(width)) / units


def table(units: int, runs: int) -> Floats:
    found = np.array([[held(world, apart, units, runs) for apart in APART] for world in WORLDS])
    print(f"\nhold the true rank of {units} (and are so wide)" + "".join(f"{it:>16g}" for it in APART))
    for world, line in zip(WORLDS, found, strict=True):
        name = f"{world.kind} {world.level:g} of {world.size:g}, {world.shape}"
        print(f"{name:46}" + "".join(f"{share:>9.1%} ({width:>4.0%})" for share, width in line))
    return np.asarray(found)


@pytest.mark.parametrize(("units", "runs"), [(5, 40), (12, 30), (50, 16)])
def test_a_range_holds_the_true_rank_at_least_93_times_in_100(units: int, runs: int) -> None:
    found = table(units, runs)
    assert found[:, :, 0].min() >= 0.93
    assert found[:, :, 0].mean() >= 0.95
    assert (np.diff(found[:, :, 1], axis=1) < 0).all()  # the more units differ, the narrower


@pytest.mark.release
@pytest.mark.parametrize("units", [4, 12, 50, 150])
def test_the_same_with_many_runs(units: int) -> None:
    assert table(units, 20_000 // units)[:, :, 0].min() >= 0.945


def test_where_units_do_not_differ_every_rank_is_likely() -> None:
    stream = np.random.default_rng(SEED)
    found = [likely_ranks(stream.binomial(400, 0.8, 40), np.full(40, 400)) for _ in range(20)]
    assert np.mean([one.upper - one.lower + 1 for one in found]) > 0.88 * 40


@pytest.mark.parametrize("apart", [0.02, 0.05, 0.15])
def test_a_gibbs_sampler_in_plain_python_gives_the_same_ranges(apart: float) -> None:
    stream = np.random.default_rng(SEED)
    size = np.array([50.0, 120, 80, 400, 900, 60, 200, 150])
    angle = math.asin(math.sqrt(0.7)) + apart * np.linspace(-1.5, 1.5, 8)
    part = stream.binomial(size.astype(np.int64), np.sin(angle) ** 2).astype(np.float64)
    found = likely_ranks(part, size, draws=20_000)
    figure = [math.asin(math.sqrt((x + 0.375) / (n + 0.75))) for x, n in zip(part, size, strict=True)]
    by_hand = ranks_by_hand.likely(figure, [1 / (2 * math.sqrt(n + 0.5)) for n in size], 6_000, SEED)
    for at, (low, high) in enumerate(by_hand):
        assert abs(int(found.lower[at]) - min(low, int(found.rank[at]))) <= 1
        assert abs(int(found.upper[at]) - max(high, int(found.rank[at]))) <= 1
