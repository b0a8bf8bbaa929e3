"""How gunicorn serves the site, on a laptop and behind a proxy. https://docs.gunicorn.org/en/stable/settings.html"""

import gc
import os
from typing import Any

from gunicorn.glogging import Logger

from blog.operations.logs import JsonFormatter, LineFormatter

# Loopback only: readers come through a proxy that buffers slow clients and closes what is over; these workers do not.
bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"

# Processes are what uses the cores.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"

# A thread is held by each client that has sent half a request, until it sends the rest or goes (gunicorn has no limit
# for that), and for five seconds by each connection that a browser opens ahead and keeps silent. A thread that was
# never needed costs nothing, all of them 15 MB. One thing no number of threads cures: gunicorn 27 waits in its loop,
# up to two seconds each, for clients that it is done with and that do not close their side, and answers nobody.
# The pool of connections in allforces/settings.py holds one more than there are threads.
threads = 32

# No header speaks for a proxy here: gunicorn would believe every client of this machine, and any on a UNIX socket.
# Whom to believe about https, TRUSTED_PROXIES tells Django.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers = {}

# One copy of the code in memory; a wrong setting stops the start once, not each worker again and again.
preload_app = True

# A worker that leaks is replaced before it matters; the jitter keeps two from going at once. Its store of pages goes
# with it, so not too often.
max_requests = 1_000_000
max_requests_jitter = 200_000

timeout = 30
graceful_timeout = 20
keepalive = 5

# Where /tmp is on a disk, the workers' heartbeat would wait for it.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  memory, and gunicorn names the file itself

# The proxy logs requests. Errors go to stderr; WEB_ACCESS_LOG=- shows each request while looking for one, with the keys
# that stand in addresses of previews, invitations and new passwords.
accesslog = os.environ.get("WEB_ACCESS_LOG") or None
errorlog = "-"


class ServerLogger(Logger):
    """Says what gunicorn says in the format of the site's log, without the keys of private addresses."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        is_json = os.environ.get("LOG_FORMAT") == "json"
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter() if is_json else LineFormatter(self.error_fmt, self.datefmt))


logger_class = ServerLogger

# Signals do what its commands do; the socket would be a file in somebody's home that nothing here needs.
control_socket_disable = True


def when_ready(server):
    """Keeps the loaded code from the garbage collector: it stopped a request for 70 ms to look through it, now for 13.

    The workers, which are forked after this, also copy less of their memory.
    """
    gc.collect()
    gc.freeze()
