"""Cases worked by hand: when records count, what lies between dates and times, and who is related to whom."""

# ruff: noqa: E501 - a table a line

from __future__ import annotations

from tests.measure_tables import Case
from trigpoint.terms.period import Month

FOLLOWED_UP = """
from: stays
related: {contact: {any: contacts, match: patient, dated: started, since: discharged, until: discharged + 72 hours}}
month_of: discharged + 3 days
count: records
with: contact
"""
CONTACTS_AFTER = "from: stays\nmonth_of: discharged\nsum: after\nrelated: {after: {count: contacts, match: patient, dated: started, %s}}"
LASTING = "spell ward admitted discharged\n"
REFERRED = "team received treated\n"


def counted(test: str, *, source: str = "stays", of: str = "admitted") -> str:
    """A count of records with those of them for which something is true."""
    return f'from: {source}\nmonth_of: {of}\ncount: records\nwith: "{test}"'


def stayed(*lines: str) -> dict[str, str]:
    """Stays of ward A, each written ``admitted discharged``."""
    return {"stays": "ward admitted discharged\n" + "\n".join(f"A {line}" for line in lines)}


def referred(*lines: str) -> dict[str, str]:
    """Referrals to team A, each written ``received treated``."""
    return {"referrals": REFERRED + "\n".join(f"A {line}" for line in lines)}


BETWEEN = [
    Case(
        "a contact is in time to the second, and 72 hours are met at their end",
        FOLLOWED_UP,
        {
            "stays": "patient ward admitted discharged\np1 A 2026-01-01 2026-01-10T12:00\np2 A 2026-01-01 2026-01-10T12:00",
            "contacts": "patient team started\np1 B 2026-01-13T12:00:00\np2 B 2026-01-13T12:00:01",
        },
        "2026-01 A 1/2\n2026-01 QPT 1/2\n2026-01 B 0/0",
    ),
    Case(
        "a contact a minute before the discharge is not related; four after it are one",
        FOLLOWED_UP,
        {
            "stays": "patient ward admitted discharged\np1 A 2026-01-01 2026-01-10T12:00\np2 A 2026-01-01 2026-01-10T12:00",
            "contacts": "patient team started\np1 B 2026-01-10T11:59\np2 A 2026-01-10T12:00\np2 A 2026-01-11T12:00\n"
            "p2 A 2026-01-11T12:01\np2 A 2026-01-12T12:00",
        },
        "2026-01 A 1/2",
    ),
    Case(
        "one contact within 72 hours of two discharges counts for both",
        FOLLOWED_UP,
        {
            "stays": "patient ward admitted discharged\np1 A 2026-01-01 2026-01-10T12:00\np1 A 2026-01-10T13:00 2026-01-11T12:00",
            "contacts": "patient team started\np1 B 2026-01-11T18:00",
        },
        "2026-01 A 2/2",
    ),
    Case(
        "a figure belongs to the month that its outcome falls due in",
        FOLLOWED_UP,
        {
            "stays": "patient ward admitted discharged\np1 A 2026-01-01 2026-01-28T23:59\np2 A 2026-01-01 2026-01-29T00:00",
            "contacts": "patient team started\np2 B 2026-02-01T00:00",
        },
        "2026-01 A 0/1\n2026-02 A 1/1",
    ),
    Case(
        "hours that passed over the change to summer time are one fewer than the clock says",
        counted("hours(admitted, discharged) = 71"),
        stayed("2026-03-28T12:00 2026-03-31T12:00"),
        "2026-03 A 1/1",
    ),
    Case(
        "a clock on the wall counts 72 hours over the change to summer time",
        counted("hours(admitted, discharged) = 72"),
        stayed("2026-03-28T12:00 2026-03-31T12:00"),
        "2026-03 A 1/1",
        sources={"stays": "clock: wall"},
    ),
    Case(
        "hours that passed over the change to winter time are one more, and miss 72",
        counted("hours(admitted, discharged) <= 72"),
        stayed("2026-10-24T12:00 2026-10-27T12:00", "2026-10-24T12:00 2026-10-27T11:00"),
        "2026-10 A 1/2",
    ),
    Case(
        "half past one comes twice when the clocks go back, an hour apart",
        counted("minutes(admitted, discharged) = 60"),
        stayed("2026-10-25T01:30 2026-10-25T01:30#2", "2026-10-25T01:30 2026-10-25T01:30"),
        "2026-10 A 1/2",
    ),
    Case(
        "hours are compared unrounded",
        counted("hours(admitted, discharged) > 4"),
        stayed("2026-01-01T10:00 2026-01-01T14:00:01", "2026-01-01T10:00 2026-01-01T14:00:00"),
        "2026-01 A 1/2",
    ),
    Case(
        "eighteen weeks are 126 days",
        counted("days(received, treated) <= 18 weeks", source="referrals", of="received"),
        referred("2026-01-01 2026-05-07", "2026-01-01 2026-05-08", "2026-01-01 2026-01-01"),
        "2026-01 A 2/3",
    ),
    Case(
        "seen before referred is blank: in the denominator, and not met",
        counted("days(received, treated) <= 18 weeks", source="referrals", of="received"),
        referred("2026-01-02 2026-01-01", "2026-01-02 -", "2026-01-02 2026-01-02"),
        "2026-01 A 1/3",
    ),
    Case(
        "days are those of the calendar, whatever the hour",
        counted("days(admitted, discharged) = 1"),
        stayed("2026-01-01T23:59 2026-01-02T00:01", "2026-01-01T00:01 2026-01-01T23:59"),
        "2026-01 A 1/2",
    ),
    Case(
        "an hour before on the same day is before: blank, and no day apart",
        counted("days(admitted, discharged) = 0"),
        stayed("2026-01-01T12:00 2026-01-01T11:00", "2026-01-01T12:00 2026-01-01T12:00"),
        "2026-01 A 1/2",
    ),
    Case(
        "working days skip the weekend and Easter's holidays",
        "from: referrals\nmonth_of: received\nmax: working_days(received, treated)",
        referred("2026-04-02 2026-04-08"),
        "2026-04 A 2",
    ),
    Case(
        "working days begin after the first day and skip a day of the trust's own",
        "from: referrals\nmonth_of: received\nsum: working_days(received, treated)",
        referred("2026-01-05 2026-01-05", "2026-01-09 2026-01-12", "2026-01-05 2026-01-08", "2026-01-08 2026-01-05"),
        "2026-01 A 3",
        settings="calendar: {holidays: [2026-01-07]}\n",
    ),
    Case(
        "who was born on 29 February is a year older on 1 March",
        "from: contacts\nmonth_of: started\nmax: age(born, started)",
        {"contacts": "team started born\nA 2026-02-28T12:00 2008-02-29\nB 2026-02-01T12:00 2030-01-01\nA 2026-03-01T00:00 2008-02-29"},
        "2026-02 A 17\n2026-03 A 18\n2026-02 B no_denominator",
    ),
    Case(
        "a month after the 31st is the last day of a shorter month",
        "from: referrals\nmonth_of: received + 1 months\ncount: records",
        referred("2026-01-31 -", "2026-01-28 -", "2026-02-28 -"),
        "2026-02 A 2\n2026-03 A 1",
    ),
    Case(
        "the first that is not blank, and the earliest and the latest, skip blanks",
        "from: referrals\nmonth_of: received\nsum: days(received, coalesce(treated, closed)) + days(received, latest(treated, closed)) * 100",
        {"referrals": "team received treated closed\nA 2026-01-01 2026-01-02 2026-01-04\nB 2026-01-01 - 2026-01-03\nA 2026-01-01 - -"},
        "2026-01 A 301\n2026-01 B 202",
    ),
    Case(
        "a case takes the first branch that is true, and passes those that are undecided",
        "from: referrals\nmonth_of: received\nsum: case when score > 10 then 1 when urgent then 2 else 3 end",
        {"referrals": "team received score urgent\nA 2026-01-01 11 yes\nB 2026-01-01 - yes\nW 2026-01-01 - -"},
        "2026-01 A 1\n2026-01 B 2\n2026-01 W 3\n2026-01 QPT 6",
    ),
    Case(
        "undecided is neither true nor false: kept by no condition, removed by none",
        'from: referrals\nmonth_of: received\nwhere: "score > 10 or urgent"\nexcept: "pathway = \'other\' and urgent"\ncount: records',
        {"referrals": "team received score urgent pathway\nA 2026-01-01 - yes -\nA 2026-01-01 - - other\n"
         "A 2026-01-01 11 - other\nA 2026-01-01 11 yes other\nA 2026-01-01 9 yes -"},
        "2026-01 A 3",
    ),
    Case(
        "a list, a start of a code and a range keep what they name",
        'from: referrals\nmonth_of: received\nwhere: "pathway in list early and score between 2 and 4"\ncount: records\n'
        "with: starts_with(pathway, 'at')",
        {"referrals": "team received score pathway\nA 2026-01-01 2 psychosis\nA 2026-01-01 5 psychosis\nA 2026-01-01 3 -"},
        "2026-01 A 0/1",
    ),
]  # fmt: skip

SPANS = [
    Case(
        "a span that ends before it starts touches no day, not even of who is counted",
        {
            "X": "from: stays\nduring: month\npeople: any",
            "Y": "from: stays\nduring: month\nsum: days_in(month)",
        },
        {
            "stays": "patient ward admitted discharged\np1 A 2026-01-20T10:00 2026-01-18T10:00\n"
            "p2 A 2026-01-20T10:00 2026-01-20T09:00\np3 A 2026-01-20T10:00 2026-01-20T11:00"
        },
        "2026-01 A X=1\n2026-01 A Y=1",
    ),
    Case(
        "a record whose month is blank belongs to none",
        "from: referrals\nmonth_of: treated\ncount: records",
        referred("2026-01-01 -", "2026-01-01 2026-02-01"),
        "2026-01 A 0\n2026-02 A 1",
    ),
    Case(
        "discharged at the last minute of March is not open at its end; a minute later is",
        "from: stays\nat: month_end\ncount: records",
        stayed("2026-03-01 2026-03-31T23:59", "2026-03-01 2026-04-01T00:00", "2026-03-31T23:59 -", "2026-04-01T00:00 -"),
        "2026-03 A 2\n2026-04 A 2",
    ),
    Case(
        "a post that ends on 31 March is a leaver in March, and in post at its end",
        {"X": "from: posts\nat: month_end\nsum: wte", "Y": "from: posts\nmonth_of: until\nsum: wte"},
        {"posts": "team since until wte\nA 2026-01-01 2026-03-31 0.60\nA 2026-03-31 - 1.00\nA 2026-03-05 2026-03-01 9.00"},
        "2026-03 A X=1.6\n2026-04 A X=1\n2026-03 A Y=9.6\n2026-04 A Y=0",
    ),
    Case(
        "nights are midnights, and the months add up to the length of the stay",
        "from: stays\nduring: month\nsum: nights_in(month)",
        stayed("2026-03-30 2026-04-02"),
        "2026-03 A 2\n2026-04 A 1\n2026-05 A 0",
    ),
    Case(
        "in and out in one day is no night; out before in is no day",
        {"X": "from: stays\nduring: month\nsum: nights_in(month)", "Y": "from: stays\nduring: month\nsum: days_in(month)"},
        stayed("2026-03-30T08:00 2026-03-30T20:00", "2026-03-20 2026-03-10"),
        "2026-03 A X=0\n2026-03 A Y=1",
    ),
    Case(
        "who is off sick from the 1st to the 3rd is off for three days",
        "from: posts\nduring: month\nsum: days_in(month) * wte",
        {"posts": "team since until wte\nA 2026-03-01 2026-03-03 0.50\nA 2026-02-28 2026-03-01 1.00"},
        "2026-03 A 2.5\n2026-02 A 1",
    ),
    Case(
        "the hours of a day on which the clocks change are 23 and 25",
        "from: stays\nduring: month\nsum: hours_in(month)",
        stayed("2026-03-29 2026-03-30", "2026-10-25 2026-10-26", "2026-03-31T22:00 2026-04-01T03:30"),
        "2026-03 A 25\n2026-10 A 25\n2026-04 A 3.5",
    ),
    Case(
        "a stay that goes on fills each month to its end",
        {"X": "from: stays\nduring: month\nsum: hours_in(month)", "Y": "from: stays\nduring: month\nsum: nights_in(month)"},
        stayed("2026-01-31T12:00 -"),
        "2026-01 A X=12\n2026-02 A X=672\n2026-01 A Y=1\n2026-02 A Y=28",
    ),
    Case(
        "a ward that moves on 11 March leaves its nights to the 10th behind",
        {"X": "from: stays\nduring: month\nsum: nights_in(month)", "Y": "from: stays\nduring: month\nsum: hours_in(month)"},
        {"stays": LASTING + "s1 W 2026-03-01T12:00 2026-03-20T12:00"},
        "2026-03 NORTH X=10\n2026-03 SOUTH X=9\n2026-03 W X=19\n2026-03 QPT X=19\n2026-03 NORTH Y=228\n2026-03 SOUTH Y=228",
    ),
    Case(
        "with today's tree, all of it is where the ward is now",
        "from: stays\nduring: month\nsum: nights_in(month)",
        {"stays": LASTING + "s1 W 2026-02-27 2026-03-20"},
        "2026-02 NORTH 0\n2026-02 SOUTH 2\n2026-03 SOUTH 19",
        current=Month(2026, 4),
    ),
    Case(
        "a code used after its team closed keeps its last place; with today's tree it is its successor's",
        "from: referrals\nmonth_of: received\ncount: records",
        {"referrals": "team received\nOLD 2026-01-05\nNEW 2026-01-05"},
        "2026-01 NORTH 1\n2026-01 NEW 1\n2026-01 QPT 2",
    ),
    Case(
        "a closed team's records are its successor's in today's tree",
        "from: referrals\nmonth_of: received\ncount: records",
        {"referrals": "team received\nOLD 2025-01-05\nNEW 2026-01-05"},
        "2025-01 NEW 1\n2025-01 NORTH 0\n2026-01 NEW 1",
        current=Month(2026, 1),
    ),
]  # fmt: skip

RELATED = [
    Case(
        "bounds in days compare dates, those that are times moments",
        {
            "X": CONTACTS_AFTER % "since: discharged, until: discharged + 1 days",
            "Y": CONTACTS_AFTER % "after: discharged, before: discharged + 24 hours",
            "Z": CONTACTS_AFTER % "since: discharged + 0 days",
        },
        {
            "stays": "patient ward admitted discharged\np1 A 2026-01-01 2026-01-10T12:00",
            "contacts": "patient team started\np1 A 2026-01-10T09:00\np1 A 2026-01-10T12:00\np1 A 2026-01-11T12:00\n"
            "p1 A 2026-01-11T23:59\np1 A 2026-01-12T00:00\n- A 2026-01-10T13:00\np2 A 2026-01-10T13:00",
        },
        "2026-01 A X=3\n2026-01 A Y=0\n2026-01 A Z=5",
    ),
    Case(
        "a blank matches nothing, not even a blank",
        CONTACTS_AFTER % "since: discharged",
        {
            "stays": "patient ward admitted discharged\n- A 2026-01-01 2026-01-10T12:00",
            "contacts": "patient team started\n- A 2026-01-10T13:00",
        },
        "2026-01 A 0",
    ),
    Case(
        "readmitted the minute of the discharge is a transfer, and a record is never its own readmission",
        "from: stays\nmonth_of: discharged\ncount: records\nwith: back\n"
        "related: {back: {any: stays, match: patient, dated: admitted, after: discharged, until: discharged + 30 days}}",
        {
            "stays": "patient ward admitted discharged\np1 A 2026-01-01 2026-01-10T12:00\np1 A 2026-01-10T12:00 2026-01-12\n"
            "p2 B 2026-01-01 2026-01-10\np2 A 2026-02-09T23:59 2026-02-20\np3 W 2026-01-10 2026-01-09"
        },
        "2026-01 A 0/2\n2026-01 B 1/1\n2026-01 W 0/1",
    ),
    Case(
        "the first of a moment is that of the smallest key, the last that of the largest",
        {
            "X": "from: referrals\nmonth_of: received\nunit_of: one.team\ncount: records\n"
            "related: {one: {first: contacts, match: patient, dated: started}}",
            "Y": "from: referrals\nmonth_of: received\nunit_of: one.team\ncount: records\n"
            "related: {one: {last: contacts, match: patient, dated: started}}",
        },
        {
            "referrals": "patient team received\np1 W 2026-01-01\np2 W 2026-01-01",
            "contacts": "contact patient team started\nc2 p1 B 2026-01-05T10:00\nc1 p1 A 2026-01-05T10:00\nc3 p1 NEW 2026-01-05T09:59\n"
            "c4 p1 W 2026-01-04T10:00\nc5 p1 NEW 2026-01-05T10:00",
        },
        "2026-01 W X=1\n2026-01 NEW Y=1\n2026-01 unattributed X=1\n2026-01 unattributed Y=1\n2026-01 QPT X=2",
    ),
    Case(
        "a month may be that of the related record, and be blank without one",
        "from: referrals\nmonth_of: start.started\ncount: records\nwith: days(received, start.started) <= 2 weeks\n"
        "related: {start: {first: contacts, match: patient, dated: started, since: received, where: status = 'attended'}}",
        {
            "referrals": "patient team received\np1 A 2026-01-20\np2 A 2026-01-20\np3 A 2026-01-20",
            "contacts": "patient team started status\np1 B 2026-02-03T23:00 attended\np1 B 2026-01-21T10:00 dna\n"
            "p2 B 2026-02-04T00:00 attended\np3 B 2026-01-21T10:00 dna",
        },
        "2026-01 A 0/0\n2026-02 A 1/2",
    ),
    Case(
        "a month may be that of the related record where nothing else is asked of it",
        "from: referrals\nmonth_of: start.started\ncount: records\n"
        "related: {start: {first: contacts, match: patient, dated: started, since: received}}",
        {
            "referrals": "patient team received\np1 A 2026-01-20\np2 A 2026-01-20\np3 A 2026-01-20",
            "contacts": "patient team started\np1 B 2026-02-03T23:00\np2 B 2026-02-04T00:00",
        },
        "2026-01 A 0\n2026-02 A 2",
    ),
    Case(
        "a related record's condition may ask about the measured one",
        "from: stays\nmonth_of: admitted\ncount: records\nwith: same\n"
        "related: {same: {any: contacts, match: patient, dated: started, where: team = this.ward}}",
        {
            "stays": "patient ward admitted\np1 A 2026-01-01\np2 A 2026-01-01",
            "contacts": "patient team started\np1 A 2026-03-01T10:00\np2 B 2026-01-01T10:00",
        },
        "2026-01 A 1/2",
    ),
    Case(
        "a relation of a stock may look back from each month's end",
        "from: posts\nat: month_end\ncount: records\nwith: review\n"
        "related: {review: {any: reviews, match: employee, dated: held, after: month_end - 12 months, until: month_end}}",
        {"posts": "employee team since\ne1 A 2020-01-01", "reviews": "employee team held\ne1 B 2025-03-31"},
        "2025-02 A 0/1\n2025-03 A 1/1\n2026-02 A 1/1\n2026-03 A 0/1",
    ),
    Case(
        "columns of another name are matched by both names",
        "from: referrals\nmonth_of: received\ncount: records\nwith: seen\n"
        "related: {seen: {any: contacts, match: {patient: patient, referral: referral}, dated: started}}",
        {
            "referrals": "referral patient team received\nr1 p1 A 2026-01-01\nr2 p1 A 2026-01-01",
            "contacts": "patient referral team started\np1 r1 A 2026-01-01T10:00\np2 r2 A 2026-01-01T10:00",
        },
        "2026-01 A 1/2",
    ),
    Case(
        "what kind of place it was is asked of the day",
        "from: stays\nmonth_of: admitted\nwhere: unit.kind = 'ward'\ncount: records",
        {"stays": "ward admitted\nW 2026-01-01\nA 2026-01-01\nnowhere 2026-01-01\n- 2026-01-01"},
        "2026-01 W 1\n2026-01 A 0\n2026-01 QPT 1",
    ),
]  # fmt: skip
