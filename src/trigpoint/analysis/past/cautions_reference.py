"""The slow second opinion on cautions: one series, one month at a time, from the rules alone.

Tests hold the fast way (``cautions.cautions``) against it. It shares its thresholds, and no arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scipy.special import betainc

from trigpoint.analysis.caution import Caution
from trigpoint.analysis.past import cautions, neighbours, seasons
from trigpoint.analysis.past.reference import ROUNDING
from trigpoint.definitions.profile import RuleProfile

Figures = Sequence[float | None]
EQUAL = 1e-9
"""Fits no further apart than this, as a share, are equally good; the earlier is taken."""


@dataclass(frozen=True, slots=True)
class Seasonal:
    """The test of the time of year; ``effects`` are those of each place in the year."""

    f: float
    share: float
    strong: bool
    effects: tuple[float, ...]


def seasonal(
    figures: Figures, segments: Sequence[int], excluded: Sequence[bool], season: Sequence[int]
) -> Seasonal | None:
    """None where there is too little to test."""
    at = [i for i, figure in enumerate(figures) if figure is not None and not excluded[i]]
    kinds = max(season, default=0) + 1
    of_each = [sum(season[i] == kind for i in at) for kind in range(kinds)]
    if kinds < 2 or min(of_each) < seasons.LEAST_OF_EACH:
        return None
    levels = [[float(segments[i] == one) for i in at] for one in sorted({segments[i] for i in at})]
    slope = [float(i) for i in at]
    months = [[float(season[i] == kind) for i in at] for kind in range(1, kinds)]
    known = [_of(figures, i) for i in at]
    about = _residual(known, levels)
    before, rank_before = _residual(known, [*levels, slope]), _rank([*levels, slope])
    after, rank_after = _residual(known, [*levels, slope, *months]), _rank([*levels, slope, *months])
    freed = len(at) - rank_after
    if freed < seasons.LEAST_LEFT or rank_after - rank_before != kinds - 1:
        return None
    first, second = _square(before), _square(after)
    if first <= seasons.FLAT * _square(about):
        return None
    f = (first - second) / (kinds - 1) / (second / freed) if second else math.inf
    share = 1 - second / freed / (first / (len(at) - rank_before))
    chance = float(betainc(freed / 2, (kinds - 1) / 2, freed / (freed + (kinds - 1) * f)))
    strong = chance < seasons.F_LEVEL and share >= seasons.STRONG
    fitted = [figure - rest for figure, rest in zip(known, after, strict=True)]
    effects = _coefficients(fitted, [*levels, slope, *months])[-(kinds - 1) :] if strong else [0.0] * kinds
    return Seasonal(f, share, strong, (0.0, *effects) if strong else tuple(effects))


def _of(figures: Figures, i: int) -> float:
    figure = figures[i]
    assert figure is not None  # noqa: S101 - only asked of points
    return figure


def _square(values: Sequence[float]) -> float:
    return math.fsum(value * value for value in values)


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


def _basis(columns: Sequence[Sequence[float]]) -> list[list[float]]:
    """Directions at right angles that span the columns (Gram and Schmidt, each twice)."""
    basis: list[list[float]] = []
    for column in columns:
        left = list(column)
        for direction in (*basis, *basis):
            along = _dot(left, direction)
            left = [a - along * b for a, b in zip(left, direction, strict=True)]
        size = math.sqrt(_square(left))
        if size > 1e-6 * math.sqrt(_square(column)):
            basis.append([a / size for a in left])
    return basis


def _rank(columns: Sequence[Sequence[float]]) -> int:
    return len(_basis(columns))


def _residual(values: Sequence[float], columns: Sequence[Sequence[float]]) -> list[float]:
    left = list(values)
    basis = _basis(columns)
    for direction in (*basis, *basis):
        along = _dot(left, direction)
        left = [a - along * b for a, b in zip(left, direction, strict=True)]
    return left


def _coefficients(fitted: Sequence[float], columns: Sequence[Sequence[float]]) -> list[float]:
    """How much of each column makes the fitted values: what it alone can add, from the last one back."""
    found: list[float] = []
    left = list(fitted)
    for at in reversed(range(len(columns))):
        own = _residual(columns[at], columns[:at])
        much = _dot(left, own) / _square(own)
        left = [a - much * b for a, b in zip(left, columns[at], strict=True)]
        found.append(much)
    return found[::-1]


def alike(figures: Figures) -> tuple[float, float, bool] | None:
    """The correlation of neighbours, how much further apart two months are, and whether both say alike."""
    known = [figure for figure in figures if figure is not None]
    pairs = [(i, i + 1) for i in range(len(figures) - 1) if None not in figures[i : i + 2]]
    triples = [i for i in range(len(figures) - 2) if None not in figures[i : i + 3]]
    n = len(pairs) + 1
    if n < neighbours.LEAST or not triples:
        return None
    left = dict(zip([i for i, it in enumerate(figures) if it is not None], _unstepped(known), strict=True))
    spread = _square(list(left.values())) / len(known)
    one = _square([_of(figures, j) - _of(figures, i) for i, j in pairs]) / len(pairs)
    two = _square([_of(figures, i + 2) - _of(figures, i) for i in triples]) / len(triples)
    rounding = (ROUNDING * max(map(abs, known))) ** 2
    if one <= rounding or spread <= rounding:
        return None
    raw = math.fsum(left[i] * left[j] for i, j in pairs) / n / spread
    beyond = raw > _between(n, neighbours.BEYOND)
    further = two / one - 1
    return (
        raw - _between(n, neighbours.EXPECTED),
        further,
        beyond and further > _between(n, neighbours.FURTHER),
    )


def _between(n: int, table: Sequence[float]) -> float:
    """A table's value at ``n`` points, straight between its entries."""
    for (a, b), (low, high) in zip(pairwise(neighbours.POINTS), pairwise(table), strict=True):
        if n <= b:
            return low + (high - low) * (n - a) / (b - a)
    return table[-1]


def _unstepped(known: Sequence[float]) -> list[float]:
    """Figures about their mean before and after the step that leaves least."""
    least = neighbours.LEAST_BESIDE_STEP
    whole = _square(_centred(known))
    gains = {
        at: whole - _square(_centred(known[:at])) - _square(_centred(known[at:]))
        for at in range(least, len(known) - least + 1)
    }
    best = max(gains.values(), default=0.0)
    at = next((at for at, gain in gains.items() if gain >= (1 - EQUAL) * best), 0)
    return [*_centred(known[:at]), *_centred(known[at:])]


def _centred(values: Sequence[float]) -> list[float]:
    return [value - _mean(values) for value in values]


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0


@dataclass(frozen=True, slots=True)
class Told:
    """One series, its limits, what its measure can reach, and its numerators and denominators."""

    figures: Figures
    segments: Sequence[int]
    excluded: Sequence[bool]
    season: Sequence[int]
    lower: float | None
    upper: float | None
    bounds: tuple[float | None, float | None]
    parts: Sequence[tuple[float | None, float | None]] | None
    counted: cautions.Counted


def noted(told: Told, profile: RuleProfile) -> set[Caution]:
    """The cautions that one series calls for."""
    figures, lower, upper = told.figures, told.lower, told.upper
    if lower is None or upper is None:
        return set()
    current = [i for i in range(len(figures)) if told.segments[i] == told.segments[-1]]
    first = next((i for i in current if figures[i] is not None), len(figures))
    since = [i for i in current if i >= first]
    points = [i for i in since if figures[i] is not None and not told.excluded[i]]
    end = max((i for i in since if figures[i] is not None), default=-1)
    missing = [i for i in since if figures[i] is None and i < end]
    last, (least, most) = len(figures) - 1, told.bounds
    said = {
        Caution.MISSING_LAST: figures[-1] is None and bool(since),
        Caution.TRIAL_LIMITS: len(points) < profile.full_points,
        Caution.GAPS: bool(missing)
        and (len(missing) >= cautions.MANY_GAPS * len(since) or any(i > last - profile.run for i in missing)),
    }
    if upper > lower:
        of_year = seasonal(figures, told.segments, told.excluded, told.season)
        effects = of_year.effects if of_year is not None else (0.0,) * (max(told.season) + 1)
        plain = [_of(figures, i) - effects[told.season[i]] if i in points else None for i in since]
        together = alike(plain)
        said[Caution.SEASONAL] = of_year is not None and of_year.strong
        said[Caution.AUTOCORRELATED] = together is not None and together[2]
        said[Caution.LOWER_LIMIT_OUT_OF_REACH] = least is not None and _above(least, lower)
        said[Caution.UPPER_LIMIT_OUT_OF_REACH] = most is not None and _above(upper, most)
        said |= _of_parts(told, points, upper - lower)
    if said.get(Caution.RARE_EVENTS):
        unsaid = (Caution.SMALL_DENOMINATORS, Caution.MIXED_DENOMINATORS, Caution.SEASONAL)
        said |= dict.fromkeys(unsaid, False)
    return {caution for caution, holds in said.items() if holds}


def _above(one: float, other: float) -> bool:
    return one - other > ROUNDING * max(abs(one), abs(other))


def _of_parts(told: Told, points: Sequence[int], width: float) -> dict[Caution, bool]:
    if told.parts is None:
        return {}
    if told.counted == "count":
        return {Caution.RARE_EVENTS: _mean([_of(told.figures, i) for i in points]) < cautions.FEW}
    parts = [(_of(told.figures, i), *told.parts[i]) for i in points]
    known = [(value, a, n) for value, a, n in parts if a is not None and n is not None]
    if not known:
        return {}
    out_of, events = [n for _, _, n in known], [a for _, a, _ in known]
    mean, often = _mean(out_of), _mean(events)
    proportion = told.counted == "proportion"
    rarer = min(often, mean - often) if proportion else often
    unlike = max(out_of) > cautions.UNLIKE * mean or min(out_of) * cautions.UNLIKE < mean
    by_chance = False
    if mean and often:
        share, scale = often / mean, _mean([value * n for value, _, n in known]) / often
        chance = scale * scale * share * (1 - share if proportion else 1.0) / mean
        by_chance = chance >= cautions.BY_CHANCE * (width / 6) ** 2
    return {
        Caution.RARE_EVENTS: rarer < cautions.FEW,
        Caution.SMALL_DENOMINATORS: proportion and mean < cautions.SMALL,
        Caution.MIXED_DENOMINATORS: unlike and by_chance,
    }
