"""A class on this machine, as `npm run class` starts it: one shared password, and every seat a process of the instructor's account.
Nothing separates the users from each other or from the instructor's files: docker_config.py and values.yaml are for strangers."""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / os.environ.get("CLASS_FOLDER", "build/jupyterhub")
port = int(os.environ.get("CLASS_PORT", "8000"))

# out of the environment, which the proxy inherits
c.SharedPasswordAuthenticator.user_password = os.environ.pop("CLASS_PASSWORD", None)
c.JupyterHub.authenticator_class = "shared-password"
c.Authenticator.allow_all = True
# names are folders
c.Authenticator.username_pattern = r"^[a-z0-9][a-z0-9_-]{0,31}$"

# the world's address, loopback unless told otherwise; the hub's own and the proxy's stay on loopback
c.JupyterHub.bind_url = f"http://{os.environ.get('CLASS_IP', '127.0.0.1')}:{port}"
c.JupyterHub.hub_port = port + 1
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 2}"
c.ConfigurableHTTPProxy.command = [
    "node",
    str(ROOT / "node_modules/configurable-http-proxy/bin/configurable-http-proxy"),
]
# no secret is kept: after a restart one logs in again
c.JupyterHub.cookie_secret = os.urandom(32)
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.active_server_limit = int(os.environ.get("CLASS_SEATS", "0"))
# five first logins at once are a class that begins, not an attack
c.JupyterHub.concurrent_spawn_limit = 100

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(FOLDER / "users/{username}")
c.Spawner.cmd = [sys.executable, str(ROOT / "environment/jupyterhub/seat.py")]
c.Spawner.environment = {
    "SEAT_FOLDER": lambda spawner: str(FOLDER / "users" / spawner.user.name),
    "CLASS_NOTEBOOKS": os.environ.get("CLASS_NOTEBOOKS", "notebooks"),
}
# many servers that start at once on few cores
c.Spawner.start_timeout = 180
c.Spawner.http_timeout = 180
