"""Recognises the lists that writers set by hand, of contents and of further articles, by their names."""

import re

_MARKS = " 　*_#■▼◆●【】［］[]:：📚📖🔗✨"
_CONTENTS = re.compile(r"(?:この記事の|本記事の|記事の)?(?:目次|もくじ)|(?:Table of )?Contents", re.IGNORECASE)
_ANNOUNCED = re.compile(
    "(?:関連|おすすめ|オススメ|お勧め)の?(?:記事|コンテンツ|リンク)"
    "|(?:あわ|合わ|併)せて読みたい(?:の?(?:記事|コンテンツ|リンク))?|こちらもおすすめ"
)
_RELATED = re.compile(f"(?:{_ANNOUNCED.pattern})(?:一覧|はこちら)?")
_SHORT = re.compile("(?:関連|おすすめ|オススメ|お勧め)(?:一覧)?")


def bare_name(heading: str) -> str:
    """The words of a heading without the signs that writers set around them."""
    return heading.strip(_MARKS)


def is_contents(name: str) -> bool:
    return _CONTENTS.fullmatch(name) is not None


def is_related(name: str) -> bool:
    """Whether the name is that of a list of further articles. 「関連記事の選び方」 is a heading like any other."""
    return _RELATED.fullmatch(name) is not None


def may_be_related(name: str) -> bool:
    """Whether the name is that of such a list if links to our articles follow: 「おすすめ」 may head others."""
    return is_related(name) or _SHORT.fullmatch(name) is not None


def speaks_of_related(heading: str) -> bool:
    """Whether further articles are announced somewhere in the heading."""
    return _ANNOUNCED.search(heading) is not None
