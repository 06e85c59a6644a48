"""Findings: the bearings of one indicator at one unit in one month, and the series behind them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from trigpoint.analysis.caution import Cautions
from trigpoint.analysis.proposal import Proposal
from trigpoint.definitions.profile import Centre, ChartKind
from trigpoint.terms.panel import State, Status
from trigpoint.terms.period import Month


class Attainment(StrEnum):
    """A figure against one standard."""

    MET = "met"
    IN_TOLERANCE = "in_tolerance"
    NOT_MET = "not_met"
    NOT_ASSESSED = "not_assessed"


class Variation(StrEnum):
    """What a point says about change. High and low say where it lies, not whether that is good."""

    COMMON = "common"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"
    NOT_ASSESSED = "not_assessed"


class Assurance(StrEnum):
    """Whether the process, left alone, will meet the primary standard."""

    PASS = "pass"  # noqa: S105 - the field's word, not a password
    FAIL = "fail"
    HIT_OR_MISS = "hit_or_miss"
    NO_STANDARD = "no_standard"
    NOT_ASSESSED = "not_assessed"


class Rule(StrEnum):
    """The special-cause rules."""

    OUTSIDE = "outside"
    TREND = "trend"
    TWO_OF_THREE = "two_of_three"
    SHIFT = "shift"
    FOUR_OF_FIVE = "four_of_five"
    ALTERNATING = "alternating"
    HUGGING = "hugging"
    AVOIDING = "avoiding"
    LONG_RUN = "long_run"
    FEW_CROSSINGS = "few_crossings"


class SeriesStatus(StrEnum):
    """Whether a series can carry limits, and if not, why (``limits.limits`` says when each holds)."""

    CHARTED = "charted"
    CONSTANT = "constant"
    SCREENING_ABANDONED = "screening_abandoned"
    ZERO_WIDTH = "zero_width"
    TOO_FEW = "too_few"
    ROLLING = "rolling"
    NO_FIGURES = "no_figures"


class PeerReason(StrEnum):
    """Why a figure is not set beside its peers'."""

    NO_GROUP = "no peer group is named"
    NOT_RANKED = "a count, which grows with the size of the trust"
    NOT_A_MEMBER = "not in the peer group"
    NO_FIGURE = "no figure"
    TOO_FEW = "fewer than 4 of the group have a figure"


@dataclass(frozen=True, slots=True)
class StandardBearing:
    """A figure against one standard in force in its month.

    ``required`` is the value for that month, ``distance`` how far the figure is on the good
    side of it (negative: short of it), ``streak`` the number of months in a row, this one
    included, with this attainment.
    """

    name: str
    set_by: str
    sense: str
    required: float
    tolerance: float | None
    trajectory: bool
    primary: bool
    attainment: Attainment
    streak: int
    distance: float | None


@dataclass(frozen=True, slots=True)
class PastBearing:
    """A figure against its own past, under a named rule profile.

    ``points`` counts the figures since ``limits_from``, where the last segment starts, and ``used``
    those that set the limits; too few of them make ``trial`` limits.
    ``mean`` is the centre line, and ``centre`` says whether that is a mean or a median.
    ``since`` is the first month of the unbroken run of months flagged like this one.
    """

    status: SeriesStatus
    profile: str
    chart: ChartKind
    points: int
    used: int
    trial: bool
    centre: Centre
    limits_from: Month | None
    mean: float | None
    lower: float | None
    upper: float | None
    variation: Variation
    assurance: Assurance
    rule: Rule | None
    since: Month | None


@dataclass(frozen=True, slots=True)
class PeerBearing:
    """A figure beside its peers'.

    ``rank`` 1 is the best (the highest, for a neutral indicator); ties share it. ``quarter`` 4
    holds the best, 1 the worst; a neutral indicator has none. ``members`` and ``reporting``
    count the figure's own unit. The other numbers are None where ``reason``, a ``PeerReason``,
    says why; it is empty where they are given.
    """

    group: str
    members: int
    reporting: int
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    rank: int | None
    quarter: int | None
    reason: str


class Difference(StrEnum):
    """A figure against the whole. Higher and lower are said where neither way is better."""

    BETTER = "better"
    WORSE = "worse"
    HIGHER = "higher"
    LOWER = "lower"
    NO_DIFFERENT = "no_different"
    TOO_FEW = "too_few"
    NOT_COMPARED = "not_compared"


BEYOND_CHANCE = frozenset({Difference.BETTER, Difference.WORSE, Difference.HIGHER, Difference.LOWER})
"""The verdicts of a difference that chance does not explain."""
JUDGED = BEYOND_CHANCE | {Difference.NO_DIFFERENT}
"""The verdicts of a figure that is compared with its whole and not too small for it."""


class WholeReason(StrEnum):
    """Why a figure is not compared with the whole."""

    NO_WHOLE = "not part of the trust"
    ONLY_UNIT = "only this unit provides it"
    COUNT = "a count, which grows with the size of the unit"
    VALUE_ALONE = "a figure taken as it came, without its parts"
    NO_CHANCE = "what chance would do to it is not known"
    NO_FIGURE = "no figure"
    NO_WHOLE_FIGURE = "the whole has no figure"


@dataclass(frozen=True, slots=True)
class WholeBearing:
    """A figure against the whole that its unit is part of, in the indicator's own measure.

    ``value`` is the whole's figure, ``difference`` the unit's less the whole's, with its 95% interval,
    and ``share`` the unit's share of the whole's denominator. They are None, and ``reason`` says why
    (a ``WholeReason``), where the two are not compared; with too few to judge, they are given.
    """

    unit: str
    verdict: Difference
    value: float | None
    difference: float | None
    lower: float | None
    upper: float | None
    share: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure and its bearings."""

    indicator: str
    unit: str
    month: Month
    start: dt.date
    end: dt.date
    cut: str
    numerator: float | None
    denominator: float | None
    value: float | None
    status: Status
    state: State
    parts: int | None
    present: int | None
    standards: tuple[StandardBearing, ...]
    whole: WholeBearing
    past: PastBearing
    peers: PeerBearing

    @property
    def standard(self) -> StandardBearing | None:
        """The primary standard in force, which status and assurance use."""
        return next((bearing for bearing in self.standards if bearing.primary), None)


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One month of a series, with the limits and the flag that hold there."""

    month: Month
    value: float | None
    state: State
    status: Status | None
    numerator: float | None
    denominator: float | None
    excluded: bool
    mean: float | None
    lower: float | None
    upper: float | None
    variation: Variation
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class SeriesBreak:
    """Where limits start again, and why: a re-base decided, a definition or an organisation changed."""

    month: Month
    kind: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class StandardLine:
    """One standard drawn over a series: its value in each month, past the last figure for a trajectory."""

    name: str
    set_by: str
    sense: str
    primary: bool
    trajectory: bool
    values: tuple[tuple[Month, float], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """Everything a chart of one indicator at one unit shows."""

    indicator: str
    unit: str
    points: tuple[SeriesPoint, ...]
    breaks: tuple[SeriesBreak, ...]
    standards: tuple[StandardLine, ...]
    past: PastBearing
    cautions: Cautions
    proposal: Proposal
