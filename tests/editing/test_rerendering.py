"""Rendering stored HTML again."""

import io
from unittest import mock

import pytest
from django.core.management import call_command

from blog.editing.rerendering import render_stored
from blog.editing.saving import save_post
from blog.models import Page, Post
from blog.models.post import rendering
from blog.pictures.renditions import make_renditions
from blog.pictures.uploads import store_image
from tests.factories import make_page, make_post
from tests.views.test_media import picture

pytestmark = pytest.mark.django_db


def state(item):
    """The row without its rendered fields."""
    row = type(item).objects.filter(pk=item.pk).values().get()
    return {name: value for name, value in row.items() if name not in item.RENDERED_FIELDS}


def run():
    out = io.StringIO()
    call_command("render_posts", stdout=out)
    return out.getvalue()


def test_only_what_comes_out_different_is_written():
    post, page = make_post(body="## 節\n\n本文。\n"), make_page(body="## 節\n")
    make_post()
    before = [state(post), state(page)]
    wanted = (post.body_html, post.toc, post.reading_minutes, page.body_html, page.toc)
    Post.objects.filter(pk=post.pk).update(body_html="<p>古い</p>", toc=[], reading_minutes=9)
    Page.objects.update(body_html="<p>古い</p>", toc=[])

    assert "1 articles and 1 pages" in run()
    post.refresh_from_db()
    page.refresh_from_db()
    assert (post.body_html, post.toc, post.reading_minutes, page.body_html, page.toc) == wanted
    assert [state(post), state(page)] == before
    assert "0 articles and 0 pages" in run()


def test_articles_take_up_the_renditions_of_their_pictures():
    image = store_image(picture(size=(900, 20)))
    post = make_post(body=f"![]({image.file.url})\n")
    assert "srcset" not in post.body_html
    make_renditions(image)
    run()
    post.refresh_from_db()
    assert f'srcset="{image.srcset}"' in post.body_html


def test_article_saved_meanwhile_keeps_the_html_of_its_new_text():
    post = make_post(body="前の本文。\n")
    Post.objects.update(body_html="<p>古い</p>")
    render = rendering.render_markdown

    def saving(source, **options):
        if source == "前の本文。\n" and not saved:
            saved.append(True)
            fresh = Post.objects.get(pk=post.pk)
            fresh.body = "後の本文。\n"
            save_post(fresh)
        return render(source, **options)

    saved = []
    with mock.patch("blog.models.post.rendering.render_markdown", saving):
        assert render_stored(Post.objects.all()) == 0
    post.refresh_from_db()
    assert post.body_html == "<p>後の本文。</p>\n"
