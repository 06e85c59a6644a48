"""A source's records in SQL: the names of their columns, and conditions over one record by itself."""

from __future__ import annotations

from trigpoint.definitions.column import UTC
from trigpoint.definitions.expression import Node
from trigpoint.definitions.source import Source
from trigpoint.engines.dialect import DUCKDB, Dialect
from trigpoint.engines.expressions import Writer


def record_columns(source: Source, alias: str, dialect: Dialect) -> tuple[dict[str, str], dict[str, str]]:
    """The SQL of a source's fields under an alias, and that of its times' instants."""
    names = {name: f"{alias}.{dialect.identifier(name)}" for name in source.fields}
    twin = "" if source.clock == "wall" else UTC  # what a clock on the wall says is what has passed
    times = [name for name, it in source.fields.items() if it.type == "time"]
    return names, {name: f"{alias}.{dialect.identifier(name + twin)}" for name in times}


def condition_sql(tree: Node, source: Source) -> str:
    """DuckDB's SQL of a condition over one record, ``r``."""
    return Writer(DUCKDB, *record_columns(source, "r", DUCKDB)).condition(tree)
