"""The index finds what a reading of all articles finds, whatever is asked."""

from datetime import timedelta

from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog.models import Post
from blog.search.finding import find
from blog.search.index import minute_of
from blog.search.query import parse
from tests.factories import PUBLISHED_AT, make_post
from tests.search.truth import read, scan

PIECES = [
    *"株価上の、。・ー-|＝＾｜\"「」*:^(){}%_\\'&!<@ 　a1é",
    *(
        "投資",
        "信託",
        "生成",
        "AI",
        "ai",
        "ＡＩ",
        "活用",
        "ｻｰﾊﾞｰ",
        "サーバ",
        "machine",
        "learning",
        "C++",
        "GPT-4",
        "NEAR",
        "OR",
        "NOT",
    ),
    *("AND", "title:", "\n", "\x00", "\ud800", "か\u3099", "\u0301", "👩‍💻", "①", "㍿", "한국어", "株式会社"),
]
ARTICLES = [
    (
        "生成AIの活用、株の投資",
        ["GPT-4", "株 価"],
        "投資信託とAI。",
        "## 株価の上\n\nmachine learning と C++、GPT-4。\n",
    ),
    (
        "投資信託",
        ["AI", "C++"],
        "生成 AI と活用",
        "サーバーの株、100%。上の価・a1 ai_b (NEAR) |x| \\ é\n\n- 株\n- 価\n",
    ),
    ("サーバ", [], "", "AI株 株AI learning machine GPT4 信託投資 「活用」 a*b ＝株 ｜｜ ①㍿ 👩‍💻 한국어\n"),
    ("NOT OR AND", ["title:"], "が、か゛。", "株式会社 生成、AI 活用ai投資 aai AIR 1a a 1 投資 信託\n"),
    ("価", ["上"], "ー", "株ー価の上。ーー\n"),
    (
        "型",
        [],
        "",
        "## 1. AIの活用\n\n* 投資\n\n1. 株価\n2. サーバ\n\n`__a1__` a\\*b 上\\|価\n\n"
        "```python\nGPT_4 = '株'  # 投資\n```\n\n<ruby>株<rt>かぶ</rt></ruby>価[^1]\n\n[^1]: 注の株。\n",
    ),
]

MOST = 1
queries = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=20)


class TruthTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        for number, (title, tags, excerpt, body) in enumerate(ARTICLES * 2):
            at = PUBLISHED_AT + timedelta(seconds=number * 37 % 90)  # several in a minute, and not in order
            make_post(title, tags=tags, excerpt=excerpt, body=body, at=at)
        cls.readings = [read(post) for post in Post.objects.all()]

    @settings(max_examples=400)
    @given(queries)
    @example("AI株")
    @example("株AI")
    @example('"株 価"')
    @example('"投資 信託" -AI')
    @example("投資 -NEAR")
    @example("、 。")
    @example("、、")
    @example('"1. AIの活用"')
    @example("__a1__")
    @example("上|価")
    @example("GPT_4")
    @example("株価")
    @example("かぶ")
    @example("株価の上")
    @example("ーの株")
    @example("上の価・株の投")
    @example("|")
    @example("NEAR(a b) * title:x \" ' OR 1=1 --")
    def test_index_and_truth_agree(self, question: str) -> None:
        query = parse(question)
        true = scan(query, self.readings)
        assert list(find(query, other_spellings=False).keys) == true
        best = find(query, other_spellings=False, most=MOST).keys
        assert len(best) == min(MOST, len(true))
        assert set(best) <= set(true)
        if connection.vendor == "postgresql":
            # The index counts in minutes: of those of the same one it may take another.
            minutes = {reading.key: minute_of(reading.moment) for reading in self.readings}
            assert [minutes[key] for key in best] == [minutes[key] for key in true[:MOST]]
