"""Makes .venv, installs a lock into it and runs a command there. Needs the standard library only.

    python3 scripts/bootstrap.py [--dev] -m MODULE [ARGUMENT...]

The syntax of this file is that of Python 3.6, so that an old `python3` can read it and print why it is refused.
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
{} lacks the modules venv and ensurepip, which make the project's own environment.
On Debian and Ubuntu: sudo apt install python{}.{}-venv
Elsewhere: install your system's package for Python's venv and ensurepip."""


def newer_python(which=shutil.which):
    """Finds the newest supported Python on the path, for machines with an old `python3`."""
    names = (f"python3.{minor}" for minor in range(30, OLDEST[1] - 1, -1))
    return next(filter(None, map(which, names)), None)


def can_make_venv():
    """Whether both modules are there: Debian leaves ensurepip to python3-venv, and `venv` alone fails half-way."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def refuse(has_venv=True, version=sys.version_info[:2], executable=sys.executable):
    """Exits if this Python is not suitable, with the reason and a remedy."""
    if version < OLDEST:
        sys.exit(TOO_OLD.format(*OLDEST, executable, *version))
    if not has_venv:
        sys.exit(NO_VENV.format(executable, *version))


def stamp_for(lock, python):
    """Identifies an installation by what it depends on: the lock's text and the environment's interpreter."""
    with open(lock, "rb") as file:
        return f"{hashlib.sha256(file.read()).hexdigest()} {os.path.realpath(python)}\n"


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except FileNotFoundError:
        return None


def is_usable(python):
    """Whether the environment works: not if it is missing or half-made, or its Python was upgraded or removed."""
    check = f"import pip, sys; sys.exit(sys.version_info < {OLDEST!r})"
    try:
        return subprocess.call([python, "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def install(lock, venv=VENV):
    """Installs `lock` into `venv`, unless its stamp shows that this was done. Returns its Python."""
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
