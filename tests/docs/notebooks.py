"""The tutorial notebook, run afresh as an analyst would, and stored so that GitHub shows its charts.

``scripts/notebook`` stores; ``test_notebook`` holds what is stored against a fresh run.
"""

from __future__ import annotations

import base64
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from trigpoint.publish.charts.png import png

NOTEBOOK = Path(__file__).parents[2] / "docs/notebooks/charts-and-funnels.ipynb"
SECONDS = 120
"""How long a cell may take on a busy machine, before it is taken to hang."""


def read() -> NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)


def run(notebook: NotebookNode) -> NotebookNode:
    """Every cell run in a new kernel, which writes to a folder of its own. Raises where one fails."""
    with tempfile.TemporaryDirectory() as folder, _home(Path(folder)):
        client = NotebookClient(
            notebook,
            timeout=SECONDS,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": folder}},
        )
        return client.execute()


@contextmanager
def _home(folder: Path) -> Iterator[None]:
    """No profile, history or setting of whoever runs it."""
    names = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    homes = {name: str(folder / name.lower()) for name in names}
    paths = os.pathsep.join(path for path in sys.path if path)
    with mock.patch.dict(os.environ, {**homes, "PYTHONPATH": paths, "PYTHONWARNINGS": "default"}):
        yield


def outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs)


def stored(notebook: NotebookNode) -> NotebookNode:
    """The same with each picture as PNG alone: GitHub takes SVG, and HTML, apart."""
    for output in outputs(notebook):
        data = output.get("data", {})
        if "image/svg+xml" in data:
            drawn = base64.b64encode(png(data.pop("image/svg+xml"), scale=1)).decode()
            data.pop("text/html", None)
            data["image/png"] = drawn
    notebook.metadata = {"kernelspec": notebook.metadata.kernelspec, "language_info": {"name": "python"}}
    return notebook


if __name__ == "__main__":
    nbformat.write(stored(run(read())), NOTEBOOK)
    print(f"   {NOTEBOOK}, {NOTEBOOK.stat().st_size:,} bytes")
