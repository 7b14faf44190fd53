"""Uploads folders with Python's huggingface_hub and fetches each back, over a network that breaks: as often as it takes.

Reads jobs as JSON from standard input: {"jobs": [{"repo", "folder", "name"}], "cache"}. Prints how often a call had to be repeated.
"""

import json
import sys
import time
from pathlib import Path

from huggingface_hub import HfApi, hf_hub_download

MOST_TRIES = 60
api = HfApi()
repeated = 0


def insist(call, *args, **kwargs):
    """What a user does whose upload failed: the same again."""
    global repeated
    for _ in range(MOST_TRIES):
        try:
            return call(*args, **kwargs)
        except Exception as error:  # whatever a broken network looks like
            last = error
            repeated += 1
            time.sleep(0.2)
    raise last


def transfer(job: dict[str, str], cache: str) -> None:
    repo, folder, name = job["repo"], Path(job["folder"]), job["name"]
    insist(api.upload_folder, repo_id=repo, folder_path=folder, path_in_repo=name, commit_message=f"upload {name}")
    for file in sorted(path for path in folder.iterdir()):
        fetched = insist(hf_hub_download, repo, f"{name}/{file.name}", cache_dir=cache)
        assert Path(fetched).read_bytes() == file.read_bytes(), f"{name}/{file.name} is not what was uploaded"


def main() -> None:
    asked = json.load(sys.stdin)
    for job in asked["jobs"]:
        transfer(job, asked["cache"])
    print(repeated)


main()
