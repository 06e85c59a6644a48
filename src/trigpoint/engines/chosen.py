"""The engine that a workspace's settings choose, opened for its records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from trigpoint.definitions.settings import Settings
from trigpoint.engines import duckdb
from trigpoint.engines.session import Session


@contextmanager
def open_engine(settings: Settings, reachable: Iterable[Path], spill: Path) -> Iterator[Session]:
    """A session with the engine that ``settings`` choose.

    DuckDB's has the files ``reachable`` in reach and no other, keeps to ``memory`` and writes what does not
    fit into ``spill``, from where it is gone afterwards. Spark's reads what its cluster's user may. Raises
    TrigpointError where Spark cannot be started or reached.
    """
    if settings.engine == "duckdb":
        spill.mkdir(parents=True, exist_ok=True)
        chosen = duckdb.Settings(memory=settings.memory, spill=spill)
        with duckdb.session(chosen, reachable=reachable) as opened:
            yield opened
        return
    from trigpoint.engines import spark  # noqa: PLC0415 - needs what only its extra brings

    cluster = settings.spark
    assert cluster is not None  # noqa: S101 - held by the settings' check
    asked = spark.Settings(master=cluster.master, connect=cluster.connect, config=cluster.config)
    with spark.session(asked) as remote:
        yield remote
