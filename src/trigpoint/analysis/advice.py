"""What to tell a reader of the series of one indicator: cautions, and whether to consider a re-base."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from trigpoint.analysis.caution import Caution, Cautions
from trigpoint.analysis.charting import Charting
from trigpoint.analysis.history import NEVER, History
from trigpoint.analysis.past.cautions import CAUTIONS, Counted, Found, Limited, Parts, cautions
from trigpoint.analysis.past.kinds import SIZED
from trigpoint.analysis.past.proposals import VERDICTS, Proposals, proposals
from trigpoint.analysis.proposal import Proposal, Weighed
from trigpoint.definitions.indicator import Indicator
from trigpoint.terms.period import Month


def advice(
    history: History, charting: Charting, past: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Cautions, Proposal]]:
    """One pair for each unit of a history. ``past`` are the bearings of its last month, as rows."""
    indicator = history.indicator
    values = charting.values if history.charted else np.full(charting.values.shape, np.nan)
    cut, left_out, profile = charting.segments, charting.left_out, charting.profile
    lower, upper = (
        np.array([math.nan if row[line] is None else row[line] for row in past])
        for line in ("lower", "upper")
    )
    months = history.months[:: history.every]
    found = cautions(
        values,
        cut,
        left_out,
        Limited(lower, upper, indicator.bounds.least, indicator.bounds.most),
        parts=None if charting.kind in SIZED else _parts(history),
        season=np.array([_place_in_year(month, history.every) for month in months]),
        profile=profile,
    )
    weighed = proposals(
        values,
        cut,
        left_out,
        profile=profile,
        baseline=indicator.spc.baseline,
        seasonal=found.noted[:, CAUTIONS.index(Caution.SEASONAL)],
    )
    by_decision = np.zeros(len(values), dtype=np.bool_)
    if charting.named is not None:
        by_decision = (charting.named & (cut == cut[:, -1:])).any(axis=1)
    for row in range(len(history.units)):
        yield (
            _cautions(found, row, lower[row], upper[row], profile.full_points),
            Proposal(Weighed.BASELINE) if by_decision[row] else _proposal(weighed, row, months),
        )


def _place_in_year(month: Month, every: int) -> int:
    """Which of a year's figures this is; all are the same where figures do not fill a year evenly."""
    return (month.number - 1) // every if 12 % every == 0 else 0


def _parts(history: History) -> Parts | None:
    """What the figures are made of, where chance can be reckoned from it."""
    counted = _counted(history.indicator)
    if counted is None:
        return None
    row = history.row[:, :: history.every]
    numerator, denominator = (
        np.append(history.table[name].to_numpy(), np.nan)[row] for name in ("numerator", "denominator")
    )  # NEVER, which is -1, takes the NaN at the end
    return Parts(numerator, denominator, counted)


def _counted(indicator: Indicator) -> Counted | None:
    return "count" if indicator.counts_only else indicator.chance


def _known(number: float | np.floating[Any]) -> float | None:
    return None if math.isnan(number) else float(number)


def _cautions(found: Found, row: int, lower: float, upper: float, full_points: int) -> Cautions:
    return Cautions(
        tuple(caution for caution, holds in zip(CAUTIONS, found.noted[row], strict=True) if holds),
        int(found.months[row]),
        int(found.missing[row]),
        int(found.absent[row]),
        int(found.points[row]),
        full_points,
        _known(lower),
        _known(upper),
        _known(found.denominator[row]),
        _known(found.least_denominator[row]),
        _known(found.most_denominator[row]),
        _known(found.rarer[row]),
        _known(found.seasons.f[row]),
        _known(found.seasons.share[row]),
        _known(found.neighbours.correlation[row]),
        _known(found.neighbours.further[row]),
    )


def _proposal(weighed: Proposals, row: int, months: Sequence[Month]) -> Proposal:
    def month(column: int) -> Month | None:
        return None if column == NEVER else months[column]

    return Proposal(
        VERDICTS[weighed.verdict[row]],
        month(int(weighed.month[row])),
        month(int(weighed.run_from[row])),
        int(weighed.run[row]),
        bool(weighed.rises[row]),
        int(weighed.points_before[row]),
        int(weighed.points[row]),
        _known(weighed.before[row]),
        _known(weighed.after[row]),
        _known(weighed.distance[row]),
        _known(weighed.lower[row]),
        _known(weighed.upper[row]),
        int(weighed.outside[row]),
        int(weighed.waits_for[row]),
    )
