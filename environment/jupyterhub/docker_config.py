"""A class in containers of this machine, `npm run class -- --docker`: each user a container and a volume of their own.
Never seen running: it was loaded with the real DockerSpawner, without a daemon."""

import os
from pathlib import Path

c = get_config()  # noqa: F821
# a whole path: what traitlets does not find here, it leaves out without a word
load_subconfig(str(Path(__file__).with_name("jupyterhub_config.py")))  # noqa: F821

PROJECT = "/home/node/finetune-debug"
SEAT = f"{PROJECT}/build/seat"

c.JupyterHub.spawner_class = "docker"
c.DockerSpawner.image = os.environ.get("CLASS_IMAGE", "finetune-debug-seat")
c.DockerSpawner.cmd = [f"{PROJECT}/build/python/jupyterhub/bin/python", f"{PROJECT}/environment/jupyterhub/seat.py"]
c.DockerSpawner.remove = True
# a volume takes the owner of the folder that it lies over: user 1000
c.DockerSpawner.volumes = {"class-{username}": SEAT}
# servers in containers reach the hub at Docker's bridge, and nobody else does
c.JupyterHub.hub_ip = os.environ.get("CLASS_BRIDGE", "172.17.0.1")
# what the image has already, and the host's PATH and folders say nothing in a container
c.DockerSpawner.env_keep = []
c.Spawner.environment = {
    "SEAT_FOLDER": SEAT,
    "CLASS_NOTEBOOKS": os.environ.get("CLASS_NOTEBOOKS", "notebooks"),
}
# README.md: what a seat took that trained (RSS), one more kernel left open beside it (PSS), and a quarter on top
c.DockerSpawner.mem_limit = "2.5G"
# a training takes all cores it gets; with two it is as the notebooks were timed
c.DockerSpawner.cpu_limit = 2
