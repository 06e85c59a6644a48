"""Old records: what is kept longer than its source declares, and the taking away of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.source import Source
from trigpoint.loads.delivered import sha256_of
from trigpoint.store.archive import Archive
from trigpoint.store.purge import Taking, Which, purge, taking
from trigpoint.store.tombstone import Tombstone
from trigpoint.store.workspace import Workspace
from trigpoint.terms.errors import Fault, TrigpointError
from trigpoint.terms.period import Month


@dataclass(frozen=True, slots=True)
class Due:
    """What a source keeps longer than it declares: so many rows, dated in these months."""

    source: str
    retain: str
    before: Month
    months: tuple[Month, ...]
    rows: int


def due(workspace: Workspace, catalogue: Catalogue, today: dt.date) -> Iterator[Due]:
    """What is due for purging, source by source.

    ``retain: 36 months`` keeps the month under way and the 36 before it.
    """
    archive = Archive(workspace.root)
    for code, source in catalogue.sources.items():
        if source.retain is None:
            continue
        before = Month.of(today) - int(source.retain.split()[0])
        which = Which(code, before=before)
        parts = [part for load in archive.loads(code) for part in load.parts if which.takes(load, part)]
        if parts:
            rows = sum(part.rows for part in parts if not part.moved)
            yield Due(code, source.retain, before, tuple(sorted({part.month for part in parts})), rows)


def would_take(workspace: Workspace, catalogue: Catalogue, which: Which) -> Taking:
    """What a purge would take.

    Raises NotFound where nothing is left to take, and TrigpointError for old records that are in use:
    without an end yet, they count in every month to come.
    """
    found = taking(Archive(workspace.root), which, _end(catalogue, which.source))
    if which.before is not None and found.open:
        fault = Fault(
            which.source,
            found=f"{found.open:,} rows dated before {which.before} that have not ended",
            expected="records that are over",
            remedy="They count in months to come. Have their ends delivered, or purge an earlier month.",
            check="purge",
        )
        raise TrigpointError("Nothing was purged: some of the records are in use.", [fault])
    return found


def take_away(
    workspace: Workspace,
    catalogue: Catalogue,
    which: Which,
    *,
    at: dt.datetime,
    by: Sequence[str],
    reason: str,
) -> Tombstone:
    """Purge, for good: two different people, and a reason. Raises as ``would_take`` does, and
    TrigpointError where there are not two of them.
    """
    people = [" ".join(name.split()) for name in by]
    if len({name.casefold() for name in people if name}) != 2 or len(people) != 2 or not reason.strip():
        fault = Fault(
            which.source,
            found=f"{', '.join(people) or 'nobody'}; the reason {reason.strip()!r}",
            expected="two different people, by name and role, and a reason",
            remedy='Say --by "A. Name, role" --by "B. Name, role" --reason "Why".',
            check="purge",
        )
        raise TrigpointError("Nothing was purged.", [fault])
    would_take(workspace, catalogue, which)
    return purge(
        Archive(workspace.root),
        which,
        at=at,
        by=(people[0], people[1]),
        reason=reason.strip(),
        end=_end(catalogue, which.source),
    )


def left_lying(workspace: Workspace, catalogue: Catalogue, stone: Tombstone) -> list[str]:
    """The files below the workspace that were delivered and purged: they are no part of the archive."""
    source = _declared(catalogue, stone.source)
    if source is None or source.deliveries is None:
        return []
    purged = {load.sha256 for load in Archive(workspace.root).loads(stone.source) if load.purges}
    paths = sorted(path for path in workspace.root.glob(source.deliveries) if path.is_file())
    return [str(path) for path in paths if sha256_of(path) in purged]


def _declared(catalogue: Catalogue, code: str) -> Source | None:
    """A source may be declared no longer, and its records still be kept."""
    return catalogue.sources.get(code)


def _end(catalogue: Catalogue, code: str) -> str | None:
    source = _declared(catalogue, code)
    return source.span.to if source and source.span else None
