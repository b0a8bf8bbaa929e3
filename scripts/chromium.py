"""Finds the browser for tests and screenshots, and the fonts that make Japanese pages look the same everywhere."""

import contextlib
import shutil
import subprocess

from scripts import debian
from scripts.debian import Unavailable

FONT_FAMILIES = {"Noto Sans CJK JP", "Noto Serif CJK JP"}
PACKAGES = ("chromium", "fonts-noto-cjk", "fontconfig")
SHELL = "chromium-headless-shell"  # a package of Debian, and the program in it
# The browser must send requests only to the tested site, and there is no graphics card.
ARGUMENTS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def has_fonts() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout
    families = {name.strip() for line in listed.splitlines() for name in line.split(",")}
    return families >= FONT_FAMILIES


def find() -> str:
    """Returns the path of Chromium if its fonts are installed too. Raises Unavailable."""
    browser = shutil.which("chromium")
    if browser is None or not has_fonts():
        missing = "Chromium" if browser is None else "the fonts Noto Sans and Serif CJK JP"
        raise Unavailable(
            f"Not found: {missing}. On Debian and Ubuntu: sudo apt install {' '.join(PACKAGES)}. "
            "Elsewhere: put `chromium` and fontconfig's `fc-list` on the PATH, and install Noto CJK."
        )
    return browser


def ensure() -> str:
    """Installs what is missing if we may, then does what `find()` does."""
    if debian.may_install() and not (shutil.which("chromium") and has_fonts()):
        debian.install("Chromium, or a font that it needs,", *PACKAGES)
    return find()


def find_shell() -> str:
    """Returns the path of Chromium without windows, or of Chromium where that is not installed. Raises Unavailable.

    Both have one engine, of one version. Chromium also draws the frame of each window, which nobody sees: without it, a
    new context takes a fifth of the CPU.
    """
    browser = find()
    return shutil.which(SHELL) or browser


def ensure_shell() -> str:
    """Installs what is missing if we may, then does what `find_shell()` does."""
    ensure()
    if debian.may_install() and not shutil.which(SHELL):
        with contextlib.suppress(Unavailable):  # not every Debian has it
            debian.install("Chromium without windows", *PACKAGES, SHELL)
    return find_shell()
