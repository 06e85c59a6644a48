"""The version of the code that stored figures were computed by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

COMPUTING = ("duckdb", "numpy", "pyarrow")


@cache
def code_version(rooms: tuple[str, ...]) -> str:
    """SHA-256 of the code in these rooms of the package, and of the versions of what computes for them.

    What other code computed is never reused, and neither is what another DuckDB added up.
    """
    hashed = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in COMPUTING).encode())
    for room in rooms:
        for name, data in sorted(_modules(files("trigpoint") / room)):
            hashed.update(f"{room}/{name} {len(data)}\n".encode() + data)
    return hashed.hexdigest()


def _modules(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from ((f"{entry.name}/{name}", data) for name, data in _modules(entry))
        elif entry.name.endswith(".py"):
            yield entry.name, entry.read_bytes()
