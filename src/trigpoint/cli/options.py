"""What commands share: the group, their options, the screen and the clock."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
import time
from pathlib import Path

import click

from trigpoint.month.known import known
from trigpoint.store.workspace import Workspace
from trigpoint.terms.period import Month


class MonthType(click.ParamType[Month]):
    """A month on the command line."""

    name = "YYYY-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        try:
            return value if isinstance(value, Month) else Month.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class KeysType(click.ParamType[int | Path | None]):
    """How many keys: a number, ``all`` (None), or a CSV file that they go to."""

    name = "N|all|FILE.csv"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | Path | None:
        text = str(value)
        if text.isdecimal():
            return int(text)
        if text != "all" and not text.endswith(".csv"):
            self.fail(f"{text!r} is not a number, `all`, or a file whose name ends with .csv", param, ctx)
        if text != "all" and Path(text).exists():
            self.fail(f"{text} is there already, and is not written over", param, ctx)
        return None if text == "all" else Path(text)


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
KEYS = KeysType()
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
by_tree = click.option(
    "--structure",
    type=click.Choice(["as_was", "current"]),
    help="Roll figures up by the tree of their own time, or of the month reported; as the settings say, "
    "if left out.",
)
alone = click.option("--only", is_flag=True, help="The one unit, without those below it.")
signed = click.option("--by", default=getpass.getuser, show_default="your user name", help="Who does this.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="trigpoint")
def commands() -> None:
    """One measured figure for each thing that matters, with its bearings."""


def now() -> dt.datetime:
    """The moment at which a command does what it does."""
    return dt.datetime.now(dt.UTC)


def end_of(day: dt.datetime | None, workspace: Workspace) -> dt.datetime | None:
    """The last instant of a day in the workspace's time zone."""
    if day is None:
        return None
    zone = known(workspace).settings.zone
    return dt.datetime.combine(day.date(), dt.time.max, tzinfo=zone)
