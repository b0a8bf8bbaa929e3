"""The browser that pages are tested and pictured with, and the fonts that make Japanese pages look alike everywhere."""

import shutil
import subprocess

from scripts import debian
from scripts.debian import Unavailable

FONT_FAMILIES = {"Noto Sans CJK JP", "Noto Serif CJK JP"}
PACKAGES = ("chromium", "fonts-noto-cjk", "fontconfig")
# Nothing but the tested site is to be asked for anything, and there is no graphics card.
ARGUMENTS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def has_fonts() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout
    families = {name.strip() for line in listed.splitlines() for name in line.split(",")}
    return families >= FONT_FAMILIES


def find() -> str:
    """The path of a Chromium that has its fonts. Raises Unavailable."""
    browser = shutil.which("chromium")
    if browser is None or not has_fonts():
        missing = "Chromium" if browser is None else "the fonts Noto Sans and Serif CJK JP"
        raise Unavailable(
            f"Not found: {missing}. On Debian and Ubuntu: sudo apt install {' '.join(PACKAGES)}. "
            "Elsewhere: put `chromium` and fontconfig's `fc-list` on the PATH, and install Noto CJK."
        )
    return browser


def ensure() -> str:
    """As `find()`, after installing what is missing where we may."""
    if debian.may_install() and not (shutil.which("chromium") and has_fonts()):
        debian.install("Chromium, or a font that it needs,", *PACKAGES)
    return find()
