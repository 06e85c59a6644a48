"""Returned figures for the slow second opinion: each looked up by itself, and carried up one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.measure import Measure
from trigpoint.measures.reference_said import Said, worst
from trigpoint.measures.reference_tree import Tree
from trigpoint.measures.reference_values import Row
from trigpoint.terms.panel import ALL
from trigpoint.terms.period import Month

Figures = Iterator[tuple[str, Said]]
"""Units, and what there is to say of each."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What sources of figures delivered."""

    catalogue: Catalogue
    rows: Mapping[str, list[Row]]
    through: Mapping[str, Month]
    tree: Tree

    def direct(self, measure: Measure, units: Iterator[str], month: Month) -> Figures:
        """The figures that units sent of themselves."""
        for unit in units:
            yield unit, self._of(measure, unit, month)[0]

    def rolled(self, code: str, measure: Measure, month: Month) -> Figures:
        """Each leaf's figure carried to every unit above it, as the tree stands on the month's last day."""
        it, organisation = self.catalogue.indicators[code], self.catalogue.organisation
        parts: dict[str, list[tuple[str, Said]]] = {}
        sent = {row["unit"] for row in self.rows.get(measure.source, ()) if row["end"] == month.end}
        for leaf in {*organisation.units, *sent}:
            known = leaf in organisation.units
            if known and not self._is_leaf(measure, leaf):
                continue
            figure, came = self._of(measure, leaf, month)
            spell = organisation.spell(leaf, month) if known else None
            ours = spell is not None and self.tree.at_home(leaf, month)
            expected = ours and spell is not None and (not it.kinds or spell.kind in it.kinds)
            if expected or came:
                for place in self.tree.places(leaf if known else None, month.end):
                    parts.setdefault(place, []).append((leaf, figure))
        everyone = self.tree.shown(it, self.tree.current or month, home=True, any_kind=True)
        for unit in [*everyone, "unattributed"]:
            if unit in parts:
                yield unit, _summed(measure, unit, parts[unit])

    def _is_leaf(self, measure: Measure, unit: str) -> bool:
        level = self.catalogue.organisation.level(unit)
        return level is measure.rolls_up_from and self.tree.ever_at_home(unit)

    def _of(self, measure: Measure, unit: str, month: Month) -> tuple[Said, bool]:
        """Sums of both sides and the state of one unit's returned figure; and whether any row came."""
        start = measure.months(month)[0].start
        late = month > self.through[measure.source] if measure.source in self.through else True

        def look_up(item: str) -> tuple[float, str, str, bool]:
            for row in self.rows.get(measure.source, ()):
                key = (row["item"], row["unit"], row["cut"], row["start"], row["end"])
                if key == (item, unit, ALL, start, month.end):
                    return row["value"] or 0.0, row["state"], row["status"], True
            return 0.0, "not_due" if late else "not_submitted", "final", False

        above = [look_up(item) for item in measure.count or measure.numerator or (str(measure.value),)]
        below = [look_up(item) for item in measure.denominator or ()]
        state = worst(cell[1] for cell in above + below)
        provisional = any(cell[2] == "provisional" for cell in above + below)
        came = any(cell[3] for cell in above + below)
        total = sum(cell[0] for cell in above)
        if measure.value is not None:
            return Said(None, None, state, provisional, alone=total), came
        return Said(total, sum(cell[0] for cell in below) if below else None, state, provisional), came


def _summed(measure: Measure, unit: str, parts: list[tuple[str, Said]]) -> Said:
    if [leaf for leaf, _ in parts] == [unit]:
        return parts[0][1]
    known = [figure for _, figure in parts if figure.state in ("value", "no_denominator")]
    enough = measure.coverage is not None and known and len(known) >= measure.coverage * len(parts)
    state = "value"
    if len(known) < len(parts) and not enough:
        state = "incomplete" if known else worst(figure.state for _, figure in parts)
    below = sum(figure.below or 0 for figure in known) if measure.denominator else None
    provisional = any(figure.provisional for _, figure in parts)
    above = sum(figure.above or 0 for figure in known)
    return Said(above, below, state, provisional, len(parts), len(known))
