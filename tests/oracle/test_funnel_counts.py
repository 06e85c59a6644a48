"""The counts between which chance keeps a unit, against the distributions that they are quantiles of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import special

from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.peers.counts import between, many

BENDS = {"binomial": -1, "poisson": 0, "two counts": 1}
TAILS = np.array([0.25, 0.025, 0.001, 0.00005])
Z = special.ndtri(1 - TAILS)[:, None]


def at_least(x: Floats, size: Floats, target: float, bend: int) -> Floats:
    """P(X >= x), for counts that need not be whole."""
    if bend == 0:
        return np.asarray(special.gammainc(x, size * target))
    if bend < 0:
        return np.where(x > size, 0.0, special.betainc(x, np.maximum(size - x + 1, 1e-9), target))
    return np.asarray(special.betainc(x, size + 1, target / (1 + target)))


def at_most(x: Floats, size: Floats, target: float, bend: int) -> Floats:
    """P(X <= x)."""
    if bend == 0:
        return np.asarray(special.gammaincc(x + 1, size * target))
    if bend < 0:
        return np.asarray(special.betainc(np.maximum(size - x, 1e-9), x + 1, 1 - target))
    return np.asarray(special.betainc(size, x + 1, 1 / (1 + target)))


CASES = [
    *(("binomial", target) for target in (1e-4, 0.003, 0.05, 0.3, 0.5, 0.8, 0.97)),
    *(("poisson", target) for target in (1e-4, 0.05, 1.0)),
    *(("two counts", target) for target in (0.01, 0.3, 1.0, 40.0)),
]


def sizes(target: float, bend: int) -> Floats:
    if bend == 0:
        return np.exp(np.linspace(np.log(1e-3), np.log(2_000), 400)) / target
    return np.unique(np.round(np.exp(np.linspace(0, np.log(2_000 / min(target, 1)), 400))))


@pytest.mark.parametrize(("name", "target"), CASES)
def test_few_expected_have_the_counts_that_leave_out_what_they_should(name: str, target: float) -> None:
    bend = BENDS[name]
    size = sizes(target, bend)
    size = size[~many(size, target, bend)]
    low, high = between(size, target, bend, Z)
    shape = np.broadcast_to(size, low.shape)
    lower = special.ndtri(at_most(low, shape, target, bend)) + Z
    assert (at_most(low * 0, shape, target, bend) >= TAILS[:, None])[low == 0].all()
    assert np.abs(lower[low > 0]).max(initial=0) < 1e-6
    upper = special.ndtri(at_least(high, shape, target, bend)) + Z
    ends = high == shape if bend < 0 else np.zeros(high.shape, dtype=np.bool_)
    assert (at_least(high, shape, target, bend) >= TAILS[:, None] * (1 - 1e-9))[ends].all()
    assert np.abs(upper[~ends]).max(initial=0) < 1e-6


def mid_p(tail: Callable[[Floats], Floats], low: Floats, high: Floats, left_out: float) -> Floats:
    """Where a rising chance is what is to be left out: by halving."""
    for _ in range(80):
        middle = (low + high) / 2
        under = tail(middle) < left_out
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return (low + high) / 2


@pytest.mark.parametrize(("tail", "within"), [(0.025, 0.002), (0.001, 0.02)])
@pytest.mark.parametrize(("name", "target"), [case for case in CASES if case[0] != "two counts"])
def test_many_expected_have_mid_p_limits(name: str, target: float, tail: float, within: float) -> None:
    bend = BENDS[name]
    size = sizes(target, bend)
    size = size[many(size, target, bend) & (size * min(target, 1 - target if bend < 0 else 1) >= 20)]
    [low], [high] = between(size, target, bend, np.array([[-special.ndtri(tail)]]))
    expected = size * target
    lower = mid_p(
        lambda x: (at_most(x, size, target, bend) + at_most(x - 1, size, target, bend)) / 2,
        expected * 0 + 1e-6,
        expected,
        tail,
    )
    upper = -mid_p(
        lambda x: (at_least(-x, size, target, bend) + at_least(1 - x, size, target, bend)) / 2,
        -(size - 1e-6 if bend < 0 else 3 * expected + 100),
        -expected,
        tail,
    )
    assert np.abs(low - lower).max() < within
    assert np.abs(high - upper).max() < within


@pytest.mark.parametrize(("name", "target"), CASES)
def test_limits_narrow_without_a_ripple(name: str, target: float) -> None:
    size = sizes(target, BENDS[name])
    low, high = between(size, target, BENDS[name], Z)
    assert (np.diff(low / size) >= -1e-12).all()
    assert (np.diff(high / size) <= 1e-12 * high[:, 1:] / size[1:]).all()
