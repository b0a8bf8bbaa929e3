"""The findings of an article are those of its stored text, whoever saved it."""

import pytest

from blog.editing.checking import check_post
from blog.editing.saving import save_post
from blog.models import Passage, PostFinding
from blog.text.desk import Finding
from tests.editing.checking.fakes import NOISE, SIGH
from tests.factories import make_category, make_post

pytestmark = pytest.mark.django_db
FIRST = "市場の見通しについて、編集部が各社に聞き取った内容をまとめると、回復は来年の後半になるという声が多かった。"
SECOND = "ただし、設備への投資をいつ再開するかは会社によって大きく違い、来年の春まで待つという答えも少なくなかった。"


def stored(post):
    rows = PostFinding.objects.filter(post=post).order_by("number")
    return [(row.code, row.line, row.excerpt, row.is_fixable) for row in rows]


def keys(post):
    return set(Passage.objects.filter(post=post).values_list("key", flat=True))


def test_save_stores_what_is_found():
    post = make_post(body=f"一行目。\n\n{NOISE}私が見た。\n")
    assert stored(post) == [("marker", 3, NOISE, True), ("foreign", 1, "私が", False)]
    row = PostFinding.objects.filter(post=post).first()
    assert (row.category, row.month, row.is_error) == (post.category, 202604, True)


def test_next_save_renews_them():
    post = make_post(body=f"{NOISE}{SIGH}私が。\n")
    for body in (f"{SIGH}私が。\n", "本文です。\n", f"\n{NOISE}\n"):
        post.body = body
        save_post(post)
        assert stored(post) == [
            (finding.code, finding.line, finding.excerpt, bool(finding.fix)) for finding in check_post(post)
        ]


def test_findings_follow_their_article_into_another_section():
    post = make_post(body=NOISE)
    post.category = make_category("企業", "companies")
    save_post(post)
    assert PostFinding.objects.get(post=post).category == post.category


def test_paragraph_is_found_where_another_article_has_it():
    make_post("一つ目", body=f"{FIRST}\n\n{SECOND}\n")
    assert [code for code, *_ in stored(make_post("二つ目", body=f"{SECOND}\n"))] == ["stands_elsewhere"]
    assert stored(make_post("三つ目", body="本文です。\n")) == []
    assert [code for code, *_ in stored(make_post("一つ目", body="本文です。\n"))] == ["title_used"]


def test_paragraphs_are_known_as_they_are_now():
    post = make_post("題名", body=f"{FIRST}\n\n{SECOND}\n")
    assert len(before := keys(post)) == 3
    for body, number in ((f"{SECOND}\n\n{FIRST}\n", 3), (f"{FIRST}\n\n{SECOND}また。\n", 3), ("", 1), (SECOND, 2)):
        post.body = body
        save_post(post)
        assert len(keys(post)) == Passage.objects.filter(post=post).count() == number
    assert keys(post) < before


def test_hostile_excerpt_is_stored(monkeypatch):
    found = [Finding("foreign", 1, "\0\ud800\n" + "字" * 5_000, "\0" + "説明" * 500)]
    monkeypatch.setattr("blog.editing.checking.check", lambda draft, world: found)
    [(code, line, excerpt, _)] = stored(make_post())
    assert (code, line, len(excerpt)) == ("foreign", 1, 200)
