"""The findings of all articles, made again by `audit_posts`."""

import json

import pytest
from django.core.management import call_command

from blog.editing import checking
from blog.editing.checking import audit_posts
from blog.editing.saving import save_post
from blog.models import Passage, Post, PostFinding, PostRevision
from tests.editing.checking import fakes
from tests.editing.checking.fakes import NOISE
from tests.editing.checking.test_storing import FIRST, stored
from tests.factories import make_draft, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fake_checks(monkeypatch):
    monkeypatch.setattr("blog.editing.checking.check", fakes.check)


def forget():
    PostFinding.objects.all().delete()
    Passage.objects.all().delete()


def test_audit_finds_what_the_saves_found():
    posts = [make_post(f"題名{number}", body=f"{NOISE * number}本文です。\n") for number in range(3)]
    saved = [stored(post) for post in posts]
    forget()
    assert audit_posts() == 3
    assert [stored(post) for post in posts] == saved


def test_audit_changes_no_article_and_writes_only_what_differs(django_assert_max_num_queries):
    make_post(body=f"{NOISE}{FIRST}\n")
    before = Post.objects.values().get()
    with django_assert_max_num_queries(14):
        audit_posts()
    assert Post.objects.values().get() == before


def test_article_that_is_saved_meanwhile_keeps_the_findings_of_that_save(monkeypatch):
    post = make_post(body=f"{NOISE}\n")

    def slow(posts, **options):
        found = read(posts, **options)
        changed = Post.objects.get(pk=post.pk)
        changed.body = f"\n\n{NOISE}\n"
        monkeypatch.setattr(checking, "check_together", read)
        save_post(changed)
        return found

    read = checking.check_together
    monkeypatch.setattr(checking, "check_together", slow)
    audit_posts()
    assert stored(post) == [("marker", 3, NOISE, True)]


def test_article_that_is_saved_between_the_two_readings_is_read_again(monkeypatch):
    """What the first found in its old text says nothing about the new one."""
    monkeypatch.setattr(checking, "AT_ONCE", 1)
    posts = [make_post(f"題名{number}", body=f"{FIRST if number == 0 else '本文です。'}\n") for number in range(6)]
    Post.objects.update(is_checked=False)

    def save_last(done, total):
        last = Post.objects.get(pk=posts[-1].pk)
        if last.body != f"{FIRST}\n":
            last.body = f"{FIRST}\n"
            save_post(last)

    audit_posts(progress=save_last)
    assert len(stored(posts[-1])) == 1


def test_articles_of_an_import_are_checked_when_all_are_there():
    post = save_post(make_post(body="本文です。\n"))
    post.body = NOISE
    save_post(post, kind=PostRevision.Kind.IMPORTED)
    assert stored(post) == []
    assert list(Post.objects.unchecked()) == [post]
    audit_posts(Post.objects.unchecked())
    assert stored(post)
    assert not Post.objects.unchecked().exists()


# --- the command ---


def run(capsys, *args):
    call_command("audit_posts", *args)
    return capsys.readouterr().out


def test_json_holds_every_article_in_the_form_of_the_interface(capsys):
    make_post(body="本文です。\n")
    post = make_post(body=f"一行。\n{NOISE}私が\n")
    make_draft(body="本文です。\n")
    found = json.loads(run(capsys, "--format", "json"))
    assert [len(item["findings"]) for item in found] == [0, 2, 0]
    assert found[1] == {
        "file": None,
        "path": post.path,
        "findings": [
            {"code": "marker", "severity": "error", "line": 2, "excerpt": NOISE, "fixable": True},
            {"code": "foreign", "severity": "warning", "line": 1, "excerpt": "私が", "fixable": False},
        ],
    }
    assert found[2]["path"] == ""


def test_table_counts_findings_and_articles(capsys):
    make_post(body=f"{NOISE}{NOISE}\n")
    make_post(body=f"{NOISE}私が\n")
    lines = [line.split() for line in run(capsys).splitlines()]
    assert ["marker", "3", "2", "error"] in lines
    assert ["foreign", "1", "1", "warning"] in lines
    assert lines[-1] == ["2", "articles", "checked."]
