"""Time in the stores only goes forward: what was known at a date rests on it."""

from __future__ import annotations

import datetime as dt

from trigpoint.terms.errors import Fault, TrigpointError


def refuse_earlier(at: dt.datetime, last: dt.datetime, what: str) -> None:
    """Raise TrigpointError where ``at`` lies before the last entry, which ``what`` names."""
    if at < last:
        fault = Fault(
            what,
            found=f"an entry of {last.isoformat()}",
            expected=f"none after this computer's {at.isoformat()}",
            remedy="Put the computer's clock right, then run the same command again.",
            check="clock",
        )
        raise TrigpointError("The clock stands before the last entry.", [fault])
