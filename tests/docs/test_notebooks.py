"""Every notebook runs from top to bottom, begins with its question, and is light to load."""

import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))

pytestmark = [pytest.mark.notebook, pytest.mark.slow]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_notebook(path):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_is_light_and_begins_with_its_question(path):
    assert path.stat().st_size < 150_000
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    title, question = "".join(cells[0]["source"]).split("\n\n")[:2]
    assert title.startswith("# ")
    assert question.startswith("**")
    assert "?" in question
    assert not [out for cell in cells for out in cell.get("outputs", []) if out["output_type"] == "error"]
