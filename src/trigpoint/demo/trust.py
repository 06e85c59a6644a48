"""The demo trust as a workspace: definitions, units, 36 months of deliveries, and the month after them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from trigpoint.demo.contacts import contacts
from trigpoint.demo.incidents import incidents
from trigpoint.demo.organisation import COLUMNS, HOME, Tree, rows, team_code
from trigpoint.demo.places import SOUTH_WEST
from trigpoint.demo.posts import posts
from trigpoint.demo.publication import publication_rows
from trigpoint.demo.records import known_at, news_of
from trigpoint.demo.referrals import LATER as OF_REFERRALS
from trigpoint.demo.referrals import referrals
from trigpoint.demo.returns import RESTATED, team_rows
from trigpoint.demo.shipped import shipped
from trigpoint.demo.stays import LATER as OF_STAYS
from trigpoint.demo.stays import stays
from trigpoint.demo.timeline import FIRST, LAST, NEXT
from trigpoint.demo.truths import truths
from trigpoint.demo.wider import MONEY, division_rows, money_rows, service_rows
from trigpoint.terms.period import Month

Known: TypeAlias = Callable[[pa.Table, str, Sequence[str]], pa.Table]
"""What of a table is delivered, by the column of its date and those of what may come later."""
DEFAULT = Tree()
PLANTED = "planted.csv"
"""What is planted in the figures: the mark of a demo trust."""
NEXT_MONTH = "next-month"
"""The folder whose deliveries are the month after."""
HISTORY_TO = RESTATED
"""The first delivery holds everything up to this month; each later one a month."""
LATE_TEAMS = team_code(0, 0)[:3]
"""How the codes of the teams begin whose incidents of the last of these months came late: one service's."""
RETURN = ("month", "unit", "figure", "count")
PUBLISHED = ("month", "organisation", "figure", "count", "status")


def workspace(seed: int = 2026, tree: Tree = DEFAULT) -> dict[str, bytes]:
    """Path -> bytes of the whole workspace: the same for a seed and a tree, wherever it is made."""
    return {
        **shipped("demo", "workspace"),
        "definitions/units.csv": table_csv(
            COLUMNS, ([row.get(name, "") for name in COLUMNS] for row in rows(tree))
        ),
        "definitions/peers.yaml": _peers(tree),
        PLANTED: _planted(seed, tree),
        **{f"deliveries/{name}": data for name, data in _deliveries(seed, tree).items()},
        **{f"{NEXT_MONTH}/deliveries/{name}": data for name, data in _month(seed, tree, NEXT).items()},
    }


def _peers(tree: Tree) -> bytes:
    """With whom figures are compared: the South West's trusts, and all of the nation's."""
    near = [HOME, *(code for code, _, region in tree.peers if region == SOUTH_WEST)]
    groups = {
        "south-west": ("Trusts of the South West", near),
        "national": ("Trusts of the nation", [HOME, *(code for code, _, _ in tree.peers)]),
    }
    lines = ["# With whom a figure is fairly compared. A member may have `from` and `to` dates, and a `why`."]
    lines += ["peer_groups:"]
    for code, (title, members) in groups.items():
        lines += [f"  {code}:", f"    title: {title}", "    members:"]
        lines += [f"      - {{unit: {member}}}" for member in members]
    return ("\n".join(lines) + "\n").encode()


def table_csv(header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """A CSV file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue().encode()


def _parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def _planted(seed: int, tree: Tree) -> bytes:
    header = ("kind", "indicator", "unit", "month", "size", "sign", "note")
    told = [
        (it.kind, it.indicator, it.unit, str(it.month), f"{it.size:g}", str(it.sign), it.note)
        for it in truths(seed, tree)
    ]
    happened = [
        (f"event: {it.kind}", "", it.units[0], str(Month.of(it.day)), "", "", it.note) for it in tree.events
    ]
    return table_csv(header, [*told, *happened])


def _deliveries(seed: int, tree: Tree) -> dict[str, bytes]:
    """The first delivery, a month's returns as they were restated, incidents that came late, two months."""
    first = tuple(FIRST.through(HISTORY_TO))
    found = _returns(seed, tree, f"{FIRST}-to-{HISTORY_TO}", first, at_first=True)
    found |= _records(seed, tree, f"{FIRST}-to-{HISTORY_TO}", partial(known_at, month=HISTORY_TO))
    found[f"returns-{RESTATED}-revised.csv"] = table_csv(RETURN, team_rows(seed, tree, [RESTATED]))
    found |= _incidents(seed, tree)
    for month in (HISTORY_TO + 1).through(LAST):
        found |= _month(seed, tree, month)
    return found


def _month(seed: int, tree: Tree, month: Month) -> dict[str, bytes]:
    """What a month brings."""
    return {
        **_returns(seed, tree, str(month), [month]),
        **_records(seed, tree, str(month), partial(news_of, month=month)),
        f"incidents-{month}.parquet": _parquet(_reported(seed, tree, month.start, month.end)),
    }


def _incidents(seed: int, tree: Tree) -> dict[str, bytes]:
    """The first delivery of incidents, and those of one service that it lacked."""
    known = _reported(seed, tree, dt.date.min, HISTORY_TO.end)
    recent = pc.greater_equal(known["occurred"], pa.scalar(HISTORY_TO.start))
    late = pc.and_(recent, pc.starts_with(known["team"], LATE_TEAMS))
    return {
        f"incidents-{FIRST}-to-{HISTORY_TO}.parquet": _parquet(known.filter(pc.invert(late))),
        f"incidents-{HISTORY_TO}-late.parquet": _parquet(known.filter(late)),
    }


def _reported(seed: int, tree: Tree, first: dt.date, last: dt.date) -> pa.Table:
    table = incidents(seed, tree)
    reported = table["reported"]
    after, before = pc.greater_equal(reported, pa.scalar(first)), pc.less_equal(reported, pa.scalar(last))
    return table.filter(pc.and_(after, before))


def _returns(
    seed: int, tree: Tree, name: str, months: Sequence[Month], at_first: bool = False
) -> dict[str, bytes]:
    # Once a further month is out, the one before it is final: each publication but the first holds two.
    published = [months[0] - 1, *months] if len(months) == 1 else months
    return {
        f"returns-{name}.csv": table_csv(RETURN, team_rows(seed, tree, months, at_first)),
        f"service-returns-{name}.csv": table_csv(RETURN, service_rows(seed, tree, months)),
        f"division-returns-{name}.csv": table_csv(RETURN, division_rows(seed, tree, months)),
        f"money-{name}.csv": table_csv(MONEY, money_rows(seed, tree, months)),
        f"publication-{name}.csv": table_csv(PUBLISHED, publication_rows(seed, tree, published, months[-1])),
    }


def _records(seed: int, tree: Tree, name: str, of: Known) -> dict[str, bytes]:
    return {
        f"referrals-{name}.parquet": _parquet(of(referrals(seed, tree), "received", OF_REFERRALS)),
        f"contacts-{name}.parquet": _parquet(of(contacts(seed, tree), "day", ())),
        f"stays-{name}.parquet": _parquet(of(stays(seed, tree), "admitted", OF_STAYS)),
        f"posts-{name}.parquet": _parquet(of(posts(seed, tree), "month", ())),
    }
