"""Names that differ in capitals alone, which no engine tells apart: it would answer with the other column."""

from __future__ import annotations

from collections.abc import Iterable


def alike(names: Iterable[str]) -> tuple[str, str] | None:
    """The first name that is another but for its capitals, after that other; None where all differ."""
    seen: dict[str, str] = {}
    for name in names:
        if name.casefold() in seen:
            return seen[name.casefold()], name
        seen[name.casefold()] = name
    return None


def require_distinct(kind: str, names: Iterable[str]) -> None:
    """Raises ValueError where two names differ in capitals alone."""
    if (pair := alike(names)) is not None:
        raise ValueError(f"{kind} {pair[0]!r} and {pair[1]!r} differ in capitals alone: rename one")
