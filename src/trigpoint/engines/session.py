"""What a session of any engine can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from trigpoint.engines.dialect import Dialect
from trigpoint.terms.errors import Fault, TrigpointError


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


def too_large(told: str, sql: str) -> TrigpointError:
    """The error for a number that no engine could keep every digit of; ``told`` is the engine's word."""
    expected = "numbers that, multiplied and added up, have at most 38 digits, decimals included"
    remedy = "Look for values far too large among the records, or give their columns fewer `decimals`."
    fault = Fault("a measure", f"a number that grows too large ({told})", expected, remedy)
    error = TrigpointError("A figure could not be worked out; nothing was kept.", [fault])
    error.add_note(f"The SQL was:\n{sql}")
    return error
