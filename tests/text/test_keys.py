"""Keys of many texts at once are the same as one by one."""

import pytest

from blog.text.keys import (
    BREAK,
    exact_key,
    exact_keys,
    paragraph_key,
    paragraph_keys,
    word_key,
    word_keys,
)
from tests.text.desk.texts import LONG, OTHER, THIRD

TEXTS = (
    *("", "。", "あ", "ＡＩ、**成長**。", "1.5", ".5", "1.", "5%", "−5", "3〜5", "C++", "C", "+5", "★", "○", "㈱", "ｶﾞ"),
    *("か", "\u3099か", "か\u3099", "①", "🙂", "a b", "\u3000", "\n", "\r", "\u0301", "﨑", LONG, OTHER, THIRD),
)


@pytest.mark.parametrize("texts", [TEXTS, TEXTS[::-1], (), ("",), ("", ""), (*TEXTS, BREAK, f"1{BREAK}.5"), (BREAK,)])
def test_keys_of_many_texts_are_those_of_each(texts):
    assert word_keys(texts) == [word_key(text) for text in texts]
    assert exact_keys(texts) == [exact_key(text) for text in texts]
    assert paragraph_keys(texts) == [paragraph_key(text) for text in texts]
