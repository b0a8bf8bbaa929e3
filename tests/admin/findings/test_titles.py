"""Shorter titles for articles whose title was lengthened, accepted a page at a time."""

import pytest
from django.test import Client
from django.urls import reverse

from blog.admin.findings import titles
from blog.editing.permissions import WRITER
from blog.editing.saving import save_post
from blog.models import FixBatch, HouseWord, Permalink, Post
from tests.editing.checking.fakes import TAIL
from tests.factories import make_post, make_user
from tests.jekyll.site import Site, article

# About which titles are proposed: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
URL = reverse("admin:blog_postfinding_titles")
HEADLINE = "電力は人工知能に足りるのか"
LONG = f"2024年{HEADLINE}？{TAIL}"


@pytest.fixture(autouse=True)
def tail():
    HouseWord.objects.create(kind=HouseWord.Kind.TAIL, word=TAIL)


def shown(response):
    return {suggestion.post.title: suggestion.title for suggestion in response.context["suggestions"]}


def token(post):
    return f"{post.pk}-{post.version}"


def accept(client, *posts, title=f"{HEADLINE}？", **more):
    sent = {"post": [token(post) for post in posts], **{f"title-{post.pk}": title for post in posts}}
    return client.post(URL, sent, **more)


def title(post):
    return Post.objects.get(pk=post.pk).title


def test_old_and_new_title_stand_side_by_side(desk):
    make_post(LONG, body=f"{HEADLINE}？\n\n本文です。\n")
    make_post(f"別の話{TAIL}", body="関わりのない段落です。\n")
    response = desk.get(URL)
    assert shown(response) == {LONG: f"{HEADLINE}？"}
    assert "提案できるのは1本" in response.content.decode()


def test_accepted_titles_are_a_batch_and_addresses_stay(desk):
    posts = [make_post(LONG, body=f"{HEADLINE}？\n\n本文です。{number}\n") for number in range(3)]
    paths = [post.path for post in posts]
    accept(desk, *posts[:2])
    assert [title(post) for post in posts] == [f"{HEADLINE}？", f"{HEADLINE}？", LONG]
    assert [Post.objects.get(pk=post.pk).path for post in posts] == paths
    assert Permalink.objects.count() == 3
    batch = FixBatch.objects.get()
    desk.post(reverse("admin:blog_postfinding_undo", args=[batch.pk]))
    assert [title(post) for post in posts] == [LONG] * 3


@pytest.mark.postgresql
def test_title_that_other_files_link_by_is_proposed(desk, tmp_path):
    site = Site(tmp_path / "old")
    site.write("2026-04-01-one.md", "関わりのない段落です。\n", title=f"{HEADLINE}？{TAIL}")
    link = {"slug": "2026-04-01-one", "title": f"{HEADLINE}？", "reason": "理由"}
    site.write("2026-04-02-two.md", title="もう一つの記事", related_articles=[link])
    site.run()
    save_post(article("2026-04-01-one.md"))
    assert shown(desk.get(URL)) == {f"{HEADLINE}？{TAIL}": f"{HEADLINE}？"}


@pytest.mark.postgresql
def test_article_that_was_edited_meanwhile_keeps_its_title(desk):
    post = make_post(LONG, body=f"{HEADLINE}？\n\n本文です。\n")
    sent = {"post": [token(post)], f"title-{post.pk}": f"{HEADLINE}？"}
    save_post(post)
    response = desk.post(URL, sent, follow=True)
    assert "確認のあとに編集された" in response.content.decode()
    assert title(post) == LONG


def test_only_the_title_that_the_editor_saw_is_put(desk):
    one, two = (make_post(LONG, body=f"{HEADLINE}？\n\n本文です。{number}\n") for number in range(2))
    response = accept(desk, one, title="見ていない題名", follow=True)
    assert "1本は、画面を開いたあとに提案がなくなったか変わったので" in response.content.decode()
    assert not FixBatch.objects.exists()
    sent = {"post": [token(one), token(two)], f"title-{two.pk}": f"{HEADLINE}？"}
    assert "提案がなくなったか変わったので" in desk.post(URL, sent, follow=True).content.decode()
    assert (title(one), title(two)) == (LONG, f"{HEADLINE}？")


def test_titles_that_a_colleague_has_accepted_already_are_said(desk):
    one, two = (make_post(LONG, body=f"{HEADLINE}？\n\n本文です。{number}\n") for number in range(2))
    accept(desk, one)
    told = accept(desk, one, follow=True).content.decode()
    assert "1本は、画面を開いたあとに提案がなくなったか" in told
    assert "選ばれていません" not in told
    assert "1本は、" in accept(desk, one, two, follow=True).content.decode()
    assert (title(one), title(two)) == (f"{HEADLINE}？", f"{HEADLINE}？")


@pytest.mark.parametrize("tokens", [[], ["x"], ["1-\x00"], ["9" * 300]])
def test_choosing_nothing_is_said(desk, tokens):
    make_post(LONG, body=f"{HEADLINE}？\n\n本文です。\n")
    assert "選ばれていません" in desk.post(URL, {"post": tokens}, follow=True).content.decode()
    assert not FixBatch.objects.exists()


def test_page_without_findings_says_so(desk):
    make_post()
    assert "指摘されたタイトルはありません" in desk.get(URL).content.decode()


def test_title_is_text(desk):
    make_post(f"<b>{HEADLINE}？{TAIL}", body=f"<b>{HEADLINE}？\n\n本文です。\n")
    assert "<b>電力" not in desk.get(URL).content.decode()


@pytest.mark.postgresql
def test_cost_does_not_grow_and_no_body_is_loaded_whole(desk, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(titles, "PER_PAGE", 5)
    for number in range(12):
        make_post(LONG, body=f"{HEADLINE}？\n\n本文です。{number}\n")
    with django_assert_max_num_queries(14) as queries:
        assert len(shown_list := desk.get(URL, {"p": "2"}).context["suggestions"]) == 5
    assert [suggestion.post.pk for suggestion in shown_list] == sorted(
        (suggestion.post.pk for suggestion in shown_list), reverse=True
    )
    assert not any('"blog_post"."body",' in query["sql"] for query in queries if "SUBSTR" not in query["sql"])


@pytest.mark.parametrize("who", ["anonymous", "staff", "writer"])
def test_only_who_may_change_every_article_sees_or_accepts(who):
    post, client = make_post(LONG, body=f"{HEADLINE}？\n\n本文です。\n"), Client()
    if who != "anonymous":
        client.force_login(make_user(who, role=WRITER if who == "writer" else None))
    answers = [client.get(URL), client.post(URL, {"post": [token(post)]})]
    assert {answer.status_code for answer in answers} == {302 if who == "anonymous" else 403}
    assert title(post) == LONG
