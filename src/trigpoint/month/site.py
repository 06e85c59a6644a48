"""A site published: the scorecards of a unit and of all units below it, with all that they rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.month.desk import Desk, Order
from trigpoint.month.snapshots import latest
from trigpoint.month.workers import STEP, each_written
from trigpoint.publish.formats.html import write_site
from trigpoint.store.durable import storing
from trigpoint.store.manifest import FINDINGS, Manifest
from trigpoint.store.workspace import Workspace
from trigpoint.terms.errors import NotFound, Unfinished
from trigpoint.terms.period import Month
from trigpoint.terms.progress import Progress, silent
from trigpoint.terms.unit import Level


def publish(  # noqa: PLR0913 - the options of the command line, each with its name
    workspace: Workspace,
    catalogue: Catalogue,
    manifest: Manifest,
    *,
    unit: str | None = None,
    month: Month | None = None,
    pack: str | None = None,
    out: Path | None = None,
    as_at: dt.datetime | None = None,
    only: bool = False,
    processes: int | None = 1,
    opened: Callable[[Path, int], None] | None = None,
    progress: Progress = silent,
) -> Path:
    """Write the scorecards of a unit and of those below it as a site, and say where its first page is.

    ``only`` writes the one unit alone. ``pack`` is for the unit itself; those below have the first
    for their level. ``out`` is ``site`` in the workspace, if left out, and beside it for another unit
    than the home trust. ``processes`` share the work; None leaves their number to the machine, which
    asks of a program that it can be started a second time. ``opened`` is told the first page as soon
    as it can be read, and how many units follow. Raises NotFound for a unit, month or pack that there
    is not, Unfinished where it is interrupted.
    """
    unit = unit or catalogue.settings.home
    if catalogue.organisation.level(unit) is Level.PERSON:
        raise NotFound(f"{unit} is a person, whose figures are never published.")
    month = month or latest(workspace, manifest, unit)
    if catalogue.organisation.spell(unit, month) is None:
        raise NotFound(f"{unit} was not open in {month.words}.")
    held = sorted(manifest.partitions[FINDINGS])
    if month not in held:
        raise NotFound(
            f"There are no figures for {month.words}: they run from {held[0].words} to {held[-1].words}."
        )
    units = (unit,) if only else (unit, *_below(catalogue, unit, month))
    order = Order(workspace, catalogue, manifest, units, month, pack, as_at)
    place = out or _place(workspace, catalogue, unit, as_at)

    def readable(page: Path) -> None:
        if opened is not None:
            opened(page, len(units) - 1)

    with storing(str(place)), _finished(place):
        progress(STEP, 0, len(units))
        desk = Desk(order)
        (first,) = desk.documents([unit])
        page = write_site(first, place, desk.units_page(), desk.folders()[1:], readable)
        each_written(desk, place, progress, processes)
    return page


def _place(workspace: Workspace, catalogue: Catalogue, unit: str, as_at: dt.datetime | None) -> Path:
    """Where a site goes if nobody says: no other unit's and no past one takes the place of the trust's."""
    named = [] if unit == catalogue.settings.home else [unit]
    named += [] if as_at is None else ["as-at", str(as_at.date())]
    return workspace.site.with_name("-".join([workspace.site.name, *named]))


@contextmanager
def _finished(place: Path) -> Iterator[None]:
    """Whoever stops it is told that pages of two runs may stand side by side, and what to do."""
    try:
        yield
    except KeyboardInterrupt as stopped:
        raise Unfinished(
            f"Stopped while {place} was written: some of its pages are still missing or old. The same "
            "command writes it whole; figures and archive are untouched."
        ) from stopped


def _below(catalogue: Catalogue, unit: str, month: Month) -> tuple[str, ...]:
    """The units below a unit, down to teams; none below one that is not ours, such as the nation.

    A person's figures are never published.
    """
    if not catalogue.at_home(unit, month):
        return ()
    level = catalogue.organisation.level
    return tuple(it for it in catalogue.organisation.below(unit, month) if level(it) is not Level.PERSON)
