"""The batch fix at the desk: what it would change, what it did, and taking it back."""

import pytest
from django.test import Client
from django.urls import reverse

from blog.admin.findings import batches
from blog.editing.fixing import begin_batch, continue_batch, fix_one
from blog.editing.permissions import WRITER
from blog.editing.saving import save_post
from blog.models import BatchPost, FixBatch, Post
from tests.editing.checking.fakes import NOISE, SIGH
from tests.factories import make_category, make_post, make_user

pytestmark = pytest.mark.django_db
FIX = reverse("admin:blog_postfinding_fix")
LIST = reverse("admin:blog_postfinding_batches")
AUDIT = reverse("admin:blog_postfinding_changelist")


def url(batch, page="batch"):
    return reverse(f"admin:blog_postfinding_{page}", args=[batch.pk])


def body(post):
    return Post.objects.get(pk=post.pk).body


def shown(response):
    return [preview.post.title for preview in response.context["previews"]]


def token(post):
    return f"{post.pk}-{post.version}"


def fix_all(client, **more):
    return client.post(FIX, {"code": "marker", "all": "1", **more}, follow=True)


# --- the preview ---


def test_preview_shows_the_change_of_each_article_and_changes_none(desk):
    post = make_post("題名", body=f"前の文です。{NOISE}\n\n{SIGH}\n")
    make_post("直すところのない記事")
    response = desk.get(FIX, {"code": "marker"})
    assert shown(response) == ["題名"]
    assert f"<del>{NOISE}" in response.content.decode()
    assert token(post) in response.content.decode()
    assert body(post) == f"前の文です。{NOISE}\n\n{SIGH}\n"


def test_preview_keeps_to_section_and_month(desk):
    section = make_category("企業", "companies")
    make_post("一", body=NOISE)
    make_post("二", body=NOISE, category=section)
    about = {"code": "marker", "section": section.pk, "month": "202604"}
    preview = desk.get(FIX, about)
    assert shown(preview) == ["二"]
    for page in (preview, desk.post(FIX, {**about, "all": "1"}, follow=True)):
        assert "（セクション：企業）（公開した月：2026年4月）" in page.content.decode()


def test_preview_has_pages_and_flat_cost(desk, django_assert_max_num_queries):
    for number in range(23):
        make_post(f"題名{number}", body=f"{NOISE}{number}")
    with django_assert_max_num_queries(80):
        response = desk.get(FIX, {"code": ["marker", "bold"], "p": "2"})
    assert shown(response) == [f"題名{number}" for number in range(12, 2, -1)]
    assert "?code=bold&amp;code=marker&amp;p=3" in response.content.decode()
    assert "23本" in response.content.decode()


def test_nothing_to_fix_is_said(desk):
    make_post(body="私が")
    assert "直すところはありません" in desk.get(FIX, {"code": "foreign"}).content.decode()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "sent",
    [
        *({}, {"code": "nonsense"}, {"code": "marker", "section": "999"}, {"code": "marker", "month": "0"}),
        *({"code": "marker", "section": "\x00"}, {"code": "marker", "section": "9" * 400}, {"code": "\x00"}),
        {"code": "marker", "month": "9" * 4000},
    ],
)
def test_parameters_that_say_nothing_lead_back(desk, sent):
    make_post(body=NOISE)
    for method in (desk.get, desk.post):
        response = method(FIX, {**sent, "all": "1"}, follow=True)
        assert response.redirect_chain[0][0] == AUDIT
        assert "読み取れませんでした" in response.content.decode()
    assert not FixBatch.objects.exists()


def test_title_of_an_article_is_text(desk):
    make_post("<script>x</script>", body=NOISE)
    page = desk.get(FIX, {"code": "marker"}).content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


# --- fixing ---


@pytest.mark.sqlite
def test_chosen_articles_are_fixed_in_a_batch_that_is_named(desk):
    one, two = make_post("一", body=f"{NOISE}一"), make_post("二", body=f"{NOISE}二")
    response = desk.post(FIX, {"code": "marker", "chosen": "1", "post": [token(two)]}, follow=True)
    batch = FixBatch.objects.get()
    assert response.redirect_chain == [(url(batch), 302)]
    assert f"一括修正 第{batch.pk}号" in response.content.decode()
    assert (body(one), body(two)) == (f"{NOISE}一", "二")
    assert batch.by_name == "editor"


def test_article_that_somebody_edited_meanwhile_is_left_alone_and_told(desk):
    post = make_post("題名", body=f"{NOISE}一")
    looked_at = token(post)
    post.body = f"{NOISE}別の文です。"
    save_post(post)
    response = desk.post(FIX, {"code": "marker", "chosen": "1", "post": [looked_at]}, follow=True)
    assert "確認のあとに編集されたため、直していない" in response.content.decode()
    assert body(post) == f"{NOISE}別の文です。"


def test_choosing_nothing_is_said(desk):
    make_post(body=NOISE)
    for tokens in ([], ["x"], ["1-\x00"], ["9" * 300 + "-1"], ["１-１"]):
        response = desk.post(FIX, {"code": "marker", "chosen": "1", "post": tokens}, follow=True)
        assert "記事が選ばれていません" in response.content.decode()
    assert not FixBatch.objects.exists()


def test_all_are_fixed_in_parts_and_the_page_goes_on(desk, monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    posts = [make_post(body=f"{NOISE}{number}") for number in range(5)]
    response = fix_all(desk)
    batch = FixBatch.objects.get()
    assert response.redirect_chain == [(f"{url(batch)}?go=1", 302)]
    assert "残りは3本" in response.content.decode()
    assert "data-going-on" in response.content.decode()
    assert "data-going-on" not in desk.get(url(batch)).content.decode()
    response = desk.post(url(batch), follow=True)
    assert "残りは1本" in response.content.decode()
    response = desk.post(url(batch), follow=True)
    assert response.redirect_chain == [(url(batch), 302)]
    assert [body(post) for post in posts] == ["0", "1", "2", "3", "4"]
    assert "残り" not in response.content.decode()


def test_form_sent_twice_makes_one_batch(desk):
    make_post(body=NOISE)
    fix_all(desk)
    assert "もうありません" in fix_all(desk).content.decode()
    assert FixBatch.objects.count() == 1


def test_article_that_another_request_has_done_is_not_done_twice(desk):
    post = make_post(body=f"{NOISE}一")
    batch = begin_batch(["marker"], by=None)
    assert fix_one(batch, post.pk).outcome == BatchPost.Outcome.FIXED
    assert fix_one(batch, post.pk) is None


# --- the record, and taking back ---


def test_record_names_the_batches_newest_first(desk):
    assert "まだありません" in desk.get(LIST).content.decode()
    make_post(body=f"{NOISE}{SIGH}一")
    fix_all(desk)
    fix_all(desk, code="bold")
    page = desk.get(LIST)
    assert [(batch.names, batch.fixes) for batch in page.context["page"]] == [
        (["閉じていない太字"], 1),
        (["残った目印・生成文の残骸"], 1),
    ]


def test_batch_is_taken_back_after_a_question(desk):
    post = make_post(body=f"{NOISE}一")
    fix_all(desk)
    batch = FixBatch.objects.get()
    assert "1本の記事を、直す前の内容に戻します" in desk.get(url(batch, "undo")).content.decode()
    assert body(post) == "一"
    response = desk.post(url(batch, "undo"), follow=True)
    assert "元に戻した：1本" in response.content.decode()
    assert body(post) == f"{NOISE}一"
    assert "元に戻す修正がありません" in desk.post(url(batch, "undo"), follow=True).content.decode()


@pytest.mark.sqlite
def test_article_that_a_later_batch_fixed_too_is_told_before_the_older_is_taken_back(desk):
    one, two = make_post(body=f"{NOISE}{SIGH}一"), make_post(body=f"{NOISE}二")
    fix_all(desk)
    fix_all(desk, code="bold")
    later, older = FixBatch.objects.all()
    told = "このうち1本は、あとの一括修正でも直しています"
    assert told in desk.get(url(older, "undo")).content.decode()
    assert told not in desk.get(url(later, "undo")).content.decode()
    desk.post(url(later, "undo"))
    assert told not in desk.get(url(older, "undo")).content.decode()
    desk.post(url(older, "undo"))
    assert (body(one), body(two)) == (f"{NOISE}{SIGH}一", f"{NOISE}二")


def test_article_that_a_batch_fixed_after_a_stop_counts_as_fixed_later(desk):
    for text in "一二":
        make_post(body=f"{NOISE}{SIGH}{text}")
    stopped = begin_batch(["marker"], by=None)
    list(continue_batch(stopped, most=1))
    fix_all(desk, code="bold")
    list(continue_batch(stopped))
    between = FixBatch.objects.exclude(pk=stopped.pk).get()
    assert "このうち1本は" in desk.get(url(between, "undo")).content.decode()
    assert "このうち1本は" in desk.get(url(stopped, "undo")).content.decode()


@pytest.mark.sqlite
def test_article_that_was_edited_since_is_kept_and_told(desk):
    post = make_post("題名", body=f"{NOISE}一")
    fix_all(desk)
    edited = Post.objects.get(pk=post.pk)
    edited.body = "別の文です。"
    save_post(edited)
    response = desk.post(url(FixBatch.objects.get(), "undo"), follow=True)
    assert "修正のあとに編集・予約・公開されたため、戻していない：1本" in response.content.decode()
    assert body(post) == "別の文です。"


@pytest.mark.sqlite
def test_taking_back_goes_on_in_parts(desk, monkeypatch):
    posts = [make_post(body=f"{NOISE}{number}") for number in range(3)]
    fix_all(desk)
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    batch = FixBatch.objects.get()
    response = desk.post(url(batch, "undo"), follow=True)
    assert "残りは1本" in response.content.decode()
    desk.post(url(batch))
    assert all(NOISE in body(post) for post in posts)


def test_batch_that_is_taken_back_fixes_nothing_more(desk):
    one, two = make_post(body=f"{NOISE}一"), make_post(body=f"{NOISE}二")
    batch = begin_batch(["marker"], by=None)
    fix_one(batch, one.pk)
    desk.post(url(batch, "undo"))
    desk.post(url(batch))
    assert fix_one(batch, two.pk) is None
    assert (body(one), body(two)) == (f"{NOISE}一", f"{NOISE}二")


@pytest.mark.sqlite
def test_batch_of_many_articles_costs_the_same(desk, django_assert_max_num_queries):
    for number in range(30):
        make_post(body=f"{NOISE}{number}")
    fix_all(desk)
    with django_assert_max_num_queries(12):
        desk.get(url(FixBatch.objects.get()))


@pytest.mark.sqlite
@pytest.mark.parametrize("number", [999, 2**40])
def test_batch_that_there_is_not_is_not_found(desk, number):
    for page in ("batch", "undo"):
        assert desk.get(reverse(f"admin:blog_postfinding_{page}", args=[number])).status_code == 404


@pytest.mark.sqlite
@pytest.mark.parametrize("who", ["anonymous", "staff", "writer"])
def test_only_who_may_change_every_article_sees_or_does_anything(who):
    post = make_post(body=f"{NOISE}一")
    batch = begin_batch(["marker"], by=None)
    client = Client()
    if who != "anonymous":
        client.force_login(make_user(who, role=WRITER if who == "writer" else None))
    expected = 302 if who == "anonymous" else 403
    for address in (AUDIT, FIX, LIST, url(batch), url(batch, "undo")):
        sent = {"code": "marker", "all": "1", "post": token(post)}
        answers = [client.get(address, sent if address == FIX else {})]
        answers += [] if address in (AUDIT, LIST) else [client.post(address, sent)]
        assert {answer.status_code for answer in answers} == {expected}, address
    assert body(post) == f"{NOISE}一"
    assert FixBatch.objects.count() == 1
