"""How good the records are behind a month's figures: the archive's rows and loads, counted once a source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.fields_used import fields_used
from trigpoint.loads.receipt import Receipt
from trigpoint.measures.data_quality import ARRIVED, MonthOfRecords, counted
from trigpoint.store.archive import Archive
from trigpoint.store.load import RECEIPT, Load, Part
from trigpoint.terms.counted import Counted
from trigpoint.terms.period import Month


@dataclass(slots=True)
class RecordQuality:
    """The records of a catalogue's sources, each source and month read and counted once."""

    catalogue: Catalogue
    archive: Archive
    as_at: dt.datetime | None = None
    _counted: dict[tuple[str, Month], tuple[Counted, ...]] = field(default_factory=dict)

    def of(self, indicator: str, month: Month) -> tuple[Counted, ...]:
        """Of the fields that an indicator uses, and of the whole records that hold them.

        Empty for an indicator of returned figures, and of a source without a record of that month.
        """
        found: list[Counted] = []
        for source, names in fields_used(self.catalogue, indicator, month).items():
            found += [it for it in self._of_source(source, month) if not it.field or it.field in names]
        return tuple(found)

    def _of_source(self, code: str, month: Month) -> tuple[Counted, ...]:
        if (code, month) not in self._counted:
            parts = self.archive.effective(code, self.as_at).get(month, ())
            records = self._records(code, month, parts) if parts else None
            fields = self._fields(code, month)
            self._counted[code, month] = () if records is None else counted(records, fields)
        return self._counted[code, month]

    def _fields(self, code: str, month: Month) -> Sequence[str]:
        """The fields of a source that any indicator uses."""
        used = [fields_used(self.catalogue, one, month).get(code, ()) for one in self.catalogue.indicators]
        named = {name for names in used for name in names}
        return [name for name in self.catalogue.source(code).columns if name in named]

    def _records(self, code: str, month: Month, parts: Sequence[Part]) -> MonthOfRecords | None:
        source, loads = self.catalogue.source(code), self.archive.loads(code, self.as_at)
        table = self.archive.month(code, parts)
        if not table.num_rows or not set(source.derived) <= set(table.column_names):
            return None  # kept by an earlier definition, which a new reading replaces
        standing = {part.load for part in parts}
        return MonthOfRecords(
            code,
            source,
            month,
            table,
            self._arrivals(code, month, source.key, loads),
            self._due(source.due_working_days, month, loads),
            _repeated(self.archive, month, (load for load in loads if load.name in standing)),
            frozenset(self.catalogue.organisation.units),
        )

    def _arrivals(self, code: str, month: Month, key: Sequence[str], loads: Sequence[Load]) -> pa.Table:
        """Each key of the month's records, and the day on which a load first brought it into that month."""
        brought = []
        for load in loads:
            day = pa.scalar(self._day(load), pa.date32())
            for part in load.parts:
                if part.month == month and not part.moved and part.key == tuple(key):
                    rows = self.archive.part(code, part).select(list(key))
                    brought.append(rows.append_column(ARRIVED, pa.repeat(day, rows.num_rows)))
        # Loads of before may have had keys of other types: they do not stand beside the last one's.
        every = pa.concat_tables(one for one in brought if one.schema == brought[-1].schema)
        first = every.group_by(list(key)).aggregate([(ARRIVED, "min")])
        return first.rename_columns([*key, ARRIVED])

    def _due(self, days: int | None, month: Month, loads: Sequence[Load]) -> dt.date | None:
        """The day by which a month was due, if something had come by then: history comes late by nature."""
        if days is None:
            return None
        due = self.catalogue.settings.calendar.working_days_after(month.end, days)
        return due if self._day(loads[0]) <= due else None

    def _day(self, load: Load) -> dt.date:
        return load.accepted_at.astimezone(self.catalogue.settings.zone).date()


def _repeated(archive: Archive, month: Month, loads: Iterable[Load]) -> int:
    """The rows of a month that came again in one of the loads, as their receipts say."""
    receipts = (
        Receipt.from_json(archive.attachment(load, RECEIPT).decode()) for load in loads if not load.purges
    )
    found = (it for receipt in receipts for it in receipt.outcomes if it.check == "duplicate_key")
    return sum(dict(outcome.months).get(month, 0) for outcome in found)
