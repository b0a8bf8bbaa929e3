"""What a static page leaves open is filled in, and nothing else is touched."""

from blog.text.finishing import with_words

WORDS = {"operator": "甲&amp;乙", "contact": '<a href="mailto:a@example.jp">a@example.jp</a>'}


def test_words_in_the_text_are_filled_in():
    assert with_words("<p>{{ operator }}と{{contact}}</p>", WORDS) == f"<p>甲&amp;乙と{WORDS['contact']}</p>"


def test_unknown_words_and_attributes_stay_as_they_are():
    html = '<p>{{ name }}<img src="/a.png" alt="{{ contact }}">{{}} {{ operator</p>'
    assert with_words(html, WORDS) == html
