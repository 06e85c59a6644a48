"""DuckDB: SQL over Arrow tables and Parquet files, with no network and no other file in reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from trigpoint.engines.dialect import DUCKDB, Dialect
from trigpoint.engines.session import too_large

Value = None | bool | int | float | str


@dataclass(frozen=True, slots=True)
class Settings:
    """What a query may use.

    ``threads`` and ``memory`` (such as ``"1GB"``) are DuckDB's own choice where None. With more
    than one thread the order in which floating-point numbers are added varies from run to run, and
    so may the last digit of a sum: sum whole numbers or decimals, or use one thread, for figures
    that are kept. ``spill`` is the folder for what does not fit in memory; without one, a query
    that needs it fails.
    """

    threads: int | None = None
    memory: str | None = None
    spill: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """A session that many queries share: opening one takes longer than most of them."""

    connection: duckdb.DuckDBPyConnection

    @property
    def dialect(self) -> Dialect:
        return DUCKDB

    def query(
        self,
        sql: str,
        *,
        parameters: Mapping[str, Value] | None = None,
        tables: Mapping[str, pa.Table] | None = None,
        parquet: Mapping[str, Sequence[Path]] | None = None,
    ) -> pa.Table:
        """The answer to one query, which sees ``tables`` and the rows of ``parquet`` by their names.

        It sees none of the queries before. Files must be in reach (``session``). Raises TrigpointError
        where a number grows too large, else duckdb.Error; both with the SQL as their note.
        """
        named = dict(tables or {})
        for name, paths in (parquet or {}).items():
            self._view(name, paths)
        for name, table in named.items():
            self.connection.register(name, table)
        try:
            # An empty mapping of parameters is refused where the SQL has none.
            answer = self.connection.sql(sql, params=dict(parameters) if parameters else None)
            return answer.to_arrow_table()
        except RuntimeError as error:
            # DuckDB's word for Ctrl-C, which it takes while a query runs.
            if "Query interrupted" in str(error):
                raise KeyboardInterrupt from error
            raise
        except duckdb.OutOfRangeException as error:
            raise too_large(str(error).splitlines()[0], sql) from error
        except duckdb.Error as error:
            error.add_note(f"The SQL was:\n{sql}")
            raise
        finally:
            for name in named:
                self.connection.unregister(name)
            for name in parquet or ():
                self.connection.execute(f"DROP VIEW IF EXISTS {DUCKDB.identifier(name)}")

    def _view(self, name: str, paths: Sequence[Path]) -> None:
        files = ", ".join(DUCKDB.literal(str(path)) for path in paths)
        # Otherwise a folder such as ym=2026-10 would add a column to those of its files.
        read = f"read_parquet([{files}], hive_partitioning = false)"
        self.connection.execute(f"CREATE TEMP VIEW {DUCKDB.identifier(name)} AS FROM {read}")


def query(
    sql: str,
    *,
    parameters: Mapping[str, Value] | None = None,
    tables: Mapping[str, pa.Table] | None = None,
    parquet: Mapping[str, Sequence[Path]] | None = None,
    settings: Settings | None = None,
) -> pa.Table:
    """The answer to one query, in a session of its own (about 15 ms to open).

    The query sees ``tables`` and the rows of ``parquet`` by their names, ``parameters`` as
    ``$name``, and nothing else: no other file, no network, no Python variable. Times are in UTC.
    Raises duckdb.Error, with the SQL as its note.
    """
    with session(settings, parquet) as opened:
        return opened.query(sql, parameters=parameters, tables=tables)


@contextmanager
def session(
    settings: Settings | None = None,
    parquet: Mapping[str, Sequence[Path]] | None = None,
    reachable: Iterable[Path] = (),
) -> Iterator[Session]:
    """Open a session: in memory, with the rows of ``parquet`` by their names.

    Queries may name the files ``reachable`` too; nothing else is in reach.
    """
    parquet = parquet or {}
    connection = duckdb.connect(":memory:", config=_configuration(settings or Settings()))
    try:
        paths = [*(path for paths in parquet.values() for path in paths), *reachable]
        connection.execute(f"SET allowed_paths = [{', '.join(DUCKDB.literal(str(path)) for path in paths)}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET lock_configuration = true")
        opened = Session(connection)
        for name, files in parquet.items():
            opened._view(name, files)
        yield opened
    finally:
        connection.close()


def _configuration(settings: Settings) -> dict[str, str | bool | int | float | list[str]]:
    chosen: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        # Otherwise a misspelt table could be answered by a Python variable of that name.
        "python_enable_replacements": False,
        "temp_directory": "" if settings.spill is None else str(settings.spill),
    }
    if settings.threads is not None:
        chosen["threads"] = settings.threads
    if settings.memory is not None:
        chosen["memory_limit"] = settings.memory
    return chosen
