"""One figure among its peers': the likely range of its rank, and the funnel of the group.

Worked out for the month that a page shows and kept nowhere: it draws random numbers, always the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.finding import PeerReason, WholeReason
from trigpoint.analysis.peers.funnel import Funnel, funnel
from trigpoint.analysis.peers.ranks import LikelyRanks, likely_ranks
from trigpoint.analysis.peers.standing import FEWEST, quarter_of
from trigpoint.analysis.whole.compare import possible
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.terms.panel import ALL, Panel
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

Reason = PeerReason | WholeReason
"""Why there is neither a range nor a funnel: as for the peers' bearing; else a figure that came without its
parts (the unit's own or a peer's), or of which it is not known what chance would do to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Among:
    """A unit of a level among the members of its group that have a figure; or the reason why not."""

    group: str
    unit: str
    level: Level
    funnel: Funnel | None
    ranks: LikelyRanks | None
    reason: Reason | None

    @property
    def place(self) -> int:
        """Where the unit stands in the funnel and among the ranks."""
        return self.funnel.units.index(self.unit) if self.funnel is not None else -1

    @property
    def verdict(self) -> int | None:
        """The unit's: how many of the funnel's levels it lies beyond, negative below."""
        return None if self.funnel is None else int(self.funnel.verdict[self.place])

    @property
    def outlier(self) -> bool:
        """Whether the unit lies beyond the outermost limits."""
        verdict = self.verdict
        return verdict is not None and self.funnel is not None and abs(verdict) == len(self.funnel.confidence)

    @property
    def likely(self) -> tuple[int, int] | None:
        """The range that the unit's rank is likely to lie in, the best end first."""
        if self.ranks is None:
            return None
        return int(self.ranks.lower[self.place]), int(self.ranks.upper[self.place])

    @property
    def likely_quarters(self) -> tuple[int, int] | None:
        """The quarters that this range reaches over, the worst first."""
        if self.ranks is None or self.likely is None:
            return None
        best, worst = self.likely
        return quarter_of(worst, len(self.ranks.rank)), quarter_of(best, len(self.ranks.rank))


def among(panel: Panel, catalogue: Catalogue, indicator: str, unit: str, month: Month) -> Among:
    """A unit among its peers in a month. Raises NotFound for an indicator that is not declared.

    ``panel`` need hold no other month; of one page's many indicators, give it that month alone.
    """
    it = catalogue.indicator(indicator)
    code = catalogue.peer_group_of(indicator)
    level = catalogue.organisation.level(unit)
    members = catalogue.peer_groups[code].at(month) if code is not None else ()
    reason = _unasked(it, code, unit, members)
    if reason is None:
        units, part, size = _figures(panel, indicator, members, month)
        reason = _unfit(it, unit, units, part, size)
    if reason is not None:
        return Among(code or "", unit, level, None, None, reason)
    measure, kind = it.measure(month, at_home=catalogue.at_home(unit, month)), it.chance
    assert kind is not None  # noqa: S101 - without a way to reckon chance there is a reason
    return Among(
        group=code or "",
        unit=unit,
        level=level,
        funnel=funnel(part, size, kind, units=units, per=1.0 if measure is None else it.scale(measure)),
        ranks=likely_ranks(part, size, kind, direction=it.direction),
        reason=None,
    )


def _unasked(it: Indicator, group: str | None, unit: str, members: Sequence[str]) -> Reason | None:
    """Why the figures need not be looked at."""
    if group is None:
        return PeerReason.NO_GROUP
    if not it.ranked:
        return PeerReason.NOT_RANKED
    return None if unit in members else PeerReason.NOT_A_MEMBER


def _figures(
    panel: Panel, indicator: str, members: Sequence[str], month: Month
) -> tuple[tuple[str, ...], Floats, Floats]:
    """The members with a figure, as the panel has them, and its parts; NaN where it came without."""
    table = panel.table
    table = table.filter(pc.and_(pc.equal(table["indicator"], indicator), pc.equal(table["cut"], ALL)))
    table = Panel(table).of_month(month).table
    held = pc.and_(pc.is_in(table["unit"], pa.array(members, pa.string())), pc.is_valid(table["value"]))
    table = table.filter(held)
    part, size = (np.asarray(table[name].to_numpy()) for name in ("numerator", "denominator"))
    return tuple(table["unit"].to_pylist()), part, size


def _unfit(it: Indicator, unit: str, units: Sequence[str], part: Floats, size: Floats) -> Reason | None:
    """Why the figures cannot be set among each other."""
    if unit not in units:
        return PeerReason.NO_FIGURE
    if len(units) < FEWEST:
        return PeerReason.TOO_FEW
    if np.isnan(part).any() or np.isnan(size).any():
        return WholeReason.VALUE_ALONE
    kind = it.chance
    return None if kind is not None and possible(part, size, kind).all() else WholeReason.NO_CHANCE
