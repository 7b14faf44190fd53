"""One user of a class: logs in, gets a server, and executes a notebook in a kernel of it, all over the hub's own address.
Given JSON (`address`, `name`, `password`, `notebook`), prints JSON: what every cell put out, the seconds it took, and what the seat used."""

import json
import sys
import time
import uuid

import requests
import websocket
from seat_usage import SeatUsage

PATIENCE = 300


class Refused(Exception):
    pass


def log_in(user: requests.Session, address: str, name: str, password: str) -> None:
    page = f"{address}/hub/login?next=%2Fhub%2Fspawn"
    user.get(page).raise_for_status()
    form = {"username": name, "password": password, "_xsrf": user.cookies.get("_xsrf", path="/hub/")}
    answer = user.post(page, data=form)
    if answer.status_code == 403:
        raise Refused()
    answer.raise_for_status()


def await_server(user: requests.Session, server: str) -> None:
    """The first page of the user's server: until it runs the hub answers in its place; then it sends one through its OAuth."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = user.get(f"{server}/lab")
        if answer.ok and answer.url.startswith(server):
            return
        if answer.status_code == 500:
            raise RuntimeError("the hub says that the server could not be started")
        time.sleep(0.3)
    raise TimeoutError("the server did not start")


def open_kernel(user: requests.Session, server: str, notebook: str) -> websocket.WebSocket:
    token = {"X-XSRFToken": user.cookies.get("_xsrf", path=f"{server[server.index('/user/'):]}/")}
    asked = {"path": notebook, "name": notebook, "type": "notebook", "kernel": {"name": "tslab"}}
    answer = user.post(f"{server}/api/sessions", json=asked, headers=token)
    answer.raise_for_status()
    kernel = answer.json()["kernel"]["id"]
    cookies = "; ".join(f"{one.name}={one.value}" for one in user.cookies if server.endswith(one.path.rstrip("/")))
    url = f"{server.replace('http', 'ws', 1)}/api/kernels/{kernel}/channels"
    return websocket.create_connection(url, cookie=cookies, timeout=PATIENCE)


def execute(channel: websocket.WebSocket, code: str) -> list[dict]:
    """Sends one cell, and collects what it puts out until the kernel is idle and has replied."""
    sent = uuid.uuid4().hex
    header = {"msg_id": sent, "msg_type": "execute_request", "username": "", "session": "class", "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    channel.send(json.dumps(message))
    outputs, missing = [], {"status", "execute_reply"}
    while missing:
        answer = json.loads(channel.recv())
        if answer["parent_header"].get("msg_id") != sent:
            continue
        kind, said = answer["header"]["msg_type"], answer["content"]
        if kind == "execute_reply" or (kind == "status" and said["execution_state"] == "idle"):
            missing.discard(kind)
        elif kind in ("stream", "display_data", "execute_result", "error"):
            outputs.append({"kind": kind, **said})
    return outputs


def main() -> None:
    given = json.load(sys.stdin)
    address, name = given["address"], given["name"]
    server = f"{address}/user/{name}"
    user = requests.Session()
    began = time.monotonic()
    try:
        log_in(user, address, name, given["password"])
    except Refused:
        print(json.dumps({"refused": True}))
        return
    await_server(user, server)
    started = time.monotonic()
    path = f"notebooks/{given['notebook']}"
    answer = user.get(f"{server}/api/contents/{path}")
    answer.raise_for_status()
    cells = [cell for cell in answer.json()["content"]["cells"] if cell["cell_type"] == "code"]
    with SeatUsage(name) as usage:
        channel = open_kernel(user, server, path)
        outputs = [execute(channel, cell["source"]) for cell in cells]
        executed = time.monotonic()
    seconds = {"server": started - began, "notebook": executed - started}
    print(json.dumps({"refused": False, "outputs": outputs, "seconds": seconds, "usage": usage.peaks()}))


if __name__ == "__main__":
    main()
