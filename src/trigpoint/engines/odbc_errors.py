"""What is said where a database gives no answer, with nothing in it that is secret."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trigpoint.terms.errors import Fault, TrigpointError

_NO_DRIVER = ("IM002", "IM003", "01000")
_OPEN = frozenset({"driver", "server", "servername", "host", "port", "database", "dsn"})
"""Settings of a connection string that drivers name in their messages, and that may be read."""
_QUOTES_NO_ROW = ("08", "28", "42", "IM")
"""Classes of SQLSTATE (ISO/IEC 9075): connection, password, the statement itself, the driver manager."""
_SETTING = re.compile(r"\s*([^=;]+?)\s*=\s*(\{(?:[^}]|\}\})*\}|[^;]*)")


def not_answered(connection: str, found: str, expected: str, remedy: str) -> TrigpointError:
    """The error for a question that was not answered whole."""
    summary = f"{connection} gave no answer; nothing was kept."
    return TrigpointError(summary, [Fault(connection, found, expected, remedy)])


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    """Says what went wrong with one connection; ``secret`` is its string, from the ``variable``.

    Without ``quoting``, a driver's words are left out where they could hold something of a row.
    """

    connection: str
    secret: str
    variable: str
    quoting: bool = True

    def unreachable(self, error: Exception, seconds: int, drivers: Sequence[str]) -> TrigpointError:
        """Nobody there, the wrong password, or no driver."""
        expected = f"a connection within {seconds} s"
        if error.args[0] in _NO_DRIVER:
            found = f"no such driver or data source here ({self.told(error)})"
            remedy = f"Drivers that are installed: {', '.join(drivers) or 'none'}."
            return not_answered(self.connection, found, expected, remedy)
        remedy = f"Check that it can be reached from here, and {self.variable}."
        return not_answered(self.connection, f"no connection ({self.told(error)})", expected, remedy)

    def refused(self, error: Exception) -> TrigpointError:
        """SQL that the database does not take, unless the connection was lost."""
        if str(error.args[0]).startswith("08"):
            return self.broken(self.told(error), 0)
        remedy = "Correct `query` in the source."
        return not_answered(self.connection, self.told(error), "SQL that it answers", remedy)

    def broken(self, told: str, done: int) -> TrigpointError:
        """An answer that stops before its end, or holds what cannot be read."""
        found = f"an answer that broke off after row {done:,} ({told})"
        return not_answered(self.connection, found, "the whole answer", "Ask again.")

    def too_late(self, seconds: float) -> TrigpointError:
        remedy = "Ask for fewer rows, or for a table that is made beforehand."
        return not_answered(self.connection, "no answer yet", f"an answer within {seconds:g} s", remedy)

    def told(self, error: Exception) -> str:
        """What may be shown of the driver's own words."""
        state = str(error.args[0] if error.args else "")
        if self.quoting or state.startswith(_QUOTES_NO_ROW):
            return self.in_full(error)
        code = f", SQLSTATE {state}" if re.fullmatch("[0-9A-Z]{5}", state) else ""
        return f"its words are not quoted, because its rows identify people{code}"

    def in_full(self, error: Exception) -> str:
        """The driver's own words on one line, without what could be secret."""
        told = " ".join(str(error.args[-1] if error.args else error).split())
        for hidden in sorted(self._hidden(), key=len, reverse=True):
            told = told.replace(hidden, "***")
        return told

    def _hidden(self) -> set[str]:
        """Each setting's value, but of those that say where the database is; and the whole string."""
        found = {self.secret}
        for name, value in _SETTING.findall(self.secret):
            if name.casefold() not in _OPEN:
                bare = value.removeprefix("{").removesuffix("}").replace("}}", "}")
                found |= {value, bare}
        return found - {"", "0", "1"}
