"""Sources: what a delivery looks like, and how it is to be taken."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePosixPath
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from trigpoint.definitions.capitals import require_distinct
from trigpoint.definitions.column import BLANKED, UTC, Column, Role
from trigpoint.definitions.model import Code, Definition, MonthField, Words
from trigpoint.definitions.record_check import CheckField, OwnCheck, Severity, Thresholds
from trigpoint.definitions.window import Months
from trigpoint.terms.errors import nearest
from trigpoint.terms.unit import Level

Check = Literal[
    "duplicate_key",
    "numerator_above_denominator",
    "out_of_bounds",
    "unknown_unit",
    "closed_unit",
    "missing_unit",
    "missing_month",
    "wrong_month",
    "window",
    "jump",
    "late",
    "in_the_future",
    "ends_before_it_starts",
    "overlapping_spans",
    "ambiguous_time",
    "missing_time",
]
DEFAULT_SEVERITY: dict[Check, Severity] = {
    "duplicate_key": "block",
    "numerator_above_denominator": "block",
    "out_of_bounds": "block",
    "unknown_unit": "block",
    "closed_unit": "note",
    "missing_unit": "note",
    "missing_month": "note",
    "wrong_month": "block",
    "window": "block",
    "jump": "note",
    "late": "note",
    "in_the_future": "note",
    "ends_before_it_starts": "note",
    "overlapping_spans": "note",
    "ambiguous_time": "note",
    "missing_time": "note",
}


class Span(Definition):
    """The time that a record lasts, from one column's day to another's; a blank end is not yet.

    ``to_means`` says what the end is: ``first_day_out`` (discharged) or ``last_day_in`` (the last
    day in post).
    """

    from_: str = Field(alias="from")
    to: str
    to_means: Literal["first_day_out", "last_day_in"]


class Expects(Definition):
    """Which units should report, and when. Without ``units`` or ``level``, none is expected by name."""

    units: tuple[Code, ...] = ()
    level: Level | None = None
    one_month: bool = Field(default=False, description="each delivery holds a single month")
    from_: MonthField | None = Field(default=None, alias="from")
    to: MonthField | None = None


def _below(pattern: str) -> str:
    parts = PurePosixPath(pattern).parts
    if not parts or pattern.startswith("/") or ".." in parts or any("**" in part for part in parts):
        raise ValueError("a pattern of files below the workspace, such as deliveries/return-*.csv")
    return pattern


def _known_encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        raise ValueError(f"{name!r} is not an encoding such as utf-8 or cp1252") from None
    return name


_NO_CODE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\[[^\]]*\]", re.DOTALL)
"""What a statement's words do not stand in: comments, texts, quoted names."""


def _one_select(sql: str) -> str:
    """Catches a slip of the pen. What may be done is for the database user's rights to say."""
    words = _NO_CODE.sub(" ", sql).strip().rstrip(";").strip()
    if not re.match(r"(select|with)\b", words, re.IGNORECASE) or ";" in words:
        raise ValueError("one SELECT or WITH statement")
    return sql


class Source(Definition):
    """A delivery's shape."""

    # Checks and expectations decide whether a delivery is taken, and not what its figures are; so does
    # where it comes from, be it a folder or a query: what came is known by its own hash.
    wording: ClassVar = frozenset(
        {
            *("title", "publisher", "deliveries", "connection", "query"),
            *("due_working_days", "expects", "checks", "keep_original", "retain", "entered", "quality"),
        }
    )

    title: Words
    publisher: str = ""
    holds: Literal["figures", "records"] = "figures"
    format: Literal["csv", "xlsx", "parquet", "odbc"]
    connection: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = Field(
        default=None,
        description="a database's name; TRIGPOINT_ODBC_ and this name the variable with its ODBC string",
    )
    query: Annotated[str, AfterValidator(_one_select)] | None = Field(
        default=None, description="for odbc: one SELECT or WITH statement"
    )
    encoding: Annotated[str, AfterValidator(_known_encoding)] | None = Field(
        default=None, description="UTF-8, with or without a byte-order mark, if left out"
    )
    delimiter: Annotated[str, StringConstraints(pattern=r"^[\t !#-~]$")] = ","
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1)
    layout: Literal["long", "wide"] = "long"
    delivery: Literal["replace", "upsert", "full_refresh"]
    deliveries: Annotated[str, AfterValidator(_below)] | None = Field(
        default=None, description="where the month looks for files: a pattern below the workspace"
    )
    keep_original: bool = False
    retain: Annotated[str, StringConstraints(pattern=r"^[1-9]\d{0,2} months?$")] | None = Field(
        default=None, description="how long rows are kept after the month that they are dated in"
    )
    due_working_days: int | None = Field(
        default=None, ge=1, description="working days after a month's end by which it is due"
    )
    status: Literal["final", "provisional"] = Field(default="final", description="where no column says so")
    windows: tuple[Months, ...] = (1,)
    columns: dict[str, Column] = Field(min_length=1)
    key: tuple[str, ...] = Field(default=(), description="for records: the columns that name a row")
    dated: str | None = Field(default=None, description="for records: the date that gives a row its month")
    unit: str | None = Field(
        default=None,
        description="for records: the column with the unit; the only one of type unit, if left out",
    )
    span: Span | None = Field(default=None, description="for records that last")
    subject: str | None = Field(default=None, description="for records: the column that says whom it is of")
    staff: str | None = Field(
        default=None, description="for records: the column that says who did it, the unit at person level"
    )
    clock: Literal["local", "wall", "utc"] = Field(
        default="local", description="whether hours elapsed are real ones, or those of the clock on the wall"
    )
    ambiguous: Literal["first", "second"] = Field(
        default="first", description="which one of a time that comes twice when the clocks go back"
    )
    entered: str | None = Field(default=None, description="for records: the date on which a row was entered")
    covers: Literal["whole_trust", "units_present"] = Field(
        default="whole_trust", description="for records: what a unit's silence means: none, or not submitted"
    )
    expects: Expects = Expects()
    checks: dict[str, CheckField] = Field(default_factory=dict)
    quality: Thresholds = Thresholds()

    @model_validator(mode="after")
    def _fits_its_format(self) -> Self:
        asked = {"connection", "query"}
        if self.format != "odbc":
            if given := sorted(asked & self.model_fields_set):
                raise ValueError(f"{' and '.join(given)} belong to `format: odbc`")
            return self
        if missing := sorted(name for name in asked if getattr(self, name) is None):
            raise ValueError(f"`format: odbc` needs {' and '.join(missing)}")
        of_files = {"encoding", "delimiter", "sheet", "header_row", "deliveries"}
        if given := sorted(of_files & self.model_fields_set):
            raise ValueError(f"{', '.join(given)} belong to files; `format: odbc` reads none")
        return self

    @model_validator(mode="after")
    def _keeps_what_identifies_to_itself(self) -> Self:
        if not self.identifying:
            return self
        named = ", ".join(self.identifying)
        if self.holds == "figures":
            raise ValueError(f"identifying belongs to columns of records; figures hold {named}")
        if self.keep_original:
            raise ValueError(f"keep_original would keep {named} as they came; leave it out")
        if gone := [name for name in self.key if name not in self.fields]:
            raise ValueError(f"a key needs its columns; {', '.join(gone)} is not kept. Let it be hashed")
        return self

    @model_validator(mode="after")
    def _columns_suffice(self) -> Self:
        return self._figures_suffice() if self.holds == "figures" else self._records_suffice()

    def _figures_suffice(self) -> Self:
        roles = [column.as_ for column in self.columns.values()]
        once: tuple[Role, ...] = ("item", "unit", "cut", "start", "end", "month", "status")
        for role in once:
            if roles.count(role) > 1:
                raise ValueError(f"only one column can be `as: {role}`")
        if "field" in roles:
            raise ValueError("each column of figures needs an `as`; `as: ignore` reads past one")
        if "unit" not in roles:
            raise ValueError("no column is `as: unit`")
        if ("month" in roles) == ("start" in roles and "end" in roles):
            raise ValueError("figures need one column `as: month`, or two, `as: start` and `as: end`")
        if "month" in roles and len(self.windows) > 1:
            raise ValueError("a column `as: month` leaves open which of several windows a figure covers")
        values = [column for column in self.columns.values() if column.as_ == "value"]
        if self.layout == "long" and ("item" not in roles or len(values) != 1 or values[0].item):
            raise ValueError("a long layout has one column `as: item` and one `as: value`")
        if self.layout == "wide" and (
            "item" in roles or not values or not all(column.item for column in values)
        ):
            raise ValueError(
                "a wide layout names the `item` of each column `as: value`, and has no column `as: item`"
            )
        return self

    def _records_suffice(self) -> Self:
        if strange := sorted({column.as_ for column in self.columns.values()} - {"field", "ignore"}):
            raise ValueError(f"columns of records are fields; not {', '.join(strange)}")
        require_distinct("columns", (name for name, it in self.columns.items() if it.as_ == "field"))
        if not self.key:
            raise ValueError("records need a key")
        for name in (*self.key, *([self.dated] if self.dated else [])):
            if name not in self.columns:
                raise ValueError(f"no column {name!r}")
        if self.dated is None or self.columns[self.dated].type not in ("date", "time"):
            raise ValueError(
                "records need `dated`: the column of type date or time that gives a row its month"
            )
        if self.layout == "wide":
            raise ValueError("layout belongs to figures; records are read row by row")
        return self._records_placed()

    def _records_placed(self) -> Self:
        if self.unit is not None and (
            self.unit not in self.columns or self.columns[self.unit].type != "unit"
        ):
            raise ValueError(f"unit names a column of type unit; {self.unit!r} is none")
        for name in self.quality.may_be_blank:
            if name not in self.columns:
                hint = nearest(name, self.columns)
                raise ValueError(f"may_be_blank names columns; {name!r} is none. {hint}".strip())
        for name in (self.span.from_, self.span.to) if self.span else ():
            if name not in self.columns or self.columns[name].type not in ("date", "time"):
                raise ValueError(f"a span runs between columns of type date or time; {name!r} is none")
        return self

    @model_validator(mode="after")
    def _people_and_days_named(self) -> Self:
        for key, kinds in (
            ("subject", ("code", "text")),
            ("staff", ("unit", "code")),
            ("entered", ("date", "time")),
        ):
            name = getattr(self, key)
            if name is not None and (
                name not in self.fields or (self.fields[name].type or "code") not in kinds
            ):
                hint = nearest(name, self.fields)
                told = f"{key} names a column of type {' or '.join(kinds)}; {name!r} is none. {hint}"
                raise ValueError(told.strip())
        return self

    @model_validator(mode="after")
    def _checks_known(self) -> Self:
        for name, given in self.checks.items():
            if isinstance(given, OwnCheck) and name in DEFAULT_SEVERITY:
                raise ValueError(f"{name} is a check that is built in: block, note or off")
            if not isinstance(given, OwnCheck) and name not in DEFAULT_SEVERITY:
                hint = nearest(name, get_args(Check))
                raise ValueError(
                    f"no check {name!r}: one of one's own says `holds` and `else`. {hint}".strip()
                )
            if isinstance(given, OwnCheck) and self.holds != "records":
                raise ValueError(f"{name} is a check of records; this source holds figures")
        return self

    @model_validator(mode="after")
    def _room_for_what_is_kept(self) -> Self:
        for name in (*self.derived, *(("row",) if self.holds == "records" else ())):
            if name in self.columns:
                raise ValueError(f"the column {name!r} would be taken for one that is worked out and kept")
        if self.clock == "utc" and (times := [name for name in self.key if name in self.times]):
            raise ValueError(
                f"a time in UTC is no part of a key: {times[0]} comes twice when the clocks go back"
            )
        return self

    def meaning(self) -> dict[str, Any]:
        """Also those checks that change what is kept."""
        kept = {name: one.meaning() for name, one in self.own_checks.items() if one.changes}
        return super().meaning() | ({"checks": kept} if kept else {})

    @property
    def own_checks(self) -> dict[str, OwnCheck]:
        return {name: one for name, one in self.checks.items() if isinstance(one, OwnCheck)}

    @property
    def times(self) -> tuple[str, ...]:
        """For records: the columns of type time that are kept."""
        return tuple(n for n, it in self.columns.items() if it.type == "time" and it.as_ == "field")

    @property
    def blanked(self) -> tuple[str, ...]:
        """The columns whose cells a check may make blank."""
        found = (one.blanks for one in self.own_checks.values())
        return tuple(dict.fromkeys(name for name in found if name is not None))

    @property
    def derived(self) -> tuple[str, ...]:
        """The columns that are kept beside those delivered; no condition can name one."""
        if self.holds != "records":
            return ()
        return (*(name + UTC for name in self.times), BLANKED)

    @property
    def fields(self) -> dict[str, Column]:
        """Of records: the columns that are kept, as they came or hashed."""
        return {
            name: it for name, it in self.columns.items() if it.as_ == "field" and it.identifying != "drop"
        }

    @property
    def identifying(self) -> tuple[str, ...]:
        """The columns that tell who a person is."""
        return tuple(name for name, column in self.columns.items() if column.identifying)

    @property
    def hashed(self) -> dict[str, str]:
        """The columns that are kept hashed, each with its kind of identifier."""
        return {name: it.hashed_as or name for name, it in self.columns.items() if it.identifying == "hash"}

    @property
    def unit_field(self) -> str | None:
        """For records: the column with the unit."""
        units = [name for name, column in self.columns.items() if column.type == "unit"]
        return self.unit or (units[0] if len(units) == 1 else None)

    def column(self, role: Role) -> tuple[str, Column] | None:
        """The one column with this role, and its name in the file."""
        return next(((name, column) for name, column in self.columns.items() if column.as_ == role), None)

    def severity(self, check: Check) -> Severity:
        given = self.checks.get(check)
        return DEFAULT_SEVERITY[check] if given is None or isinstance(given, OwnCheck) else given
