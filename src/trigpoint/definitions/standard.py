"""Standards and trajectories: what is required, by whom, from when."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from trigpoint.definitions.model import Code, Definition, MonthField, Number, Words
from trigpoint.terms.period import Month

Sense = Literal["at_least", "at_most"]
SetBy = Literal["national", "contract", "local"]


class Standard(Definition):
    """A value that is required, from a month on; or, as a trajectory, a value for each month it names.

    Standards of one indicator with the same name are one standard that steps: the latest to
    have started holds. It holds below its unit unless a nearer one of that name exists; of a count,
    which grows with its unit, only a standard of none at all does.
    """

    wording: ClassVar = frozenset({"source"})

    name: Words
    set_by: SetBy
    at_least: Number | dict[MonthField, Number] | None = None
    at_most: Number | dict[MonthField, Number] | None = None
    from_: MonthField | None = Field(default=None, alias="from")
    to: MonthField | None = None
    tolerance: Number | None = Field(
        default=None, gt=0, description="how far short is still amber, in the measure's own terms"
    )
    unit: Code | None = Field(default=None, description="where it starts to hold; everywhere, if left out")
    primary: bool = False
    source: str = ""

    @model_validator(mode="after")
    def _one_sense(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a standard has one of at_least and at_most")
        if self._given == {}:
            raise ValueError("a trajectory names at least one month")
        if self.trajectory and (self.from_ or self.to):
            raise ValueError("a trajectory names its months; from and to belong to a standard with one value")
        if not self.trajectory and self.from_ is None:
            raise ValueError("a standard needs the month it holds from")
        if self.to and self.from_ and self.to < self.from_:
            raise ValueError(f"to ({self.to}) is before from ({self.from_})")
        return self

    @property
    def sense(self) -> Sense:
        return "at_most" if self.at_least is None else "at_least"

    @property
    def _given(self) -> float | dict[Month, float]:
        given = self.at_most if self.at_least is None else self.at_least
        assert given is not None  # noqa: S101 - held by _one_sense
        return given

    @property
    def trajectory(self) -> bool:
        return isinstance(self._given, dict)

    @property
    def first(self) -> Month:
        given = self._given
        if isinstance(given, dict):
            return min(given)
        assert self.from_ is not None  # noqa: S101 - held by _one_sense
        return self.from_

    @property
    def last(self) -> Month | None:
        """The last month it holds in; None where no end is known."""
        return max(self._given) if isinstance(self._given, dict) else self.to

    def required(self, month: Month) -> float | None:
        """What is required in ``month``; None where this does not hold then."""
        given = self._given
        if isinstance(given, dict):
            return given.get(month)
        return given if self.first <= month and (self.to is None or month <= self.to) else None
