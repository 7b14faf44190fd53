"""Writes a run with the own client of Weights & Biases or Trackio.

It is told by JSON lines on stdin: {"begin": {...}}, {"row": {...}}, {"summary": {...}}, {"table": [...]}, {"end": exit code}. On
stdout it says {"place": {...}}, where the run is to be seen, once it has begun, {"done": true} once all is written, and {"error":
"..."} if the client refuses.
"""

import contextlib
import importlib.util
import json
import os
import queue
import signal
import sys
import threading
from pathlib import Path

# how long the end may take once nobody is left to wait for it
PATIENCE = 30


class Wandb:
    """A run of Weights & Biases, which says nothing about the machine it is on."""

    def begin(self, project, id, name, config):
        """Returns where the run is to be seen."""
        os.environ.setdefault("WANDB_ERROR_REPORTING", "false")
        os.environ.setdefault("WANDB_MODE", "offline")
        os.environ.setdefault("WANDB_SILENT", "true")
        import wandb

        settings = wandb.Settings(
            console="off",
            disable_code=True,
            disable_git=True,
            host="",
            program="",
            program_abspath="",
            program_relpath="",
            save_code=False,
            silent=True,
            symlink=False,
            username="",
            x_disable_machine_info=True,
            x_disable_meta=True,
            x_disable_stats=True,
            x_executable="",
            x_save_requirements=False,
        )
        project = os.environ.get("WANDB_PROJECT") or project
        self.run = wandb.init(
            project=project, id=id, name=name, dir=".", resume="allow", config=config, settings=settings
        )
        self.run.define_metric("train/global_step")
        self.run.define_metric("*", step_metric="train/global_step", step_sync=True)
        self.known = self.run.step
        if self.run.settings.mode not in ("offline", "dryrun"):
            return {"url": self.run.url}
        folder = Path(self.run.settings.sync_dir)
        # this folder gets the whole log, so that the one from before must not be sent as well
        for old in folder.parent.glob(f"offline-run-*-{id}"):
            if old.name != folder.name:
                old.rename(old.with_name(f"superseded-{old.name}"))
        return {"folder": f"{folder.parent.name}/{folder.name}"}

    def row(self, index, step, metrics):
        # the server has what was sent before the run went on
        if index >= self.known:
            self.run.log(metrics, step=index, commit=True)

    def summary(self, values):
        self.run.summary.update(values)

    def table(self, rows):
        self.run.summary.update({f"final/{name}": value for name, value in rows})

    def end(self, code):
        self.run.finish(exit_code=code)


class Trackio:
    """A run of Trackio."""

    def begin(self, project, name, config):
        """Returns where the run is to be seen."""
        place = {} if "TRACKIO_DIR" in os.environ else {"folder": "trackio"}
        os.environ.setdefault("TRACKIO_DIR", os.path.abspath("trackio"))
        import trackio
        from trackio.sqlite_storage import SQLiteStorage

        self.trackio = trackio
        # what stands there already: a run that goes on takes the steps after its checkpoint again, with the same result
        logs = SQLiteStorage.get_logs(project, name)
        self.known = {(log["step"], frozenset(log) - {"step", "timestamp"}) for log in logs}
        self.last = 0
        self.run = trackio.init(
            project=project,
            name=name,
            config=config,
            resume="allow",
            embed=False,
            auto_log_cpu=False,
            auto_log_gpu=False,
        )
        return place

    def row(self, index, step, metrics):
        self.last = step
        key = (step, frozenset(metrics))
        if key not in self.known:
            self.known.add(key)
            self.run.log(metrics, step=step)

    def summary(self, values):
        """The final table has them."""

    def table(self, rows):
        data = [[name, value] for name, value in rows]
        self.run.log({"final": self.trackio.Table(columns=["metric", "value"], data=data)}, step=self.last)

    def end(self, code):
        self.run.finish()


CLIENTS = {"wandb": Wandb, "trackio": Trackio}


def read_lines(lines):
    """Hears the end of stdin also while the client is at work."""
    for line in sys.stdin:
        lines.put(json.loads(line))
    lines.put({"end": 1})
    timer = threading.Timer(PATIENCE, os._exit, [1])
    timer.daemon = True
    timer.start()


def with_numbers(metrics):
    """JSON has no word for a value that is not a number."""
    return {name: float("nan") if value is None else value for name, value in metrics.items()}


def follow(client, lines, say):
    """Does what it is told to the end."""
    while True:
        [(word, value)] = lines.get().items()
        if word == "begin":
            say({"place": client.begin(**value)})
        elif word == "row":
            client.row(value["index"], value["step"], with_numbers(value["metrics"]))
        elif word == "summary":
            client.summary(with_numbers(value))
        elif word == "table":
            client.table([(name, float("nan") if number is None else number) for name, number in value])
        elif word == "end":
            client.end(value)
            return


def main():
    if sys.argv[1] == "--has":
        sys.exit(0 if importlib.util.find_spec(sys.argv[2]) else 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # what the clients print is nobody's business
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(answer):
        # once nobody listens, what was written still counts
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(answer), file=answers, flush=True)

    lines = queue.Queue()
    threading.Thread(target=read_lines, args=[lines], daemon=True).start()
    try:
        follow(CLIENTS[sys.argv[1]](), lines, say)
        say({"done": True})
        code = 0
    except BaseException as error:
        say({"error": f"{type(error).__name__}: {error}"})
        code = 1
    # nothing that a client left running may hold the end up
    os._exit(code)


if __name__ == "__main__":
    main()
