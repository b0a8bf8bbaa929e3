"""The document of the design and the script that takes its pictures know the same ones."""

import re

from scripts.picture_design import FOLDER, SHOTS


def test_every_picture_is_taken_kept_and_shown():
    shown = re.findall(r"\]\(design/([\w-]+)\.png\)", (FOLDER.parent / "design.md").read_text())
    assert sorted(shown) == sorted(SHOTS) == sorted(file.stem for file in FOLDER.iterdir())


def test_pictures_are_small():
    assert {file.name: size for file in FOLDER.iterdir() if (size := file.stat().st_size) > 60_000} == {}
