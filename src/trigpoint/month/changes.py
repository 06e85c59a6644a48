"""What a snapshot changed in months that had figures before: late records, corrections, definitions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.engines.duckdb import query
from trigpoint.store.delimited import write_csv
from trigpoint.store.durable import make_folder
from trigpoint.store.manifest import OBSERVATIONS, Manifest
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace
from trigpoint.terms.panel import ALL
from trigpoint.terms.period import Month

TOLD = 10
"""So many changes of the home trust are told; all of them are in the file."""
_SIDES = ("state", "value", "numerator", "denominator")
_SQL = f"""\
SELECT coalesce(b.indicator, a.indicator) AS indicator, coalesce(b.unit, a.unit) AS unit,
       coalesce(b.cut, a.cut) AS cut, coalesce(b."start", a."start") AS "start",
       coalesce(b."end", a."end") AS "end",
       {", ".join(f"b.{side} AS {side}_before, a.{side} AS {side}" for side in _SIDES)}
FROM before b FULL JOIN after a
  ON a.indicator = b.indicator AND a.unit = b.unit AND a.cut = b.cut
 AND a."start" = b."start" AND a."end" = b."end"
WHERE {" OR ".join(f"b.{side} IS DISTINCT FROM a.{side}" for side in _SIDES)}
ORDER BY "end", indicator, unit, cut
"""  # noqa: S608 - holds no text but our own


def changes(workspace: Workspace, before: Manifest, after: Manifest) -> pa.Table:
    """Every figure of the months of both snapshots that is not what it was, with what it was.

    Columns: indicator, unit, cut, start, end, and of state, value, numerator and denominator what was
    and what is; blank where there was no figure, or is none.
    """
    snapshots = Snapshots(workspace.root)
    was, now = (manifest.partitions.get(OBSERVATIONS, {}) for manifest in (before, after))
    months = [month for month in was if month in now and was[month].sha256 != now[month].sha256]
    if not months:
        nothing = snapshots.read(after, OBSERVATIONS).slice(0, 0)
        return query(_SQL, tables={"before": nothing, "after": nothing})
    tables = {
        "before": snapshots.rows(was[month] for month in months),
        "after": snapshots.rows(now[month] for month in months),
    }
    return query(_SQL, tables=tables)


def changes_in_words(found: pa.Table, catalogue: Catalogue) -> Iterator[str]:
    """How many figures changed, of what and when; then those of the home trust, the newest first."""
    if not found.num_rows:
        return
    ends = sorted({Month.of(day) for day in found["end"].to_pylist()})
    codes = sorted(set(found["indicator"].to_pylist()))
    when = ends[0].words if len(ends) == 1 else f"{ends[0].words} to {ends[-1].words}"
    many = f"{found.num_rows:,} figure{'s' * (found.num_rows != 1)}"
    yield f"Changed since the last snapshot: {many} of {', '.join(codes)}; {when}."
    home = catalogue.settings.home
    ours = found.filter(pc.and_(pc.equal(found["unit"], home), pc.equal(found["cut"], ALL))).to_pylist()
    for row in list(reversed(ours))[:TOLD]:
        month = Month.of(row["end"]).words
        yield f"  {row['indicator']}, {home}, {month}: {_said(row, '_before')} before, now {_said(row, '')}"
    if len(ours) > TOLD:
        yield f"  and {len(ours) - TOLD:,} more of {home}"


def keep_changes(workspace: Workspace, found: pa.Table, after: Manifest) -> Path | None:
    """The file with all of them, below the snapshots; None where nothing changed."""
    place = Snapshots(workspace.root).folder / "changes" / f"{after.id[:16]}.csv"
    if not found.num_rows:
        return None
    if not place.exists():
        make_folder(place.parent)
        write_csv(found, place)
    return place


def _said(row: dict[str, object], when: str) -> str:
    """A figure with the sides that it is made of, or what there is instead."""
    state, value = row[f"state{when}"], row[f"value{when}"]
    if value is None:
        return "no figure" if state is None else str(state).replace("_", " ")
    above, below = row[f"numerator{when}"], row[f"denominator{when}"]
    of = f" ({above:,.12g} of {below:,.12g})" if below is not None else ""
    return f"{value:,.6g}{of}"
