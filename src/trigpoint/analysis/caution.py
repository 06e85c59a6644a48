"""What a reader should know of a series that carries limits, with the numbers behind it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Caution(StrEnum):
    """Why limits, or the latest point, say less than they seem to: ``past.cautions`` has the tests."""

    MISSING_LAST = "missing_last"
    TRIAL_LIMITS = "trial_limits"
    GAPS = "gaps"
    RARE_EVENTS = "rare_events"
    SMALL_DENOMINATORS = "small_denominators"
    MIXED_DENOMINATORS = "mixed_denominators"
    SEASONAL = "seasonal"
    AUTOCORRELATED = "autocorrelated"
    LOWER_LIMIT_OUT_OF_REACH = "lower_limit_out_of_reach"
    UPPER_LIMIT_OUT_OF_REACH = "upper_limit_out_of_reach"


@dataclass(frozen=True, slots=True)
class Cautions:
    """The cautions that one series calls for, in the order of ``Caution``, and what they rest on.

    All but the seasons are of the months since limits last started again: ``months`` of them have
    passed since the first figure, ``missing`` have none though one came after, ``absent`` are the last
    ones without; full limits ask for ``full_points``. Denominators are those of its points, a month:
    the mean, the least and the most. ``rarer`` is what is counted a month, on average, or for a
    proportion the rarer of what is counted and what is not. ``lower`` and ``upper`` are the limits.

    ``season_f`` and ``season_share`` say how much of the ups and downs the time of year explains,
    ``neighbours`` how alike figures of months that follow one another are (0 as chance has it, 1
    wholly), and ``two_months`` how much further apart figures of two months are than of one (0 as
    chance has it). None where it could not be reckoned.
    """

    noted: tuple[Caution, ...] = ()
    months: int = 0
    missing: int = 0
    absent: int = 0
    points: int = 0
    full_points: int = 0
    lower: float | None = None
    upper: float | None = None
    denominator: float | None = None
    least_denominator: float | None = None
    most_denominator: float | None = None
    rarer: float | None = None
    season_f: float | None = None
    season_share: float | None = None
    neighbours: float | None = None
    two_months: float | None = None
