"""Findings and series made by hand, for tests of wording and pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from trigpoint.analysis.caution import Caution, Cautions
from trigpoint.analysis.finding import (
    Assurance,
    Attainment,
    Difference,
    Finding,
    PastBearing,
    PeerBearing,
    Series,
    SeriesBreak,
    SeriesPoint,
    SeriesStatus,
    StandardBearing,
    StandardLine,
    Variation,
    WholeBearing,
    WholeReason,
)
from trigpoint.analysis.proposal import Proposal, Weighed
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.profile import ChartKind
from trigpoint.terms.panel import State, Status
from trigpoint.terms.period import Month

NOW = Month(2026, 10)
SOURCE = "monthly"


def indicator(title: str = "Followed up within 72 hours", **changes: Any) -> Indicator:
    """A percentage of which more is better, unless ``changes`` say otherwise."""
    given: dict[str, Any] = {
        "title": title,
        "objective": "safe",
        "direction": "up",
        "measured_in": "per cent",
        "decimals": 1,
        "owner": "Director of Nursing",
        "bounds": {"least": 0, "most": 100},
        "versions": [
            {"from": "2020-04", "measure": {"source": SOURCE, "numerator": "a", "denominator": "b"}}
        ],
    }
    return Indicator.model_validate({**given, **changes})


def standard(
    attainment: Attainment = Attainment.MET,
    required: float = 80.0,
    value: float | None = 84.0,
    **changes: Any,
) -> StandardBearing:
    distance = None if value is None else value - required
    whole = StandardBearing(
        "Standard", "national", "at_least", required, None, False, True, attainment, 1, distance
    )
    whole = replace(whole, **changes)
    return replace(whole, distance=-distance) if whole.sense == "at_most" and distance else whole


def past(variation: Variation = Variation.COMMON, **changes: Any) -> PastBearing:
    whole = PastBearing(
        SeriesStatus.CHARTED,
        "nhs-england, version 1",
        ChartKind.I,
        19,
        19,
        False,
        "mean",
        Month(2025, 4),
        84.0,
        74.8,
        93.1,
        variation,
        Assurance.HIT_OR_MISS,
        None,
        None,
    )
    return replace(whole, **changes)


def peers(quarter: int | None = None, **changes: Any) -> PeerBearing:
    if quarter is None:
        whole = PeerBearing("", 0, 0, None, None, None, None, None, "no peer group is named")
    else:
        whole = PeerBearing("south-west", 13, 12, 80.0, 75.0, 85.0, 3 * (4 - quarter) + 1, quarter, "")
    return replace(whole, **changes)


def against_whole(verdict: Difference = Difference.NOT_COMPARED, **changes: Any) -> WholeBearing:
    if verdict is Difference.NOT_COMPARED:
        found = WholeBearing("", verdict, None, None, None, None, None, WholeReason.NO_WHOLE)
    else:
        found = WholeBearing("RXX", verdict, 82.0, 2.0, 0.5, 3.5, 0.2, "")
    return replace(found, **changes)


def finding(value: float | None = 84.0, month: Month = NOW, **changes: Any) -> Finding:
    whole = Finding(
        indicator="A",
        unit="RXX",
        month=month,
        start=month.start,
        end=month.end,
        cut="all",
        numerator=None if value is None else value,
        denominator=None if value is None else 100.0,
        value=value,
        status=Status.FINAL,
        state=State.VALUE,
        parts=None,
        present=None,
        standards=(),
        whole=against_whole(),
        past=past(),
        peers=peers(),
    )
    return replace(whole, **changes)


QUIET = Cautions()
"""A series that calls for no caution."""
NOTHING = Proposal(Weighed.NO_SHIFT)
EVERY_CAUTION = Cautions(
    noted=tuple(Caution),
    months=36,
    missing=2,
    absent=1,
    points=9,
    lower=-3.0,
    upper=103.0,
    denominator=40.0,
    least_denominator=13.0,
    most_denominator=90.0,
    rarer=1.2,
    season_f=9.0,
    season_share=0.55,
    neighbours=0.4,
    two_months=0.6,
)
PROPOSED = Proposal(
    Weighed.PROPOSED,
    NOW - 13,
    NOW - 14,
    15,
    rises=True,
    points_before=20,
    points=14,
    before=72.4,
    after=81.3,
    distance=5.2,
    lower=74.0,
    upper=88.6,
    outside=1,
)


def run(values: Sequence[float | None], bearing: PastBearing, **changes: Any) -> list[Finding]:
    """Findings of the months up to now, the last value this month's."""
    first = NOW - (len(values) - 1)
    return [
        finding(
            value,
            first + i,
            past=bearing,
            state=State.VALUE if value is not None else State.NOT_SUBMITTED,
            **changes,
        )
        for i, value in enumerate(values)
    ]


def series(
    months: Sequence[Finding],
    *,
    breaks: Sequence[SeriesBreak] = (),
    lines: Sequence[StandardLine] = (),
    excluded: Month | None = None,
    cautions: Cautions = QUIET,
    proposal: Proposal = NOTHING,
) -> Series:
    """The series that some findings would have come from."""
    return Series(
        months[-1].indicator,
        months[-1].unit,
        tuple(
            SeriesPoint(
                found.month,
                found.value,
                found.state,
                found.status,
                found.numerator,
                found.denominator,
                found.month == excluded,
                found.past.mean,
                found.past.lower,
                found.past.upper,
                found.past.variation,
                found.past.rule,
            )
            for found in months
        ),
        tuple(breaks),
        tuple(lines),
        months[-1].past,
        cautions,
        proposal,
    )
