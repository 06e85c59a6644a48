"""Cases worked by hand: when there is no figure, and what is said instead."""

# ruff: noqa: E501 - a table a line

from __future__ import annotations

from tests.measure_tables import Case
from trigpoint.terms.period import Month

RETURNS = "team day seen all\n"
READMITTED = """
from: stays
related: {back: {any: stays, match: patient, dated: admitted, after: discharged, until: discharged + 30 days}}
month_of: discharged
count: records
with: back
"""
FOLLOWED_UP = """
from: stays
related: {contact: {any: contacts, match: patient, dated: started, since: discharged, until: discharged + %s}}
month_of: discharged + 3 days
count: records
with: contact
"""
ONE_STAY = {"stays": "ward admitted discharged\nA 2026-01-01 2026-01-10"}

DUE = [
    Case(
        "readmissions are not due for thirty days after the month",
        READMITTED,
        ONE_STAY,
        "2026-01 A not_due\n2025-12 A 0/0",
        through={"stays": Month(2026, 1)},
    ),
    Case(
        "thirty days after January are in March",
        READMITTED,
        ONE_STAY,
        "2026-01 A 0/1",
        through={"stays": Month(2026, 3)},
    ),
    Case(
        "a month that waits three days for its outcome needs no more than its own",
        {"X": FOLLOWED_UP % "72 hours", "Y": FOLLOWED_UP % "73 hours", "Z": FOLLOWED_UP % "3 days"},
        ONE_STAY,
        "2026-01 A X=0/1\n2026-01 A Y=not_due\n2026-01 A Z=0/1",
        through={"stays": Month(2026, 1), "contacts": Month(2026, 1)},
    ),
    Case(
        "each source that is drawn on has to be there",
        {"X": FOLLOWED_UP % "72 hours", "Y": "from: stays\nmonth_of: discharged\ncount: records",
         "Z": "from: stays\nmonth_of: discharged\ncount: records\nover: {from: contacts, month_of: started, count: records}"},
        ONE_STAY,
        "2026-01 A X=not_due\n2026-01 A Y=1\n2026-01 A Z=not_due",
        through={"contacts": Month(2025, 12)},
    ),
    Case(
        "a bound of the month's end is due at its end",
        "from: posts\nat: month_end\ncount: records\nwith: review\n"
        "related: {review: {any: reviews, match: employee, dated: held, after: month_end - 12 months, until: month_end}}",
        {"posts": "employee team since\ne1 A 2020-01-01"},
        "2026-01 A 0/1\n2026-02 A not_due",
        through={"reviews": Month(2026, 1)},
    ),
    Case(
        "not due comes before no denominator, and an unknown team's records still show",
        "from: referrals\nmonth_of: received\ncount: records\nwith: urgent",
        {"referrals": "team received\nnowhere 2026-02-01"},
        "2026-02 A not_due\n2026-02 unattributed not_due",
        through={"referrals": Month(2026, 1)},
    ),
]  # fmt: skip

SENT = "from: returns\nmonth_of: day\nsum: seen"
PRESENT = [
    Case(
        "a team that sent nothing is not submitted where silence is no zero, and what is above it incomplete",
        SENT,
        {"returns": RETURNS + "A 2026-01-05 3 5\nNEW 2026-01-05 0 1"},
        "2026-01 A 3\n2026-01 NEW 0\n2026-01 B not_submitted\n2026-01 W not_submitted\n2026-01 NORTH incomplete\n"
        "2026-01 SOUTH incomplete\n2026-01 QPT incomplete",
    ),
    Case(
        "a ratio may do with some of its parts, where it says so",
        "from: returns\nmonth_of: day\nsum: seen\nover: {from: returns, month_of: day, sum: all}\ncoverage: 0.5",
        {"returns": RETURNS + "A 2026-01-05 3 5\nNEW 2026-02-05 1 4\nA 2026-02-05 1 4"},
        "2026-01 A 3/5\n2026-01 NORTH 3/5\n2026-01 SOUTH not_submitted\n2026-01 QPT incomplete\n2026-02 QPT 2/8",
    ),
    Case(
        "a division of which no team sent anything is not submitted",
        SENT,
        {"returns": RETURNS + "A 2026-01-05 3 5\nW 2026-01-05 3 5"},
        "2026-01 NORTH 6\n2026-01 SOUTH not_submitted\n2026-01 S1 not_submitted\n2026-01 QPT incomplete",
    ),
    Case(
        "each month of a window has its own silence",
        SENT + "\nwindow: 2 months",
        {"returns": RETURNS + "A 2026-01-05 3 5\nA 2026-02-05 3 5\nW 2026-01-05 1 5"},
        "2026-02 A 6\n2026-02 W not_submitted\n2026-02 NORTH incomplete",
        more="basis: rolling",
    ),
    Case(
        "medians and people of those who sent are not those of all",
        {"X": "from: returns\nmonth_of: day\nmedian: seen", "Y": "from: returns\nmonth_of: day\nmax: seen"},
        {"returns": RETURNS + "A 2026-01-05 3 5\nB 2026-01-05 - 5"},
        "2026-01 A X=3\n2026-01 B X=no_denominator\n2026-01 NORTH X=incomplete\n2026-01 QPT Y=incomplete\n2026-01 W Y=not_submitted",
    ),
    Case(
        "a formula of what is not submitted is not submitted",
        {"A": SENT, "X": 'formula: "[A] / 2"'},
        {"returns": RETURNS + "A 2026-01-05 3 5"},
        "2026-01 A X=3/2\n2026-01 W X=not_submitted\n2026-01 NORTH X=incomplete",
        measured_in="people",
    ),
]  # fmt: skip
