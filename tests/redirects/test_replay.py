"""What `replay_urls` says of a list is what a reader gets."""

from io import StringIO
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command

from blog.editing.saving import add_alias
from blog.models import Permalink
from blog.redirects.replay import replay
from tests.factories import make_category, make_post, make_unpublished

# About what is made of a list of addresses: PostgreSQL gets the same statements from other modules.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def addresses(tmp_path):
    def write(*lines):
        file = tmp_path / "addresses.txt"
        file.write_bytes("\n".join(lines).encode(errors="surrogateescape"))
        return file

    return write


def run(file):
    out = StringIO()
    call_command("replay_urls", file, stdout=out, no_color=True)
    return out.getvalue().splitlines()


def test_each_address_is_said_to_answer_what_it_answers(addresses):
    post = make_post(slug="金利")
    add_alias(post, "/2026/03/31/金利/")
    file = addresses("/2026/04/01/金利/", "", quote("/2026/03/31/金利/"), "https://old.example/page2/../tags/#x")
    with pytest.raises(CommandError, match="lost: 1 answer 200, 1 answer 301, 1 answer 404"):
        run(file)
    make_category("産業", "industry")
    assert run(addresses(post.path, "https://old.example/2026/03/31/金利/?a=1", "/category/analysis/", "/?page=1")) == [
        "200 /2026/04/01/金利/",
        "301 https://old.example/2026/03/31/金利/?a=1 → /2026/04/01/%E9%87%91%E5%88%A9/?a=1",
        "301 /category/analysis/ → /category/industry/",
        "301 /?page=1 → /",
        "No address is lost: 1 answer 200, 3 answer 301.",
    ]


def test_it_agrees_with_the_site(client):
    make_post(slug="a", tags=["AI"])
    make_unpublished(slug="withdrawn")
    Permalink.objects.create(path="/gone/", target="/nowhere/")
    for path in ("/", "/?page=2", "/A/", "/2026/04/01/a", "/2026/04/01/withdrawn/", "/gone/", "/tags/AI/", "/feed.xml"):
        (outcome,) = replay([path])
        response = client.get(path)
        assert (response.status_code, response.headers.get("Location", "")) == (outcome.status, outcome.location), path


@pytest.mark.parametrize(
    "line", ["http://[", "/%00/", "/a\x0bb", "//evil.example/x", "javascript:1", "/" + "あ" * 5000]
)
def test_hostile_line_is_lost_and_stops_nothing(line):
    assert [outcome.status for outcome in replay([line, "/"])] == [404, 200]


def test_file_that_is_none_is_told(addresses, tmp_path):
    for file in (tmp_path / "none", tmp_path, addresses("/\udcff/"), addresses("", " ")):
        with pytest.raises(CommandError, match=str(file)):
            run(file)
