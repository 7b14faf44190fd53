"""Starts the kernel that Jupyter knows by a name, runs the cells of the command line, and prints the value or error of each, as JSON."""

import json
import sys

from jupyter_client.manager import start_new_kernel

name, *cells = sys.argv[1:]
manager, client = start_new_kernel(kernel_name=name)
shown = []
try:
    for code in cells:
        messages = []
        reply = client.execute_interactive(code, output_hook=messages.append, timeout=60)
        outputs = [message["content"] for message in messages if message["msg_type"] in ("execute_result", "error")]
        shown.append({"status": reply["content"]["status"], "outputs": outputs})
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(json.dumps(shown))
