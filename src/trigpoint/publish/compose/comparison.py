"""The comparison's page: the units below a unit side by side, each cell in a figure and a few words."""

from __future__ import annotations

import math
from collections.abc import Iterator

from trigpoint.analysis.finding import BEYOND_CHANCE, JUDGED, Attainment, Difference, Finding, WholeReason
from trigpoint.analysis.past.chance import DIFFERENCES
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.organisation import UNATTRIBUTED
from trigpoint.publish.charts.icons import attainment_icon
from trigpoint.publish.compose.row import (
    attainment_mark,
    figure,
    number,
    parts,
    required_words,
    value,
    whole_mark,
)
from trigpoint.publish.document import (
    ComparisonCell,
    ComparisonHead,
    ComparisonPage,
    ComparisonRow,
    ComparisonSection,
)
from trigpoint.publish.mark import Mark
from trigpoint.publish.places import Places
from trigpoint.publish.words import ATTAINMENT, STATE
from trigpoint.scorecards.build import attainment
from trigpoint.scorecards.comparison import Across, Comparison
from trigpoint.scorecards.runs import in_words
from trigpoint.terms.panel import State

_JUDGED = (Attainment.MET, Attainment.IN_TOLERANCE, Attainment.NOT_MET)
UNKNOWN = (
    "Unattributed holds figures whose unit is not known, or is not in the trust's tree. They count in "
    "the trust's figure, and in no other column."
)


def comparison_page(comparison: Comparison, catalogue: Catalogue, places: Places) -> ComparisonPage:
    """The page of a unit's children."""
    kind = _kinds(comparison, catalogue)
    units = (*comparison.above, *comparison.below)
    return ComparisonPage(
        title=f"{places.name(comparison.unit)}: {kind} compared, {comparison.month.words}",
        lede=" ".join(_lede(comparison, places)),
        key=tuple(Mark(attainment_icon(it), ATTAINMENT[it]) for it in _JUDGED),
        chance=different_by_chance(comparison.judged()),
        heads=tuple(
            ComparisonHead(places.name(unit), places.comparison(unit), place < len(comparison.above))
            for place, unit in enumerate(units)
        ),
        sections=tuple(
            ComparisonSection(
                part.perspective.title,
                part.perspective.question,
                tuple(_row(row, comparison, places) for row in part.rows),
            )
            for part in comparison.parts
        ),
        remarks=tuple(_remarks(comparison, kind)),
    )


def different_by_chance(count: int) -> str:
    """Of so many comparisons with the whole, how many would differ if nothing did."""
    if not count:
        return ""
    expected = expected_words(count * DIFFERENCES)
    return f"Of {count} comparison{'' if count == 1 else 's'} {expected} would look different by chance."


def expected_words(count: float) -> str:
    """A number to expect by chance: a half counts as one, so that it is never said to be none."""
    return f"about {math.floor(count + 0.5)}" if count >= 0.5 else "fewer than one"


def _kinds(comparison: Comparison, catalogue: Catalogue) -> str:
    """``divisions``; where the children are of several levels, ``units``."""
    levels = {catalogue.organisation.level(unit) for unit in comparison.below if unit != UNATTRIBUTED}
    return f"{levels.pop()}s" if len(levels) == 1 else "units"


def _lede(comparison: Comparison, places: Places) -> Iterator[str]:
    """How the unit stands to its standards, then who of its children differs most from the trust."""
    held = [row.above[-1] for row in comparison.rows]
    judged = [attainment(finding) for finding in held if finding is not None and finding.standard is not None]
    if judged:
        met, missed = judged.count(Attainment.MET), judged.count(Attainment.NOT_MET)
        near, none = judged.count(Attainment.IN_TOLERANCE), judged.count(None)
        of = f"{len(judged)} indicators" if not comparison.alone else f"the {len(judged)} indicators below"
        said = [f"{places.name(comparison.unit)} meets the standard on {met} of {of}"]
        said += [f"is within tolerance on {in_words(near)}"] if near else []
        said += [f"misses it on {in_words(missed)}"] if missed else []
        said += [f"has no figure for {in_words(none)}"] if none else []
        yield f"{_listed(said)}."
    yield from _differs_most(comparison, places)


def _differs_most(comparison: Comparison, places: Places) -> Iterator[str]:
    if not comparison.judged():
        return
    if not comparison.differing():
        yield "No figure differs from the trust's by more than chance explains."
        return
    most = comparison.differs_most()
    if most is not None:
        counts = comparison.verdicts(most)
        said = [
            f"{verdict.value} on {in_words(counts[verdict])}"
            for verdict in (Difference.WORSE, Difference.BETTER, Difference.HIGHER, Difference.LOWER)
            if counts[verdict]
        ]
        yield f"{places.name(most)} differs most from the trust: {', '.join(said)}."


def _listed(said: list[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def _remarks(comparison: Comparison, kind: str) -> Iterator[str]:
    if UNATTRIBUTED in comparison.below:
        yield UNKNOWN
    if comparison.alone:
        plural = "" if comparison.alone == 1 else "s"
        verb = "is" if comparison.alone == 1 else "are"
        yield f"{comparison.alone} more indicator{plural} on the scorecard {verb} not measured for {kind}."


def _row(row: Across, comparison: Comparison, places: Places) -> ComparisonRow:
    held = next((finding for finding in (*row.above, *row.below) if finding is not None), None)
    standard = None if held is None else held.standard
    units = (*comparison.above, *comparison.below)
    cells = zip(units, (*row.above, *row.below), strict=True)
    return ComparisonRow(
        title=row.indicator.title,
        required=required_words(standard, row.indicator),
        address=places.indicator(comparison.unit, row.code),
        cells=tuple(_cell(row, unit, finding, places) for unit, finding in cells),
    )


def _cell(row: Across, unit: str, finding: Finding | None, places: Places) -> ComparisonCell:
    if finding is None:
        return ComparisonCell(STATE[State.NOT_APPLICABLE], True, None, None, "", "")
    verdict, address = finding.whole.verdict, places.indicator(unit, row.code)
    shown = figure(row.indicator, finding)
    if shown.missing:
        return ComparisonCell(_state_words(finding), True, None, None, "", address)
    return ComparisonCell(
        figure=value(row.indicator, finding),
        missing=False,
        attainment=None if attainment(finding) is None else attainment_mark(finding),
        differs=verdict in BEYOND_CHANCE if verdict in JUDGED else None,
        note=_note(finding, row.indicator),
        address=address,
    )


def _note(finding: Finding, indicator: Indicator) -> str:
    """The second line. A figure of the whole itself has none; one of too few says of how many."""
    if finding.whole.reason == WholeReason.NO_WHOLE:
        return ""
    words = whole_mark(finding, indicator).words
    few = finding.whole.verdict is Difference.TOO_FEW and finding.denominator is not None
    return f"{words}: {parts(indicator, finding)}" if few else words


def _state_words(finding: Finding) -> str:
    """``Not submitted``, ``Incomplete: 3 of 4 units``."""
    words = STATE[finding.state] or "No figure"
    if finding.state is State.INCOMPLETE and finding.parts is not None and finding.present is not None:
        return f"{words}: {number(finding.present)} of {number(finding.parts)} units"
    return words
