"""The arrays that statistics are worked out in, and when two numbers in them are equal."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Segments = npt.NDArray[np.integer]

TIE = 1e-12
"""Figures closer than this, as a share of the largest, are equal: their difference is rounding."""
