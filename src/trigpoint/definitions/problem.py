"""A definition that does not fit with the others, and where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from trigpoint.terms.errors import nearest


@dataclass(frozen=True)
class Problem:
    """``path`` is its section, its code and so on down; ``offset`` a place within the text there."""

    path: tuple[str | int, ...]
    found: str
    expected: str
    remedy: str = ""
    offset: int | None = None


def unknown(path: tuple[str | int, ...], name: str, kind: str, known: Collection[str]) -> Iterator[Problem]:
    """The problem that a name is, where nothing known has it."""
    if name not in known:
        yield Problem(
            path, repr(name), f"the code of {'an' if kind[0] in 'aeio' else 'a'} {kind}", nearest(name, known)
        )
