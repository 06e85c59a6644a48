"""What a quantity comes to, from the records that are left; and whether that is the figure that was kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pyarrow as pa

from trigpoint.definitions.measure import RecordMeasure
from trigpoint.explain.steps import Counts, Taking
from trigpoint.measures.grid import Axes
from trigpoint.measures.ranks import gaps, picked
from trigpoint.measures.records import ITSELF, OVER


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity's amount; of a share, also how much of it ``with`` holds for; of a mean, of how many values.

    None where there is none, as of the median of nothing.
    """

    amount: float | None
    share: float | None = None
    known: int | None = None

    @property
    def value(self) -> float | None:
        """The one number that it stands for in a formula."""
        if self.known is None or self.amount is None:
            return self.amount
        return self.amount / self.known if self.known else None


def amount(of: Taking, counts: Counts) -> Amount:
    """The amount of a quantity at its place, worked out for this one figure."""
    it = of.quantity
    if it.people is not None:
        return _people(of)
    if it.gap is not None or it.median is not None or it.percentile is not None:
        return Amount(_picked(of))
    if it.count is not None:
        over = _averaged(of)
        share = None if counts.with_ is None else float(Fraction(counts.with_.left, over))
        return Amount(float(Fraction(counts.kept, over)), share)
    merge = {"max": "MAX", "min": "MIN"}.get(it.aggregate, "SUM")
    answer = of.ask(f"SELECT {merge}(amount) AS amount FROM placed WHERE {of.kept}")  # noqa: S608 - nothing unparsed
    found = answer["amount"][0].as_py()
    if found is None:
        return Amount(0.0 if merge == "SUM" else None, known=0 if it.mean is not None else None)
    exact = Fraction(found) / of.per / _averaged(of)
    return Amount(float(exact), known=counts.known if it.mean is not None else None)


def _averaged(of: Taking) -> int:
    window = of.quantity.window
    return window.count if window.kind == "average" else 1


def _people(of: Taking) -> Amount:
    """Those with enough records. A record counts once, in however many months it lies."""
    least, keys = of.quantity.people, ", ".join(f"key{n}" for n in range(len(of.keys)))
    where = of.held.dialect.count_where
    answer = of.ask(f"""\
SELECT {where(f"n >= {least}")} AS people, {where(f"share >= {least}")} AS share
FROM (
SELECT subject, COUNT(*) AS n, SUM(share) AS share
FROM (
SELECT subject, {keys}, MAX(CASE WHEN held = 1 THEN 1 ELSE 0 END) AS share
FROM placed WHERE {of.kept} AND subject IS NOT NULL GROUP BY subject, {keys}
) AS each_record GROUP BY subject
) AS each_person""")  # noqa: S608 - nothing unparsed
    found = answer.to_pylist()[0]
    share = None if of.wanted.share is None else float(found["share"])
    return Amount(float(found["people"]), share)


def _picked(of: Taking) -> float | None:
    """A median, a percentile or a gap, from how often each value comes."""
    place = of.place
    name = "day" if of.quantity.gap is not None else "value"
    answer = of.ask(
        f"SELECT amount AS {name}, COUNT(*) AS times FROM placed\n"  # noqa: S608 - nothing unparsed
        f"WHERE {of.kept} AND amount IS NOT NULL GROUP BY amount ORDER BY amount"
    )
    axes, rows = Axes.of([place.unit], [place.month]), answer.num_rows
    answer = answer.append_column("place", pa.array([place.unit] * rows, pa.string()))
    answer = answer.append_column("end", pa.array([place.month.index] * rows, pa.int32()))
    grid = gaps(answer, axes) if name == "day" else picked(of.quantity, answer, of.per, axes)
    found = float(grid[0, 0])
    return None if math.isnan(found) else found


@dataclass(frozen=True, slots=True)
class Sides:
    """A figure's numbers, as far as there are any."""

    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None

    def same(self, other: Sides) -> bool:
        """Whether two figures are one, but for the last digit of a float."""
        pairs = (
            (self.numerator, other.numerator),
            (self.denominator, other.denominator),
            (self.value, other.value),
        )
        return all(
            one == two
            or (one is not None and two is not None and math.isclose(one, two, rel_tol=1e-12, abs_tol=1e-12))
            for one, two in pairs
        )


def sides_of(measure: RecordMeasure, found: Mapping[str, Amount], scale: float) -> Sides:
    """The numbers of a measure over records, from the amounts of its quantities. ``scale`` is of ratios."""
    one = found[ITSELF]
    above, below = one.amount, None
    if measure.with_ is not None:
        above, below = one.share, one.amount
    elif measure.over is not None:
        below = found[OVER].amount
    elif measure.mean is not None:
        above, below, scale = one.amount, float(one.known or 0), 1.0
    elif measure.counts:
        return Sides(above, None, above)
    else:
        return Sides(None, None, above)
    if not below:
        return Sides(above, below, None)
    return Sides(above, below, None if above is None else scale * above / below)
