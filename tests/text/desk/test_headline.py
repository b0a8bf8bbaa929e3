"""The headline where the reader has just read it."""

import pytest

from blog.text.desk import Draft, apply
from tests.text.desk.asking import findings

TITLE = "電力不足は計算の値段をどう変えるのか？"
TEXT = "データセンターの電気代は、計算の値段の三割を占める。\n"


@pytest.mark.parametrize(
    ("title", "first"),
    [
        (TITLE, f"## {TITLE}"),
        (TITLE, f"**{TITLE}**"),
        (f"【2026年版】{TITLE}の現在地と展望", TITLE),
        (TITLE, f"# {TITLE}"),
    ],
)
def test_headline_as_first_block_is_found_and_dropped(title, first):
    draft = Draft(title=title, excerpt="要約。", body=f"\n{first}\n\n{TEXT}")
    (finding,) = findings("head_repeat", draft)
    assert finding.line == 2
    assert apply(draft, finding.fix).body == f"\n{TEXT}"


def test_first_block_that_says_more_than_the_title_is_found_and_stays():
    draft = Draft(title=TITLE, excerpt="要約。", body=f"{TITLE}電気代の行方\n\n{TEXT}")
    (finding,) = findings("head_repeat", draft)
    assert finding.fix == ()


def test_headline_that_is_the_whole_body_stays():
    (finding,) = findings("head_repeat", Draft(title=TITLE, excerpt="要約。", body=TITLE))
    assert finding.fix == ()


@pytest.mark.parametrize(
    ("title", "excerpt"),
    [
        (TITLE, TITLE),
        (TITLE, f"「{TITLE}」"),
        (f"2026年{TITLE}の現在地と展望", TITLE),
        (TITLE, "電力不足は計算の値段をどう変えるのか、を読む"),
    ],
)
def test_headline_as_standfirst_is_found(title, excerpt):
    (finding,) = findings("head_repeat", Draft(title=title, excerpt=excerpt, body=TEXT))
    assert (finding.line, finding.fix) == (0, ())


@pytest.mark.parametrize(
    ("title", "first"),
    [
        (TITLE, "## 電力不足"),
        (TITLE, "電力不足は計算の値段をどう変えるのか。この問いに、三つの電力会社の数字から答える。答えは地域で違う。"),
        (TITLE, f"- {TITLE}"),
        ("", "書き出し。"),
    ],
)
def test_first_block_of_its_own_passes(title, first):
    assert findings("head_repeat", Draft(title=title, excerpt="要約。", body=f"{first}\n\n{TEXT}")) == []


def test_headline_that_is_dropped_is_not_shifted_too():
    draft = Draft(title=TITLE, excerpt="要約。", body=f"# {TITLE}\n\n{TEXT}")
    edits = [edit for code in ("h1", "head_repeat") for finding in findings(code, draft) for edit in finding.fix]
    assert apply(draft, edits).body == TEXT


@pytest.mark.parametrize(
    ("excerpt", "reason"),
    [("データセンターの電気代は、計算の値段の三割を占める。", "書き出し"), ("計算の値段と電力不足", "タイトル")],
)
def test_standfirst_that_the_page_leaves_out_is_told_with_the_reason(excerpt, reason):
    body = f"## 電気代\n\n{TEXT * 3}"
    (finding,) = findings("head_repeat", Draft(title=TITLE, excerpt=excerpt, body=body))
    assert finding.line == 0
    assert reason in finding.message
    assert "ページには出ません" in finding.message
