"""What each point says about change: the rules that fired, read by the direction that is good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arguments import refuse
from trigpoint.analysis.arrays import TIE, Bools, Codes, Floats, Ints, Segments
from trigpoint.analysis.finding import Rule, Variation
from trigpoint.analysis.past.grid import Grid
from trigpoint.analysis.past.kinds import SIZED, SPREAD, T_POWER, ranges
from trigpoint.analysis.past.limits import CONSTANT, SHARES, Limits, limits
from trigpoint.analysis.past.rules import RULES, SIDELESS, Signals, signals
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import ChartKind, RuleProfile

VARIATIONS = tuple(Variation)
"""What a code in ``Charts.variation`` means."""
NO_RULE = len(RULES)
"""The code in ``Charts.rule`` where no rule fired; any other is a place in ``RULES``."""
NOT_ASSESSED = VARIATIONS.index(Variation.NOT_ASSESSED)
COMMON = VARIATIONS.index(Variation.COMMON)


@dataclass(frozen=True, slots=True, eq=False)
class Charts:
    """Many series judged: limits by segment; and what each point, [series, months], says by which rule.

    ``grid`` holds what the chart is drawn of, and ``signals`` every rule that fired there.
    """

    grid: Grid
    limits: Limits
    signals: Signals
    variation: Codes
    rule: Codes


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """What each figure of a sized chart is out of, [series, months].

    ``scale`` is what a share or a rate is multiplied by: 100 for per cent. ``deviations`` are the
    standard deviations of the figures within each month, for the charts of subgroups.
    """

    of: Floats
    scale: float = 1.0
    deviations: Floats | None = None

    def until(self, series: Ints, months: int) -> Sizes:
        """Those of the given series, so many months of them."""
        deviations = self.deviations
        return replace(
            self,
            of=self.of[series, :months],
            deviations=None if deviations is None else deviations[series, :months],
        )


def chart(
    values: Floats,
    segments: Segments | None = None,
    excluded: Bools | None = None,
    *,
    profile: RuleProfile,
    direction: Direction,
    baseline: int | Bools | None = None,
    kind: ChartKind = ChartKind.I,
    sizes: Sizes | None = None,
) -> Charts:
    """Judge series, [series, months], with NaN for a month without a figure.

    ``segments`` changes where limits start again; ``excluded`` points are drawn but count for
    nothing; ``baseline`` says which points set the limits (``Grid.of``). A point is
    ``NOT_ASSESSED`` where there is no figure, or none that limits allow to judge; in a
    constant series every point is ``COMMON``. Raises ValueError, with the argument and the position,
    for what the kind of chart cannot be drawn of: infinite or, but for individuals, runs and means,
    negative; shares above a whole; sized kinds without sizes; arguments of other series or months.
    """
    kind = ChartKind(kind)
    if direction not in get_args(Direction):
        raise ValueError(f"direction is {direction!r}: expected {', '.join(get_args(Direction))}")
    _laid_alike(values, segments, excluded, baseline, sizes)
    _fits(values, kind, sizes)
    grid = _grid(values, segments, excluded, baseline, kind, sizes, profile)
    worked, order = grid.bridged() if profile.gaps == "bridge" else (grid, None)
    scale = sizes.scale if sizes else 1.0
    deviations = None if sizes is None else sizes.deviations
    if order is not None and deviations is not None:
        deviations = deviations.ravel()[order].reshape(deviations.shape)
    found = limits(worked, profile, kind, scale=scale, deviations=deviations)
    fired = signals(worked, found, profile)
    if order is not None:
        fired, found = _back(fired, order), _unbridged(found, order)
    return _read(grid, found, fired, direction, profile)


def _grid(
    values: Floats,
    segments: Segments | None,
    excluded: Bools | None,
    baseline: int | Bools | None,
    kind: ChartKind,
    sizes: Sizes | None,
    profile: RuleProfile,
) -> Grid:
    """What the chart is drawn of, laid out."""
    if kind is ChartKind.MR:
        plotted, behind = ranges(values, segments, excluded, profile)
        return Grid.of(plotted, segments, excluded, baseline).rounded(behind)
    if kind is ChartKind.T:
        values = np.power(values, 1 / T_POWER)
    of = sizes.of if sizes else None
    if of is not None and kind is ChartKind.S:
        of = np.where(of > 1, of, np.nan)  # one figure has no deviation
    return Grid.of(values, segments, excluded, baseline, of)


def shown_by(values: Floats, kind: ChartKind, sizes: Sizes | None = None) -> Bools:
    """The figures that a kind of chart can show, and months without one: no share is more than all of a
    whole, and nothing that is counted is below zero."""
    if kind in (ChartKind.I, ChartKind.RUN, ChartKind.MR, ChartKind.XBAR):
        return np.ones(values.shape, dtype=np.bool_)
    shown = ~(values < 0)
    if kind in SHARES and sizes is not None:
        shown &= ~(values > sizes.scale * (1 + TIE))
    return np.asarray(shown)


def _fits(values: Floats, kind: ChartKind, sizes: Sizes | None) -> None:
    if (kind in SIZED) != (sizes is not None):
        raise ValueError(f"a {kind} chart {'needs' if kind in SIZED else 'takes no'} sizes")
    if sizes is not None:
        _fitting_sizes(sizes, kind)
    why = "below zero, or more than all of a whole" if kind in SHARES else "below zero"
    refuse(~shown_by(values, kind, sizes), "values", values, f"{why}, which a {kind} chart cannot show")


def _fitting_sizes(sizes: Sizes, kind: ChartKind) -> None:
    refuse(sizes.of < 0, "sizes", sizes.of, "below zero")
    refuse(np.isinf(sizes.of), "sizes", sizes.of, "infinite")
    if not 0 < sizes.scale < np.inf:
        raise ValueError(f"scale is {sizes.scale:g}, not a number above zero")
    if (kind in SPREAD) != (sizes.deviations is not None):
        raise ValueError(f"a {kind} chart {'needs' if kind in SPREAD else 'takes no'} deviations")
    if kind in (ChartKind.XBAR, ChartKind.S):
        fraction = (sizes.of > 0) & (sizes.of < 1)
        refuse(fraction, "sizes", sizes.of, "less than one figure, of which nothing can be taken")
    if sizes.deviations is not None:
        refuse(sizes.deviations < 0, "deviations", sizes.deviations, "below zero")
        refuse(np.isinf(sizes.deviations), "deviations", sizes.deviations, "infinite")


def _laid_alike(
    values: Floats,
    segments: Segments | None,
    excluded: Bools | None,
    baseline: int | Bools | None,
    sizes: Sizes | None,
) -> None:
    """Refuse arguments that are not of the same series and months."""
    if values.dtype.kind not in "fiu":
        raise ValueError(f"values are {values.dtype}, not numbers")
    if values.ndim != 2:
        raise ValueError(
            f"values have {values.ndim} dimension{'s' * (values.ndim != 1)}, not series and months"
        )
    if isinstance(baseline, bool):
        raise ValueError("baseline is true or false, not a number of points")
    if isinstance(baseline, int):
        if baseline < 1:
            raise ValueError(f"baseline is {baseline}, not a number of points")
        baseline = None
    given: dict[str, npt.NDArray[Any] | None] = {
        "segments": segments,
        "excluded": excluded,
        "baseline": baseline,
        "sizes": None if sizes is None else sizes.of,
        "deviations": None if sizes is None else sizes.deviations,
    }
    for name, part in given.items():
        if part is not None and part.shape != values.shape:
            found, expected = (" by ".join(map(str, it.shape)) for it in (part, values))
            raise ValueError(f"{name} are {found or 'one number'}, where values are {expected}")


def _back(fired: Signals, order: Ints) -> Signals:
    """What fired, where each month stood before gaps were bridged."""
    runs = fired.runs
    if runs is not None:
        runs = replace(runs, run=_unmoved(runs.run, order))
    return replace(fired, high=_unmoved(fired.high, order), low=_unmoved(fired.low, order), runs=runs)


def _unbridged(found: Limits, order: Ints) -> Limits:
    factor = found.process.factor
    if factor is None:
        return found
    return replace(found, process=replace(found.process, factor=_unmoved(factor, order)))


def _unmoved(moved: npt.NDArray[Any], order: Ints) -> npt.NDArray[Any]:
    """What ``Grid.bridged`` moved, in its place again."""
    back = np.empty(moved.size, dtype=moved.dtype)
    back[order] = moved.ravel()
    return back.reshape(moved.shape)


def _read(grid: Grid, found: Limits, fired: Signals, direction: Direction, profile: RuleProfile) -> Charts:
    first = _firsts(len(fired.order))
    variations, rules = _readings(direction, profile.improvement_wins, fired.order)
    places = first[fired.high] * (len(fired.order) + 1) + first[fired.low]
    assessed = grid.points & grid.spread(found.judged | (found.status == CONSTANT))
    return Charts(
        grid, found, fired, np.where(assessed, variations[places], np.int8(NOT_ASSESSED)), rules[places]
    )


@cache
def _firsts(rules: int) -> Ints:
    """The place of the first rule in every set of so many, by its bits; ``rules`` for the empty set."""
    sets = np.arange(1 << rules)
    lowest = sets & -sets
    return np.where(sets == 0, rules, np.log2(np.maximum(lowest, 1))).astype(np.int16)


@cache
def _readings(direction: Direction, improvement_wins: bool, order: tuple[Rule, ...]) -> tuple[Codes, Codes]:
    """The variation, and the rule that names it, for every first rule up and every first rule down."""
    firsts = range(len(order) + 1)
    read = [_reading(high, low, direction, improvement_wins, order) for high in firsts for low in firsts]
    variations = np.array([VARIATIONS.index(variation) for variation, _ in read], dtype=np.int8)
    rules = [NO_RULE if rule is None else RULES.index(rule) for _, rule in read]
    return variations, np.array(rules, dtype=np.int8)


def _reading(
    high: int, low: int, direction: Direction, improvement_wins: bool, order: tuple[Rule, ...]
) -> tuple[Variation, Rule | None]:
    """What a point says at which the first rule that points up is ``high``, and down ``low``.

    Where both do, the improvement wins, if the profile says so. Otherwise, and where neither
    way is better, the weightier rule wins; two trends that meet in a point name it by the rise.
    A pattern without a side yields to one that has a side, and is itself neither good nor bad.
    """
    up, down = (order[first] if first < len(order) else None for first in (high, low))
    if up is None and down is None:
        return Variation.COMMON, None
    sided = [rule is not None and rule not in SIDELESS for rule in (up, down)]
    if any(sided) and not all(sided):
        goes_up = sided[0]
    elif up is not None and down is not None and improvement_wins and direction != "neutral" and all(sided):
        goes_up = direction == "up"
    else:
        goes_up = up is not None and high <= low
    rule = up if goes_up else down
    side = "high" if goes_up else "low"
    if direction == "neutral" or rule in SIDELESS:
        return Variation(f"neutral_{side}"), rule
    return Variation(f"{'improvement' if goes_up == (direction == 'up') else 'concern'}_{side}"), rule
