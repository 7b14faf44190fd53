"""One round of the benchmark of kernels: starts one kernel through the real jupyter_client, runs cells, prints milliseconds as JSON.

Called by kernel.ts with one JSON argument: the folder of kernelspecs, the kernel's name, the folder it runs in, and the steps.
"""

import json
import resource
import subprocess
import sys
import time

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

TIMEOUT = 60
# how long the idle of the first request may be behind its reply before we take it as lost: nobody had subscribed yet
LOST = 0.05


def milliseconds(begin):
    return (time.perf_counter() - begin) * 1000


def finish(client, message_id, patience=TIMEOUT):
    """Waits for the reply to a request and for its idle; returns the reply's content."""
    while True:
        reply = client.get_shell_msg(timeout=TIMEOUT)
        if reply["parent_header"].get("msg_id") == message_id:
            break
    while True:
        message = client.get_iopub_msg(timeout=patience)
        if message["parent_header"].get("msg_id") != message_id:
            continue
        if message["content"].get("execution_state") == "idle":
            return reply["content"]


def await_ready(client):
    """Waits until the kernel has answered kernel_info, and its idle arrives."""
    while True:
        try:
            return finish(client, client.kernel_info(), LOST)
        except Exception as error:
            if type(error).__name__ != "Empty":
                raise


def run(client, code):
    """Runs one cell; returns how long it took."""
    begin = time.perf_counter()
    content = finish(client, client.execute(code, allow_stdin=False))
    if content["status"] != "ok":
        raise RuntimeError(f"{code}: {content}")
    return milliseconds(begin)


def main(specs, kernel, cwd, steps):
    manager = KernelManager(kernel_name=kernel, kernel_spec_manager=KernelSpecManager(kernel_dirs=[specs]))
    begin = time.perf_counter()
    manager.start_kernel(cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = manager.client()
    try:
        client.start_channels()
        await_ready(client)
        times = {"ready": [milliseconds(begin)]}
        for step in steps:
            time.sleep(step.get("pause", 0))
            measured = [run(client, code) for code in step["cells"]]
            times[step["name"]] = measured[step.get("skip", 0) :]
            if step.get("sinceStart"):
                times[step["sinceStart"]] = [milliseconds(begin)]
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    times["CPU"] = [(used.ru_utime + used.ru_stime) * 1000]
    print(json.dumps(times))


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
