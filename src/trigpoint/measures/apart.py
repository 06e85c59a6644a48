"""People, ranks and gaps, as SQL: what cannot be added up, and is found anew for every place.

The query sees what a frame sees, and ``seats`` and ``ancestors`` (``seats``). A place is a unit with all
that lies below it. ``month`` counts months from year 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.expression import Node, parse
from trigpoint.definitions.quantity import Quantity
from trigpoint.definitions.window import APRIL, Window
from trigpoint.engines.dialect import Dialect
from trigpoint.measures.frames import Frame, Framed, framed
from trigpoint.measures.passes import Wanted, kept_truths
from trigpoint.measures.seats import PLACE, PLACED, kept_kinds


@dataclass(frozen=True, slots=True)
class Apart:
    """A query of its own: of a quantity (with the share, of people) at every place."""

    wanted: Wanted
    frame: Frame
    sql: str
    per: int = 1
    changes: bool = False
    """Of people: whether a month's number is what it adds, or takes, and not how many there are."""


def people(
    wanted: Wanted,
    frame: Frame,
    catalogue: Catalogue,
    kinds: tuple[str, ...],
    dialect: Dialect,
    only: tuple[int, int] = (0, 1),
) -> Apart:
    """How many people there are at each place in each month, or how many come in and go out.

    Columns place, month, people, share and anyone: people with enough records, those who have what is
    asked, and those with any record. Where a window is longer than a month, or records last, it is what
    the month adds to (or takes from) them: a record leaves when its window has passed. ``only`` is which
    share of all people, from 0, of how many: what is found of each can be added.
    """
    it, source = wanted.quantity, catalogue.source(frame.source)
    share = parse(wanted.share) if wanted.share is not None else None
    # A record that lasts is one record in all its months, where it matters how many someone has.
    apart = it.during is not None and it.people is not None and it.people > 1
    keys = source.key if apart else ()
    taken, tests = _taken(wanted, frame, catalogue, dialect, str(source.subject), share, keys, only)
    record = [f"record{n}" for n in range(len(keys))]
    by = ["person", "subject", *record]
    counted = f"CAST(coalesce(SUM({tests}), 0) AS BIGINT)" if share is not None else "0"
    listed = ", ".join([*by, "unit", "slice", "month"])
    held_by = ", ".join(f"held.{one}" for one in by if one != "person")
    held = f"SELECT {listed}, COUNT(*) AS n, {counted} AS share\nFROM taken GROUP BY {listed}"
    placed = f"""\
SELECT {PLACE} AS place, {held_by}, held.month, SUM(held.n) AS n, SUM(held.share) AS share
FROM held
{PLACED}
WHERE {_kinds(kinds, dialect)}
GROUP BY {PLACE}, {held_by}, held.month"""  # noqa: S608 - nothing unparsed
    before = f"WITH taken AS (\n{taken}\n),\nheld AS (\n{held}\n),\nplaced AS (\n{placed}\n)"
    if it.window == Window() and not apart:
        sums = ", ".join(
            f"CAST(COUNT(CASE WHEN {name} >= {it.people} THEN 1 END) AS BIGINT) AS {alias}"
            for name, alias in (("n", "people"), ("share", "share"))
        )
        sums += ", COUNT(*) AS anyone"
        sql = f"{before}\nSELECT place, month, {sums}\nFROM placed GROUP BY place, month"
        return Apart(wanted, frame, sql)
    return Apart(wanted, frame, f"{before},\n{_windowed(it, record)}", changes=True)


def _windowed(it: Quantity, record: Sequence[str]) -> str:
    """Each month's records come in, and go out when the window has passed them: a person counts between.

    With ``record``, the columns that name one, each comes in and goes out once.
    """
    out = f"month + {it.window.count}"
    if it.window.kind == "year_to_date":
        out = f"month - ((month + {13 - APRIL}) % 12) + 12"
    listed = ", ".join(["place", "subject", *record])
    events = f"""\
events AS (
SELECT {listed}, month, n AS dn, share AS dshare FROM placed
UNION ALL SELECT {listed}, {out}, -n, -share FROM placed
)"""  # noqa: S608 - nothing unparsed
    if record:
        events += f",\n{_turns('once', 'events', ['place', 'subject', *record], 1)}"
    turns = _turns("turns", "once" if record else "events", ["place", "subject"], it.people or 1)
    return f"""\
{events},
{turns}
SELECT place, month, CAST(SUM(dn) AS BIGINT) AS people, CAST(SUM(dshare) AS BIGINT) AS share,
       CAST(SUM(anyone) AS BIGINT) AS anyone
FROM turns GROUP BY place, month"""  # noqa: S608 - nothing unparsed


def _turns(name: str, changes: str, by: Sequence[str], least: int) -> str:
    """When the running sums of some changes come up to ``least`` (1), and when they fall below it (-1)."""
    keys = ", ".join(by)
    enough = [
        f"CASE WHEN {running} >= {fewest} THEN 1 ELSE 0 END"
        f" - CASE WHEN {running} - {change} >= {fewest} THEN 1 ELSE 0 END AS {alias}"
        for running, change, fewest, alias in (
            ("n", "dn", least, "dn"),
            ("share", "dshare", least, "dshare"),
            ("n", "dn", 1, "anyone"),
        )
    ]
    return f"""\
{name} AS (
SELECT {keys}, month, {", ".join(enough)}
FROM (
SELECT {keys}, month, dn, dshare,
       SUM(dn) OVER (PARTITION BY {keys} ORDER BY month) AS n,
       SUM(dshare) OVER (PARTITION BY {keys} ORDER BY month) AS share
FROM (
SELECT {keys}, month, SUM(dn) AS dn, SUM(dshare) AS dshare FROM {changes} GROUP BY {keys}, month
) AS monthly
) AS running
)"""  # noqa: S608 - nothing unparsed


def ranked(
    wanted: Wanted, frame: Frame, catalogue: Catalogue, kinds: tuple[str, ...], dialect: Dialect
) -> Apart:
    """How often each value comes at each place in each window: columns place, end, value and times, in order.

    The query sees ``windows`` too: the months (``month``) of the window that ends with a month (``end``).
    """
    tree = parse(str(wanted.quantity.amount))
    taken, per = _valued(wanted, frame, catalogue, dialect, tree)
    return Apart(
        wanted,
        frame,
        f"""\
WITH taken AS (
{taken}
),
held AS (
SELECT unit, person, slice, month, amount, COUNT(*) AS n FROM taken WHERE amount IS NOT NULL
GROUP BY unit, person, slice, month, amount
)
SELECT {PLACE} AS place, windows."end", held.amount AS value, CAST(SUM(held.n) AS BIGINT) AS times
FROM held
JOIN windows ON windows.month = held.month
{PLACED}
WHERE {_kinds(kinds, dialect)}
GROUP BY {PLACE}, windows."end", held.amount
ORDER BY place, windows."end", value""",  # noqa: S608 - nothing unparsed
        per,
    )


def dated(
    wanted: Wanted, frame: Frame, catalogue: Catalogue, kinds: tuple[str, ...], dialect: Dialect
) -> Apart:
    """How many events each day has at each place: columns place, day and times, in order."""
    taken, _ = _taken(wanted, frame, catalogue, dialect, f"@{wanted.quantity.gap}", None)
    return Apart(
        wanted,
        frame,
        f"""\
WITH held AS (
SELECT unit, person, slice, subject AS day, COUNT(*) AS n FROM (
{taken}
) AS taken GROUP BY unit, person, slice, subject
)
SELECT {PLACE} AS place, held.day, CAST(SUM(held.n) AS BIGINT) AS times
FROM held
{PLACED}
WHERE {_kinds(kinds, dialect)}
GROUP BY {PLACE}, held.day
ORDER BY place, held.day""",  # noqa: S608 - nothing unparsed
    )


def _kinds(kinds: tuple[str, ...], dialect: Dialect) -> str:
    return kept_kinds(kinds, [dialect.literal(kind) for kind in kinds])


def _taken(
    wanted: Wanted,
    frame: Frame,
    catalogue: Catalogue,
    dialect: Dialect,
    subject: str,
    share: Node | None,
    keys: Sequence[str] = (),
    only: tuple[int, int] = (0, 1),
) -> tuple[str, str]:
    """The records that a quantity keeps, each with its subject (or its day); and SQL of the share's test."""
    trees = [*wanted.trees, *([parse(subject[1:])] if subject.startswith("@") else [])]
    columns = [*keys] if subject.startswith("@") else [subject, *keys]
    within = framed(frame, catalogue, trees, columns, dialect=dialect)
    writer = within.writer
    of = writer.day(parse(subject[1:])) if subject.startswith("@") else writer.names[subject]
    test = writer.truth(share) if share is not None else ""
    selected = [*_belongs(within), f"{of} AS subject"]
    selected += [f"{writer.names[name]} AS record{n}" for n, name in enumerate(keys)]
    held = [f"{of} IS NOT NULL"]
    if only[1] > 1:
        held.append(f"{dialect.share_of(of, only[1])} = {only[0]}")
    return _kept(wanted, within, selected, held), test


def _valued(
    wanted: Wanted, frame: Frame, catalogue: Catalogue, dialect: Dialect, tree: Node
) -> tuple[str, int]:
    within = framed(frame, catalogue, wanted.trees, dialect=dialect)
    number = within.writer.number(tree)
    selected = [*_belongs(within), f"{number.sql} AS amount"]
    return _kept(wanted, within, selected, []), number.per


def _belongs(within: Framed) -> list[str]:
    person = f"CAST({within.person} AS {within.writer.dialect.text}) AS person"
    return [f"{within.unit} AS unit", person, f"{within.slice} AS slice", f"{within.month} AS month"]


def _kept(wanted: Wanted, within: Framed, selected: Sequence[str], held: Sequence[str]) -> str:
    kept = kept_truths(wanted.quantity, within.writer)
    tests = [f"{test} AS {name}" for test, name in within.writer.tests.items()]
    inner = within.query([*selected, *tests], held)
    return f"SELECT * FROM (\n{inner}\n) AS every WHERE {' & '.join(kept)} = 1" if kept else inner  # noqa: S608
