"""The units below a unit, side by side: every indicator's figure and bearings for each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trigpoint.analysis.finding import BEYOND_CHANCE, JUDGED, Difference, Finding
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator, Perspective
from trigpoint.definitions.organisation import UNATTRIBUTED
from trigpoint.terms.panel import ALL, State
from trigpoint.terms.period import Month

Shown = Mapping[str, Mapping[str, State]]
"""The indicators that each unit's scorecard has a row for, with the state of the month's figure."""


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
        return sum(finding.whole.verdict in BEYOND_CHANCE for finding in self._findings())

    def verdicts(self, child: str) -> Mapping[Difference, int]:
        """How often a child's figures have each verdict against the whole."""
        place = self.below.index(child)
        held = (row.below[place] for row in self.rows)
        return Counter(finding.whole.verdict for finding in held if finding is not None)

    def differs_most(self) -> str | None:
        """The child with most figures that differ from the whole's; None where none does, or several tie."""
        counts = Counter(
            {child: sum(self.verdicts(child)[verdict] for verdict in BEYOND_CHANCE) for child in self.below}
        )
        (first, most), *others = [*counts.most_common(2), ("", 0)]
        return first if most > max(count for _, count in others) else None

    def _findings(self) -> Iterable[Finding]:
        return (finding for row in self.rows for finding in row.below if finding is not None)


def compared(shown: Shown, catalogue: Catalogue, unit: str, month: Month) -> tuple[str, ...]:
    """The children of a unit that have a place in its comparison, as declared; empty where there is none.

    They have a figure, or owe one. Figures of unknown units stand last, where the trust has any.
    """
    children = catalogue.organisation.children(unit, month)
    held = [
        child
        for child in children
        if any(state is not State.NOT_APPLICABLE for state in shown.get(child, {}).values())
    ]
    if unit == catalogue.settings.home and State.VALUE in shown.get(UNATTRIBUTED, {}).values():
        held.append(UNATTRIBUTED)
    return tuple(held) if held and held != [UNATTRIBUTED] else ()


def compare(
    findings: Iterable[Finding], catalogue: Catalogue, shown: Shown, unit: str, month: Month
) -> Comparison | None:
    """The comparison of a unit's children; None where it has none to compare.

    Findings of other units, months and cuts are passed over.
    """
    below = compared(shown, catalogue, unit, month)
    if not below:
        return None
    whole = catalogue.whole_of(unit, month)
    above = (unit,) if whole is None else (whole, unit)
    held = {
        (finding.indicator, finding.unit): finding
        for finding in findings
        if finding.month == month and finding.cut == ALL
    }
    codes = {code for child in below for code in shown[child]}
    rows = [
        Across(
            code,
            catalogue.indicator(code),
            tuple(held.get((code, one)) for one in above),
            tuple(held.get((code, one)) if code in shown[one] else None for one in below),
        )
        for code in catalogue.indicators
        if code in codes
    ]
    alone = len(shown.get(unit, {}).keys() - codes)
    return Comparison(unit, month, above, below, _parts(rows, catalogue), alone)


def _parts(rows: Sequence[Across], catalogue: Catalogue) -> tuple[Part, ...]:
    """By perspective, then objective, then as declared."""
    objectives = list(catalogue.objectives)
    ordered = sorted(rows, key=lambda row: objectives.index(row.indicator.objective))
    found = []
    for code, perspective in catalogue.perspectives.items():
        held = tuple(row for row in ordered if catalogue.perspective_of(row.code) == code)
        if held:
            found.append(Part(perspective, held))
    return tuple(found)
