"""How an indicator's numbers are written, in a sentence, a cell or a margin."""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.definitions.indicator import Indicator

PER_CENT = "per cent"
POUNDS = "pounds"
MOST_DECIMALS = 6
_ONE = {"people": "person", "children": "child", "enquiries": "enquiry", "bodies": "body"}


@dataclass(frozen=True, slots=True)
class Figures:
    """The unit and the decimals of one indicator's figures, and what its measure can reach."""

    measured_in: str
    decimals: int
    least: float | None = None
    most: float | None = None

    @classmethod
    def of(cls, indicator: Indicator) -> Figures:
        return cls(indicator.measured_in, indicator.decimals, indicator.bounds.least, indicator.bounds.most)

    @property
    def prefix(self) -> str:
        return "£" if self.measured_in == POUNDS else ""

    @property
    def suffix(self) -> str:
        return "%" if self.measured_in == PER_CENT else ""

    @property
    def noun(self) -> str:
        """What follows a figure in a sentence; nothing where a sign says it."""
        return "" if self.prefix or self.suffix else self.measured_in

    def short(self, value: float, decimals: int | None = None) -> str:
        """``73.4%``, ``£1,250``, ``−3``: as in a cell."""
        text = f"{abs(value):,.{self.decimals if decimals is None else decimals}f}"
        minus = "−" if value < 0 and any(digit in text for digit in "123456789") else ""
        return f"{minus}{self.prefix}{text}{self.suffix}"

    def limit(self, value: float) -> str:
        """A mean or a limit. Those of small whole numbers get a decimal, since they are not whole."""
        return self.short(value, self.decimals or (1 if abs(value) < 100 else 0))

    def beside(self, value: float, required: float) -> str:
        """``short``, with the decimals that tell the figure from what is required: 74.96% is not 75.0%."""
        return self.short(value, self._telling_apart(value, required))

    def required(self, value: float) -> str:
        """A required value, with no more decimals than it has: ``75%``, ``7.5%``."""
        return self.short(value, _decimals_of(value))

    def usual_range(self, lower: float, upper: float) -> str:
        """``74.8% to 93.1%``, held within what the measure can reach: nobody expects 109%."""
        least = lower if self.least is None else max(lower, self.least)
        most = upper if self.most is None else min(upper, self.most)
        return f"{self.limit(least)} to {self.limit(most)}"

    def named(self, value: float, required: float | None = None) -> str:
        """A figure with its noun, as in a sentence: ``134 people``, ``1 person``, ``73.4%``."""
        text = self.short(value) if required is None else self.beside(value, required)
        return f"{text} {_one(self.noun) if text == '1' else self.noun}".strip()

    def apart(self, distance: float) -> str:
        """A difference, whichever way: ``6.6 points`` of per cent, ``4 people``, ``£250``."""
        size = abs(distance)
        least = 10.0**-self.decimals
        text = f"{size:,.{self.decimals}f}"
        few = "" if size == 0 or size >= least / 2 else "less than "
        text = text if not few else f"{least:,.{self.decimals}f}"
        if self.suffix:
            return f"{few}{text} {'point' if float(text.replace(',', '')) == 1 else 'points'}"
        return f"{few}{self.prefix}{text} {_one(self.noun) if text == '1' else self.noun}".strip()

    def by_how_much(self, distance: float, lower: float, upper: float) -> str | None:
        """A difference with its interval, whichever way: ``0.8 points (0.6 to 1.0)``.

        None where an end would be rounded away, as if chance could explain the difference after all.
        """
        near, far = sorted((abs(lower), abs(upper)))
        if round(near, self.decimals) == 0:
            return None
        ends = (f"{self.prefix}{end:,.{self.decimals}f}" for end in (near, far))
        return f"{self.apart(distance)} ({' to '.join(ends)})"

    def interval(self, difference: float, lower: float, upper: float) -> str:
        """A difference and its interval, signed: ``+1.8 points (−1.4 to +5.1)``, ``+£250 (+£100 to +£400)``.

        An interval that leaves out zero is written with the decimals that show it.
        """
        nearest = min(abs(lower), abs(upper)) if lower * upper > 0 else 0.0
        decimals = self._telling_apart(nearest, 0.0)
        said, low, high = (self._signed(number, decimals) for number in (difference, lower, upper))
        return f"{said}{' points' if self.suffix else ''} ({low} to {high})"

    def change(self, difference: float) -> str:
        """A difference with its sign, in as few decimals as show it: ``+1.8``, ``−£250``, ``0``."""
        return self._signed(difference, self._telling_apart(difference, 0.0))

    def _signed(self, number: float, decimals: int) -> str:
        text = f"{abs(number):,.{decimals}f}"
        sign = "" if not any(digit in text for digit in "123456789") else "+" if number > 0 else "−"
        return f"{sign}{self.prefix}{text}"

    def _telling_apart(self, value: float, required: float) -> int:
        if value == required:
            return self.decimals
        found = (n for n in range(self.decimals, MOST_DECIMALS) if round(value, n) != round(required, n))
        return next(found, MOST_DECIMALS)


def _decimals_of(value: float) -> int:
    return next((n for n in range(MOST_DECIMALS) if round(value, n) == value), MOST_DECIMALS)


def _one(noun: str) -> str:
    """The singular of the noun that a phrase starts with: ``people waiting`` to ``person waiting``."""
    first, _, rest = noun.partition(" ")
    regular = first[:-1] if first.endswith("s") and not first.endswith("ss") else first
    return f"{_ONE.get(first, regular)} {rest}".strip()
