"""The words of each kind of answer, the same on every rendering."""

from __future__ import annotations

from trigpoint.analysis.finding import (
    Assurance,
    Attainment,
    Difference,
    Rule,
    SeriesStatus,
    Variation,
    WholeReason,
)
from trigpoint.terms.counted import Respect
from trigpoint.terms.panel import State
from trigpoint.terms.unit import Level

VARIATION = {
    Variation.COMMON: "No change",
    Variation.IMPROVEMENT_HIGH: "Improving, higher",
    Variation.IMPROVEMENT_LOW: "Improving, lower",
    Variation.CONCERN_HIGH: "Concern, higher",
    Variation.CONCERN_LOW: "Concern, lower",
    Variation.NEUTRAL_HIGH: "Changed, higher",
    Variation.NEUTRAL_LOW: "Changed, lower",
    Variation.NOT_ASSESSED: "Not assessed",
}
ASSURANCE = {
    Assurance.PASS: "Will pass",
    Assurance.FAIL: "Will fail",
    Assurance.HIT_OR_MISS: "Hit or miss",
    Assurance.NO_STANDARD: "No standard",
    Assurance.NOT_ASSESSED: "Not assessed",
}
ATTAINMENT = {
    Attainment.MET: "Met",
    Attainment.IN_TOLERANCE: "In tolerance",
    Attainment.NOT_MET: "Not met",
    Attainment.NOT_ASSESSED: "Not assessed",
}
STATE = {
    State.VALUE: "",
    State.NO_DENOMINATOR: "None due",
    State.SUPPRESSED: "Hidden",
    State.NOT_SUBMITTED: "Not submitted",
    State.NOT_DUE: "Not due",
    State.NOT_APPLICABLE: "Not applicable",
    State.INCOMPLETE: "Incomplete",
}
RULE = {
    Rule.OUTSIDE: "outside the limits",
    Rule.TREND: "a trend",
    Rule.TWO_OF_THREE: "two of three near a limit",
    Rule.SHIFT: "a run on one side of the mean",
    Rule.FOUR_OF_FIVE: "four of five far from the mean",
    Rule.ALTERNATING: "up and down by turns",
    Rule.HUGGING: "a run close to the mean",
    Rule.AVOIDING: "a run far from the mean, on both sides",
    Rule.LONG_RUN: "a long run on one side of the median",
    Rule.FEW_CROSSINGS: "few crossings of the median",
}
UNJUDGED = {
    SeriesStatus.ROLLING: "Not on a chart",
    SeriesStatus.TOO_FEW: "Too few figures",
    SeriesStatus.ZERO_WIDTH: "Hardly varies",
}
NO_LIMITS = {
    SeriesStatus.ZERO_WIDTH: "The figures hardly vary, so no usual range can be given.",
    SeriesStatus.TOO_FEW: "Too few figures for a usual range.",
    SeriesStatus.ROLLING: "Overlapping figures are not put on a control chart.",
    SeriesStatus.NO_FIGURES: "No figures yet.",
}
DIRECTION = {"up": "Higher is better", "down": "Lower is better", "neutral": "Neither high nor low is good"}
BASIS = {
    "flow": "what happened in the period",
    "stock": "the position at the end of the period",
    "rolling": "a rolling period, which overlaps the one before",
    "year_to_date": "the year to date",
}
SENSE = {"at_least": "At least", "at_most": "At most"}
DIFFERENCE = {
    Difference.BETTER: "Better",
    Difference.WORSE: "Worse",
    Difference.HIGHER: "Higher",
    Difference.LOWER: "Lower",
    Difference.NO_DIFFERENT: "No different",
    Difference.TOO_FEW: "Too few to judge",
    Difference.NOT_COMPARED: "Not compared",
}
NOT_COMPARED = {
    WholeReason.NO_WHOLE: "No whole to compare with",
    WholeReason.ONLY_UNIT: "Only this unit provides it",
    WholeReason.COUNT: "A count: not compared",
    WholeReason.VALUE_ALONE: "Not compared",
    WholeReason.NO_CHANCE: "Chance cannot be judged",
    WholeReason.NO_FIGURE: "No figure",
    WholeReason.NO_WHOLE_FIGURE: "The trust has no figure",
}
"""Why a figure is not compared with the whole, short enough for a cell."""
QUALITY = {"good": "Good", "fair": "Fair", "poor": "Poor"}
RESPECT = {
    Respect.TIMELY: "There by",
    Respect.ENTERED: "Entered within",
    Respect.DAYS: "Days to entry, the middle one",
    Respect.ONCE: "Came once",
}
"""What is asked of whole records."""
QUALITY_PARTS = ("signed off", "timely", "audited", "robust")
"""The four parts of the data-quality mark, in the order of its blocks."""
UNITS = {
    Level.NATION: "nations",
    Level.REGION: "regions",
    Level.SYSTEM: "systems",
    Level.TRUST: "trusts",
    Level.DIVISION: "divisions",
    Level.SERVICE: "services",
    Level.TEAM: "teams",
    Level.PERSON: "people",
}
"""What the units of a level are called, many of them."""
