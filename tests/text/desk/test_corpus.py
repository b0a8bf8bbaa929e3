"""What the fixes make of 400 real posts; without CORPUS_DIR these tests are skipped.

`pytest -s` shows the counts.
"""

import json
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from blog.text.desk import Draft, World
from tests.text.desk.texts import Everything, fix, repeated_paragraphs, word_characters

KNOWING = World(paths=Everything(), images=Everything())
DELETING = ("marker", "repeat")


@pytest.fixture(scope="module")
def drafts(corpus: Path) -> dict[str, Draft]:
    posts = json.loads((corpus / "expected.json").read_text("utf-8"))["posts"]
    bodies = {post["file"]: (corpus / "_posts" / post["file"]).read_text("utf-8") for post in posts}
    return {
        post["file"]: Draft(post["title"], post["excerpt"] or "", body=bodies[post["file"]].split("---\n", 2)[2])
        for post in posts
    }


@pytest.fixture(scope="module")
def cleaned(drafts: dict[str, Draft]) -> dict[str, Draft]:
    return {name: fix(draft, KNOWING, DELETING) for name, draft in drafts.items()}


# What the fixes take from sentences, and the sentences that they take although they stand nowhere else.
MARKS = (
    r"（続き）|[(]続き[)]|---END---|[（(]既存の?記事の最後の(?:文脈|段落|文)[：:]"
    r"|(?:これまでの)?既存の?記事でも?(?:少し)?触れ(?:たように|ましたが|たが|たけれど)、"
    r"|（参照データ）|\[cite: (?:参照データ|検証済みファクト)(?:, 検証済みファクト)?\]|開かれた結び："
)
GENERATOR_TALK = re.compile(
    r"(?:END|既存の?記事の最後の部分\w*|UpdatedupstreamU?|Updatedupstream|Stashedchanges|続き|Ihavecompletedtherequest"
    r"|提供された記事の続きをご要望に沿って自然に補完し完成させます|の直前までが既存記事の終わりなのでそこから続きを書く"
    r"|既存記事の最後の部分の繰り返しを省くと実質的な最後の段落は以下の通り)$"
    r"|タイトル"
)


def sentences(text: str) -> Counter[str]:
    pieces = re.split(r"(?<=[。！？])|\n", re.sub(MARKS, "", text))
    return Counter(map(word_characters, pieces))


def is_part(after: str, before: str) -> bool:
    """Whether the one text is the other with something taken out, and nothing put in."""
    rest = iter(before)
    return all(char in rest for char in after)


def stands_in(text: str, sentence: str, titles: list[str]) -> bool:
    """Whether the sentence does, or the title that was glued to it and the rest of it."""
    return sentence in text or any(
        sentence.startswith(title) and title in text and sentence.removeprefix(title) in text for title in titles
    )


def titles_of(draft: Draft) -> list[str]:
    return [line for line in draft.body.split("\n") if line.startswith("#")]


def test_every_removed_sentence_stands_elsewhere_and_nothing_is_put_in(drafts, cleaned):
    gone: Counter[str] = Counter()
    for name, draft in drafts.items():
        after = cleaned[name]
        kept = word_characters(re.sub(MARKS, "", f"{after.title}\n{after.excerpt}\n{after.body}"))
        assert is_part(cleaned[name].body, draft.body), name
        titles = [*map(word_characters, titles_of(draft))]
        for sentence in sentences(draft.body) - sentences(cleaned[name].body):
            if sentence and not stands_in(kept, sentence, titles):
                assert GENERATOR_TALK.match(sentence), (name, sentence)
                gone[sentence] += 1
    print(gone)


def letters(text: str) -> str:
    """The word characters, and the signs that make another number: −5 is not 5, and 1.5 is not 15."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[-+−▲](?=[0-9])|(?<=[0-9])[.](?=[0-9])", lambda sign: f"s{ord(sign[0])}s", text)
    return re.sub(r"[\W_]+", "", text)


def unwrapped(body: str) -> Counter[str]:
    """Each sentence, however it was wrapped, with how often it stands in the text. The number of an item is no word."""
    parts = re.split(r"[。！？!?\n]", body)
    return Counter(filter(None, (re.sub(r"^[0-9]+", "", letters(part)) for part in parts)))


def test_repeats_that_go_stand_elsewhere_with_their_figures_and_no_sentence_is_new(drafts):
    for name, draft in drafts.items():
        after = fix(draft, KNOWING, ("repeat",))
        assert replace(after, body="") == replace(draft, body=""), name
        left, whole = unwrapped(after.body), letters(after.body)
        assert not left - unwrapped(draft.body), f"{name} has a new sentence"
        gone = [sentence for sentence in unwrapped(draft.body) if sentence not in left]
        titles = [*map(letters, titles_of(draft))]
        assert [sentence for sentence in gone if not stands_in(whole, sentence, titles)] == [], (
            f"{name} lost a sentence"
        )


def test_the_fixes_leave_hardly_a_repeat_and_no_marker_line(drafts, cleaned):
    before = sum(repeated_paragraphs(draft.body) > 0 for draft in drafts.values())
    after = sum(repeated_paragraphs(draft.body) > 0 for draft in cleaned.values())
    print(f"articles that repeat a paragraph: {before}, after the fixes {after}")
    assert after <= 0.05 * len(drafts)
    marked = [
        name
        for name, draft in cleaned.items()
        if re.search(r"(?m)---END---|^[<>]{7} |^={7}$|^【既存|（続き）\**$", draft.body)
    ]
    assert marked == []
