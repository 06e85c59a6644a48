"""Where the records and fields of a delimited text are, by RFC 4180 read strictly, over all bytes at once.

Quotes are told apart by parity. While the text is well formed, each quote in an even place (from
0) opens a field, or goes on with one after a doubled quote; each in an odd place closes one, or is
the first of a doubled pair. So an even quote must follow a delimiter, a line end or a quote, and
an odd one must precede one of these; the first that does not is where the text is malformed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from trigpoint.loads.readers.sheet import LISTED, Malformed, refusal
from trigpoint.terms.errors import Fault

Offsets: TypeAlias = npt.NDArray[np.int64]
_LF, _CR, _QUOTE = 10, 13, 34


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """Byte offsets of each record's start and end (without its line end), and its number of fields."""

    starts: Offsets
    ends: Offsets
    fields: Offsets
    multiline: bool

    def __len__(self) -> int:
        return len(self.starts)


def find_records(file: str, text: bytes, delimiter: str) -> Records:
    """The records of a UTF-8 text. Raises DeliveryRefused, with row and column, for what RFC 4180 forbids."""
    data = np.frombuffer(text, np.uint8)
    quotes, breaks = np.flatnonzero(data == _QUOTE), np.flatnonzero(data == _LF)
    delimiters = np.flatnonzero(data == ord(delimiter))
    outer_breaks, outer_delimiters = _outside(breaks, quotes), _outside(delimiters, quotes)
    layout = _Layout(file, text, outer_breaks, outer_delimiters)
    _check_quotes(data, quotes, ord(delimiter), layout)
    _check_returns(data, quotes, layout)
    ends = outer_breaks if text.endswith(b"\n") else np.append(outer_breaks, len(text))
    starts = np.concatenate(([0], ends[:-1] + 1))
    ends = ends - ((ends > starts) & (data[ends - 1] == _CR))
    passed = np.searchsorted(outer_delimiters, ends)
    fields = np.diff(passed, prepend=0) + 1
    return Records(starts, ends, fields, multiline=len(outer_breaks) < len(breaks))


def check_widths(file: str, records: Records, header: int) -> None:
    """Raises DeliveryRefused for rows from ``header`` (0-based) on that are blank or not as wide as it."""
    width = int(records.fields[header])
    blank = records.starts == records.ends
    wrong = header + np.flatnonzero((blank | (records.fields != width))[header:])
    faults = [
        _misfit(file, row + 1, 0 if blank[row] else int(records.fields[row]), width)
        for row in wrong[:LISTED].tolist()
    ]
    if faults:
        raise refusal(file, faults, int(wrong.size))


def _misfit(file: str, row: int, fields: int, width: int) -> Fault:
    expected = f"{width}, as in the header"
    if not fields:
        return Fault(file, "a blank line", f"{width} fields", "Delete the line.", row, check="ragged_row")
    remedy = "Text that holds the delimiter must stand in quotes; or the row was cut short or run together."
    found = "1 field" if fields == 1 else f"{fields} fields"
    return Fault(file, found, expected, remedy, row, check="ragged_row")


def whole_bytes(text: bytes) -> int:
    """How many bytes at the start of a text hold whole records: to its last line end outside quotes."""
    data = np.frombuffer(text, np.uint8)
    ends = _outside(np.flatnonzero(data == _LF), np.flatnonzero(data == _QUOTE))
    return int(ends[-1]) + 1 if ends.size else 0


@dataclass(frozen=True, slots=True, eq=False)
class _Layout:
    """Enough to say where an offset stands, as far as the text before it is well formed."""

    file: str
    text: bytes
    breaks: Offsets
    delimiters: Offsets

    def refuse(self, offset: int, check: str, found: str, expected: str, remedy: str) -> Malformed:
        before = int(np.searchsorted(self.breaks, offset))
        start = int(self.breaks[before - 1]) + 1 if before else 0
        column = int(np.searchsorted(self.delimiters, offset) - np.searchsorted(self.delimiters, start)) + 1
        near = self.text[max(start, offset - 20) : offset + 20].split(b"\n")[0].decode("utf-8", "ignore")
        fault = Fault(
            self.file,
            f"{found}, near {near!r}",
            expected,
            remedy,
            line=before + 1,
            column=column,
            check=check,
        )
        return refusal(self.file, [fault])


def _outside(places: Offsets, quotes: Offsets) -> Offsets:
    """The places with an even number of quotes before them."""
    return places if not quotes.size else places[np.searchsorted(quotes, places) % 2 == 0]


def _check_quotes(data: npt.NDArray[np.uint8], quotes: Offsets, delimiter: int, layout: _Layout) -> None:
    opening, closing = quotes[0::2], quotes[1::2]
    before = data[np.maximum(opening - 1, 0)]
    strays = opening[(opening > 0) & ~np.isin(before, (delimiter, _LF, _QUOTE))]
    after = data[np.minimum(closing + 1, data.size - 1)]
    returns = (after == _CR) & (data[np.minimum(closing + 2, data.size - 1)] == _LF)
    tails = closing[(closing + 1 < data.size) & ~np.isin(after, (delimiter, _LF, _QUOTE)) & ~returns]
    if strays.size and (not tails.size or strays[0] < tails[0]):
        raise layout.refuse(
            int(strays[0]),
            "stray_quote",
            "a quote inside an unquoted field",
            "quotes around the whole field, and doubled within it",
            "Export the file again with quoting on, or mend the row at its source.",
        )
    if tails.size:
        raise layout.refuse(
            int(tails[0]),
            "stray_quote",
            "text after a closing quote",
            "a delimiter or a line end after a closing quote, and quotes doubled within",
            "Export the file again with quoting on, or mend the row at its source.",
        )
    if quotes.size % 2:
        raise layout.refuse(
            int(quotes[-1]),
            "stray_quote",
            "a quote that is never closed",
            "a closing quote",
            "The file was cut off, or a quote stands alone: fetch or export it again.",
        )


def _check_returns(data: npt.NDArray[np.uint8], quotes: Offsets, layout: _Layout) -> None:
    """A carriage return alone, outside quotes: an old Macintosh's line end, or a damaged one."""
    returns = _outside(np.flatnonzero(data == _CR), quotes)
    alone = returns[(returns + 1 == data.size) | (data[np.minimum(returns + 1, data.size - 1)] != _LF)]
    if alone.size:
        raise layout.refuse(
            int(alone[0]),
            "line_end",
            "a carriage return alone",
            "lines that end with LF or CR LF",
            "Save the file again with Windows or Unix line ends.",
        )
