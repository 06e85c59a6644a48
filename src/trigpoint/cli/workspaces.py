"""Commands that make a workspace and check what it declares."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from trigpoint.cli.figures import run_month
from trigpoint.cli.options import (
    commands,
    in_workspace,
)
from trigpoint.definitions.reading import json_schema
from trigpoint.demo import sample, trust
from trigpoint.month.known import known
from trigpoint.store.workspace import Workspace, create
from trigpoint.terms.errors import DefinitionError, TrigpointError


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "pattern",
    type=click.Path(path_type=Path, exists=True),
    help="Copy this workspace's definitions.",
)
def new(folder: Path, pattern: Path | None) -> None:
    """Make a workspace: a small, commented one with made-up figures, or one with another's definitions."""
    texts = Workspace.at(pattern).texts() if pattern else sample.workspace()
    create(folder, texts)
    click.echo(f"Made {folder} with {len(texts)} files. Next: trigpoint month -w {folder}")


@commands.command("demo")
@click.argument("folder", type=click.Path(path_type=Path), default="demo-trust")
@click.option(
    "--seed", type=click.IntRange(min=0), default=2026, show_default=True, help="Another seed, other figures."
)
def demo_(folder: Path, seed: int) -> None:
    """Make the demo trust, made up from end to end, and run its month."""
    if (folder / trust.PLANTED).is_file():
        remedy = f"trigpoint month -w {folder} runs its month; delete the folder to make it anew."
        raise TrigpointError(f"{folder} is a demo trust already. {remedy}")
    create(folder, trust.workspace(seed))
    click.echo(f"Made {folder}: 36 months of a trust that does not exist. What is planted: {trust.PLANTED}")
    run_month(Workspace.at(folder), folder, "the demo", brief=True)
    further = folder / trust.NEXT_MONTH
    click.echo(f"Another month waits: trigpoint month -w {folder} --deliveries {further}")


@commands.command()
@in_workspace
@click.option("--json", "as_json", is_flag=True, help="Print the faults as JSON.")
def check(folder: Path, as_json: bool) -> None:
    """Read every definition and decision, and say for each fault where it is and what would be right."""
    try:
        catalogue = known(Workspace.at(folder))
    except DefinitionError as error:
        if as_json:
            click.echo(json.dumps([asdict(fault) for fault in error.faults], indent=1, ensure_ascii=False))
        raise
    if as_json:
        click.echo("[]")
        return
    counts = {
        "units": catalogue.organisation.units,
        "indicators": catalogue.indicators,
        "sources": catalogue.sources,
        "decisions": catalogue.journal,
    }
    click.echo(f"No fault found in {', '.join(f'{len(of)} {name}' for name, of in counts.items())}.")


@commands.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default="schema", show_default=True)
def schema(out: Path) -> None:
    """Write JSON Schemas of the definitions, with which an editor completes and checks them."""
    out.mkdir(parents=True, exist_ok=True)
    for name, text in json_schema().items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")
        click.echo(out / name)
