"""Acceptance: a checked delivery becomes a load, whole or not at all."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path, PurePath

import pyarrow as pa
import pyarrow.csv

from trigpoint.store import parquet
from trigpoint.store.archive import LOAD, Archive
from trigpoint.store.clock import refuse_earlier
from trigpoint.store.difference import Difference
from trigpoint.store.durable import make_folder, sealed, sha256, show, staging, storing, sync, write
from trigpoint.store.incoming import Incoming
from trigpoint.store.load import DIFFERENCE, ORIGINAL, RECEIPT, Load, Part, load_name
from trigpoint.store.lock import writing
from trigpoint.store.plan import Plan, plan
from trigpoint.store.purge import finish
from trigpoint.terms.errors import DeliveryRefused, Fault


@dataclass(frozen=True, slots=True, eq=False)
class Accepted:
    """A load, and what it changed; no ``difference`` where the same file had been accepted before."""

    load: Load
    difference: Difference | None


def accept(archive: Archive, incoming: Incoming, *, at: dt.datetime, by: str) -> Accepted:
    """Keep a delivery as its source's next load, with the difference it makes.

    ``at`` is an instant with its time zone. A file that was accepted before, and is read with a
    definition that means the same, is recognised and not kept again, even if another delivery has
    changed its figures since. Raises DeliveryRefused for rows that the archive cannot tell apart or
    place and for a file that was purged, TrigpointError where the disk refuses or the clock stands
    before the last load, and WorkspaceBusy.
    """
    with writing(archive.workspace, f"accept {incoming.file}"), storing(incoming.file):
        finish(archive)
        if kept := archive.find(incoming.source, incoming.sha256, incoming.source_hash, last=incoming.asked):
            return Accepted(kept, None)
        if not incoming.again:
            _refuse_purged(archive, incoming)
        loads = archive.loads(incoming.source)
        if loads:
            refuse_earlier(at, loads[-1].accepted_at, f"load {loads[-1].seq} of {incoming.source}")
        planned = plan(archive, incoming)
        with staging(archive.folder) as beside:
            load = _build(beside, incoming, planned, len(loads) + 1, at, by)
            make_folder(archive.folder / incoming.source)
            show(beside / load.name, archive.folder / incoming.source / load.name)
    return Accepted(load, planned.difference)


def _refuse_purged(archive: Archive, incoming: Incoming) -> None:
    if (gone := archive.purged_load(incoming.source, incoming.sha256)) is None:
        return
    told = [stone.words for stone in archive.taken_from(gone)]
    fault = Fault(
        incoming.file,
        found=f"load {gone.seq} of {incoming.source}, {'; '.join(told)}",
        expected="a delivery that was not purged",
        remedy="Delete the file if it should not be here; `trigpoint load --again` takes it in anew.",
        check="purged",
    )
    raise DeliveryRefused(f"{incoming.file} was not accepted: it was purged.", [fault])


def _build(beside: Path, incoming: Incoming, planned: Plan, seq: int, at: dt.datetime, by: str) -> Load:
    name = load_name(seq, incoming.sha256)
    (beside / name).mkdir()
    months = [(month, table, False) for month, table in planned.rows.items()]
    months += [(month, table, True) for month, table in planned.moved.items()]
    load = Load(
        source=incoming.source,
        seq=seq,
        sha256=incoming.sha256,
        source_hash=incoming.source_hash,
        file=incoming.file,
        mode=incoming.mode,
        coverage=incoming.coverage,
        shape=incoming.shape,
        columns=incoming.columns,
        accepted_at=at.astimezone(dt.UTC),
        by=by,
        changes=planned.difference.changes,
        parts=tuple(
            _part(beside, incoming, Part(name, month, incoming.shape.key, "", table.num_rows, moved), table)
            for month, table, moved in months
        ),
        attachments=_attach(beside / name, incoming, planned.difference),
        hashing=incoming.hashing,
        again=incoming.again,
    )
    write(beside / name / LOAD, sealed(load.as_json()))
    sync(beside / name)
    return load


def _part(beside: Path, incoming: Incoming, part: Part, table: pa.Table) -> Part:
    laid = incoming.laid_by is not None and not part.moved
    if laid:
        by = [str(incoming.laid_by), incoming.shape.dated, *incoming.shape.key]
        table = table.sort_by([(name, "ascending") for name in dict.fromkeys(by)])
    data = parquet.to_bytes(table)
    write(beside / part.file, data)
    return dataclasses.replace(part, sha256=sha256(data), laid=laid)


def _attach(folder: Path, incoming: Incoming, difference: Difference) -> dict[str, str]:
    listed = io.BytesIO()
    pyarrow.csv.write_csv(difference.rows, listed)
    files = {RECEIPT: incoming.receipt, DIFFERENCE: listed.getvalue()}
    if incoming.original is not None:
        files[ORIGINAL + PurePath(incoming.file).suffix] = incoming.original
    for name, data in files.items():
        write(folder / name, data)
    return {name: sha256(data) for name, data in files.items()}
