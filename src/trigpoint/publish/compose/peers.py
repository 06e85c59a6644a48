"""Peers: each with its figure, what lies in the middle, the likely range of the rank, and the funnel."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from trigpoint.analysis.finding import Finding, PeerBearing
from trigpoint.analysis.peers.among import Among
from trigpoint.analysis.peers.funnel import Funnel
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.publish.compose.row import number, value
from trigpoint.publish.mark import Table
from trigpoint.publish.words import UNITS
from trigpoint.scorecards.figures import Figures
from trigpoint.scorecards.headline import beyond_limits, likely_rank
from trigpoint.terms.period import Month

TableRow = tuple[str, str]


def peer_table(
    indicator: Indicator,
    finding: Finding,
    around: Sequence[Finding],
    catalogue: Catalogue,
    among: Among | None = None,
) -> Table | None:
    """None where there is neither a rank nor anybody else's figure to show."""
    group = catalogue.peer_groups.get(finding.peers.group)
    if finding.peers.rank is None and not any(other.value is not None for other in around):
        return None
    known = {other.unit: other for other in around} | {finding.unit: finding}
    units = group.at(finding.month) if group else (finding.unit,)
    members = [known[unit] for unit in units if unit in known]
    above = [known[u] for u in catalogue.organisation.ancestors(finding.unit, finding.month) if u in known]
    title = group.title if group else finding.peers.group or "Around this unit"
    return Table(
        caption=f"{title}, {finding.month.words}",
        head=("", "Value"),
        rows=(
            *(_named(indicator, one, finding, catalogue) for one in _best_first(members, indicator)),
            *_middle(indicator, finding.peers, among),
            *_limits(indicator, among),
            *(_named(indicator, one, finding, catalogue) for one in above if one.value is not None),
        ),
        numeric=frozenset({1}),
    )


def peer_words(finding: Finding, among: Among | None) -> tuple[str, ...]:
    """What the funnel and the likely range say; or, of a figure with a rank, why there is neither."""
    if among is None or finding.peers.rank is None:
        return ()
    if among.funnel is None:
        return (f"No likely range of the rank, and no limits: {among.reason}.",)
    ranked = likely_rank(finding.peers, among)
    said = f"{_verdict_words(among, among.funnel)}. {_dispersion_words(among, among.funnel)}"
    return (said, ranked) if ranked else (said,)


def funnel_table(
    indicator: Indicator, finding: Finding, among: Among | None, catalogue: Catalogue
) -> Table | None:
    """The funnel's figures: its units, the largest first. None where there is no funnel."""
    if among is None or among.funnel is None:
        return None
    drawn, ranks = among.funnel, among.ranks
    order = sorted(range(len(drawn.units)), key=lambda at: (-drawn.denominator[at], drawn.units[at]))
    likely = [
        "" if ranks is None else f"{ranks.lower[at]} to {ranks.upper[at]}" for at in range(len(drawn.units))
    ]
    return Table(
        caption=f"Limits by size, {finding.month.words}",
        head=(
            "",
            "Value",
            "Against the limits",
            "Likely rank",
            "Counted",
            "Out of",
            *(f"{_level(level)} limits" for level in drawn.confidence),
        ),
        rows=tuple(
            (
                _name(drawn.units[at], among.unit, catalogue, finding.month),
                Figures.of(indicator).short(float(drawn.value[at])),
                _side(int(drawn.verdict[at]), drawn),
                likely[at],
                number(float(drawn.numerator[at])),
                number(float(drawn.denominator[at])),
                *_ranges(indicator, drawn, at),
            )
            for at in order
        ),
        numeric=frozenset({1, 4, 5, *range(6, 6 + len(drawn.confidence))}),
    )


def _best_first(members: Sequence[Finding], indicator: Indicator) -> list[Finding]:
    """Those without a figure come last; a neutral indicator's highest comes first."""
    sign = 1 if indicator.direction == "down" else -1
    return sorted(members, key=lambda one: (one.value is None, sign * (one.value or 0.0), one.unit))


def _named(indicator: Indicator, one: Finding, ours: Finding, catalogue: Catalogue) -> TableRow:
    return (_name(one.unit, ours.unit, catalogue, one.month), value(indicator, one))


def _name(unit: str, ours: str, catalogue: Catalogue, month: Month) -> str:
    name = catalogue.organisation.name(unit, month)
    return f"{name} (this unit)" if unit == ours else name


def _middle(indicator: Indicator, peers: PeerBearing, among: Among | None) -> Iterator[TableRow]:
    """Quartiles and rank, where they mean something; else why they do not."""
    figures = Figures.of(indicator)
    levels = (
        ("Upper quartile", peers.upper_quartile),
        ("Median", peers.median),
        ("Lower quartile", peers.lower_quartile),
    )
    for name, level in levels:
        if level is not None:
            yield name, figures.limit(level)
    if peers.rank is not None:
        best = "highest" if indicator.direction == "neutral" else "best"
        yield f"Rank (1 is {best}; ties share it)", f"{peers.rank} of {peers.reporting}"
    else:
        yield "Rank", f"None: {peers.reason}"
    if among is not None and among.likely is not None:
        yield "Likely range of the rank", f"{among.likely[0]} to {among.likely[1]}"
    yield "With a figure, of the group", f"{peers.reporting} of {peers.members}"


def _limits(indicator: Indicator, among: Among | None) -> Iterator[TableRow]:
    """The funnel's target, and the unit's limits."""
    if among is None or among.funnel is None:
        return
    drawn, at = among.funnel, among.place
    yield "All together", Figures.of(indicator).limit(drawn.target)
    for level, words in zip(drawn.confidence, _ranges(indicator, drawn, at), strict=True):
        yield f"{_level(level)} limits for this size", words
    yield "Against the limits", _side(int(drawn.verdict[at]), drawn)


def _ranges(indicator: Indicator, drawn: Funnel, at: int) -> tuple[str, ...]:
    """A unit's limits at each level: ``61.2% to 85.3%``."""
    figures = Figures.of(indicator)
    return tuple(
        f"{figures.limit(float(low))} to {figures.limit(float(high))}"
        for low, high in zip(drawn.lower[:, at], drawn.upper[:, at], strict=True)
    )


def _level(confidence: float) -> str:
    """``95%``, ``99.8%``."""
    return f"{100 * confidence:.4g}%"


def _side(verdict: int, drawn: Funnel) -> str:
    """``Inside``, ``Below 95%``: the outermost limits that a unit lies beyond."""
    if verdict == 0:
        return "Inside"
    return f"{'Above' if verdict > 0 else 'Below'} {_level(drawn.confidence[abs(verdict) - 1])}"


def _verdict_words(among: Among, drawn: Funnel) -> str:
    """On which side of its limits the unit lies, and what that means."""
    verdict = int(drawn.verdict[among.place])
    if verdict == 0:
        return f"Inside the limits for a {among.level} of this size: not an outlier"
    if among.outlier:
        return f"{beyond_limits(among)}, by more than chance explains: an outlier"
    level = drawn.confidence[abs(verdict) - 1]
    way = "Above" if verdict > 0 else "Below"
    by_chance = round(1 / (1 - level))
    return (
        f"{way} the {_level(level)} limits for a {among.level} of this size, and inside the "
        f"{_level(drawn.confidence[-1])} limits: by chance alone, 1 in {by_chance} lies outside the first"
    )


def _dispersion_words(among: Among, drawn: Funnel) -> str:
    """Whether the members differ by more than chance, and what the limits make of it."""
    units = UNITS[among.level].capitalize()
    if math.isnan(drawn.phi):
        return f"Too little is counted to tell whether {UNITS[among.level]} differ by more than chance."
    spread = f"over-dispersion φ = {drawn.phi:,.1f}"
    if drawn.adjusted:
        return f"{units} differ by more than chance explains, which the limits allow for ({spread})."
    return f"{units} differ by no more than chance could explain ({spread})."
