"""Drives a kernel through the real jupyter_client: one JSON command a line on stdin, one JSON answer a line on stdout.

The tests are in TypeScript, the reference client is in Python: this is all that stands between them.
"""

import base64
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time

import zmq
from jupyter_client.manager import KernelManager
from jupyter_client.session import Session

from crowd import Crowd

TIMEOUT = 30


class Driver:
    """One kernel and one client of it."""

    def __init__(self):
        self.manager = KernelManager(kernel_name="tslab")
        self.client = None
        self.others = None

    def start(self, cwd):
        """Starts the kernel in a folder and waits until it answers."""
        begin = time.monotonic()
        self.manager.start_kernel(cwd=cwd, stdout=subprocess.DEVNULL)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT)
        return {"seconds": time.monotonic() - begin, "pid": self.manager.provisioner.pid}

    def execute(self, cells, options, interrupt_after=None):
        """Sends all cells at once and returns, for each, its reply and what it published."""
        ids = [self.client.execute(code, allow_stdin=False, **options) for code in cells]
        if interrupt_after is not None:
            threading.Timer(interrupt_after, self.manager.interrupt_kernel).start()
        return [self._collect(message_id) for message_id in ids]

    def send(self, code):
        """Sends a cell that will never end, and gives it the time to begin."""
        self.client.execute(code)
        while self.client.get_iopub_msg(timeout=TIMEOUT)["msg_type"] != "execute_input":
            pass
        time.sleep(0.3)

    def request(self, type, content, channel="shell"):
        """Sends a request of any type and returns its reply and what it published."""
        message = self.client.session.msg(type, content)
        getattr(self.client, f"{channel}_channel").send(message)
        return self._collect(message["header"]["msg_id"], channel)

    def send_only(self, type, content, channel="shell"):
        """Sends a message to which no reply may come; returns its id."""
        message = self.client.session.msg(type, content)
        getattr(self.client, f"{channel}_channel").send(message)
        return message["header"]["msg_id"]

    def publications(self, seconds):
        """Returns what is published within a time, whichever cell it belongs to."""
        end, seen = time.monotonic() + seconds, []
        while (left := end - time.monotonic()) > 0:
            try:
                seen.append(self._shorten(self.client.get_iopub_msg(timeout=left)))
            except queue.Empty:
                break
        return seen

    def raw(self, frames, channel="shell"):
        """Sends frames that need not be a message at all."""
        getattr(self.client, f"{channel}_channel").socket.send_multipart([base64.b64decode(f) for f in frames])

    def stranger(self, frames, channel, identity):
        """Sends frames as a client of that identity, which leaves once it has been answered what comes after them."""
        with self.client.context.socket(zmq.DEALER) as dealer:
            dealer.linger = 1000
            dealer.rcvtimeo = TIMEOUT * 1000
            if identity:
                dealer.identity = base64.b64decode(identity)
            dealer.connect(self.client._make_url(channel))
            dealer.send_multipart([base64.b64decode(f) for f in frames])
            if channel in ("shell", "control"):
                message = self.client.session.msg("kernel_info_request")
                dealer.send_multipart(self.client.session.serialize(message))
                while message["header"]["msg_id"].encode() not in b"".join(dealer.recv_multipart()):
                    pass

    def wire(self, data, channel):
        """Writes bytes that need not be ZeroMQ's into a channel's port."""
        with socket.create_connection((self.client.ip, getattr(self.client, f"{channel}_port"))) as connection:
            connection.sendall(base64.b64decode(data))

    def key(self):
        """Returns the key that signs messages: SHA-256's HMAC of all frames behind the signature."""
        return self.client.session.key.decode()

    def beats(self, seconds=TIMEOUT):
        """Returns what the heartbeat sends back within a time."""
        with self.client.connect_hb() as heart:
            heart.rcvtimeo = seconds * 1000
            heart.send(b"ping")
            return heart.recv().decode()

    def crowd(self, count):
        """Connects more clients to the kernel."""
        self.others = Crowd(self.manager.connection_file, count, TIMEOUT)

    def converse(self, cells, slow=None):
        """Lets each of them send its cells, all at once; returns what each received."""
        return self.others.converse(cells, slow)

    def replay(self, code):
        """Sends one signed execute_request twice."""
        message = self.client.session.msg("execute_request", {"code": code, "silent": False})
        frames = self.client.session.serialize(message)
        for _ in range(2):
            self.client.shell_channel.socket.send_multipart(frames)

    def welcome(self):
        """Subscribes anew and returns the first message that comes."""
        socket = self.manager.connect_iopub()
        try:
            if socket.poll(2000) == 0:
                raise queue.Empty
            # a session of its own: the other socket gets the same message, which one session would take for a replay
            _, message = Session(key=self.client.session.key).recv(socket, mode=0)
            return self._shorten(message)
        finally:
            socket.close(linger=0)

    def signal(self, name):
        """Sends the kernel a signal and returns how long it lived on."""
        self.manager.provisioner.process.send_signal(getattr(signal, name))
        return self._await_death()

    def shutdown(self, restart=False):
        """Asks the kernel to end and returns how long it lived on."""
        reply = self.request("shutdown_request", {"restart": restart}, "control")["reply"]
        return {"reply": reply, **self._await_death()}

    def _await_death(self):
        begin = time.monotonic()
        while self.manager.provisioner.process.poll() is None and time.monotonic() - begin < 5:
            time.sleep(0.01)
        return {"seconds": time.monotonic() - begin, "code": self.manager.provisioner.process.poll()}

    def _collect(self, message_id, channel="shell"):
        published = []
        idle = False
        while not idle:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == message_id:
                published.append(self._shorten(message))
                idle = message["content"].get("execution_state") == "idle"
        while True:
            reply = getattr(self.client, f"get_{channel}_msg")(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == message_id:
                return {"reply": {"type": reply["msg_type"], **reply["content"]}, "published": published}

    @staticmethod
    def _shorten(message):
        parent = message["parent_header"].get("msg_id")
        return {"type": message["msg_type"], "content": message["content"], "parent": parent, "at": time.monotonic()}

    def close(self):
        """Ends the kernel whatever state it is in."""
        if self.client:
            self.client.stop_channels()
        if self.others:
            self.others.leave()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)


def main():
    driver = Driver()
    try:
        for line in sys.stdin:
            command = json.loads(line)
            try:
                answer = {"answer": getattr(driver, command.pop("do"))(**command)}
            except queue.Empty:
                answer = {"failure": f"the kernel did not answer within {TIMEOUT} s"}
            except Exception as error:  # told to the test, which fails with it
                answer = {"failure": repr(error)}
            print(json.dumps(answer, default=str), flush=True)
    finally:
        driver.close()


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
