"""The document of the design and the scripts that make its pictures know the same ones."""

import re

from scripts.picture_design import FOLDER, SHOTS


def test_every_picture_is_made_kept_and_shown():
    shown = re.findall(r"\]\(design/([\w-]+)\.png\)", (FOLDER.parent / "design.md").read_text())
    kept = {file.stem for file in FOLDER.iterdir()}
    assert set(shown) == kept
    assert kept - SHOTS.keys() == {"card"}  # drawn, not taken: scripts.draw_artwork


def test_pictures_are_small():
    assert {file.name: size for file in FOLDER.iterdir() if (size := file.stat().st_size) > 60_000} == {}
