"""A figure traced back to its records: each step counts what a plain loop counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from tests.measure_cases import CASES
from tests.measure_tables import Case, table
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.expression import conjuncts, parse
from trigpoint.definitions.measure import FormulaMeasure, RecordMeasure
from trigpoint.definitions.quantity import Quantity
from trigpoint.engines.duckdb import Settings, session
from trigpoint.explain.amounts import Sides
from trigpoint.explain.steps import Clause, Counts, Place
from trigpoint.explain.traced import made_of, traced
from trigpoint.measures.compute import holdings, observe
from trigpoint.measures.holdings import Holdings
from trigpoint.measures.purged import Purged
from trigpoint.measures.reference_times import Taken, Takes
from trigpoint.measures.reference_tree import Tree
from trigpoint.measures.reference_values import Row, value
from trigpoint.terms.panel import Observation, State
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

TOLD = (State.VALUE, State.NO_DENOMINATOR)


@contextmanager
def held(case: Case, of: Catalogue) -> Iterator[Holdings]:
    tables = {code: table(rows, of.source(code)) for code, rows in case.rows(of).items()}
    with session(Settings(threads=1)) as small, session() as own:
        yield holdings(of, tables, case.reached(of), case.current, own, small, Purged())


def place_of(of: Catalogue, code: str, unit: str, month: Month) -> Place:
    person = of.organisation.level(unit) is Level.PERSON
    return Place(unit, month, of.indicator(code).kinds, person)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_traced_agrees_with_every_figure_that_was_worked_out(case: Case) -> None:
    of = case.catalogue
    with held(case, of) as records:
        observed = {
            (one.indicator, one.unit, one.month): one
            for one in observe(of, case.months, records.records, case.reached(of), case.current)
            if one.cut == "all"
        }
        for code, unit, month in {(code, unit, month) for month, unit, code, _ in case.expected}:
            one = observed.get((code, unit, month))
            if one is None or one.state not in TOLD:
                continue
            assert again(of, records, one).same(Sides(one.numerator, one.denominator, one.value)), one


def again(of: Catalogue, records: Holdings, one: Observation) -> Sides:
    """A figure worked out again for it alone."""
    it, month = of.indicator(one.indicator), one.month
    measure = it.measure(month, at_home=True)
    assert isinstance(measure, RecordMeasure | FormulaMeasure)
    found = traced(measure, place_of(of, one.indicator, one.unit, month), records)

    def figures(code: str, before: int) -> tuple[float | None, State]:
        then = month - before
        panel = observe(of, [then], records.records, records.through)
        other = next(it for it in panel if (it.indicator, it.unit, it.cut) == (code, one.unit, "all"))
        return other.value, other.state

    return made_of(measure, found, figures, it.scale(measure))


# a quantity whose every step leaves something out, for each way in which records belong to months
STEPS = """
from: stays
month_of: discharged
where: method in ('emergency', 'planned') and (sex = 'F' or sex = 'M') and days(admitted, discharged) > 1
except: cost > 100
count: records
with: contact
related:
  contact: {any: contacts, match: patient, dated: started, since: discharged, until: discharged + 3 days}
---
from: stays
during: month
where: unit.kind = 'ward' and sex = 'F'
except: method = 'planned'
sum: nights_in(month)
window: 2 months
---
from: stays
at: month_end
where: method = 'emergency' and cost > 10
max: cost
---
from: stays
month_of: admitted
except: sex = 'F'
people: any
with: cost > 50
window: 2 months
---
from: stays
month_of: discharged
where: days(admitted, discharged) >= 0 and method is not null
median: cost
"""
STAYS = """\
patient ward admitted discharged method sex cost
p1 W 2026-03-01T10:00 2026-03-20T10:00 emergency F 20
p2 W 2026-02-20T10:00 2026-03-12T10:00 planned F 120
p1 W 2026-03-25T10:00 - emergency M -
p3 A 2026-03-02T10:00 2026-03-03T10:00 planned - 55
p4 A 2026-02-01T10:00 2026-03-09T10:00 - F 60
- X9 2026-03-04T10:00 2026-03-08T10:00 emergency M 70
p5 - 2026-03-04T10:00 2026-03-30T10:00 emergency F -
p6 B 2026-02-04T10:00 2026-02-06T10:00 transfer - 5
p6 XAM 2026-03-04T10:00 2026-03-08T10:00 emergency M 5
p7 W 2026-03-15T10:00 2026-03-10T10:00 emergency F 500
p8 A 2026-03-20T10:00 2026-03-18T10:00 emergency F 1
p7 NEW 2026-03-11T10:00 2026-03-31T23:59 planned F 90
"""
CONTACTS = "patient team started\np1 A 2026-03-21T09:00\np5 A 2026-04-03T09:00\np7 B 2026-04-01T09:00"
PLACES = ("QPT", "NORTH", "S1", "W", "A", "unattributed")
MARCH = Month(2026, 3)


def of_steps(measure: str, kinds: str = "") -> Case:
    tables = {"stays": STAYS, "contacts": CONTACTS}
    return Case("steps", measure, tables, "2026-03 QPT 0", more=f"basis: rolling{kinds}")


@pytest.mark.parametrize("kinds", ["", "\n    kinds: [ward]"], ids=["every kind", "wards"])
@pytest.mark.parametrize(
    "measure", STEPS.strip().split("\n---\n"), ids=["flow", "days", "stock", "people", "median"]
)
def test_each_step_counts_what_a_plain_loop_counts(measure: str, kinds: str) -> None:
    case = of_steps(measure, kinds)
    of = case.catalogue
    rows: dict[str, list[Row]] = {code: [*given] for code, given in case.rows(of).items()}
    with held(case, of) as records:
        for unit in PLACES:
            place = place_of(of, "X", unit, MARCH)
            for one in traced(only(of), place, records):
                assert one.counts == by_loops(of, one.of.quantity, place, rows), unit
                assert one.whole.records == len(rows["stays"])


def only(of: Catalogue) -> RecordMeasure:
    measure = of.indicator("X").measure(MARCH, at_home=True)
    assert isinstance(measure, RecordMeasure)
    return measure


def by_loops(of: Catalogue, quantity: Quantity, place: Place, rows: dict[str, list[Row]]) -> Counts:
    """The steps from lists of records: those of the slow second opinion, taken apart."""
    bare = quantity.model_copy(update={"where": None, "except_": None})
    takes = Takes(of, bare, (), rows, Tree(of.organisation, None))
    dated = list(takes.of_months(quantity.window.months(place.month)))
    here = [it for it in dated if place.unit in it.places]
    unknown = [it for it in here if "unattributed" in it.places]
    left = [it for it in here if not place.kinds or it in unknown or it.here.kind in place.kinds]
    concerned, where = different(left), []
    for text in conjuncts(quantity.where) if quantity.where else ():
        left, blank = sorted_out(text, left)
        where.append(Clause(text, different(left), different(blank, left)))
    removed = None
    if quantity.except_:
        gone, blank = sorted_out(quantity.except_, left)
        left = [it for it in left if it not in gone]
        removed = Clause(quantity.except_, different(left), different(blank))
    with_ = None
    if test := getattr(quantity, "with_", None):
        having, blank = sorted_out(test, left)
        with_ = Clause(test, different(having), different(blank, having))
    amounts = [it for it in left if quantity.amount and value(parse(quantity.amount), it.here) is not None]
    return Counts(
        different(dated),
        different(here),
        different(unknown),
        concerned,
        tuple(where),
        removed,
        with_,
        different(left),
        different(left),
        {name: different([it for it in left if it.here.named(name) is True]) for name in quantity.related},
        different(amounts) if quantity.amount else None,
        different([it for it in left if it.here.record["patient"] is None]) if quantity.people else None,
    )


def sorted_out(text: str, left: list[Taken]) -> tuple[list[Taken], list[Taken]]:
    """Those of which a condition is true, and those of which blanks leave it open."""
    found = [(it, value(parse(text), it.here)) for it in left]
    return [it for it, so in found if so is True], [it for it, so in found if so is None]


def different(taken: list[Taken], but: Sequence[Taken] = ()) -> int:
    """How many different records there are, but for those of another list."""
    return len({it.here.record["spell"] for it in taken} - {it.here.record["spell"] for it in but})


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a = 1", ["a = 1"]),
        ("a = 1 and b in list early and c", ["a = 1", "b in list early", "c"]),
        ("(a or b) and c between 1 and 2", ["(a or b)", "c between 1 and 2"]),
        ("not (a and b) and ((x = 'and'))", ["not (a and b)", "((x = 'and'))"]),
        ("case when a and b then c else d end and\n  e", ["case when a and b then c else d end", "e"]),
        ("a = 1 or b = 2", ["a = 1 or b = 2"]),
        ("a and b = 1 and\n c", ["a", "b = 1", "c"]),
    ],
)
def test_a_chain_of_conditions_comes_apart_as_it_was_written(text: str, parts: list[str]) -> None:
    assert list(conjuncts(text)) == parts


def test_a_record_without_a_day_is_said_to_be_in_no_month() -> None:
    case = of_steps("from: stays\nmonth_of: discharged\ncount: records")
    with held(case, case.catalogue) as records:
        [one] = traced(only(case.catalogue), place_of(case.catalogue, "X", "QPT", MARCH), records)
    assert (one.whole.records, one.whole.undated) == (12, 1)
