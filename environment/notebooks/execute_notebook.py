"""Executes a notebook in a fresh kernel: execute_notebook.py NOTEBOOK FOLDER OUT.

Cells run in FOLDER; the executed notebook is written to OUT, also when a cell fails. Says on stdout how far it is, one JSON
object a line. Stops, and its kernel with it, as soon as its stdin is closed.
"""

import asyncio
import json
import os
import resource
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

# the kernel inherits stdout: what it writes there by itself must not get between the lines
REPORTS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def report(**fields):
    print(json.dumps(fields), file=REPORTS, flush=True)


class Client(NotebookClient):
    """Tells what a text that is updated in place, which is progress, says."""

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"] == "update_display_data" and list(msg["content"]["data"]) == ["text/plain"]:
            report(event="doing", text=str(msg["content"]["data"]["text/plain"]))
        return super().process_message(msg, cell, cell_index)


async def execute(client, cells):
    async with client.async_setup_kernel():
        stop_with_stdin(client, asyncio.current_task())
        info = await client.async_wait_for_reply(client.kc.kernel_info())
        client.nb.metadata["language_info"] = info["content"]["language_info"]
        for number, (index, cell) in enumerate(cells, 1):
            report(event="cell", number=number, of=len(cells))
            started = time.monotonic()
            try:
                await client.async_execute_cell(cell, index)
            except CellExecutionError as error:
                report(event="error", number=number, name=error.ename, message=error.evalue)
                return
            report(event="ran", number=number, seconds=round(time.monotonic() - started, 3))
    report(event="complete")


def stop_with_stdin(client, task):
    loop = asyncio.get_running_loop()

    def stop():
        loop.remove_reader(0)
        client.shutdown_kernel = "immediate"
        task.cancel()

    loop.add_reader(0, stop)


def peak_bytes():
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main(notebook, folder, out):
    nb = nbformat.read(notebook, as_version=4)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    cells = [(index, cell) for index, cell in enumerate(nb.cells) if cell.cell_type == "code" and cell.source.strip()]
    client = Client(
        nb, kernel_name="tslab", timeout=None, record_timing=False, resources={"metadata": {"path": folder}}
    )
    try:
        asyncio.run(execute(client, cells))
    except asyncio.CancelledError:
        report(event="error", name="Interrupted", message="stopped on request")
    except Exception as error:  # such as a kernel that dies: it belongs into the summary like any other failure
        report(event="error", name=type(error).__name__, message=str(error))
    report(event="end", peakBytes=peak_bytes())
    nbformat.write(nb, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
