"""Several clients of one kernel at once, each with a connection, a session and a thread of its own."""

import hashlib
import queue
from concurrent.futures import ThreadPoolExecutor

from jupyter_client.blocking import BlockingKernelClient


class Crowd:
    """Clients that know of the kernel only what its connection file says."""

    def __init__(self, connection_file, count, timeout):
        self.timeout = timeout
        self.clients = []
        for _ in range(count):
            client = BlockingKernelClient(connection_file=connection_file)
            client.load_connection_file()
            client.start_channels()
            client.wait_for_ready(timeout=timeout)
            self.clients.append(client)

    def converse(self, cells, slow=None):
        """Lets client i send all cells of cells[i]; returns what each received.

        The client `slow` reads nothing until all others have read everything.
        """
        sent = [[] for _ in self.clients]
        for turn in range(max(map(len, cells))):
            for mine, client, own in zip(sent, self.clients, cells):
                mine.extend(client.execute(code, allow_stdin=False) for code in own[turn : turn + 1])
        everything = {message_id for mine in sent for message_id in mine}
        with ThreadPoolExecutor(len(self.clients)) as pool:
            quick = {
                i: pool.submit(self._receive, client, sent[i], everything)
                for i, client in enumerate(self.clients)
                if i != slow
            }
            received = {i: future.result() for i, future in quick.items()}
        if slow is not None:
            received[slow] = self._receive(self.clients[slow], sent[slow], everything)
        return [{"sent": mine, **received[i]} for i, mine in enumerate(sent)]

    def leave(self):
        """Closes every connection."""
        for client in self.clients:
            client.stop_channels()

    def _receive(self, client, own, everything):
        published, waiting = [], set(everything)
        while waiting:
            message = client.get_iopub_msg(timeout=self.timeout)
            parent = message["parent_header"].get("msg_id")
            if parent in everything:
                published.append({"type": message["msg_type"], "content": shorten(message["content"]), "parent": parent})
            if message["content"].get("execution_state") == "idle":
                waiting.discard(parent)
        return {"replies": self._replies(client, own), "published": published}

    def _replies(self, client, own):
        replies = []
        try:  # whatever comes on top belongs to somebody else
            while True:
                reply = client.get_shell_msg(timeout=self.timeout if len(replies) < len(own) else 0.5)
                # a client that waits for the kernel greets it until it answers, and the last answers may come now
                if reply["msg_type"] != "kernel_info_reply":
                    replies.append(reply)
        except queue.Empty:
            return [{"parent": reply["parent_header"]["msg_id"], "content": reply["content"]} for reply in replies]


def shorten(value):
    """Puts a hash in the place of each long text: five times 30 MB need not go through a pipe."""
    if isinstance(value, dict):
        return {name: shorten(part) for name, part in value.items()}
    if isinstance(value, str) and len(value) > 1000:
        return f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"
    return value
