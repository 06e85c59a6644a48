"""What the scorecard and an indicator's page say in the same words: figures, standards, peers, icons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from trigpoint.analysis.finding import (
    BEYOND_CHANCE,
    Attainment,
    Difference,
    Finding,
    SeriesPoint,
    StandardBearing,
    Variation,
    WholeBearing,
    WholeReason,
)
from trigpoint.analysis.peers.among import Among
from trigpoint.definitions.indicator import Indicator
from trigpoint.publish.charts.icons import assurance_icon, attainment_icon, variation_icon
from trigpoint.publish.charts.whole import reach_of
from trigpoint.publish.mark import Figure, Mark, PeerMark, QualityMark, WholeMark
from trigpoint.publish.words import (
    ASSURANCE,
    ATTAINMENT,
    DIFFERENCE,
    NOT_COMPARED,
    QUALITY,
    QUALITY_PARTS,
    RULE,
    SENSE,
    STATE,
    UNJUDGED,
    VARIATION,
)
from trigpoint.scorecards.build import attainment
from trigpoint.scorecards.figures import Figures
from trigpoint.scorecards.quality import MARKS, PARTS, Star
from trigpoint.scorecards.runs import MANY
from trigpoint.terms.panel import State, Status
from trigpoint.terms.period import Month

NOTHING = "–"
"""Stands in a table's cell where there is nothing to write; the cell is never blank."""


def number(value: float | None) -> str:
    """A count as it was returned: no decimals where it has none."""
    if value is None:
        return NOTHING
    text = f"{value:,.0f}" if value == round(value) else f"{value:,.2f}".rstrip("0")
    return text.replace("-", "−")


def figure(indicator: Indicator, finding: Finding) -> Figure:
    """``86.4%`` with ``529 of 612``; or the words of a state."""
    if finding.state is not State.VALUE or finding.value is None:
        return Figure(STATE[finding.state] or "No figure", _present(finding), missing=True)
    return Figure(value(indicator, finding), parts(indicator, finding), missing=False)


def value(indicator: Indicator, finding: Finding) -> str:
    """The figure, with decimals enough to tell it from what its standard requires."""
    if finding.value is None:
        return STATE[finding.state]
    held, figures = finding.standard, Figures.of(indicator)
    return figures.short(finding.value) if held is None else figures.beside(finding.value, held.required)


def parts(indicator: Indicator, finding: Finding) -> str:
    """``529 of 612``; for a figure without a denominator, its noun."""
    if finding.numerator is not None and finding.denominator is not None:
        return f"{number(finding.numerator)} of {number(finding.denominator)}"
    return Figures.of(indicator).noun


def _present(finding: Finding) -> str:
    """How many of the units that an incomplete figure is made of have one: ``11 of 12 units``."""
    if finding.state is not State.INCOMPLETE or finding.parts is None or finding.present is None:
        return ""
    return f"{number(finding.present)} of {number(finding.parts)} units"


def attainment_mark(finding: Finding) -> Mark:
    """Against the primary standard."""
    judged = attainment(finding)
    if judged is None:
        words = "No standard" if finding.standard is None else ATTAINMENT[Attainment.NOT_ASSESSED]
        return Mark(attainment_icon(Attainment.NOT_ASSESSED), words)
    return Mark(attainment_icon(judged), ATTAINMENT[judged])


def variation_mark(finding: Finding) -> Mark:
    """What the figure said about change when it was the latest."""
    past = finding.past
    words = VARIATION[past.variation]
    if past.variation is Variation.NOT_ASSESSED:
        words = UNJUDGED.get(past.status, words) if finding.state is State.VALUE else STATE[finding.state]
    return Mark(variation_icon(past.variation), words)


def assurance_mark(finding: Finding) -> Mark:
    """What to expect of the primary standard."""
    return Mark(assurance_icon(finding.past.assurance), ASSURANCE[finding.past.assurance])


def point_mark(point: SeriesPoint) -> Mark:
    """How a chart flags one of its months, and by which rule."""
    words = VARIATION[point.variation]
    return Mark(variation_icon(point.variation), f"{words}: {RULE[point.rule]}" if point.rule else words)


def required_words(held: StandardBearing | None, indicator: Indicator) -> str:
    """``At least 75% (national)``."""
    if held is None:
        return "No standard"
    kind = f"trajectory, {held.set_by}" if held.trajectory else held.set_by
    return f"{SENSE[held.sense]} {Figures.of(indicator).required(held.required)} ({kind})"


def streak(held: StandardBearing | None, indicator: Indicator) -> str:
    """How long a standard has not been met, once it is more than once."""
    if (
        held is None
        or held.attainment not in (Attainment.NOT_MET, Attainment.IN_TOLERANCE)
        or held.streak < 2
    ):
        return ""
    if indicator.every == 1:
        return f"{held.streak} months running" if held.streak < MANY else f"{MANY} months or more"
    return f"{held.streak} times running"


def distance(held: StandardBearing, indicator: Indicator) -> str:
    """``6.6 points short``, ``2.1 points to spare``."""
    if held.distance is None:
        return NOTHING
    if held.distance == 0:
        return "exactly"
    size = Figures.of(indicator).apart(held.distance)
    beyond = "short" if held.sense == "at_least" else "above"
    return f"{size} {beyond if held.distance < 0 else 'to spare'}"


def peer_mark(finding: Finding, among: Among | None = None) -> PeerMark:
    """The quarter in words, and the rank with its likely range; or why there is neither."""
    peers = finding.peers
    if peers.rank is None:
        return PeerMark(None, peers.reason.capitalize(), "")
    ranked = f"Ranked {peers.rank} of {peers.reporting}"
    if among is not None and among.likely is not None:
        best, worst = among.likely
        ranked += f", likely {best} to {worst}" if best != worst else ""
    if peers.quarter is None:
        return PeerMark(None, ranked, "neither end is better")
    words = {4: "Best quarter", 3: "Second quarter", 2: "Third quarter", 1: "Lowest quarter"}[peers.quarter]
    return PeerMark(peers.quarter, words, ranked, None if among is None else among.likely_quarters)


def whole_mark(finding: Finding, indicator: Indicator) -> WholeMark:
    """Against the trust, on a scale of its own; or why the two are not compared."""
    bearing = finding.whole
    if bearing.verdict is Difference.NOT_COMPARED:
        return WholeMark(None, indicator.direction, 1.0, NOT_COMPARED[WholeReason(bearing.reason)], "")
    words = DIFFERENCE[bearing.verdict]
    words = f"{words} than trust" if bearing.verdict in BEYOND_CHANCE else words
    return gap_mark(bearing, indicator, reach_of([bearing]), words)


def gap_mark(bearing: WholeBearing, indicator: Indicator, reach: float, words: str) -> WholeMark:
    """A difference with its interval, beside words for it, on the scale of a table."""
    if bearing.difference is None or bearing.lower is None or bearing.upper is None:
        return WholeMark(None, indicator.direction, reach, words, "")
    detail = Figures.of(indicator).interval(bearing.difference, bearing.lower, bearing.upper)
    return WholeMark(bearing, indicator.direction, reach, words, detail)


def quality_mark(star: Star) -> QualityMark:
    """The worst of the four parts in a word, if people have marked them, and what each part is."""
    first, second, third, fourth = (mark or "" for mark in star.parts)
    blocks = (first, second, third, fourth)
    shown = ", ".join(_named_parts(star))
    if star.until is None and not shown:
        return QualityMark(blocks, "Not assessed", "")
    records = f". From its records: {shown}" if shown else ""
    if star.until is None:
        return QualityMark(blocks, "Not signed off", f"Nobody has signed it off or had it audited{records}")
    if star.expired:
        ended = f"The mark ran out after {star.until.words}, and nobody has marked it since"
        return QualityMark(blocks, "Expired", f"{ended}{records}")
    worst = max((mark for mark in star.parts if mark), key=MARKS.index)
    return QualityMark(blocks, QUALITY[worst], f"{shown.capitalize()}. Holds until {star.until.words}")


def _named_parts(star: Star) -> Iterator[str]:
    """Each part that has a mark; beside people's marks, whether it is the records that show it."""
    for name, part, mark in zip(PARTS, QUALITY_PARTS, star.parts, strict=True):
        if mark is not None:
            lowered = star.until is not None and not star.expired and name in star.counted
            yield f"{part}: {mark}" + (", as its records show" if lowered else "")


def period_words(start: dt.date, end: dt.date) -> str:
    """``Oct 2026``, ``Aug to Oct 2026``."""
    first, last = Month.of(start), Month.of(end)
    if first == last:
        return last.short
    return f"{first.short if first.year != last.year else first.short[:3]} to {last.short}"


def status_words(status: Status | None) -> str:
    """Whether a figure may still change."""
    return "provisional" if status is Status.PROVISIONAL else "final"
