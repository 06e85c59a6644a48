"""Funnels: units of different size against one target, with limits wider where numbers are smaller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arguments import finite, numbers, positive
from trigpoint.analysis.arrays import TIE, Bools, Codes, Floats
from trigpoint.analysis.peers.counts import between, many, rarer
from trigpoint.analysis.peers.dispersion import Dispersion, dispersion
from trigpoint.analysis.peers.kinds import BEND, Kind, columns, steady, unsteady
from trigpoint.analysis.peers.methods import Method, method_named, scored, spread
from trigpoint.analysis.rates.intervals import exact_poisson, z_of

LEVELS = (0.95, 0.998)
"""About two and three standard deviations either way."""
BY_CHANCE = 0.05
"""Over-dispersion that chance would give less often than this is beyond chance."""
JUDGED_FROM = 5
"""Units of which fewer are expected do not show over-dispersion: their scores are too far from normal."""
POINTS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Funnel:
    """Units against limits about a target, and the curves to draw them by.

    ``value``, ``target`` and every limit are ``per`` times numerator over denominator. ``lower`` and
    ``upper``, [levels, units], are the limits in use, one row for each level of ``confidence``;
    ``adjusted`` says that over-dispersion, ``phi`` with the additive variance ``tau2``, widened them.
    ``verdict`` counts the levels whose limits a unit lies beyond, in order of confidence: 0 inside all,
    1 above the first, 2 above the second; negative below. The curves, [levels, points], are the limits
    over ``curve_denominator``, which rises from the smallest unit's denominator to the largest's.
    """

    units: tuple[str, ...]
    numerator: Floats
    denominator: Floats
    value: Floats
    target: float
    per: float
    confidence: tuple[float, ...]
    lower: Floats
    upper: Floats
    adjusted: bool
    phi: float
    tau2: float
    verdict: Codes
    curve_denominator: Floats
    curve_lower: Floats
    curve_upper: Floats
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What a funnel's limits rest on. ``total`` is the sum of denominators that the target is the overall
    figure of; infinite, where the target was given. ``score`` is how many standard deviations each unit lies
    from the overall figure, or by a published method from the target; ``dispersion`` comes of it.
    """

    kind: Kind
    method: Method
    target: float
    total: float
    score: Floats
    dispersion: Dispersion

    @property
    def adjusted(self) -> bool:
        """Whether over-dispersion widens the limits."""
        found, when = self.dispersion, self.method.adjust
        return found.tau2 > 0 and (when == "always" or (when == "beyond_chance" and found.chance < BY_CHANCE))

    def limits(
        self, denominator: npt.ArrayLike, confidence: Sequence[float] = LEVELS
    ) -> tuple[Floats, Floats]:
        """The limits of units of any size, [levels, sizes], as ratios."""
        size = positive("denominator", denominator)
        z = np.array([[z_of(level)] for level in confidence])
        name, tau2 = self.method.name, self.dispersion.tau2 if self.adjusted else 0.0
        if name == "exact":
            return self._exact(size, z, tau2)
        if self.method.adjust == "never" and name in ("shmi", "cqc"):
            exact = [exact_poisson(size * self.target, level) for level in confidence]
            low, high = (np.array(side) / size for side in zip(*exact, strict=True))
            return low, high
        return spread(name, size, self.target, z, tau2)

    def _exact(self, size: Floats, z: Floats, tau2: float) -> tuple[Floats, Floats]:
        """What chance allows about the target, and what units differ by beyond it, added as variances are.

        A unit is part of the overall figure, and so strays from it by only (1 - its share) of its variance.
        """
        bend = BEND[self.kind]
        centre = steady(np.array(self.target), bend)
        enough = many(size, self.target, bend, self.total)
        own = np.where(enough, 1 - np.minimum(size / self.total, 1.0), 1.0)
        low, high = (
            np.sqrt(own * (steady(count / size, bend) - centre) ** 2 + z**2 * tau2)
            for count in between(size, self.target, bend, z, self.total)
        )
        return unsteady(centre - low, bend), unsteady(centre + high, bend)


def funnel(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    kind: Kind = "proportion",
    *,
    units: Sequence[str] = (),
    target: float | None = None,
    per: float = 1.0,
    confidence: Sequence[float] = LEVELS,
    method: Method | str = "exact",
) -> Funnel:
    """Units of one kind of figure against limits at any levels of confidence.

    ``target`` is the overall figure where it is left out; 1, for ``standardised``. Units are named by
    their position where they have no names. Raises ValueError, naming the argument and the position, for
    columns of unequal length, a numerator that is negative or, in a proportion, above its denominator,
    a denominator not above zero, what is not a number, a unit named twice, and levels out of order.
    """
    part, size = columns(numerator, denominator, kind)
    names = _named(units, part.size)
    levels = _levels(confidence)
    scale = float(positive("per", per))
    fitted = fit(part, size, kind, target=target, method=method)
    curve = _curve(size)
    at = np.concatenate([_rounded(size, fitted.method), curve])
    low, high = (scale * it for it in fitted.limits(at, levels))
    value, count = scale * part / size, part.size
    return Funnel(
        units=names,
        numerator=part,
        denominator=size,
        value=value,
        target=scale * fitted.target,
        per=scale,
        confidence=levels,
        lower=low[:, :count],
        upper=high[:, :count],
        adjusted=fitted.adjusted,
        phi=fitted.dispersion.phi,
        tau2=fitted.dispersion.tau2,
        verdict=_verdict(value, low[:, :count], high[:, :count]),
        curve_denominator=curve,
        curve_lower=low[:, count:],
        curve_upper=high[:, count:],
        method=fitted.method.name,
    )


def fit(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    kind: Kind = "proportion",
    *,
    target: float | None = None,
    method: Method | str = "exact",
) -> Fitted:
    """The target, the scores and the over-dispersion of units. Raises ValueError as ``funnel`` does."""
    part, size = columns(numerator, denominator, kind)
    chosen = method_named(method, kind)
    size = _rounded(size, chosen)
    overall = float(part.sum() / size.sum())
    given_target = target is not None or kind == "standardised"
    aim = _given(target, kind) if given_target else overall
    # Ours asks how units differ from each other, whatever they are held against.
    from_target = given_target and chosen.variant == "published"
    centre, bend = aim if from_target else overall, BEND[kind]
    score, own = scored(chosen.name, part, size, centre, bend)
    judged = np.ones(size.shape, dtype=np.bool_)
    if chosen.variant == "unbiased":
        judged = _fewest_expected(part, size, centre, bend) >= JUDGED_FROM
    found = _dispersion(score, own, judged, chosen, estimated=not from_target)
    return Fitted(kind, chosen, aim, np.inf if given_target else float(size.sum()), score, found)


def _fewest_expected(part: Floats, size: Floats, target: float, bend: int) -> Floats:
    """How many are expected, or of the others where they are fewer; of two counts, out of both together."""
    if bend > 0:
        return np.asarray((part + size) * (min(target, 1.0) / (1 + target)))
    return rarer(size, target, bend)


def _dispersion(score: Floats, own: Floats, judged: Bools, method: Method, *, estimated: bool) -> Dispersion:
    """The over-dispersion of those who are judged."""
    found = dispersion(
        score[judged],
        own[judged],
        trimming=method.trimming,
        share=method.share,
        variant=method.variant,
        estimated=estimated,
    )
    trimmed = np.full(score.shape, np.nan)
    trimmed[judged] = found.trimmed
    return replace(found, trimmed=trimmed)


def _rounded(size: Floats, method: Method) -> Floats:
    return size if method.decimals is None else np.round(size, method.decimals)


def _given(target: float | None, kind: Kind) -> float:
    aim = float(numbers(target=1.0 if target is None else target)["target"])
    if kind == "proportion" and aim > 1:
        raise ValueError(
            f"target is {aim:g}, above 1: a proportion is a share, before it is multiplied by per"
        )
    return aim


def _named(units: Sequence[str], count: int) -> tuple[str, ...]:
    if not len(units):
        return tuple(str(place + 1) for place in range(count))
    if len(units) != count:
        raise ValueError(f"units has {len(units)} names and numerator {count} figures")
    seen: set[str] = set()
    for place, name in enumerate(units):
        if name in seen:
            raise ValueError(f"units[{place}] is {name!r}, which is named twice")
        seen.add(name)
    return tuple(units)


def _levels(confidence: Sequence[float]) -> tuple[float, ...]:
    given = finite(confidence=confidence)["confidence"]
    if given.ndim != 1:
        raise ValueError(f"confidence is {confidence}, not a sequence of levels, such as (0.95, 0.998)")
    levels = tuple(given.tolist())
    if not levels:
        raise ValueError("confidence is empty: give at least one level, such as 0.95")
    for place, level in enumerate(levels):
        if not 0 < level < 1:
            raise ValueError(f"confidence[{place}] is {level:g}, not between 0 and 1")
        if place and level <= levels[place - 1]:
            raise ValueError(f"confidence[{place}] is {level:g}, not above the level before it")
    return levels


def _curve(size: Floats) -> Floats:
    """Sizes to draw limits at, the closer the smaller; one alone, where all units are of one size."""
    least, most = float(size.min()), float(size.max())
    if least == most:
        return np.array([least])
    curve = np.linspace(np.sqrt(least), np.sqrt(most), POINTS) ** 2
    curve[0], curve[-1] = least, most
    return curve


def _verdict(value: Floats, lower: Floats, upper: Floats) -> Codes:
    """How many levels each unit lies beyond: above, or (negative) below."""
    above = (value > upper * (1 + TIE)).sum(axis=0)
    return np.asarray(above - (value < lower * (1 - TIE)).sum(axis=0), dtype=np.int8)
