"""Organisations with moves in mid-month, closures, successors and members of staff, drawn by Hypothesis."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

DIVISIONS = ("NORTH", "SOUTH")
SERVICES = ("N1", "S1", "S2")
TEAMS = ("A", "B", "C", "D")
STEADY = ("A", "B")
"""Teams that are always open: staff belong to them, and they take over from the others."""
STAFF = ("P1", "P2")
KINDS = ("ward", "community", "")
TURNS = tuple(
    dt.date.fromisoformat(day)
    for day in (
        *("2025-04-01", "2025-10-26", "2025-12-31", "2026-02-28"),
        *("2026-03-01", "2026-03-11", "2026-03-31"),
    )
)
"""The days on which something may change: in mid-month, at its ends, and when the clocks change."""
_HEAD = """\
code,name,level,parent,kind,successor,from,to
ENG,Nation,nation,,,,,
QPT,Quantock,trust,ENG,,,,
XAM,Another trust,trust,ENG,,,,
XT,Another's team,team,XAM,ward,,,
NORTH,North,division,QPT,,,,
SOUTH,South,division,QPT,,,,
N1,North service,service,NORTH,,,,
S1,South service,service,SOUTH,,,,
"""
_DAY = dt.timedelta(days=1)


@st.composite
def units(draw: st.DrawFn) -> str:
    """A ``units.csv``: a service, the teams and the staff each with up to three spells of their own."""
    rows = [_HEAD.rstrip()]
    rows += draw(_spells("S2", "service", DIVISIONS, ("",)))
    for team in TEAMS:
        rows += draw(_spells(team, "team", SERVICES, KINDS, closes=team not in STEADY))
    for person in STAFF:
        rows += draw(_spells(person, "person", STEADY, ("",)))
    return "\n".join(rows) + "\n"


@st.composite
def _spells(
    draw: st.DrawFn,
    code: str,
    level: str,
    parents: tuple[str, ...],
    kinds: tuple[str, ...],
    *,
    closes: bool = False,
) -> list[str]:
    turns = sorted(draw(st.sets(st.sampled_from(TURNS), max_size=2)))
    starts: list[dt.date | None] = [None, *turns]
    ends: list[dt.date | None] = [*(turn - _DAY for turn in turns), None]
    heir = ""
    if closes and turns and draw(st.booleans()):  # it closes on a turn, or opens on one
        if draw(st.booleans()):
            starts.pop()
            ends.pop()
            heir = draw(st.sampled_from(["", *STEADY]))
        else:
            del starts[0], ends[0]
    rows = []
    for start, end in zip(starts, ends, strict=True):
        parent, kind = draw(st.sampled_from(parents)), draw(st.sampled_from(kinds))
        successor = heir if end == ends[-1] else ""
        rows.append(f"{code},{code},{level},{parent},{kind},{successor},{start or ''},{end or ''}")
    return rows
