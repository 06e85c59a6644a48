"""ODBC: one question to a database, its answer as typed columns; nothing is written there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import pyarrow as pa

from trigpoint.engines.odbc_columns import Columns, column_of_unknown_type
from trigpoint.engines.odbc_errors import Words, not_answered
from trigpoint.terms.progress import Progress, silent

try:
    import pyodbc
except ImportError as error:  # an extra that is not installed, or whose driver manager is not
    pyodbc, _MISSING = None, str(error)
else:
    pyodbc.native_uuid = True  # otherwise a GUID passes for text, spelt as its driver likes
    pyodbc.pooling = False

VARIABLE = "TRIGPOINT_ODBC_"
"""The environment variable of a connection's string is this and the connection's name."""
BATCH = 10_000
_ABOVE_32_BITS = 3_000_000_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for a connection, and for an answer and for each part of it."""

    login: int = 15
    answer: float = 1800


def ask(
    sql: str,
    connection: str,
    progress: Progress = silent,
    patience: Patience | None = None,
    *,
    quoting: bool = True,
) -> pa.Table:
    """The answer to one query, in the order in which it came; ``connection`` names the database.

    Numbers, texts, dates and times keep their types, decimals all their digits. The connection is
    opened for reading, and whatever the query did is rolled back. Raises TrigpointError, never with
    a word of what is secret, where there is no whole answer, and DeliveryRefused, with column and
    row, for what has no type here; without ``quoting``, in words that hold nothing of any row.
    """
    patience = patience or Patience()
    words = Words(connection, _connection_string(connection), f"{VARIABLE}{connection}", quoting)
    with _connected(words, patience) as opened, ThreadPoolExecutor(1) as worker:
        question = _Question(opened.cursor(), worker, words, patience)
        progress(f"Asking {connection}", 0, 0)
        columns = Columns.of(connection, question.put(sql), quoting)
        for rows in question.answer():
            columns.add(rows)
            progress(f"Reading from {connection}", columns.rows, 0)
    return columns.table()


def _connection_string(connection: str) -> str:
    if pyodbc is None:
        remedy = "pip install 'trigpoint[odbc]'; on Debian also: apt-get install libodbc2."
        expected = "the extra `odbc` and the system's driver manager"
        raise not_answered(connection, f"no ODBC here ({_MISSING})", expected, remedy)
    variable = f"{VARIABLE}{connection}"
    if not (text := os.environ.get(variable, "").strip()):
        remedy = f"Set {variable}=Driver=...;Server=...;Database=...;UID=...;PWD=... before the command."
        expected = f"one in the environment variable {variable}"
        raise not_answered(connection, "no connection string", expected, remedy)
    return text


@contextmanager
def _connected(words: Words, patience: Patience) -> Iterator[Any]:
    """A connection for reading, as far as its driver heeds that."""
    try:
        opened = pyodbc.connect(words.secret, autocommit=False, readonly=True, timeout=patience.login)
    except pyodbc.Error as error:
        raise words.unreachable(error, patience.login, pyodbc.drivers()) from None
    try:
        _refuse_cut_numbers(opened, words)
        yield opened
    finally:
        _leave(opened)


def _refuse_cut_numbers(opened: Any, words: Words) -> None:
    """SQLite's driver keeps 32 bits of a whole number and says nothing, unless it is told otherwise."""
    if opened.getinfo(pyodbc.SQL_DBMS_NAME) != "SQLite":
        return
    if opened.execute(f"SELECT {_ABOVE_32_BITS}").fetchval() != _ABOVE_32_BITS:
        found = "a driver that cuts whole numbers above 2,147,483,647 short"
        raise not_answered(words.connection, found, "whole numbers", f"Add BigInt=1 to {words.variable}.")


def _leave(opened: Any) -> None:
    """A connection that broke cannot be rolled back; its database does so by itself."""
    try:
        opened.rollback()
        opened.close()
    except pyodbc.Error:
        return


@dataclass(frozen=True, slots=True)
class _Question:
    """One query under way, in a thread of its own, so that time and Ctrl-C can end it.

    Not every driver has a time limit of its own; each can be told to stop.
    """

    cursor: Any
    worker: ThreadPoolExecutor
    words: Words
    patience: Patience

    def put(self, sql: str) -> Sequence[Sequence[Any]]:
        """The answer's description, a row for each column."""
        try:
            self._within(lambda: self.cursor.execute(sql))
        except pyodbc.Error as error:
            raise self.words.refused(error) from None
        if self.cursor.description is None:
            found, expected = "SQL that answers nothing", "SQL that answers with rows"
            raise not_answered(self.words.connection, found, expected, "Correct `query` in the source.")
        return list(self.cursor.description)

    def answer(self) -> Iterator[Sequence[Sequence[Any]]]:
        """The rows in batches."""
        done = 0
        while rows := self._next(done):
            yield rows
            done += len(rows)

    def _next(self, done: int) -> Sequence[Sequence[Any]]:
        try:
            return self._within(lambda: self.cursor.fetchmany(BATCH))
        except (pyodbc.Error, ValueError, OverflowError) as error:
            if unknown := column_of_unknown_type(
                self.words.connection, self.words.in_full(error), self.cursor.description
            ):
                raise unknown from None
            raise self.words.broken(self.words.told(error), done) from None

    def _within(self, work: Callable[[], T]) -> T:
        under_way = self.worker.submit(work)
        try:
            return under_way.result(self.patience.answer)
        except TimeoutError:
            self.cursor.cancel()
            raise self.words.too_late(self.patience.answer) from None
        except KeyboardInterrupt:
            self.cursor.cancel()
            raise
