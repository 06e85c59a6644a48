"""Measures: an indicator's arithmetic, over returned figures, over records, or over other indicators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Self, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from trigpoint.definitions import formula as formulas
from trigpoint.definitions.model import Code, Definition, Name, Number, Words, misfit
from trigpoint.definitions.quantity import Quantity
from trigpoint.definitions.tokens import Misfit
from trigpoint.definitions.window import Months, Window
from trigpoint.terms.errors import nearest
from trigpoint.terms.period import Month, Period
from trigpoint.terms.unit import Level

Items = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda given: [given] if isinstance(given, str) else given),
    WithJsonSchema({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
    Field(min_length=1),
]
"""One figure of a source, or several to be added."""


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

    def months(self, month: Month) -> tuple[Month, ...]:
        """The months that the figure of ``month`` covers, oldest first."""
        return Window("months", self.window).months(month)

    def period(self, month: Month) -> Period:
        """The days that the figure of ``month`` covers."""
        return Period.ending(month, self.window)

    @property
    def longest(self) -> int:
        """The most months that a figure covers."""
        return self.window


class RecordMeasure(Quantity):
    """The arithmetic over a source's records, worked out for every unit from the records themselves.

    A quantity alone; the share of it for which ``with`` is true; or one quantity ``over`` another,
    times ``per``. Each has its own ``window``; ``over`` has that of the whole, if it gives none.
    """

    with_: Words | None = Field(default=None, alias="with")
    over: Quantity | None = None
    per: Number | None = Field(default=None, gt=0)
    coverage: Number | None = Field(
        default=None, gt=0, le=1, description="the share of its parts that a figure can do with"
    )

    @model_validator(mode="before")
    @classmethod
    def _one_window(cls, given: object) -> object:
        """What it is over covers the same months, unless it says otherwise."""
        if isinstance(given, Mapping) and "window" in given:
            over = given.get("over")
            if isinstance(over, Mapping) and "window" not in over:
                return {**given, "over": {**over, "window": given["window"]}}
        return given

    @model_validator(mode="after")
    def _one_figure(self) -> Self:
        if self.with_ is not None and (self.over is not None or self.aggregate not in ("count", "people")):
            raise ValueError(
                "`with` is a share of `count: records` or of people; `over` is another quantity: one of them"
            )
        alone = [it.aggregate for it in self.quantities if it.aggregate not in ("count", "sum", "people")]
        if self.over is not None and alone:
            raise ValueError(f"`over` divides counts, sums and people; a {alone[0]} stands alone")
        if self.per is not None and not self.ratio:
            raise ValueError("per belongs to `with` or `over`")
        if self.coverage is not None and self.aggregate in ("max", "min", "gap"):
            raise ValueError(
                f"a {self.aggregate} of some of its parts is not that of all: leave coverage out"
            )
        if self.coverage is not None and self.counts:
            raise ValueError("a number without some of its parts is too low: coverage belongs to a ratio")
        return self

    @property
    def words(self) -> str:
        """The arithmetic in one sentence."""
        said = f"Of {self.records_in_words}: {self.aggregate_in_words}"
        alike = self.over is None or self.over.window == self.window
        if not alike and self.window.words:
            said += f" {self.window.words}"
        if self.over is not None:
            said += f", over that {self.over.words}"
        if not alike and self.over is not None and self.over.window.words:
            said += f", {self.over.window.words}"
        said += f", × {self.per:,g}" if self.per is not None else ""
        said += f", {self.window.words}" if alike and self.window.words else ""
        return f"{said}{self.related_in_words}"

    @property
    def aggregate_in_words(self) -> str:
        """``the share with urgent``."""
        if self.with_ is None:
            return super().aggregate_in_words
        if self.people is None:
            return f"the share with {self.with_}"
        return f"the share of {super().aggregate_in_words.removeprefix('the ')} with {self.with_}"

    @property
    def quantities(self) -> Iterator[Quantity]:
        """Itself, and what it is over."""
        yield self
        if self.over is not None:
            yield self.over

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that it draws on."""
        return tuple(dict.fromkeys([*super().sources, *(self.over.sources if self.over is not None else ())]))

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
        return not self.ratio and self.aggregate in ("count", "sum", "people")

    @property
    def additive(self) -> bool:
        """Whether parts can be added up. People are counted, and ranks found, anew in each unit."""
        return all(quantity.aggregate in ("count", "sum") for quantity in self.quantities)

    def months(self, month: Month) -> tuple[Month, ...]:
        """The months that the figure of ``month`` covers, oldest first."""
        return max((quantity.window.months(month) for quantity in self.quantities), key=len)

    def period(self, month: Month) -> Period:
        """The days that the figure of ``month`` covers."""
        return Period(self.months(month)[0].start, month.end)

    @property
    def longest(self) -> int:
        """The most months that a figure covers."""
        return max(quantity.window.count for quantity in self.quantities)


class FormulaMeasure(Definition):
    """Arithmetic over other indicators (``[CODE]``) and over ``parts``, quantities of its own."""

    parts: dict[Name, Quantity] = Field(default_factory=dict)
    formula: Words

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        try:
            used = formulas.parts(self.tree)
        except Misfit as wrong:
            raise misfit(("formula",), wrong.found, wrong.expected, wrong.remedy, wrong.at) from None
        for one in used:
            if one.name not in self.parts:
                hint = nearest(one.name, self.parts) or "Another indicator's figure stands in [ ]."
                raise misfit(("formula",), f"no part {one.name!r}", "a part that is declared", hint, one.at)
        if unused := [name for name in self.parts if name not in {one.name for one in used}]:
            raise misfit(("parts",), f"a part {unused[0]!r} that the formula does not use", "it to be used")
        if gaps := [name for name, part in self.parts.items() if part.gap is not None]:
            raise misfit(("parts",), f"a part {gaps[0]!r} with `gap`", "a quantity for each month")
        return self

    @property
    def tree(self) -> formulas.Node:
        """The formula as a tree (``definitions.formula``)."""
        return formulas.parse(self.formula)

    @property
    def references(self) -> tuple[formulas.Figure, ...]:
        """The figures of other indicators that it uses: their codes, and how many months before."""
        return formulas.references(self.tree)

    @property
    def sides(self) -> tuple[formulas.Node, formulas.Node] | None:
        """Numerator and denominator, where the last thing done is a division."""
        return formulas.sides(self.tree)

    @property
    def words(self) -> str:
        """The formula, and what its parts are."""
        said = [f"{name}: {part.words}" for name, part in self.parts.items()]
        return "; ".join([self.formula, *said])

    @property
    def quantities(self) -> Iterator[Quantity]:
        """Its parts."""
        yield from self.parts.values()

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that its parts draw on; not those of other indicators."""
        return tuple(dict.fromkeys(source for part in self.quantities for source in part.sources))

    @property
    def ratio(self) -> bool:
        """Whether it is a numerator over a denominator."""
        return self.sides is not None

    @property
    def counts(self) -> bool:
        """Whether it is a number without a denominator: nobody knows that of a formula."""
        return False

    @property
    def additive(self) -> bool:
        """Whether parts can be added up: a formula is worked out anew at each unit."""
        return False

    def months(self, month: Month) -> tuple[Month, ...]:
        """The months that its parts cover, oldest first."""
        return max([(month,), *(part.window.months(month) for part in self.quantities)], key=len)

    def period(self, month: Month) -> Period:
        """The days that the figure of ``month`` covers."""
        return Period(self.months(month)[0].start, month.end)

    @property
    def longest(self) -> int:
        """The most months that its parts cover."""
        return max([1, *(part.window.count for part in self.quantities)])


FIGURES, RECORDS, FORMULA = KINDS = ("measure of figures", "measure of records", "formula of figures")
"""The tags by which the kinds of measure are told apart; no key of a definition has a blank."""


def _kind(given: object) -> str:
    for kind, tag, key in ((RecordMeasure, RECORDS, "from"), (FormulaMeasure, FORMULA, "formula")):
        if isinstance(given, kind) or (isinstance(given, Mapping) and key in given):
            return tag
    return FIGURES


AnyMeasure: TypeAlias = Annotated[
    Annotated[Measure, Tag(FIGURES)]
    | Annotated[RecordMeasure, Tag(RECORDS)]
    | Annotated[FormulaMeasure, Tag(FORMULA)],
    Discriminator(_kind),
]
