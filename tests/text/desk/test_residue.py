"""What of a text generator's talk a fix takes, and what it leaves. The texts are our own."""

import pytest

from blog.text.desk import World, apply, check
from tests.text.desk.texts import LONG, OTHER, THIRD, article, draft, fixed

REST = "電力の確保が次の課題になる。"


@pytest.mark.parametrize(
    "clause",
    [
        *(
            "既存の記事でも触れたように、",
            "既存の記事で触れたように、",
            "既存記事でも触れたように、",
            "既存の記事でも少し触れましたが、",
        ),
        *(
            "既存の記事でも触れたが、",
            "既存の記事でも触れたけれど、",
            "既存の記事でも述べたように、",
            "既存記事で述べた通り、",
        ),
    ],
)
def test_clause_that_points_at_the_existing_article_goes_from_its_sentence(clause):
    assert fixed(article(f"{clause}{REST}"), "marker") == article(REST)


@pytest.mark.parametrize(
    "before",
    [
        *(
            "課題は多い。",
            "一方で、",
            "課題は多い！ ",
            "**次の課題**：",
        ),
        *("「課題は多い。」", "課題は多い。\n", "- 課題\n  - "),
    ],
)
def test_clause_goes_wherever_its_sentence_begins(before):
    assert fixed(article(f"{before}既存の記事でも触れたように、{REST}"), "marker") == article(f"{before}{REST}")


KEPT = (
    "**既存の記事でも触れたように、**電力の確保が次の課題になる。",
    "私なら、既存の記事でも触れたように、電力の確保から始める。",
    "既存の記事でも触れた、電力の確保が次の課題になる。",
)


@pytest.mark.parametrize("text", KEPT)
def test_sentence_that_says_something_with_the_clause_is_left_to_the_editor(text):
    assert fixed(article(text), "marker") == article(text)


LINES = (
    "I have completed the request.",
    "の直前までが既存記事の終わりなので、そこから続きを書く。",
    "(Word count: 1,850)",
)


@pytest.mark.parametrize("line", LINES)
def test_answer_to_whoever_gave_the_order_goes(line):
    assert fixed(article(line), "marker") == article(LONG).replace(f"\n\n{LONG}", "", 1)
    for text in (f"{OTHER}\n{line}", f"{line}\n{OTHER}"):
        assert fixed(article(text), "marker") == article(OTHER)
    assert fixed(article(f"{OTHER}\n{line}\n{REST}"), "marker") == article(f"{OTHER}\n{REST}")


@pytest.mark.parametrize(
    "text",
    [
        "I have completed the request, and the regulator has answered it.",
        f"の直前までが既存記事の終わりなので、そこから続きを書く。{REST}",
        "既存記事の最後の部分の繰り返しを省くと、電力の確保が次の課題になる。",
    ],
)
def test_line_that_says_more_is_left_to_the_editor(text):
    assert fixed(article(text), "marker") == article(text)


def test_end_of_the_existing_article_goes_where_it_stands_elsewhere():
    recalled = f"（既存記事の最後の文脈：{OTHER[:-1]}）"
    assert fixed(article(f"{OTHER}\n\n{recalled}"), "marker") == article(OTHER)
    assert fixed(article(f"- **電力：** {OTHER}\n\n{recalled}"), "marker") == article(f"- **電力：** {OTHER}")
    assert fixed(article(f"{REST}\n\n{recalled}"), "marker") == article(f"{REST}\n\n{recalled}")
    assert fixed(article(f"{OTHER}\n\n{recalled}{REST}"), "marker") == article(f"{OTHER}\n\n{recalled}{REST}")


RECALLED = f"（既存記事の最後の段落：{OTHER}）"


def test_passage_that_stands_in_nothing_but_recalls_stays():
    for again in (f"（既存記事の最後の文脈：{OTHER}）", RECALLED, f"（既存記事の最後の部分：{LONG}{OTHER}）"):
        text = f"{RECALLED}\n\n{again}"
        assert fixed(article(text), "marker") == article(text)


@pytest.mark.parametrize("passage", [f"{THIRD}{OTHER}", f"{THIRD}{OTHER}{REST}"])
def test_passage_stays_below_its_recall_when_all_fixes_are_made(passage):
    text = f"（既存記事の最後の段落：{passage}）\n\n{REST}\n\n{passage}"
    assert passage in fixed(article(text))


# --- the label of a title ---


def mended(body, **fields):
    text = draft(body, **fields)
    return apply(text, [edit for finding in check(text, World()) if finding.code == "marker" for edit in finding.fix])


def test_label_goes_from_the_title_and_the_standfirst_and_the_line_that_repeats_them():
    body = f"タイトル：費用は誰が負うのか、そしていつ決まるのか\n\n{LONG}\n"
    after = mended(body, title="タイトル：計算資源の費用", excerpt="タイトル：費用は誰が負うのか、そしていつ決まるのか")
    assert (after.title, after.excerpt) == ("計算資源の費用", "費用は誰が負うのか、そしていつ決まるのか")
    assert after.body == f"{LONG}\n"


@pytest.mark.parametrize(
    "link",
    [
        "[結び](#開かれた結び電力の行方)を読む。",
        "[結び](<#開かれた結び電力の行方>)を読む。",
        "[結び]を読む。\n\n[結び]: #開かれた結び電力の行方",
        '<a href="#開かれた結び電力の行方">結び</a>を読む。',
    ],
)
def test_label_of_a_heading_stays_where_a_link_may_lead_to_it(link):
    text = f"{link}\n\n## 開かれた結び：電力の行方\n\n電力は足りない。"
    assert fixed(article(text), "marker") == article(text)


def test_title_line_that_repeats_the_title_goes():
    assert fixed(f"タイトル：計算資源の費用\n\n{LONG}\n") == f"{LONG}\n"
