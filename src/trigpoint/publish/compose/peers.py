"""The table of peers: each with its figure, what lies in the middle, and the region and nation above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trigpoint.analysis.finding import Finding, PeerBearing
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.publish.compose.row import value
from trigpoint.publish.mark import Table
from trigpoint.scorecards.figures import Figures

TableRow = tuple[str, str]


def peer_table(
    indicator: Indicator, finding: Finding, around: Sequence[Finding], catalogue: Catalogue
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
            *_middle(indicator, finding.peers),
            *(_named(indicator, one, finding, catalogue) for one in above if one.value is not None),
        ),
        numeric=frozenset({1}),
    )


def _best_first(members: Sequence[Finding], indicator: Indicator) -> list[Finding]:
    """Those without a figure come last; a neutral indicator's highest comes first."""
    sign = 1 if indicator.direction == "down" else -1
    return sorted(members, key=lambda one: (one.value is None, sign * (one.value or 0.0), one.unit))


def _named(indicator: Indicator, one: Finding, ours: Finding, catalogue: Catalogue) -> TableRow:
    name = catalogue.organisation.name(one.unit, one.month)
    return (f"{name} (this unit)" if one.unit == ours.unit else name, value(indicator, one))


def _middle(indicator: Indicator, peers: PeerBearing) -> Iterator[TableRow]:
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
    yield "With a figure, of the group", f"{peers.reporting} of {peers.members}"
