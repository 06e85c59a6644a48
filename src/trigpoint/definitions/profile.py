"""Rule profiles: named, versioned sets of the rules by which a series is judged against its past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias, get_args

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from trigpoint.definitions.model import Code, Definition, Number, Words, as_number, misfit
from trigpoint.definitions.parse import Text, build, read_yaml
from trigpoint.terms.errors import DefinitionError, Fault, nearest

PROFILES = "rule-profiles.yaml"


class ChartKind(StrEnum):
    """The charts that there are."""

    RUN = "run"
    I = "i"  # noqa: E741 - the chart's name
    MR = "mr"
    P = "p"
    P_PRIME = "p_prime"
    U = "u"
    U_PRIME = "u_prime"
    C = "c"
    G = "g"
    T = "t"
    XBAR = "xbar"
    S = "s"

    @property
    def words(self) -> str:
        """``P′ chart``, as people say it."""
        return _CHARTS[self]


_CHARTS = {
    ChartKind.RUN: "Run chart",
    ChartKind.I: "XmR chart",
    ChartKind.MR: "Moving range chart",
    ChartKind.P: "P chart",
    ChartKind.P_PRIME: "P′ chart",
    ChartKind.U: "U chart",
    ChartKind.U_PRIME: "U′ chart",
    ChartKind.C: "C chart",
    ChartKind.G: "G chart",
    ChartKind.T: "T chart",
    ChartKind.XBAR: "X-bar chart",
    ChartKind.S: "S chart",
}


Centre: TypeAlias = Literal["mean", "median"]
"""What a centre line is."""
RuleName: TypeAlias = Literal[
    "outside",
    "trend",
    "two_of_three",
    "shift",
    "four_of_five",
    "alternating",
    "hugging",
    "avoiding",
    "long_run",
    "few_crossings",
]
RULE_NAMES: tuple[RuleName, ...] = get_args(RuleName)
"""Every rule, in the order that holds where a profile names no other."""
OF_LIMITS: tuple[RuleName, ...] = ("outside", "two_of_three", "four_of_five", "hugging", "avoiding")
"""The rules that measure by a chart's limits."""
OF_MEAN_RANGES, OF_MEDIAN_RANGES = 2.66, 3.145
"""Three sigma in mean, and in median, moving ranges: 3 / 1.128 and 3 / 0.954 (Wheeler, as he rounds them)."""


def _none(given: object) -> object:
    return None if given == "none" else as_number(given)


Whole = Annotated[int, BeforeValidator(as_number)]
Length = Annotated[int | None, BeforeValidator(_none)]
"""So many points in a row; ``none`` leaves the rule out."""


def _for_editors(schema: dict[str, Any]) -> None:
    """The name is the entry's key, and ``based_on`` brings all but these two."""
    schema["properties"].pop("name")
    schema["required"] = ["version", "about"]


class RuleProfile(Definition):
    """How a chart is chosen, how its limits are set, and what counts as a signal."""

    model_config = ConfigDict(json_schema_extra=_for_editors)
    wording: ClassVar = frozenset({"about", "based_on"})

    name: Code
    version: Whole = Field(ge=1, description="the version of these rules: raise it with every change")
    about: Words = Field(description="one plain sentence")
    based_on: Code | None = Field(
        default=None, description="the profile that holds where this one says nothing"
    )
    charts: Literal["individuals", "by_kind", "run"] = Field(
        default="individuals", description="which chart is drawn where a definition names none"
    )
    centre: Centre = Field(default="mean", description="the centre line of a chart of individuals")
    spread: Literal["mean", "median"] = Field(
        default="mean", description="the mean, or the median, of the moving ranges is what limits are set by"
    )
    limit: Number = Field(
        default=2.66, gt=0, le=10, description="moving ranges from the centre to a limit, of individuals"
    )
    sigmas: Number = Field(
        default=3.0, gt=0, le=10, description="sigmas from the centre to a limit, of every other chart"
    )
    warning: Number = Field(
        default=2 / 3, gt=0, lt=1, description="the share of the way to a limit that is two sigma"
    )
    inner: Number = Field(
        default=1 / 3, gt=0, lt=1, description="the share of the way to a limit that is one sigma"
    )
    screening: Annotated[float | None, BeforeValidator(_none)] = Field(
        gt=1,
        le=100,
        allow_inf_nan=False,
        description="moving ranges from so many times their mean (or median) are dropped, once",
    )
    minimum_points: Whole = Field(ge=2, le=100, description="fewer points give neither limits nor icons")
    minimum_ranges: Whole = Field(
        ge=0, le=100, description="fewer moving ranges give neither limits nor icons"
    )
    full_points: Whole = Field(
        default=13, ge=2, le=100, description="limits from fewer points are marked as trial limits"
    )
    gaps: Literal["break", "bridge"] = Field(
        default="break", description="a month without a point ends ranges and patterns, or is passed over"
    )
    outside: bool = Field(default=True, description="one point beyond a limit")
    shift: Length = Field(ge=2, le=100, description="points in a row on one side of the centre")
    trend: Length = Field(
        ge=3, le=100, description="points in a row, each above (or each below) the one before"
    )
    ties: Literal["break", "pass"] = Field(
        default="break",
        description="a point on the centre ends a shift, and two equal points a trend; "
        "or they neither count nor end it",
    )
    two_of_three: bool = Field(default=True, description="two of three points beyond two sigma on one side")
    two_of_three_counts_outside: bool = Field(
        description="whether a point beyond a limit counts as one of the two"
    )
    two_of_three_third: Literal["same_side", "any"] = Field(
        default="same_side",
        description="on which side of the centre the third point, or of five the fifth, may lie",
    )
    two_of_three_flags: Literal["far", "all"] = Field(
        default="far", description="whether only the far points are flagged, or the whole pattern"
    )
    four_of_five: bool = Field(default=False, description="four of five points beyond one sigma on one side")
    alternating: Length = Field(
        default=None, ge=4, le=100, description="points in a row that go up and down by turns"
    )
    hugging: Length = Field(default=None, ge=3, le=100, description="points in a row within one sigma")
    avoiding: Length = Field(
        default=None, ge=3, le=100, description="points in a row beyond one sigma, on both sides"
    )
    long_run: bool = Field(default=False, description="a run on one side that is unusually long")
    few_crossings: bool = Field(default=False, description="unusually few crossings of the centre")
    turning_point: Literal["both", "next"] = Field(
        default="both",
        description="a point that two trends share belongs to both, or goes with the step that follows it",
    )
    order: tuple[RuleName, ...] = Field(
        default=(),
        validate_default=True,
        description="the weight of the rules: the first that fires names the point. "
        "Those left out follow in the order of the reference",
    )
    improvement_wins: bool = Field(
        description="where rules disagree, the improvement is shown; otherwise the first rule in `order`"
    )
    inclusive_assurance: bool = Field(
        description="whether a standard that lies on a limit is decided, or left hit or miss"
    )
    clip_assurance: bool = Field(
        default=False, description="whether assurance holds limits within what the measure can reach"
    )

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    @property
    def run(self) -> int:
        """So many points in a row on one side are a change; 7 where the profile has no such rule."""
        return self.shift or 7

    @property
    def in_use(self) -> tuple[RuleName, ...]:
        """The rules that can fire, the weightiest first."""
        return tuple(rule for rule in self.order if getattr(self, rule) not in (None, False))

    @field_validator("order")
    @classmethod
    def _each_once(cls, order: tuple[RuleName, ...]) -> tuple[RuleName, ...]:
        if twice := sorted({rule for rule in order if order.count(rule) > 1}):
            raise ValueError(f"each rule once; {twice[0]} is there twice")
        return (*order, *(rule for rule in RULE_NAMES if rule not in order))

    @model_validator(mode="after")
    def _can_work(self) -> Self:
        """Refuse what no chart can be drawn or judged by."""
        if self.inner >= self.warning:
            found = f"inner {self.inner:.4g} beside warning {self.warning:.4g}"
            raise misfit(("inner", "warning"), found, "inner below warning: one sigma is nearer than two")
        if self.minimum_ranges >= self.minimum_points:
            found = f"{self.minimum_ranges} ranges among {self.minimum_points} points"
            expected = "fewer ranges than points: each lies between two"
            raise misfit(("minimum_ranges", "minimum_points"), found, expected)
        if not self.in_use:
            raise misfit((), "no rule in use", "one at least, or nothing would be a signal")
        return self._run_charts() if self.charts == "run" else self._limited()

    def _limited(self) -> Self:
        if self.minimum_ranges == 0:
            expected = "one at least, since limits are set by moving ranges"
            raise misfit(("minimum_ranges", "charts"), "no moving range", expected)
        if self.spread == "median" and abs(self.limit - OF_MEAN_RANGES) < 0.005:
            found = f"a limit of {self.limit:.4g} median moving ranges"
            expected = f"{OF_MEDIAN_RANGES}, which is three sigma in median ranges, or another number"
            remedy = f"{OF_MEAN_RANGES} is three sigma in mean ranges."
            raise misfit(("spread", "limit"), found, expected, remedy)
        return self

    def _run_charts(self) -> Self:
        """A run chart has a median, and neither limits nor ranges."""
        for rule in OF_LIMITS:
            if rule in self.in_use:
                off = "no" if getattr(self, rule) is True else "none"
                remedy = "A run chart has no limits."
                raise misfit((rule, "charts"), f"{rule} on run charts", f"`{rule}: {off}`", remedy)
        if self.centre != "median":
            raise misfit(("centre", "charts"), "run charts about the mean", "`centre: median`")
        if self.screening is not None or self.minimum_ranges:
            fields = ("screening", "minimum_ranges", "charts")
            expected = "`screening: none` and `minimum_ranges: 0`"
            raise misfit(fields, "moving ranges on run charts", expected, "A run chart takes no ranges.")
        return self


def centre_of(kind: ChartKind, profile: RuleProfile) -> Centre:
    """What the centre line of a kind of chart is, under a profile."""
    if kind in (ChartKind.RUN, ChartKind.G):
        return "median"
    return profile.centre if kind in (ChartKind.I, ChartKind.T) else "mean"


class ProfilesFile(Definition):
    """``rule-profiles.yaml``."""

    profiles: dict[Code, RuleProfile]


def read_profiles(
    text: Text, known: Mapping[str, RuleProfile], faults: list[Fault]
) -> dict[str, RuleProfile]:
    """The profiles of a file, beside those that are ``known``. What is wrong is added to ``faults``."""
    frame = build(_Frame, text, faults)
    found: dict[str, RuleProfile] = {}
    for name, given in (frame.profiles or {}).items() if frame else ():
        if profile := _profile(text, name, given, {**known, **found}, faults):
            found[name] = profile
    return found


class _Frame(Definition):
    """The file as it is before ``based_on`` has been followed."""

    profiles: dict[Code, Any] | None


def _profile(
    text: Text, name: str, given: Any, known: Mapping[str, RuleProfile], faults: list[Fault]
) -> RuleProfile | None:
    under = ("profiles", name)
    if not isinstance(given, Mapping):
        return build(RuleProfile, text, faults, given, under)
    if wrong := list(_misnamed(text, name, given, known)):
        faults.extend(wrong)
        return None
    base = known[given["based_on"]].model_dump(exclude={"about", "version"}) if "based_on" in given else {}
    return build(RuleProfile, text, faults, {**base, **given, "name": name}, under)


def _misnamed(text: Text, name: str, given: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Fault]:
    """Names that are taken, unknown, or in the wrong place."""
    under = ("profiles", name)
    if name in known:
        remedy = f"`based_on: {name}` brings its rules."
        yield text.fault(under, f"{name!r}, which ships with Trigpoint", "a name of its own", remedy)
    if "name" in given:
        yield text.fault((*under, "name"), "'name'", "none within: a profile's name is its key")
    base = given.get("based_on", name)
    if not isinstance(base, str) or (base not in known and "based_on" in given):
        expected = "a rule profile that ships, or one that stands above in this file"
        yield text.fault((*under, "based_on"), f"{base!r}", expected, nearest(str(base), known))


def _shipped() -> dict[str, RuleProfile]:
    faults: list[Fault] = []
    source = files("trigpoint").joinpath("definitions", "shipped", PROFILES)
    text = read_yaml(PROFILES, source.read_text(encoding="utf-8"), faults)
    found = read_profiles(text, {}, faults) if text else {}
    if faults:
        raise DefinitionError("The rule profiles that ship do not hold:", faults)
    return found


SHIPPED: Mapping[str, RuleProfile] = MappingProxyType(_shipped())
"""The rule profiles that every workspace has."""
