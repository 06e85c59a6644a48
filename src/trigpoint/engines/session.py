"""What a session of any engine can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from trigpoint.engines.dialect import Dialect


class Session(Protocol):
    """Answers queries (``duckdb``, ``spark``), which are written in its dialect."""

    @property
    def dialect(self) -> Dialect: ...

    def query(
        self,
        sql: str,
        *,
        tables: Mapping[str, pa.Table] | None = None,
        parquet: Mapping[str, Sequence[Path]] | None = None,
    ) -> pa.Table:
        """The answer to one query, which sees ``tables`` and the rows of ``parquet`` by their names."""
