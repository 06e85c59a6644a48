"""Rule profiles: named, versioned sets of the rules by which a series is judged against its past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from trigpoint.terms.errors import NotFound, nearest


@dataclass(frozen=True, slots=True)
class RuleProfile:
    """How limits are set and what counts as a signal.

    ``limit`` and ``warning`` are distances from the mean: so many mean moving ranges to a
    limit, and the share of that distance at which a point counts as near it (two sigma of
    three). ``screening`` drops each moving range at or above so many times their mean before the
    mean is taken again, once; None keeps them all. Fewer points or ranges than the minima
    give neither limits nor icons.
    """

    name: str
    version: int
    minimum_points: int
    minimum_ranges: int
    screening: float | None
    shift: int
    """So many points in a row on one side of the mean."""
    trend: int
    """So many points in a row, each above (or each below) the one before."""
    two_of_three_counts_outside: bool
    """Whether a point beyond a limit counts as one of the two."""
    turning_point: Literal["both", "next"]
    """A point that two trends touch belongs to both, or goes the way of the step that follows it."""
    improvement_wins: bool
    """Where rules disagree: the improvement wins; otherwise the first rule, in the order of ``Rule``."""
    inclusive_assurance: bool
    """Whether a standard that lies on a limit is decided (missed or met) or left hit or miss."""
    limit: float = 2.66
    warning: float = 2 / 3

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


PROFILES: Mapping[str, RuleProfile] = {
    profile.name: profile
    for profile in (
        # NHS England's Making Data Count tools, as its team describes them in the issues of
        # NHSRplotthedots (194, 116, 253). Six ranges are half of what thirteen points in a row
        # give: with fewer, gaps have left too little to say how far the process strays.
        RuleProfile(
            name="nhs-england",
            version=1,
            minimum_points=13,
            minimum_ranges=6,
            screening=None,
            shift=7,
            trend=7,
            two_of_three_counts_outside=True,
            turning_point="both",
            improvement_wins=True,
            inclusive_assurance=True,
        ),
        # NHSRplotthedots 0.2.2 (050b07d) with its default options, number for number.
        RuleProfile(
            name="plot-the-dots",
            version=1,
            minimum_points=2,
            minimum_ranges=1,
            screening=3.267,
            shift=7,
            trend=7,
            two_of_three_counts_outside=False,
            turning_point="next",
            improvement_wins=False,
            inclusive_assurance=False,
        ),
    )
}


def profile_named(name: str) -> RuleProfile:
    """Raises NotFound for a name that no profile has."""
    if name not in PROFILES:
        raise NotFound(f"no rule profile {name!r}. {nearest(name, PROFILES)}".strip())
    return PROFILES[name]
