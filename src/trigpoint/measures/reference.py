"""The slow second opinion: the same observations, one figure at a time in plain Python.

It shares no code with ``compute``: the tree is walked up on the very day, relations are found by
looking at every record, and each figure is made anew from a list of the records that it is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.measure import FormulaMeasure, Measure, RecordMeasure
from trigpoint.definitions.quantity import Quantity
from trigpoint.measures.reference_formulas import Inputs, worked_out
from trigpoint.measures.reference_records import Records
from trigpoint.measures.reference_returned import Returned
from trigpoint.measures.reference_said import Said, observation
from trigpoint.measures.reference_tree import Tree
from trigpoint.measures.reference_values import Row
from trigpoint.terms.panel import ALL, Observation
from trigpoint.terms.period import Month

Found = Iterator[tuple[str, str, Said]]
"""Units, cuts, and what there is to say of each."""


def observations(
    catalogue: Catalogue,
    months: Iterable[Month],
    rows: Mapping[str, Iterable[Row]],
    through: Mapping[str, Month],
    current: Month | None = None,
) -> set[Observation]:
    """What ``compute.observe`` gives, from lists of rows instead of tables.

    A time stands in a record twice: as ``started``, local, and as ``started utc``, both without a zone.
    """
    held = {code: list(given) for code, given in rows.items()}
    work = _Work(catalogue, held, through, Tree(catalogue.organisation, current))
    return {one for month in months for code in catalogue.indicators for one in work.of(code, month)}


@dataclass(frozen=True, slots=True)
class _Work:
    """Everything that one figure may need, and the figures that are made."""

    catalogue: Catalogue
    rows: Mapping[str, list[Row]]
    through: Mapping[str, Month]
    tree: Tree
    made: dict[tuple[str, Month], list[Observation]] = field(default_factory=dict)

    def of(self, code: str, month: Month) -> list[Observation]:
        """Every observation of an indicator in a month; none where it is not in force, or not its turn."""
        if (code, month) not in self.made:
            self.made[code, month] = list(self._observations(code, month))
        return self.made[code, month]

    def _observations(self, code: str, month: Month) -> Iterator[Observation]:
        it = self.catalogue.indicators[code]
        version = it.version(month)
        if version is None or not it.expected(month):
            return
        measure, away = version.measure, version.elsewhere
        for unit, cut, said in self._at_home(code, measure, month):
            yield observation(code, it, measure, unit, month, said, cut)
        if away is None and isinstance(measure, Measure) and measure.rolls_up_from is None:
            away = measure
        if away is not None:
            assert isinstance(away, Measure)  # noqa: S101 - held by the definitions' check
            returned = Returned(self.catalogue, self.rows, self.through, self.tree)
            for unit, said in returned.direct(away, self.tree.shown(it, month, home=False), month):
                yield observation(code, it, away, unit, month, said)

    def _at_home(self, code: str, measure: Measure | RecordMeasure | FormulaMeasure, month: Month) -> Found:
        it = self.catalogue.indicators[code]
        if isinstance(measure, RecordMeasure):
            yield from Records(self.catalogue, self.rows, self.through, self.tree).figures(it, measure, month)
            return
        if isinstance(measure, FormulaMeasure):
            yield from self._of_formula(code, measure, month)
            return
        returned = Returned(self.catalogue, self.rows, self.through, self.tree)
        found = (
            returned.direct(measure, self.tree.shown(it, month, home=True), month)
            if measure.rolls_up_from is None
            else returned.rolled(code, measure, month)
        )
        for unit, said in found:
            yield unit, ALL, said

    def _of_formula(self, code: str, measure: FormulaMeasure, month: Month) -> Found:
        """The formula at every unit that the indicator concerns: closed units and unknown ones have none."""
        it, then = self.catalogue.indicators[code], self.tree.current or month
        held = Records(self.catalogue, self.rows, self.through, self.tree)
        parts = {
            name: {
                unit: said
                for unit, cut, said in held.figures(it.model_copy(update={"cuts": ()}), _alone(part), month)
            }
            for name, part in measure.parts.items()
        }
        for unit in [*self.tree.shown(it, then, home=True), *self.tree.persons(it, then)]:
            others = {(one.code, one.before): self._figure(one.code, unit, month - one.before)
                      for one in measure.references}  # fmt: skip
            own = {name: found[unit] for name, found in parts.items()}
            yield unit, ALL, worked_out(measure.tree, Inputs(others, own))

    def _figure(self, code: str, unit: str, month: Month) -> Observation | None:
        return next((one for one in self.of(code, month) if one.unit == unit and one.cut == ALL), None)


def _alone(part: Quantity) -> RecordMeasure:
    """A part as a measure of its own."""
    return RecordMeasure.model_validate(part.model_dump(by_alias=True, exclude_none=True))
