"""The command that writes decisions."""

from __future__ import annotations

from pathlib import Path

import click

from trigpoint.cli.options import (
    MONTH,
    commands,
    in_workspace,
    now,
)
from trigpoint.month.known import decide, known
from trigpoint.store.workspace import Workspace
from trigpoint.terms.period import Month


@commands.command("decide")
@click.argument("kind", type=click.Choice(["rebase", "exclude", "withdraw"]))
@click.argument("indicator")
@in_workspace
@click.option("-u", "--unit", required=True)
@click.option(
    "-m",
    "--month",
    "of",
    type=MONTH,
    required=True,
    help="Where the new limits start, or whose point is left out.",
)
@click.option("--reason", required=True, help="Why, in words that will stand on the chart.")
@click.option("--by", required=True, help="Who decided: a name and a role.")
def decide_(kind: str, indicator: str, folder: Path, unit: str, of: Month, reason: str, by: str) -> None:
    """Add a decision to the journal: it changes how figures are read, and never the figures."""
    said = {"kind": kind, "indicator": indicator, "unit": unit, "month": str(of), "reason": reason}
    moment, workspace = now(), Workspace.at(folder)
    today = moment.astimezone(known(workspace).settings.zone).date()
    decide(workspace, {"on": str(today), "by": by, **said}, moment)
    click.echo(f"Written to the journal: {kind} of {indicator} at {unit} from {of.words}, by {by}: {reason}")
