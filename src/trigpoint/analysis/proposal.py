"""Whether the limits of a series should start again, and the evidence: for a person to decide on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trigpoint.terms.period import Month


class Weighed(StrEnum):
    """What became of the question whether to re-base (``past.proposals`` says how it is weighed)."""

    PROPOSED = "proposed"
    TOO_FEW = "too_few"
    NO_SHIFT = "no_shift"
    TOO_RECENT = "too_recent"
    MAY_GO_BACK = "may_go_back"
    WENT_BACK = "went_back"
    WITHIN_CHANCE = "within_chance"
    DRIFTS = "drifts"
    SEASONAL = "seasonal"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was weighed for one series. Only a verdict of ``PROPOSED`` proposes anything.

    ``month`` is the one from which limits would start again; ``run`` months from ``run_from`` on lay
    ``rises`` (above) or not (below) the mean of those before, which is what raised the question.
    ``before`` and ``after`` are the means of the ``points_before`` and ``points`` figures on either
    side of ``month``, and ``distance`` how far apart they are, in standard errors. ``lower`` and
    ``upper`` are the limits there would be, and ``outside`` of the ``points`` lie beyond them.
    ``waits_for`` is how many more figures it needs where it is too early. None, or 0, where the
    question did not get so far.
    """

    verdict: Weighed
    month: Month | None = None
    run_from: Month | None = None
    run: int = 0
    rises: bool = False
    points_before: int = 0
    points: int = 0
    before: float | None = None
    after: float | None = None
    distance: float | None = None
    lower: float | None = None
    upper: float | None = None
    outside: int = 0
    waits_for: int = 0
