"""Cases of names: those of relations, columns and sources that a query has a use of its own for."""

from __future__ import annotations

from tests.measure_tables import Case

_STAYS = """
    spell patient ward admitted discharged
    s1 p1 A 2026-03-01T10:00 2026-03-05T10:00
    s2 p1 A 2026-03-10T10:00 2026-03-12T10:00
    s3 p2 A 2026-03-10T10:00 2026-03-12T10:00
"""
_CONTACTS = """
    contact patient team started status
    c1 p1 A 2026-03-06T10:00 attended
    c2 p1 A 2026-03-07T10:00 dna
"""
_TABLES = {"stays": _STAYS, "contacts": _CONTACTS}


def _counted(*names: str) -> str:
    """Contacts of the patient after each stay, related once under each name, and added up."""
    one = "{count: contacts, match: patient, dated: started, since: discharged}"
    related = ", ".join(f"{name}: {one}" for name in names)
    return f"from: stays\nrelated: {{{related}}}\nmonth_of: discharged\nsum: {' + '.join(names)}"


NAMES = [
    Case(
        f"relations called {' and '.join(names)}",
        _counted(*names),
        _TABLES,
        f"2026-03 A {2 * len(names)}",
        measured_in="people",
    )
    for names in (("contacts",), ("contacts", "seen"), ("base", "r"), ("o", "m", "days"), ("found", "taken"))
] + [
    Case(
        "a column of a related record that is called as the measured record's key",
        "from: stays\nrelated: {back: {first: stays, match: patient, dated: admitted, after: discharged}}\n"
        "month_of: discharged\nwhere: back.spell = 's2'\ncount: records",
        _TABLES,
        "2026-03 A 1",
        measured_in="people",
    ),
    Case(
        "a month that nothing else says of the related record",
        "from: stays\nrelated: {seen: {first: contacts, match: patient, dated: started, since: discharged}}\n"
        "month_of: seen.started\ncount: records",
        _TABLES,
        "2026-03 A 1",
        measured_in="people",
    ),
]
