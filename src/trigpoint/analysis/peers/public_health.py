"""Funnels as public-health indicators use them: inverted intervals, no over-dispersion.

The figures are those of PHEindicatormethods 2.1.0 without its faults: a proportion's limit ends at 1 times
``per``, whatever that is (there, at the number 100), and limits of events are quantiles, not searched for
one event at a time. A reference is judged by the unit's own interval: outside 95%, or 99.8%.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arguments import alike, numbers, positive, proportion, ratio, refuse
from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.rates.intervals import byar, exact_poisson, wilson, z_of

LEVELS = (0.95, 0.998)
FEW_EVENTS = 10
"""Fewer events than this have exact intervals; more have Byar's approximation."""
Significance = Literal["Low (0.001)", "Low (0.025)", "Not significant", "High (0.025)", "High (0.001)"]


@dataclass(frozen=True, slots=True, eq=False)
class EventLimits:
    """The limits that a number of events lies on, [levels, events].

    ``lower_expected`` is how many were to be expected where so few are just inside, ``upper_expected``
    where so many are; the limits are the events over these. Divide the expected by a rate for the
    population, and multiply the limits by it.
    """

    lower_expected: Floats
    lower: Floats
    upper_expected: Floats
    upper: Floats


def proportion_limits(
    population: npt.ArrayLike, baseline: float, confidence: Sequence[float] = LEVELS, per: float = 1.0
) -> tuple[Floats, Floats]:
    """Limits of a proportion, [levels, populations]: the shares whose Wilson interval ends at the baseline.

    The baseline is a share of 1. Raises ValueError for one above 1 and for a population not above zero.
    """
    size = positive("population", population)
    share = numbers(baseline=baseline)["baseline"]
    refuse(np.asarray(share > 1), "baseline", share, "above 1")
    z = np.array([[z_of(level)] for level in confidence])
    half = z * np.sqrt(share * (1 - share) / size)
    scale = float(positive("per", per))
    return scale * np.maximum(share - half, 0.0), scale * np.minimum(share + half, 1.0)


def event_limits(events: npt.ArrayLike, confidence: Sequence[float] = LEVELS) -> EventLimits:
    """The limits of a standardised ratio or a rate, for each number of events. It is not to be 0."""
    count = positive("events", events)
    upper_expected, lower_expected = (
        np.array(side) for side in zip(*(exact_poisson(count, level) for level in confidence), strict=True)
    )
    return EventLimits(lower_expected, count / lower_expected, upper_expected, count / upper_expected)


def significance(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    kind: Literal["proportion", "events"],
    reference: float | None = None,
) -> tuple[Significance, ...]:
    """Whether each unit's interval leaves the reference out, which is the overall figure if left out.

    Of ``events``, the denominator is a population or an expected number (whose reference is 1).
    """
    alike(**numbers(numerator=numerator, denominator=denominator))
    parts = proportion if kind == "proportion" else ratio
    part, size = parts("numerator", numerator, "denominator", denominator)
    overall = float(part.sum() / size.sum()) if reference is None else reference
    (low, high), (lowest, highest) = (_interval(part, size, kind, level) for level in LEVELS)
    return tuple(
        np.select(
            [lowest > overall, low > overall, highest < overall, high < overall],
            ["High (0.001)", "High (0.025)", "Low (0.001)", "Low (0.025)"],
            "Not significant",
        ).tolist()
    )


def _interval(part: Floats, size: Floats, kind: str, confidence: float) -> tuple[Floats, Floats]:
    if kind == "proportion":
        return wilson(part, size, confidence)
    exact, approximate = exact_poisson(part, confidence), byar(part, confidence)
    low, high = (
        np.where(part < FEW_EVENTS, one, other) / size for one, other in zip(exact, approximate, strict=True)
    )
    return low, high
