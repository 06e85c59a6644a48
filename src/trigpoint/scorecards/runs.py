"""Counting months in a row, so that a sentence claims no more of them than there are."""

from __future__ import annotations

from collections.abc import Sequence

from trigpoint.analysis.finding import Finding

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
_ORDINALS = (
    "",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)
_ORDINALS_ON = (*_ORDINALS, "eleventh")
MANY = 12
"""From here on months are not counted: 12 months or more."""


def in_words(count: int) -> str:
    """``three``; from twelve on, figures."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def months_in_words(count: int) -> str:
    """``one month``, ``seven months``, ``12 months or more``."""
    if count >= MANY:
        return "12 months or more"
    return f"{in_words(count)} month{'' if count == 1 else 's'}"


def repeated(count: int, time: str) -> str:
    """``for a third month``, ``for 12 months or more``; nothing for a first. ``time`` is what repeats."""
    if count >= MANY:
        return f"for 12 {time}s or more"
    return f"for a{'n' if count in (8, 11) else ''} {_ORDINALS_ON[count]} {time}" if count > 1 else ""


def side_run(findings: Sequence[Finding]) -> int:
    """The months in a row, ending with the latest, on the latest's side of its mean."""
    values, mean = _following(findings), findings[-1].past.mean
    if mean is None or not values or values[-1] == mean:
        return 0
    above = values[-1] > mean
    count = 0
    for value in reversed(values):
        if value == mean or (value > mean) is not above:
            break
        count += 1
    return count


def trend_run(findings: Sequence[Finding]) -> int:
    """The months in a row, ending with the latest, each above (or each below) the one before."""
    values = _following(findings)
    if len(values) < 2 or values[-1] == values[-2]:
        return 0
    rising = values[-1] > values[-2]
    count = 1
    for later, earlier in zip(reversed(values), list(reversed(values))[1:], strict=False):
        if later == earlier or (later > earlier) is not rising:
            break
        count += 1
    return count


def _following(findings: Sequence[Finding]) -> list[float]:
    """The latest values whose months follow one another within the latest's limits, oldest first."""
    first = findings[-1].past.limits_from
    values: list[float] = []
    expected = findings[-1].month
    for finding in reversed(findings):
        if (
            finding.value is None
            or finding.month != expected
            or (first is not None and finding.month < first)
        ):
            break
        values.append(finding.value)
        expected = expected - 1
    return values[::-1]
