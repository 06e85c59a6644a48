"""The slow second opinion: the same observations, one figure at a time in plain Python.

It shares no code with ``compute``: the tree is walked up on the very day, and sums are made row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.measure import FormulaMeasure, RecordMeasure
from trigpoint.measures.reference_records import Found, Tree, amounts, group_of, medians_of
from trigpoint.terms.panel import ALL, Observation, State, Status
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

Row = Mapping[str, Any]
_WORST_FIRST = ("suppressed", "not_submitted", "not_due", "not_applicable", "no_denominator")


def observations(
    catalogue: Catalogue,
    months: Iterable[Month],
    rows: Mapping[str, Iterable[Row]],
    through: Mapping[str, Month],
    current: Month | None = None,
) -> set[Observation]:
    """What ``compute.observe`` gives, from lists of rows instead of tables."""
    held = {code: list(given) for code, given in rows.items()}
    work = _Work(catalogue, held, through, current)
    found: set[Observation] = set()
    for month in months:
        for code, indicator in catalogue.indicators.items():
            if indicator.version(month) is not None and indicator.expected(month):
                found |= set(work.of(code, month))
    return found


class Said(NamedTuple):
    """What there is to say about one figure before it is divided."""

    above: float
    below: float | None
    state: str
    provisional: bool = False
    parts: int | None = None
    present: int | None = None


@dataclass(frozen=True, slots=True)
class _Work:
    """Everything that one figure may need."""

    catalogue: Catalogue
    rows: Mapping[str, list[Row]]
    through: Mapping[str, Month]
    current: Month | None

    @property
    def tree(self) -> Tree:
        return Tree(self.catalogue.organisation, self.current)

    def of(self, code: str, month: Month) -> Iterator[Observation]:
        version = self.catalogue.indicators[code].version(month)
        assert version is not None  # noqa: S101 - asked for only where it is in force
        measure = version.measure
        away = version.elsewhere
        if isinstance(measure, RecordMeasure):
            yield from self.from_records(code, measure, month)
        elif isinstance(measure, FormulaMeasure):
            return
        elif measure.rolls_up_from is not None:
            yield from self.rolled(code, measure, month)
        else:
            yield from self.direct(code, measure, self.units(code, month, home=True), month)
            away = away or measure
        if away is not None:
            yield from self.direct(code, away, self.units(code, month, home=False), month)

    def units(self, code: str, month: Month, *, home: bool, any_kind: bool = False) -> list[str]:
        """The open units of an indicator's levels that it concerns."""
        it, organisation = self.catalogue.indicators[code], self.catalogue.organisation
        found = []
        for unit in organisation.units:
            spell = organisation.spell(unit, month)
            if spell is None or spell.level not in it.levels or spell.level is Level.PERSON:
                continue
            ours = self.catalogue.settings.home in (unit, *organisation.ancestors(unit, month))
            kinds = {organisation.spell(one, month).kind for one in (unit, *organisation.below(unit, month))}  # type: ignore[union-attr]
            if ours is home and (not home or any_kind or not it.kinds or kinds & set(it.kinds)):
                found.append(unit)
        return found

    def returned(self, measure: Any, unit: str, month: Month) -> tuple[Said, bool]:
        """Sums of both sides and the state of one unit's returned figure; and whether any row came."""
        start = measure.period(month).start
        late = month > self.through[measure.source] if measure.source in self.through else True

        def look_up(item: str) -> tuple[float, str, str, bool]:
            for row in self.rows.get(measure.source, ()):
                key = (row["item"], row["unit"], row["cut"], row["start"], row["end"])
                if key == (item, unit, ALL, start, month.end):
                    return row["value"] or 0.0, row["state"], row["status"], True
            return 0.0, "not_due" if late else "not_submitted", "final", False

        above = [look_up(item) for item in measure.count or measure.numerator or (measure.value,)]
        below = [look_up(item) for item in measure.denominator or ()]
        state = next((s for s in _WORST_FIRST if s in {cell[1] for cell in above + below}), "value")
        provisional = any(cell[2] == "provisional" for cell in above + below)
        sums = (sum(cell[0] for cell in above), sum(cell[0] for cell in below) if below else None)
        return Said(*sums, state, provisional), any(cell[3] for cell in above + below)

    def direct(self, code: str, measure: Any, units: list[str], month: Month) -> Iterator[Observation]:
        for unit in units:
            yield self.observation(code, measure, unit, month, self.returned(measure, unit, month)[0])

    def rolled(self, code: str, measure: Any, month: Month) -> Iterator[Observation]:
        """Each leaf's figure carried to every unit above it, as the tree stands on the month's last day."""
        it, organisation = self.catalogue.indicators[code], self.catalogue.organisation
        parts: dict[str, list[tuple[str, Said]]] = {}
        sent = {row["unit"] for row in self.rows.get(measure.source, ()) if row["end"] == month.end}
        for leaf in {*organisation.units, *sent}:
            known = leaf in organisation.units
            if known and (
                organisation.level(leaf) is not measure.rolls_up_from or not self.tree.ever_at_home(leaf)
            ):
                continue
            figure, came = self.returned(measure, leaf, month)
            spell = organisation.spell(leaf, month) if known else None
            ours = spell is not None and self.catalogue.settings.home in organisation.ancestors(leaf, month)
            expected = ours and spell is not None and (not it.kinds or spell.kind in it.kinds)
            if expected or came:
                for place in self.tree.places(leaf if known else None, month.end):
                    parts.setdefault(place, []).append((leaf, figure))
        everyone = self.units(code, self.current or month, home=True, any_kind=True)
        for unit in [*everyone, "unattributed"]:
            if unit in parts:
                yield self.summed(code, measure, unit, month, parts[unit])

    def summed(
        self, code: str, measure: Any, unit: str, month: Month, parts: list[tuple[str, Said]]
    ) -> Observation:
        if [leaf for leaf, _ in parts] == [unit]:
            return self.observation(code, measure, unit, month, parts[0][1])
        known = [figure for _, figure in parts if figure.state in ("value", "no_denominator")]
        state = "value"
        if len(known) < len(parts):
            enough = measure.coverage is not None and known and len(known) >= measure.coverage * len(parts)
            missing = {figure.state for _, figure in parts}
            state = (
                "value"
                if enough
                else "incomplete"
                if known
                else next(s for s in _WORST_FIRST if s in missing)
            )
        below = sum(figure.below or 0 for figure in known) if measure.denominator else None
        provisional = any(figure.provisional for _, figure in parts)
        above = sum(figure.above for figure in known)
        said = Said(above, below, state, provisional, len(parts), len(known))
        return self.observation(code, measure, unit, month, said)

    def from_records(self, code: str, measure: RecordMeasure, month: Month) -> Iterator[Observation]:
        state = self._due(measure, month)
        if measure.median is not None:
            yield from self._medians(code, measure, month, state)
            return
        sums = self._sums(code, measure, month, None)
        concerned = self.units(code, self.current or month, home=True)
        everyone = self.units(code, self.current or month, home=True, any_kind=True)
        for unit in [*everyone, "unattributed"]:
            if unit in sums or unit in concerned:
                yield self._summed_up(code, measure, unit, month, sums.get(unit), state)
        for cut in self.catalogue.indicators[code].cuts if self._loaded(measure) else ():
            groups, home = self.catalogue.cuts[cut], self.catalogue.settings.home
            grouped = self._sums(code, measure, month, cut)
            for name in [*(group.name for group in groups.groups), groups.unknown]:
                one = self._summed_up(code, measure, home, month, grouped.get(name), state)
                yield replace(one, cut=f"{cut}={name}")

    def _summed_up(
        self, code: str, measure: RecordMeasure, unit: str, month: Month, sums: Any, state: str
    ) -> Observation:
        above, below = sums or (0.0, 0.0)
        said = Said(above, below if measure.ratio else None, state)
        return self.observation(code, measure, unit, month, said)

    def _medians(self, code: str, measure: RecordMeasure, month: Month, state: str) -> Iterator[Observation]:
        kinds = self.catalogue.indicators[code].kinds
        middles = (
            medians_of(self.catalogue, measure, kinds, self.rows, month, self.tree)
            if state == "value"
            else {}
        )
        concerned = self.units(code, self.current or month, home=True)
        everyone = self.units(code, self.current or month, home=True, any_kind=True)
        for unit in [*everyone, "unattributed"]:
            if unit in concerned or unit in middles:
                held = state if state != "value" or unit in middles else "no_denominator"
                said = Said(middles.get(unit, 0.0), None, held)
                yield self.observation(code, measure, unit, month, said)

    def _sums(
        self, code: str, measure: RecordMeasure, month: Month, cut: str | None
    ) -> dict[str, tuple[float, float]]:
        """Both sides' sums by unit; or those of the whole home trust, by group."""
        home, kinds = self.catalogue.settings.home, self.catalogue.indicators[code].kinds
        sums: dict[str, tuple[Any, Any]] = {}
        found: Iterable[Found] = amounts(self.catalogue, measure, kinds, self.rows, month, self.tree)
        for record, places, above, below in found if self._loaded(measure) else ():
            keys = places
            if cut is not None:
                keys = [group_of(self.catalogue.cuts[cut], cut, record)] * (home in places)
            for key in keys:
                a, b = sums.get(key, (0, 0))
                sums[key] = (a + above, b + below)
        return {key: (float(a), float(b)) for key, (a, b) in sums.items()}

    def _loaded(self, measure: RecordMeasure) -> bool:
        return all(source in self.rows for source in measure.sources)

    def _due(self, measure: RecordMeasure, month: Month) -> str:
        for code in measure.sources:
            if code not in self.through or code not in self.rows or month > self.through[code]:
                return "not_due"
            source = self.catalogue.sources[code]
            dated = [row[str(source.dated)] for row in self.rows[code]]
            first = source.expects.from_ or (Month.of(min(dated)) if dated else None)
            if first is None or measure.months(month)[0] < first:
                return "not_due"
        return "value"

    def observation(self, code: str, measure: Any, unit: str, month: Month, said: Said) -> Observation:
        indicator, state = self.catalogue.indicators[code], said.state
        numerator = denominator = value = None
        alone = getattr(measure, "value", None) or getattr(measure, "median", None)
        if state == "value":
            numerator, value = (None if alone else said.above), said.above
            if said.below is not None:
                denominator = said.below
                scale = measure.per or (100 if indicator.measured_in == "per cent" else 1)
                value = scale * said.above / said.below if said.below else None
                state = "value" if said.below else "no_denominator"
        start = measure.period(month).start
        status = Status.PROVISIONAL if said.provisional else Status.FINAL
        key = (code, unit, start, month.end, ALL)
        return Observation(
            *key, numerator, denominator, value, status, State(state), said.parts, said.present
        )
