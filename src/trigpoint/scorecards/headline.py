"""The headline: a finding in one or two plain sentences, so that a tired reader can act without the chart.

Order: the standard and change, then the whole if it adds something, then what to expect, then the
peers if they do. "No change" is a word of change: the whole follows it. At most 25 words, and what
to expect goes before the whole for want of room. Without a figure, its state and who has it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trigpoint.analysis.finding import (
    BEYOND_CHANCE,
    Assurance,
    Attainment,
    Difference,
    Finding,
    PeerBearing,
    Rule,
    SeriesStatus,
    StandardBearing,
    Variation,
)
from trigpoint.analysis.peers.among import Among
from trigpoint.analysis.standards.attainment import NOT_MET, attainment
from trigpoint.definitions.indicator import Indicator
from trigpoint.scorecards.change import PATTERNS, change
from trigpoint.scorecards.figures import Figures
from trigpoint.scorecards.no_figure import no_figure
from trigpoint.scorecards.runs import in_words, repeated
from trigpoint.terms.panel import State

LONGEST = 25
"""Words in a headline, at most."""

IMPROVING = frozenset({Variation.IMPROVEMENT_HIGH, Variation.IMPROVEMENT_LOW})
CONCERNING = frozenset({Variation.CONCERN_HIGH, Variation.CONCERN_LOW})
NEUTRAL = frozenset({Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW})
SIGNALS = IMPROVING | CONCERNING | NEUTRAL
_EXPECTED_WHERE_MET = {
    Assurance.HIT_OR_MISS: "No change; some months will miss it by chance.",
    Assurance.FAIL: "No change: the usual range misses it.",
}
_EXPECTED_WHERE_MISSED = {
    Assurance.FAIL: "No change, so it will keep missing unless something changes.",
    Assurance.HIT_OR_MISS: "No change: the usual range spans the standard.",
}

Ways = tuple[str, ...]
"""Ways to say one thing, the fullest first; none where there is nothing to say."""


def headline(
    indicator: Indicator,
    finding: Finding,
    earlier: Sequence[Finding] = (),
    due: dt.date | None = None,
    among: Among | None = None,
    *,
    rebase: bool = False,
    purged: bool = False,
) -> str:
    """What a finding says.

    ``earlier`` holds the months before, oldest first, to count runs in; ``due`` is the day by
    which the figure should have come, where its source says so; ``among`` is the figure among
    its peers', where that was worked out. ``rebase`` says that a re-base of its series is proposed,
    ``purged`` that what the figure rested on was taken away.
    """
    if finding.state is not State.VALUE or finding.value is None:
        return _fitted(no_figure(indicator, finding, due, purged=purged))
    said = _Saying(indicator, finding, finding.value, (*earlier, finding), among, rebase)
    parts = [said.lead(), said.other_standard(), said.outlook(), said.whole(), said.peers()]
    return _fitted(parts, order=(0, 1, 3, 2, 4) if finding.past.variation in SIGNALS else ())


def words_in(text: str) -> int:
    """Words as a reader counts them."""
    return len(text.split())


def _fitted(parts: Sequence[Ways], order: Sequence[int] = ()) -> str:
    """The parts, the weightiest first, each in the fullest way that still fits; one that fits in no way
    is left out. ``order`` says in which order they are then read: the same, if left out."""
    said: list[str] = []
    for ways in parts:
        fits = (way for way in ways if words_in(" ".join([*said, way])) <= LONGEST)
        said.append(next(fits, ""))
    return " ".join(filter(None, (said[at] for at in order or range(len(said)))))


@dataclass(frozen=True, slots=True)
class _Saying:
    """The sentences that can be made of one figure."""

    indicator: Indicator
    finding: Finding
    value: float
    run: tuple[Finding, ...]
    among: Among | None
    rebase: bool

    @property
    def figures(self) -> Figures:
        return Figures.of(self.indicator)

    @property
    def standard(self) -> StandardBearing | None:
        """The primary standard, where the figure was judged by it."""
        held = self.finding.standard
        return held if held is not None and held.attainment is not Attainment.NOT_ASSESSED else None

    def lead(self) -> Ways:
        """Where the figure stands, and how that is changing. The last way is short enough for any unit."""
        past = self.finding.past
        bare = (f"{self.figures.short(self.value)}.",)
        if past.status is SeriesStatus.CONSTANT and past.limits_from is not None:
            always = f"Always {self.figures.named(self.value)} since {past.limits_from.words}"
            required = f"; {self._the_standard_is()}" if self.standard else ""
            return (f"{always}{required}.", f"{always}.", *bare)
        standing = self._standing()
        if past.variation in CONCERNING:
            joint = ", but" if self._met else ", and" if self.standard else self._comma
            ways = tuple(
                f"{text}{joint} {clause}." for text in standing for clause in change(self.finding, self.run)
            )
        elif past.variation in IMPROVING:
            joint = (
                " and is improving:" if self._met else ", but improving:" if self.standard else ", improving:"
            )
            ways = tuple(
                f"{text}{joint} {clause}." for text in standing for clause in change(self.finding, self.run)
            )
        elif past.variation in NEUTRAL:
            ways = tuple(
                f"{text}{self._comma} {clause}."
                for text in standing
                for clause in change(self.finding, self.run)
            )
        else:
            ways = tuple(f"{text}." for text in standing)
        return (*ways, *bare)

    @property
    def _comma(self) -> str:
        """Between a bare figure and its change; the change may be a sentence of its own."""
        return ":" if self.finding.past.rule is Rule.TWO_OF_THREE else ","

    @property
    def _met(self) -> bool:
        return self.standard is not None and self.standard.attainment is Attainment.MET

    def _standing(self) -> Ways:
        """The figure against its standard, without a full stop."""
        held = self.standard
        if held is None:
            return (self.figures.named(self.value), self.figures.short(self.value))
        again = repeated(held.streak, "month" if self.indicator.every == 1 else "time")
        if held.attainment is Attainment.MET:
            quiet = self.finding.past.variation is Variation.COMMON
            if quiet and self.finding.past.assurance is Assurance.PASS:
                return (f"Meets {self._the_standard()} and can be relied on to",)
            return (f"Meets {self._the_standard()} {again}".strip(), f"Meets {self._the_standard()}")
        if held.attainment is Attainment.IN_TOLERANCE and held.distance is not None:
            way = "short of" if held.sense == "at_least" else "above"
            return (f"In tolerance: {self.figures.apart(held.distance)} {way} {self._the_standard()}",)
        still = "still " if self.finding.past.variation in IMPROVING else ""
        place = f"{still}{'below' if held.sense == 'at_least' else 'above'} {self._the_standard()}"
        exact = self.figures.beside(self.value, held.required)
        named = self.figures.named(self.value, held.required)
        return tuple(
            f"{figure}, {way}" for way in (f"{place} {again}".strip(), place) for figure in (named, exact)
        )

    def _the_standard(self) -> str:
        """``the 80% standard``, ``the standard of 6``, ``the trajectory of 82%``."""
        held = self.standard
        assert held is not None  # noqa: S101 - asked for only where there is one
        none = held.required == 0 and held.sense == "at_most"
        required = "none" if none else self.figures.required(held.required)
        if held.trajectory:
            return f"the trajectory of {required}"
        signed = required.endswith("%") or required.startswith("£")
        return f"the {required} standard" if signed else f"the standard of {required}"

    def _the_standard_is(self) -> str:
        held = self.standard
        assert held is not None  # noqa: S101 - asked for only where there is one
        kind = "trajectory" if held.trajectory else "standard"
        return f"the {kind} is {self.figures.required(held.required)}"

    def other_standard(self) -> Ways:
        """The first further standard that the figure stands differently to."""
        if self.standard is None:
            return ()
        for other in self.finding.standards:
            if other.primary or other.attainment is Attainment.NOT_ASSESSED:
                continue
            if (other.attainment is Attainment.MET) is not self._met:
                verb = "Meets" if other.attainment is Attainment.MET else "Misses"
                required = self.figures.required(other.required)
                kind = "trajectory" if other.trajectory else "standard"
                return (
                    f"{verb} the {other.set_by} {kind} ({required}).",
                    f"{verb} the {other.set_by} {kind}.",
                )
        return ()

    def outlook(self) -> Ways:
        """What to expect if nothing changes, or why that cannot be said."""
        past = self.finding.past
        if past.status is SeriesStatus.CONSTANT:
            return ()
        if past.variation is Variation.NOT_ASSESSED:
            return self._not_judged()
        if past.variation in NEUTRAL:
            pattern = past.rule in PATTERNS
            return ("Ask why before judging." if pattern else "Neither high nor low is good.",)
        if past.variation in IMPROVING and self.rebase:
            return ("The limits predate the change: consider re-basing.",)
        if past.variation in SIGNALS:
            return ("Watch.",) if past.variation in CONCERNING and self._met else ()
        trial = (f"Trial limits: {past.used} points.",) if past.trial else ()
        return trial or self._unchanged()

    def _unchanged(self) -> Ways:
        past = self.finding.past
        if self.standard is None:
            lower, upper = past.lower, past.upper
            if lower is None or upper is None:
                return ("No change.",)
            return (f"No change: usual range {self.figures.usual_range(lower, upper)}.", "No change.")
        expected = (_EXPECTED_WHERE_MET if self._met else _EXPECTED_WHERE_MISSED).get(past.assurance)
        return (expected, "No change.") if expected else ("No change.",)

    def _not_judged(self) -> Ways:
        past, window = self.finding.past, self._window
        if past.status is SeriesStatus.ROLLING and self.indicator.basis == "year_to_date":
            return (
                "Year-to-date figures are not put on a control chart, because each includes the last.",
                "Year-to-date figures are not put on a control chart.",
            )
        if past.status is SeriesStatus.ROLLING:
            shares = f", because each month shares {window - 1} with the last" if window > 1 else ""
            plain = "Rolling figures are not put on a control chart"
            return (f"{plain}{shares}.", f"{plain}.")
        if past.status is SeriesStatus.TOO_FEW:
            if past.points == 1:
                return ("One figure is too few to judge change.",)
            return (f"{in_words(past.points).capitalize()} figures are too few to judge change.",)
        if past.status is SeriesStatus.ZERO_WIDTH:
            return ("Hardly varies, so change cannot be judged.",)
        return ()

    @property
    def _window(self) -> int:
        version = self.indicator.version(self.finding.month)
        return len(version.measure.months(self.finding.month)) if version else 1

    def whole(self) -> Ways:
        """A difference from the whole beyond chance; or none, where that puts a miss in its place."""
        found = self.finding.whole
        if found.verdict in BEYOND_CHANCE:
            short = f"{found.verdict.capitalize()} than the trust"
            by = self._by_how_much()
            fullest = (f"{short} as a whole by {by}.",) if by else ()
            return (*fullest, f"{short} as a whole.", f"{short}.")
        if found.verdict is Difference.NO_DIFFERENT and self._whole_misses_too():
            return ("No different from the trust, which also misses.",)
        return ()

    def _by_how_much(self) -> str | None:
        found = self.finding.whole
        if found.difference is None or found.lower is None or found.upper is None:
            return None
        return self.figures.by_how_much(found.difference, found.lower, found.upper)

    def _whole_misses_too(self) -> bool:
        held, value = self.standard, self.finding.whole.value
        if held is None or value is None or held.attainment is not Attainment.NOT_MET:
            return False
        sense = np.array([1 if held.sense == "at_least" else -1], dtype=np.int8)
        required, tolerance = (
            np.array([np.nan if number is None else number]) for number in (held.required, held.tolerance)
        )
        return bool(attainment(np.array([value]), required, sense, tolerance)[0] == NOT_MET)

    def peers(self) -> Ways:
        """Only an outlier and the ends of the ladder are worth a sentence; not the lowest by chance alone."""
        peers, among = self.finding.peers, self.among
        if among is not None and among.outlier:
            return (f"{beyond_limits(among)}: an outlier.", f"{beyond_limits(among)}.")
        end = {4: "Best", 1: "Lowest"}.get(peers.quarter or 0)
        if not end:
            return ()
        plain = f"{end} quarter of {peers.reporting} in the peer group."
        ranked = likely_rank(peers, among)
        if ranked is None or among is None:
            return (plain,)
        inside = f"Inside the limits for a {among.level} of this size: not an outlier."
        return (
            (f"{ranked} {inside}", ranked, plain)
            if among.verdict == 0 and end == "Lowest"
            else (ranked, plain)
        )


def likely_rank(peers: PeerBearing, among: Among | None) -> str | None:
    """A rank with the range that it is likely to lie in; None where there is no range."""
    likely = None if among is None else among.likely
    if likely is None or peers.rank is None:
        return None
    ranked = f"Ranked {peers.rank} of {peers.reporting}"
    if likely == (1, peers.reporting):
        return f"{ranked}; any rank is likely."
    if likely[0] == likely[1]:
        return f"{ranked}; no other rank is likely."
    return f"{ranked}; likely anywhere from {likely[0]} to {likely[1]}."


def beyond_limits(among: Among) -> str:
    """On which side of its limits an outlier lies."""
    way = "Above" if (among.verdict or 0) > 0 else "Below"
    return f"{way} the limits for a {among.level} of this size"
