"""Findings in columns: what ``assess`` makes, the store keeps and scorecards read row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.analysis.finding import (
    Assurance,
    Attainment,
    Difference,
    Finding,
    PastBearing,
    PeerBearing,
    Rule,
    SeriesStatus,
    StandardBearing,
    Variation,
    WholeBearing,
)
from trigpoint.definitions.profile import ChartKind
from trigpoint.terms.panel import SCHEMA as PANEL
from trigpoint.terms.panel import State, Status
from trigpoint.terms.period import Month

STANDARD = pa.struct(
    [
        pa.field("name", pa.string(), nullable=False),
        pa.field("set_by", pa.string(), nullable=False),
        pa.field("sense", pa.string(), nullable=False),
        pa.field("required", pa.float64(), nullable=False),
        pa.field("tolerance", pa.float64()),
        pa.field("trajectory", pa.bool_(), nullable=False),
        pa.field("primary", pa.bool_(), nullable=False),
        pa.field("attainment", pa.string(), nullable=False),
        pa.field("streak", pa.int64(), nullable=False),
        pa.field("distance", pa.float64()),
    ]
)
WHOLE = pa.struct(
    [
        pa.field("unit", pa.string(), nullable=False),
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("difference", pa.float64()),
        pa.field("lower", pa.float64()),
        pa.field("upper", pa.float64()),
        pa.field("share", pa.float64()),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
PAST = pa.struct(
    [
        pa.field("status", pa.string(), nullable=False),
        pa.field("profile", pa.string(), nullable=False),
        pa.field("chart", pa.string(), nullable=False),
        pa.field("points", pa.int64(), nullable=False),
        pa.field("used", pa.int64(), nullable=False),
        pa.field("trial", pa.bool_(), nullable=False),
        pa.field("centre", pa.string(), nullable=False),
        pa.field("limits_from", pa.date32()),
        pa.field("mean", pa.float64()),
        pa.field("lower", pa.float64()),
        pa.field("upper", pa.float64()),
        pa.field("variation", pa.string(), nullable=False),
        pa.field("assurance", pa.string(), nullable=False),
        pa.field("rule", pa.string()),
        pa.field("since", pa.date32()),
    ]
)
PEERS = pa.struct(
    [
        pa.field("group", pa.string(), nullable=False),
        pa.field("members", pa.int64(), nullable=False),
        pa.field("reporting", pa.int64(), nullable=False),
        pa.field("median", pa.float64()),
        pa.field("lower_quartile", pa.float64()),
        pa.field("upper_quartile", pa.float64()),
        pa.field("rank", pa.int64()),
        pa.field("quarter", pa.int64()),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
SCHEMA = pa.schema(
    [
        *PANEL,
        pa.field("standards", pa.list_(pa.field("standard", STANDARD, nullable=False)), nullable=False),
        pa.field("whole", WHOLE, nullable=False),
        pa.field("past", PAST, nullable=False),
        pa.field("peers", PEERS, nullable=False),
    ]
)
"""A panel's columns and the bearings. Months within bearings are dates: the first of the month."""


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """Findings as an Arrow table with the columns of ``SCHEMA``, in a panel's order."""

    table: pa.Table

    def __post_init__(self) -> None:
        if not self.table.schema.equals(SCHEMA):
            raise ValueError(
                f"findings have the columns {SCHEMA.names} and their types, not {self.table.schema}"
            )

    @classmethod
    def concat(cls, findings: Iterable[Findings]) -> Findings:
        return cls(
            pa.concat_tables([SCHEMA.empty_table(), *(part.table for part in findings)]).combine_chunks()
        )

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __iter__(self) -> Iterator[Finding]:
        return map(_finding, self.table.to_pylist())

    def of_unit(self, unit: str) -> Findings:
        return Findings(self.table.filter(pc.equal(self.table["unit"], unit)))

    def of_month(self, month: Month) -> Findings:
        """The findings of figures whose period ends in ``month``."""
        ends = self.table["end"]
        within = pc.and_(
            pc.greater_equal(ends, pa.scalar(month.start)), pc.less_equal(ends, pa.scalar(month.end))
        )
        return Findings(self.table.filter(within))


def _finding(row: dict[str, Any]) -> Finding:
    return Finding(
        **row
        | {
            "month": Month.of(row["end"]),
            "status": Status(row["status"]),
            "state": State(row["state"]),
            "standards": tuple(map(_standard, row["standards"])),
            "whole": WholeBearing(**{**row["whole"], "verdict": Difference(row["whole"]["verdict"])}),
            "past": past_bearing(row["past"]),
            "peers": PeerBearing(**row["peers"]),
        }
    )


def _standard(row: Mapping[str, Any]) -> StandardBearing:
    return StandardBearing(**{**row, "attainment": Attainment(row["attainment"])})


def past_bearing(row: Mapping[str, Any]) -> PastBearing:
    """The row view of a struct of type ``PAST``."""
    months = {name: None if row[name] is None else Month.of(row[name]) for name in ("limits_from", "since")}
    return PastBearing(
        **{
            **row,
            **months,
            "status": SeriesStatus(row["status"]),
            "chart": ChartKind(row["chart"]),
            "variation": Variation(row["variation"]),
            "assurance": Assurance(row["assurance"]),
            "rule": None if row["rule"] is None else Rule(row["rule"]),
        }
    )


def words(of: Sequence[str], codes: npt.NDArray[np.integer]) -> pa.Array:
    """The word for each code; null for a code beyond the last word."""
    return pa.array([*of, None], type=pa.string()).take(pa.array(codes))


def known(numbers: npt.NDArray[np.float64]) -> pa.Array:
    """Numbers as a column; NaN becomes null."""
    return pa.array(numbers, mask=np.isnan(numbers))
