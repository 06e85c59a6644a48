"""The words of each kind of answer, the same on every rendering."""

from __future__ import annotations

from trigpoint.analysis.finding import Assurance, Attainment, Rule, SeriesStatus, Variation
from trigpoint.terms.panel import State

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
