"""Measures of every form that the language has, drawn by Hypothesis, with the records that they measure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from tests.generative.drawn_expressions import (
    OF_THE_MONTH,
    OF_THE_UNIT,
    WORDS,
    Words,
    conditions,
    dates,
    numbers,
)
from tests.generative.drawn_records import records
from tests.generative.drawn_units import units
from tests.measure_tables import ALL_LEVELS, AND_PERSONS, LATER, catalogue, indicator, table
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.terms.period import Month

Said = dict[str, Any]
MONTHS = (Month(2025, 10), Month(2026, 3), Month(2026, 4))
SPANNED = ("stays", "referrals", "posts")
PEOPLED = ("stays", "contacts", "referrals")
MATCHED = {
    ("stays", "contacts"): "patient",
    ("stays", "stays"): "patient",
    ("stays", "referrals"): "patient",
    ("contacts", "contacts"): "patient",
    ("contacts", "referrals"): "patient",
    ("referrals", "contacts"): "referral",
    ("referrals", "referrals"): "patient",
    ("posts", "reviews"): "employee",
}
"""Which sources can be related to which, and by what."""
_DATED = {"stays": "discharged", "contacts": "started", "referrals": "treated", "reviews": "held"}
_HOURS = st.sampled_from(["", " + 24 hours", " + 72 hours", " - 1 hours", " + 700 hours"])
_DAYS = st.sampled_from([" + 0 days", " + 1 days", " + 3 days", " + 30 days", " - 2 weeks", " + 1 months"])


@dataclass(frozen=True, slots=True)
class Drawn:
    """A catalogue, and what ``observe`` and ``observations`` take besides it."""

    catalogue: Catalogue
    rows: Mapping[str, list[dict[str, Any]]]
    months: tuple[Month, ...]
    through: Mapping[str, Month]
    current: Month | None

    @property
    def tables(self) -> dict[str, pa.Table]:
        """The records as they are kept."""
        return {code: table(rows, self.catalogue.sources[code]) for code, rows in self.rows.items()}


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """A trust, its records, and one indicator; or two, and a formula of them."""
    measures = draw(st.one_of(st.builds(lambda it: {"X": it}, measures_of_records()), formulas()))
    persons = all(_staffed(it) for it in measures.values())
    more = {"basis": "rolling"}
    if all(_cut(it) for it in measures.values()) and draw(st.booleans()):
        more["cuts"] = "[sex]"
    if draw(st.integers(0, 3)) == 0:
        more["kinds"] = draw(st.sampled_from(["[ward]", "[community, ward]"]))
    levels = draw(st.sampled_from([ALL_LEVELS, AND_PERSONS if persons else ALL_LEVELS, "[trust, team]"]))
    of = draw(st.sampled_from(["per cent", "people"]))
    lines = "\n    ".join(f"{key}: {said}" for key, said in more.items())
    text = "".join(indicator(code, json.dumps(it), lines, levels, of) for code, it in measures.items())
    organisation = draw(units().filter(lambda it: "ward" in it and "community" in it))
    built = catalogue("indicators:" + text, organisation, {})
    rows = {code: draw(records(source, 10)) for code, source in built.sources.items()}
    months = tuple(draw(st.sets(st.sampled_from(MONTHS), min_size=1, max_size=2)))
    through = {code: draw(st.sampled_from([LATER, LATER, LATER, Month(2026, 3)])) for code in rows}
    return Drawn(built, rows, months, through, draw(st.sampled_from([None, None, Month(2026, 4)])))


def _quantities(measure: Said) -> list[Said]:
    if "formula" in measure:
        return list(measure.get("parts", {}).values())
    return [measure, *([measure["over"]] if "over" in measure else [])]


def _staffed(measure: Said) -> bool:
    return all(it["from"] in PEOPLED for it in _quantities(measure))


def _cut(measure: Said) -> bool:
    """Whether it can be told apart by sex: what is added up, of stays."""
    return bool(_quantities(measure)) and "formula" not in measure and all(
        it["from"] == "stays" and ("count" in it or "sum" in it) for it in _quantities(measure)
    )  # fmt: skip


@st.composite
def formulas(draw: st.DrawFn) -> dict[str, Said]:
    """Two indicators and a formula of them, or of parts of its own."""
    one, two = draw(measures_of_records()), draw(measures_of_records())
    if draw(st.booleans()):
        parts = {"one": draw(quantities(gap=False)), "two": draw(quantities(gap=False))}
        return {"X": {"parts": parts, "formula": draw(st.sampled_from(_OF_PARTS))}}
    return {"A": one, "B": two, "X": {"formula": draw(st.sampled_from(_OF_FIGURES))}}


_OF_PARTS = ("one / two", "(one - two) / (one + two)", "max(one, two) * 2", "one / 4 + abs(two)")
_OF_FIGURES = (
    "[A] / [B]",
    "mean([A], [B], 10)",
    "([A] - before([A], 5)) / before([A], 5)",
    "case when [A] >= 2 and not [B] < 1 then [A] when [B] > [A] then 100 - [B] else min([A], 0) end",
    "case when [A] > [B] then 1 end",
    "1 + [A] / [B]",
)


@st.composite
def measures_of_records(draw: st.DrawFn) -> Said:
    """A quantity, a share of it, or one over another."""
    it: Said = draw(quantities())
    if "count" in it or "people" in it:
        form = draw(st.sampled_from(["alone", "with", "over"]))
    else:
        form = "over" if "sum" in it and draw(st.booleans()) else "alone"
    if form == "with":
        it["with"] = draw(conditions(_known(it)))
    if form == "over":
        it["over"] = draw(quantities(additive=True))
        it["over"].setdefault("window", "1 month")
    if form != "alone" and draw(st.booleans()):
        it["per"] = 1000
    if form != "alone" and draw(st.integers(0, 3)) == 0:
        it["coverage"] = draw(st.sampled_from([0.3, 1]))
    return it


@st.composite
def quantities(draw: st.DrawFn, *, additive: bool = False, gap: bool = True) -> Said:
    """One aggregate, of any time and window that it may have; ``additive``: counts, sums and people alone."""
    source = draw(st.sampled_from(["stays", "stays", "contacts", "referrals", "posts", "returns"]))
    time = draw(st.sampled_from(["month_of", "at", "during"] if source in SPANNED else ["month_of"]))
    if gap and not additive and draw(st.integers(0, 9)) == 0:
        time = "gap"
    it: Said = {"from": source}
    if draw(st.booleans()):
        it |= draw(_related(source, time))
    it |= _time_of(draw, source, time, it)
    if "related" in it and it.pop("unit_of_one", False):
        it["unit_of"] = "one.team" if draw(st.booleans()) else _unit(source)
    for key in ("where", "except"):
        if draw(st.integers(0, 2)) == 0:
            it[key] = draw(conditions(_known(it)))
    if time != "gap":
        it |= draw(_aggregates(it, source, time, additive=additive))
    return it


def _unit(source: str) -> str:
    return "ward" if source == "stays" else "team"


def _time_of(draw: st.DrawFn, source: str, time: str, it: Said) -> Said:
    words = WORDS[source]
    if time in ("at", "during"):
        return {time: "month_end" if time == "at" else "month"}
    own = st.sampled_from(words.days + words.times)
    brought = _brought(it)
    theirs = [st.sampled_from(brought.days + brought.times)] if brought.days or brought.times else []
    return {time: draw(st.one_of(own, own, dates(words), *theirs))}


@st.composite
def _aggregates(draw: st.DrawFn, it: Said, source: str, time: str, *, additive: bool) -> Said:
    known = _known(it)
    if time == "during":
        forms = ["sum", "people"] if source in PEOPLED else ["sum"]
    else:
        forms = ["count", "count", "sum", *(["people"] if source in PEOPLED else [])]
        forms += [] if additive else ["mean", "median", "percentile", "max", "min"]
    form = draw(st.sampled_from(forms))
    found: Said = {}
    if form == "count":
        found = {"count": "records"}
    elif form == "people":
        found = {"people": draw(st.sampled_from(["any", "at least 2"]))}
    elif time == "during":
        found = {"sum": draw(st.sampled_from(_of_span(source)))}
    elif form == "percentile":
        found = {"percentile": {"of": draw(numbers(known)), "at": draw(st.sampled_from([10, 50, 92, 99.9]))}}
    else:
        found = {form: draw(numbers(known))}
    windows = ["1 month", "1 month", "3 months", "12 months", "year to date"]
    if time == "at":
        windows = ["1 month", "average of 3 months"] if form in ("count", "sum") else ["1 month"]
    return found | {"window": draw(st.sampled_from(windows))}


def _of_span(source: str) -> list[str]:
    number = {"stays": "coalesce(cost, 1)", "referrals": "score", "posts": "wte"}[source]
    plain = [
        "nights_in(month)",
        "days_in(month)",
        f"days_in(month) * {number}",
        f"nights_in(month) - {number}",
    ]
    return [*plain, "hours_in(month)", "hours_in(month) * 2"] if source == "stays" else plain


@st.composite
def _related(draw: st.DrawFn, source: str, time: str) -> Said:
    """One relation, called ``one``, or none where the source has none."""
    theirs = [other for own, other in MATCHED if own == source]
    if not theirs:
        return {}
    other, kind = draw(st.sampled_from(theirs)), draw(st.sampled_from(["any", "count", "first", "last"]))
    dated = draw(st.sampled_from(WORDS[other].days + WORDS[other].times))
    one: Said = {kind: other, "match": MATCHED[source, other], "dated": dated}
    for keys in (("since", "after"), ("until", "before")):
        if draw(st.booleans()):
            one[draw(st.sampled_from(keys))] = draw(_bound(source, time, timed=dated in WORDS[other].times))
    if draw(st.integers(0, 2)) == 0:
        one["where"] = draw(conditions(WORDS[other].plus(_as_this(WORDS[source]))))
    single = kind in ("first", "last") and other in ("contacts", "referrals")
    return {"related": {"one": one}} | ({"unit_of_one": True} if single and draw(st.booleans()) else {})


def _bound(source: str, time: str, *, timed: bool) -> st.SearchStrategy[str]:
    words, of_month = WORDS[source], ("month_end",) if time in ("at", "during") else ()
    found = [st.builds("{}{}".format, st.sampled_from(words.days + words.times + of_month), _DAYS)]
    if words.days or of_month:
        found.append(st.sampled_from(words.days + of_month))
    if words.times and timed:
        found.append(st.builds("{}{}".format, st.sampled_from(words.times), _HOURS))
    return st.one_of(found)


def _as_this(words: Words) -> Words:
    return Words(codes=tuple((f"this.{code}", one, other) for code, one, other in words.codes))


def _brought(it: Said) -> Words:
    """What a relation lets be said."""
    one = it.get("related", {}).get("one")
    if one is None:
        return Words()
    kind = next(key for key in ("any", "count", "first", "last") if key in one)
    if kind == "any":
        return Words(sure=("one",))
    if kind == "count":
        return Words(numbers=("one",))
    of = WORDS[one[kind]]
    return Words(
        tuple(f"one.{name}" for name in of.days),
        tuple(f"one.{name}" for name in of.times),
        tuple(f"one.{name}" for name in of.numbers),
        tuple((f"one.{code}", a, b) for code, a, b in of.codes),
    )


def _known(it: Said) -> Words:
    """What can be said of a quantity's records once their month is known."""
    words = WORDS[it["from"]].plus(_brought(it)).plus(OF_THE_UNIT)
    return words if "gap" in it else words.plus(OF_THE_MONTH)
