"""Runs a Gradio Space as its Hub would, and asks it: `space_client.py NAMESPACE/NAME`, texts as a JSON list on standard input.

HF_ENDPOINT says where the Space and its model are. Prints the answers as JSON.
"""

import json
import os
import socket
import subprocess
import sys
import time

from gradio_client import Client
from huggingface_hub import snapshot_download


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def client_of(app: subprocess.Popen, port: int) -> Client:
    """A client, once the app listens."""
    while app.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return Client(f"http://127.0.0.1:{port}", verbose=False)
        except ConnectionRefusedError:
            time.sleep(0.2)
    raise RuntimeError(f"app.py ended with {app.returncode}")


def main() -> None:
    folder = snapshot_download(sys.argv[1], repo_type="space")
    port = free_port()
    env = {**os.environ, "GRADIO_SERVER_PORT": str(port), "GRADIO_SERVER_NAME": "127.0.0.1"}
    app = subprocess.Popen([sys.executable, "app.py"], cwd=folder, env=env, stdout=sys.stderr)
    try:
        client = client_of(app, port)
        answers = [client.predict(text, api_name="/classify") for text in json.load(sys.stdin)]
    finally:
        app.terminate()
        app.wait()
    print(json.dumps(answers))


main()
