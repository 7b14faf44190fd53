"""Prints, as JSON, JupyterHub's configurations of the given paths and the values of a YAML file; classes that refuse a value end it."""

import json
import os
import sys
from types import SimpleNamespace

import yaml
from dockerspawner import DockerSpawner
from jupyterhub.app import JupyterHub
from jupyterhub.authenticators.shared import SharedPasswordAuthenticator
from traitlets.config.loader import PyFileConfigLoader


PASSWORD = os.environ["CLASS_PASSWORD"]


def load(path: str) -> dict:
    # the configuration takes it out
    os.environ["CLASS_PASSWORD"] = PASSWORD
    config = PyFileConfigLoader(path).load_config()
    for made in (JupyterHub, SharedPasswordAuthenticator):
        made(config=config)
    DockerSpawner(config=config, user=SimpleNamespace(name="ada", escaped_name="ada"))
    return config


local, docker, values = sys.argv[1:]
with open(values) as file:
    shown = {"local": load(local), "docker": load(docker), "values": yaml.safe_load(file)}
print(json.dumps(shown, default=str))
