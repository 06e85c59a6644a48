"""A re-base to consider, with its evidence and who decides; or why there is none."""

from __future__ import annotations

from trigpoint.analysis.caution import Caution
from trigpoint.analysis.finding import Series
from trigpoint.analysis.proposal import Proposal, Weighed
from trigpoint.definitions.indicator import Indicator
from trigpoint.scorecards.cautions import ALIKE
from trigpoint.scorecards.figures import Figures
from trigpoint.scorecards.runs import MANY, in_words, months_in_words


def consider(indicator: Indicator, series: Series) -> tuple[str, ...]:
    """What is proposed, in sentences; nothing where nothing is."""
    it = series.proposal
    if it.verdict is not Weighed.PROPOSED or it.month is None or it.before is None or it.after is None:
        return ()
    figures, side = Figures.of(indicator), "above" if it.rises else "below"
    alike = (ALIKE,) if Caution.AUTOCORRELATED in series.cautions.noted else ()
    return (
        f"Consider re-basing the limits from {it.month.words}.",
        f"The mean was {figures.limit(it.before)} ({it.points_before} figures) and has been "
        f"{figures.limit(it.after)} since ({it.points} figures): {_meaning(indicator, it)}.",
        f"The figures lay {side} the earlier mean for {_running(it.run, indicator.every)}.",
        _holds(figures, it),
        *alike,
        f"Nothing is re-based by itself. {indicator.owner} decides: is the cause known, and will it last?",
    )


def _running(count: int, every: int) -> str:
    """``nine months running``, ``12 months or more``, ``seven figures running``."""
    if every > 1:
        return f"{in_words(count)} figures running"
    return months_in_words(count) if count >= MANY else f"{months_in_words(count)} running"


def _meaning(indicator: Indicator, it: Proposal) -> str:
    if indicator.direction == "neutral":
        return "a change, neither good nor bad in itself"
    better = it.rises == (indicator.direction == "up")
    return "an improvement" if better else "a concern, which new limits would hide"


def _holds(figures: Figures, it: Proposal) -> str:
    """Whether the limits there would be hold the figures since."""
    if it.lower is None or it.upper is None or it.lower == it.upper:
        return "The figures since have not varied."
    reach = f"the new limits, {figures.usual_range(it.lower, it.upper)}"
    if not it.outside:
        return f"All {it.points} lie within {reach}."
    return f"{it.points - it.outside} of {it.points} lie within {reach}."


def why_not(series: Series, shift: int) -> str:
    """Why no re-base is proposed. ``shift`` is the length of a run that raises the question."""
    it = series.proposal
    began = (
        f"A run {'above' if it.rises else 'below'} the mean began in {it.run_from.words}"
        if it.run_from
        else ""
    )
    more = f"{it.waits_for} more figure{'' if it.waits_for == 1 else 's'}"
    return {
        Weighed.TOO_FEW: f"It takes {more} before a re-base can be weighed.",
        Weighed.NO_SHIFT: f"No run of {shift} or more on one side of the mean of the first figures.",
        Weighed.TOO_RECENT: f"{began}. It takes {more} to set limits from there.",
        Weighed.MAY_GO_BACK: f"{began}, and may be over. Weigh it again with the next figure.",
        Weighed.WENT_BACK: f"{began}, and the figures have gone back since.",
        Weighed.WITHIN_CHANCE: f"{began}, but chance could explain how far the two levels lie apart.",
        Weighed.DRIFTS: f"{began}, but the figures drift and do not step: they would leave new limits too.",
        Weighed.BASELINE: "A decision says which months set the limits.",
        Weighed.SEASONAL: "The time of year makes runs by itself. Compare with the year before.",
    }.get(it.verdict, "")
