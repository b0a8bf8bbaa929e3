"""Figures in vertical text."""

import re

import pytest

from blog.text.finishing import bold, lying, upright
from blog.text.markdown import render_markdown


def figures(html: str) -> list[str]:
    return re.findall(r'<span class="((?:tcy|upright)">[^<]*)</span>', upright(html))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4月19日に10選", ['tcy">4', 'tcy">19', 'tcy">10']),
        ("2026年に100本", ['upright">2026', 'upright">100']),
        ("10000円と1,000円と3.5倍", []),
        ("2026-04-01の12:30、1/2", []),
        ("&#39;&amp;12", ['tcy">12']),
    ],
)
def test_short_figures_stand_upright_and_those_of_latin_words_lie(text, found):
    assert figures(text) == found


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Technology", ["Technology"]),
        ("SaaS市場とIoT", ["SaaS", "IoT"]),
        ("AI導入戦略", []),
        ("R&amp;D", []),
        ("Men&#x27;s Health", ["Men&#x27;s Health"]),
    ],
)
def test_latin_words_of_an_upright_name_lie_and_short_ones_of_capitals_stand(name, words):
    html = lying(name)
    assert re.findall(r'<span class="lying">([^<]*)</span>', html) == words
    assert re.sub(r"</?span[^>]*>", "", html) == name


@pytest.mark.parametrize(
    ("source", "classes"),
    [
        ("これは**大切な点**である。", [""]),
        ("**トレンド1：費用の行方**", ["bold line"]),
        (f"これは**{'長' * 24}**と**{'長' * 25}**である。", ["", "bold"]),
        ("**見出しの代わり**  \n本文である。", ["bold line"]),
        ("**[費用の行方](/2026/)**", ["bold line"]),
    ],
)
def test_long_emphasis_and_a_line_of_its_own_stay_bold(source, classes):
    html = render_markdown(source).html
    assert re.findall(r'<strong(?: class="([^"]*)")?>', bold(html)) == classes
    assert re.sub(r' class="bold[^"]*"', "", bold(html)) == html
