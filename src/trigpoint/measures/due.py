"""When a figure is due: once every source that it draws on has come, for its months and what follows."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable, Mapping
from math import ceil

from trigpoint.definitions.expression import Call, Length, Name, Node, Sum, parse
from trigpoint.definitions.quantity import Quantity, Related
from trigpoint.terms.period import Month

_DAY = dt.timedelta(days=1)


def due(
    quantities: Iterable[Quantity], month: Month, since: Mapping[str, Month], through: Mapping[str, Month]
) -> bool:
    """Whether the figure of a month can be worked out from what the sources hold.

    ``since`` and ``through`` are the first and the last month of which each source holds records.
    """
    return all(_due(it, month, since, through) for it in quantities)


def _due(it: Quantity, month: Month, since: Mapping[str, Month], through: Mapping[str, Month]) -> bool:
    first = it.window.months(month)[0]
    ends = [(it.from_, month)]
    ends += [(one.source, Month.of(reach(it, one, month))) for one in it.related.values()]
    return all(
        source in since and source in through and since[source] <= first and end <= through[source]
        for source, end in ends
    )


def reach(it: Quantity, related: Related, month: Month) -> dt.date:
    """The last day on which a related record may still bear on a month; its own last where nothing says.

    Known where the upper bound is reckoned from the same date as the month, or from ``month_end``.
    """
    text = related.until or related.before
    bound, shift = _reckoned(parse(text)) if text is not None else (None, ())
    if bound == "month_end":
        return max(month.end, _shifted(month.end, shift))
    start, to_month = _reckoned(parse(it.month_of)) if it.month_of is not None else (None, ())
    if bound is None or bound != start:
        return month.end
    return max(month.end, _shifted(_last_within(month, to_month), shift))


Shift = tuple[tuple[int, Length], ...]


def _reckoned(node: Node) -> tuple[str | None, Shift]:
    """The date that another is reckoned from, and the lengths that it is moved by; or None."""
    match node:
        case Name(name=name):
            return name, ()
        case Call(name="date", arguments=(inner,)):
            return _reckoned(inner)
        case Sum(sign="+" | "-" as sign, left=left, right=Length() as length):
            start, before = _reckoned(left)
            return start, (*before, (1 if sign == "+" else -1, length))
    return None, ()


def _shifted(day: dt.date, shift: Shift) -> dt.date:
    """A day moved by lengths; by hours, to the last day that a time of it may come to."""
    for way, length in shift:
        if length.unit == "months":
            month = Month.of(day) + way * length.count
            day = dt.date(month.year, month.number, min(day.day, monthrange(month.year, month.number)[1]))
        else:
            days = {"days": 1.0, "weeks": 7.0, "hours": 1 / 24}[length.unit] * length.count * way
            day += _DAY * ceil(round(days, 6))
    return day


def _last_within(month: Month, shift: Shift) -> dt.date:
    """The last day that is moved into a month."""
    day = _shifted(month.end, tuple((-way, length) for way, length in reversed(shift))) + 4 * _DAY
    while _shifted(day, shift) > month.end:
        day -= _DAY
    return day
