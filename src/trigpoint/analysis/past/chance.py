"""How often a figure is flagged although nothing has changed, and nothing is different."""

from __future__ import annotations

from collections.abc import Mapping

FALSE_SIGNALS: Mapping[str, float] = {"nhs-england": 0.014, "plot-the-dots": 0.016}
"""The share of charts whose latest point is flagged, of independent normal figures over 24 months.

By simulation (``tests/oracle/test_chance.py``): 0.0140 and 0.0161 of 100,000 series. It grows
slowly with the months: from 0.011 and 0.014 at 13 to 0.017 and 0.018 at 60.
"""

DIFFERENCES = 0.05
"""The share of units that would differ from the whole by chance alone: those beyond a 95% interval.

By simulation (``tests/oracle/test_compare.py``) between 3% and 7%, at the sizes that
``docs/reference/the-whole.md`` names.
"""
