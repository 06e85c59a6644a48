"""The units' page: the trust's tree, with each unit's month in a few numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trigpoint.analysis.finding import Attainment
from trigpoint.publish.charts.icons import attainment_icon
from trigpoint.publish.document import Count, UnitEntry, UnitsPage
from trigpoint.publish.mark import Mark
from trigpoint.publish.places import Places
from trigpoint.publish.words import ATTAINMENT
from trigpoint.scorecards.tally import Tally


def units_page(places: Places, tallies: Mapping[str, Tally]) -> UnitsPage:
    """The page of a site's units; each has its tally."""
    first, others = places.units[0], len(places.units) - 1
    return UnitsPage(
        title=f"The units of {places.name(first)}: {places.month.words}",
        lede=f"{others} unit{'' if others == 1 else 's'}, each with a scorecard of its own. A signal is a "
        "figure that differs from its own past by more than chance explains.",
        first=_entry(first, places, tallies),
    )


def _entry(unit: str, places: Places, tallies: Mapping[str, Tally]) -> UnitEntry:
    children = places.catalogue.organisation.children(unit, places.month)
    found = tallies[unit]
    return UnitEntry(
        anchor=f"unit-{places.units.index(unit)}",
        name=places.name(unit),
        level=places.catalogue.organisation.level(unit).value,
        address=places.scorecard(unit),
        counts=tuple(_counts(found)),
        words=_words(found),
        below=tuple(_entry(child, places, tallies) for child in children if child in places.folders),
    )


def _counts(found: Tally) -> Iterator[Count]:
    judged = (
        (Attainment.MET, found.met),
        (Attainment.IN_TOLERANCE, found.in_tolerance),
        (Attainment.NOT_MET, found.not_met),
    )
    return (Count(count, Mark(attainment_icon(it), ATTAINMENT[it])) for it, count in judged)


def _words(found: Tally) -> str:
    if not found.indicators:
        return "no indicators"
    return f"{found.signals or 'no'} signal{'' if found.signals == 1 else 's'}"
