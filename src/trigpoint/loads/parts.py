"""Files that rows are added to, a file for each part of a large one, in bounded memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeVar

import pyarrow as pa
from pyarrow import parquet

HELD = 128 * 1024**2
"""Bytes of rows that wait to be written to Parquet, in all parts together."""

Piece_contra = TypeVar("Piece_contra", contravariant=True)


class Parts(Protocol[Piece_contra]):
    """Parts that are being written, each by its file's name; left, they are whole."""

    def add(self, name: str, piece: Piece_contra) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class TextParts:
    """Parts of a text, each with what stands before the rows of the whole, and in its encoding."""

    def __init__(self, folder: Path, head: bytes, encoding: str) -> None:
        self._folder, self._head, self._encoding = folder, head, encoding
        self._begun: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open between two pieces: a system has room for few open files."""

    def add(self, name: str, piece: bytes) -> None:
        text = piece if name in self._begun else self._head + piece
        self._begun.add(name)
        with (self._folder / name).open("a", encoding=self._encoding, newline="") as file:
            file.write(text.decode())


class ParquetParts:
    """Parts of a Parquet file, with its types; rows wait until there are enough to be written together."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self._folder, self._schema = folder, schema
        self._writers: dict[str, parquet.ParquetWriter] = {}
        self._waiting: dict[str, list[pa.Table]] = {}
        self._bytes: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in list(self._waiting) if kind is None else ():
            self._write(name)
        for writer in self._writers.values():
            writer.close()

    def add(self, name: str, piece: pa.Table) -> None:
        self._waiting.setdefault(name, []).append(piece)
        self._bytes[name] = self._bytes.get(name, 0) + piece.nbytes
        while sum(self._bytes.values()) > HELD:
            self._write(_largest(self._bytes))

    def _write(self, name: str) -> None:
        if name not in self._writers:
            path = self._folder / name
            self._writers[name] = parquet.ParquetWriter(path, self._schema, compression="zstd")
        table = pa.concat_tables(self._waiting.pop(name)).unify_dictionaries()
        del self._bytes[name]
        self._writers[name].write_table(table)


def _largest(sizes: Mapping[str, int]) -> str:
    return max(sizes, key=lambda name: sizes[name])
