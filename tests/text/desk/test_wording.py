"""Single words: the writer's own person, foreign signs, widths, and the house's spellings."""

import pytest

from blog.text.desk import Draft, HouseWords, World, apply
from tests.text.desk.asking import findings, in_body

HOUSE = World(
    words=HouseWords(
        banned=("衝撃の", "僕", ""),
        preferred={"出来る": "できる", "ユーザ": "ユーザー", "Github": "GitHub", "サーバ": "サーバー", "": "空"},
    )
)


@pytest.mark.parametrize(
    "body",
    [
        "シンгаポールの電力。",
        "電力の需要は増\ufffd。",
        "AзI",
    ],
)
def test_foreign_signs_in_a_word_are_found(body):
    assert len(in_body("foreign", body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "α版とπ型、μm単位の加工。",
        "韓国語の 전기 もある。",
        "`シンгаポール`という文字列。",
        "Gödel と L'Oréal。",
    ],
)
def test_foreign_words_by_themselves_pass(body):
    assert in_body("foreign", body) == []


def test_broken_signs_in_title_and_excerpt_are_found():
    assert len(findings("foreign", Draft(title="電力\ufffd", excerpt="イン프라の話。", body="文。"))) == 2


@pytest.mark.parametrize(
    "body",
    [
        "20２6年の電力。",
        "ｶﾀｶﾅの電力。",
        "電力(三割）の話。",
        "電力は１０倍、費用は20倍。",
    ],
)
def test_mixed_widths_are_found(body):
    assert len(in_body("width", body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "2026年のAIと電力。",
        "３つの理由とGPT-4。",
        "全角の「ＡＩ」と半角のAIは同じ語である。",
        "`ＡI`と書く。\n\n```\nＡI\n```",
    ],
)
def test_widths_that_agree_pass(body):
    assert in_body("width", body) == []


@pytest.mark.parametrize(
    ("body", "fixed"),
    [
        ("予測が出来る。", "予測ができる。"),
        ("ユーザは、Githubを使う。", "ユーザーは、GitHubを使う。"),
        ("予測<!-- 出来る -->が出来る。<!--サーバ-->", "予測<!-- 出来る -->ができる。<!--サーバ-->"),
        ("印 <!-- と書いて予測が出来る。", "印 <!-- と書いて予測ができる。"),
    ],
)
def test_preferred_spelling_is_put_in_place(body, fixed):
    found = in_body("house_word", body, HOUSE)
    assert all("表記" in finding.message for finding in found)
    assert apply(Draft(body=body), [edit for finding in found for edit in finding.fix]).body == fixed


@pytest.mark.parametrize(
    "body",
    [
        "ユーザーとサーバー、GitHubとできる。",
        "担当者は「出来る」と答えた。",
        "予測の話。<!-- <b>Github</b> で出来る\nサーバ -->",
        "[サーバの話](https://example.com/Github) を読む。",
        "MyGithubPages",
    ],
)
def test_words_of_others_and_parts_of_words_keep_their_spelling(body):
    assert in_body("house_word", body, HOUSE) == []


KANJI = World(
    words=HouseWords(
        banned=("他", "流石"),
        preferred={
            "事": "こと",
            "時": "とき",
            "等": "など",
            "為": "ため",
            "出来": "でき",
            "時々": "ときどき",
            "下さい": "ください",
        },
    )
)


@pytest.mark.parametrize(
    "body",
    [
        "仕事の時間。",
        "3時に始まる。",
        "人々の時代。",
        "𠮷事の前。",
    ],
)
def test_kanji_beside_another_is_part_of_a_word(body):
    assert in_body("house_word", body, KANJI) == []


@pytest.mark.parametrize(
    "body", ["出来高が増えた。", "上出来だった。", "流石川の流れ。", "予約下さい。", "5時々刻々と動く。"]
)
def test_longer_word_beside_a_kanji_is_found_and_stays(body):
    (finding,) = in_body("house_word", body, KANJI)
    assert finding.fix == ()


@pytest.mark.parametrize(
    ("body", "fixed"),
    [
        ("電力の事、その他。", "電力のこと、その他。"),
        ("増える時、AI等の為に。", "増えるとき、AIなどのために。"),
    ],
)
def test_kanji_by_itself_is_spelt_as_the_house_does(body, fixed):
    found = in_body("house_word", body, KANJI)
    assert apply(Draft(body=body), [edit for finding in found for edit in finding.fix]).body == fixed


SIGNS = World(words=HouseWords(preferred={"!": "！", "*": "＊", "|": "｜", ":": "：", "(": "（", "  ": " "}))


@pytest.mark.parametrize(
    "body", ["*電力*の話。", "| 甲 | 乙 |\n|:--|---|\n| 1 | 2 |", "[甲](/a_(b))", "行の終わり  \n次の行"]
)
def test_sign_of_markdown_is_found_and_stays(body):
    found = in_body("house_word", body, SIGNS)
    assert found
    assert [edit for finding in found for edit in finding.fix] == []


def test_title_and_excerpt_are_spelt_as_the_house_does():
    draft = Draft(title="ユーザと電力", excerpt="「出来る」と言われ、予測が出来る。", body="文。")
    found = findings("house_word", draft, HOUSE)
    fixed = apply(draft, [edit for finding in found for edit in finding.fix])
    assert [finding.line for finding in found] == [0, 0]
    assert (fixed.title, fixed.excerpt) == ("ユーザーと電力", "「出来る」と言われ、予測ができる。")


def test_banned_word_is_found_and_stays():
    (finding,) = in_body("house_word", "衝撃の電力不足。", HOUSE)
    assert finding.fix == ()
    assert "衝撃の" in finding.message
