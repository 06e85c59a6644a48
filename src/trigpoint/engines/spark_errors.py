"""What is said where Spark gives no answer."""

from __future__ import annotations

import re

from trigpoint.engines.session import too_large
from trigpoint.terms.errors import Fault, TrigpointError

_MISSING_FILE = re.compile(r"PATH_NOT_FOUND|FILE_NOT_EXIST|FileNotFoundException")
_LOST = re.compile(
    r"SparkContext was shut down|stopped SparkContext|All masters are unresponsive|Master removed our"
    r"|StatusCode\.UNAVAILABLE|Answer from Java side is empty|Connection refused"
)
_TOO_LARGE = re.compile(r"NUMERIC_VALUE_OUT_OF_RANGE|ARITHMETIC_OVERFLOW")
_FILE = re.compile(r"file:/+[^\s,;'\"`]+")


def no_session(where: str, found: str, expected: str, remedy: str = "") -> TrigpointError:
    """The error for a cluster that could not be asked."""
    summary = "Spark could not be started or reached; nothing was worked out."
    return TrigpointError(summary, [Fault(where, found, expected, remedy)])


def failed(error: Exception, sql: str, where: str) -> Exception:
    """What to raise for a query that failed: what a person can mend in words, all else with its SQL."""
    told = str(error)
    if _MISSING_FILE.search(told):
        return _unseen(told, where)
    if _TOO_LARGE.search(told):
        return too_large(_first_line(told), sql)
    if _LOST.search(told):
        found = f"a cluster that stopped answering ({_first_line(told)})"
        remedy = "Look at the cluster's own log, then ask again."
        return _no_answer(Fault(where, found, "an answer", remedy))
    error.add_note(f"The SQL was:\n{sql}")
    return error


def _unseen(told: str, where: str) -> TrigpointError:
    file = _FILE.search(told)
    path = re.sub(r"^file:/+", "/", file[0]).rstrip(".") if file else "a file"
    remedy = "Put the workspace on a path that every worker, and the driver, has under the same name."
    return _no_answer(Fault(where, f"no {path} where Spark runs", "a file that every worker sees", remedy))


def _no_answer(fault: Fault) -> TrigpointError:
    return TrigpointError("Spark gave no answer; nothing was kept.", [fault])


def _first_line(told: str) -> str:
    return next(iter(told.strip().splitlines()), "no word")[:200]
