"""Tables as comma-separated text, for people to open elsewhere."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv


def write_csv(table: pa.Table, path: Path) -> None:
    """Write a new file. Raises FileExistsError rather than write over one."""
    with path.open("xb") as file:
        pyarrow.csv.write_csv(table, file)
