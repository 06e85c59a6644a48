"""A large file of records a block at a time: the cells of its dated column, and its rows as they stand."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TextIO, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import parquet

from trigpoint.definitions.source import Source
from trigpoint.loads.readers.delimited import fields_of, read_cells
from trigpoint.loads.readers.encoding import encoding_of
from trigpoint.loads.readers.records import Offsets, check_widths, find_records, whole_bytes
from trigpoint.loads.readers.sheet import Malformed, check_columns, refuse, too_few_rows

CHARACTERS = 8 * 1024**2
"""What is read of a text at once."""
LONGEST = 64 * 1024**2
"""Bytes that one row of a text may have: a quote that is never closed would go on to the end."""
ROWS = 64 * 1024
"""Rows that are read of Parquet at once."""
_NO_TEXT = (b"PAR1", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")

Piece_co = TypeVar("Piece_co", covariant=True)


class Rows(Protocol[Piece_co]):
    """Rows of a block; ``take`` gives those at some places."""

    def take(self, places: npt.NDArray[np.int64], /) -> Piece_co: ...


@dataclass(frozen=True, slots=True, eq=False)
class Block(Generic[Piece_co]):
    """Some rows of a file: the cells that date them, and how far into the file they reach.

    ``done`` counts rows of Parquet, and bytes of a text.
    """

    dated: pa.ChunkedArray
    rows: Rows[Piece_co]
    done: int


@dataclass(frozen=True, slots=True, eq=False)
class TextRows:
    """Rows of a text; the one at place ``i`` stands between the offsets ``i`` and ``i + 1``."""

    text: bytes
    offsets: Offsets

    def take(self, places: npt.NDArray[np.int64], /) -> bytes:
        starts, ends = self.offsets[places].tolist(), self.offsets[places + 1].tolist()
        return b"".join([self.text[start:end] for start, end in zip(starts, ends, strict=True)])


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the rows of a text, header included; and the text's encoding."""

    text: bytes
    encoding: str
    header: bytes


def parquet_blocks(file: str, opened: parquet.ParquetFile, source: Source) -> Iterator[Block[pa.Table]]:
    """The blocks of a Parquet file, which ``file`` names. Raises DeliveryRefused where it is damaged."""
    done = 0
    try:
        # Without threads of pyarrow's own, for the reason that ``store.parquet`` gives.
        for batch in opened.iter_batches(ROWS, use_threads=False):
            done += batch.num_rows
            table = pa.Table.from_batches([batch])
            yield Block(table[source.dated], table, done)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(file, error) from error


def open_parquet(path: Path, source: Source) -> parquet.ParquetFile:
    """A Parquet file to be read a little at a time. Raises DeliveryRefused where it is not the source's."""
    try:
        # Buffered, as a row group may be as large as the file; and not beforehand: that keeps what was read.
        opened = parquet.ParquetFile(path, buffer_size=1024**2, pre_buffer=False)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path.name, error) from error
    check_columns(path.name, opened.schema_arrow.names, source, None)
    return opened


def _damaged(file: str, error: Exception) -> Malformed:
    found = f"no whole Parquet file ({str(error).splitlines()[0]})"
    return refuse(file, "parquet", found, "a whole Parquet file", "Fetch the file again.")


def read_head(path: Path, source: Source) -> Head:
    """What stands before the rows of a text. Raises DeliveryRefused where it is not the source's."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(_NO_TEXT):
        remedy = "If it is packed, unpack it first; else check that this is the right file."
        raise refuse(path.name, "format", "bytes that are not those of a text", "a CSV file", remedy)
    encoding = encoding_of(path.name, start, source.encoding)
    text = b""
    with path.open(encoding=encoding, newline="") as file:
        for piece in _whole_records(path.name, file):
            text += piece
            records = find_records(path.name, text, source.delimiter)
            if len(records) > source.header_row:
                break
        else:
            raise too_few_rows(path.name, text.count(b"\n"), source.header_row)
    end, at = int(records.starts[source.header_row]), int(records.starts[source.header_row - 1])
    head = Head(text[:end], encoding, text[at:end])
    check_columns(path.name, _names(head, source), source, source.header_row)
    return head


def _names(head: Head, source: Source) -> list[str]:
    return fields_of(head.header.decode().rstrip("\r\n"), source.delimiter)


def text_blocks(path: Path, head: Head, source: Source) -> Iterator[Block[bytes]]:
    """The blocks of a text. Raises DeliveryRefused, with row and column, where it is malformed."""
    with path.open("rb") as raw, io.TextIOWrapper(raw, head.encoding, newline="") as file:
        row, passed = source.header_row, len(head.text)
        for text in _whole_records(path.name, file):
            body, passed = text[passed:], max(0, passed - len(text))
            if body:
                dated, rows = _text_rows(path.name, head, body, source, row)
                row += len(dated)
                yield Block(dated, rows, raw.tell())


def _text_rows(
    file: str, head: Head, body: bytes, source: Source, before: int
) -> tuple[pa.ChunkedArray, TextRows]:
    """Rows below the header, as if they were the first; ``before`` is how many there are, header included."""
    text = head.header + body
    try:
        records = find_records(file, text, source.delimiter)
        check_widths(file, records, 0)
    except Malformed as error:
        faults = [
            dataclasses.replace(it, line=it.line + before - 1 if it.line else None) for it in error.faults
        ]
        raise Malformed(error.summary, faults, error.count) from error
    cells = memoryview(text)[len(head.header) :]
    table = read_cells(cells, _names(head, source), source.delimiter, records.multiline, [str(source.dated)])
    return table.column(0), TextRows(text, np.append(records.starts[1:], len(text)))


def _whole_records(file: str, opened: TextIO) -> Iterator[bytes]:
    """A text in pieces of whole records, as UTF-8; the last line has its end too."""
    rest = b""
    try:
        while part := opened.read(CHARACTERS):
            text = rest + part.encode()
            end = whole_bytes(text)
            if end == 0 and len(text) > LONGEST:
                raise _endless(file)
            rest = text[end:]
            if end:
                yield text[:end]
    except UnicodeDecodeError as error:
        found, expected = "bytes of another encoding", f"{opened.encoding} throughout"
        remedy = "Declare the encoding that the file has, or ask for UTF-8."
        raise refuse(file, "encoding", found, expected, remedy) from error
    if rest:
        yield rest + b"\n"


def _endless(file: str) -> Malformed:
    found, expected = f"a row of more than {LONGEST:,} bytes", "rows of a few cells"
    return refuse(file, "stray_quote", found, expected, "A quote is never closed: export the file again.")
