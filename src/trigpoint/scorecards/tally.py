"""A unit's month in five numbers, for a list of many units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trigpoint.analysis.finding import Attainment, Finding
from trigpoint.scorecards.build import attainment
from trigpoint.scorecards.headline import SIGNALS


@dataclass(frozen=True, slots=True)
class Tally:
    """How many indicators a unit has, how they stand to their primary standards, and how many changed."""

    indicators: int
    met: int
    in_tolerance: int
    not_met: int
    signals: int


def tally(findings: Iterable[Finding]) -> Tally:
    """Of one unit's findings of one month."""
    held = list(findings)
    judged = [attainment(finding) for finding in held]
    return Tally(
        len(held),
        judged.count(Attainment.MET),
        judged.count(Attainment.IN_TOLERANCE),
        judged.count(Attainment.NOT_MET),
        sum(finding.past.variation in SIGNALS for finding in held),
    )
