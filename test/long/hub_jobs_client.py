"""Runs jobs on a Hub with Python's huggingface_hub and its `hf` command, follows, inspects and cancels them.

HF_ENDPOINT and HF_TOKEN say where and who. The Hub must allow jobs.
"""

import os
import subprocess
import sys
from pathlib import Path

from huggingface_hub import (
    HfApi,
    cancel_job,
    fetch_job_logs,
    inspect_job,
    list_jobs,
    list_jobs_hardware,
    run_job,
    wait_for_job,
)
from huggingface_hub.errors import HfHubHTTPError

SECRET = "a secret of the job"


def python(script: str) -> list[str]:
    """The command that runs a script with this very Python."""
    return [sys.executable, "-u", "-c", script]


def runs_and_is_followed() -> str:
    """A job's output comes while it runs, in order, without its secret."""
    script = "import os, time\nfor n in range(3): print('line', n, os.environ['WORD'], os.environ['SECRET']); time.sleep(0.2)"
    job = run_job(
        image="python:3.12",
        command=python(script),
        env={"WORD": "spoken"},
        secrets={"SECRET": SECRET},
        flavor="cpu-basic",
        timeout="1m",
        labels={"kind": "followed"},
    )
    assert job.status.stage == "SCHEDULING" and job.owner.name == HfApi().whoami()["name"]
    lines = list(fetch_job_logs(job_id=job.id, follow=True))
    assert "neither in python:3.12 nor on cpu-basic" in lines[0], lines
    assert lines[1:] == [f"line {n} spoken ***" for n in range(3)], lines
    done = wait_for_job(job_id=job.id, poll_interval=0.1)
    assert done.status.stage == "COMPLETED" and done.durations.running_secs is not None
    assert done.environment == {"WORD": "spoken"} and SECRET not in repr(done)
    assert done.started_at is not None and done.finished_at >= done.started_at
    assert list(fetch_job_logs(job_id=job.id)) == lines
    assert list(fetch_job_logs(job_id=job.id, tail=1)) == lines[-1:]
    return job.id


def fails() -> None:
    """A job that fails says with which exit code; one that takes too long is ended."""
    failed = wait_for_job(run_job(image="x", command=python("exit(3)")).id, poll_interval=0.1)
    assert (failed.status.stage, failed.status.message) == ("ERROR", "Job failed with exit code: 3")
    slow = run_job(image="x", command=python("import time; time.sleep(600)"), timeout=1)
    assert wait_for_job(slow.id, poll_interval=0.1).status.message == "Job timeout"


def is_cancelled() -> None:
    """A job that is cancelled ends at once."""
    job = run_job(image="x", command=python("import time; print('working'); time.sleep(600)"))
    # it runs, and has printed: a quick cancel would come before
    assert any(line == "working" for line in fetch_job_logs(job_id=job.id, follow=True))
    assert job.id in [one.id for one in list_jobs(status="RUNNING")]
    cancel_job(job_id=job.id)
    assert inspect_job(job_id=job.id).status.stage == "CANCELED"
    assert "working" in list(fetch_job_logs(job_id=job.id, follow=True))[-1:]


def is_found(job_id: str) -> None:
    """Jobs are found by their labels; hardware has names and costs nothing."""
    assert [job.id for job in list_jobs(labels={"kind": "followed"})] == [job_id]
    assert {hardware.unit_cost_usd for hardware in list_jobs_hardware()} == {0}
    assert "a10g-small" in [hardware.name for hardware in list_jobs_hardware()]


def is_refused() -> None:
    """What cannot be is the error that Python's users know, and never shows the token."""
    for call in (
        lambda: run_job(image="x", command=python("0"), flavor="a10g-tiny"),
        lambda: inspect_job(job_id="none"),
        lambda: run_job(image="x", command=python("0"), namespace="other"),
        lambda: HfApi(token="hf_wrong").run_job(image="x", command=python("0"), namespace="reader"),
    ):
        try:
            call()
        except HfHubHTTPError as refusal:
            assert os.environ["HF_TOKEN"] not in str(refusal)
        else:
            raise AssertionError("was not refused")


def by_command() -> None:
    """The `hf` command runs a job and shows its output."""
    hf = str(Path(sys.executable).with_name("hf"))
    command = [hf, "jobs", "run", "python:3.12", *python("print('by the command')")]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "by the command" in printed, printed


def main() -> None:
    job_id = runs_and_is_followed()
    fails()
    is_cancelled()
    is_found(job_id)
    is_refused()
    by_command()
    print("ok")


main()
