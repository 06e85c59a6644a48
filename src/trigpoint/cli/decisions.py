"""The command that writes decisions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import click

from trigpoint.cli.options import (
    MONTH,
    commands,
    in_workspace,
    now,
)
from trigpoint.definitions.decision import Kind, Mark
from trigpoint.month.known import decide, known
from trigpoint.store.workspace import Workspace
from trigpoint.terms.period import Month

_MARK = click.Choice(get_args(Mark))
_MARKS = ("signed_off", "timely", "audited", "robust")
_NEEDED = {"baseline": ("until",), "quality": ("until", *_MARKS)}
"""What each kind says besides what all kinds do."""


@commands.command("decide")
@click.argument("kind", type=click.Choice(get_args(Kind)))
@click.argument("indicator")
@in_workspace
@click.option("-u", "--unit", required=True)
@click.option(
    "-m",
    "--month",
    "of",
    type=MONTH,
    required=True,
    help="Where the new limits start, whose point is left out, or the first month of a baseline or mark.",
)
@click.option("--until", type=MONTH, help="The last month of a baseline or mark.")
@click.option("--signed-off", type=_MARK, help="Of a mark: someone answers for the figure and has seen it.")
@click.option("--timely", type=_MARK, help="Of a mark: it is complete, and comes when it should.")
@click.option("--audited", type=_MARK, help="Of a mark: its accuracy has been checked.")
@click.option("--robust", type=_MARK, help="Of a mark: how it is captured and worked out is written down.")
@click.option("--reason", required=True, help="Why, in words that will stand on the chart.")
@click.option("--by", required=True, help="Who decided: a name and a role.")
def decide_(
    kind: str,
    indicator: str,
    folder: Path,
    unit: str,
    of: Month,
    reason: str,
    by: str,
    until: Month | None,
    **marks: str | None,
) -> None:
    """Add a decision to the journal: it changes how figures are read, and never the figures."""
    more = _more(kind, {"until": str(until) if until else None, **marks})
    said = {"kind": kind, "indicator": indicator, "unit": unit, "month": str(of), **more, "reason": reason}
    moment, workspace = now(), Workspace.at(folder)
    today = moment.astimezone(known(workspace).settings.zone).date()
    decide(workspace, {"on": str(today), "by": by, **said}, moment)
    when = f"{of.words} to {until.words}" if until else of.words
    click.echo(f"Written to the journal: {kind} of {indicator} at {unit} from {when}, by {by}: {reason}")


def _more(kind: str, given: Mapping[str, str | None]) -> dict[str, str | Mapping[str, str]]:
    """What only this kind of decision says, as the journal has it."""
    said = {name: value for name, value in given.items() if value is not None}
    needed = _NEEDED.get(kind, ())
    for names, words in (
        ([name for name in needed if name not in said], "needs"),
        ([name for name in said if name not in needed], "does not take"),
    ):
        if names:
            options = ", ".join(f"--{name.replace('_', '-')}" for name in names)
            raise click.UsageError(f"A decision of kind {kind} {words} {options}.")
    return {"quality": said} if kind == "quality" else dict(said)
