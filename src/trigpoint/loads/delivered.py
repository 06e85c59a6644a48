"""What was delivered: a file's bytes, or the answer of a database, under the name that people know it by."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv

from trigpoint.definitions.source import Source
from trigpoint.engines import odbc
from trigpoint.loads.readers.sheet import Malformed
from trigpoint.terms.errors import NotFound
from trigpoint.terms.progress import Progress, silent


@dataclass(frozen=True, slots=True, eq=False)
class Delivered:
    """Something that asks to be taken in. ``sha256``, of ``content``, is what it is recognised by.

    ``answer`` is the table that a database gave, of which ``content`` is the text; None for a file.
    ``unread`` is why a file was not read, and has no ``content`` (``readers.room``).
    """

    name: str
    content: bytes
    sha256: str
    answer: pa.Table | None = None
    unread: Malformed | None = None

    @classmethod
    def at(cls, path: Path, unread: Malformed | None = None) -> Delivered:
        """The file at a path, read unless there is a reason not to. Raises NotFound where there is none."""
        try:
            if unread is not None:
                return cls(path.name, b"", sha256_of(path), unread=unread)
            content = path.read_bytes()
        except OSError as error:
            raise NotFound(f"no file to read at {path}: {error.strerror}") from error
        return cls(path.name, content, hashlib.sha256(content).hexdigest())

    @classmethod
    def asked(cls, code: str, source: Source, progress: Progress = silent) -> Delivered:
        """What the database of the source ``code`` answers now. Raises TrigpointError where it does not."""
        quoting = not source.identifying
        answer = odbc.ask(str(source.query), str(source.connection), progress, quoting=quoting)
        content = _text(answer)
        name = f"{code}@{source.connection}"
        return cls(name, content, hashlib.sha256(content).hexdigest(), answer)


def sha256_of(path: Path) -> str:
    """What the file at a path is recognised by, however large it is."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _text(answer: pa.Table) -> bytes:
    """The answer as CSV, its columns by name and its rows in order of all of them.

    An answer comes in any order, so the order is no part of what it says. As text, unlike as
    Parquet, it does not name the library that wrote it. Only a text is quoted where it is empty, so
    nothing and an empty text differ.
    """
    places = sorted(range(answer.num_columns), key=lambda i: answer.column_names[i])
    names = [f"{number}" for number in range(len(places))]  # a name may come twice, which is refused later
    table = pa.Table.from_arrays([answer.column(i) for i in places], names)
    ordered = table.sort_by([(name, "ascending") for name in names])
    buffer = io.BytesIO()
    arrow_csv.write_csv(
        ordered.rename_columns([answer.column_names[i] for i in places]),
        buffer,
        arrow_csv.WriteOptions(quoting_style="all_valid"),
    )
    return buffer.getvalue()
