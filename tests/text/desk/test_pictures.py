"""Pictures that a reader cannot see or hear of."""

import pytest

from blog.text.desk import World
from tests.text.desk.asking import in_body

OURS = World(own_origin="https://magazine.example")


@pytest.mark.parametrize(
    "body",
    [
        "![](/media/a.png)",
        "![IMG_0123.jpg](/media/a.png)",
        '<img src="/media/a.png">',
    ],
)
def test_picture_without_words_is_found(body):
    assert len(in_body("alt", body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "![配電盤の前に立つ作業員](/media/a.png)",
        "<img alt='電力の推移' src='/media/a.png'>",
        "```\n![](/media/a.png)\n```",
        "<!-- ![](/media/a.png) -->",
    ],
)
def test_picture_with_words_ornament_and_code_pass(body):
    assert in_body("alt", body) == []


@pytest.mark.parametrize(
    "body",
    [
        "![図](https://example.com/a.png)",
        "![図](//example.com/a.png)",
        '<img alt="図" src="https://example.com/a.png">',
        "![図](https://magazine.example.evil.example/a.png)",
    ],
)
def test_picture_that_the_policy_hides_is_found(body):
    assert len(in_body("external_image", body, OURS)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "![図](/media/a.png)",
        "![図](https://magazine.example/media/a.png)",
        "![図](//magazine.example/media/a.png)",
        "`![図](https://example.com/a.png)`",
    ],
)
def test_picture_of_our_own_passes(body):
    assert in_body("external_image", body, OURS) == []
