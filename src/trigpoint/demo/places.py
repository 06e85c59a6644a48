"""Names that belong to nobody: a nation, its regions and trusts, the home trust's divisions and teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NATION = ("XNAT", "The nation (fictional)")
SOUTH_WEST = "XSW"
REGIONS: Mapping[str, str] = {
    SOUTH_WEST: "South West (fictional)",
    "XSE": "South East (fictional)",
    "XCA": "Capital (fictional)",
    "XEA": "East (fictional)",
    "XMI": "Midlands (fictional)",
    "XNE": "North East (fictional)",
    "XNW": "North West (fictional)",
}

PLACES: Mapping[str, str] = {
    "XAM": "Avon Mead Partnership",
    "XBV": "Blackthorn Vale Health and Care",
    "XCE": "Culmbrook Partnership",
    "XDW": "Dartwater Healthcare",
    "XFK": "Falkensey Partnership",
    "XGM": "Gorse Moor Community",
    "XHL": "Holmlea Partnership",
    "XIV": "Ivelwater Health and Care",
    "XJB": "Juniper Bank Partnership",
    "XKL": "Kestrel Downs Healthcare",
    "XLW": "Larkwold Partnership",
    "XMB": "Marlbeck Community",
    "XND": "Nettledale Partnership",
    "XOH": "Otterholt Health and Care",
    "XPF": "Pennyford Partnership",
    "XQR": "Quarrydene Healthcare",
    "XRW": "Rushwick Fen Partnership",
    "XSB": "Saltbrae Community",
    "XTH": "Thistlehope Partnership",
    "XUM": "Umberleigh Marsh Health and Care",
    "XVC": "Violet Coast Partnership",
    "XWG": "Willowgarth Healthcare",
    "XYC": "Yarrowcombe Partnership",
    "XZD": "Zealdown Community",
    "XAF": "Ashfallow Partnership",
    "XBK": "Bramblekirk Health and Care",
    "XCD": "Cinderhollow Partnership",
    "XDH": "Dovehurst Healthcare",
    "XEB": "Elderburn Partnership",
    "XFG": "Foxglove Tyne Community",
    "XGH": "Greyhaven Partnership",
    "XHB": "Hazelbourne Health and Care",
    "XIM": "Inglemoss Partnership",
    "XJC": "Jessamine Cross Healthcare",
    "XKF": "Kingcup Fold Partnership",
    "XLS": "Lindenshaw Community",
    "XMG": "Mistlegate Partnership",
    "XNO": "Northolme Edge Health and Care",
    "XOB": "Orchidbeck Partnership",
    "XPR": "Plover Ridge Healthcare",
}
"""Code -> name of each trust but the home trust. No NHS trust has a code that starts with X."""

DIVISIONS = (
    "Inpatient and urgent mental health",
    "Community mental health",
    "Children, young people and families",
    "Older people",
    "Community health",
    "Specialist services and learning disability",
)


@dataclass(frozen=True, slots=True)
class Template:
    """A service: its name, its teams' short name and kind, its division, and how many teams it has.

    ``names`` says which list names its teams, ``start`` from which place in it.
    """

    name: str
    short: str
    kind: str
    division: int
    teams: int
    names: str = "areas"
    start: int = 0


SERVICES = (
    Template("Adult acute wards", "Ward", "adult-acute-ward", 0, 8, "wards", 0),
    Template("Crisis and home treatment", "Crisis", "crisis", 0, 5),
    Template("Community mental health, north", "Community mental health", "community-mental-health", 1, 7),
    Template(
        "Community mental health, south", "Community mental health", "community-mental-health", 1, 7, start=7
    ),
    Template("Talking Therapies", "Talking Therapies", "talking-therapies", 1, 4),
    Template("Child and adolescent mental health", "CAMHS", "camhs", 2, 8),
    Template("Older people's wards", "Ward", "older-ward", 3, 5, "wards", 8),
    Template("District nursing, north", "District nursing", "district-nursing", 4, 7),
    Template("Early intervention in psychosis", "Early intervention", "eip", 1, 3),
    Template("Community hospitals", "Ward", "community-hospital-ward", 4, 8, "wards", 13),
    Template("Podiatry", "Podiatry", "podiatry", 4, 5),
    Template("Urgent community response", "Urgent response", "urgent-community-response", 4, 4),
    Template("Children's eating disorders", "Eating disorders", "camhs-eating-disorders", 2, 2),
    Template("Perinatal mental health", "Perinatal", "perinatal", 2, 2),
    Template("Liaison psychiatry", "Liaison", "liaison", 0, 4),
    Template("Psychiatric intensive care", "Ward", "picu", 0, 2, "wards", 21),
    Template("District nursing, south", "District nursing", "district-nursing", 4, 6, start=7),
    Template("Learning disability", "Learning disability", "learning-disability", 5, 4),
    Template("Forensic wards", "Ward", "forensic-ward", 5, 4, "wards", 23),
    Template("Sexual health", "Sexual health", "sexual-health", 5, 4),
    Template("Older people's community mental health", "Older people", "older-community", 3, 6),
    Template("Memory assessment", "Memory", "memory", 3, 4),
    Template("Health visiting", "Health visiting", "health-visiting", 2, 5),
    Template("School nursing", "School nursing", "school-nursing", 2, 3),
    Template("Speech and language therapy", "Speech and language", "speech-and-language", 2, 3),
    Template("Musculoskeletal physiotherapy", "Physiotherapy", "physiotherapy", 4, 3),
    Template("Wheelchairs and equipment", "Equipment", "equipment", 4, 2),
    Template("Rehabilitation wards", "Ward", "rehabilitation-ward", 0, 2, "wards", 27),
    Template("Autism and ADHD assessment", "Neurodevelopmental", "neurodevelopmental", 5, 2),
    Template("Community forensic", "Community forensic", "community-forensic", 5, 2),
)
"""A larger tree has them again. Events and truths are about the first 12."""

TEAMS: Mapping[str, tuple[str, ...]] = {
    "areas": (
        "North", "Coast", "Vale", "Levels", "Moor", "Hills", "Town", "South", "Harbour", "Forest", "Plain",
        "Combe", "Ridge", "Ford",
    ),
    "wards": (
        "Exmoor", "Brendon", "Mendip", "Blackdown", "Polden", "Parrett", "Cheddar", "Selwood", "Willow",
        "Rowan", "Hazel", "Alder", "Juniper", "Heron", "Kestrel", "Plover", "Curlew", "Wren", "Linnet",
        "Dipper", "Swift", "Granite", "Slate", "Oak", "Ash", "Elm", "Yew", "Bridge", "Orchard",
    ),
}  # fmt: skip
