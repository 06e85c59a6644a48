"""Misread cells, gathered from several columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.loads.findings import Findings, findings_table


def merged(found: Sequence[Mapping[str, pa.Table]]) -> tuple[Findings, ...]:
    """The misread cells of several columns, by check. They always block."""
    return tuple(
        Findings(check, "block", pa.concat_tables([tables[check] for tables in found if check in tables]))
        for check in dict.fromkeys(chain.from_iterable(found))
    )


def second_header(rows: npt.NDArray[np.int64], misread: Sequence[Findings]) -> tuple[Findings, ...]:
    """A finding where the first row is misread in two columns or more that the second row is not."""
    if len(rows) < 2:
        return ()
    first, second = (
        {
            column
            for it in misread
            for column in it.table.filter(pc.equal(it.table["row"], int(row)))["column"].to_pylist()
        }
        for row in rows[:2]
    )
    if len(columns := sorted(first - second)) < 2:
        return ()
    row = int(rows[0])
    found = f"a row that fits none of {', '.join(columns)}"
    remedy = f"Delete the row, or declare `header_row: {row}` if it is the right header."
    return (
        Findings(
            "several_headers", "block", findings_table([row], columns[0], [found], "one header row", remedy)
        ),
    )
