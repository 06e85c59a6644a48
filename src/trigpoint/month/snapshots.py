"""A snapshot made: every observation and finding of what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import pyarrow.compute as pc

from trigpoint.analysis.assess import assess
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.model import hash_of
from trigpoint.measures.holdings import Records
from trigpoint.measures.reconcile import Reconciliation, reconcile
from trigpoint.month.known import LEDGER
from trigpoint.month.observations import ROOMS, Making
from trigpoint.store.archive import Archive
from trigpoint.store.code import code_version
from trigpoint.store.laid import files
from trigpoint.store.ledger import Ledger
from trigpoint.store.lock import writing
from trigpoint.store.manifest import FINDINGS, OBSERVATIONS, Inputs, LoadUsed, Manifest, Partition
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace
from trigpoint.terms.panel import Panel, State
from trigpoint.terms.period import Month
from trigpoint.terms.progress import Progress, silent


def take_snapshot(
    workspace: Workspace,
    catalogue: Catalogue,
    *,
    at: dt.datetime,
    as_at: dt.datetime | None = None,
    current: Month | None = None,
    progress: Progress = silent,
) -> Manifest:
    """Every observation and finding, from the definitions, decisions and loads known now or ``as_at``.

    Months whose inputs have not changed are not computed again. The present becomes the current
    snapshot; one of the past is kept beside it, and so is one with ``current``, whose figures up to
    that month are rolled up by the tree at its end: it depends on the month that is reported.
    Raises NotFound where nothing has been loaded, or nothing of a month that has figures.
    """
    with writing(workspace.root, "take a snapshot"):
        if as_at is None:
            Ledger(workspace.root, LEDGER).keep(workspace.texts(), at)
        archive, snapshots = Archive(workspace.root), Snapshots(workspace.root)
        made = Making(archive, snapshots, catalogue, as_at, current).made(progress)
        findings = _findings(snapshots, catalogue, made[OBSERVATIONS], progress)
        partitions = {**made, FINDINGS: findings}
        manifest = Manifest(_inputs(archive, catalogue, as_at), partitions)
        if as_at is None and current is None:
            snapshots.publish(manifest)
        else:
            snapshots.keep(manifest)
    return manifest


def _inputs(archive: Archive, catalogue: Catalogue, as_at: dt.datetime | None) -> Inputs:
    return Inputs(
        catalogue.observations_hash,
        catalogue.findings_hash,
        tuple(sorted(LoadUsed.of(load) for code in catalogue.sources for load in archive.loads(code, as_at))),
        code_version(ROOMS),
        tuple(sorted({stone.number for code in catalogue.sources for stone in archive.tombstones(code)})),
    )


def _findings(
    snapshots: Snapshots, catalogue: Catalogue, observations: Mapping[Month, Partition], progress: Progress
) -> dict[Month, Partition]:
    """A month's findings depend on its own figures and on all before it, and on nothing after."""
    keys: dict[Month, str] = {}
    before = hash_of({"code": code_version(ROOMS), "definitions": catalogue.findings_hash})
    for month, partition in sorted(observations.items()):
        before = keys[month] = hash_of([before, partition.sha256])
    made = {month: snapshots.reuse(FINDINGS, month, key) for month, key in keys.items()}
    missing = [month for month, partition in made.items() if partition is None]
    if missing:
        progress("Taking bearings", 0, len(missing))
        panel = Panel.of(snapshots.rows(observations.values()))
        found = assess(panel, catalogue, catalogue.decisions(), missing)
        for done, month in enumerate(missing, start=1):
            made[month] = snapshots.write_part(found.of_month(month).table, keys[month])
            progress("Taking bearings", done, len(missing))
    return {month: partition for month, partition in made.items() if partition is not None}


def snapshot_of(
    workspace: Workspace,
    catalogue: Catalogue,
    *,
    at: dt.datetime,
    as_at: dt.datetime | None = None,
    progress: Progress = silent,
) -> Manifest:
    """The snapshot to read: the current one, unless something that it rests on has changed since."""
    current = Snapshots(workspace.root).current() if as_at is None else None
    if current is not None and current.inputs == _inputs(Archive(workspace.root), catalogue, None):
        return current
    return take_snapshot(workspace, catalogue, at=at, as_at=as_at, progress=progress)


def latest(workspace: Workspace, manifest: Manifest, unit: str) -> Month:
    """The last month in which a unit has a figure; the snapshot's last, where it has none."""
    snapshots = Snapshots(workspace.root)
    for month in sorted(manifest.partitions[OBSERVATIONS], reverse=True):
        held = snapshots.read(manifest, OBSERVATIONS, [month])
        if pc.any(pc.and_(pc.equal(held["unit"], unit), pc.equal(held["state"], State.VALUE))).as_py():
            return month
    return max(manifest.partitions[OBSERVATIONS])


def reconciled(
    workspace: Workspace,
    catalogue: Catalogue,
    manifest: Manifest,
    months: Collection[Month],
    as_at: dt.datetime | None = None,
) -> Reconciliation:
    """Whether, in some months of a snapshot, parts make their wholes. Raises NotFound for other months."""
    archive, snapshots = Archive(workspace.root), Snapshots(workspace.root)
    panel = Panel.of(snapshots.read(manifest, OBSERVATIONS, months))
    rows: dict[str, Records] = {}
    for code, source in catalogue.sources.items():
        standing = archive.effective(code, as_at)
        if source.holds == "records" and standing:
            rows[code] = files(archive, code, as_at)
        elif held := standing.keys() & set(months):
            rows[code] = archive.rows(code, held, as_at)
    return reconcile(panel, catalogue, rows, months)
