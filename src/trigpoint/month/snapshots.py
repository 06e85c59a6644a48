"""A snapshot made: every observation and finding of what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import pyarrow.compute as pc

from trigpoint.analysis.assess import assess
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.model import hash_of
from trigpoint.measures.compile import reached
from trigpoint.measures.compute import observe
from trigpoint.measures.purged import Gone, Purged, purged_records
from trigpoint.measures.reconcile import Reconciliation, reconcile
from trigpoint.month.known import LEDGER
from trigpoint.store.archive import Archive
from trigpoint.store.code import code_version
from trigpoint.store.ledger import Ledger
from trigpoint.store.load import Part
from trigpoint.store.lock import writing
from trigpoint.store.manifest import FINDINGS, OBSERVATIONS, Inputs, LoadUsed, Manifest, Partition
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace
from trigpoint.terms.errors import NotFound
from trigpoint.terms.panel import Panel, State
from trigpoint.terms.period import Month
from trigpoint.terms.progress import Progress, silent

ROOMS = ("terms", "definitions", "engines", "store", "measures", "analysis")
"""The rooms whose code a figure or a finding depends on."""

Standing = Mapping[str, Mapping[Month, tuple[Part, ...]]]
"""The parts that stand for each source and month, oldest first."""


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
    Raises NotFound where nothing has been loaded.
    """
    with writing(workspace.root, "take a snapshot"):
        if as_at is None:
            Ledger(workspace.root, LEDGER).keep(workspace.texts(), at)
        archive, snapshots = Archive(workspace.root), Snapshots(workspace.root)
        standing = {source: archive.effective(source, as_at) for source in catalogue.sources}
        purged = purged_records(archive, catalogue, as_at)
        observations = _observations(
            archive, snapshots, catalogue, standing, purged, as_at, current, progress
        )
        findings = _findings(snapshots, catalogue, observations, progress)
        partitions = {OBSERVATIONS: observations, FINDINGS: findings}
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


def _observations(
    archive: Archive,
    snapshots: Snapshots,
    catalogue: Catalogue,
    standing: Standing,
    purged: Purged,
    as_at: dt.datetime | None,
    current: Month | None,
    progress: Progress,
) -> dict[Month, Partition]:
    held = _once_held(standing, purged)
    through = reached(held)
    if not through:
        raise NotFound("Nothing has been loaded yet. `trigpoint load SOURCE FILE` takes a delivery in.")
    keys = {
        month: hash_of(
            {
                "code": code_version(ROOMS),
                "definitions": catalogue.observations_hash,
                "current": None if current is None else str(current),
                "parts": {code: _parts_for(catalogue, code, of, month) for code, of in standing.items()},
                "reached": {source: month <= last for source, last in through.items()},
                "purged": {source: _gone_json(gone) for source, gone in purged.gone.items()},
            }
        )
        for month in _first(catalogue, held).through(current or max(through.values()))
    }
    made = {month: snapshots.reuse(OBSERVATIONS, month, key) for month, key in keys.items()}
    missing = [month for month, partition in made.items() if partition is None]
    if missing:
        progress("Working out figures", 0, len(missing))
        wanted = set(missing)
        rows = {
            source: archive.rows(source, needed, as_at)
            for source, months in standing.items()
            if (needed := set(months) if _holds_records(catalogue, source) else wanted & months.keys())
        }
        panel = observe(catalogue, missing, rows, through, current, purged)
        for done, month in enumerate(missing, start=1):
            made[month] = snapshots.write_part(panel.of_month(month).table, keys[month])
            progress("Working out figures", done, len(missing))
    return {month: partition for month, partition in made.items() if partition is not None}


def _holds_records(catalogue: Catalogue, source: str) -> bool:
    return catalogue.sources[source].holds == "records"


def _parts_for(
    catalogue: Catalogue, source: str, of: Mapping[Month, tuple[Part, ...]], month: Month
) -> list[str]:
    """The hashes of what a month's figures may rest on: any record may bear on any month."""
    months = of if _holds_records(catalogue, source) else (month,)
    return [part.sha256 for one in months for part in of.get(one, ())]


def _once_held(standing: Standing, purged: Purged) -> dict[str, Collection[Month]]:
    """The months that each source has brought, those that were purged since among them."""
    return {
        source: {*months, *(purged.gone[source].months if source in purged.gone else ())}
        for source, months in standing.items()
    }


def _gone_json(gone: Gone) -> list[str]:
    return [str(gone.since), str(gone.through), *map(str, sorted(gone.months))]


def _first(catalogue: Catalogue, held: Mapping[str, Collection[Month]]) -> Month:
    """The first month with figures: of the sources, and of an indicator in force.

    Records may be dated long before: where their source says from when it is whole, that is its first.
    """
    first = min(
        (catalogue.sources[code].expects.from_ if _holds_records(catalogue, code) else None) or min(months)
        for code, months in held.items()
        if months
    )
    return max(first, min((it.first for it in catalogue.indicators.values()), default=first))


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
    standing = {source: archive.effective(source, as_at) for source in catalogue.sources}
    rows = {
        source: archive.rows(source, held, as_at)
        for source, of in standing.items()
        if (held := {month for month in of if month in months or _holds_records(catalogue, source)})
    }
    return reconcile(panel, catalogue, rows, months)
