"""Charts small enough to be worked by hand, and what is said of each of their points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from trigpoint.analysis.finding import Rule, Variation
from trigpoint.analysis.past.rules import RULES
from trigpoint.analysis.past.variation import NO_RULE, VARIATIONS, Charts, Sizes, chart
from trigpoint.definitions.profile import SHIPPED, ChartKind, RuleProfile

NONE = math.nan
BY_HAND = SHIPPED["nhs-england"].model_copy(update={"minimum_points": 2, "minimum_ranges": 1})
"""The default profile, for series short enough to be worked by hand."""


def draw(
    figures: Sequence[float],
    kind: ChartKind = ChartKind.I,
    sizes: Sequence[float] | None = None,
    *,
    scale: float = 1.0,
    deviations: Sequence[float] | None = None,
    profile: RuleProfile = BY_HAND,
    **more: Any,
) -> Charts:
    """One series as one kind of chart."""
    given = None
    if sizes is not None:
        given = Sizes(
            np.array([sizes]), scale, None if deviations is None else np.array([deviations], dtype=float)
        )
    more = {"direction": "up", **more}
    return chart(np.array([figures], dtype=float), profile=profile, kind=kind, sizes=given, **more)


def rows(found: Charts, share: float = 1.0) -> tuple[list[float], list[float], list[float]]:
    """The lower limit, the centre and the upper limit of every month, to three decimals."""
    lines = found.limits.lines(found.grid, share)
    lower, centre, upper = (line[0].round(3).tolist() for line in (lines.lower, lines.centre, lines.upper))
    return lower, centre, upper


def ends(found: Charts) -> tuple[float, float, float]:
    """The lines of a chart whose limits are the same in every month."""
    lower, centre, upper = (line[-1] for line in rows(found))
    return lower, centre, upper


STEADY = [49.0, 51.0] * 6
LETTERS = {
    Rule.OUTSIDE: "O",
    Rule.TREND: "T",
    Rule.TWO_OF_THREE: "2",
    Rule.SHIFT: "S",
    Rule.FOUR_OF_FIVE: "4",
    Rule.ALTERNATING: "A",
    Rule.HUGGING: "H",
    Rule.AVOIDING: "V",
    Rule.LONG_RUN: "L",
    Rule.FEW_CROSSINGS: "F",
}
NO_RULES: dict[str, Any] = {
    "outside": False,
    "shift": None,
    "trend": None,
    "two_of_three": False,
    "two_of_three_third": "any",
}


def only(**rules: Any) -> RuleProfile:
    """A profile with no other rules than these."""
    return BY_HAND.model_copy(update={**NO_RULES, **rules})


def said(found: Charts) -> list[str]:
    """A letter for each point, in its direction."""
    return [
        ("-" if VARIATIONS[variation] is Variation.NOT_ASSESSED else ".")
        if rule == NO_RULE
        else LETTERS[RULES[rule]] + ("^" if VARIATIONS[variation].endswith("high") else "_")
        for variation, rule in zip(found.variation[0].tolist(), found.rule[0].tolist(), strict=True)
    ]


def after_steady(figures: str, profile: RuleProfile) -> list[str]:
    """What is said of figures that follow twelve steady ones; ``-`` is a month without one."""
    cells = [NONE if cell == "-" else float(cell) for cell in figures.split()]
    return said(draw([*STEADY, *cells], profile=profile, baseline=12))[12:]
