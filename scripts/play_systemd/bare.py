"""Plays the path without containers on a bare Debian, by what docs/operations.md says, under a systemd of its own.

The commands are read from the document; where it names what only a newcomer has (a host, a certificate, an address of
the repository), `document.STAND_INS` says what we type. It needs root, the network and ten minutes.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from scripts.play_systemd import checks, document
from scripts.play_systemd.document import HOST, section, typed
from scripts.play_systemd.machine import Machine, bare_machine, copy_repository

ENV_FILE = "/etc/allforces/env"


def fill_in(machine: Machine) -> None:
    """What a person writes into the settings, with a value that needs the quotes of which the document speaks."""
    told = {
        "SECRET_KEY": machine.run("python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"),
        "SITE_URL": f"https://{HOST}",
        "SITE_NAME": "'ALL FORCES & $HOME; # 1'",
        "DATABASE_URL": "postgres:///allforces",
        "DEFAULT_FROM_EMAIL": f"no-reply@{HOST}",
    }
    file = machine.path(ENV_FILE)
    file.write_text(document.fill_in(file.read_text(), told))


def install(machine: Machine) -> None:
    """All blocks of the section in their order."""
    for line in section("One machine without containers").lines:
        machine.type(typed(line))
        if line.endswith(f"deploy/.env.example {ENV_FILE}"):
            fill_in(machine)


def release_anew(machine: Machine) -> None:
    first = machine.release
    while machine.run("date +%Y%m%d%H%M") == Path(first).name:
        time.sleep(1)  # the document names a release by its minute
    for line in (*document.release_lines(), *section("A new version").lines):
        machine.type(typed(line))


def play(keep: Path | None = None) -> Iterator[str]:
    """Yields what each step found, with its seconds. Raises Unavailable and Stuck."""
    began = time.monotonic()
    for step in _steps(keep):
        yield f"{time.monotonic() - began:4.0f} s  {step}"


def _steps(keep: Path | None) -> Iterator[str]:
    with bare_machine(keep) as machine:
        yield "debootstrap made a bare Debian"
        with machine.booted():
            copy_repository(machine)
            install(machine)
            yield "the document is typed to its end, the site is installed"
            yield from checks.all_of(machine)
            with checks.asking(machine) as answers:
                release_anew(machine)
            yield f"a new version: {answers.told()}"
            yield from checks.after_release(machine)
        with machine.booted():
            yield "it boots once more"
            yield from checks.after_release(machine)
