"""The bearings of many figures of one indicator, as Arrow columns.

Figures are named by where they stand in a history: ``unit`` and ``column``, one entry for each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from trigpoint.analysis.arrays import Bools, Codes, Floats, Ints
from trigpoint.analysis.charting import Charting
from trigpoint.analysis.finding import Assurance, PeerReason
from trigpoint.analysis.findings import PAST, PEERS, SCHEMA, STANDARD, known, words
from trigpoint.analysis.history import NEVER, History, month_dates
from trigpoint.analysis.past.assurance import ASSURANCES, assurance
from trigpoint.analysis.past.latest import Latest
from trigpoint.analysis.past.limits import CHARTED, SCREENING_ABANDONED, STATUSES
from trigpoint.analysis.past.rules import RULES
from trigpoint.analysis.past.variation import NO_RULE, NOT_ASSESSED, VARIATIONS
from trigpoint.analysis.peers.standing import FEWEST, standing
from trigpoint.analysis.standards import attainment as attained
from trigpoint.analysis.standards.requirements import Requirement
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Bounds
from trigpoint.definitions.organisation import PeerGroup
from trigpoint.definitions.profile import centre_of

REASONS = (*PeerReason, "")
"""Why a figure is not set beside its peers'; the last stands for those that are."""


def against_standards(
    history: History, required: Sequence[Requirement], unit: Ints, column: Ints
) -> pa.ListArray:
    """The standards in force at each figure, the primary one first."""
    figures = np.arange(len(unit))
    of, second, parts = [], [], [pa.array([], type=STANDARD)]
    for of_name in required:
        holds = ~np.isnan(of_name.required[unit, column])
        of.append(figures[holds])
        second.append(~of_name.primary[unit, column][holds])
        parts.append(_against(of_name, history, unit[holds], column[holds]))
    owner = np.concatenate([figures[:0], *of])
    order = np.lexsort((np.concatenate([[], *second]), owner))
    offsets = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=len(figures)))))
    return pa.ListArray.from_arrays(
        pa.array(offsets, type=pa.int32()),
        pa.concat_arrays(parts).take(pa.array(order)),
        type=SCHEMA.field("standards").type,
    )


def _against(of_name: Requirement, history: History, unit: Ints, column: Ints) -> pa.StructArray:
    here = (unit, column)
    verdicts = attained.attainment(history.values, of_name.required, of_name.sense, of_name.tolerance)
    # A figure out of its turn (a quarterly one, in a month between) follows none and stands alone.
    streak = (verdicts != attained.NOT_ASSESSED).astype(np.int64)
    streak[:, :: history.every] = attained.streaks(verdicts[:, :: history.every])
    return pa.StructArray.from_arrays(
        [
            pa.repeat(of_name.name, len(unit)),
            pa.array(of_name.set_by[here], type=pa.string()),
            pa.array(np.where(of_name.sense[here] > 0, "at_least", "at_most"), type=pa.string()),
            pa.array(of_name.required[here]),
            known(of_name.tolerance[here]),
            pa.array(of_name.trajectory[here]),
            pa.array(of_name.primary[here]),
            words(attained.ATTAINMENTS, verdicts[here]),
            pa.array(streak[here]),
            known(attained.distance(history.values[here], of_name.required[here], of_name.sense[here])),
        ],
        fields=list(STANDARD),
    )


def against_past(
    history: History, charting: Charting, required: Sequence[Requirement], unit: Ints, column: Ints
) -> pa.StructArray:
    """Each figure against the chart as it stood in that month.

    A month that has no point (no figure, or one that is excluded) shows what the limits were and
    has neither icon: no older icon is carried forward.
    """
    indicator = history.indicator
    judged = charting.latest(unit, column)
    here = (unit, column // history.every)
    there = ~np.isnan(charting.values[here]) & ~charting.left_out[here]
    point = there & (column % history.every == 0)
    needed, sense = _primary(required, unit, column)
    lower, upper = judged.lower, judged.upper
    if charting.profile.clip_assurance:
        lower, upper = (within(limit, indicator.bounds) for limit in (lower, upper))
    assured = assurance(
        needed,
        sense,
        status=judged.status,
        lower=lower,
        upper=upper,
        least=judged.least,
        most=judged.most,
        profile=charting.profile,
    )
    unanswered = ~np.isnan(needed) & (~point | (indicator.direction == "neutral"))
    assured[unanswered] = ASSURANCES.index(Assurance.NOT_ASSESSED)
    return _past(history, charting, judged, point, assured)


def within(limit: Floats, bounds: Bounds) -> Floats:
    """Limits held within what the measure can reach."""
    return np.clip(limit, bounds.least, bounds.most)


def _past(
    history: History, charting: Charting, judged: Latest, point: Bools, assured: Codes
) -> pa.StructArray:
    dated = point & (judged.since != NEVER)
    first, every = history.first.index, history.every
    trial = np.isin(judged.status, (CHARTED, SCREENING_ABANDONED))
    trial &= ~np.isnan(judged.lower) & (judged.used < charting.profile.full_points)
    return pa.StructArray.from_arrays(
        [
            words(STATUSES, judged.status),
            pa.repeat(str(charting.profile), len(point)),
            pa.repeat(str(charting.kind), len(point)),
            pa.array(judged.points),
            pa.array(judged.used),
            pa.array(trial),
            pa.repeat(centre_of(charting.kind, charting.profile), len(point)),
            month_dates(first + judged.began * every, judged.began != NEVER),
            known(judged.centre),
            known(judged.lower),
            known(judged.upper),
            words(VARIATIONS, np.where(point, judged.variation, np.int8(NOT_ASSESSED))),
            words(ASSURANCES, assured),
            words(RULES, np.where(point, judged.rule, np.int8(NO_RULE))),
            month_dates(first + judged.since * every, dated),
        ],
        fields=list(PAST),
    )


def _primary(required: Sequence[Requirement], unit: Ints, column: Ints) -> tuple[Floats, Codes]:
    """What the primary standard requires of each figure (NaN: there is none), and its sense."""
    needed, sense = np.full(len(unit), np.nan), np.ones(len(unit), dtype=np.int8)
    for of_name in required:
        primary = of_name.primary[unit, column]
        needed = np.where(primary, of_name.required[unit, column], needed)
        sense = np.where(primary, of_name.sense[unit, column], sense)
    return needed, sense


def beside_peers(history: History, catalogue: Catalogue, unit: Ints, column: Ints) -> pa.StructArray:
    """Each figure among those of its peer group, as the group stood at the end of the month."""
    code = catalogue.peer_group_of(history.code)
    group = None if code is None else catalogue.peer_groups[code]
    member, members = _membership(history, group, np.unique(column))
    found = standing(np.where(member, history.values, np.nan).T, history.indicator.direction)
    rank = found.rank[column, unit]
    reasons = np.select(
        [
            np.full(len(unit), group is None),
            np.full(len(unit), not history.indicator.ranked),
            ~member[unit, column],
            rank == 0,
            found.reporting[column] < FEWEST,
        ],
        list(range(len(PeerReason))),
        len(PeerReason),
    )
    given = reasons == len(PeerReason)
    quarter = found.quarter[column, unit]
    return pa.StructArray.from_arrays(
        [
            pa.repeat(code or "", len(unit)),
            pa.array(members[column]),
            pa.array(found.reporting[column]),
            pa.array(found.median[column], mask=~given),
            pa.array(found.lower_quartile[column], mask=~given),
            pa.array(found.upper_quartile[column], mask=~given),
            pa.array(rank, mask=~given),
            pa.array(quarter, mask=~given | (quarter == 0)),
            words(REASONS, reasons),
        ],
        fields=list(PEERS),
    )


def _membership(history: History, group: PeerGroup | None, columns: Ints) -> tuple[Bools, Ints]:
    """Who of the history was in the group, [units, months], and how many it had, [months]."""
    member: Bools = np.zeros_like(history.values, dtype=np.bool_)
    members = np.zeros(history.values.shape[1], dtype=np.int64)
    place = {name: at for at, name in enumerate(history.units)}
    if group is None:
        return member, members
    for column in columns:
        everyone = group.at(history.months[column])
        members[column] = len(everyone)
        member[[place[name] for name in everyone if name in place], column] = True
    return member, members
