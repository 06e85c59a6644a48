"""Spark: SQL over Arrow tables and Parquet files on a cluster, which reads the files where they lie."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from trigpoint.engines.dialect import SPARK, Dialect
from trigpoint.engines.spark_clients import Client, Work, client
from trigpoint.engines.spark_errors import failed
from trigpoint.engines.spark_start import Settings

__all__ = ["Session", "Settings", "Statistics", "session"]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the last query took: seconds, and on the cluster bytes and who worked.

    ``work`` is None over Spark Connect, which does not say.
    """

    seconds: float
    work: Work | None


@dataclass(slots=True, eq=False)
class Session:
    """A session that many queries share: opening one takes longer than most of them."""

    client: Client
    settings: Settings
    _worker: ThreadPoolExecutor
    _numbers: Iterator[int] = field(default_factory=count)
    _last: tuple[str, float] = ("", 0.0)

    @property
    def dialect(self) -> Dialect:
        return SPARK

    def query(
        self,
        sql: str,
        *,
        tables: Mapping[str, pa.Table] | None = None,
        parquet: Mapping[str, Sequence[Path]] | None = None,
    ) -> pa.Table:
        """The answer to one query, which sees ``tables`` and the rows of ``parquet`` by their names.

        ``tables`` are sent from here and should be small; files are read by the cluster's workers,
        and only the answer comes here. Ctrl-C cancels the query on the cluster. Raises TrigpointError
        where the cluster or its files are at fault, ValueError for files of one name that differ in
        their columns or that Spark reads past, and PySparkException for everything else, the last two
        with the SQL as their note.
        """
        tag, started = f"trigpoint-{next(self._numbers)}", perf_counter()
        self._last = (tag, 0.0)
        asked = self._worker.submit(self._answer, tag, sql, tables or {}, parquet or {})
        try:
            answer = asked.result()
        except KeyboardInterrupt:
            self.client.cancel(tag)
            asked.exception()  # waits until the query has let go
            raise
        self._last = (tag, perf_counter() - started)
        return answer

    def statistics(self) -> Statistics:
        """What the last query took."""
        tag, seconds = self._last
        return Statistics(seconds, self._worker.submit(self.client.work, tag).result())

    def _answer(
        self, tag: str, sql: str, tables: Mapping[str, pa.Table], parquet: Mapping[str, Sequence[Path]]
    ) -> pa.Table:
        spark = self.client.spark
        try:
            self.client.begin(tag)
            for name, table in tables.items():
                _frame(spark, table).createOrReplaceTempView(_view(name))
            for name, paths in parquet.items():
                _require_alike(name, paths)
                spark.read.parquet(*map(_address, paths)).createOrReplaceTempView(_view(name))
            with warnings.catch_warnings():
                # PySpark drops its sockets without closing them, of which Python warns.
                warnings.simplefilter("ignore", ResourceWarning)
                return _nullable(spark.sql(sql).toArrow())
        except Exception as error:
            raise failed(error, sql, self.settings.where) from error
        finally:
            self.client.end([_view(name) for name in (*tables, *parquet)])


@contextmanager
def session(settings: Settings) -> Iterator[Session]:
    """Open a session on the cluster of ``settings``: 5 to 15 seconds, and one for a process at a time.

    Over Spark Connect there may be several. Times are in UTC. Raises TrigpointError where PySpark or
    Java is missing, or nobody answers, and says what to do.
    """
    with ThreadPoolExecutor(1, "spark") as worker, client(settings, worker) as opened:
        yield Session(opened, settings, worker)


def _view(name: str) -> str:
    """A view's name as Spark's own functions for views read it."""
    return "`" + name.replace("`", "``") + "`"


def _require_alike(name: str, paths: Sequence[Path]) -> None:
    """Spark would fill a column that a file lacks with blanks, or leave out one that others lack."""
    columns = {path: pq.read_schema(path).names for path in paths if path.exists()}
    for path, names in columns.items():
        first = next(iter(columns))
        if set(names) != set(columns[first]):
            odd = ", ".join(sorted(set(names) ^ set(columns[first])))
            raise ValueError(f"not in each file of {name}: {odd} ({first}, {path})")


_GLOB = MappingProxyType({ord(sign): f"\\{sign}" for sign in r"\{}[]*?"})


def _address(path: Path) -> str:
    """A file as the workers find it. Signs that stand for several files stand for themselves."""
    if path.name.startswith(("_", ".")):
        raise ValueError(f"Spark reads past files whose names start with _ or a full stop: {path}")
    return "file://" + str(path.absolute()).translate(dict(_GLOB))


def _frame(spark: Any, table: pa.Table) -> Any:
    """A table sent to Spark, in the types that it knows: codes spelt out, instants in microseconds."""
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - an extra, and slow to load

    known = table.cast(pa.schema([pa.field(it.name, _known(it.type)) for it in table.schema]))
    # Said, because a table without rows is otherwise refused over Spark Connect.
    return spark.createDataFrame(known, from_arrow_schema(known.schema, prefer_timestamp_ntz=True))


def _known(kind: Any) -> Any:
    if pa.types.is_dictionary(kind):
        return _known(kind.value_type)
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz)
    return pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind


def _nullable(answer: pa.Table) -> pa.Table:
    """Spark says of some columns that they hold no blanks. Tables that do and do not are not put together."""
    return answer.cast(pa.schema([it.with_nullable(True) for it in answer.schema]))
