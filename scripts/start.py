"""Prepares and starts the site in one Python process: `start run|dev|superuser|manage`.

A step with nothing to do is skipped, so that a second start costs little more than Django's own.
"""

import argparse
import hashlib
import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import django
import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command, execute_from_command_line
from django.db import DatabaseError

from scripts import env_file, worker

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"


def configure(mode: str) -> int:
    """Reads .env, adds the settings that depend on this machine, and loads Django. Returns the port."""
    path = ROOT / ".env"
    if "SECRET_KEY" not in os.environ and env_file.ensure(path):
        print("Wrote .env with a fresh secret key.")
    environ.Env.read_env(path)
    if not os.environ.get("SECRET_KEY"):
        line = f"SECRET_KEY={env_file.fresh_key()}"
        raise ImproperlyConfigured(f"SECRET_KEY is not set. Add this line to .env:\n{line}")
    if mode == "dev":
        os.environ["DEBUG"] = "1"
    os.environ["PORT"] = port = read_port(os.environ.get("PORT") or "8000")
    os.environ["SITE_URL"] = os.environ.get("SITE_URL") or f"http://{HOST}:{port}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allforces.settings")
    django.setup()
    return int(port)


def read_port(port: str) -> str:
    """Returns what is a port. Raises ImproperlyConfigured for anything else."""
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ImproperlyConfigured(f"PORT must be a number from 1 to 65535, not {port!r}.")
    return port


def check_port(port: int) -> None:
    """Raises ImproperlyConfigured for a port that is not free, before the slow steps; the server would fail last."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise ImproperlyConfigured(
                f"Port {port} needs root: choose one from 1024 up, as in `make run PORT=8000`."
            ) from None
        except OSError:
            raise ImproperlyConfigured(
                f"Port {port} is in use, perhaps by a site that is already running. "
                f"Stop that, or choose another port: `make run PORT={port + 1 if port < 65535 else 8000}`."
            ) from None


def prepare_database() -> None:
    """Migrates if necessary, and imports the sample articles into a database that was empty.

    What an older version indexed in another way is indexed again. A file marks the import as due: after a kill between
    the two steps, the next start finishes it.
    """
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from blog.search.index import stale_posts

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    import_due = settings.DATA_DIR / "sample-content-is-due"
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        import_due.touch()
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database ...", flush=True)
        call_command("migrate", interactive=False, skip_checks=False, verbosity=0)
    if import_due.exists():
        call_command("import_jekyll", ROOT / "blog" / "sample_content")
        import_due.unlink()
    if stale_posts().exists():
        call_command("reindex_search", stale=True)


def collect_static() -> None:
    """Runs `collectstatic` if a file to collect or a setting that affects the result has changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    how = (settings.STATIC_ROOT, settings.STORAGES["staticfiles"], settings.WHITENOISE_KEEP_ONLY_HASHED_FILES)
    seen = hashlib.sha256(repr(how).encode())
    seen.update((ROOT / "requirements.txt").read_bytes())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            seen.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    stamp = settings.DATA_DIR / "static-stamp"
    if settings.STATIC_ROOT.is_dir() and stamp.is_file() and stamp.read_text() == seen.hexdigest():
        return
    print("Collecting the static files ...", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(seen.hexdigest())


def welcome(site: str) -> str:
    """Tells what to do next and, if readers are on other machines, that the server needs a proxy."""
    from django.conf import settings

    lines = [
        "",
        f"  The magazine   {site}/",
        f"  The desk       {site}/admin/",
        "  First editor   make superuser   (in another terminal)",
        "  Stop           Ctrl-C",
    ]
    if urlsplit(site).hostname not in settings.LOOPBACK_HOSTS:
        lines += [
            "",
            f"  Readers of {site} need a proxy that reads a request to its end before it hands it on:",
            "  without one, a few slow clients keep this server from all others. See README.md, Production.",
        ]
    return "\n".join([*lines, ""])


def serve() -> None:
    print(welcome(os.environ["SITE_URL"].rstrip("/")), flush=True)
    worker.start()
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "allforces.wsgi"]
    os.execv(sys.executable, gunicorn)


def start(mode: str, arguments: list[str]) -> None:
    port = configure(mode)
    if mode in ("run", "dev"):
        check_port(port)
    prepare_database()
    if mode == "superuser":
        call_command("createsuperuser")
    elif mode == "manage":
        execute_from_command_line(["manage.py", *arguments])
    elif mode == "dev":
        worker.start()
        os.execv(sys.executable, [sys.executable, "manage.py", "runserver", f"{HOST}:{port}"])
    else:
        collect_static()
        serve()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mode", choices=["run", "dev", "superuser", "manage"])
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="`manage` hands these to manage.py")
    try:
        start(**vars(parser.parse_args()))
    except (ImproperlyConfigured, CommandError) as error:
        sys.exit(str(error))
    except DatabaseError as error:
        sys.exit(f"The database could not be prepared: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
