"""The points of an article, wherever somebody reads it."""

import json
import re

import pytest
from django.core.exceptions import ValidationError

from blog.models import Post
from tests.factories import make_post

POINTS = "AIの電力は十年で倍になる\n<b>投資</b>は電網へ向かう"

pytestmark = pytest.mark.django_db


def test_page_shows_each_point_under_the_standfirst_and_none_where_there_are_none(client):
    text = client.get(make_post(key_points=POINTS).get_absolute_url()).text
    assert re.findall(r"<li>(.*?)</li>", text.split("key-points__list")[1].split("</ul>")[0]) == [
        "AIの電力は十年で倍になる",
        "&lt;b&gt;投資&lt;/b&gt;は電網へ向かう",
    ]
    assert text.index("article__standfirst") < text.index("key-points") < text.index("byline")
    assert "key-points" not in client.get(make_post("別", slug="other").get_absolute_url()).text


def test_feed_and_structured_data_tell_them(client):
    post = make_post(key_points=POINTS)
    assert "&lt;li&gt;AIの電力は十年で倍になる&lt;/li&gt;" in client.get("/feed.xml").text
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(post.get_absolute_url()).text)
    assert [node["abstract"] for node in json.loads(data[1])["@graph"] if "abstract" in node] == [POINTS]


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ("\n".join("123456"), "5つまで"),
        ("あ" * 101, "100字まで"),
        ("一\n\n二", "空の行"),
        ("一\n　", "空の行"),
    ],
)
def test_too_many_too_long_and_empty_points_are_refused_in_words(points, message):
    with pytest.raises(ValidationError, match=message):
        Post(key_points=points).clean_fields(exclude=["title", "slug", "author", "category"])
