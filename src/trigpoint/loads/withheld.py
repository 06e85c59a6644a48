"""Words that quote nothing, for what is wrong with a file in which people could be named."""

from __future__ import annotations

import dataclasses

from trigpoint.loads.readers.sheet import Malformed
from trigpoint.terms.errors import Fault

_QUOTE_NOTHING = frozenset(
    {
        *("format", "archive", "empty", "delimiter", "ragged_row", "column_names", "columns"),
        *("workbook", "merged_cells", "parquet", "not_a_number", "memory"),
    }
)
"""Checks whose words hold places, counts and names of columns alone (``sheet.check_columns``)."""
_WORDS = {
    "encoding": ("bytes of another encoding", "Declare the encoding that the file has, or ask for UTF-8."),
    "nul": ("a NUL byte", "The file is damaged, or UTF-16 without its mark: fetch or export it again."),
    "line_end": ("a carriage return alone", "Save the file again with Windows or Unix line ends."),
    "stray_quote": (
        "a quote inside an unquoted field, text after a closing one, or one that is never closed",
        "Export the file again with quoting on, or mend the row at its source.",
    ),
    "several_headers": ("the header elsewhere, or again", "Declare the `header_row`, or delete the row."),
    "error_cell": ("an error, or a formula without its result", "Mend it at its source, and save it again."),
}


def without_quotes(error: Malformed) -> Malformed:
    """The same refusal, in words that hold nothing of what the file's cells do."""
    return Malformed(error.summary, [_bare(fault) for fault in error.faults], error.count)


def _bare(fault: Fault) -> Fault:
    if fault.check in _QUOTE_NOTHING:
        return fault
    found, remedy = _WORDS.get(fault.check, ("something else", ""))
    return dataclasses.replace(fault, found=f"{found}, which is not quoted", remedy=remedy)
