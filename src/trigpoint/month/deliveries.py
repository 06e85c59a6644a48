"""Deliveries in: each received, checked and kept, whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trigpoint.analysis.past.plausible import plausible
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.model import hash_of
from trigpoint.definitions.source import Source
from trigpoint.loads.delivered import Delivered, sha256_of
from trigpoint.loads.expectations import expect
from trigpoint.loads.identifiers import Key
from trigpoint.loads.readers.room import free_memory, no_room
from trigpoint.loads.receipt import Receipt
from trigpoint.loads.receive import Delivery, receive
from trigpoint.month.known import LEDGER
from trigpoint.store.accept import accept
from trigpoint.store.archive import Archive
from trigpoint.store.difference import Difference
from trigpoint.store.incoming import Incoming
from trigpoint.store.ledger import Ledger
from trigpoint.store.load import DIFFERENCE, FIGURES, Hashing, Load, Shape
from trigpoint.store.lock import writing
from trigpoint.store.purge import finish
from trigpoint.store.secret import key_of
from trigpoint.store.workspace import Workspace
from trigpoint.terms.period import Month
from trigpoint.terms.progress import Progress, silent

LISTED = 20
"""Changed cells that are listed on the screen."""


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """A delivery that was taken in, and what it changed: None, if it had been taken in before."""

    receipt: Receipt
    load: Load
    difference: Difference | None

    def words(self) -> str:
        """The receipt for people, and what the load changed."""
        if self.difference is None:
            when = f"{self.load.accepted_at:%d %B %Y at %H:%M} UTC by {self.load.by}"
            return f"{self.receipt.file}: already taken in as load {self.load.seq}, {when}. Nothing changes."
        changes = self.load.changes
        told = f"{changes.added:,} added, {changes.changed:,} changed, {changes.withdrawn:,} withdrawn"
        lines = [self.receipt.words(), f"  load       {self.load.seq}: {told}"]
        lines += [f"    {cell}" for cell in self.difference.words(self.load.shape.key, LISTED)]
        if (rest := self.difference.rows.num_rows - LISTED) > 0:
            lines.append(
                f"    and {rest:,} more, in archive/{self.load.source}/{self.load.name}/{DIFFERENCE}"
            )
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a delivery by whoever brings it: by whom, and when, an instant with its zone.

    ``month`` is the one month it is said to be for. ``covers`` are months it speaks for besides
    those that its rows are in: a replacing delivery withdraws what stood there. ``again`` has a file
    taken in that was purged, and makes the months that it holds whole again.
    """

    by: str
    at: dt.datetime
    month: Month | None = None
    covers: tuple[Month, ...] = ()
    again: bool = False


def take_in(
    workspace: Workspace,
    catalogue: Catalogue,
    code: str,
    delivered: Delivered,
    said: Said,
    progress: Progress = silent,
) -> Taken:
    """Receive a delivery and keep it, whole or not at all. Raises Refused, with the delivery's receipt."""
    source, archive = catalogue.source(code), Archive(workspace.root)
    with writing(workspace.root, f"load {delivered.name}"):
        stands = archive.effective(code)
        held = () if source.delivery == "full_refresh" else (*stands, *archive.purged(code))
        bounds = plausible(archive.rows(code)) if source.holds == "figures" and held and stands else None
        key = key_of(workspace.root, archive.fingerprint()) if source.hashed else None
        received = said.at.astimezone(catalogue.settings.zone).date()
        expected = expect(catalogue, code, said.month, received, bounds, held)
        delivery = receive(delivered, code, source, expected, progress, key)
        progress(f"keeping {delivered.name}", 0, 1)
        accepted = accept(archive, _incoming(delivery, source, said, key), at=said.at, by=said.by)
        Ledger(workspace.root, LEDGER).keep(workspace.texts(), said.at)
        progress(f"keeping {delivered.name}", 1, 1)
    return Taken(delivery.receipt, accepted.load, accepted.difference)


def _incoming(delivery: Delivery, source: Source, said: Said, key: Key | None) -> Incoming:
    delivered = delivery.delivered
    return Incoming(
        source=delivery.source,
        sha256=delivered.sha256,
        source_hash=hash_of(source.meaning()),
        file=delivered.name,
        mode=source.delivery,
        coverage=frozenset(delivery.months) | frozenset(said.covers),
        shape=FIGURES if source.holds == "figures" else Shape(source.key, str(source.dated)),
        table=delivery.table,
        receipt=delivery.receipt.to_json().encode(),
        original=delivered.content if source.keep_original else None,
        asked=delivered.answer is not None,
        hashing=Hashing(key.fingerprint, tuple(sorted(source.hashed.items()))) if key else None,
        again=said.again,
        laid_by=source.unit_field if source.holds == "records" else None,
    )


def take_in_all(
    workspace: Workspace, catalogue: Catalogue, where: Path, said: Said, progress: Progress = silent
) -> Iterator[Taken]:
    """Take in the files below ``where`` that match a source's ``deliveries`` and were not taken in before,
    and what databases answer that is not what they answered last.

    Files that the archive knows, and has to read anew because their source's definition changed,
    come first and in their old order, so that a correction stays one. New files follow by name. What
    was purged is not taken in again.
    """
    archive = Archive(workspace.root)
    with writing(workspace.root, "finish a purge"):
        finish(archive)
    for code, source in catalogue.sources.items():
        if source.format == "odbc":
            delivered = Delivered.asked(code, source, progress)
            if _is_new(archive, code, source, delivered.name, delivered.sha256, progress):
                yield take_in(workspace, catalogue, code, delivered, said, progress)
        if source.deliveries is None:
            continue
        order = {load.sha256: load.seq for load in archive.loads(code)}
        found = []
        for path in where.glob(source.deliveries):
            if path.is_file():
                sha256 = sha256_of(path)
                # Without endings: return.csv stands before return-revised.csv.
                found.append((order.get(sha256, len(order) + 1), path.name.split(".")[0], path, sha256))
        if not found:
            progress(f"No file of {code} ({source.deliveries}) below {where}", 0, 0)
        for _, _, path, sha256 in sorted(found):
            if _is_new(archive, code, source, path.name, sha256, progress):
                delivered = Delivered.at(path, no_room(path, code, source, free_memory()))
                yield take_in(workspace, catalogue, code, delivered, said, progress)


def _is_new(archive: Archive, code: str, source: Source, name: str, sha256: str, progress: Progress) -> bool:
    """Whether a delivery was neither taken in before nor purged."""
    if archive.purged_load(code, sha256) is not None:
        progress(f"{name} of {code} was purged, and is not taken in again", 0, 0)
        return False
    asked = source.format == "odbc"
    return archive.find(code, sha256, hash_of(source.meaning()), last=asked) is None
