"""Figures over records for the slow second opinion: each unit's from its own list of records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.measure import RecordMeasure
from trigpoint.definitions.quantity import Quantity
from trigpoint.measures.reference_amounts import Amount, amount_of, by_group, by_place, gap_of
from trigpoint.measures.reference_due import Due, Part, parts
from trigpoint.measures.reference_said import Said
from trigpoint.measures.reference_times import Taken, Takes
from trigpoint.measures.reference_tree import Tree
from trigpoint.measures.reference_values import Row
from trigpoint.terms.panel import ALL
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

Lists = Mapping[str, list[Taken]]


@dataclass(frozen=True, slots=True)
class Records:
    """What sources of records hold."""

    catalogue: Catalogue
    rows: Mapping[str, list[Row]]
    through: Mapping[str, Month]
    tree: Tree

    @property
    def _due(self) -> Due:
        return Due(self.catalogue, self.rows, self.through)

    def figures(self, it: Indicator, measure: RecordMeasure, month: Month) -> Iterator[tuple[str, str, Said]]:
        """Units, cuts, and what there is to say of each: of those concerned, and of those with records."""
        own = self._taken(it, measure, month)
        over = self._taken(it, measure.over, month) if measure.over is not None else []
        staff, staff_over = self._staff(it, measure), self._staff(it, measure.over or measure)
        here, there = by_place(own, self.tree, staff), by_place(over, self.tree, staff_over)
        every = [part for each in measure.quantities for part in self._parts(it, each, month)]
        # What both sides rest on was to be sent once.
        expected = list({(part.source, part.month, part.unit): part for part in every}.values())
        due = all(self._due.is_due(each, month) for each in measure.quantities)
        concerned, everyone = self._units(it, month)
        for unit in everyone:
            amount = self._amount(measure, here.get(unit, []), there.get(unit, []), month)
            if unit in concerned or amount.said:
                yield unit, ALL, self._said(measure, unit, amount, self._theirs(unit, expected), due=due)
        yield from self._cuts(it, measure, month, own, over, expected, due=due)

    def _taken(self, it: Indicator, quantity: Quantity, month: Month) -> list[Taken]:
        takes = Takes(self.catalogue, quantity, it.kinds, self.rows, self.tree)
        if quantity.gap is not None:
            return list(takes.events(month))
        return list(takes.of_months(quantity.window.months(month)))

    def _staff(self, it: Indicator, quantity: Quantity) -> str | None:
        return self.catalogue.sources[quantity.from_].staff if Level.PERSON in it.levels else None

    def _units(self, it: Indicator, month: Month) -> tuple[set[str], list[str]]:
        """Those that an indicator concerns, and all that may have a figure."""
        then = self.tree.current or month
        concerned = {*self.tree.shown(it, then, home=True), *self.tree.persons(it, then)}
        everyone = [*self.tree.shown(it, then, home=True, any_kind=True), "unattributed"]
        return concerned, [*everyone, *self.tree.persons(it, then, any_kind=True)]

    def _parts(self, it: Indicator, quantity: Quantity, month: Month) -> Iterator[Part]:
        yield from parts(self._due, it, quantity, month, self.tree)

    def _theirs(self, unit: str, expected: list[Part]) -> list[Part]:
        """The parts of a unit; those of a person are their team's."""
        if self.tree.person(unit) is None:
            return [part for part in expected if unit in part.places]
        return [part for part in expected if part.unit in self.tree.places(unit, part.month.end)[:1]]

    def _amount(self, measure: RecordMeasure, here: list[Taken], there: list[Taken], month: Month) -> Amount:
        if measure.gap is not None:
            return gap_of(here, month)
        return amount_of(self.catalogue, measure, here, there)

    def _said(
        self, measure: RecordMeasure, unit: str, amount: Amount, theirs: list[Part], *, due: bool
    ) -> Said:
        present = sum(part.sent for part in theirs)
        rolled = self.tree.person(unit) is None and any(part.unit != unit for part in theirs)
        share = measure.coverage if measure.coverage is not None else 1
        state = "not_submitted"
        if not due:
            state = "not_due"
        elif present == len(theirs) or (rolled and present and present >= share * len(theirs)):
            state = "value"
        elif rolled and present:
            state = "incomplete"
        above, below, alone = (None if side is None else float(side) for side in amount[:3])
        said = Said(above, below, state, alone=alone)
        return said._replace(parts=len(theirs), present=present) if rolled else said

    def _cuts(
        self,
        it: Indicator,
        measure: RecordMeasure,
        month: Month,
        own: list[Taken],
        over: list[Taken],
        expected: list[Part],
        *,
        due: bool,
    ) -> Iterator[tuple[str, str, Said]]:
        """The groups of the home trust: known and whole as its own figure is."""
        if not all(source in self.rows for source in measure.sources):
            return
        home = self.catalogue.settings.home
        for code in it.cuts:
            cut = self.catalogue.cuts[code]
            here, there = by_group(own, code, cut, home), by_group(over, code, cut, home)
            for name in [*(group.name for group in cut.groups), cut.unknown]:
                amount = self._amount(measure, here.get(name, []), there.get(name, []), month)
                said = self._said(measure, home, amount, self._theirs(home, expected), due=due)
                yield home, f"{code}={name}", said._replace(parts=None, present=None)
