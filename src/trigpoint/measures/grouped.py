"""Figures of groups of people: of everyone in the home trust, told apart by a cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from trigpoint.definitions.cut import Cut
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.measure import RecordMeasure
from trigpoint.measures.records import Holdings, partials
from trigpoint.terms.period import Month

# Every group has a figure in every month: none of it is 0, as for units.
_SQL = """\
SELECT wanted.indicator, home.unit, wanted."start", wanted."end", groups.cut,
       coalesce(sum(amounts.numerator), 0) AS numerator,
       coalesce(sum(amounts.denominator), 0) AS denominator,
       CAST(NULL AS DOUBLE) AS value,
       max(wanted.per) AS per,
       coalesce(max(wanted.instead), max(wanted.silence)) AS state,
       0 AS provisional
FROM wanted
CROSS JOIN home
CROSS JOIN groups
LEFT JOIN (
    SELECT parts.* FROM parts
    JOIN ancestors ON ancestors.segment = parts.segment
    JOIN home ON home.unit = ancestors.unit
) AS amounts ON amounts.grouped = groups.name AND amounts."end" BETWEEN wanted."first" AND wanted."end"
GROUP BY wanted.indicator, home.unit, wanted."start", wanted."end", groups.cut
ORDER BY wanted."end", groups.cut
"""


def cut_name(cut: str, group: str) -> str:
    """How a panel names a group: ``age_band=Under 18``. A cut's code holds no ``=``."""
    return f"{cut}={group}"


def by_groups(
    measure: RecordMeasure,
    indicator: Indicator,
    months: Iterable[Month],
    held: Holdings,
    wanted: pa.Table,
) -> Iterator[pa.Table]:
    """For each cut, the sums of its groups in each wanted month; ``cut`` names the group."""
    home, months = held.catalogue.settings.home, list(months)
    for code in indicator.cuts:
        names = _names(held.catalogue.cuts[code])
        tables = {
            "wanted": wanted,
            "home": pa.table({"unit": [home]}),
            "groups": pa.table({"name": names, "cut": [cut_name(code, name) for name in names]}),
            "parts": partials(measure, indicator.kinds, held, months, code),
            "ancestors": held.structure.ancestors,
        }
        yield held.ordered.query(_SQL, tables=tables)


def _names(cut: Cut) -> list[str]:
    return [*(group.name for group in cut.groups), cut.unknown]
