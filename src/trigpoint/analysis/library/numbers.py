"""How the figures of a result are written in its sentences and on its picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from trigpoint.analysis.arrays import Floats

PER_CENT, POUNDS = "%", "£"
_MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Numbers:
    """``scale`` is what figures are multiplied by when they are written: 100, for shares as per cent."""

    unit: str
    scale: float
    decimals: int

    @classmethod
    def of(cls, figures: Floats, unit: str, scale: float = 1.0) -> Numbers:
        """With the decimals that tell these figures apart: none for whole numbers."""
        known = scale * figures[np.isfinite(figures)]
        return cls(unit, scale, _decimals(known))

    @property
    def prefix(self) -> str:
        return POUNDS if self.unit == POUNDS else ""

    @property
    def suffix(self) -> str:
        return self.unit if self.unit == PER_CENT else "" if self.unit in ("", POUNDS) else f" {self.unit}"

    def said(self, figure: float, decimals: int | None = None) -> str:
        """``91.2%``, ``£1,250``, ``−3 days``."""
        text = f"{abs(self.scale * figure):,.{self.decimals if decimals is None else decimals}f}"
        minus = "−" if figure < 0 and any(digit in text for digit in "123456789") else ""
        return f"{minus}{self.prefix}{text}{self.suffix}"

    def limit(self, figure: float) -> str:
        """A centre or a limit: those of small whole numbers are not whole."""
        return self.said(figure, self.decimals or (1 if abs(self.scale * figure) < 100 else 0))

    def exact(self, figure: float) -> str:
        """What is required, with no more decimals than it has."""
        shown = self.scale * figure
        return self.said(
            figure,
            next((n for n in range(_MOST_DECIMALS) if math.isclose(round(shown, n), shown)), _MOST_DECIMALS),
        )


def _decimals(figures: Floats) -> int:
    if not figures.size or (figures == np.round(figures)).all():
        return 0
    spread = float(figures.max() - figures.min()) or abs(float(figures[0]))
    if spread >= 1:
        return 0 if spread >= 100 else 1
    return min(_MOST_DECIMALS, 1 - math.floor(math.log10(spread)))


def percent(share: bool, per: float) -> tuple[str, float]:
    """What figures are written in, and what they are multiplied by: shares of 1, or of 100, as per cent."""
    return (PER_CENT, 100.0 / per) if share and per in (1, 100) else ("", 1.0)
