"""The roles at the desk: every role asks every surface about an own and another's article in every state."""

import itertools
import json
import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from blog.editing.permissions import ADMINISTRATOR, EDITOR, WRITER
from blog.models import Author, Post, Tag
from tests.admin.desk import WriterCase, save, url_of, values_at
from tests.factories import (
    make_author,
    make_category,
    make_draft,
    make_image,
    make_in_review,
    make_post,
    make_scheduled,
    make_unpublished,
    make_user,
)

LIST, AUTOCOMPLETE = reverse("admin:blog_post_changelist"), reverse("admin:autocomplete")
SEARCH = reverse("admin:search")
TAGS, SUGGESTIONS = reverse("admin:blog_tag_changelist"), reverse("desk:tag_suggestions")
TITLE, TEXT, TAG = "秘匿の表題", "秘匿の本文", "秘匿の主題"

STATES = {
    "draft": make_draft,
    "in review": make_in_review,
    "scheduled": make_scheduled,
    "published": make_post,
    "withdrawn": make_unpublished,
}
USERS = {
    "anonymous": lambda: None,
    "staff without a role": make_user,
    "writer": lambda: make_user(role=WRITER),
    "editor": lambda: make_user(role=EDITOR),
    "administrator": lambda: make_user(role=ADMINISTRATOR),
}

# What a user sees and does at each surface.
HIDDEN = {
    "list": 0,
    "search": 0,
    "completion": 0,
    "open": "",
    "history": 0,
    "pillar": 0,
    "save": 0,
    "propose": 0,
    "delete": 0,
    "bulk delete": 0,
}
TRACES = ("slug", "tag", "tag completion", "tag list", "tag page", "tag search")
HIDDEN |= dict.fromkeys(TRACES, 0)
LOOK = HIDDEN | dict.fromkeys(("list", "search", "completion", "history", "pillar", *TRACES), 1) | {"open": "look"}
EDIT = LOOK | {"open": "edit", "save": 1}
DELETE = EDIT | {"delete": 1, "bulk delete": 1}

WRITERS = {
    ("own", "draft"): DELETE,
    ("own", "in review"): LOOK,
    ("own", "scheduled"): LOOK,
    ("own", "published"): LOOK | {"open": "propose", "propose": 1},
    ("own", "withdrawn"): EDIT,
    ("other", "draft"): HIDDEN,
    ("other", "in review"): HIDDEN,
    ("other", "scheduled"): HIDDEN,
    ("other", "published"): LOOK | {"history": 0},  # it holds the pending version
    ("other", "withdrawn"): HIDDEN,
}
EDITORS = {"draft": DELETE, "in review": DELETE, "scheduled": DELETE, "published": EDIT, "withdrawn": EDIT}


def expected(who, whose, state):
    if who in ("anonymous", "staff without a role"):
        return HIDDEN
    return WRITERS[whose, state] if who == "writer" else EDITORS[state] | {"propose": int(state == "published")}


def asked_together(client):
    """The pages that tell of several articles, each asked once: by surface what it says."""
    answers = {
        "list": client.get(LIST),
        "search": client.get(SEARCH, {"q": TEXT}),
        "completion": client.get(
            AUTOCOMPLETE, {"app_label": "blog", "model_name": "post", "field_name": "pillar", "term": TITLE}
        ),
        "tag list": client.get(TAGS),
        "tag search": client.get(TAGS, {"q": TAG[:3]}),
        "tag completion": client.get(
            AUTOCOMPLETE, {"app_label": "blog", "model_name": "taggedpost", "field_name": "tag", "term": TAG[:3]}
        ),
    }
    told = {
        surface: answer.content.decode() if answer.status_code == 200 else "" for surface, answer in answers.items()
    }
    return told | {name: str(json.loads(told[name] or "[]")) for name in ("completion", "tag completion")}


def shown(client, url, post):
    response = client.get(url)
    return int(response.status_code == 200 and post.title in response.content.decode())


def opened(client, post):
    response, text = client.get(url_of(post)), post.body.strip()
    if response.status_code != 200:
        assert text not in response.content.decode()
        return ""
    assert text in response.content.decode()
    if re.search(b'name="_save(_live)?"', response.content):
        return "edit"
    return "propose" if b'name="_save_pending"' in response.content else "look"


def saves(client, post, fields):
    client.post(url_of(post), {**fields, "excerpt": "改めたリード文"})
    return int(Post.objects.get(pk=post.pk).excerpt == "改めたリード文")


def proposes(client, post, fields):
    """Whether a change can wait over the article. Readers never see it."""
    before = Post.objects.values("title", "excerpt", "status", "published_at").get(pk=post.pk)
    sent = {**fields, "category": post.category_id, "body": "次の本文", "_save_pending": "1"}
    client.post(url_of(post), sent)
    waiting = Post.objects.get(pk=post.pk).pending_revision
    assert waiting is None or Post.objects.filter(pk=post.pk, body=post.body, **before).exists()
    return int(waiting is not None and waiting.snapshot["body"] == "次の本文")


def chooses_as_pillar(client, mine, form, post):
    """Whether the user can choose the article as the pillar of their own, by its key."""
    response = client.post(url_of(mine), {**form, "pillar": post.pk})
    if response.status_code == 200:
        assert post.title not in response.content.decode()
    return int(Post.objects.get(pk=mine.pk).pillar_id == post.pk)


def takes_the_url_name(client, own, form, post):
    """Whether a new article cannot have the URL name of the article, which tells that there is one."""
    if not form:
        return 0
    name = f"himitsu-{letter_of(post)}"
    new = {"title": f"Himitsu {letter_of(post)}", "category": post.category_id, "author": own.pk}
    assert client.post(url_of(Post, "add"), {**form, **new}).status_code == 302
    made = Post.objects.latest("pk")
    assert made != post
    assert made.slug in (name, f"{name}-2")
    return int(made.slug == f"{name}-2")


def suggests(client, tag):
    suggested = client.get(SUGGESTIONS, {"q": tag})
    return int(suggested.status_code == 200 and suggested.json()["tags"] == [tag])


def deletes(client, post, bulk):
    if bulk:
        client.post(LIST, {"action": "delete_selected", "_selected_action": [post.pk], "post": "yes"})
    else:
        client.post(url_of(post, "delete"), {"post": "yes"})
    return int(not Post.objects.filter(pk=post.pk).exists())


# Whose article is in which state, by the letter that ends its title, its text and its tag.
CASES = dict(zip("abcdefghij", itertools.product(("own", "other"), STATES), strict=True))


def letter_of(post):
    return post.title.removeprefix(TITLE)


def repeated(*roles):
    """PostgreSQL repeats what these see, whose limits are conditions of queries."""
    for who in USERS:
        yield pytest.param(who, marks=() if who in roles else pytest.mark.sqlite)


@pytest.mark.django_db
@pytest.mark.parametrize("who", list(repeated("writer")))
def test_matrix(who):
    user, client, chief = USERS[who](), Client(), Client()
    chief.force_login(make_user("chief", is_superuser=True))
    if user:
        client.force_login(user)
    authors = {
        "own": make_author("署名", "own", user=user),
        "other": make_author("別の署名", "other", user=make_user("another")),
    }
    posts = {}
    for letter, (whose, state) in CASES.items():
        named = {"slug": f"himitsu-{letter}", "tags": [TAG + letter]}
        posts[whose, state] = STATES[state](TITLE + letter, body=f"{TEXT}{letter}。", author=authors[whose], **named)
    told = asked_together(client)
    mine = make_draft(author=authors["own"])
    own = (mine, values_at(client, url_of(mine)), values_at(client, url_of(Post, "add")))
    found = {case: surfaces(client, post, told) | changes(client, chief, own, post) for case, post in posts.items()}
    assert found == {case: expected(who, *case) for case in posts}


def surfaces(client, post, told):
    """What the user sees of the article."""
    tag = Tag.objects.get(name=TAG + letter_of(post))
    return {
        **{surface: int(post.title in told[surface]) for surface in ("list", "search", "completion")},
        **{surface: int(tag.name in told[surface]) for surface in ("tag list", "tag search", "tag completion")},
        "tag": suggests(client, tag.name),
        "tag page": int(client.get(url_of(tag)).status_code == 200),
        "open": opened(client, post),
        "history": shown(client, url_of(post, "history"), post),
    }


def changes(client, chief, own, post):
    """What the user can do about the article with an article of their own, its form and that of a new one."""
    (mine, mine_form, new_form), form = own, values_at(chief, url_of(post))
    return {
        "slug": undone(takes_the_url_name, client, mine.author, new_form, post),
        "pillar": undone(chooses_as_pillar, client, mine, mine_form, post),
        "save": undone(saves, client, post, form),
        "propose": undone(proposes, client, post, form),
        "delete": undone(deletes, client, post, bulk=False),
        "bulk delete": undone(deletes, client, post, bulk=True),
    }


def undone(attempt, *args, **options):
    """Whether the attempt succeeds; it is undone, so that the next one meets the same articles."""
    with transaction.atomic():
        succeeded = attempt(*args, **options)
        transaction.set_rollback(True)
    return succeeded


# --- surfaces without an article ---

EVERYBODY = {"writer", "editor", "administrator"}
EDITORIAL = {"editor", "administrator"}
PLACES = {
    "index": ("admin:index", {*EVERYBODY, "staff without a role"}),
    "search": ("admin:search", {*EVERYBODY, "staff without a role"}),
    "posts": ("admin:blog_post_changelist", EVERYBODY),
    "new post": ("admin:blog_post_add", EVERYBODY),
    "pictures": ("admin:blog_image_changelist", EVERYBODY),
    "new picture": ("admin:blog_image_add", EVERYBODY),
    "sections": ("admin:blog_category_changelist", EVERYBODY),
    "tags": ("admin:blog_tag_changelist", EVERYBODY),
    "new section": ("admin:blog_category_add", EDITORIAL),
    "new tag": ("admin:blog_tag_add", EDITORIAL),
    "groups of tags": ("admin:blog_taggroup_changelist", EDITORIAL),
    "new group of tags": ("admin:blog_taggroup_add", EDITORIAL),
    "tags to merge": ("admin:blog_tag_suggestions", EDITORIAL),
    "authors": ("admin:blog_author_changelist", EDITORIAL),
    "new author": ("admin:blog_author_add", EDITORIAL),
    "pages": ("admin:blog_page_changelist", EDITORIAL),
    "new page": ("admin:blog_page_add", EDITORIAL),
    "findings": ("admin:blog_postfinding_changelist", EDITORIAL),
    "batches": ("admin:blog_postfinding_batches", EDITORIAL),
    "words": ("admin:blog_houseword_changelist", EDITORIAL),
    "new word": ("admin:blog_houseword_add", EDITORIAL),
    "paths": ("admin:blog_permalink_changelist", EDITORIAL),
    "new redirect": ("admin:blog_permalink_add", EDITORIAL),
    "users": ("admin:auth_user_changelist", {"administrator"}),
    "new user": ("admin:auth_user_add", {"administrator"}),
    "groups": ("admin:auth_group_changelist", set()),
}


@pytest.mark.django_db
@pytest.mark.parametrize("who", list(repeated("writer")))
def test_places(who):
    user, client = USERS[who](), Client()
    if user:
        client.force_login(user)
        make_author(user=user)
    for place, (name, allowed) in PLACES.items():
        status = client.get(reverse(name)).status_code
        assert status == (200 if who in allowed else 403 if user else 302), place


PICTURE_PLACES = {
    "admin:blog_image_change": EVERYBODY,
    "admin:blog_image_replace": EDITORIAL,
    "desk:picture_use": EVERYBODY,
    "desk:picture_list": EVERYBODY,
    "desk:picture_add": EVERYBODY,
}


@pytest.mark.django_db
@pytest.mark.parametrize("who", USERS)
@pytest.mark.sqlite
def test_places_of_pictures(who):
    user, client, image = USERS[who](), Client(), make_image()
    if user:
        client.force_login(user)
    for place, allowed in PICTURE_PLACES.items():
        keys = [] if place in ("desk:picture_list", "desk:picture_add") else [image.pk]
        ask = client.post if place in ("desk:picture_use", "desk:picture_add") else client.get
        status = ask(reverse(place, args=keys)).status_code
        # Without a file or a text, who may is told what is missing.
        done = 400 if ask == client.post else 200
        denied = 302 if user is None and place.startswith("admin:") else 403
        assert status == (done if who in allowed else denied), place


# --- what a writer cannot choose ---


class AuthorTests(WriterCase):
    def test_writers_article_bears_the_writers_byline_whatever_is_sent(self):
        post = self.added(Post, title="新しい記事", category=make_category().pk, author=self.other.pk)
        assert post.author == self.author
        assert self.saved(post, author=self.other.pk).author == self.author

    @pytest.mark.sqlite
    def test_editor_gives_an_article_to_another_writer(self):
        self.client.force_login(self.editor)
        assert self.saved(make_draft(author=self.author), author=self.other.pk).author == self.other

    def test_writer_without_a_byline_is_told_whom_to_ask(self):
        Author.objects.update(user=None)
        for method in (self.client.get, self.client.post):
            response = method(url_of(Post, "add"), follow=True)
            self.assertContains(response, "署名がありません")
            assert response.redirect_chain
        assert not Post.objects.exists()

    def test_editor_needs_no_byline(self):
        self.client.force_login(self.editor)
        assert self.client.get(url_of(Post, "add")).status_code == 200

    def test_only_an_administrator_links_an_account_to_an_author(self):
        unlinked = make_author("退職した人", "former")
        for role, linked in ((EDITOR, None), (ADMINISTRATOR, self.editor)):
            user = make_user(role, role=role)
            self.client.force_login(user)
            save(self.client, url_of(unlinked), user=self.editor.pk, bio="紹介")
            unlinked.refresh_from_db()
            assert (unlinked.user, unlinked.bio) == (linked, "紹介")


class HiddenPostTests(WriterCase):
    def test_choice_of_an_editor_among_posts_that_the_writer_does_not_see_stands(self):
        hidden = make_draft("伏せた記事", author=self.other)
        post = make_draft(author=self.author, pillar=hidden)
        post.related_rows.create(target=hidden, reason="理由")
        post = self.saved(post, title="改題")
        assert (post.title, post.pillar) == ("改題", hidden)
        assert post.related_rows.get().target == hidden

    def test_counts_of_lists_do_not_tell_of_hidden_posts(self):
        make_draft(author=self.other, tags=["市況"])
        make_post(author=self.other, tags=["市況"])
        response = self.client.get(reverse("admin:blog_tag_changelist"))
        assert [tag.post_count for tag in response.context["cl"].result_list] == [1]

    @pytest.mark.sqlite
    def test_post_that_is_hidden_and_one_that_is_not_there_look_the_same(self):
        hidden = make_draft(author=self.other)
        answers = []
        for pk in (hidden.pk, 999_999):
            response = self.client.get(reverse("admin:blog_post_change", args=[pk]), follow=True)
            words = [str(message).replace(str(pk), "") for message in response.context["messages"]]
            answers.append((response.redirect_chain, words))
        assert answers[0] == answers[1]
