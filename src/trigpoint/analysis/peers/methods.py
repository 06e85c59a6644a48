"""Ways to work out a funnel: ours, ``exact``, and those of FunnelPlotR 0.6.0 by name.

The published ones give the published figures where these are right, and otherwise what their own formulas
ask for: limits of ``log`` with the standard error of a log ratio, limits of ``cqc`` squared back, angles of
``arcsine`` that stop at 0 and a right angle. Nobody observed counts as half a person in ``shmi``, whose
logarithm would be infinite.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.peers.dispersion import Trimming, Variant
from trigpoint.analysis.peers.kinds import KINDS, Kind, deviation, scores, steady, unsteady

Adjust = Literal["beyond_chance", "always", "never"]
"""When over-dispersion widens the limits: where chance does not explain it, at any rate, or not at all."""
Scored = tuple[Floats, Floats]
"""How many standard deviations figures lie from the target, and these deviations."""


@dataclass(frozen=True, slots=True)
class Method:
    """A way to work out a funnel; ``dataclasses.replace`` makes another of it.

    ``share`` of the scores is trimmed at either end; ``decimals`` are kept of a denominator.
    """

    name: str
    kinds: tuple[Kind, ...]
    trimming: Trimming = "winsorise"
    share: float = 0.1
    variant: Variant = "published"
    adjust: Adjust = "always"
    decimals: int | None = None


METHODS = MappingProxyType(
    {
        method.name: method
        for method in (
            Method("exact", KINDS, variant="unbiased", adjust="beyond_chance"),
            Method("arcsine", ("proportion",)),
            Method("shmi", ("standardised",), trimming="truncate", decimals=2),
            Method("cqc", ("standardised",)),
            Method("log", ("counts",)),
        )
    }
)


def method_named(given: Method | str, kind: Kind) -> Method:
    """A method by its name. Raises ValueError for one that is not known, or not meant for this kind."""
    if isinstance(given, str) and given not in METHODS:
        raise ValueError(f"method is {given!r}, not one of {', '.join(METHODS)}")
    method = METHODS[given] if isinstance(given, str) else given
    if kind not in method.kinds:
        fit = [other.name for other in METHODS.values() if kind in other.kinds]
        raise ValueError(f"method is {method.name!r}, which knows no kind {kind!r}: use {' or '.join(fit)}")
    return method


@dataclass(frozen=True, slots=True)
class _Scale:
    """A scale on which limits lie evenly about the target: there, back, and a size's deviation."""

    there: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]
    deviation: Callable[[Floats, float], Floats]


_SCALES = MappingProxyType(
    {
        "arcsine": _Scale(
            lambda ratio: steady(ratio, -1),
            lambda angle: unsteady(angle, -1),
            lambda size, target: deviation(size, target, -1),
        ),
        "shmi": _Scale(np.log, np.exp, lambda size, _: 1 / np.sqrt(size)),
        "cqc": _Scale(
            lambda ratio: steady(ratio, 0),
            lambda root: unsteady(root, 0),
            lambda size, target: deviation(size, target, 0),
        ),
        "log": _Scale(np.log, np.exp, lambda size, target: np.sqrt((1 + 1 / target) / size)),
    }
)


def scored(name: str, part: Floats, size: Floats, target: float, bend: int) -> Scored:
    """The scores of units by a method."""
    if name == "exact":
        return scores(part, size, target, bend), deviation(size, target, bend)
    if name in ("shmi", "log") and target == 0:
        raise ValueError(f"target is 0, which the method {name!r} has no logarithm of")
    scale = _SCALES[name]
    if name == "log":
        own = np.sqrt(part / (part + 0.5) ** 2 + size / (size + 0.5) ** 2)
        ratio = (part + 0.5) / (size + 0.5)
    else:
        own = scale.deviation(size, target)
        ratio = np.where(part == 0, 0.5, part) / size if name == "shmi" else part / size
    centre = scale.there(np.array(target))
    return np.asarray((scale.there(ratio) - centre) / own), own


def spread(name: str, size: Floats, target: float, z: Floats, tau2: float) -> tuple[Floats, Floats]:
    """Limits evenly about the target on the method's scale, [levels, sizes] of ``z``, [levels, 1]."""
    scale = _SCALES[name]
    centre = scale.there(np.array(target))
    half = z * np.sqrt(scale.deviation(size, target) ** 2 + tau2)
    return scale.back(centre - half), scale.back(centre + half)
