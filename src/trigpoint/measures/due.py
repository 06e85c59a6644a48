"""When a figure is due: once every source that it draws on has come, for all of its months and what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from trigpoint.definitions.expression import Length, Name, Node, Sum, parse
from trigpoint.definitions.quantity import Quantity, Related
from trigpoint.terms.period import Month

_LONGEST = {"days": 1.0, "weeks": 7.0, "months": 31.0, "hours": 1 / 24}
"""The most days that a length can be."""


def due(
    quantities: tuple[Quantity, ...], month: Month, since: Mapping[str, Month], through: Mapping[str, Month]
) -> bool:
    """Whether the figure of a month can be worked out from what the sources hold.

    ``since`` and ``through`` are the first and the last month of which each source holds records.
    """
    return all(_due(it, month, since, through) for it in quantities)


def _due(it: Quantity, month: Month, since: Mapping[str, Month], through: Mapping[str, Month]) -> bool:
    first = it.window.months(month)[0] if it.gap is None else month
    ends = {it.from_: month, **{one.source: month for one in it.related.values()}}
    for one in it.related.values():
        ends[one.source] = max(ends[one.source], Month.of(month.end + dt.timedelta(days=reach(it, one))))
    return all(
        source in through and since.get(source, first) <= first and end <= through[source]
        for source, end in ends.items()
    )


def reach(it: Quantity, related: Related) -> int:
    """The days after a month's end in which a related record may still bear on it; 0 where nothing says so."""
    last = related.until or related.before
    if last is None:
        return 0
    start = "month_end" if it.at is not None else it.month_of
    begun, ended = _shift(parse(start)) if start else None, _shift(parse(last))
    if begun is None or ended is None or begun[0] != ended[0]:
        return 0
    return max(0, -int(-(ended[1] - begun[1]) // 1))


def _shift(node: Node) -> tuple[str, float] | None:
    """The column that a date is reckoned from, and how many days at most it lies beyond it."""
    match node:
        case Name(name=name):
            return name, 0.0
        case Sum(sign="+" | "-" as sign, left=left, right=Length(count=count, unit=unit)):
            found = _shift(left)
            days = count * _LONGEST[unit]
            return None if found is None else (found[0], found[1] + (days if sign == "+" else -days))
    return None
