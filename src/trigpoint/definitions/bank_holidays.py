"""England's bank holidays, the one-off days included. The package ``holidays`` keeps them."""

from __future__ import annotations

import datetime as dt
from functools import cache

from holidays import country_holidays


@cache
def bank_holidays(year: int) -> frozenset[dt.date]:
    """The days of a year on which banks in England are shut, weekends among them."""
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))
