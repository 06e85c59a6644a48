"""The tutorial notebook runs, and shows what a fresh run shows."""

from __future__ import annotations

import copy

import pytest
from nbformat import NotebookNode

import trigpoint.analysis
from tests.docs import notebooks


@pytest.fixture(scope="module")
def kept() -> NotebookNode:
    return notebooks.read()


@pytest.fixture(scope="module")
def fresh(kept: NotebookNode) -> NotebookNode:
    return notebooks.run(copy.deepcopy(kept))


def told(notebook: NotebookNode) -> list[tuple[str, str]]:
    """The words of each output, with the cell that they are of."""
    return [
        (cell.id, str(output.get("text") or output.get("data", {}).get("text/plain")))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]


def test_every_cell_runs_and_says_what_is_stored(kept: NotebookNode, fresh: NotebookNode) -> None:
    assert told(fresh) == told(kept), "the notebook shows other things now: run scripts/notebook"
    assert not [output for output in notebooks.outputs(fresh) if output.get("name") == "stderr"]


def test_every_chart_is_stored_as_a_picture_that_any_page_shows(
    kept: NotebookNode, fresh: NotebookNode
) -> None:
    drawn = 0
    for stored, now in zip(notebooks.outputs(kept), notebooks.outputs(fresh), strict=True):
        if "image/svg+xml" in now.get("data", {}):
            drawn += 1
            assert set(stored.data) == {"image/png", "text/plain"}
            assert "<title " in now.data["text/html"]
    assert drawn >= 10


def test_it_shows_what_the_library_has(kept: NotebookNode) -> None:
    source = "\n".join(cell.source for cell in kept.cells if cell.cell_type == "code")
    others = {"directly_standardised_repeats", "indirectly_standardised", "mean", "standardised_ratio"}
    assert not [name for name in trigpoint.analysis.__all__ if name not in source and name not in others]
