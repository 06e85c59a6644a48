"""Parquet as the stores write it: the same table gives the same bytes, on any day and machine."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP = 128 * 1024
"""Rows that are read or passed over together."""


def to_bytes(table: pa.Table) -> bytes:
    """The table in its own order, zstd-compressed, with statistics for passing over what is not asked for.

    Chunks, dictionary encoding and metadata are how a table came about, not what it says, so they
    leave no trace. The bytes name the pyarrow version, which the lock file fixes.
    """
    sink = io.BytesIO()
    pq.write_table(
        plain(table),
        sink,
        compression="zstd",
        version="2.6",
        row_group_size=ROW_GROUP,
        use_compliant_nested_type=False,  # otherwise lists come back with the name of their items changed
    )
    return sink.getvalue()


def from_bytes(data: bytes) -> pa.Table:
    """The table that ``to_bytes`` was given, plain."""
    # `read_table` first asks what kind of dataset it may be, which costs more than most parts of a month.
    # With threads of its own, pyarrow may let go of ``data`` in one of them while Python is ending, and
    # the process aborts (1 run in 40); small parts are read no slower without.
    return pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False)


def plain(table: pa.Table) -> pa.Table:
    """The same rows without chunks, dictionaries or metadata, as ``plain_schema`` has them."""
    return table.cast(plain_schema(table.schema)).combine_chunks()


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """The schema without dictionaries or metadata, and as Parquet knows it: it counts no time in seconds."""
    return pa.schema([pa.field(field.name, _decoded(field.type), field.nullable) for field in schema])


def _decoded(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(kind) and kind.unit == "s":
        return pa.timestamp("ms", kind.tz)
    return kind.value_type if pa.types.is_dictionary(kind) else kind
