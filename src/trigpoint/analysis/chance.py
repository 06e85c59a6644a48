"""How often a chart's latest point is flagged although nothing has changed."""

from __future__ import annotations

from collections.abc import Mapping

FALSE_SIGNALS: Mapping[str, float] = {"nhs-england": 0.014, "plot-the-dots": 0.016}
"""The share of charts whose latest point is flagged, of independent normal figures over 24 months.

By simulation (``tests/oracle/test_chance.py``): 0.0140 and 0.0161 of 100,000 series. It grows
slowly with the months: from 0.011 and 0.014 at 13 to 0.017 and 0.018 at 60.
"""
