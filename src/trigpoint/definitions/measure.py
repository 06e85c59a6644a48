"""Measures: an indicator's arithmetic, over figures that were returned or over records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    WithJsonSchema,
    model_validator,
)

from trigpoint.definitions.model import Code, Definition, Number, Words
from trigpoint.terms.unit import Level


def _to_months(given: object) -> object:
    found = re.fullmatch(r"(\d{1,3}) months?", given) if isinstance(given, str) else None
    if found is None and (isinstance(given, bool) or not isinstance(given, int)):
        raise ValueError("so many months, such as `3 months`")
    return int(found[1]) if found else given


Months = Annotated[
    int,
    BeforeValidator(_to_months),
    PlainSerializer(lambda n: f"{n} month{'s' if n > 1 else ''}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+ months?$", "description": "such as 3 months"}),
    Field(ge=1, le=60),
]
Items = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda given: [given] if isinstance(given, str) else given),
    WithJsonSchema({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
    Field(min_length=1),
]
"""One figure of a source, or several to be added."""

Expression = Words
"""A condition or a quantity over a record's columns (``definitions.expression``)."""


class Measure(Definition):
    """The arithmetic over a source's returned figures.

    ``numerator`` over ``denominator`` (each added up where several are named), times ``per``;
    ``count`` is a numerator that needs no denominator; ``value`` is taken as it was published
    and is therefore neither rolled up nor given an interval. ``rolls_up_from`` names the level
    whose units return figures: wider units' are added up from theirs.
    """

    source: Code
    numerator: Items | None = None
    denominator: Items | None = None
    count: Items | None = None
    value: str | None = None
    per: Number | None = Field(default=None, gt=0)
    window: Months = 1
    rolls_up_from: Level | None = None
    coverage: Number | None = Field(
        default=None, gt=0, le=1, description="the share of its parts that a roll-up of a ratio can do with"
    )

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        ratio = self.numerator is not None and self.denominator is not None
        if (self.numerator is None) != (self.denominator is None):
            raise ValueError("numerator and denominator come together; a count alone is `count`")
        if [ratio, self.count is not None, self.value is not None].count(True) != 1:
            raise ValueError("a measure is one of numerator with denominator, count, and value")
        if self.per is not None and not ratio:
            raise ValueError("per belongs to a numerator with a denominator")
        if self.rolls_up_from is not None and self.value is not None:
            raise ValueError("a value alone cannot be rolled up: give its numerator and denominator")
        if self.coverage is not None and not (ratio and self.rolls_up_from):
            raise ValueError("coverage belongs to a numerator with a denominator that is rolled up")
        return self

    @property
    def words(self) -> str:
        """The arithmetic in one line."""
        if self.value is not None:
            return f"{self.value}, as published"
        if self.count is not None:
            return " + ".join(self.count)
        per = f" × {self.per:,g}" if self.per is not None else ""
        return f"({' + '.join(self.numerator or ())}) ÷ ({' + '.join(self.denominator or ())}){per}"

    @property
    def items(self) -> tuple[str, ...]:
        """Every figure of the source that is used, numerator first."""
        if self.value is not None:
            return (self.value,)
        return self.count or ((self.numerator or ()) + (self.denominator or ()))

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that it draws on."""
        return (self.source,)

    @property
    def ratio(self) -> bool:
        """Whether it is a numerator over a denominator."""
        return self.denominator is not None

    @property
    def counts(self) -> bool:
        """Whether it is a number without a denominator."""
        return self.count is not None

    @property
    def additive(self) -> bool:
        """Whether parts can be added up."""
        return self.value is None


class Quantity(Definition):
    """One aggregate of a source's records, for each unit and month.

    A record belongs to the month of ``month_of``; with ``at: month_end``, to each month at whose end
    its span is open; with ``during: month``, in part to each month that its span overlaps. Of its
    records, ``where`` keeps and ``except`` removes those for which it is true.
    """

    from_: Code = Field(alias="from")
    month_of: Expression | None = None
    at: Literal["month_end"] | None = None
    during: Literal["month"] | None = None
    where: Expression | None = None
    except_: Expression | None = Field(default=None, alias="except")
    count: Literal["records"] | None = None
    sum: Expression | None = None

    @property
    def words(self) -> str:
        """``of stays, by month of discharged, where ward = 'A': the number``."""
        return f"of {self._records}: {self._aggregate}"

    @property
    def _records(self) -> str:
        when = f"by month of {self.month_of}" if self.month_of else "open at the month's end"
        said = [self.from_, "in the days that fall in the month" if self.during else when]
        said += [f"where {self.where}"] if self.where else []
        return ", ".join([*said, f"except {self.except_}"] if self.except_ else said)

    @property
    def _aggregate(self) -> str:
        return "the number" if self.count is not None else f"the sum of {self.sum}"

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if [self.month_of, self.at, self.during].count(None) != 2:
            raise ValueError("a record needs one of month_of, `at: month_end` and `during: month`")
        return self

    @model_validator(mode="after")
    def _one_aggregate(self) -> Self:
        if [self.count, self.sum].count(None) != 1:
            raise ValueError("one of `count: records` and sum")
        return self._summed_within_a_month()

    def _summed_within_a_month(self) -> Self:
        if self.during is not None and self.sum is None:
            raise ValueError("`during: month` takes a record in part: a sum such as nights_in(month)")
        return self


class RecordMeasure(Quantity):
    """The arithmetic over a source's records, worked out for every unit from the records themselves.

    A quantity alone; the share of it for which ``with`` is true; one quantity ``over`` another,
    times ``per``; or the ``median`` of an expression. ``window`` adds up so many months.
    """

    median: Expression | None = None
    with_: Expression | None = Field(default=None, alias="with")
    over: Quantity | None = None
    per: Number | None = Field(default=None, gt=0)
    window: Months = 1

    @model_validator(mode="after")
    def _one_aggregate(self) -> Self:
        if [self.count, self.sum, self.median].count(None) != 2:
            raise ValueError("one of `count: records`, sum and median")
        if self.median is not None and (self.with_ or self.over or self.during):
            raise ValueError("a median stands alone, of records with a month or at a month's end")
        if self.with_ is not None and (self.over is not None or self.count is None):
            raise ValueError("`with` is a share of `count: records`; `over` is another quantity: one of them")
        if self.per is not None and not self.ratio:
            raise ValueError("per belongs to `with` or `over`")
        if self.window > 1 and self._stock:
            raise ValueError(f"`window: {self.window} months` cannot add a month-end stock")
        return self._summed_within_a_month()

    @property
    def words(self) -> str:
        """The arithmetic in one sentence."""
        said = f"Of {self._records}: {self._aggregate}"
        said += f", over that {self.over.words}" if self.over is not None else ""
        said += f", × {self.per:,g}" if self.per is not None else ""
        return f"{said}, over {self.window} months" if self.window > 1 else said

    @property
    def _aggregate(self) -> str:
        if self.with_ is not None:
            return f"the share with {self.with_}"
        return f"the median of {self.median}" if self.median is not None else super()._aggregate

    @property
    def _stock(self) -> bool:
        return self.at is not None or (self.over is not None and self.over.at is not None)

    @property
    def quantities(self) -> Iterator[Quantity]:
        """Itself, and what it is over."""
        yield self
        if self.over is not None:
            yield self.over

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that it draws on."""
        return tuple(dict.fromkeys(quantity.from_ for quantity in self.quantities))

    @property
    def source(self) -> str:
        """The source that it counts."""
        return self.from_

    @property
    def ratio(self) -> bool:
        """Whether it is a numerator over a denominator."""
        return self.with_ is not None or self.over is not None

    @property
    def counts(self) -> bool:
        """Whether it is a number without a denominator."""
        return not self.ratio and self.median is None

    @property
    def additive(self) -> bool:
        """Whether parts can be added up. A median is worked out anew from the records of each unit."""
        return self.median is None


FIGURES, RECORDS = "measure of figures", "measure of records"
"""The tags by which the two kinds of measure are told apart; no key of a definition has a blank."""


def _kind(given: object) -> str:
    records = isinstance(given, RecordMeasure) or (isinstance(given, Mapping) and "from" in given)
    return RECORDS if records else FIGURES


AnyMeasure: TypeAlias = Annotated[
    Annotated[Measure, Tag(FIGURES)] | Annotated[RecordMeasure, Tag(RECORDS)], Discriminator(_kind)
]


class Group(Definition):
    """One group of a cut, and the codes that belong to it."""

    name: Words
    codes: tuple[str, ...] = Field(min_length=1)


class Cut(Definition):
    """A way of telling people apart: by age, sex, ethnicity, deprivation.

    ``column`` is the records' column that holds the codes: the cut's own code, if left out. Codes
    that no group has, and blanks, are ``unknown``, so that the groups together cover everyone.
    """

    wording: ClassVar = frozenset({"title"})
    title: Words
    column: str | None = None
    groups: tuple[Group, ...] = Field(min_length=1)
    unknown: Words = "Not known"

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [*(group.name for group in self.groups), self.unknown]
        codes = [code for group in self.groups for code in group.codes]
        for given, what in ((names, "name"), (codes, "code")):
            if twice := sorted({one for one in given if given.count(one) > 1}):
                raise ValueError(f"the {what} {twice[0]!r} twice: each belongs to one group")
        return self
