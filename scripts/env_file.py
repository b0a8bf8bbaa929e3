"""Writes the `.env` beside manage.py once, with a new secret, and never changes it afterwards."""

import os
import secrets
from pathlib import Path

TEMPLATE = """\
# Read by the settings; the real environment wins. Every name is described in .env.example.
SECRET_KEY={key}
"""


def fresh_key() -> str:
    """Returns 67 random characters that need no quoting in a shell, in .env or in a URL."""
    return secrets.token_urlsafe(50)


def ensure(path: Path) -> bool:
    """Writes `path` if it does not exist, readable by its owner only, and returns whether it did.

    The file appears whole or not at all. A file that another process writes meanwhile stays, because a link, unlike a
    rename, never replaces anything.
    """
    if path.exists():
        return False
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w") as file:
            file.write(TEMPLATE.format(key=fresh_key()))
        os.link(unfinished, path)
    except FileExistsError:
        return False
    finally:
        unfinished.unlink()
    return True
