import pytest

from blog.text.tag_names import Name, Reason, TagNames, folded


def nearest(name: str, *others: str) -> tuple[str, Reason] | None:
    """The nearest of the other names, of which the first has the fewest articles."""
    names = TagNames([Name(0, name, 1), *(Name(number, other, number) for number, other in enumerate(others, start=1))])
    found = names.nearest(0, name)
    return (others[found.tag - 1], found.reason) if found else None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OpenAI", "Open AI"),
        ("GPT-4", "GPT4"),
        ("サーバー", "サーバ"),
        ("データセンター", "ﾃﾞｰﾀｾﾝﾀ"),
        ("企業: Microsoft", "企業・Microsoft"),
    ],
)
def test_spellings_of_one_word_fold_to_one(one, other):
    assert folded(one) == folded(other)
    assert nearest(one, "別の言葉", other) == (other, Reason.SPELLING)


@pytest.mark.parametrize(
    ("name", "other", "reason"),
    [
        ("生成AI活用", "生成AI", Reason.PART),
        ("AI人材育成", "AI人材", Reason.PART),
        ("企業: Microsoft", "Microsoft", Reason.PART),
        ("アントロピック", "アンソロピック", Reason.ALIKE),
        ("教育AI", "AI", None),
        ("C++", "C", None),
        ("C#", "C++", None),
        ("GPT-4", "GPT-5", None),
        ("半導体", "自動運転", None),
        ("・", "", None),
    ],
)
def test_what_is_near_and_what_is_not(name, other, reason):
    assert nearest(name, other) == ((other, reason) if reason else None)


def test_the_strongest_reason_comes_first_then_the_likest_then_the_commonest():
    assert nearest("サーバ", "サーバ運用", "サーバー") == ("サーバー", Reason.SPELLING)
    assert nearest("AI人材育成", "AI人材", "AI人材育成論") == ("AI人材育成論", Reason.PART)
    assert nearest("規制対応", "A規制対応", "B規制対応") == ("B規制対応", Reason.PART)


def test_another_spelling_of_a_tag_counts_as_its_name():
    names = TagNames([Name(1, "エヌビディア"), Name(2, "NVIDIA"), Name(2, "エヌビディア")])
    assert names.nearest(1, "エヌビディア")[:2] == (2, Reason.SPELLING)
