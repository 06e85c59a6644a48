"""People, ranks and gaps, as SQL: what cannot be added up, and is found anew for every place from its records.

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
from trigpoint.measures.passes import Wanted, kept_truth
from trigpoint.measures.seats import PLACED, kept_kinds


@dataclass(frozen=True, slots=True)
class Apart:
    """A query of its own: of a quantity (with the share, of people) at every place."""

    wanted: Wanted
    frame: Frame
    sql: str
    per: int = 1


def people(
    wanted: Wanted, frame: Frame, catalogue: Catalogue, kinds: tuple[str, ...], dialect: Dialect
) -> Apart:
    """How many people come in and go out of the figure at each place in each month.

    Columns place, month, people and share: what the month adds to (or takes from) the number of people
    with enough records within the window that ends then. A record leaves when its window has passed.
    """
    it = wanted.quantity
    subject = str(catalogue.source(frame.source).subject)
    share = parse(wanted.share) if wanted.share is not None else None
    taken, tests = _taken(wanted, frame, catalogue, dialect, subject, share)
    counted = f"CAST(coalesce(SUM({tests}), 0) AS BIGINT)" if share is not None else "0"
    held = f"SELECT subject, unit, slice, month, COUNT(*) AS n, {counted} AS share\nFROM taken GROUP BY subject, unit, slice, month"
    placed = (
        "SELECT ancestors.unit AS place, held.subject, held.month, SUM(held.n) AS n, SUM(held.share) AS share\n"
        f"FROM held\n{PLACED}\nWHERE {_kinds(kinds, dialect)}\n"
        "GROUP BY ancestors.unit, held.subject, held.month"
    )
    before = f"WITH taken AS (\n{taken}\n),\nheld AS (\n{held}\n),\nplaced AS (\n{placed}\n)"
    if it.window == Window():
        sums = ", ".join(
            f"{_enough(name, it)} AS {alias}" for name, alias in (("n", "people"), ("share", "share"))
        )
        return Apart(
            wanted, frame, f"{before}\nSELECT place, month, {sums}\nFROM placed GROUP BY place, month"
        )
    return Apart(wanted, frame, f"{before},\n{_windowed(it)}")


def _enough(name: str, it: Quantity) -> str:
    return f"CAST(COUNT(CASE WHEN {name} >= {it.people} THEN 1 END) AS BIGINT)"


def _windowed(it: Quantity) -> str:
    """Each month's records come in, and go out when the window has passed them: a person counts between."""
    out = f"month + {it.window.count}"
    if it.window.kind == "year_to_date":
        out = f"month - ((month + {13 - APRIL}) % 12) + 12"
    changes = [
        f"CAST(SUM(CASE WHEN {name} >= {it.people} THEN 1 ELSE 0 END"
        f" - CASE WHEN {name} - {change} >= {it.people} THEN 1 ELSE 0 END) AS BIGINT) AS {alias}"
        for name, change, alias in (("n", "dn", "people"), ("share", "dshare", "share"))
    ]
    return f"""\
events AS (
SELECT place, subject, month, n, share FROM placed
UNION ALL SELECT place, subject, {out}, -n, -share FROM placed
),
changes AS (
SELECT place, subject, month, SUM(n) AS dn, SUM(share) AS dshare FROM events GROUP BY place, subject, month
),
running AS (
SELECT place, month, dn, dshare,
       SUM(dn) OVER (PARTITION BY place, subject ORDER BY month) AS n,
       SUM(dshare) OVER (PARTITION BY place, subject ORDER BY month) AS share
FROM changes
)
SELECT place, month, {", ".join(changes)}
FROM running GROUP BY place, month"""  # noqa: S608 - nothing unparsed


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
SELECT unit, slice, month, amount, COUNT(*) AS n FROM taken WHERE amount IS NOT NULL
GROUP BY unit, slice, month, amount
)
SELECT ancestors.unit AS place, windows."end", held.amount AS value, CAST(SUM(held.n) AS BIGINT) AS times
FROM held
JOIN windows ON windows.month = held.month
{PLACED}
WHERE {_kinds(kinds, dialect)}
GROUP BY ancestors.unit, windows."end", held.amount
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
SELECT unit, slice, subject AS day, COUNT(*) AS n FROM (
{taken}
) AS taken GROUP BY unit, slice, subject
)
SELECT ancestors.unit AS place, held.day, CAST(SUM(held.n) AS BIGINT) AS times
FROM held
{PLACED}
WHERE {_kinds(kinds, dialect)}
GROUP BY ancestors.unit, held.day
ORDER BY place, held.day""",  # noqa: S608 - nothing unparsed
    )


def _kinds(kinds: tuple[str, ...], dialect: Dialect) -> str:
    return kept_kinds(kinds, [dialect.literal(kind) for kind in kinds])


def _taken(
    wanted: Wanted, frame: Frame, catalogue: Catalogue, dialect: Dialect, subject: str, share: Node | None
) -> tuple[str, str]:
    """The records that a quantity keeps, each with its subject (or its day); and SQL of the share's test."""
    trees = [*wanted.trees, *([parse(subject[1:])] if subject.startswith("@") else [])]
    columns = [] if subject.startswith("@") else [subject]
    within = framed(frame, catalogue, trees, columns, dialect=dialect)
    writer = within.writer
    of = writer.day(parse(subject[1:])) if subject.startswith("@") else writer.names[subject]
    test = writer.truth(share) if share is not None else ""
    selected = [
        f"{within.unit} AS unit",
        f"{within.slice} AS slice",
        f"{within.month} AS month",
        f"{of} AS subject",
    ]
    return _kept(wanted, within, selected, [f"{of} IS NOT NULL"]), test


def _valued(
    wanted: Wanted, frame: Frame, catalogue: Catalogue, dialect: Dialect, tree: Node
) -> tuple[str, int]:
    within = framed(frame, catalogue, wanted.trees, dialect=dialect)
    number = within.writer.number(tree)
    selected = [
        f"{within.unit} AS unit",
        f"{within.slice} AS slice",
        f"{within.month} AS month",
        f"{number.sql} AS amount",
    ]
    return _kept(wanted, within, selected, []), number.per


def _kept(wanted: Wanted, within: Framed, selected: Sequence[str], held: Sequence[str]) -> str:
    kept = kept_truth(wanted.quantity, within.writer)
    tests = [f"{test} AS {name}" for test, name in within.writer.tests.items()]
    inner = within.query([*selected, *tests], held)
    return f"SELECT * FROM (\n{inner}\n) AS every WHERE {' & '.join(kept)} = 1" if kept else inner  # noqa: S608
