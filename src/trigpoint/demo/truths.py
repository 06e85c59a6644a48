"""What is planted in the demo trust's figures, in one place, so that a test can ask whether it is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal

from trigpoint.demo.organisation import HOME, Tree, division_code, service_code, team_code
from trigpoint.demo.timeline import FIRST, chance
from trigpoint.terms.period import Month

Kind = Literal["shift", "drift", "failed_standard", "differs", "reporting_error", "cluster"]
SIZES = (1.0, 1.5, 2.0, 3.0)
"""The sizes of the planted shifts, in standard deviations of their series."""
EACH = 26
"""Shifts of each size, where the tree has teams enough."""
QUIET_SHARE = 0.6
"""At least so much of the designated series stays undisturbed."""
BEFORE, AFTER = 20, 12
"""Months before a shift at least, and months from its first on."""


@dataclass(frozen=True, slots=True)
class Designated:
    """A proportion kept free of all else than planted shifts, so that chance alone can be reckoned.

    Each month's numerator is binomial, out of a denominator that hardly changes and is large enough for
    the share to be nearly normal. All of them are better when higher.
    """

    indicator: str
    numerator: str
    denominator: str
    level: float
    size: int


DESIGNATED = (
    Designated("CARE-PLAN", "care_plans_shared", "care_plans", 0.84, 430),
    Designated("RISK", "risk_reviews_in_date", "risk_reviews_due", 0.88, 520),
    Designated("NOTES-24", "notes_within_a_day", "notes", 0.81, 640),
    Designated("GP-LETTER", "letters_within_a_week", "letters", 0.76, 380),
    Designated("DETAILS", "details_checked", "details", 0.86, 560),
)


@dataclass(frozen=True, slots=True)
class Truth:
    """One thing that is so in the figures from ``month`` on, and of which they should tell.

    ``size`` of a shift in a designated indicator is in standard deviations of its series, sampling
    noise and all; any other is in what the indicator is measured in. ``sign`` is +1 where the figure
    goes up, or lies above.
    """

    kind: Kind
    indicator: str
    unit: str
    month: Month
    size: float
    sign: int
    note: str


Series = tuple[str, str]
"""An indicator's code and a unit's."""


@cache
def truths(seed: int, tree: Tree) -> tuple[Truth, ...]:
    """Everything that is planted: the shifts by which detection is measured, then what a reader notices."""
    return (*_shifts(seed, tree), *headlines(tree))


@cache
def quiet(seed: int, tree: Tree) -> tuple[Series, ...]:
    """The designated series in which nothing is planted and nothing happens: every signal there is false."""
    planted = {(truth.indicator, truth.unit) for truth in _shifts(seed, tree)}
    return tuple(series for series in _undisturbed(tree) if series not in planted)


def _undisturbed(tree: Tree) -> tuple[Series, ...]:
    told = {truth.unit for truth in headlines(tree) if truth.kind == "reporting_error"}
    teams = [team.code for team in tree.units if team.code not in tree.disturbed | told]
    return tuple(product((designated.indicator for designated in DESIGNATED), teams))


@cache
def _shifts(seed: int, tree: Tree) -> tuple[Truth, ...]:
    """Shifts of each size, spread over teams and designated indicators, half of them up."""
    stream, series = chance(seed, "truths"), _undisturbed(tree)
    each = min(EACH, int(len(series) * (1 - QUIET_SHARE)) // len(SIZES))
    order = stream.permutation(len(series))[: each * len(SIZES)]
    starts = stream.integers(BEFORE, 36 - AFTER, size=len(order), endpoint=True)
    return tuple(
        _shift(
            series[order[i]], FIRST + int(starts[i]), SIZES[i % len(SIZES)], 1 if i // len(SIZES) % 2 else -1
        )
        for i in range(len(order))
    )


def _shift(series: Series, month: Month, size: float, sign: int) -> Truth:
    way = "better" if sign > 0 else "worse"
    deviations = f"{size:g} standard deviation{'s' * (size != 1)}"
    note = f"{series[0]} of {series[1]} is {way} by {deviations} from {month.words} on"
    return Truth("shift", *series, month, size, sign, note)


EXMOOR = team_code(0, 0)
CRISIS_BETTER, FOLLOW_UP_SLIDES, RESTRAINT_DOUBLES = Month(2026, 3), Month(2026, 5), Month(2026, 6)
ETHNICITY_ASKED, SERIOUS_MONTH, SWAPPED_MONTH = Month(2025, 4), Month(2026, 9), Month(2026, 5)
PHARMACY_DOWN = Month(2025, 8)
"""When the pharmacies' system stood still: a decision leaves the month out of the limits."""
SWAPPED_TEAM = team_code(3, 1)
SERIOUS_TEAM = team_code(0, 2)
EQUITY_GAP = 14.0
"""Points by which those in the most deprived fifth are less often seen within 4 weeks than the least."""


def headlines(tree: Tree) -> Iterator[Truth]:
    """What a reader of the demo should notice."""
    children = division_code(tree.division_of(5))
    yield Truth(
        "shift", "CRI-24", HOME, CRISIS_BETTER, 7, 1,
        "Crisis teams see 7 in 100 more people within a day since March 2026: a new triage line",
    )  # fmt: skip
    yield Truth(
        "drift", "MH-FU72", HOME, FOLLOW_UP_SLIDES, 15, -1,
        "Follow-up within 72 hours slides from 86% in April 2026 to about 72% in October, below the standard",
    )  # fmt: skip
    yield Truth(
        "shift", "MH-RI", EXMOOR, RESTRAINT_DOUBLES, 42, 1, "Exmoor ward: restraint doubles from June 2026"
    )
    yield Truth(
        "shift", "DQ-ETH", HOME, ETHNICITY_ASKED, 9, 1,
        "Ethnicity is asked on the referral form since April 2025; limits are re-based there",
    )  # fmt: skip
    yield Truth(
        "failed_standard", "CYP-4W", HOME, FIRST, 34, -1,
        "Children's mental health: about 46% within 4 weeks, where the standard is 80%, in every month",
    )  # fmt: skip
    yield Truth(
        "failed_standard", "CMH-4W", service_code(2), FIRST, 20, -1,
        "Community mental health, north: about 60% within 4 weeks, where the standard is 80%, in every month",
    )  # fmt: skip
    yield Truth(
        "differs", "FFT-POS", children, FIRST, 6, -1,
        "Children's services: 6 in 100 fewer good answers to the Friends and Family Test than elsewhere",
    )  # fmt: skip
    yield Truth(
        "differs", "DNA", children, FIRST, 4, 1,
        "Children's services: 4 in 100 more appointments are missed than their kinds of team would have",
    )  # fmt: skip
    yield Truth(
        "differs", "CMH-4W", HOME, FIRST, EQUITY_GAP, -1,
        "Adults of the most deprived fifth are seen within 4 weeks 14 in 100 less often than of the least",
    )  # fmt: skip
    yield Truth(
        "reporting_error", "WF-SUP", SWAPPED_TEAM, SWAPPED_MONTH, 0, 1,
        "The two supervision counts changed places in May 2026: those due stand where those held belong",
    )  # fmt: skip
    yield Truth(
        "cluster", "SERIOUS", SERIOUS_TEAM, SERIOUS_MONTH, 5, 1,
        "Five serious incidents within nine days of September 2026 on one ward, which has one in a year",
    )  # fmt: skip
