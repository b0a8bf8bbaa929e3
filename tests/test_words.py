"""Django's own words, as the house writes them."""

import gettext
import re
from ast import literal_eval
from pathlib import Path

import pytest
import taggit
from django.conf import settings
from django.contrib import admin

FOLDER = Path(settings.LOCALE_PATHS[0]) / "ja" / "LC_MESSAGES"
DROPS_THE_KEY = {"%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?"}  # a number tells nobody anything
ENTRY = re.compile(
    r'^(?:msgctxt (?P<context>".+")\n)?msgid (?P<id>".+")\n(?:msgid_plural ".+"\n)?msgstr(?:\[0\])? (?P<words>".+")$',
    re.MULTILINE,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%s|\{\w*\}")
# An English sentence in Japanese words: spaces around names, straight quotes and question marks, many words for one.
ENGLISH = re.compile(r"[ぁ-ん一-龥] |[“”?]|全て|既に|下さい|オブジェクト|再度")


def entries(name: str) -> dict[str, str]:
    """The words by key; gettext puts the context of a key before it."""
    return {
        (f"{literal_eval(found['context'])}\x04" if found["context"] else "") + literal_eval(found["id"]): literal_eval(
            found["words"]
        )
        for found in ENTRY.finditer(text(name))
    }


def text(name: str) -> str:
    return (FOLDER / f"{name}.po").read_text()


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_compiled_words_are_those_that_were_written(name):
    with open(FOLDER / f"{name}.mo", "rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    written = entries(name)
    assert len(written) == text(name).count("\nmsgid ") - 1
    for key, words in written.items():
        assert words in (compiled.gettext(key), compiled.ngettext(key, key, 1)), key


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_words_have_the_names_of_the_original_and_read_as_japanese(name):
    for key, words in entries(name).items():
        if key not in DROPS_THE_KEY:
            assert sorted(PLACEHOLDER.findall(words)) == sorted(PLACEHOLDER.findall(key)), key
        assert not ENGLISH.search(words), words


def test_words_stand_for_messages_that_django_still_has():
    """A key that a newer Django wrote anew would bring back its Japanese without a word."""
    sources = "".join(path.read_text() for path in Path(admin.__file__).parents[1].rglob("locale/en/LC_MESSAGES/*.po"))
    sources += (Path(admin.__file__).parents[2] / "conf/locale/en/LC_MESSAGES/django.po").read_text()
    sources += (Path(taggit.__file__).parent / "locale/en/LC_MESSAGES/django.po").read_text()
    known = re.sub('"\\n"', "", sources)  # a long key stands on several lines
    for name in ("django", "djangojs"):
        for found in ENTRY.finditer(text(name)):
            assert f"msgid {found['id']}" in known or f'msgid ""{found["id"]}' in known, found["id"]
