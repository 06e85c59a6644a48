"""A site published: the scorecard of a unit and month, with all that it rests on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.analysis.chance import FALSE_SIGNALS
from trigpoint.analysis.finding import Finding
from trigpoint.analysis.findings import Findings
from trigpoint.analysis.series import series
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.pack import Pack
from trigpoint.month.snapshots import latest
from trigpoint.publish.compose import compose
from trigpoint.publish.compose_indicator import Evidence
from trigpoint.publish.formats.html import write_site
from trigpoint.scorecards.build import MONTHS, build
from trigpoint.store.archive import Archive
from trigpoint.store.durable import storing
from trigpoint.store.manifest import FINDINGS, OBSERVATIONS, Manifest
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace
from trigpoint.terms.errors import NotFound
from trigpoint.terms.panel import Panel
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level


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
