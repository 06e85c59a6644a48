"""Each unit's figure against the whole that it is part of."""

from __future__ import annotations

import pyarrow as pa

from trigpoint.analysis.finding import Difference, WholeReason
from trigpoint.analysis.findings import WHOLE
from trigpoint.analysis.history import History
from trigpoint.analysis.limits import Ints
from trigpoint.definitions.catalogue import Catalogue


def against_whole(history: History, catalogue: Catalogue, unit: Ints, column: Ints) -> pa.StructArray:
    """Each figure against its whole."""
    count = len(unit)
    nothing = pa.nulls(count, pa.float64())
    return pa.StructArray.from_arrays(
        [
            pa.repeat("", count),
            pa.repeat(str(Difference.NOT_COMPARED), count),
            *([nothing] * 5),
            pa.repeat(str(WholeReason.NO_WHOLE), count),
        ],
        fields=list(WHOLE),
    )
