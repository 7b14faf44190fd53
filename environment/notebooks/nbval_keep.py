"""A pytest plugin that keeps what nbval's kernels answered: NBVAL_KEEP/NAME.ipynb, to look at after a red run."""

import copy
import os

import nbformat

_kept = {}


def pytest_runtest_teardown(item):
    """Puts a cell's fresh outputs into the notebook's copy, and writes it: a later cell may never come to its end."""
    outputs = getattr(item, "test_outputs", None)
    if outputs is None:
        return
    notebook = _kept.setdefault(str(item.path), copy.deepcopy(item.parent.nb))
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    cells[item.cell_num].outputs = [_stored(output) for output in outputs]
    folder = os.environ["NBVAL_KEEP"]
    os.makedirs(folder, exist_ok=True)
    nbformat.write(notebook, os.path.join(folder, item.path.name))


def _stored(output):
    """nbval adds fields for itself, which nbformat refuses."""
    output = copy.deepcopy(output)
    output.pop("transient", None)
    return output
