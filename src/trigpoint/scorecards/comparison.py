"""The units below a unit, side by side: every indicator's figure and bearings for each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trigpoint.analysis.finding import Difference, Finding
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator, Perspective
from trigpoint.definitions.organisation import UNATTRIBUTED
from trigpoint.scorecards.build import DIFFERS, JUDGED
from trigpoint.terms.panel import ALL, State
from trigpoint.terms.period import Month


@dataclass(frozen=True, slots=True)
class Across:
    """One indicator. Its findings stand in the order of the comparison's units; None: not applicable."""

    code: str
    indicator: Indicator
    above: tuple[Finding | None, ...]
    below: tuple[Finding | None, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The indicators of one perspective."""

    perspective: Perspective
    rows: tuple[Across, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A unit's month beside that of the units below it.

    ``above`` holds the whole and then the unit itself, which may be one; ``below`` its children with
    a figure. ``alone`` counts the indicators that are measured for the unit and for no child.
    """

    unit: str
    month: Month
    above: tuple[str, ...]
    below: tuple[str, ...]
    parts: tuple[Part, ...]
    alone: int

    @property
    def rows(self) -> tuple[Across, ...]:
        return tuple(row for part in self.parts for row in part.rows)

    def judged(self) -> int:
        """How many of the children's figures were set against the whole's, and could be judged."""
        return sum(finding.whole.verdict in JUDGED for finding in self._findings())

    def differing(self) -> int:
        """How many of them differ from the whole's by more than chance explains."""
        return sum(finding.whole.verdict in DIFFERS for finding in self._findings())

    def verdicts(self, child: str) -> Mapping[Difference, int]:
        """How often a child's figures have each verdict against the whole."""
        place = self.below.index(child)
        held = (row.below[place] for row in self.rows)
        return Counter(finding.whole.verdict for finding in held if finding is not None)

    def differs_most(self) -> str | None:
        """The child with most figures that differ from the whole's; None where none does, or several tie."""
        counts = Counter(
            {child: sum(self.verdicts(child)[verdict] for verdict in DIFFERS) for child in self.below}
        )
        (first, most), *others = [*counts.most_common(2), ("", 0)]
        return first if most > max(count for _, count in others) else None

    def _findings(self) -> Iterable[Finding]:
        return (finding for row in self.rows for finding in row.below if finding is not None)


def compare(
    findings: Iterable[Finding], catalogue: Catalogue, codes: Sequence[str], unit: str, month: Month
) -> Comparison | None:
    """The comparison of a unit's children; None where none of them has a figure to compare.

    ``codes`` are the indicators that may be shown, in order: those of the unit and of its children.
    Findings of other units, months and cuts are passed over. Figures of unknown units stand last,
    where there are any.
    """
    held = {
        (finding.indicator, finding.unit): finding
        for finding in findings
        if finding.month == month and finding.cut == ALL
    }
    children = [*catalogue.organisation.children(unit, month), UNATTRIBUTED]
    if unit != catalogue.settings.home:
        children.remove(UNATTRIBUTED)
    known = [code for code in codes if any((code, child) in held for child in children)]
    below = tuple(child for child in children if any(_counts(held.get((code, child))) for code in known))
    if not below:
        return None
    whole = catalogue.whole_of(unit, month)
    above = (unit,) if whole is None else (whole, unit)
    rows = [
        Across(
            code,
            catalogue.indicator(code),
            tuple(held.get((code, one)) for one in above),
            tuple(held.get((code, one)) for one in below),
        )
        for code in known
        if any((code, child) in held for child in below)
    ]
    alone = sum((code, unit) in held for code in codes) - sum((row.code, unit) in held for row in rows)
    return Comparison(unit, month, above, below, _parts(rows, catalogue), alone)


def _counts(finding: Finding | None) -> bool:
    """Whether a figure gives its unit a place: anything but that the unit has no part in it."""
    if finding is None or finding.state is State.NOT_APPLICABLE:
        return False
    return finding.unit != UNATTRIBUTED or finding.state is State.VALUE


def _parts(rows: Sequence[Across], catalogue: Catalogue) -> tuple[Part, ...]:
    found = []
    for code, perspective in catalogue.perspectives.items():
        held = tuple(row for row in rows if catalogue.perspective_of(row.code) == code)
        if held:
            found.append(Part(perspective, held))
    return tuple(found)
