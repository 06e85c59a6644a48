"""Commands that work figures out, write them down and explain them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import click

from trigpoint.cli.options import (
    KEYS,
    Screen,
    alone,
    by_tree,
    commands,
    end_of,
    in_workspace,
    known_by,
    now,
    of_month,
    of_unit,
    signed,
)
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.settings import Structure
from trigpoint.explain.keys import SHOWN
from trigpoint.explain.story import explain, records_behind
from trigpoint.measures.reconcile import Reconciliation
from trigpoint.month.changes import changes, changes_in_words, keep_changes
from trigpoint.month.deliveries import Said, take_in_all
from trigpoint.month.known import by_structure, known, marked
from trigpoint.month.purging import due
from trigpoint.month.site import publish
from trigpoint.month.snapshots import latest, reconciled, snapshot_of, take_snapshot
from trigpoint.store.delimited import write_csv
from trigpoint.store.manifest import OBSERVATIONS, Manifest
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace
from trigpoint.terms.period import Month, long_date


@commands.command()
@in_workspace
@known_by
def snapshot(folder: Path, day: dt.datetime | None) -> None:
    """Work out every observation and finding; only what changed is worked out again."""
    workspace = Workspace.at(folder)
    as_at = end_of(day, workspace)
    catalogue = known(workspace, as_at)
    taken = take_snapshot(workspace, catalogue, at=now(), as_at=as_at, progress=Screen())
    click.echo(f"Snapshot {taken.id}")
    last = max(taken.partitions[OBSERVATIONS])
    _tell(reconciled(workspace, catalogue, taken, [last], as_at))


def _tell(found: Reconciliation) -> None:
    """What was found, where anything is added up at all."""
    if found.compared or found.unattributed:
        click.echo("\n".join(found.words()))


@commands.command()
@in_workspace
@of_unit
@of_month
@known_by
@click.option("--pack", default=None, help="Which pack; the first for the unit's level, if left out.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to; WORKSPACE/site, if left out, or site-UNIT, site-as-at-DAY.",
)
@by_tree
@alone
def scorecard(
    folder: Path,
    unit: str | None,
    of: Month | None,
    day: dt.datetime | None,
    pack: str | None,
    out: Path | None,
    structure: Structure | None,
    only: bool,
) -> None:
    """Write the scorecards of a unit and of those below it as a site: pages and open data."""
    workspace = Workspace.at(folder)
    as_at = end_of(day, workspace)
    catalogue = by_structure(known(workspace, as_at), structure)
    manifest = snapshot_of(workspace, catalogue, at=now(), as_at=as_at, progress=Screen())
    if as_at is not None:
        # The past has a mark of its own (and a place), so that nobody takes it for the present.
        catalogue = marked(catalogue, f"As known on {long_date(as_at.date())}.")
    _publish(workspace, catalogue, manifest, Wanted(unit, of, pack, out, as_at, only))


@commands.command("month")
@in_workspace
@of_unit
@of_month
@signed
@click.option(
    "--deliveries",
    "where",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder below which the sources' deliveries are looked for; the workspace, if left out.",
)
@by_tree
@alone
def month_(
    folder: Path,
    unit: str | None,
    of: Month | None,
    by: str,
    where: Path | None,
    structure: Structure | None,
    only: bool,
) -> None:
    """The month from end to end: take new deliveries in, work out what changed, write the scorecards."""
    workspace = Workspace.at(folder)
    run_month(workspace, where or workspace.root, by, unit, of, only=only, structure=structure)
    catalogue = known(workspace)
    for it in due(workspace, catalogue, now().astimezone(catalogue.settings.zone).date()):
        click.echo(
            f"{it.source}: {it.rows:,} rows are kept longer than {it.retain}; `trigpoint retention` says how "
            "to take them away."
        )


def run_month(
    workspace: Workspace,
    where: Path,
    by: str,
    unit: str | None = None,
    of: Month | None = None,
    *,
    only: bool = False,
    structure: Structure | None = None,
    brief: bool = False,
) -> None:
    """The month from end to end, told on the screen; ``brief`` leaves the receipts to the archive."""
    screen, catalogue = Screen(), by_structure(known(workspace), structure)
    for taken in take_in_all(workspace, catalogue, where, Said(by, now()), screen):
        click.echo(f"{taken.receipt.file}: taken in" if brief else taken.words())
    before = Snapshots(workspace.root).current()
    manifest = take_snapshot(workspace, catalogue, at=now(), progress=screen)
    _tell_changes(workspace, catalogue, before, manifest)
    of = of or latest(workspace, manifest, unit or catalogue.settings.home)
    if of in manifest.partitions[OBSERVATIONS]:
        _tell(reconciled(workspace, catalogue, manifest, [of]))
    _publish(workspace, catalogue, manifest, Wanted(unit, of, only=only))


def _tell_changes(
    workspace: Workspace, catalogue: Catalogue, before: Manifest | None, after: Manifest
) -> None:
    """Which figures of months that were there before are no longer what they were."""
    if before is None or before.id == after.id:
        return
    found = changes(workspace, before, after)
    for line in changes_in_words(found, catalogue):
        click.echo(line)
    if (place := keep_changes(workspace, found, after)) is not None:
        click.echo(f"  All of them: {place}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a site is asked for."""

    unit: str | None
    month: Month | None
    pack: str | None = None
    out: Path | None = None
    as_at: dt.datetime | None = None
    only: bool = False


def _publish(workspace: Workspace, catalogue: Catalogue, manifest: Manifest, wanted: Wanted) -> None:
    screen = Screen()
    month = wanted.month or latest(workspace, manifest, wanted.unit or catalogue.settings.home)
    if catalogue.settings.structure == "current":
        manifest = take_snapshot(
            workspace, catalogue, at=now(), as_at=wanted.as_at, current=month, progress=screen
        )
    publish(
        workspace,
        catalogue,
        manifest,
        unit=wanted.unit,
        month=month,
        pack=wanted.pack,
        out=wanted.out,
        as_at=wanted.as_at,
        only=wanted.only,
        processes=None,
        opened=_opened,
        progress=screen,
    )


def _opened(page: Path, following: int) -> None:
    click.echo(f"The scorecard is at {page}")
    if following:
        click.echo(f"It can be read while those of the {following} units below it are written.")


@commands.command()
@in_workspace
@of_month
@known_by
@click.option("--all", "every", is_flag=True, help="Every month, and not only one.")
def reconcile(folder: Path, of: Month | None, day: dt.datetime | None, every: bool) -> None:
    """Whether parts make their wholes: every unit's figures against those of the units below it."""
    workspace = Workspace.at(folder)
    as_at = end_of(day, workspace)
    catalogue = known(workspace, as_at)
    manifest = snapshot_of(workspace, catalogue, at=now(), as_at=as_at, progress=Screen())
    held = manifest.partitions[OBSERVATIONS]
    months = list(held) if every else [of or max(held)]
    click.echo("\n".join(reconciled(workspace, catalogue, manifest, months, as_at).words()))


@commands.command("explain")
@click.argument("indicator")
@in_workspace
@of_unit
@of_month
@known_by
@click.option(
    "--keys",
    type=KEYS,
    default=SHOWN,
    show_default=True,
    help="How many keys of the records behind it to show; all, or a CSV file for them.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
def explain_(
    indicator: str,
    folder: Path,
    unit: str | None,
    of: Month | None,
    day: dt.datetime | None,
    keys: int | Path | None,
    as_json: bool,
) -> None:
    """How one number came about: definition, records or rows, SQL, standard, limits, rule, loads.

    A figure of records is counted again step by step, and its records are named by their keys.
    """
    workspace = Workspace.at(folder)
    as_at = end_of(day, workspace)
    catalogue = known(workspace, as_at)
    manifest = snapshot_of(workspace, catalogue, at=now(), as_at=as_at, progress=Screen())
    unit = unit or catalogue.settings.home
    of = of or latest(workspace, manifest, unit)
    if isinstance(keys, Path):
        table = records_behind(workspace, catalogue, manifest, indicator, unit, of, as_at)
        write_csv(table, keys)
        click.echo(f"The keys of {table.num_rows:,} records are in {keys}", err=True)
    shown = 0 if isinstance(keys, Path) else keys
    told = explain(workspace, catalogue, manifest, indicator, unit, of, as_at, shown)
    click.echo(
        json.dumps(told.as_json(), indent=2, ensure_ascii=False) if as_json else told.words(), nl=as_json
    )
