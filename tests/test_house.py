"""What lets a newcomer find their way in the house, as far as no linter holds it."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from blog import models
from blog.text import desk

ROOT = Path(__file__).parent.parent
MOST_LINES, MOST_MODULES = 400, 12
# Names that several public classes may have, since each says what its module makes clear.
MEANT_BY_THEIR_MODULE = {"Command", "Kind", "StateFilter"}
GONE = re.compile(r"(?<![a-z])(?:settle[sd]?|given_back|outgoing|album|coming)(?![a-z])", re.IGNORECASE)
# Names that say so little that each reader takes them for something else.
TOO_WIDE = {"Entry", "MergeForm", "Picture", "Place"}
WRITTEN = {".css", ".html", ".js", ".py", ".xml"}


def written(*folders: str) -> Iterator[Path]:
    """The files that people write: not what Django made or npm brought, and not the articles of the sample site."""
    for folder in folders:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in WRITTEN and not {"migrations", "node_modules", "sample_content"} & {*path.parts}:
                yield path.relative_to(ROOT)


def test_no_file_is_too_long_to_be_read():
    files = [*written("allforces", "bench", "blog", "scripts", "static", "templates", "tests")]
    lines = {str(path): len((ROOT / path).read_text("utf-8").splitlines()) for path in files}
    assert {path: number for path, number in lines.items() if number > MOST_LINES} == {}


def test_no_folder_of_the_site_holds_too_many_modules():
    modules = Counter(str(path.parent) for path in written("blog") if path.suffix == ".py" and path.stem != "__init__")
    del modules["blog/management/commands"]  # Django looks for commands nowhere else
    assert {folder: number for folder, number in modules.items() if number > MOST_MODULES} == {}


@pytest.mark.parametrize("package", [models, desk])
def test_what_a_package_exports_is_imported_from_the_package(package):
    own = Path(*package.__name__.split("."))
    found = [
        f"{path}:{node.lineno}: {name.name} from {node.module}"
        for path in written("bench", "blog", "scripts", "tests")
        if path.suffix == ".py" and own not in path.parents
        for text in [(ROOT / path).read_text("utf-8")]
        if f"from {package.__name__}." in text  # few files; reading all as code takes a second and a half
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package.__name__}.")
        for name in node.names
        if name.name in package.__all__
    ]
    assert found == []


def classes() -> Iterator[tuple[str, str]]:
    """Each class of the site: its name, and the file that it stands in."""
    for path in written("blog"):
        if path.suffix == ".py":
            for node in ast.parse((ROOT / path).read_text("utf-8")).body:
                if isinstance(node, ast.ClassDef):
                    yield node.name, str(path)


def test_no_two_classes_have_one_name_for_different_things():
    found: dict[str, list[str]] = {}
    for name, path in classes():
        if not name.startswith("_") and name not in MEANT_BY_THEIR_MODULE:
            found.setdefault(name, []).append(path)
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_words_that_are_gone_stay_away():
    files = written("blog", "static", "templates")
    assert [str(path) for path in files if GONE.search((ROOT / path).read_text("utf-8"))] == []


def test_names_that_are_gone_stay_away():
    assert [f"{path}: {name}" for name, path in classes() if name in TOO_WIDE] == []
    assert [str(path) for path in written("blog") if path.name == "versions.py"] == []
