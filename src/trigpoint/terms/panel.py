"""The panel: observations in columns, the one value that crosses from numbers to meaning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.terms.period import Month


class State(StrEnum):
    """What there is to say about a figure. Never confused with one another."""

    VALUE = "value"
    NO_DENOMINATOR = "no_denominator"
    SUPPRESSED = "suppressed"
    NOT_SUBMITTED = "not_submitted"
    NOT_DUE = "not_due"
    NOT_APPLICABLE = "not_applicable"
    INCOMPLETE = "incomplete"


class Status(StrEnum):
    """Whether its publisher may still change a figure."""

    FINAL = "final"
    PROVISIONAL = "provisional"


ALL = "all"
"""The cut that covers everyone."""

SCHEMA = pa.schema(
    [
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("start", pa.date32(), nullable=False),
        pa.field("end", pa.date32(), nullable=False),
        pa.field("cut", pa.string(), nullable=False),
        pa.field("numerator", pa.float64()),
        pa.field("denominator", pa.float64()),
        pa.field("value", pa.float64()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
        pa.field("parts", pa.int32()),
        pa.field("present", pa.int32()),
    ]
)
KEY = ("indicator", "unit", "cut", "end", "start")


@dataclass(frozen=True, slots=True)
class Observation:
    """One row of a panel. ``value`` is in the indicator's own measure; None unless the state is ``value``.

    A figure that is rolled up has ``parts``, the units that should report, of which ``present`` did.
    """

    indicator: str
    unit: str
    start: dt.date
    end: dt.date
    cut: str
    numerator: float | None
    denominator: float | None
    value: float | None
    status: Status
    state: State
    parts: int | None = None
    present: int | None = None

    @property
    def month(self) -> Month:
        """The month that the figure is reported in: the one its period ends in."""
        return Month.of(self.end)


def _places(table: pa.Table) -> npt.NDArray[np.int64]:
    """Where each row stands by ``KEY``: one whole number, which sorts many times faster than five columns."""
    places, most = np.zeros(table.num_rows, dtype=np.int64), 1
    for name in KEY if table.num_rows else ():
        encoded = table[name].combine_chunks().dictionary_encode()
        rank = np.empty(len(encoded.dictionary), dtype=np.int64)
        rank[pc.sort_indices(encoded.dictionary).to_numpy()] = np.arange(len(rank))
        if most * len(rank) > 2**62:  # made dense, they are no more than there are rows
            places, most = np.unique(places, return_inverse=True)[1], table.num_rows
        places, most = places * len(rank) + rank[encoded.indices.to_numpy()], most * len(rank)
    return places


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Observations as an Arrow table with the columns of ``SCHEMA``, sorted by ``KEY`` and unique on it."""

    table: pa.Table

    def __post_init__(self) -> None:
        if not self.table.schema.equals(SCHEMA):
            raise ValueError(f"a panel has the columns {SCHEMA.names}, not {self.table.schema.names}")

    @classmethod
    def of(cls, table: pa.Table) -> Panel:
        """A panel of a table's rows, put in order. Raises for a missing column or a repeated key."""
        table = table.select(SCHEMA.names).cast(SCHEMA)
        places = _places(table)
        if np.all(np.diff(places) > 0):
            return cls(table.combine_chunks())
        order = np.argsort(places, kind="stable")
        if np.any(np.diff(places[order]) == 0):
            raise ValueError("a panel holds each indicator, unit, cut and period once")
        return cls(table.take(pa.array(order)).combine_chunks())

    @classmethod
    def concat(cls, panels: Iterable[Panel]) -> Panel:
        return cls.of(pa.concat_tables([SCHEMA.empty_table(), *(panel.table for panel in panels)]))

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __iter__(self) -> Iterator[Observation]:
        for row in self.table.to_pylist():
            row["status"], row["state"] = Status(row["status"]), State(row["state"])
            yield Observation(**row)

    def of_month(self, month: Month) -> Panel:
        """The observations whose period ends in ``month``."""
        ends = pc.and_(
            pc.greater_equal(self.table["end"], pa.scalar(month.start)),
            pc.less_equal(self.table["end"], pa.scalar(month.end)),
        )
        return Panel(self.table.filter(ends))
