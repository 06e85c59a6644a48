"""The answer of a database, its types kept."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.source import Source
from trigpoint.loads.readers.sheet import LISTED, Sheet, check_columns, refusal, typed_sheet, used_columns
from trigpoint.terms.errors import Fault


def read_answer(file: str, answer: pa.Table, source: Source) -> Sheet:
    """The rows of an answer, numbered from 1. Raises DeliveryRefused for what is no figure: NaN, infinity."""
    absent = check_columns(file, answer.column_names, source, None)
    table = answer.select(used_columns(source))
    faults = [fault for name in table.column_names for fault in _not_finite(file, name, table[name])]
    if faults:
        raise refusal(file, faults[:LISTED], len(faults))
    return typed_sheet(file, table, absent)


def _not_finite(file: str, name: str, column: pa.ChunkedArray) -> list[Fault]:
    if not pa.types.is_floating(column.type):
        return []
    wrong = np.flatnonzero(np.asarray(pc.invert(pc.is_finite(column)).fill_null(False)))
    return [
        Fault(
            file,
            str(column[int(row)].as_py()),
            "a number",
            "Where there is no figure, have the query answer null.",
            int(row) + 1,
            field=name,
            check="not_a_number",
        )
        for row in wrong
    ]
