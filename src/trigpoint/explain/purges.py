"""What was purged of a source, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from trigpoint.store.archive import Archive
from trigpoint.terms.period import Month


def purges_in_words(
    archive: Archive, source: str, as_at: dt.datetime | None, only: Month | None = None
) -> Iterator[str]:
    """The months of a source that were purged, or one of them."""
    for month, stones in archive.purged(source, as_at).items():
        if only in (None, month):
            yield from (f"{source}, {month.words}: {stone.words}" for stone in stones)
