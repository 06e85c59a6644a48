"""Parquet files, their types kept."""

from __future__ import annotations

import pyarrow as pa
from pyarrow import parquet

from trigpoint.definitions.source import Source
from trigpoint.loads.readers.sheet import Sheet, check_columns, refuse, typed_sheet, used_columns


def read_parquet(file: str, content: bytes, source: Source) -> Sheet:
    """The rows of a Parquet file. Raises DeliveryRefused where it is damaged, empty or nested."""
    try:
        opened = parquet.ParquetFile(pa.BufferReader(content))
        schema = opened.schema_arrow
        absent = check_columns(file, schema.names, source, None)
        # Without threads of pyarrow's own, for the reason that ``store.parquet`` gives.
        table = opened.read(columns=used_columns(source), use_threads=False)
    except (pa.ArrowException, OSError) as error:
        found = f"a damaged Parquet file ({str(error).splitlines()[0]})"
        raise refuse(
            file, "parquet", found, "a whole Parquet file", "The download was cut off: fetch the file again."
        ) from error
    nested = [field.name for field in table.schema if pa.types.is_nested(field.type)]
    if nested:
        found = f"lists or records within {', '.join(nested)}"
        raise refuse(file, "parquet", found, "one value in each cell", "Ask for a flat table.")
    return typed_sheet(file, table, absent)
