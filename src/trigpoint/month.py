"""The month's run, told as a story: deliveries in, a snapshot made, a scorecard published."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.analysis.assess import assess
from trigpoint.analysis.chance import FALSE_SIGNALS
from trigpoint.analysis.finding import Finding
from trigpoint.analysis.findings import Findings
from trigpoint.analysis.plausible import plausible
from trigpoint.analysis.profile import PROFILES
from trigpoint.analysis.series import series
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.model import hash_of
from trigpoint.definitions.pack import Pack
from trigpoint.definitions.reading import DECISIONS, read_catalogue
from trigpoint.definitions.source import Source
from trigpoint.loads.delivered import Delivered
from trigpoint.loads.expectations import expect
from trigpoint.loads.receipt import Receipt
from trigpoint.loads.receive import Delivery, receive
from trigpoint.measures.compile import reached
from trigpoint.measures.compute import observe
from trigpoint.publish.compose import compose
from trigpoint.publish.compose_indicator import Evidence
from trigpoint.publish.formats.html import write_site
from trigpoint.scorecards.build import MONTHS, build
from trigpoint.store.accept import DIFFERENCE, accept
from trigpoint.store.archive import Archive
from trigpoint.store.code import code_version
from trigpoint.store.difference import Difference
from trigpoint.store.durable import storing
from trigpoint.store.incoming import Incoming
from trigpoint.store.ledger import Ledger
from trigpoint.store.load import FIGURES, Load, Part, Shape
from trigpoint.store.lock import writing
from trigpoint.store.manifest import FINDINGS, OBSERVATIONS, Inputs, LoadUsed, Manifest, Partition
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace, decoded
from trigpoint.terms.errors import NotFound, TrigpointError
from trigpoint.terms.panel import Panel, State
from trigpoint.terms.period import Month
from trigpoint.terms.progress import Progress, silent
from trigpoint.terms.unit import Level

LEDGER = "definitions"
LISTED = 20
"""Changed cells that are listed on the screen."""
ROOMS = ("terms", "definitions", "engines", "store", "measures", "analysis")
"""The rooms whose code a figure or a finding depends on."""

Standing = Mapping[str, Mapping[Month, tuple[Part, ...]]]
"""The parts that stand for each source and month, oldest first."""


def known(workspace: Workspace, as_at: dt.datetime | None = None) -> Catalogue:
    """The workspace's definitions and decisions: as they are, or as they were known at an instant.

    A decision counts from its own day on. Raises DefinitionError for faults in them, NotFound for
    an instant before any were kept.
    """
    texts = workspace.texts() if as_at is None else Ledger(workspace.root, LEDGER).known(as_at).texts
    catalogue = read_catalogue(decoded(texts), PROFILES)
    moment = as_at or dt.datetime.now(dt.UTC)
    last_day = moment.astimezone(catalogue.settings.zone).date()
    return replace(catalogue, journal=tuple(entry for entry in catalogue.journal if entry.on <= last_day))


def marked(catalogue: Catalogue, notice: str) -> Catalogue:
    """The catalogue with one more sentence at the head of its pages."""
    settings = catalogue.settings
    said = f"{notice} {settings.notice}".strip()
    return replace(catalogue, settings=settings.model_copy(update={"notice": said}))


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
    those that its rows are in: a replacing delivery withdraws what stood there.
    """

    by: str
    at: dt.datetime
    month: Month | None = None
    covers: tuple[Month, ...] = ()


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
        held = () if source.delivery == "full_refresh" else tuple(archive.effective(code))
        bounds = plausible(archive.rows(code)) if source.holds == "figures" and held else None
        received = said.at.astimezone(catalogue.settings.zone).date()
        expected = expect(catalogue, code, said.month, received, bounds, held)
        delivery = receive(delivered, code, source, expected, progress)
        progress(f"keeping {delivered.name}", 0, 1)
        accepted = accept(archive, _incoming(delivery, source, said.covers), at=said.at, by=said.by)
        Ledger(workspace.root, LEDGER).keep(workspace.texts(), said.at)
        progress(f"keeping {delivered.name}", 1, 1)
    return Taken(delivery.receipt, accepted.load, accepted.difference)


def _incoming(delivery: Delivery, source: Source, covers: Collection[Month]) -> Incoming:
    delivered = delivery.delivered
    return Incoming(
        source=delivery.source,
        sha256=delivered.sha256,
        source_hash=hash_of(source.meaning()),
        file=delivered.name,
        mode=source.delivery,
        coverage=frozenset(delivery.months) | frozenset(covers),
        shape=FIGURES if source.holds == "figures" else Shape(source.key, str(source.dated)),
        table=delivery.table,
        receipt=delivery.receipt.to_json().encode(),
        original=delivered.content if source.keep_original else None,
        asked=delivered.answer is not None,
    )


def take_in_all(
    workspace: Workspace, catalogue: Catalogue, where: Path, said: Said, progress: Progress = silent
) -> Iterator[Taken]:
    """Take in the files below ``where`` that match a source's ``deliveries`` and were not taken in before,
    and what databases answer that is not what they answered last.

    Files that the archive knows, and has to read anew because their source's definition changed,
    come first and in their old order, so that a correction stays one. New files follow by name.
    """
    archive = Archive(workspace.root)
    for code, source in catalogue.sources.items():
        if source.format == "odbc":
            delivered = Delivered.asked(code, source, progress)
            if archive.find(code, delivered.sha256, hash_of(source.meaning()), last=True) is None:
                yield take_in(workspace, catalogue, code, delivered, said, progress)
        if source.deliveries is None:
            continue
        order = {load.sha256: load.seq for load in archive.loads(code)}
        found = []
        for path in where.glob(source.deliveries):
            if path.is_file():
                sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
                # Without endings: return.csv stands before return-revised.csv.
                found.append((order.get(sha256, len(order) + 1), path.name.split(".")[0], path, sha256))
        if not found:
            progress(f"No file of {code} ({source.deliveries}) below {where}", 0, 0)
        for _, _, path, sha256 in sorted(found):
            if archive.find(code, sha256, hash_of(source.meaning())) is None:
                yield take_in(workspace, catalogue, code, Delivered.at(path), said, progress)


def take_snapshot(
    workspace: Workspace,
    catalogue: Catalogue,
    *,
    at: dt.datetime,
    as_at: dt.datetime | None = None,
    progress: Progress = silent,
) -> Manifest:
    """Every observation and finding, from the definitions, decisions and loads known now or ``as_at``.

    Months whose inputs have not changed are not computed again. The present becomes the current
    snapshot; one of the past is kept beside it. Raises NotFound where nothing has been loaded.
    """
    with writing(workspace.root, "take a snapshot"):
        if as_at is None:
            Ledger(workspace.root, LEDGER).keep(workspace.texts(), at)
        archive, snapshots = Archive(workspace.root), Snapshots(workspace.root)
        standing = {source: archive.effective(source, as_at) for source in catalogue.sources}
        observations = _observations(archive, snapshots, catalogue, standing, as_at, progress)
        findings = _findings(snapshots, catalogue, observations, progress)
        partitions = {OBSERVATIONS: observations, FINDINGS: findings}
        manifest = Manifest(_inputs(archive, catalogue, as_at), partitions)
        if as_at is None:
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
    )


def _observations(
    archive: Archive,
    snapshots: Snapshots,
    catalogue: Catalogue,
    standing: Standing,
    as_at: dt.datetime | None,
    progress: Progress,
) -> dict[Month, Partition]:
    through = reached(standing)
    if not through:
        raise NotFound("Nothing has been loaded yet. `trigpoint load SOURCE FILE` takes a delivery in.")
    first = min(min(months) for months in standing.values() if months)
    keys = {
        month: hash_of(
            {
                "code": code_version(ROOMS),
                "definitions": catalogue.observations_hash,
                "parts": {
                    source: [part.sha256 for part in of.get(month, ())] for source, of in standing.items()
                },
                "reached": {source: month <= last for source, last in through.items()},
            }
        )
        for month in first.through(max(through.values()))
    }
    made = {month: snapshots.reuse(OBSERVATIONS, month, key) for month, key in keys.items()}
    missing = [month for month, partition in made.items() if partition is None]
    if missing:
        progress("Working out figures", 0, len(missing))
        wanted = set(missing)
        figures = {
            source: archive.rows(source, wanted & months.keys(), as_at)
            for source, months in standing.items()
            if wanted & months.keys()
        }
        panel = observe(catalogue, missing, figures, through)
        for done, month in enumerate(missing, start=1):
            made[month] = snapshots.write_part(panel.of_month(month).table, keys[month])
            progress("Working out figures", done, len(missing))
    return {month: partition for month, partition in made.items() if partition is not None}


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


def publish(
    workspace: Workspace,
    catalogue: Catalogue,
    manifest: Manifest,
    *,
    unit: str | None = None,
    month: Month | None = None,
    pack: str | None = None,
    out: Path | None = None,
    as_at: dt.datetime | None = None,
) -> Path:
    """Write the scorecard of a unit and month as a site, and say where its first page is.

    Raises NotFound for a unit, month or pack that there is not.
    """
    unit = unit or catalogue.settings.home
    level = catalogue.organisation.level(unit)
    month = month or latest(workspace, manifest, unit)
    if catalogue.organisation.spell(unit, month) is None:
        raise NotFound(f"{unit} was not open in {month.words}.")
    months = [one for one in manifest.partitions[FINDINGS] if 0 <= month.index - one.index < MONTHS]
    if month not in months:
        held = sorted(manifest.partitions[FINDINGS])
        raise NotFound(
            f"There are no figures for {month.words}: they run from {held[0].words} to {held[-1].words}."
        )
    snapshots, archive = Snapshots(workspace.root), Archive(workspace.root)
    findings = Findings(snapshots.read(manifest, FINDINGS, months))
    scorecard = build(findings.of_unit(unit), catalogue, _pack(catalogue, pack, level), unit, month)
    around = _around(findings.of_month(month), catalogue, unit, month)
    panel = Panel.of(snapshots.read(manifest, OBSERVATIONS))
    evidence = {
        row.code: Evidence(
            series(panel, catalogue, catalogue.decisions(), row.code, unit, month),
            tuple(d for d in catalogue.decisions() if (d.indicator, d.unit) == (row.code, unit)),
            archive.loads(_source(catalogue, row.code, month), as_at),
            tuple(finding for finding in around if finding.indicator == row.code),
        )
        for row in scorecard.rows
    }
    chance = sum(FALSE_SIGNALS[catalogue.profile_of(row.code)] for row in scorecard.charted())
    document = compose(scorecard, catalogue, evidence, snapshot=manifest.id, by_chance=chance)
    place = out or workspace.site
    with storing(str(place)):
        return write_site(document, place)


def _around(findings: Findings, catalogue: Catalogue, unit: str, month: Month) -> list[Finding]:
    """The findings of everyone whom a unit is shown beside: its peers, and the units that it is part of."""
    peers = {member for group in catalogue.peer_groups.values() for member in group.at(month)}
    beside = {*peers, *catalogue.organisation.ancestors(unit, month)} - {unit}
    wanted = pc.is_in(findings.table["unit"], pa.array(sorted(beside), pa.string()))
    return list(Findings(findings.table.filter(wanted)))


def _pack(catalogue: Catalogue, code: str | None, level: Level) -> Pack:
    if code is not None:
        if catalogue.pack(code).level is not level:
            raise NotFound(f"The pack {code} is for a {catalogue.pack(code).level}, not for a {level}.")
        return catalogue.pack(code)
    for pack in catalogue.packs.values():
        if pack.level is level:
            return pack
    raise NotFound(f"No pack is for a {level}. Declare one under `packs`, or name one with --pack.")


def _source(catalogue: Catalogue, indicator: str, month: Month) -> str:
    version = catalogue.indicator(indicator).version(month)
    assert version is not None  # noqa: S101 - a scorecard has rows only for indicators in force
    return version.measure.source


def decide(workspace: Workspace, decision: Mapping[str, str], at: dt.datetime) -> None:
    """Add a decision, its fields as text, to the journal.

    Raises DefinitionError, and writes nothing, where it does not hold.
    """
    try:
        " ".join(decision.values()).encode()
    except UnicodeEncodeError:
        raise TrigpointError("The decision holds bytes that are no text; nothing was written.") from None
    with writing(workspace.root, "decide"):
        texts = workspace.with_decision(decision)
        read_catalogue(decoded(texts), PROFILES)
        workspace.write_journal(texts[DECISIONS])
        Ledger(workspace.root, LEDGER).keep(texts, at)
