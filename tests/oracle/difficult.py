"""Series with one thing the matter with them, many at a time, of independent normal figures otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from trigpoint.analysis.arrays import Floats

Case = Callable[[np.random.Generator, int, int], Floats]
"""Makes so many series of so many months."""


def noise(rng: np.random.Generator, series: int, months: int) -> Floats:
    return rng.normal(size=(series, months))


def alike(r: float) -> Case:
    """Neighbours with a correlation of ``r``: a first-order autoregression."""

    def case(rng: np.random.Generator, series: int, months: int) -> Floats:
        figures = noise(rng, series, months)
        for month in range(1, months):
            figures[:, month] = r * figures[:, month - 1] + np.sqrt(1 - r * r) * figures[:, month]
        return figures

    return case


def step(size: float, ago: int | None = None) -> Case:
    """One step, so many months before the end; anywhere, with six months on either side, if left out."""

    def case(rng: np.random.Generator, series: int, months: int) -> Floats:
        at = rng.integers(6, months - 5, (series, 1)) if ago is None else months - ago
        return noise(rng, series, months) + size * (np.arange(months) >= at)

    return case


def bump(size: float, length: int, ago: int) -> Case:
    """A step that went back again, the last ``ago`` months before the end being as before."""

    def case(rng: np.random.Generator, series: int, months: int) -> Floats:
        time = np.arange(months)
        held = (time >= months - ago - length) & (time < months - ago)
        return noise(rng, series, months) + size * held

    return case


def drift(slope: float) -> Case:
    def case(rng: np.random.Generator, series: int, months: int) -> Floats:
        return noise(rng, series, months) + slope * np.arange(months)

    return case


def outlier(size: float, ago: int = 10) -> Case:
    def case(rng: np.random.Generator, series: int, months: int) -> Floats:
        figures = noise(rng, series, months)
        figures[:, months - ago] += size
        return figures

    return case


def skewed(rng: np.random.Generator, series: int, months: int) -> Floats:
    return rng.gamma(1.0, size=(series, months))


def counts(mean: float) -> Case:
    def case(rng: np.random.Generator, series: int, months: int) -> Floats:
        return rng.poisson(mean, (series, months)).astype(float)

    return case


def seasons(kind: str, share: float) -> Case:
    """Seasons that make up so much of the variance: a wave, months at random, or dips in two of them."""

    def case(rng: np.random.Generator, series: int, months: int) -> Floats:
        year = {
            "smooth": np.sin(2 * np.pi * (np.arange(12) + rng.integers(0, 12, (series, 1))) / 12),
            "jumpy": rng.normal(size=(series, 12)),
            "dips": np.broadcast_to(-1.0 * np.isin(np.arange(12), (7, 11)), (series, 12)),
        }[kind]
        year = year - year.mean(axis=1, keepdims=True)
        year = year / year.std(axis=1, keepdims=True)
        over = year[:, np.arange(months) % 12]
        return np.asarray(over * np.sqrt(share) + noise(rng, series, months) * np.sqrt(1 - share))

    return case


def standard_wave(rng: np.random.Generator, series: int, months: int) -> Floats:
    """Noise of one standard deviation on a wave of 1.5."""
    return noise(rng, series, months) + 1.5 * np.sin(2 * np.pi * np.arange(months) / 12)


CASES: Mapping[str, Case] = {
    "nothing: independent figures": noise,
    "nothing: skewed figures": skewed,
    "nothing: counts of 2 a month": counts(2),
    "neighbours alike, r = 0.3": alike(0.3),
    "neighbours alike, r = 0.5": alike(0.5),
    "neighbours alike, r = 0.7": alike(0.7),
    "a step of 1": step(1),
    "a step of 2": step(2),
    "a step of 3": step(3),
    "a drift of 0.05 a month": drift(0.05),
    "a drift of 0.1 a month": drift(0.1),
    "one outlier of 6": outlier(6),
    "smooth seasons, half of the variance": seasons("smooth", 0.5),
    "smooth seasons, 70%": seasons("smooth", 0.7),
    "jumpy seasons, half of the variance": seasons("jumpy", 0.5),
    "jumpy seasons, 70%": seasons("jumpy", 0.7),
    "dips in August and December, 70%": seasons("dips", 0.7),
    "a wave of 1.5": standard_wave,
    "a step of 1, 18 months ago": step(1, 18),
    "a step of 1.5, 18 months ago": step(1.5, 18),
    "a step of 2, 18 months ago": step(2, 18),
    "a step of 3, 18 months ago": step(3, 18),
    "a step of 2, 14 months ago": step(2, 14),
    "a step of 3, 14 months ago": step(3, 14),
    "a step of 2, 9 months ago": step(2, 9),
    "4 months 2 higher, back for 8": bump(2, 4, 8),
    "7 months 2 higher, back for 8": bump(2, 7, 8),
    "10 months 2 higher, back for 8": bump(2, 10, 8),
    "10 months 2 higher, back for 4": bump(2, 10, 4),
}
"""By what ``docs/reference/difficult-series.md`` calls them. Sizes are in standard deviations."""
