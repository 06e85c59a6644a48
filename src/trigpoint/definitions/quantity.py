"""Quantities: one aggregate of a source's records, and the records that they are related to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from trigpoint.definitions.capitals import require_distinct
from trigpoint.definitions.model import Code, Definition, Name, Number, Words, misfit
from trigpoint.definitions.window import Window, WindowField

Expression = Words
"""A condition or a value over a record's columns (``definitions.expression``)."""


def _to_pairs(given: object) -> object:
    if isinstance(given, str):
        return ((given, given),)
    if isinstance(given, dict):
        if not given or not all(isinstance(theirs, str) for theirs in given.values()):
            raise ValueError("a column, or columns as `mine: theirs`")
        return tuple(given.items())
    return given


Match = Annotated[
    tuple[tuple[str, str], ...],
    BeforeValidator(_to_pairs),
    PlainSerializer(dict, return_type=dict[str, str]),
    WithJsonSchema({"oneOf": [{"type": "string"}, {"type": "object"}]}),
]
"""Columns that must be equal: the measured record's, and the related one's."""


def _to_least(given: object) -> object:
    found = re.fullmatch(r"any|at least ([1-9]\d{0,3})", given) if isinstance(given, str) else None
    if found is None:
        raise ValueError("`any`, or `at least 2`")
    return int(found[1] or 1)


People = Annotated[
    int,
    BeforeValidator(_to_least),
    PlainSerializer(lambda least: "any" if least == 1 else f"at least {least}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^(any|at least \d+)$"}),
    Field(ge=1),
]
"""The fewest records that make someone count."""

BOUNDS = {"since": ">=", "after": ">", "until": "<=", "before": "<"}
"""The bounds of a related record's date, and what each asks of it."""


class Related(Definition):
    """Other records that belong to a measured one: whether there is any, how many, the first or the last.

    Exactly one of ``any``, ``count``, ``first`` and ``last`` names their source. ``match`` are the
    columns that must be equal, ``dated`` is theirs; the bounds are said of the measured record. In
    ``where`` bare names are the related record's, and ``this.x`` the measured one's.
    """

    any: Code | None = None
    count: Code | None = None
    first: Code | None = None
    last: Code | None = None
    match: Match
    dated: str
    since: Expression | None = None
    after: Expression | None = None
    until: Expression | None = None
    before: Expression | None = None
    where: Expression | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if [self.any, self.count, self.first, self.last].count(None) != 3:
            raise ValueError("one of any, count, first and last: the source of the related records")
        if (self.since and self.after) or (self.until and self.before):
            raise ValueError("one of since and after, and one of until and before")
        return self

    @property
    def kind(self) -> Literal["any", "count", "first", "last"]:
        """What is asked of the related records."""
        if self.any is not None:
            return "any"
        if self.count is not None:
            return "count"
        return "first" if self.first is not None else "last"

    @property
    def source(self) -> str:
        """The source of the related records."""
        return str(self.any or self.count or self.first or self.last)

    @property
    def single(self) -> bool:
        """Whether it gives a record, whose columns can be asked for."""
        return self.kind in ("first", "last")

    @property
    def bounds(self) -> Iterator[tuple[str, str]]:
        """The sign that stands between their date and each bound, and the bound: ``(">=", "discharged")``."""
        for field, sign in BOUNDS.items():
            if (text := getattr(self, field)) is not None:
                yield sign, text

    @property
    def words(self) -> str:
        """``any of contacts with the same patient, started since discharged``."""
        same = " and ".join(
            f"the same {mine}" if mine == theirs else f"{theirs} equal to {mine}"
            for mine, theirs in self.match
        )
        said = f"{self.kind} of {self.source} with {same}"
        bounds = " and ".join(f"{field} {getattr(self, field)}" for field in BOUNDS if getattr(self, field))
        said += f", {self.dated} {bounds}" if bounds else ""
        return f"{said}, where {self.where}" if self.where else said


class Percentile(Definition):
    """The value that so many per cent of the records do not pass: nearest rank, one that somebody had."""

    of: Expression
    at: Number = Field(gt=0, lt=100, description="per cent")


AGGREGATES = ("count", "sum", "mean", "people", "median", "percentile", "max", "min", "gap")
"""What a quantity may make of its records; exactly one of them."""
_IN_PART = ("sum", "people")


class Quantity(Definition):
    """One aggregate of a source's records, for each unit and month.

    A record belongs to the month of ``month_of``; with ``at: month_end``, to each month at whose end
    its span is open; with ``during: month``, in part to each month that its span overlaps. Of its
    records, ``where`` keeps and ``except`` removes those for which it is true. Its unit is the
    record's own, or that of ``unit_of``.
    """

    from_: Code = Field(alias="from")
    related: dict[Name, Related] = Field(default_factory=dict)
    month_of: Expression | None = None
    at: Literal["month_end"] | None = None
    during: Literal["month"] | None = None
    unit_of: Expression | None = None
    where: Expression | None = None
    except_: Expression | None = Field(default=None, alias="except")
    count: Literal["records"] | None = None
    sum: Expression | None = None
    mean: Expression | None = None
    people: People | None = None
    median: Expression | None = None
    percentile: Percentile | None = None
    max: Expression | None = None
    min: Expression | None = None
    gap: Expression | None = None
    window: WindowField = Field(default_factory=Window)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        require_distinct("related", self.related)
        named = [field for field in AGGREGATES if getattr(self, field) is not None]
        if len(named) != 1:
            expected = f"one of `count: records`, {', '.join(AGGREGATES[1:-1])} and gap"
            raise ValueError(f"{expected}; not {' and '.join(named)}" if named else expected)
        times = [self.month_of, self.at, self.during]
        if self.gap is not None and times.count(None) != 3:
            raise ValueError("`gap` follows events one by one: leave month_of, at and during out")
        if self.gap is None and times.count(None) != 2:
            raise ValueError("a record needs one of month_of, `at: month_end` and `during: month`")
        if self.during is not None and named[0] not in _IN_PART:
            raise ValueError(
                "`during: month` takes a record in part: a sum such as nights_in(month), or people"
            )
        return self._windowed()

    def _windowed(self) -> Self:
        if self.gap is not None and self.window != Window():
            raise ValueError("`gap` follows events one by one: leave window out")
        if self.at is not None and self.window.kind != "average" and self.window != Window():
            found = f"`window: {self.window}`, which cannot add a month-end stock"
            average = f"average of {self.window.count} months"
            raise misfit(("window",), found, "the average of stocks", f"Did you mean: {average}?")
        if self.window.kind == "average" and (self.at is None or self.aggregate not in ("count", "sum")):
            raise ValueError(f"`window: {self.window}` is for a count or a sum with `at: month_end`")
        return self

    @property
    def aggregate(self) -> str:
        """What is made of the records: one of ``AGGREGATES``."""
        return next(field for field in AGGREGATES if getattr(self, field) is not None)

    @property
    def amount(self) -> str | None:
        """The expression that the aggregate is of; None where records or people are counted."""
        if self.percentile is not None:
            return self.percentile.of
        return self.sum or self.mean or self.median or self.max or self.min or self.gap

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that it draws on: its own, and those of related records."""
        return tuple(dict.fromkeys([self.from_, *(it.source for it in self.related.values())]))

    @property
    def words(self) -> str:
        """``of stays, by month of discharged, where ward = 'A': the number``."""
        return f"of {self.records_in_words}: {self.aggregate_in_words}{self.related_in_words}"

    @property
    def records_in_words(self) -> str:
        """Which records, and when: ``stays, by month of discharged, where ward = 'A'``."""
        said = [self.from_]
        if self.month_of:
            said.append(f"by month of {self.month_of}")
        elif self.gap is None:
            said.append("in the days that fall in the month" if self.during else "open at the month's end")
        said += [f"at the unit of {self.unit_of}"] if self.unit_of else []
        said += [f"where {self.where}"] if self.where else []
        said += [f"except {self.except_}"] if self.except_ else []
        return ", ".join(said)

    @property
    def related_in_words(self) -> str:
        """What its related records are: ``; contact: any of contacts with the same patient``."""
        return "".join(f"; {name}: {it.words}" for name, it in self.related.items())

    @property
    def aggregate_in_words(self) -> str:
        """What is made of them: ``the sum of cost``."""
        if self.count is not None:
            return "the number"
        if self.people is not None:
            return "the people" if self.people == 1 else f"the people with at least {self.people}"
        if self.percentile is not None:
            return f"the {self.percentile.of} that {self.percentile.at:g} per cent do not pass"
        if self.gap is not None:
            return f"the days from each {self.gap} to the next"
        named = {"max": "largest", "min": "smallest"}.get(self.aggregate)
        return f"the {named} {self.amount}" if named else f"the {self.aggregate} of {self.amount}"
