"""Slope and relative index of inequality: a figure from the most to the least deprived, many areas at once.

Each band of people (a tenth by deprivation, say) stands at the middle of its share of all people, ranked
from 0 to 1, and a line is fitted through the bands' figures by least squares, weighted by their people.
The slope index (SII) is the line's end less its start, the relative index (RII) end over start (Mackenbach
and Kunst 1997, Social Science and Medicine 44:757-771; Public Health England's technical guidance).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from trigpoint.analysis.arguments import alike, finite, numbers, positive, refuse
from trigpoint.analysis.arrays import TIE, Floats
from trigpoint.analysis.rates.intervals import tail_of, z_of
from trigpoint.analysis.rates.labels import Cells, Names
from trigpoint.analysis.rates.status import FEWEST_BANDS, RateStatus, Words, sentences, status_of

Kind = Literal["proportion", "rate", "mean"]
REPETITIONS = 100_000
CHUNK = 10_000
"""Lines fitted at a time: few enough to stay in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """The columns of a table with a row for each area and band, in any order; all equally long.

    ``band`` is a number, the most deprived the lowest. ``lower`` and ``upper`` are the 95% limits of
    ``value``. Proportions are shares between 0 and 1.
    """

    area: Iterable[object]
    band: npt.ArrayLike
    population: npt.ArrayLike
    value: npt.ArrayLike
    lower: npt.ArrayLike
    upper: npt.ArrayLike


@dataclass(frozen=True, slots=True, eq=False)
class Inequality:
    """Both indices of each area, [areas], in the order in which areas first appear.

    ``most`` and ``least`` are the fitted figures at the two ends, of the most and the least deprived.
    What the ``status`` does not allow is NaN; ``no_relative`` leaves the slope, ``at_an_end`` leaves what
    needs no limits.
    """

    area: Names
    slope: Floats
    slope_lower: Floats
    slope_upper: Floats
    relative: Floats
    relative_lower: Floats
    relative_upper: Floats
    most: Floats
    least: Floats
    status: Words

    @property
    def sentence(self) -> Words:
        return sentences(self.status)


_LINES = (
    "slope", "slope_lower", "slope_upper", "relative", "relative_lower", "relative_upper", "most", "least"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where figures of a kind stray evenly: there, back, and how steep the way back is."""

    there: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]
    steep: Callable[[Floats], Floats]


def _same(values: Floats) -> Floats:
    return values


def _logistic_density(values: Floats) -> Floats:
    return np.asarray(special.expit(values) * special.expit(-values))


_SCALES: Mapping[Kind, _Scale] = MappingProxyType(
    {
        "proportion": _Scale(special.logit, special.expit, _logistic_density),
        "rate": _Scale(np.log, np.exp, np.exp),
        "mean": _Scale(_same, _same, np.ones_like),
    }
)


def inequality(
    bands: Bands,
    kind: Kind,
    *,
    seed: int = 1,
    confidence: float = 0.95,
    per: float = 1.0,
    transform: bool = False,
    repetitions: int = REPETITIONS,
) -> Inequality:
    """The slope index, ``per`` times, and the relative index of each area.

    Limits are simulated: each band's figure is drawn ``repetitions`` times from a normal distribution, of
    its logit (``proportion``), its logarithm (``rate``) or itself (``mean``), as wide as its 95% limits
    say, and the line is fitted anew. One ``seed`` gives one answer for an area, whatever others there
    are. With ``transform`` the line is fitted on the logits or logarithms, and its ends are taken back.
    Raises ValueError for columns of unequal length, for what is text, infinite or missing, negative where
    it cannot be, for limits on the wrong side of their figure, and for a band that an area has twice.
    """
    if kind not in _SCALES:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(_SCALES)}")
    tail, by, scale = tail_of(confidence), positive("per", per), _SCALES[kind]
    columns = _checked(bands, kind)
    cells = Cells.of(bands.area, columns["band"], np.unique(columns["band"]).tolist())
    cells.once(cells.first())
    rules = [
        (cells.missing(), RateStatus.BAND_MISSING),
        (cells.area.has(columns["population"] == 0), RateStatus.BAND_EMPTY),
        (np.full(len(cells.area), cells.bands < FEWEST_BANDS), RateStatus.TOO_FEW_BANDS),
    ]
    fitted = status_of(*rules) == RateStatus.GIVEN
    centre, error = _spread(columns, scale)
    draws = _draws(seed, (cells.bands, repetitions), tail)
    found = np.full((len(cells.area), len(_LINES)), np.nan)
    for area, rows in cells.in_order():
        if fitted[area]:
            line = _Line(_ends(columns["population"][rows]), centre[rows], error[rows], scale, transform)
            found[area] = line.indices(draws, tail)
    rules += [
        (cells.area.has(~np.isfinite(error)), RateStatus.AT_AN_END),
        (~np.isfinite(found).all(axis=1), RateStatus.NO_RELATIVE),
    ]
    lines = dict(zip(_LINES, found.T, strict=True))
    for name in ("slope", "slope_lower", "slope_upper", "most", "least"):
        lines[name] = by * lines[name]
    return Inequality(area=cells.area.names, status=status_of(*rules), **lines)


def _checked(bands: Bands, kind: Kind) -> dict[str, Floats]:
    """The columns of numbers."""
    figures = {"value": bands.value, "lower": bands.lower, "upper": bands.upper}
    columns = finite(band=bands.band) | numbers(population=bands.population)
    columns |= finite(**figures) if kind == "mean" else numbers(**figures)
    if kind == "proportion":
        for name in figures:
            refuse(
                columns[name] > 1 + TIE,
                name,
                columns[name],
                "above 1: a proportion is a share, not a percentage",
            )
    alike(**columns)
    value, slack = columns["value"], TIE * np.abs(columns["value"])
    refuse(columns["lower"] > value + slack, "lower", columns["lower"], "above the value")
    refuse(columns["upper"] < value - slack, "upper", columns["upper"], "below the value")
    return columns


def _spread(columns: Mapping[str, Floats], scale: _Scale) -> tuple[Floats, Floats]:
    """Each figure on its kind's scale, and its standard error there; not finite at an end of the scale."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value, lower, upper = (scale.there(columns[name]) for name in ("value", "lower", "upper"))
        return value, (upper - lower) / (2 * z_of(0.95))


def _draws(seed: int, shape: tuple[int, int], tail: float) -> Floats:
    """Standard normal numbers, [bands, repetitions]; those of a band do not depend on how many bands."""
    given: object = seed
    if not isinstance(given, Integral) or seed < 0:
        raise ValueError(f"seed is {seed!r}, not a whole number from 0 up")
    repetitions: object = shape[1]
    if not isinstance(repetitions, Integral) or shape[1] * tail < 1:
        raise ValueError(f"repetitions is {repetitions!r}, not a whole number from {1 / tail:,.0f} up")
    return np.random.default_rng(seed).standard_normal(shape)


def _ends(population: Floats) -> Floats:
    """What each band's figure adds to the fitted line's start and to its end, [2, bands].

    Least squares, weighted by people, on the middles of the bands' ranks.
    """
    share = population / population.sum()
    away = np.cumsum(share) - share / 2 - 0.5  # the weighted mean of the middles is one half
    slope = share * away / (share @ away**2)
    return np.array([share - slope / 2, share + slope / 2])


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """One area's fitted line. ``centre`` and ``error``, [bands], are on the scale of the kind."""

    ends: Floats
    centre: Floats
    error: Floats
    scale: _Scale
    transform: bool

    def indices(self, draws: Floats, tail: float) -> Floats:
        """What ``_LINES`` names."""
        if self.transform and not np.isfinite(self.centre).all():
            return np.full(len(_LINES), np.nan)
        start, end = self._fit(self.centre)
        index = np.array([end - start, end / start if min(start, end) > 0 else np.nan])
        limits = np.full((2, 2), np.nan)
        if np.isfinite(self.error).all():
            limits = self._limits(index, start, draws, tail)
        return np.array([index[0], *limits[0], index[1], *limits[1], start, end])

    def _fit(self, figures: Floats) -> Floats:
        """The line's start and end, from figures on the scale: [bands] or [bands, repetitions]."""
        if self.transform:
            return self.scale.back(self.ends @ figures)
        return np.asarray(self.ends @ self.scale.back(figures))

    def _limits(self, index: Floats, start: float, draws: Floats, tail: float) -> Floats:
        """Lower and upper limit of either index, [2, 2]."""
        centre, error = self.centre[:, None], self.error[:, None]
        parts = np.array_split(draws, -(-draws.shape[1] // CHUNK), axis=1)
        starts, stops = np.concatenate([self._fit(centre + error * part) for part in parts], axis=1)
        at_start, at_end = self._steepness()
        slope = _quantiles(stops - starts, index[0], at_end - at_start, draws, tail)
        if np.isnan(index[1]):
            return np.array([slope, [np.nan, np.nan]])
        ratios = np.divide(stops, starts, out=np.full(starts.shape, np.inf), where=starts > 0)
        steepness = (at_end - index[1] * at_start) / start
        relative = _quantiles(ratios, index[1], steepness, draws, tail)
        # A line that comes down to 0 at its start in more draws than the tail holds has no upper limit.
        return np.array([slope, np.maximum(relative, 0) if np.isfinite(relative).all() else [np.nan] * 2])

    def _steepness(self) -> Floats:
        """How fast the line's start and end move with each band's draw, near the figures, [2, bands]."""
        if self.transform:
            return self.ends * self.error * self.scale.steep(self.ends @ self.centre)[:, None]
        return self.ends * self.error * self.scale.steep(self.centre)


def _quantiles(simulated: Floats, value: float, steepness: Floats, draws: Floats, tail: float) -> Floats:
    """The two quantiles of what was simulated that leave ``tail`` beyond them.

    The index is nearly a straight line of the draws, whose quantiles are known. What the draws miss of
    those is taken off what they say of the index, so that seeds differ by a third or less (a control
    variate: Hesterberg and Nelson 1998, Management Science 44:1295-1312).
    """
    shares = (tail, 1 - tail)
    straight = value + np.hypot.reduce(steepness) * special.ndtri(shares)
    with np.errstate(invalid="ignore"):  # between two infinite ratios
        missed = np.quantile(value + steepness @ draws, shares) - straight
        return np.asarray(np.quantile(simulated, shares) - missed)
