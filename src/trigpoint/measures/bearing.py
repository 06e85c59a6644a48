"""Which months' files of records bear on the figures of which months."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from trigpoint.measures.frames import Frame
from trigpoint.measures.holdings import Holdings
from trigpoint.terms.period import Month


def bearing(
    frame: Frame, held: Holdings, months: Sequence[Month]
) -> dict[Month, Mapping[str, Collection[Month]]]:
    """For each month of figures, the months of each source whose files may hold records of it."""
    every = {source: tuple(held.months_of(source)) for source in frame.sources}
    return {month: every for month in months}
