"""The observations of measures over records: of units, of members of staff, and of groups of people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from trigpoint.definitions.measure import Measure, RecordMeasure
from trigpoint.definitions.organisation import UNATTRIBUTED
from trigpoint.definitions.quantity import Quantity
from trigpoint.measures.due import due
from trigpoint.measures.grid import Amounts, Axes, Flags, Ints
from trigpoint.measures.holdings import Holdings
from trigpoint.measures.observed import NOT_DUE, NOT_SUBMITTED, VALUE, Shown, observations
from trigpoint.measures.partials import Cache
from trigpoint.measures.places import Places, Scope
from trigpoint.measures.presence import presence
from trigpoint.measures.records import Ask, Found, amounts, asked, find
from trigpoint.measures.wanted import Rolled, rolled
from trigpoint.terms.period import Month
from trigpoint.terms.progress import Progress
from trigpoint.terms.unit import Level


def of_records(
    months: Sequence[Month], held: Holdings, current: Month | None, cache: Cache | None, progress: Progress
) -> Iterator[pa.Table]:
    """The observations of every measure over records in some months."""
    of = [it for it in rolled(held.catalogue, months) if isinstance(it.measure, RecordMeasure)]
    ready = [it for it in of if held.holds(it.measure.sources)]
    site = Site.of(months, held, current)
    people = [it for it in ready if Level.PERSON in it.indicator.levels]
    cut = [it for it in ready if it.indicator.cuts and it.measure.additive]
    asks = [*asked(ready, held), *asked(people, held, person=True), *asked(cut, held, cuts=True)]
    found = find(asks, held, site.axes_of, cache, progress)
    for it in of:
        yield site.observed(it, _amounts(it, found, None, person=False, axes=site.axes))
        if Level.PERSON in it.indicator.levels:
            yield site.observed(it, _amounts(it, found, None, person=True, axes=site.axes), person=True)
    for it in cut:
        for code in it.indicator.cuts:
            groups = site.axes_of(code)
            yield from site.grouped(it, code, _amounts(it, found, code, person=False, axes=groups))


def _amounts(it: Rolled, found: Mapping[Ask, Found], cut: str | None, *, person: bool, axes: Axes) -> Amounts:
    """An indicator's amounts; nothing where its records have not come."""
    sides = {
        ask.side: one
        for ask, one in found.items()
        if ask.rolled is it and ask.cut == cut and ask.person is person
    }
    assert isinstance(it.measure, RecordMeasure)  # noqa: S101 - asked for of measures over records alone
    if sides:
        return amounts(it.measure, sides)
    nothing = np.zeros(axes.shape)
    whole = None if it.measure.ratio or it.measure.counts or it.measure.mean is not None else nothing * np.nan
    below = nothing if it.measure.ratio or it.measure.mean is not None else None
    return Amounts(nothing, below, whole, np.zeros(axes.shape, dtype=bool))


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """Where figures are shown: the places and months of one run."""

    held: Holdings
    current: Month | None
    axes: Axes
    places: Places
    _scopes: dict[Scope, tuple[Flags, Flags]] = field(default_factory=dict)

    @classmethod
    def of(cls, months: Iterable[Month], held: Holdings, current: Month | None) -> Site:
        """Every place of the organisation, in some months."""
        axes = Axes.of(sorted([*held.catalogue.organisation.units, UNATTRIBUTED]), months)
        return cls(held, current, axes, Places(held.catalogue))

    def axes_of(self, cut: str | None) -> Axes:
        """The axes of places, or of the groups of a cut."""
        if cut is None:
            return self.axes
        groups = self.held.catalogue.cuts[cut]
        return Axes.of([*(group.name for group in groups.groups), groups.unknown], self.axes.months)

    def observed(self, it: Rolled, found: Amounts, *, person: bool = False) -> pa.Table:
        """The observations of one measure, at units or of people."""
        expected, offered = self.shown(it, person=person)
        inside = np.isin([month.index for month in self.axes.months], [month.index for month in it.months])
        assert isinstance(it.measure, RecordMeasure)  # noqa: S101 - asked for of measures over records alone
        sent = presence(it, it.measure, self.held, self.places, self.axes, person=person)
        shown = Shown(expected & inside, offered & inside, self.instead(it), sent, it.measure.coverage)
        return observations(it.code, self.scale_of(it), self.starts(it), self.axes, found, shown)

    def grouped(self, it: Rolled, cut: str, found: Amounts) -> Iterator[pa.Table]:
        """The observations of each group of a cut, of everyone in the home trust."""
        groups, home = self.axes_of(cut), self.held.catalogue.settings.home
        inside = np.isin([month.index for month in self.axes.months], [month.index for month in it.months])
        for row, name in enumerate(groups.places.to_pylist()):
            one = Axes.of([home], self.axes.months)
            every = inside[np.newaxis, :]
            below = None if found.denominator is None else found.denominator[row : row + 1]
            mine = Amounts(found.numerator[row : row + 1], below, None, every)
            shown = Shown(every, every, self.instead(it))
            yield observations(
                it.code, self.scale_of(it), self.starts(it), one, mine, shown, cut_name(cut, name)
            )

    def instead(self, it: Rolled, *parts: Quantity) -> Ints:
        """The state that stands whatever was found, month by month: the sources have not come, or are gone.

        Of a measure, or of ``parts`` of it.
        """
        assert not isinstance(it.measure, Measure)  # noqa: S101 - asked for of records and formulas
        held, quantities = self.held, parts or tuple(it.measure.quantities)
        states = [
            NOT_SUBMITTED
            if held.purged.unmade(it.measure, it.measure.period(month))
            else VALUE
            if due(quantities, month, held.since, held.through)
            else NOT_DUE
            for month in self.axes.months
        ]
        return np.array(states, dtype=np.int64)

    def scale_of(self, it: Rolled) -> float | None:
        """What a ratio is multiplied by; None where it is none."""
        if getattr(it.measure, "mean", None) is not None:
            return 1.0
        return it.indicator.scale(it.measure) if it.measure.ratio else None

    def starts(self, it: Rolled) -> list[object]:
        """The first day of the period of each month's figure."""
        return [it.measure.period(month).start for month in self.axes.months]

    def shown(self, it: Rolled, *, person: bool) -> tuple[Flags, Flags]:
        """Where figures of a measure are expected, and where one is shown that is there."""
        return self._people(it) if person else self._scope(it.scope)

    def _scope(self, scope: Scope) -> tuple[Flags, Flags]:
        """Where a figure is expected; and where one that is there is shown, nobody's place included."""
        if scope not in self._scopes:
            at = {place: row for row, place in enumerate(self.axes.places.to_pylist())}
            expected, offered = (np.zeros(self.axes.shape, dtype=bool) for _ in range(2))
            for column, month in enumerate(self.axes.months):
                for unit in self.places.of(scope, self.current or month):
                    expected[at[unit], column] = True
                for unit in self.places.of(replace(scope, kinds=()), self.current or month):
                    offered[at[unit], column] = True
            offered[at[UNATTRIBUTED]] = True
            self._scopes[scope] = expected, offered
        return self._scopes[scope]

    def _people(self, it: Rolled) -> tuple[Flags, Flags]:
        """The members of staff of the home trust, of the kinds of team that an indicator concerns."""
        catalogue, kinds = self.held.catalogue, it.indicator.kinds
        at = {place: row for row, place in enumerate(self.axes.places.to_pylist())}
        expected, offered = (np.zeros(self.axes.shape, dtype=bool) for _ in range(2))
        columns = (self.held.structure.segments[name].to_pylist() for name in ("unit", "from", "to", "kind"))
        for unit, first, last, kind in zip(*columns, strict=True):
            if catalogue.organisation.level(unit) is not Level.PERSON:
                continue
            for column, month in enumerate(self.axes.months):
                when = self.current or month
                open_then = catalogue.organisation.spell(unit, when) is not None
                if first <= month.end <= last and open_then and catalogue.at_home(unit, when):
                    offered[at[unit], column] = True
                    expected[at[unit], column] = not kinds or kind in kinds
        return expected, offered


def cut_name(cut: str, group: str) -> str:
    """How a panel names a group: ``age_band=Under 18``. A cut's code holds no ``=``."""
    return f"{cut}={group}"
