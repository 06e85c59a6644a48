"""What checks find in a delivery: rows of one table for each check, and the faults that people read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from trigpoint.terms.errors import Fault

LISTED = 20
"""How many findings of a check a receipt lists; all are counted, and kept in the table of findings."""

FINDINGS = pa.schema(
    [
        pa.field("row", pa.int64()),
        pa.field("column", pa.string(), nullable=False),
        pa.field("found", pa.string(), nullable=False),
        pa.field("expected", pa.string(), nullable=False),
        pa.field("remedy", pa.string(), nullable=False),
    ]
)
"""``row`` is the file's row, null where the finding is about no row: a unit that is missing, say."""


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """Everything that one check found, in a table of ``FINDINGS``."""

    check: str
    severity: Literal["block", "note"]
    table: pa.Table

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def faults(self, file: str) -> Iterator[Fault]:
        """The first ``LISTED``, in the file's order."""
        for found in self.table.sort_by("row").slice(0, LISTED).to_pylist():
            yield Fault(
                file,
                found["found"],
                found["expected"],
                found["remedy"],
                line=found["row"],
                field=found["column"],
                check=self.check,
            )


def findings_table(
    rows: Sequence[int] | pa.Array,
    column: str | Sequence[str],
    found: Sequence[str] | pa.Array,
    expected: str | Sequence[str] | pa.Array,
    remedy: str | Sequence[str] | pa.Array = "",
) -> pa.Table:
    """A table of ``FINDINGS``; a text stands for the same text in every row."""

    def spread(given: object) -> object:
        return pa.repeat(given, len(rows)) if isinstance(given, str) else given

    columns = [rows, spread(column), found, spread(expected), spread(remedy)]
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(columns, FINDINGS, strict=True)],
        schema=FINDINGS,
    )


def all_findings(found: Sequence[Findings]) -> pa.Table:
    """Every finding, with the columns ``check`` and ``severity`` before those of ``FINDINGS``."""
    tables = [
        it.table.add_column(0, "severity", pa.repeat(it.severity, len(it))).add_column(
            0, "check", pa.repeat(it.check, len(it))
        )
        for it in found
    ]
    schema = pa.schema([pa.field("check", pa.string()), pa.field("severity", pa.string()), *FINDINGS])
    return pa.concat_tables([schema.empty_table(), *(table.cast(schema) for table in tables)])


def figure_words(figure: float) -> str:
    """A figure with all its digits: ``1,407,580``, ``0.3``."""
    return f"{figure:,.0f}" if float(figure).is_integer() else repr(float(figure))
