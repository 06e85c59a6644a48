"""The functions of expressions: what each takes and gives, and what is said of those that there are not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal as OneOf
from typing import TypeAlias

from trigpoint.definitions.expression import Call, Constant, Name
from trigpoint.definitions.tokens import Misfit
from trigpoint.terms.errors import nearest

Type = OneOf["text", "number", "boolean", "date", "time", "length"]
ONE: Mapping[Type, str] = {
    "text": "a text",
    "number": "a number",
    "boolean": "a condition",
    "date": "a date",
    "time": "a time",
    "length": "a length of time",
}
DATED: tuple[Type, ...] = ("date", "time")
OF_SPANS = ("nights_in", "days_in", "hours_in")
"""The functions of a span, each of the month."""
MAY_BE_BLANK = frozenset({"days", "hours", "minutes", "working_days", "age"})
"""The functions that are blank where the second value is before the first, whatever they are given."""
SKIP_BLANKS = frozenset({"coalesce", "earliest", "latest"})
"""The functions that are blank only where all that they are given is."""

Types: TypeAlias = Sequence[Type]
Rule = Callable[[Call, Types], Type]


def _many(node: Call, types: Types, wanted: int | None, example: str) -> None:
    least = 2 if wanted is None else wanted
    if len(types) < least or (wanted is not None and len(types) > wanted):
        count = f"{len(types)} value{'s' * (len(types) != 1)}" if types else "no value"
        raise Misfit(node.at, f"{count} in {node.name}()", example)


def _between_days(node: Call, types: Types) -> Type:
    _many(node, types, 2, f"two dates or times: {node.name}(from, to)")
    for argument, found in zip(node.arguments, types, strict=True):
        if found not in DATED:
            raise Misfit(argument.at, ONE[found], "a date or a time")
    return "number"


def _between_times(node: Call, types: Types) -> Type:
    _many(node, types, 2, f"two times: {node.name}(from, to)")
    for argument, found in zip(node.arguments, types, strict=True):
        if found == "time":
            continue
        name, first = (it.name if isinstance(it, Name) else "…" for it in (argument, node.arguments[0]))
        remedy = f"Use days({first}, …)." if found == "date" else ""
        raise Misfit(node.at, f"{node.name}() of {name}, which is {ONE[found]}", "times", remedy)
    return "number"


def _alike(node: Call, types: Types) -> Type:
    _many(node, types, None, f"two values or more: {node.name}(a, b)")
    for argument, found in zip(node.arguments, types, strict=True):
        if found != types[0]:
            raise Misfit(argument.at, ONE[found], f"{ONE[types[0]]}, as before it")
        if found == "length":
            raise Misfit(argument.at, ONE[found], "a value of the record")
        if found == "boolean" and not isinstance(argument, Name | Constant):
            raise Misfit(argument.at, "a condition", f"a column in {node.name}()", "Join conditions with or.")
    return types[0]


def _of_dates(node: Call, types: Types) -> Type:
    _many(node, types, None, f"two dates or more: {node.name}(a, b)")
    for argument, found in zip(node.arguments, types, strict=True):
        if found not in DATED:
            raise Misfit(argument.at, ONE[found], "a date or a time")
        if found != types[0]:
            remedy = "date(t) is the day of a time."
            raise Misfit(argument.at, ONE[found], f"{ONE[types[0]]}, as before it", remedy)
    return types[0]


def _date(node: Call, types: Types) -> Type:
    _many(node, types, 1, "one time: date(started)")
    if types[0] != "time":
        raise Misfit(node.arguments[0].at, ONE[types[0]], "a time, of which date() is the day")
    return "date"


def _starts_with(node: Call, types: Types) -> Type:
    _many(node, types, 2, "a code and a text: starts_with(diagnosis, 'F2')")
    if types[0] != "text":
        raise Misfit(node.arguments[0].at, ONE[types[0]], "a code")
    start = node.arguments[1]
    if not isinstance(start, Constant) or not isinstance(start.value, str) or not start.value:
        raise Misfit(start.at, "what is no text", "a text in single quotes: starts_with(diagnosis, 'F2')")
    return "boolean"


_RULES: Mapping[str, Rule] = {
    "days": _between_days,
    "hours": _between_times,
    "minutes": _between_times,
    "working_days": _between_days,
    "age": _between_days,
    "coalesce": _alike,
    "earliest": _of_dates,
    "latest": _of_dates,
    "date": _date,
    "starts_with": _starts_with,
}
FUNCTIONS = (*_RULES, *OF_SPANS)

_NOW = "A figure must come out the same tomorrow: month_end is the last day of its month."
_AGGREGATE = "What is done with many records is a key of the measure, such as `sum: cost`."
_OTHERS = "A record before or after is `related`: first or last."
_CAST = "Types are the source's: declare the column's type there. date(t) is the day of a time."
_ALIKE = "Codes are compared as they are; `values` or `rename` of the source's column make them alike."
_PART = "For the start of a code: starts_with(code, 'F2')."
_HIDES = "It would hide how it rounds: write days(a, b), compared with 18 weeks."
REFUSED: Mapping[str, str] = {
    **dict.fromkeys(("now", "today", "current_date", "current_timestamp", "getdate", "sysdate"), _NOW),
    **dict.fromkeys(("sum", "count", "avg", "average", "mean", "median", "countif", "sumif"), _AGGREGATE),
    **dict.fromkeys(("lag", "lead", "row_number", "rank", "first_value", "last_value"), _OTHERS),
    **dict.fromkeys(("convert", "try_cast", "to_date", "to_char", "datevalue"), _CAST),
    **dict.fromkeys(("upper", "lower", "trim", "ltrim", "rtrim", "replace", "concat"), _ALIKE),
    **dict.fromkeys(("left", "right", "mid", "substr", "substring", "regexp_matches"), _PART),
    **dict.fromkeys(("if", "iif", "decode", "nullif"), "Write `case when … then … else … end`."),
    **dict.fromkeys(("isnull", "ifnull", "nvl"), "Write coalesce(a, b), or `a is null`."),
    **dict.fromkeys(("datediff", "date_diff", "timestampdiff"), "Write days(a, b) or hours(a, b)."),
    **dict.fromkeys(("dateadd", "date_add", "edate"), "Write `x + 3 days`, weeks or months."),
    **dict.fromkeys(("weeks", "months"), _HIDES),
    **dict.fromkeys(("year", "years"), "Completed years are age(born, on)."),
    "max": f"{_AGGREGATE} Of several dates of one record: latest(a, b).",
    "min": f"{_AGGREGATE} Of several dates of one record: earliest(a, b).",
    "greatest": "Write latest(a, b).",
    "least": "Write earliest(a, b).",
    "networkdays": "Write working_days(a, b).",
    "round": "Values are compared unrounded; how figures are shown is the indicator's `decimals`.",
}
"""What is said of functions, and of words, that people know from SQL or Excel."""


def refuse_unknown(node: Call) -> None:
    """Raise Misfit where a function is none that is known here."""
    if node.name not in FUNCTIONS:
        remedy = REFUSED.get(node.name.casefold()) or nearest(node.name, FUNCTIONS)
        raise Misfit(node.at, f"no function {node.name!r}", "a function", remedy)


def given_by(node: Call, types: Types) -> Type:
    """What a call gives, from the types of what it is given. Raises Misfit where they do not fit."""
    return _RULES[node.name](node, types)


def given_by_span(node: Call, *, spans: bool, times: bool) -> Type:
    """The same of a function of a span: ``spans`` during a month, ``times`` where its ends are times."""
    argument = node.arguments[0] if len(node.arguments) == 1 else None
    if not isinstance(argument, Name) or argument.name != "month":
        raise Misfit(node.at, f"{node.name}()", f"{node.name}(month)")
    if not spans:
        raise Misfit(node.at, f"{node.name}(month)", "it only with `during: month`")
    if node.name == "hours_in" and not times:
        raise Misfit(node.at, "hours_in(month) of a span between dates", "days_in(month) or nights_in(month)")
    return "number"
