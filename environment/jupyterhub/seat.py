"""The server of one seat, which JupyterHub's spawners start in place of `jupyterhub-singleuser`: JupyterLab with our kernel and
settings, on this user's own copy of the notebooks in SEAT_FOLDER. That folder must lie inside the repository: cells find lib there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def copy_notebooks(source: Path, target: Path) -> None:
    """Of the class's notebooks, none that somebody kept aside. The first time only: what a user changed stays. Whole or not at all, so that an interrupted copy is made anew."""
    if target.exists():
        return
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    ignored = shutil.ignore_patterns(".*", "*.kept-*.ipynb")
    shutil.copytree(source, part, ignore=ignored)
    part.rename(target)


def seat_environment(folder: Path) -> dict:
    """What `npm start` gives to JupyterLab, with this seat's folders."""
    program = ROOT / "environment/jupyterhub/seat-environment.mjs"
    return json.loads(subprocess.check_output(["node", program, folder]))


def main() -> None:
    folder = Path(os.environ["SEAT_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    # relative to the repository
    copy_notebooks(ROOT / os.environ.get("CLASS_NOTEBOOKS", "notebooks"), folder / "notebooks")
    environment = seat_environment(folder)
    style = Path(environment["JUPYTER_CONFIG_DIR"]) / "custom/custom.css"
    style.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "environment/lab-config/custom.css", style)
    environment["JUPYTERHUB_ROOT_DIR"] = str(folder)
    first = next(iter(sorted((folder / "notebooks").glob("*.ipynb"))), None)
    environment["JUPYTERHUB_DEFAULT_URL"] = f"/lab/tree/notebooks/{first.name}" if first else "/lab"
    os.chdir(folder)
    root = ["--allow-root"] if os.getuid() == 0 else []
    command = [sys.executable, "-m", "jupyterhub.singleuser", *root, *sys.argv[1:]]
    # in this very process, so that the spawner's signals reach the server
    os.execve(sys.executable, command, environment)


if __name__ == "__main__":
    main()
