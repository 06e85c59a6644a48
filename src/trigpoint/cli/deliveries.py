"""Commands that take deliveries in and look after what is kept of them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from trigpoint.cli.options import (
    MONTH,
    Screen,
    commands,
    in_workspace,
    now,
    signed,
)
from trigpoint.definitions.source import Source
from trigpoint.loads.delivered import Delivered
from trigpoint.loads.readers.room import free_memory, no_room
from trigpoint.loads.receipt import Receipt, Refused
from trigpoint.loads.split import Part
from trigpoint.loads.split import split as split_file
from trigpoint.month.deliveries import Said, take_in
from trigpoint.month.known import known
from trigpoint.publish.formats.return_workbook import return_workbook
from trigpoint.store.archive import Archive
from trigpoint.store.load import RECEIPT, Load
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace
from trigpoint.terms.errors import NotFound, TrigpointError, nearest
from trigpoint.terms.period import Month


@commands.command()
@click.argument("source")
@click.argument("paths", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1)
@in_workspace
@click.option("-m", "--month", "stated", type=MONTH, help="The one month that the delivery is for.")
@click.option(
    "--covers",
    type=(MONTH, MONTH),
    metavar="FIRST LAST",
    help="The months that it speaks for: a replacing delivery withdraws what it leaves out of them.",
)
@signed
@click.option(
    "--again",
    is_flag=True,
    help="Take in what was purged; the months that it holds rows of count as whole again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the receipts as JSON.")
def load(
    source: str,
    paths: tuple[Path, ...],
    folder: Path,
    stated: Month | None,
    covers: tuple[Month, Month] | None,
    by: str,
    again: bool,
    as_json: bool,
) -> None:
    """Take deliveries of SOURCE in, each whole or not at all, and print their receipts.

    A source of `format: odbc` is asked, and takes no PATHS.
    """
    workspace = Workspace.at(folder)
    catalogue = known(workspace)
    if covers and covers[1] < covers[0]:
        raise click.BadParameter("the last month is before the first", param_hint="--covers")
    said = Said(by, now(), stated, tuple(covers[0].through(covers[1])) if covers else (), again)
    for delivered in _delivered(source, catalogue.source(source), paths):
        try:
            taken = take_in(workspace, catalogue, source, delivered, said, Screen())
        except Refused as refused:
            if as_json:
                click.echo(refused.receipt.to_json())
            raise
        click.echo(taken.receipt.to_json() if as_json else taken.words())


@commands.command()
@click.argument("source")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@in_workspace
@click.option(
    "--out",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder that the months are written to; the file's own, if left out.",
)
def split(source: str, path: Path, folder: Path, out: Path | None) -> None:
    """Write a file of SOURCE's records that is too large to `load` into one file for each month.

    PATH is CSV or Parquet. Every cell stays as it is, and no more than a part of the file is in
    memory at a time.
    """
    declared = known(Workspace.at(folder)).source(source)
    parts = split_file(path, source, declared, out or path.parent, Screen())
    for part in parts:
        click.echo(f"{part.path}: {_rows(part.rows)}")
    click.echo(f"Together {_rows(sum(part.rows for part in parts))}: all that {path.name} holds.")
    _say_what_to_know(parts, source, declared)


def _say_what_to_know(parts: Sequence[Part], code: str, source: Source) -> None:
    """What parts do otherwise than the whole, and the command that loads them."""
    undated = [part for part in parts if part.month is None]
    for part in undated:
        click.echo(
            f"Note: in {_rows(part.rows)}, those of {part.path.name}, {source.dated} is blank or is not "
            "written as the source declares. `load` says which of them, and takes none. Have them put right "
            "in the whole file, and split it again.",
            err=True,
        )
    if source.delivery == "upsert" and source.dated not in source.key:
        click.echo(
            f"Note: a {' and '.join(source.key)} that comes twice is found within a month. In two months it "
            "is taken for a record that moved, and the month that is loaded last has it.",
            err=True,
        )
    if months := [part for part in parts if part.month]:
        names = " ".join(shlex.quote(str(part.path)) for part in months)
        click.echo(f"Load them with:\n  trigpoint load {code} {names}")


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


@commands.command()
@click.argument("source")
@in_workspace
@click.option("-u", "--unit", help="For this unit alone; for every unit that is expected, if left out.")
@click.option(
    "-m", "--month", "of", type=MONTH, help="A month, such as 2026-10; the next one to come, if left out."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to; SOURCE-MONTH.xlsx in this folder, if left out.",
)
def template(source: str, folder: Path, unit: str | None, of: Month | None, out: Path | None) -> None:
    """Write a workbook for SOURCE's figures to be typed into, which `load` reads."""
    workspace = Workspace.at(folder)
    catalogue = known(workspace)
    declared, held = catalogue.source(source), Archive(workspace.root).effective(source)
    today = now().astimezone(catalogue.settings.zone).date()
    of = of or (max(held) + 1 if held else Month.of(today) - 1)
    content = return_workbook(source, declared, catalogue, unit, of)
    place = out or Path(f"{source}-{f'{unit}-' if unit else ''}{of}.xlsx")
    try:
        with place.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise TrigpointError(f"{place} was not written: {error.strerror}.") from error
    click.echo(f"The workbook for {of.words} is at {place}")
    if unit and declared.delivery != "upsert":
        click.echo(
            f"Note: {source} says `delivery: {declared.delivery}`, so that the return of one unit withdraws "
            "the figures of the others. Declare `delivery: upsert` where each unit sends its own.",
            err=True,
        )


def _delivered(code: str, source: Source, paths: tuple[Path, ...]) -> Iterator[Delivered]:
    """The files that were named, or what the source's database answers."""
    if source.format == "odbc":
        if paths:
            raise click.UsageError(f"{code} is asked over ODBC, and takes no files.")
        yield Delivered.asked(code, source, Screen())
    elif not paths:
        raise click.UsageError(f"Name one file or several of {code}: trigpoint load {code} FILE")
    for path in paths:
        yield Delivered.at(path, no_room(path, code, source, free_memory()))


@commands.command()
@in_workspace
@click.argument("source", required=False)
@click.argument("seq", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON.")
def receipt(folder: Path, source: str | None, seq: int | None, as_json: bool) -> None:
    """List the loads; or, with SOURCE and SEQ, print one's receipt again."""
    archive = Archive(Workspace.at(folder).root)
    if source is not None and source not in archive.sources():
        raise NotFound(f"no load of {source!r}. {nearest(source, archive.sources())}".strip())
    for code in [source] if source else archive.sources():
        for kept in archive.loads(code):
            if seq is None:
                told = [f"{kept.file}, {kept.accepted_at:%Y-%m-%d %H:%M} UTC, {kept.by}"]
                told += [stone.words for stone in archive.taken_from(kept)]
                click.echo(f"{code} {kept.seq}: {'; '.join(told)}")
            elif kept.seq == seq:
                click.echo(_kept_receipt(archive, kept, as_json))
                return
    if seq is not None:
        raise NotFound(f"{source} has no load {seq}.")


@commands.command()
@in_workspace
def verify(folder: Path) -> None:
    """Read every stored byte and say whether it is the one that was stored."""
    workspace = Workspace.at(folder)
    Archive(workspace.root).verify()
    current = Snapshots(workspace.root).current()
    click.echo(f"Every stored byte is as it was. Current snapshot: {current.id if current else 'none'}")


def _kept_receipt(archive: Archive, kept: Load, as_json: bool) -> str:
    text = archive.attachment(kept, RECEIPT).decode()
    return text if as_json else Receipt.from_json(text).words()
