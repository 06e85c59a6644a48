"""Indicators: what is measured, how, since when, and what is required of it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from trigpoint.definitions.measure import AnyMeasure, FormulaMeasure, Measure
from trigpoint.definitions.model import Code, Definition, MonthField, Number, Words, hash_of
from trigpoint.definitions.profile import ChartKind
from trigpoint.definitions.standard import Standard
from trigpoint.definitions.window import Months
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

Direction = Literal["up", "down", "neutral"]
Basis = Literal["flow", "stock", "rolling", "year_to_date"]
Compared = Literal["proportion", "rate", "nothing"]
FEWEST_IN_BASELINE = 12
"""Limits that are set once, for all that follows, are set from so many figures."""


class Perspective(Definition):
    """One face of the balanced scorecard. Perspectives stand in the order in which they are declared."""

    wording: ClassVar = frozenset({"title", "question"})
    title: Words
    question: str = ""


class Objective(Definition):
    """What the trust wants to be true, seen from one perspective."""

    wording: ClassVar = frozenset({"title"})
    title: Words
    perspective: Code


class Bounds(Definition):
    """What the measure can reach."""

    least: Number | None = None
    most: Number | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError(f"least ({self.least:g}) is above most ({self.most:g})")
        return self


class Version(Definition):
    """An indicator's arithmetic from a month on.

    ``change`` says what the second and later versions do to the months before them: ``break``
    leaves them and starts the series anew; ``restates`` works them out again. ``elsewhere`` is
    the arithmetic outside the home trust, where its own data do not reach: from a publication,
    say, that holds the peers, the region and the nation.
    """

    wording: ClassVar = frozenset({"note"})
    from_: MonthField = Field(alias="from")
    to: MonthField | None = None
    measure: AnyMeasure
    elsewhere: Measure | None = None
    change: Literal["break", "restates"] | None = None
    note: str = ""


class SpcSettings(Definition):
    """How an indicator's series is judged against its past."""

    profile: Code | None = Field(default=None, description="a rule profile; the workspace's, if left out")
    chart: ChartKind | None = Field(
        default=None, description="the control chart; the one that its rule profile chooses, if left out"
    )
    baseline: int | None = Field(
        default=None,
        ge=FEWEST_IN_BASELINE,
        description="set limits from the first so many points of each segment",
    )


class Indicator(Definition):
    """A dated, versioned definition of one thing that matters."""

    wording: ClassVar = frozenset(
        {"title", "why", "owner", "review", "standards", "objective", "decimals", "counts", "out_of"}
    )

    title: Words
    why: str = ""
    objective: Code
    direction: Direction
    measured_in: Words = Field(
        description="`per cent`, `pounds`, or a plain noun such as people, days, referrals"
    )
    decimals: int = Field(default=0, ge=0, le=4)
    counts: str = Field(default="", description="the numerator, in words")
    out_of: str = Field(default="", description="the denominator, in words")
    basis: Basis = "flow"
    every: Months = 1
    bounds: Bounds = Bounds()
    grows_with_size: bool = Field(
        default=False, description="a larger trust has more of it: shown beside its peers', never ranked"
    )
    compared_as: Compared | None = Field(
        default=None,
        description="how chance is reckoned against the whole; by what it is measured in, if left out",
    )
    owner: Words
    review: dt.date | None = None
    levels: tuple[Level, ...] = (Level.TRUST,)
    kinds: tuple[Code, ...] = Field(
        default=(), description="the kinds of unit that it concerns; every kind, if left out"
    )
    cuts: tuple[Code, ...] = ()
    peers: Code | None = None
    spc: SpcSettings = SpcSettings()
    versions: tuple[Version, ...]
    standards: tuple[Standard, ...] = ()

    @model_validator(mode="after")
    def _versions_in_order(self) -> Self:
        if not self.versions:
            raise ValueError("an indicator has at least one version")
        for earlier, later in zip(self.versions, self.versions[1:], strict=False):
            if later.from_ <= earlier.from_:
                raise ValueError(f"version from {later.from_} must come after the one from {earlier.from_}")
            if earlier.to is not None:
                raise ValueError(
                    "only the last version may have an end (`to`); the others end where the next starts"
                )
            if later.change is None:
                raise ValueError(f"the version from {later.from_} must say change: break or change: restates")
        if self.versions[0].change is not None:
            raise ValueError("the first version changes nothing: leave `change` out")
        longest = max(version.measure.longest for version in self.versions)
        if self.basis in ("flow", "stock") and longest > self.every:
            raise ValueError(
                f"windows longer than {self.every} month(s) overlap: basis must be rolling or year_to_date"
            )
        return self

    @property
    def counts_only(self) -> bool:
        """Whether it is a number without a denominator, which grows with its unit."""
        return self.versions[-1].measure.counts

    @property
    def ranked(self) -> bool:
        """Whether a place among peers means anything: not for a count, which grows with its organisation."""
        return not self.grows_with_size and not self.counts_only

    @property
    def chance(self) -> Literal["proportion", "rate"] | None:
        """How chance is reckoned for it where it is a ratio; None: what chance would do is not known.

        As declared (``compared_as``), else per cent that cannot pass 100 is a proportion. Of what a
        formula makes of other figures, nobody knows it unless it is declared.
        """
        if self.compared_as is not None:
            return None if self.compared_as == "nothing" else self.compared_as
        if isinstance(self.versions[-1].measure, FormulaMeasure):
            return None
        most = self.bounds.most
        within = self.measured_in == "per cent" and (most is None or most <= 100)
        return "proportion" if within else "rate"

    @property
    def standards_differ(self) -> bool:
        """Whether what is required may differ from unit to unit."""
        return not self.ranked or any(standard.unit is not None for standard in self.standards)

    @property
    def first(self) -> Month:
        return self.versions[0].from_

    @property
    def last(self) -> Month | None:
        return self.versions[-1].to

    def in_force(self, month: Month) -> bool:
        return self.first <= month and (self.last is None or month <= self.last)

    def expected(self, month: Month) -> bool:
        """Whether a figure for ``month`` should exist: in force, and its turn if not monthly."""
        return self.in_force(month) and (month.index - self.first.index) % self.every == 0

    def version(self, month: Month) -> Version | None:
        """The version whose arithmetic gives a month's figure; None where the indicator is not in force."""
        if not self.in_force(month):
            return None
        chosen = self.versions[0]
        for later in self.versions[1:]:
            if later.change == "restates" or later.from_ <= month:
                chosen = later
        return chosen

    def breaks(self) -> tuple[Version, ...]:
        """The versions that start the series anew and are not restated over by a later one."""
        return tuple(version for version in self.giving() if version.change == "break")

    def giving(self) -> tuple[Version, ...]:
        """The versions that give figures: those that no later one restates."""
        last_restated = max((i for i, v in enumerate(self.versions) if v.change == "restates"), default=0)
        return self.versions[last_restated:]

    def measure(self, month: Month, *, at_home: bool) -> AnyMeasure | None:
        """The arithmetic of a month's figure, in the home trust or elsewhere; None where not in force."""
        version = self.version(month)
        if version is None:
            return None
        return version.measure if at_home or version.elsewhere is None else version.elsewhere

    def scale(self, measure: AnyMeasure) -> float:
        """What a ratio is multiplied by: as declared, else 100 for per cent."""
        declared = None if isinstance(measure, FormulaMeasure) else measure.per
        return declared or (100.0 if self.measured_in == "per cent" else 1.0)

    def version_hash(self, version: Version) -> str:
        """SHA-256 of what this version means, whatever it is called."""
        return hash_of({**self.meaning(), "versions": None, "version": version.meaning()})
