"""Read by gunicorn when it is started in this folder."""

from typing import Any

from lifesign.errors import LifesignError
from lifesign.settings import Settings
from lifesign.web.app import prepare

worker_class = "uvicorn_worker.UvicornWorker"
timeout = 60  # a worker that does not answer for so long is replaced; a frame takes milliseconds
graceful_timeout = 20  # frames in flight are finished
keepalive = 20  # a client sends frames several times a second, over one connection
control_socket_disable = True  # nobody needs to steer it from outside
forwarded_allow_ips = ""  # no header may rewrite the peer's address, which the loopback rule looks at


def on_starting(server: Any) -> None:
    """Once, before the workers: fetch the model and make the key, so that they need not wait for each other."""
    try:
        prepare(Settings.read(), workers=server.cfg.workers)
    except LifesignError as error:
        raise SystemExit(f"{error} [{error.code}]") from None
    server.log.info("Lifesign is ready to start its workers")
