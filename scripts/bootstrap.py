"""Build .venv, install a lock into it, and become a command that runs there. Needs the standard library only.

    python3 scripts/bootstrap.py [--dev] -m MODULE [ARGUMENT...]

This file is read by whatever `python3` there is, so its syntax stays old enough (3.6) to refuse in words.
"""

import hashlib
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")

TOO_OLD = """\
ALLFORCES needs Python {}.{} or newer, and {} is {}.{}.
Install a newer one, or name it: make run PYTHON=/path/to/python3.13"""
NO_VENV = """\
{} comes without what the project's own environment is made with.
On Debian and Ubuntu: sudo apt install python{}.{}-venv
Elsewhere: install your system's package for Python's venv and ensurepip."""


def newer_python(which=shutil.which):
    """The newest supported Python on the path, for machines whose `python3` is an old one."""
    names = (f"python3.{minor}" for minor in range(30, OLDEST[1] - 1, -1))
    return next(filter(None, map(which, names)), None)


def can_make_venv():
    """Debian splits ensurepip off into python3-venv; `venv` alone is there and fails half-way."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def refuse(has_venv=True, version=sys.version_info[:2], executable=sys.executable):
    """End, saying why this Python will not do and what to do about it; return if it will."""
    if version < OLDEST:
        sys.exit(TOO_OLD.format(*OLDEST, executable, *version))
    if not has_venv:
        sys.exit(NO_VENV.format(executable, *version))


def stamp_for(lock, python):
    """What an installation depends on: the lock's text and the interpreter that the environment leads to."""
    with open(lock, "rb") as file:
        return f"{hashlib.sha256(file.read()).hexdigest()} {os.path.realpath(python)}\n"


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except FileNotFoundError:
        return None


def is_usable(python):
    """False for an environment that is absent, half-made, or whose Python was upgraded or removed."""
    check = f"import pip, sys; sys.exit(sys.version_info < {OLDEST!r})"
    try:
        return subprocess.call([python, "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def install(lock, venv=VENV):
    """Bring `venv` to what `lock` describes, unless its stamp says that it is. Returns its Python."""
    python = os.path.join(venv, "bin", "python")
    stamp = os.path.join(venv, "installed-" + os.path.basename(lock))
    if os.path.exists(python) and read(stamp) == stamp_for(lock, python):
        return python
    if not is_usable(python):
        refuse(can_make_venv())
        print(f"Making {os.path.relpath(venv)} ...", flush=True)
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", venv])
    print(f"Installing {os.path.basename(lock)} ...", flush=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    subprocess.check_call([*pip, "--require-hashes", "--requirement", lock])
    with open(stamp, "w") as file:
        file.write(stamp_for(lock, python))
    return python


def main(arguments):
    python = newer_python() if sys.version_info < OLDEST else None
    if python:
        os.execv(python, [python, os.path.abspath(__file__), *arguments])
    refuse()
    lock = "requirements.txt"
    if arguments[:1] == ["--dev"]:
        lock, arguments = "requirements-dev.txt", arguments[1:]
    try:
        python = install(os.path.join(ROOT, lock))
    except subprocess.CalledProcessError as error:
        sys.exit(f"Setting up .venv failed; the lines above say why. (exit code {error.returncode})")
    except KeyboardInterrupt:
        sys.exit(130)
    if arguments:
        os.chdir(ROOT)
        os.execv(python, [python, *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
