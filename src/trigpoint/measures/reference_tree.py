"""The organisation for the slow second opinion: parents are walked up on the very day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.organisation import Organisation, Spell
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level


@dataclass(frozen=True, slots=True)
class Tree:
    """Where a unit's figures go on a day; or, with ``current``, where they go at that month's end."""

    organisation: Organisation
    current: Month | None

    def places(self, unit: str | None, day: dt.date) -> list[str]:
        """The unit, unless a person, and those above it, up to the home trust; none for another trust's."""
        home = self.organisation.home
        if unit is None or unit not in self.organisation.units:
            return ["unattributed", str(home)]
        if self.current is not None:
            day = self.current.end
            while (last := self.organisation.units[unit][-1]).to < day and last.successor:
                unit = last.successor
        found = [unit]
        while found[-1] != home:
            parent = self._nearest(found[-1], day).parent
            if parent is None:
                return []
            found.append(parent)
        return [place for place in found if self.organisation.level(place) is not Level.PERSON]

    def kind(self, unit: str | None, day: dt.date) -> str | None:
        """The kind of place that a record comes from: the unit's own, or that of a person's team."""
        if unit is None or unit not in self.organisation.units:
            return None
        found = self.places(unit, day)
        day = day if self.current is None else self.current.end
        return self._nearest(found[0] if found else unit, day).kind

    def ever_at_home(self, unit: str) -> bool:
        """Whether a unit was within the home trust on any day."""
        days = [
            dt.date.min,
            dt.date.max,
            *(s.from_ for spells in self.organisation.units.values() for s in spells),
        ]
        return any(self.places(unit, day) for day in days)

    def person(self, code: object) -> str | None:
        """The unit of a member of staff; None of a code that is no person's."""
        if not isinstance(code, str) or code not in self.organisation.units:
            return None
        return code if self.organisation.level(code) is Level.PERSON else None

    def shown(self, it: Indicator, month: Month, *, home: bool, any_kind: bool = False) -> Iterator[str]:
        """The open units, above persons, of an indicator's levels that it concerns."""
        for unit in self.organisation.units:
            spell = self.organisation.spell(unit, month)
            if spell is None or spell.level not in it.levels or spell.level is Level.PERSON:
                continue
            kinds = {self._kind_in(one, month) for one in (unit, *self.organisation.below(unit, month))}
            wanted = not home or any_kind or not it.kinds or not kinds.isdisjoint(it.kinds)
            if self.at_home(unit, month) is home and wanted:
                yield unit

    def persons(self, it: Indicator, month: Month, *, any_kind: bool = False) -> Iterator[str]:
        """The persons at home in a month whom an indicator concerns: those of teams of its kinds."""
        if Level.PERSON not in it.levels:
            return
        for unit in self.organisation.units:
            spell = self.organisation.spell(unit, month)
            if spell is None or spell.level is not Level.PERSON or not self.at_home(unit, month):
                continue
            if any_kind or not it.kinds or self.kind(unit, month.end) in it.kinds:
                yield unit

    def at_home(self, unit: str, month: Month) -> bool:
        """Whether a unit is the home trust, or was within it in a month."""
        return self.organisation.home in (unit, *self.organisation.ancestors(unit, month))

    def _kind_in(self, unit: str, month: Month) -> str | None:
        spell = self.organisation.spell(unit, month)
        return spell.kind if spell is not None else None

    def _nearest(self, unit: str, day: dt.date) -> Spell:
        found = self.organisation.units[unit][0]
        for spell in self.organisation.units[unit]:
            if spell.from_ <= day:
                found = spell
        return found
