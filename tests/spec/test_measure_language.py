"""The measure language: every worked indicator is taken, and whatever it forbids is refused by name."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.language import indicator, language
from trigpoint.definitions.measure import AnyMeasure, FormulaMeasure, RecordMeasure
from trigpoint.definitions.window import Window
from trigpoint.terms.errors import DefinitionError
from trigpoint.terms.period import Month, Period

OVERLAPPING = "basis: rolling"
WORKED = """
MH-FU72:
  from: stays
  related: {contact: {any: contacts, match: patient, dated: started, since: discharged, until: discharged + 72 hours,
            where: "status = 'attended' and medium in ('face to face', 'telephone', 'video')"}}
  month_of: discharged + 3 days
  where: unit.kind = 'adult_acute'
  except: destination in ('died', 'other hospital')
  count: records
  with: contact
MH-EIP2W:
  from: referrals
  related: {start: {first: contacts, match: referral, dated: started, since: received, where: status = 'attended' and care_coordinator}}
  month_of: start.started
  where: pathway = 'first episode psychosis'
  count: records
  with: days(received, start.started) <= 2 weeks
TT-6W:  {from: courses, month_of: ended, where: sessions >= 2, count: records, with: "days(referred, first_treated) <= 6 weeks"}
TT-18W:  {from: courses, month_of: ended, where: sessions >= 2, count: records, with: "days(referred, first_treated) <= 18 weeks"}
TT-REC:
  from: courses
  month_of: ended
  where: sessions >= 2
  except: phq9_first < 10 and gad7_first < 8        # not a case; unscored stays in
  count: records
  with: phq9_last < 10 and gad7_last < 8
OAP-BD: {from: placements, during: month, where: inappropriate, sum: nights_in(month)}
MH-OCC:
  from: stays
  during: month
  sum: nights_in(month)
  over: {from: beds, during: month, sum: nights_in(month) * open_beds}
MH-LOS: {from: stays, month_of: discharged, median: "days(admitted, discharged)"}
MH-READ:
  from: stays
  related: {back: {any: stays, match: patient, dated: admitted, after: discharged, until: discharged + 30 days, where: method = 'emergency'}}
  month_of: discharged
  except: destination = 'died'
  count: records
  with: back
MH-RI:
  from: incidents
  month_of: occurred
  where: kind = 'restraint'
  count: records
  over: {from: stays, during: month, sum: nights_in(month)}
  per: 1000
FALL:
  from: incidents
  month_of: occurred
  where: kind = 'fall'
  count: records
  over: {from: stays, during: month, sum: nights_in(month)}
  per: 1000
CASELOAD:
  from: referrals
  at: month_end
  count: records
  over: {from: posts, at: month_end, where: clinical, sum: wte}
WF-SICK:
  from: absences
  during: month
  sum: days_in(month) * wte
  over: {from: posts, during: month, sum: days_in(month) * wte}
WF-TURN:
  from: posts
  month_of: ended
  where: permanent and leaver        # not a mere change of hours
  sum: wte
  window: 12 months
  over: {from: posts, at: month_end, where: permanent, sum: wte, window: average of 12 months}
WF-VAC:
  parts: {budget: {from: establishment, at: month_end, sum: wte}, staff: {from: posts, at: month_end, sum: wte}}
  formula: (budget - staff) / budget
WF-MAND: {from: training, at: month_end, where: needed, count: records, with: met}
CMP-RESP: {from: complaints, month_of: due, except: withdrawn, count: records, with: responded <= due}
FFT-POS:
  from: fft
  month_of: month
  sum: very_good + good
  over: {from: fft, month_of: month, sum: responses}
DNA: {from: contacts, month_of: started, where: "status in ('attended', 'dna')", count: records, with: status = 'dna'}
WAIT-MAX: {from: referrals, at: month_end, where: first_treated is null or first_treated > month_end, max: "days(received, month_end)"}
COM-52W:
  from: referrals
  at: month_end
  where: (first_treated is null or first_treated > month_end) and days(received, month_end) > 52 weeks
  count: records
CYP-ACC: {from: contacts, month_of: started, where: "status = 'attended' and age(born, started) < 18", people: any, window: 12 months}
SI-GAP: {from: incidents, where: severity in list serious, gap: occurred}
DQ-ETH: {from: referrals, month_of: received, count: records, with: "ethnicity is not null and ethnicity not in ('Z', '99')"}
FIN-CIP:
  from: savings
  month_of: month
  sum: delivered
  window: year to date
  over: {from: savings, month_of: month, sum: planned, window: year to date}
INDEX:
  formula: mean(case when [MH-FU72] >= 80 then 100 else 0 end, [TT-REC], 100 - [DNA])
CYP-CHG:
  formula: ([CYP-ACC] - before([CYP-ACC], 12)) / before([CYP-ACC], 12)
CMH-2C: {from: contacts, month_of: started, where: status = 'attended', people: at least 2, window: 12 months}
NEW:
  from: contacts
  related: {earlier: {any: contacts, match: patient, dated: started, before: started}}
  month_of: started
  where: not earlier
  count: records
APPRAISAL:
  from: posts
  related: {review: {any: reviews, match: employee, dated: held, after: month_end - 12 months, until: month_end}}
  at: month_end
  count: records
  with: review
"""  # noqa: E501 - as the design has them
ROLLING = {"WF-TURN", "CYP-ACC", "FIN-CIP", "CYP-CHG", "CMH-2C"}


def worked() -> dict[str, str]:
    """The measure of each worked indicator, as it is written."""
    found: dict[str, str] = {}
    for entry in re.split(r"^(?=[A-Z])", WORKED.strip("\n"), flags=re.MULTILINE)[0:]:
        code, _, body = entry.partition(":")
        if body:
            one_line = body.strip().startswith("{")
            given = yaml.safe_load(body) if one_line else None
            lines = yaml.safe_dump(given, width=1000, sort_keys=False) if one_line else body
            found[code] = re.sub(r"^  ", "", lines, flags=re.MULTILINE)
    return found


def measured(measure: str, **given: str) -> AnyMeasure:
    """A measure that is taken."""
    return language(indicator("X", measure, **given)).indicators["X"].versions[0].measure


def refused(measure: str, *others: str, **given: str) -> str:
    """What is said of a measure that is not."""
    with pytest.raises(DefinitionError) as raised:
        language(indicator("X", measure, **given), *others)
    return str(raised.value)


def test_every_worked_indicator_is_taken() -> None:
    given = worked()
    assert len(given) == 30
    catalogue = language(
        *(
            indicator(code, body, more=OVERLAPPING if code in ROLLING else "basis: flow")
            for code, body in given.items()
        )
    )
    assert set(catalogue.indicators) == set(given)


# ------------------------------------------------------------------------------- the errors of the design

CONTACTS = "from: contacts\nmonth_of: started\ncount: records\n"
SHOWN = [
    (
        f"{CONTACTS}where: medum = 'text'",
        "where",
        "medum",
        "no column 'medum'; expected a column of contacts. Nearest: medium.",
    ),
    (
        f"{CONTACTS}where: medium <> 'text'",
        "where",
        "medium",
        "medium, which may be blank, under `<>`: its blanks would drop out silently; expected a word on its "
        "blanks beside it. To drop them: `medium is not null and medium <> 'text'`. "
        "To keep them: `medium is null or medium <> 'text'`.",
    ),
    (
        "from: referrals\nmonth_of: received\ncount: records\nwhere: hours(opened, received) > 4",
        "where",
        "hours",
        "hours() of opened, which is a date; expected times. Use days(opened, …).",
    ),
    (
        "from: stays\nmonth_of: admitted\ncount: records\nwhere: method = 'Emergency'",
        "where",
        "'Emergency'",
        "method has no 'Emergency'; expected one of its values. Nearest: emergency.",
    ),
    (
        "from: posts\nat: month_end\nsum: wte\nwindow: 12 months",
        "window",
        "window",
        "`window: 12 months`, which cannot add a month-end stock; expected the average of stocks. "
        "Did you mean: average of 12 months?",
    ),
    (
        f"{CONTACTS}where: care_coordinator and status = 'a' or medium = 'b'",
        "where",
        "or medium",
        "`or` after `and`; expected `and`, or brackets that say what goes first",
    ),
]


@pytest.mark.parametrize(("measure", "key", "at", "said"), SHOWN)
def test_an_error_shows_its_file_line_and_column(measure: str, key: str, at: str, said: str) -> None:
    told = refused(measure, more=OVERLAPPING if key == "window" else "basis: flow")
    lines = ("indicators:" + indicator("X", measure)).splitlines()
    line = next(i for i, text in enumerate(lines) if text.strip().startswith(f"{key}:"))
    column = lines[line].index(at) + 1
    assert f"definitions/indicators.yaml:{line + 1}:{column}  found {said}" in told


# the condition on contacts | what is said of it
FORBIDDEN = """
select patient                                   | an expression is no SQL
medium in (select patient)                       | a text in single quotes
join referrals                                   | Other records come in by `related`
sum(sessions) > 3                                | a key of the measure, such as `sum: cost`
count(contact) > 1                               | a key of the measure
max(started) > month_start                       | Of several dates of one record: latest
row_number() = 1                                 | `related`: first or last
status over (patient)                            | A window of months is the measure's `window`
status / 2 = 1                                   | division belongs to
status like 'a%'                                 | starts_with(code, 'F2')
cast(status) = 1                                 | Types are the source's
status::number = 1                               | Types are the source's
started < now()                                  | month_end is the last day of its month
started < today                                  | month_end is the last day of its month
weeks(born, started) > 3                         | would hide how it rounds
started = born                                   | date(t) is the day of a time
born < started                                   | date(t) is the day of a time
started + 72 hours < started                     | only as the bound of a related record
born + 72 hours < born                           | only as the bound of a related record
if(care_coordinator, 1, 2) = 1                   | case when
datediff(born, started) > 3                      | Write days(a, b)
upper(status) = 'A'                              | compared as they are
year(started) = 2026                             | age(born, on)
date(born) = born                                | a time, of which date() is the day
days(born) > 3                                   | 1 value in days(); expected two dates or times
days(status, born) > 3                           | found a text; expected a date or a time
minutes(born, started) > 3                       | minutes() of born, which is a date; expected times
hours(started, started) <= 4 hours               | a plain number, such as hours(…) <= 4
age(born) < 18                                   | 1 value in age()
coalesce(status) = 'a'                           | 1 value in coalesce()
coalesce(status, 3) = 'a'                        | found a number; expected a text
coalesce(status = 'a', true)                     | a condition; expected a column in coalesce()
(status = 'a') is null                           | a condition beside `is`
latest(born, started) = born                     | found a time; expected a date
starts_with(status, medium)                      | a text in single quotes
starts_with(born, 'F2')                          | found a date; expected a code
status in list seriuos                           | no list 'seriuos'; expected the name of a list
born in list serious                             | a code, of which a list has some
case when status then 1 else 2 end = 1           | found a text; expected a condition
case when care_coordinator then 1 else 'a' end = 1 | found a text; expected a number, as in the first
case care_coordinator when true then 1 end = 1   | `when` and a condition
case when care_coordinator then 1 = 1            | `when`, `else` or `end`
nights_in(month) > 1                             | it only with `during: month`
hours_in(day) > 1                                | hours_in(month)
contact.started > started                        | no column 'contact.started'
this.started > started                           | no column 'this.started'
not days(born, started) > 3                      | days(born, started), which may be blank
not (status = 'a')                               | status, which may be blank
status not in ('a', 'b')                         | status is not null and status not in ('a', 'b')
status not in list serious                       | status is not null and status not in list serious
coalesce(status, medium) <> 'a'                  | coalesce(status, medium), which may be blank
(case when care_coordinator then status end) <> 'a' | which may be blank
"""


@pytest.mark.parametrize("line", FORBIDDEN.strip().splitlines())
def test_what_an_expression_may_not_say(line: str) -> None:
    condition, said = (cell.strip() for cell in line.rsplit("|", 1))
    assert said in refused(f'{CONTACTS}where: "{condition}"')


TAKEN = """
days(born, started) >= 18 weeks
days(started, started) <= 126
hours(started, started) <= 0.5
minutes(started, started) < 240
working_days(started, started) <= 3
age(born, month_end) between 18 and 64
coalesce(status, 'none') <> 'none'
coalesce(care_coordinator, false)
not coalesce(care_coordinator, false)
earliest(date(started), born + 3 months) < month_end
latest(born, month_start, month_end) <> month_end
starts_with(status, 'att')
status in list serious
status is not null and status not in list serious
status is null or not (status = 'a')
status is not null and (care_coordinator or status <> 'a')
days(born, started) is not null and days(born, started) <> 3
not (status is not null and status = 'a')
case when status = 'a' then 1 when care_coordinator then 2 else 3 end <> 2
case when status is not null then status else medium end = 'a'
(case when status is null then 'none' else status end) <> 'a'
unit.kind = 'adult_acute' and care_coordinator
started + 3 days < month_end and born + 1 months > month_start
date '2026-04-01' <= born
"""


@pytest.mark.parametrize("condition", TAKEN.strip().splitlines())
def test_what_an_expression_may_say(condition: str) -> None:
    given = measured(f'{CONTACTS}where: "{condition}"')
    assert isinstance(given, RecordMeasure)
    assert given.where == condition


# --------------------------------------------------------------------------------------- related records

STAYS = "from: stays\nmonth_of: discharged\ncount: records\nwith: contact\n"
RELATED = "any: contacts, match: patient, dated: started"
UNRELATED = [
    (
        f"related: {{contact: {{{RELATED}, since: dischraged}}}}",
        "no column 'dischraged'.*Nearest: discharged",
    ),
    ("related: {contact: {any: contcts, match: patient, dated: started}}", "Nearest: contacts"),
    ("related: {contact: {any: contacts, match: patint, dated: started}}", "a column of stays. Nearest"),
    ("related: {contact: {any: contacts, match: {patient: ward}, dated: started}}", "a column of contacts"),
    ("related: {contact: {any: contacts, match: {admitted: status}, dated: started}}", "columns of one type"),
    ("related: {contact: {any: contacts, match: patient, dated: stared}}", "Nearest: started"),
    ("related: {contact: {any: contacts, match: patient, dated: status}}", "expected a date or a time"),
    ("related: {contact: {match: patient, dated: started}}", "one of any, count, first and last"),
    (f"related: {{contact: {{{RELATED}, first: contacts}}}}", "one of any, count, first and last"),
    (f"related: {{contact: {{{RELATED}, since: admitted, after: admitted}}}}", "one of since and after"),
    (f"related: {{contact: {{{RELATED}, until: status}}}}", "no column 'status'; expected a column of stays"),
    (f"related: {{contact: {{{RELATED}, until: 3}}}}", "text .a number"),
    (f"related: {{contact: {{{RELATED}, until: ward}}}}", "found a text; expected a date or a time"),
    (f"related: {{contact: {{{RELATED}, where: medium <> 'text'}}}}", "medium is not null and"),
    (f"related: {{contact: {{{RELATED}, where: method = 'text'}}}}", "a column of contacts"),
    (f"related: {{contact: {{{RELATED}, where: this.methd = 'x'}}}}", "Nearest: this.method"),
    (f"related: {{contact: {{{RELATED}, where: contact}}}}", "found a text; expected a condition"),
    (
        "related: {contact: {any: referrals, match: patient, dated: received, until: discharged + 72 hours}}",
        "a time, beside received, which is a date",
    ),
    (f"related: {{method: {{{RELATED}}}}}", "'method', as a column is called"),
    (f"related: {{unit: {{{RELATED}}}}}", "'unit', which means something else"),
    ("related: {contact: {last: contacts, match: patient, dated: started}}", "contact, which is a record"),
    (f"related: {{contact: {{{RELATED}, wher: true}}}}", "'wher'.*Nearest: where"),
]


@pytest.mark.parametrize(("related", "said"), UNRELATED)
def test_related_records_that_do_not_fit_are_refused(related: str, said: str) -> None:
    assert re.search(said, refused(STAYS + related))


def test_what_comes_of_related_records_may_be_blank_and_their_being_there_may_not() -> None:
    first = "related: {contact: {first: contacts, match: patient, dated: started}}\n"
    told = refused(f"from: stays\nmonth_of: discharged\ncount: records\n{first}where: contact.status <> 'a'")
    assert "contact.status, which may be blank" in told
    there = "related: {contact: {count: contacts, match: patient, dated: started}}\n"
    counted = measured(f"from: stays\nmonth_of: discharged\nsum: contact\n{there}where: not (contact > 2)")
    assert counted.sources == ("stays", "contacts")


def test_match_takes_a_column_or_pairs_of_columns() -> None:
    one = measured(f"{STAYS}related: {{contact: {{{RELATED}}}}}")
    two = measured(
        f"{STAYS}related: {{contact: {{any: contacts, match: {{consultant: clinician}}, dated: started}}}}"
    )
    assert isinstance(one, RecordMeasure)
    assert isinstance(two, RecordMeasure)
    assert one.related["contact"].match == (("patient", "patient"),)
    assert two.related["contact"].match == (("consultant", "clinician"),)


def test_the_month_cannot_depend_on_what_depends_on_the_month() -> None:
    bound = "related: {contact: {first: contacts, match: patient, dated: started, after: month_start}}\n"
    told = refused(f"from: stays\ncount: records\n{bound}month_of: contact.started")
    assert "contact.started, which depends on the month" in told
    assert "month_end, which depends" in refused(
        "from: referrals\ncount: records\nmonth_of: latest(received, month_end)"
    )


def test_the_unit_may_be_that_of_a_related_record() -> None:
    first = "related: {contact: {first: contacts, match: patient, dated: started}}\n"
    given = f"from: stays\nmonth_of: discharged\ncount: records\n{first}unit_of: "
    assert measured(f"{given}contact.team").words.startswith(
        "Of stays, by month of discharged, at the unit of"
    )
    assert "Nearest: contact.team" in refused(f"{given}contact.taem")
    assert "a column of type unit" in refused(f"{given}contact.status")


# ------------------------------------------------------------------------------- quantities and windows

UNFIT = [
    ("from: posts\nmonth_of: started\npeople: any", "whose source names no `subject`"),
    ("from: contacts\nmonth_of: started\npeople: some", "`any`, or `at least 2`"),
    ("from: contacts\nmonth_of: started\npeople: at least 0", "`any`, or `at least 2`"),
    ("from: contacts\nat: month_end\ncount: records", "of which no span is declared"),
    ("from: contacts\nmonth_of: started\npercentile: {of: 3, at: 92}", "text .a number"),
    ("from: stays\nmonth_of: admitted\npercentile: {of: 'days(admitted, discharged)', at: 100}", "less than"),
    ("from: stays\nmonth_of: admitted\nmean: method", "found a text; expected a number"),
    ("from: stays\nmonth_of: admitted\nmax: admitted", "found a time; expected a number"),
    ("from: stays\nmonth_of: admitted\ngap: admitted", "`gap` follows events one by one"),
    ("from: stays\ngap: admitted\nwindow: 3 months", "leave window out"),
    ("from: stays\ngap: method", "found a text; expected a date or a time"),
    ("from: stays\ngap: admitted\nwhere: admitted < month_end", "no column 'month_end'"),
    ("from: stays\ncount: records", "a record needs one of month_of"),
    ("from: stays\nmonth_of: admitted\ncount: records\nsum: 1 + 1", "not count and sum"),
    ("from: stays\nduring: month\ncount: records", "takes a record in part"),
    ("from: stays\nduring: month\nsum: hours_in(month)\nwith: method = 'elective'", "`with` is a share of"),
    ("from: beds\nduring: month\nsum: hours_in(month)", "of a span between dates"),
    ("from: stays\nmonth_of: admitted\nmedian: 'days(admitted, discharged)'\nper: 3", "per belongs to"),
    (
        "from: stays\nmonth_of: admitted\nmean: 'days(admitted, discharged)'\n"
        "over: {from: stays, at: month_end, count: records}",
        "a mean stands alone",
    ),
    ("from: stays\nmonth_of: admitted\ncount: records\ncoverage: 0.9", "too low"),
    ("from: stays\nmonth_of: admitted\ncount: records\nwindow: average of 12 months", "with `at: month_end`"),
    ("from: stays\nat: month_end\ncount: records\nwindow: year to date", "cannot add a month-end stock"),
    ("from: stays\nmonth_of: admitted\ncount: records\nwindow: 12 weeks", "`year to date` or `average of"),
    ("from: stays\nmonth_of: admitted\ncount: records\nwindow: 12 months", "basis must be rolling"),
    ("from: stays\nmonth_of: admitted\ncount: records\nwindow: year to date", "basis must be rolling"),
    (
        "from: incidents\nmonth_of: occurred\ncount: records\nwhere: severity in list odd",
        "'6' in the list odd",
    ),
]


@pytest.mark.parametrize(("measure", "said"), UNFIT)
def test_a_quantity_that_does_not_fit_is_refused(measure: str, said: str) -> None:
    assert re.search(said, refused(measure))


def test_figures_of_persons_need_the_column_that_says_who_it_was() -> None:
    assert measured(CONTACTS, levels="[trust, team, person]").counts
    told = refused("from: posts\nmonth_of: started\nsum: wte", levels="[trust, person]")
    assert "whose source names no `staff`" in told


def test_a_window_says_its_months_and_its_period() -> None:
    june, march = Month(2026, 6), Month(2026, 3)
    year = Window.parse("year to date")
    assert year.months(june) == (Month(2026, 4), Month(2026, 5), june)
    assert year.period(march) == Period(Month(2025, 4).start, march.end)
    assert Window.parse("12 months").months(june)[0] == Month(2025, 7)
    texts = ("1 month", "12 months", "year to date", "average of 12 months")
    assert [str(Window.parse(text)) for text in texts] == list(texts)


def test_what_a_figure_is_over_has_its_window_unless_it_says_otherwise() -> None:
    over = "over: {from: contacts, month_of: started, count: records"
    given = measured(f"{CONTACTS}window: 3 months\n{over}}}", more=OVERLAPPING)
    own = measured(f"{CONTACTS}window: 3 months\n{over}, window: 12 months}}", more=OVERLAPPING)
    assert [str(one.window) for it in (given, own) for one in it.quantities] == [  # type: ignore[union-attr]
        "3 months",
        "3 months",
        "3 months",
        "12 months",
    ]
    assert own.period(Month(2026, 6)) == Period(Month(2025, 7).start, Month(2026, 6).end)


# -------------------------------------------------------------------------------------------- formulas

WRONG_FORMULAS = """
[DN]                                   | no indicator 'DN'; expected the code of one in [ ]. Nearest: DNA
[X] + 1                                | a circle: X -> X
[Y] + 1                                | a circle: X -> Y -> X
[DNA] +                                | found the end; expected a number, the code of an indicator
budget / 2                             | no part 'budget'
mean([DNA])                            | 1 value; expected 2 to 50 in mean()
median([DNA], 2)                       | no function 'median'
round([DNA], 11)                       | decimals that are no number from 0 to 9
before([DNA], 0)                       | no such number of months
before(12, 1)                          | the code of an indicator, such as before
case when [DNA] then 1 else 2 end      | a value; expected a comparison
[DNA] > 3                              | the end, or a sign before more
1 + ([DNA] > 3)                        | a condition; expected a value
case when [DNA] > 1 and [DNA] < 2 or [DNA] = 7 then 1 end | `or` after `and`
[DNA] % 2                              | no remainder here
"""


@pytest.mark.parametrize("line", WRONG_FORMULAS.strip().splitlines())
def test_a_formula_that_does_not_hold_is_refused_with_its_place(line: str) -> None:
    formula, said = (cell.strip() for cell in line.rsplit("|", 1))
    others = [indicator("DNA", CONTACTS), indicator("Y", "formula: 2 * [X]")]
    told = refused(f'formula: "{formula}"', *others)
    assert said in told
    assert re.search(r"indicators\.yaml:\d+:\d+", told)


def test_a_formula_says_what_it_draws_on_and_what_stands_below() -> None:
    given = language(
        indicator("X", 'formula: "([DNA] - before([DNA], 12)) / (0 - -3)"'), indicator("DNA", CONTACTS)
    )
    measure = given.indicators["X"].versions[0].measure
    assert isinstance(measure, FormulaMeasure)
    assert [(figure.code, figure.before) for figure in measure.references] == [("DNA", 0), ("DNA", 12)]
    assert measure.ratio
    assert given.sources_of(measure, Month(2026, 6)) == ("contacts",)
    assert not measured("formula: case when not (3 > 2) and (2 = 2) then 1 else (2 + 1) * 4 end").ratio


def test_brackets_within_brackets_are_read_in_one_go() -> None:
    deep = "(" * 25 + "3" + ")" * 25
    assert not measured(f'formula: "case when ({deep} > 2) then {deep} end"').ratio


def test_a_formula_of_figures_whose_months_overlap_overlaps_too() -> None:
    rolling = indicator("R", f"{CONTACTS}window: 12 months", more=OVERLAPPING)
    assert "since months overlap" in refused('formula: "[R] / 2"', rolling)


def test_parts_are_checked_as_any_quantity_is() -> None:
    told = refused("parts: {budget: {from: posts, at: month_end, sum: wet}}\nformula: budget")
    assert "no column 'wet'; expected a column of posts. Nearest: wte" in told
    unused = "parts: {budget: {from: posts, at: month_end, sum: wte}}\nformula: 3 * 4"
    assert "a part 'budget' that the formula does not use" in refused(unused)


def test_a_measure_of_records_prints_itself_in_one_sentence() -> None:
    given = measured(worked()["MH-FU72"]).words
    assert given == (
        "Of stays, by month of discharged + 3 days, where unit.kind = 'adult_acute', "
        "except destination in ('died', 'other hospital'): the share with contact; "
        "contact: any of contacts with the same patient, started since discharged and "
        "until discharged + 72 hours, where status = 'attended' and "
        "medium in ('face to face', 'telephone', 'video')"
    )


def test_lists_are_part_of_what_figures_mean() -> None:
    body = "from: incidents\nmonth_of: occurred\ncount: records\nwhere: severity in list serious"
    one = language(indicator("X", body))
    assert one.lists["serious"].values == ("4", "5")
    assert one.observations_hash == language(indicator("X", body)).observations_hash
    renamed = one.lists["serious"].model_copy(update={"values": ("5",)})
    assert renamed.meaning() != one.lists["serious"].meaning()
