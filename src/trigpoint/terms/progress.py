"""How long work tells the person waiting how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called from time to time with the step's name and how much of it is done, in the step's own unit.

    ``total`` is 0 where it is not known beforehand. A call must be cheap, and must not raise.
    """

    def __call__(self, step: str, done: int, total: int, /) -> None: ...


def silent(step: str, done: int, total: int, /) -> None:
    """Progress that nobody watches."""
