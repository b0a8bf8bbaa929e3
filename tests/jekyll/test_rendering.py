"""Articles that other processes render have the HTML that a save would give them."""

import pytest

from blog import processes
from blog.models import Post
from blog.text.bounds import MAX_CHARS
from blog.text.markdown import render_apart
from tests.jekyll.site import article

BODY = "## 見出し\n\n**本文**です。[外](https://example.com/)\n"


def test_what_only_a_save_can_render_is_left_to_it():
    assert render_apart("題", BODY, (), "/media/").reading_minutes == 1
    assert render_apart("題", "![図](/static/a.png)\n", (), "/media/")
    assert render_apart("題", "![図](/media/images/a.png)\n", (), "/media/") is None
    assert render_apart("題", "![図](&#47;media/images/a.png)\n", (), "/media/") is None
    assert render_apart("題", "あ" * (MAX_CHARS + 1), (), "/media/") is None


@pytest.mark.sqlite  # which process renders a body means nothing to a database
@pytest.mark.django_db
def test_processes_render_the_same(site, monkeypatch):
    site.write_image("/a.png")
    for number in range(3):
        site.write(f"2026-04-0{number + 1}-a.md", f"{BODY}\n{number}\n", title=f"題{number}、長い題の途中で折る")
    site.write("2026-04-04-b.md", "![図](/a.png)\n")
    monkeypatch.setattr(processes, "FEW", 1)
    report = site.run()
    assert report.failures() == []
    for post in Post.objects.all():
        stored = [getattr(post, name) for name in Post.RENDERED_FIELDS]
        post.render()
        assert stored == [getattr(post, name) for name in Post.RENDERED_FIELDS]
    assert 'width="' in article("2026-04-04-b.md").body_html
