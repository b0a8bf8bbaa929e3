"""The errors of 400 real posts, counted anew in plain code; without CORPUS_DIR these tests are skipped.

`pytest -s` shows the counts.
"""

import json
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote

import pytest

from blog.text.desk import Draft, Finding, World, check
from blog.text.desk.errors.leftovers import CITATION, PLACEHOLDER
from tests.text.desk.texts import Everything, fix

KNOWING = World(paths=Everything(), images=Everything())
DELETING = ("marker", "repeat")


@pytest.fixture(scope="module")
def posts(corpus: Path) -> list[dict[str, str]]:
    return json.loads((corpus / "expected.json").read_text("utf-8"))["posts"]


@pytest.fixture(scope="module")
def drafts(corpus: Path, posts: list[dict[str, str]]) -> dict[str, Draft]:
    bodies = {post["file"]: (corpus / "_posts" / post["file"]).read_text("utf-8") for post in posts}
    return {
        post["file"]: Draft(post["title"], post["excerpt"] or "", body=bodies[post["file"]].split("---\n", 2)[2])
        for post in posts
    }


@pytest.fixture(scope="module")
def findings(drafts: dict[str, Draft]) -> dict[str, list[Finding]]:
    return {name: check(draft, KNOWING) for name, draft in drafts.items()}


@pytest.fixture(scope="module")
def cleaned(drafts: dict[str, Draft]) -> dict[str, Draft]:
    return {name: fix(draft, KNOWING, DELETING) for name, draft in drafts.items()}


def with_code(findings: dict[str, list[Finding]], code: str) -> set[str]:
    return {name for name, found in findings.items() if any(finding.code == code for finding in found)}


def assert_near(ours: int, recount: int, what: str) -> None:
    print(f"{what}: {ours}, recounted {recount}")
    assert abs(ours - recount) <= 0.02 * recount, what


@cache
def word_characters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", unicodedata.normalize("NFKC", text)))


def outside_code(body: str) -> str:
    return "".join(body.split("```")[::2])


# --- what is repeated ---


def repeated_paragraphs(body: str) -> int:
    """The paragraphs between blank lines that stand earlier, without headings."""
    seen: Counter[str] = Counter()
    for paragraph in re.split(r"\n\s*\n", outside_code(body)):
        text = word_characters(paragraph)
        if len(text) >= 40 and not paragraph.startswith("#"):
            seen[text] += 1
    return sum(count - 1 for count in seen.values())


def has_repeated_sentence(body: str) -> bool:
    """Whether a long sentence or line stands twice outside tables and quotes, links aside."""
    seen: set[str] = set()
    for line in outside_code(body).split("\n"):
        if line.lstrip().startswith(("#", "|", ">")) or "](" in line:
            continue
        for sentence in {line, *re.split("(?<=[。！？])", line)}:
            text = word_characters(sentence)
            if len(text) >= 40 and text in seen:
                return True
        seen |= {word_characters(sentence) for sentence in (line, *re.split("(?<=[。！？])", line))}
    return False


def test_repeats_are_those_of_a_plain_recount(drafts, findings):
    recount = {name for name, draft in drafts.items() if has_repeated_sentence(draft.body)}
    recount |= {name for name, draft in drafts.items() if repeated_paragraphs(draft.body)}
    ours = with_code(findings, "repeat")
    print(sorted(ours ^ recount))
    assert_near(len(ours), len(recount), "articles that repeat text")


# --- how the article ends ---

TRAIL = re.compile(
    r"(?m)^#+ (?:関連記事|あわせて読みたい|この記事に関連するおすすめ書籍)|utm_medium=cta"
    r"|^\*?※ (?:本ページ|上記)のリンク"
)


def is_cut(body: str) -> bool:
    """The rule as it was measured, on the parts between the rules of the archive's articles."""
    parts = re.split(r"\n---\n|\n---END---(?=\n|$)", f"\n{body}\n")
    while parts and (TRAIL.search(parts[-1][:400]) or not re.sub(r"\s|[<=>]{7}.*|\{[:%].*\}", "", parts[-1])):
        parts.pop()
    lines = [line.strip() for line in (parts[-1] if parts else "").split("\n")]
    lines = [line for line in lines if line and not re.match(r"[<=>]{7}|\{[:%]|---", line)]
    last = lines[-1] if lines else "。"
    item = re.compile(r"[-*+] |\d+\. ")
    if last.startswith("#"):
        return True
    if item.match(last):
        if re.search("。[^。]+[をが、]$", last):  # no name and no slogan goes on so
            return True
        listed = list(takewhile(item.match, reversed(lines)))
        return len(listed) > 2 and not is_sentence(last) and all(is_sentence(line) for line in listed[1:])
    if re.match(r"\||```|\*?※|\[[^\]]*\]\([^)]*\)$|\*\*[^*]*\*\*$", last):
        return False
    return not is_sentence(last)


def is_sentence(line: str) -> bool:
    return line.rstrip("」』）)\"'*_ ")[-1:] in tuple("。！？!?…♪.")


def test_cut_articles_are_those_of_a_plain_recount(drafts, findings):
    recount = {name for name, draft in drafts.items() if is_cut(draft.body)}
    ours = with_code(findings, "cut")
    print(sorted(ours ^ recount))
    assert_near(len(ours), len(recount), "articles that are cut")


# --- what was left over ---

END_LINE = re.compile(r"(?m)^---END---\s*$")
LEFTOVERS = (
    r"---END---|^<<<<<<< |（続き）\**$|（続き）：|\(続き\)$|【既存の記事の最後の部分|（既存の?記事の最後の"
    r"|既存記事の終わり|既存の?記事(?:で|でも|の中で)(?:少し)?(?:触れ|述べ|「)|提供された記事の続き"
    r"|申し訳ありませんが、「|unable to perform|I have completed|^タイトル：|を入れてください）|承知いたしました。"
    r"|\[cite: |参照データ）|開かれた結び：|某(?:生成AI|大規模言語モデル)企業"
)


def test_leftovers_are_those_of_a_plain_recount(drafts, findings):
    recount = set()
    for name, draft in drafts.items():
        lines = [line for line in draft.body.split("\n") if not line.startswith("- [")]
        if re.search(LEFTOVERS, "\n".join([draft.title, draft.excerpt, *lines]), re.MULTILINE):
            recount.add(name)
    ours = with_code(findings, "marker")
    print(sorted(ours ^ recount))
    assert_near(len(ours), len(recount), "articles with leftovers")
    end_lines = sum(len(END_LINE.findall(draft.body)) for draft in drafts.values())
    found = sum(f.code == "marker" and f.excerpt == "---END---" for every in findings.values() for f in every)
    assert_near(found, end_lines, "lines ---END---")
    conflicts = sum(draft.body.count("\n<<<<<<< ") for draft in drafts.values())
    found = sum(f.code == "marker" and f.excerpt.startswith("<<<") for every in findings.values() for f in every)
    assert_near(found, conflicts, "conflicts")


def test_nothing_else_is_missing_from_the_archive(findings):
    counts = Counter(finding.code for found in findings.values() for finding in found)
    print(dict(counts))
    assert {counts[code] for code in ("fence", "empty_body", "empty_excerpt", "missing_image")} == {0}


def test_dead_and_moved_links_are_those_of_a_plain_recount(drafts, posts):
    live = {unquote(post["permalink"]) for post in posts}
    moved = {}
    for post in posts:
        day, slug = post["file"][:10].replace("-", "/"), unquote(post["permalink"]).split("/")[4]
        if f"/{day}/{slug}/" not in live:
            moved[f"/{day}/{slug}/"] = unquote(post["permalink"])
    world = World(paths=live, moved=moved, images=Everything())
    found = [f for draft in drafts.values() for f in check(draft, world) if f.code == "dead_link"]
    dead = redirected = 0
    for draft in drafts.values():
        for path in re.findall(r"\]\((/[^)?#]*)", outside_code(draft.body)):
            redirected += unquote(path) in moved
            dead += unquote(path) not in live and unquote(path) not in moved
    assert_near(sum(not finding.fix for finding in found), dead, "links to what the 400 lack")
    assert_near(sum(bool(finding.fix) for finding in found), redirected, "moved links")


# --- what the fixes make of it ---


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


def test_every_removed_sentence_stands_elsewhere_and_nothing_is_put_in(drafts, cleaned):
    gone: Counter[str] = Counter()
    for name, draft in drafts.items():
        after = cleaned[name]
        kept = word_characters(re.sub(MARKS, "", f"{after.title}\n{after.excerpt}\n{after.body}"))
        assert is_part(cleaned[name].body, draft.body), name
        for sentence in sentences(draft.body) - sentences(cleaned[name].body):
            if sentence and sentence not in kept:
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
        assert [sentence for sentence in gone if sentence not in whole] == [], f"{name} lost a sentence"


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


def with_marker(drafts: dict[str, Draft]) -> set[str]:
    """The names of those that hold another marker than the kinds which no fix takes."""
    found = {name: check(draft, KNOWING) for name, draft in drafts.items()}
    others = {name: [finding for finding in every if not is_never_fixed(finding)] for name, every in found.items()}
    return with_code(others, "marker")


def is_never_fixed(finding: Finding) -> bool:
    return finding.message.endswith((CITATION, PLACEHOLDER))


def test_markers_that_are_left_are_sentences_for_an_editor(drafts, cleaned):
    before, after = with_marker(drafts), with_marker(cleaned)
    unfixable = sum(
        is_never_fixed(f) for draft in cleaned.values() for f in check(draft, KNOWING) if f.code == "marker"
    )
    print(
        f"articles with a marker: {len(before)}, after the fixes {len(after)}; markers that no fix takes: {unfixable}"
    )
    assert len(after) <= 23
    assert unfixable <= 126
    bodies = [re.sub("「[^」]*」", "", cleaned[name].body) for name in drafts]
    assert not any(re.search(r"(?m)(?:^|。)既存の記事でも触れ(?:たように|ましたが)、", body) for body in bodies)
