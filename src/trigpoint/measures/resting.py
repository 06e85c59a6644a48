"""What a month's figures rest on: the files of records that they are made from, and whether they are due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.measure import Measure, RecordMeasure
from trigpoint.definitions.quantity import Quantity
from trigpoint.measures.bearing import bearing
from trigpoint.measures.due import due
from trigpoint.measures.frames import Frame
from trigpoint.measures.holdings import Records
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level


@dataclass(slots=True, eq=False)
class Resting:
    """Looks up what figures rest on; each frame and month is looked up once.

    ``records`` holds the records of each source; ``since`` and ``through`` are the first and the last
    month that each source holds.
    """

    catalogue: Catalogue
    records: Mapping[str, Records]
    since: Mapping[str, Month]
    through: Mapping[str, Month]
    _found: dict[tuple[Frame, Month], Mapping[str, set[str]]] = field(default_factory=dict)

    def of(self, month: Month) -> dict[str, object]:
        """Plain data that changes where the figures of records in a month may change."""
        names: dict[str, set[str]] = {}
        ready: dict[str, list[bool]] = {}
        for code, indicator in self.catalogue.indicators.items():
            version = indicator.version(month)
            if version is None or isinstance(version.measure, Measure) or not indicator.expected(month):
                continue
            quantities = tuple(version.measure.quantities)
            ready.setdefault(code, []).append(due(quantities, month, self.since, self.through))
            for quantity in quantities:
                for source, found in self._named(quantity, month, indicator.levels):
                    names.setdefault(source, set()).update(found)
            if isinstance(version.measure, RecordMeasure):
                self._present(version.measure, month, names)
        return {"files": {source: sorted(of) for source, of in names.items()}, "due": ready}

    def _named(
        self, quantity: Quantity, month: Month, levels: tuple[Level, ...]
    ) -> Iterator[tuple[str, set[str]]]:
        if not all(source in self.records for source in quantity.sources):
            return
        months = list(quantity.window.months(month))
        if quantity.gap is not None:
            months = list(min(self.since.get(quantity.from_, month), month).through(month))
        source = self.catalogue.source(quantity.from_)
        frames = [Frame.of(quantity, source)]
        frames += [Frame.of(quantity, source, person=True)] if Level.PERSON in levels else []
        for frame in frames:
            for one in months:
                yield from self._of_frame(frame, one).items()

    def _of_frame(self, frame: Frame, month: Month) -> Mapping[str, set[str]]:
        if (frame, month) not in self._found:
            bears = bearing(frame, self.catalogue, self.records, [month])[month]
            self._found[frame, month] = {source: self._names(source, of) for source, of in bears.items()}
        return self._found[frame, month]

    def _present(self, measure: RecordMeasure, month: Month, names: dict[str, set[str]]) -> None:
        """Who sent anything is told by the month in which records are dated."""
        for source in measure.sources:
            if self.catalogue.source(source).covers == "units_present" and source in self.records:
                names.setdefault(source, set()).update(self._names(source, measure.months(month)))

    def _names(self, source: str, months: Iterable[Month]) -> set[str]:
        held = self.records[source]
        if isinstance(held, pa.Table):
            return set()
        return {held.names[month] for month in months if month in held.names}
