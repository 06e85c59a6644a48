"""Commands that take old or mistaken records away for good."""

from __future__ import annotations

from pathlib import Path

import click

from trigpoint.cli.options import MONTH, commands, in_workspace, now
from trigpoint.month.known import known
from trigpoint.month.purging import due, left_lying, take_away, would_take
from trigpoint.store.archive import Archive
from trigpoint.store.purge import Taking, Which
from trigpoint.store.workspace import Workspace
from trigpoint.terms.errors import NotFound, nearest
from trigpoint.terms.period import Month

PEOPLE = 2


@commands.command()
@in_workspace
def retention(folder: Path) -> None:
    """List what is kept longer than its source declares, with the command that takes it away."""
    workspace = Workspace.at(folder)
    catalogue = known(workspace)
    today = now().astimezone(catalogue.settings.zone).date()
    found = list(due(workspace, catalogue, today))
    for it in found:
        click.echo(f"{it.source}: {it.rows:,} rows {_of(it.months)} are kept longer than {it.retain}")
        click.echo(
            f"   trigpoint purge {it.source} -w {folder} --before {it.before} "
            '--reason "..." --by "..." --by "..."'
        )
    if not found:
        declared = sum(source.retain is not None for source in catalogue.sources.values())
        click.echo(f"Nothing is due: {declared} of {len(catalogue.sources)} sources say how long they keep.")


@commands.command("purge")
@click.argument("source")
@in_workspace
@click.option("--load", "seq", type=click.IntRange(min=1), help="The load of this number.")
@click.option("--before", type=MONTH, help="The rows of every load that are dated before this month.")
@click.option("--reason", required=True, help="Why, in words that will stand in the ledger.")
@click.option("--by", "people", multiple=True, required=True, help="Who decided it: twice, two people.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge_(
    source: str,
    folder: Path,
    seq: int | None,
    before: Month | None,
    reason: str,
    people: tuple[str, ...],
    yes: bool,
) -> None:
    """Take a load of SOURCE, or its old rows, away for good, and leave a tombstone."""
    if (seq is None) == (before is None):
        raise click.UsageError("Say either --load or --before.")
    if len(people) != PEOPLE:
        raise click.UsageError("Two people purge: --by twice.")
    workspace = Workspace.at(folder)
    catalogue = known(workspace)
    sources = Archive(workspace.root).sources()
    if source not in sources:
        raise NotFound(f"no load of {source!r}. {nearest(source, sources)}".strip())
    which = Which(source, seq, before)
    _show(source, would_take(workspace, catalogue, which))
    if not yes:
        click.confirm("Take this away for good?", abort=True)
    stone = take_away(workspace, catalogue, which, at=now(), by=people, reason=reason)
    click.echo(f"{source} {stone.words}. {len(stone.files):,} files are gone; copies elsewhere are not.")
    for path in left_lying(workspace, catalogue, stone):
        click.echo(f"The delivered file is still at {path}: delete it.")
    click.echo(f"Next: trigpoint month -w {folder}")


def _show(source: str, found: Taking) -> None:
    """What would go, and what could not be made again."""
    numbers = ", ".join(str(load.seq) for load in found.loads)
    click.echo(f"{source}: {found.rows:,} rows {_of(found.months)}, of load {numbers}")
    click.echo(f"   {len(found.files):,} files, with the receipts and originals of these loads")
    if found.since is not None:
        reach = f"of {found.since.words} and every month to come"
        reach = reach if found.through is None else _of((found.since, found.through))
        click.echo(
            f"   Figures that rest on them, {reach}, cannot be made again: they will show as not submitted. "
            "Snapshots and pages made before keep them."
        )


def _of(months: tuple[Month, ...]) -> str:
    """The stretch from the first of some months to the last; nothing, where there are none."""
    if not months:
        return "of no month"
    first, last = months[0], months[-1]
    return f"of {first.words}" if first == last else f"of {first.words} to {last.words}"
