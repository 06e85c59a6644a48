"""The command line: for those who may see the whole workspace."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from trigpoint.definitions.reading import json_schema
from trigpoint.definitions.source import Source
from trigpoint.demo import sample, trust
from trigpoint.explain import explain
from trigpoint.loads.delivered import Delivered
from trigpoint.loads.receipt import Receipt, Refused
from trigpoint.month.deliveries import Said, take_in, take_in_all
from trigpoint.month.known import decide, known, marked
from trigpoint.month.site import publish
from trigpoint.month.snapshots import latest, reconciled, snapshot_of, take_snapshot
from trigpoint.publish.formats.return_workbook import return_workbook
from trigpoint.store.accept import RECEIPT
from trigpoint.store.archive import Archive
from trigpoint.store.load import Load
from trigpoint.store.manifest import OBSERVATIONS
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace, create
from trigpoint.terms.errors import DefinitionError, NotFound, TrigpointError, nearest
from trigpoint.terms.period import Month, long_date

INTERRUPTED = 130


class MonthType(click.ParamType[Month]):
    """A month on the command line."""

    name = "YYYY-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        try:
            return value if isinstance(value, Month) else Month.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Screen:
    """Progress on standard error: one line that moves on a terminal, one line a step elsewhere."""

    def __init__(self) -> None:
        self._step = ""
        self._shown = 0.0

    def __call__(self, step: str, done: int, total: int, /) -> None:
        now, new = time.monotonic(), step != self._step
        if sys.stderr.isatty():
            if new or done == total or now - self._shown > 0.1:
                self._shown = now
                share = f" {done:,} of {total:,}" if total else f" {done:,}" * bool(done)
                click.echo(f"\r\033[K{step}{share}", err=True, nl=bool(total) and done == total)
        elif new:
            click.echo(f"{step} ...", err=True)
        self._step = step


MONTH = MonthType()
in_workspace = click.option(
    "-w",
    "--workspace",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
    show_default="this folder",
    help="The workspace's folder.",
)
of_month = click.option(
    "-m", "--month", "of", type=MONTH, help="A month, such as 2026-10; the latest, if left out."
)
of_unit = click.option("-u", "--unit", help="A unit's code; the workspace's home, if left out.")
known_by = click.option(
    "--as-at", "day", type=click.DateTime(["%Y-%m-%d"]), help="With what was known at the end of this day."
)
alone = click.option("--only", is_flag=True, help="The one unit, without those below it.")
signed = click.option("--by", default=getpass.getuser, show_default="your user name", help="Who does this.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="trigpoint")
def commands() -> None:
    """One measured figure for each thing that matters, with its bearings."""


def main() -> None:
    """Run a command. A person's mistakes are told in words; anything else shows its traceback."""
    try:
        commands.main(standalone_mode=False)
    except TrigpointError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped. The workspace is as it was before the step that was under way.", err=True)
        sys.exit(INTERRUPTED)


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
    _run_month(Workspace.at(folder), folder, "the demo", None, None, brief=True)
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
@click.option("--json", "as_json", is_flag=True, help="Print the receipts as JSON.")
def load(
    source: str,
    paths: tuple[Path, ...],
    folder: Path,
    stated: Month | None,
    covers: tuple[Month, Month] | None,
    by: str,
    as_json: bool,
) -> None:
    """Take deliveries of SOURCE in, each whole or not at all, and print their receipts.

    A source of `format: odbc` is asked, and takes no PATHS.
    """
    workspace = Workspace.at(folder)
    catalogue = known(workspace)
    if covers and covers[1] < covers[0]:
        raise click.BadParameter("the last month is before the first", param_hint="--covers")
    said = Said(by, _now(), stated, tuple(covers[0].through(covers[1])) if covers else ())
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
    today = _now().astimezone(catalogue.settings.zone).date()
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
        yield Delivered.at(path)


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
                click.echo(
                    f"{code} {kept.seq}: {kept.file}, {kept.accepted_at:%Y-%m-%d %H:%M} UTC, {kept.by}"
                )
            elif kept.seq == seq:
                click.echo(_kept_receipt(archive, kept, as_json))
                return
    if seq is not None:
        raise NotFound(f"{source} has no load {seq}.")


@commands.command()
@in_workspace
@known_by
def snapshot(folder: Path, day: dt.datetime | None) -> None:
    """Work out every observation and finding; only what changed is worked out again."""
    workspace = Workspace.at(folder)
    as_at = _end_of(day, workspace)
    catalogue = known(workspace, as_at)
    taken = take_snapshot(workspace, catalogue, at=_now(), as_at=as_at, progress=Screen())
    click.echo(f"Snapshot {taken.id}")
    last = max(taken.partitions[OBSERVATIONS])
    click.echo("\n".join(reconciled(workspace, catalogue, taken, [last], as_at).words()))


@commands.command()
@in_workspace
@of_unit
@of_month
@known_by
@click.option("--pack", default=None, help="Which pack; the first for the unit's level, if left out.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to; WORKSPACE/site, if left out, or site-as-at-DAY.",
)
@alone
def scorecard(
    folder: Path,
    unit: str | None,
    of: Month | None,
    day: dt.datetime | None,
    pack: str | None,
    out: Path | None,
    only: bool,
) -> None:
    """Write the scorecards of a unit and of those below it as a site: pages and open data."""
    workspace = Workspace.at(folder)
    as_at = _end_of(day, workspace)
    catalogue = known(workspace, as_at)
    manifest = snapshot_of(workspace, catalogue, at=_now(), as_at=as_at, progress=Screen())
    if as_at is not None:
        # The past has a place and a mark of its own, so that nobody takes it for the present.
        out = out or workspace.root / f"site-as-at-{as_at.date()}"
        catalogue = marked(catalogue, f"As known on {long_date(as_at.date())}.")
    place = publish(
        workspace,
        catalogue,
        manifest,
        unit=unit,
        month=of,
        pack=pack,
        out=out,
        as_at=as_at,
        only=only,
        processes=None,
        progress=Screen(),
    )
    click.echo(f"The scorecard is at {place}")


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
@alone
def month_(folder: Path, unit: str | None, of: Month | None, by: str, where: Path | None, only: bool) -> None:
    """The month from end to end: take new deliveries in, work out what changed, write the scorecards."""
    workspace = Workspace.at(folder)
    _run_month(workspace, where or workspace.root, by, unit, of)


def _run_month(
    workspace: Workspace, where: Path, by: str, unit: str | None, of: Month | None, *, brief: bool = False
) -> None:
    screen, catalogue = Screen(), known(workspace)
    for taken in take_in_all(workspace, catalogue, where, Said(by, _now()), screen):
        click.echo(f"{taken.receipt.file}: taken in" if brief else taken.words())
    manifest = take_snapshot(workspace, catalogue, at=_now(), progress=screen)
    place = publish(
        workspace, catalogue, manifest, unit=unit, month=of, only=only, processes=None, progress=screen
    )
    click.echo(f"The scorecard is at {place}")


@commands.command()
@in_workspace
@of_month
@known_by
@click.option("--all", "every", is_flag=True, help="Every month, and not only one.")
def reconcile(folder: Path, of: Month | None, day: dt.datetime | None, every: bool) -> None:
    """Whether parts make their wholes: every unit's figures against those of the units below it."""
    workspace = Workspace.at(folder)
    as_at = _end_of(day, workspace)
    catalogue = known(workspace, as_at)
    manifest = snapshot_of(workspace, catalogue, at=_now(), as_at=as_at, progress=Screen())
    held = manifest.partitions[OBSERVATIONS]
    months = list(held) if every else [of or max(held)]
    click.echo("\n".join(reconciled(workspace, catalogue, manifest, months, as_at).words()))


@commands.command("explain")
@click.argument("indicator")
@in_workspace
@of_unit
@of_month
@known_by
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
def explain_(
    indicator: str, folder: Path, unit: str | None, of: Month | None, day: dt.datetime | None, as_json: bool
) -> None:
    """How one number came about: definition, rows, SQL, standard, limits, rule, loads."""
    workspace = Workspace.at(folder)
    as_at = _end_of(day, workspace)
    catalogue = known(workspace, as_at)
    manifest = snapshot_of(workspace, catalogue, at=_now(), as_at=as_at, progress=Screen())
    unit = unit or catalogue.settings.home
    of = of or latest(workspace, manifest, unit)
    told = explain(workspace, catalogue, manifest, indicator, unit, of, as_at)
    click.echo(
        json.dumps(told.as_json(), indent=2, ensure_ascii=False) if as_json else told.words(), nl=as_json
    )


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
    now, workspace = _now(), Workspace.at(folder)
    today = now.astimezone(known(workspace).settings.zone).date()
    decide(workspace, {"on": str(today), "by": by, **said}, now)
    click.echo(f"Written to the journal: {kind} of {indicator} at {unit} from {of.words}, by {by}: {reason}")


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


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _end_of(day: dt.datetime | None, workspace: Workspace) -> dt.datetime | None:
    """The last instant of a day in the workspace's time zone."""
    if day is None:
        return None
    zone = known(workspace).settings.zone
    return dt.datetime.combine(day.date(), dt.time.max, tzinfo=zone)
