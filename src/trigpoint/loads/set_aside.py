"""Rows that a source does not take: counted by reason, and never simply gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.definitions.source import Source
from trigpoint.loads.cells import text_of
from trigpoint.loads.coded import Coded, Mask
from trigpoint.loads.readers.sheet import Sheet


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows that are not taken: those with this text in this column; without a column, blank ones.

    With ``check``, those that a check of the source's own sets aside.
    """

    column: str
    text: str
    rows: int
    check: str = ""

    @property
    def reason(self) -> str:
        if self.check:
            return f"{self.check} does not hold"
        return f"{self.column} is {self.text!r}" if self.column else "blank rows"


def kept_rows(sheet: Sheet, source: Source) -> tuple[Mask, tuple[SetAside, ...]]:
    """Which rows the source takes, and the others counted by the first column that does not take them."""
    kept = np.ones(sheet.table.num_rows, bool)
    aside: list[SetAside] = []
    for name, column in source.columns.items():
        if column.take is None:
            continue
        coded = Coded.of(sheet.table[name])
        texts = [text_of(value, column) for value in coded.values]
        refused = kept & ~coded.where([text in column.take for text in texts])
        counts = np.bincount(coded.codes[refused], minlength=len(texts))
        aside += [SetAside(name, texts[i] or "", int(counts[i])) for i in np.flatnonzero(counts)]
        kept &= ~refused
    return kept, tuple(sorted(aside, key=lambda it: (it.column, -it.rows, it.text)))


def filtered(sheet: Sheet, kept: Mask) -> tuple[pa.Table, npt.NDArray[np.int64]]:
    """The kept rows and their numbers in the file."""
    rows = sheet.rows.to_numpy(zero_copy_only=False)
    return (sheet.table, rows) if kept.all() else (sheet.table.filter(pa.array(kept)), rows[kept])
