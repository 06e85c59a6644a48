"""The headline of a month without a figure: which state, who has it, when the next comes."""

from __future__ import annotations

import datetime as dt

from trigpoint.analysis.finding import Finding
from trigpoint.definitions.indicator import Indicator
from trigpoint.scorecards.runs import in_words
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month, long_date

_OF_EVERY = {3: "a quarterly figure", 6: "a half-yearly figure", 12: "a yearly figure"}


def no_figure(
    indicator: Indicator, finding: Finding, due: dt.date | None = None, *, purged: bool = False
) -> tuple[tuple[str, ...], ...]:
    """The sentences, in order; each in the ways it can be said, the fullest first.

    ``purged`` says that what it rested on was taken away for good: nobody can send it again.
    """
    month = finding.month.words
    if purged and finding.state is State.NOT_SUBMITTED:
        return ((f"No figure for {month}: what it rested on was purged. It cannot be made again.",),)
    missing = "it was not submitted" if due is None else f"it was due by {long_date(due)}"
    said = {
        State.NOT_SUBMITTED: f"No figure for {month}: {missing}.",
        State.SUPPRESSED: f"Hidden by its publisher in {month} to protect people's privacy.",
        State.NO_DENOMINATOR: f"None were due in {month}, so there is nothing to measure.",
        State.NOT_APPLICABLE: "Not applicable: this is not measured here.",
        State.INCOMPLETE: f"No figure for {month}: some of its parts are missing or hidden.",
        State.NOT_DUE: _not_due(indicator, finding.month),
        State.VALUE: f"No figure for {month}.",
    }[finding.state]
    if finding.state in (State.NOT_SUBMITTED, State.INCOMPLETE):
        return (said,), (f"Ask its owner: {indicator.owner}.", "Ask its owner.")
    return ((said,),)


def _not_due(indicator: Indicator, month: Month) -> str:
    kind = _OF_EVERY.get(indicator.every, f"a figure for every {in_words(indicator.every)} months")
    coming = next((month + n for n in range(1, indicator.every + 1) if indicator.expected(month + n)), None)
    following = f" Next figure {coming.words}." if coming is not None else ""
    if indicator.every == 1:
        return f"Not due in {month.words}.{following}"
    return f"Not due: {kind}.{following}"
