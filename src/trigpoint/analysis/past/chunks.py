"""Many series a few thousand at a time, so that what is worked out about them fits into memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

from trigpoint.analysis.arrays import Ints

CHUNK = 5_000
T = TypeVar("T")


def chunks(series: int) -> Iterator[Ints]:
    """The places of so many series, in chunks; one empty chunk where there are none."""
    yield from np.array_split(np.arange(series), max(1, -(-series // CHUNK)))


def joined(parts: Sequence[T]) -> T:
    """Dataclasses of arrays, of one chunk each, as one."""
    kind: Any = type(parts[0])
    return kind(*(np.concatenate([getattr(part, it.name) for part in parts]) for it in fields(kind)))  # type: ignore[no-any-return]
