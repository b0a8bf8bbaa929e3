"""Reads the settings as a start of the site does: in a process of its own, with an environment of its own.

The process is forked from one that has loaded the libraries of the settings, which takes most of the time of a start.
"""

import json
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import Any

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["csp.constants", "django.conf", "environ"])


def read_settings(environment: dict[str, str], *names: str) -> dict[str, Any]:
    """Returns the values of the settings. Raises what the start ends with."""
    with ProcessPoolExecutor(1, _context) as process:
        return process.submit(_read, environment, names).result()


def _read(environment: dict[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    os.environ.clear()
    os.environ.update(environment)
    from django.conf import settings

    return json.loads(json.dumps({name: getattr(settings, name) for name in names}, default=str))
