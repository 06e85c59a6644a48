"""From a panel to findings: every figure beside its standards, its whole, its past and its peers."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import pyarrow as pa

from trigpoint.analysis.bearings import against_past, against_standards, beside_peers
from trigpoint.analysis.charting import Charting
from trigpoint.analysis.findings import SCHEMA, Findings
from trigpoint.analysis.history import NEVER, History, histories
from trigpoint.analysis.past.breaks import Decided, by_series
from trigpoint.analysis.standards.requirements import requirements
from trigpoint.analysis.whole.against import against_whole
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.decision import Decision
from trigpoint.terms.panel import SCHEMA as PANEL
from trigpoint.terms.panel import Panel
from trigpoint.terms.period import Month


def assess(
    panel: Panel, catalogue: Catalogue, decisions: Iterable[Decision], months: Collection[Month]
) -> Findings:
    """A finding for each figure of ``months`` that covers everyone (cut ``all``), whatever its state.

    ``panel`` holds the months before too, and the peers. What came after a figure's own month
    has no bearing on it. ``decisions`` are those that stand. Raises NotFound for an indicator
    that the catalogue does not declare.
    """
    decided = by_series(decisions)
    wanted = frozenset(months)
    return Findings.concat(
        _findings(history, catalogue, decided, wanted) for history in histories(panel, catalogue)
    )


def _findings(history: History, catalogue: Catalogue, decided: Decided, months: frozenset[Month]) -> Findings:
    wanted = np.array([month in months for month in history.months])
    unit, column = np.nonzero((history.row != NEVER) & wanted)
    required = requirements(history, catalogue)
    figures = history.table.select(PANEL.names).take(history.row[unit, column])
    bearings = [
        against_standards(history, required, unit, column),
        against_whole(history, catalogue, unit, column),
        against_past(history, Charting.of(history, catalogue, decided), required, unit, column),
        beside_peers(history, catalogue, unit, column),
    ]
    return Findings(pa.Table.from_arrays([*figures.columns, *bearings], schema=SCHEMA))
