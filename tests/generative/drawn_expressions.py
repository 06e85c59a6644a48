"""Conditions and values that pass the type checker by construction, drawn by Hypothesis.

What may be blank stands inside ``not``, ``<>`` and ``not in`` only with its guard.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st


@dataclass(frozen=True, slots=True)
class Words:
    """What can be said of a source's records: texts of dates, numbers and conditions.

    ``days`` are dates, ``times`` times; ``codes`` are columns that may be blank, each with two of its
    values; ``flags`` booleans that may be blank, ``sure`` those that never are.
    """

    days: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    codes: tuple[tuple[str, str, str], ...] = ()
    flags: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()

    def plus(self, other: Words) -> Words:
        """These, and others."""
        return Words(
            self.days + other.days,
            self.times + other.times,
            self.numbers + other.numbers,
            self.codes + other.codes,
            self.flags + other.flags,
            self.sure + other.sure,
        )


WORDS = {
    "stays": Words(
        times=("admitted", "discharged"),
        numbers=("cost",),
        codes=(("method", "emergency", "elective"), ("sex", "F", "M"), ("ward", "A", "C")),
    ),
    "contacts": Words(
        days=("born",),
        times=("started",),
        codes=(("status", "attended", "dna"), ("team", "A", "B"), ("patient", "p1", "p2")),
    ),
    "referrals": Words(
        days=("received", "closed", "treated"),
        numbers=("score",),
        codes=(("pathway", "psychosis", "at risk"), ("team", "A", "D")),
        flags=("urgent",),
    ),
    "posts": Words(
        days=("since", "until"), numbers=("wte",), codes=(("employee", "e1", "e2"),), flags=("leaver",)
    ),
    "reviews": Words(days=("held",), codes=(("employee", "e1", "e2"),)),
    "returns": Words(days=("day",), numbers=("seen", "all"), codes=(("team", "A", "B"),)),
}
"""The words of each source of ``tests.measure_tables``."""
OF_THE_MONTH = Words(days=("month_start", "month_end"))
OF_THE_UNIT = Words(codes=(("unit.kind", "ward", "community"),))
SIGNS = st.sampled_from(["=", "<", "<=", ">", ">="])
LENGTHS = st.sampled_from(["0 days", "1 days", "3 days", "2 weeks", "1 months", "12 months"])


def moved(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """A date or time as it is, or moved to a date."""
    plain = st.sampled_from(names)
    return st.one_of(plain, st.builds("{} {} {}".format, plain, st.sampled_from("+-"), LENGTHS))


@cache
def dates(words: Words) -> st.SearchStrategy[str]:
    """A date."""
    found = [moved(words.days)] if words.days else []
    if words.times:
        plain = st.sampled_from(words.times)
        found += [st.builds("date({})".format, plain), st.builds("{} + {}".format, plain, LENGTHS)]
    if len(words.days) > 1:
        name = st.sampled_from(["coalesce", "earliest", "latest"])
        found.append(
            st.builds("{}({}, {})".format, name, st.sampled_from(words.days), st.sampled_from(words.days))
        )
    return st.one_of(found)


@cache
def durations(words: Words) -> st.SearchStrategy[str]:
    """What lies between two dates or times, compared with a length or a number."""
    either = st.one_of(st.sampled_from(words.days + words.times), dates(words))
    found = [
        st.builds("days({}, {}) {} {}".format, either, either, SIGNS, st.sampled_from(["0", "1", "2 weeks"])),
        st.builds(
            "working_days({}, {}) {} {}".format, either, either, SIGNS, st.sampled_from(["0", "2", "3 days"])
        ),
        st.builds("age({}, {}) {} {}".format, either, either, SIGNS, st.sampled_from(["0", "17", "18"])),
    ]
    if words.times:
        times = st.sampled_from(words.times)
        limits = st.sampled_from(["0", "1", "72", "73", "71.5"])
        found.append(st.builds("hours({}, {}) {} {}".format, times, times, SIGNS, limits))
        found.append(st.builds("minutes({}, {}) {} 4320".format, times, times, SIGNS))
    return st.one_of(found)


@cache
def tests(words: Words) -> st.SearchStrategy[str]:
    """One test."""
    found = [durations(words), st.builds("{} {} {}".format, dates(words), SIGNS, dates(words))]
    if words.times:
        times = st.sampled_from(words.times)
        found.append(st.builds("{} {} {}".format, times, SIGNS, times))
    for code, one, other in words.codes:
        found.append(st.sampled_from(_of_code(code, one, other)))
    for number in words.numbers:
        found.append(st.builds("{} {} {}".format, st.just(number), SIGNS, st.sampled_from(["0", "10", "-1"])))
        found.append(st.just(f"{number} between 0 and 20"))
        found.append(st.just(f"{number} is null or not {number} > 10"))
        found.append(st.just(f"coalesce({number}, 0) <> 10"))
    for flag in words.flags:
        found += [st.just(flag), st.just(f"{flag} is not null and not {flag}"), st.just(f"{flag} is null")]
    for sure in words.sure:
        found += [st.just(sure), st.just(f"not {sure}")]
    return st.one_of(found)


def _of_code(code: str, one: str, other: str) -> list[str]:
    of_list = [f"{code} in list early", f"{code} is null or {code} not in list early"]
    return [
        f"{code} = '{one}'",
        f"{code} in ('{one}', '{other}')",
        f"{code} is null",
        f"{code} is not null and {code} <> '{one}'",
        f"{code} is null or {code} not in ('{one}', '{other}')",
        f"starts_with({code}, '{one[0]}')",
        *(of_list if code == "pathway" else []),
    ]


@cache
def conditions(words: Words) -> st.SearchStrategy[str]:
    """A test, or a chain of them."""
    one = tests(words)
    chained = st.builds("({}) {} ({})".format, one, st.sampled_from(["and", "or"]), one)
    nested = st.builds("({}) {} ({})".format, one, st.sampled_from(["and", "or"]), chained)
    return st.one_of(one, one, chained, nested)


@cache
def numbers(words: Words) -> st.SearchStrategy[str]:
    """A number: whole or decimal, and exact in any engine."""
    either = st.sampled_from(words.days + words.times)
    found = [
        st.builds("days({}, {})".format, either, either),
        st.builds("age({}, {})".format, either, either),
    ]
    found.append(st.builds("working_days({}, {})".format, either, either))
    if words.numbers:
        plain = st.sampled_from(words.numbers)
        found += [plain, st.builds("{} * 1.5 - {}".format, plain, plain)]
        found.append(st.builds("coalesce({}, 1)".format, plain))
        found.append(
            st.builds("case when {} then {} when {} then 2 end".format, tests(words), plain, tests(words))
        )
    if words.times:
        times = st.sampled_from(words.times)
        found += [st.builds(f"{name}({{}}, {{}})".format, times, times) for name in ("hours", "minutes")]
    found.append(st.builds("case when {} then 1 else 0 end".format, tests(words)))
    return st.one_of(found)
