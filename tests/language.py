"""The sources of the worked indicators, for the tests of the measure language: a line a source."""

from __future__ import annotations

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.reading import read_catalogue

# name | keys besides title, holds, format and delivery | columns; * is required, = closed
SOURCES = """
stays | key: [spell], dated: admitted, unit: ward, subject: patient, staff: consultant, span: {from: admitted, to: discharged, to_means: first_day_out} | spell code, patient code, ward unit, consultant code, admitted time*, discharged time, method code=emergency elective transfer, destination code
contacts | key: [contact], dated: started, unit: team, subject: patient, staff: clinician | contact code, patient code, referral code, team unit, clinician code, started time*, status code, medium code, care_coordinator boolean, born date
referrals | key: [referral], dated: received, unit: team, subject: patient, span: {from: received, to: closed, to_means: first_day_out} | referral code, patient code, team unit, received date*, closed date, first_treated date, pathway code, ethnicity code, opened date
courses | key: [course], dated: ended, unit: team | course code, team unit, referred date, first_treated date, ended date, sessions number, phq9_first number, phq9_last number, gad7_first number, gad7_last number
placements | key: [placement], dated: started, unit: team, span: {from: started, to: ended, to_means: first_day_out} | placement code, team unit, started date, ended date, inappropriate boolean
beds | key: [line], dated: since, unit: ward, span: {from: since, to: until, to_means: last_day_in} | line code, ward unit, since date, until date, open_beds number
incidents | key: [incident], dated: occurred, unit: ward | incident code, ward unit, occurred time*, kind code, severity code=1 2 3 4 5
posts | key: [post], dated: started, unit: team, span: {from: started, to: ended, to_means: last_day_in} | post code, employee code, team unit, started date, ended date, clinical boolean, permanent boolean, leaver boolean, wte number
absences | key: [absence], dated: first, unit: team, span: {from: first, to: last, to_means: last_day_in} | absence code, team unit, first date, last date, wte number
establishment | key: [post], dated: since, unit: team, span: {from: since, to: until, to_means: last_day_in} | post code, team unit, since date, until date, wte number
training | key: [line], dated: since, unit: team, span: {from: since, to: until, to_means: last_day_in} | line code, team unit, since date, until date, needed boolean, met boolean
complaints | key: [complaint], dated: received, unit: team | complaint code, team unit, received date, due date, responded date, withdrawn boolean
fft | key: [line], dated: day, unit: team | line code, team unit, day date, month month, very_good number, good number, responses number
savings | key: [scheme], dated: day, unit: team | scheme code, team unit, day date, month month, delivered money, planned money
reviews | key: [review], dated: held, unit: team | review code, employee code, team unit, held date
""".strip()  # noqa: E501 - a line a source
LISTS = "lists:\n  serious: {title: Serious, values: ['4', '5']}\n  odd: {title: Odd, values: ['4', '6']}\n"
FRAME = """\
perspectives: {all: {title: All}}
objectives: {all: {title: All, perspective: all}}
cuts: {sex: {title: Sex, groups: [{name: Women, codes: [F]}]}}
"""
UNITS = "code,name,level,parent,kind\nQPT,Quantock,trust,,\nNORTH,North,division,QPT,\n"
UNITS += "A,Team A,team,NORTH,community\nW,Ward,team,NORTH,adult_acute\nP1,Member of staff,person,A,\n"
INDICATOR = """
  {code}:
    title: {code}
    objective: all
    direction: up
    measured_in: {measured_in}
    owner: Someone
    levels: {levels}
    {more}
    versions:
      - from: 2024-01
        measure:
"""
AT = 10
"""The column at which a measure's own keys begin, less one."""


def _column(text: str) -> str:
    name, kind = text.strip().split(" ", 1)
    kind, _, values = kind.partition("=")
    closed = f", values: {{{', '.join(f'{one!r}: {one!r}' for one in values.split())}}}" if values else ""
    return f"{name}: {{type: {kind.removesuffix('*')}{', required: true' * kind.endswith('*')}{closed}}}"


def sources() -> str:
    """The sources as YAML."""
    said = "sources:\n"
    for line in SOURCES.splitlines():
        name, keys, columns = (cell.strip() for cell in line.split("|"))
        fields = ", ".join(map(_column, columns.split(",")))
        said += f"  {name}: {{title: {name}, holds: records, format: csv, delivery: upsert, {keys}, "
        said += f"columns: {{{fields}}}}}\n"
    return said


def indicator(
    code: str,
    measure: str,
    *,
    more: str = "basis: flow",
    levels: str = "[trust, team]",
    measured_in: str = "people",
) -> str:
    """One indicator; ``measure`` is its measure's own keys, from the line's start."""
    head = INDICATOR.format(code=code, more=more, levels=levels, measured_in=measured_in)
    return head + "".join(f"{' ' * AT}{line}\n" for line in measure.strip("\n").splitlines())


def language(*indicators: str, given: str = "") -> Catalogue:
    """The catalogue of these indicators, over all the sources; ``given`` in place of them."""
    return read_catalogue(
        {
            "trigpoint.yaml": "name: Quantock\nhome: QPT\n",
            "definitions/frame.yaml": FRAME + LISTS + (given or sources()),
            "definitions/units.csv": UNITS,
            "definitions/indicators.yaml": "indicators:" + "".join(indicators),
        }
    )
