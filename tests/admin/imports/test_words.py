"""Everything that an import reports about an article has Japanese words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from blog.admin.imports.words import FINDINGS, REASONS, edited_text, finding_text, reason_text
from blog.jekyll.files.front_matter import FileError
from blog.jekyll.importing.uploads import check_name

JEKYLL = Path(__file__).parents[3] / "blog" / "jekyll"
OF_WHOLE_TREES = {"site_data.py", "static_pages.py"}  # nobody uploads tables or static pages
FILES = [
    path
    for room in ("files", "importing")
    for path in sorted((JEKYLL / room).glob("*.py"))
    if path.name not in OF_WHOLE_TREES
]
NOT_OF_UPLOADS = {
    "a folder, not a file",
    "a symbolic link to a folder is not followed",
    "cannot be listed: 7",
    "the file is not there, or is a link that leads nowhere",
    "leads out of the tree",
    "not a regular file",
    "a file of the same name in another folder was taken instead",
    "it leads back to itself in a circle",
    "image 7: 7",  # of a table of pictures
}


def written(node: ast.expr) -> str | None:
    """The text of a string, with 7 for each value in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
    return None


def calls() -> Iterator[tuple[str, list[ast.expr]]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield getattr(node.func, "attr", getattr(node.func, "id", "")), node.args


def test_every_reason_has_japanese_words():
    reasons = {text for name, args in calls() if name in ("FileError", "YamlError") and (text := written(args[1]))}
    assert len(reasons) > 25
    untold = {text for text in reasons if reason_text(text) == text} - NOT_OF_UPLOADS
    assert untold == {"7: 7"}  # a field, and the Japanese message of its model


def test_every_finding_has_japanese_words():
    codes = {text for name, args in calls() for text in map(written, args[:2]) if name in ("note", "find")} - {None}
    codes = {code for code in codes if code.isidentifier() and "_" in code} - {"missing_7"}
    assert len(codes) > 15
    assert codes - FINDINGS.keys() - {"last_modified_at", "related_articles", "reading_time"} == set()


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("there is no title", "タイトル（title）がありません。"),
        ("date cannot be read: 'x' is not a date such as 2026-04-01 09:30:00 +0900", "dateの値"),
        ("categories is longer than 100 characters", "セクションが100字を超えています。"),
        ("excerpt: 長すぎます。", "リード文：長すぎます。"),
        ("日本語のまま。", "日本語のまま。"),
    ],
)
def test_fields_have_the_names_of_the_desk(reason, told):
    assert reason_text(reason).startswith(told)


def test_words_end_as_sentences_do():
    assert [text for _, text in REASONS if not text.endswith(("。", "{1}"))] == []
    assert finding_text("unheard_of") == "unheard_of"


def test_edited_fields_are_named():
    assert edited_text(["body", "path", "pending_revision", "published_at", "status", "title"]) == (
        "本文、URL、公開前の変更、公開日時、状態、タイトル"
    )


def test_reason_of_a_bad_name_is_told():
    with pytest.raises(FileError) as caught:
        check_name("article.md")
    assert reason_text(caught.value.reason) == "ファイル名が「2026-04-01-名前.md」の形ではありません。"
