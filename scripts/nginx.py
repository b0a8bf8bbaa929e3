"""Runs Debian's nginx with `deploy/nginx.conf`, byte for byte, in a temporary folder and on ports that are free."""

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts import debian
from scripts.debian import Unavailable
from scripts.postgres import free_port

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
PACKAGES = ("nginx", "libnginx-mod-http-cache-purge", "libnginx-mod-http-brotli-static")
MODULES = ("50-mod-http-cache-purge.conf", "50-mod-http-brotli-static.conf")
SERVER_NAME = "www.example.jp"
START_SECONDS = 60


@dataclass(frozen=True)
class Front:
    """A running nginx: the ports for readers (TLS), for those without TLS, and for purges.

    `certificate` is what clients must trust; in `files` stand the folders static and media, empty at first, and in
    `cache` the pages that it holds.
    """

    readers: int
    plain: int
    purges: int
    certificate: Path
    files: Path
    cache: Path
    log: Path
    errors: Path
    pid: int


def find() -> str:
    """Returns the path of nginx if it has its modules too. Raises Unavailable."""
    path = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if path is None or not all(Path("/etc/nginx/modules-enabled", name).exists() for name in MODULES):
        raise Unavailable(f"nginx or a module of it was not found. On Debian: sudo apt install {' '.join(PACKAGES)}.")
    return path


def ensure() -> str:
    """Installs what is missing if we may, then does what `find()` does."""
    try:
        return find()
    except Unavailable:
        if debian.may_install():
            debian.install("nginx, or a module of it,", *PACKAGES)
        return find()


@contextlib.contextmanager
def front(behind: int) -> Iterator[Front]:
    """Serves what listens on port `behind` of this machine for as long as the block runs. Raises Unavailable."""
    nginx = find()
    with tempfile.TemporaryDirectory(prefix="allforces-nginx-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the workers of a server that root started are another user's
        found = _prepare(folder, behind)
        options = f"pid {folder}/pid; daemon off;"
        with open(folder / "stderr", "w") as log:
            command = [nginx, "-c", folder / "conf" / "nginx.conf", "-e", found["errors"], "-g", options]
            server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            _wait(server, folder)
            yield Front(**found, pid=server.pid)
        finally:
            server.terminate()
            server.wait()


def _prepare(folder: Path, behind: int) -> dict:
    """Writes the files that differ from machine to machine, and those that every machine has."""
    ports = {"readers": free_port(), "plain": free_port(), "purges": free_port()}
    conf = folder / "conf" / "allforces"
    files = folder / "files"
    for made in (conf, files / "static", files / "media", folder / "temporary"):
        made.mkdir(parents=True)
    key, certificate = _certificate(folder)
    shutil.copy(DEPLOY / "nginx.conf", folder / "conf")
    shutil.copy(DEPLOY / "nginx" / "headers.conf", conf)
    (conf / "readers.conf").write_text(f"listen 127.0.0.1:{ports['readers']} ssl; server_name {SERVER_NAME};\n")
    (conf / "plain.conf").write_text(f"listen 127.0.0.1:{ports['plain']}; server_name {SERVER_NAME};\n")
    (conf / "purges.conf").write_text(f"listen 127.0.0.1:{ports['purges']};\n")
    temporary = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    (conf / "http.conf").write_text(
        f"upstream allforces {{ server 127.0.0.1:{behind}; keepalive 16; }}\n"
        f"root {files};\n"
        f"proxy_cache_path {folder}/cache levels=1:2 keys_zone=pages:8m max_size=1g inactive=24h use_temp_path=off;\n"
        f"ssl_certificate {certificate};\nssl_certificate_key {key};\n"
        f"access_log {folder}/access.log line;\n"
        + "".join(f"{kind}_temp_path {folder}/temporary/{kind};\n" for kind in temporary)
    )
    made = {"certificate": certificate, "files": files, "cache": folder / "cache"}
    return ports | made | {"log": folder / "access.log", "errors": folder / "error.log"}


def _certificate(folder: Path) -> tuple[Path, Path]:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = [debian.require("openssl", "openssl"), "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"]
    command += ["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", f"/CN={SERVER_NAME}"]
    command += ["-addext", f"subjectAltName=DNS:{SERVER_NAME}", "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)
    return key, certificate


def _wait(server: subprocess.Popen, folder: Path) -> None:
    """Returns once nginx listens on all ports: it writes its pid after that."""
    deadline = time.monotonic() + START_SECONDS
    while not (folder / "pid").exists() or not (folder / "pid").read_text():
        if server.poll() is not None or time.monotonic() > deadline:
            said = [file.read_text() for file in (folder / "stderr", folder / "error.log") if file.exists()]
            raise Unavailable("nginx did not start:\n" + "".join(said))
        time.sleep(0.02)
