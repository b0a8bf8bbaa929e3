"""Safe fixes of many articles in one batch, and taking them back."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from blog.editing import fixing
from blog.editing.fixing import begin_batch, continue_batch, fix_chosen, fix_one, fixed_texts, undo_batch
from blog.editing.pending import save_pending
from blog.editing.saving import save_post
from blog.models import Autosave, BatchPost, FixBatch, Post, PostFinding, PostRevision
from blog.text.desk import Edit, Finding
from tests.editing.checking.fakes import NOISE, SIGH
from tests.factories import PUBLISHED_AT, make_category, make_draft, make_post, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
Outcome = BatchPost.Outcome
LONG = "あ" * 3_000


def batch_of(*codes, **about):
    batch = begin_batch(codes or ("marker",), by=about.pop("by", None), **about)
    return batch, [(row.post_id, row.outcome) for row in continue_batch(batch)]


def undone(batch, **about):
    return [(row.post_id, row.outcome) for row in undo_batch(batch, by=None, **about)]


def body(post):
    return Post.objects.get(pk=post.pk).body


def row_of(post):
    return Post.objects.values().get(pk=post.pk)


# --- fixing ---


def test_only_findings_of_the_chosen_kinds_are_fixed_and_the_rest_stays_to_the_byte():
    post = make_post(body=f"\n 一行。\r\n{NOISE}{SIGH}私が\t。 \r\n\r\n")
    other = make_post(body=f"{SIGH}\n")
    _, done = batch_of("marker")
    assert done == [(post.pk, Outcome.FIXED)]
    assert body(post) == f"\n 一行。\r\n{SIGH}私が\t。 \r\n\r\n"
    assert body(other) == f"{SIGH}\n"
    assert [row.code for row in PostFinding.objects.filter(post=post)] == ["bold", "foreign"]


def test_fix_is_a_revision_of_the_batch_and_the_reading_time_follows():
    post, editor = make_post(body=f"本文。\n\n{LONG * 2}{NOISE}\n"), make_user()
    Post.objects.filter(pk=post.pk).update(reading_minutes=99)
    batch, _ = batch_of(by=editor)
    revision = post.revisions.first()
    assert (revision.kind, revision.user, batch.posts.get().revision) == (PostRevision.Kind.FIXED, editor, revision)
    assert (batch.by_name, batch.codes) == ("editor", ["marker"])
    assert Post.objects.get(pk=post.pk).reading_minutes == 12


def test_mistake_that_a_fix_brings_to_light_is_fixed_too():
    half, rest = NOISE[:2], NOISE[2:]
    post = make_post(body=f"{half}{NOISE}{rest}本文。\n")
    batch_of()
    assert body(post) == "本文。\n"


def test_fix_does_not_date_the_article():
    """Sitemaps and feeds would send machines to read it again."""
    post = make_post(body=f"{NOISE}本文。\n")
    batch, _ = batch_of()
    assert body(post) == "本文。\n"
    assert Post.objects.get(pk=post.pk).updated_at == PUBLISHED_AT
    list(undo_batch(batch, by=None))
    assert Post.objects.get(pk=post.pk).updated_at == PUBLISHED_AT


def test_fix_that_never_ends_is_ended(monkeypatch):
    found = [Finding("marker", 1, "", "", (Edit("body", 0, 0, "あ"),))]
    monkeypatch.setattr("blog.editing.checking.check", lambda draft, world: found)
    assert fixed_texts(make_post(body="。"), ["marker"]) == {"body": "あ" * fixing.MAX_ROUNDS + "。"}


def test_article_with_a_pending_version_is_left_alone():
    post, editor = make_post(body=NOISE), make_user(permissions=("change_post", "publish_post"))
    changed = Post.objects.get(pk=post.pk)
    changed.body = "別の本文です。"
    save_pending(changed, by=editor, tags=[], related=[], expected_version=post.version)
    assert batch_of()[1] == [(post.pk, Outcome.PENDING)]
    assert body(post) == NOISE


@pytest.mark.parametrize(("age", "outcome"), [(timedelta(minutes=5), "locked"), (timedelta(hours=2), "fixed")])
def test_article_that_somebody_types_in_is_left_alone(age, outcome):
    post, now = make_post(body=NOISE), timezone.now()
    Autosave.objects.create(editor=make_user(), post=post, key="0" * 32, fields_json="[]", saved_at=now - age)
    assert batch_of()[1] == [(post.pk, outcome)]


def test_chosen_articles_whose_batch_was_killed_draw_no_others_in(monkeypatch):
    chosen, other = make_post(body=NOISE), make_post(body=NOISE)
    batch = begin_batch(["marker"], by=None)

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(fixing, "fix_one", killed)
    with pytest.raises(KeyboardInterrupt):
        fix_chosen(batch, {chosen.pk: chosen.version})
    monkeypatch.undo()
    assert FixBatch.objects.get().finished_at
    assert body(other) == NOISE


@pytest.mark.postgresql
def test_fix_that_the_model_refuses_changes_nothing(monkeypatch):
    found = [Finding("marker", 0, "", "", (Edit("title", 0, 200),))]
    monkeypatch.setattr("blog.editing.checking.check", lambda draft, world: found)
    post = make_post("題名")
    assert batch_of()[1] == [(post.pk, Outcome.REFUSED)]
    assert Post.objects.get(pk=post.pk).title == "題名"


def test_deleted_article_is_passed_over():
    assert fix_one(begin_batch(["marker"], by=None), 999_999) is None


def test_stopped_batch_of_a_section_ends_with_the_section():
    section = make_category("企業", "companies")
    begun = [begin_batch(["marker"], by=None, section=section.pk), begin_batch(["marker"], by=None)]
    section.delete()
    of_section, of_all = (FixBatch.objects.get(pk=batch.pk) for batch in begun)
    assert of_section.finished_at
    assert not of_all.finished_at


# --- undoing ---


def test_undo_restores_every_byte_and_the_date_of_the_last_change():
    posts = [make_post(body=f"\r\n 一 {NOISE}\n\n\u3000二{NOISE} \n"), make_draft(body=f"{NOISE}\r\n")]
    before = [row_of(post) for post in posts]
    batch, _ = batch_of()
    assert [row_of(post) for post in posts] != before
    assert undone(batch) == [(post.pk, Outcome.UNDONE) for post in reversed(posts)]
    for old, post in zip(before, posts, strict=True):
        now = row_of(post)
        assert {name for name in now if now[name] != old[name]} == {"version", "saved_at"}
    assert PostFinding.objects.filter(post=posts[0], code="marker").count() == 2


def test_undo_restores_line_ends_that_no_revision_had():
    post = make_post(body=f"一行。\n{NOISE}\n")
    post.excerpt = "別のリード文です。"
    save_post(post, by=make_user())
    post.body = post.body.replace("\n", "\r\n")
    save_post(post)  # not a change, so it adds no revision
    batch, _ = batch_of()
    undone(batch)
    assert body(post) == f"一行。\r\n{NOISE}\r\n"


def test_article_with_a_pending_version_keeps_the_fix():
    post, editor = make_post(body=f"{NOISE}一"), make_user(permissions=("change_post", "publish_post"))
    batch, _ = batch_of()
    changed = Post.objects.get(pk=post.pk)
    changed.body = "別の本文です。"
    save_pending(changed, by=editor, tags=[], related=[], expected_version=changed.version)
    assert undone(batch) == [(post.pk, Outcome.KEPT)]


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(hours=1)])
def test_article_that_went_to_readers_since_keeps_the_fix(ahead, time_machine):
    draft, read = make_draft(body=f"{NOISE}一"), make_post(body=f"{NOISE}二")
    batch, _ = batch_of()
    draft.refresh_from_db()
    draft.publish(timezone.now() + ahead)
    save_post(draft)
    time_machine.move_to(timezone.now() + ahead)
    assert Post.objects.get(pk=draft.pk).is_public
    assert undone(batch) == [(read.pk, Outcome.UNDONE), (draft.pk, Outcome.KEPT)]
    assert (body(draft), body(read)) == ("一", f"{NOISE}二")


def test_two_batches_are_undone_one_after_the_other():
    post = make_post(body=f"{NOISE}{SIGH}一")
    first, _ = batch_of("marker")
    second, _ = batch_of("bold")
    assert body(post) == "一"
    undone(second)
    undone(first)
    assert body(post) == f"{NOISE}{SIGH}一"


# --- the command ---


def run(capsys, *args):
    call_command("fix_posts", *args)
    return capsys.readouterr().out


@pytest.mark.postgresql
def test_command_fixes_and_undoes_a_batch(capsys):
    post, other = make_post(body=f"{NOISE}一"), make_post(body=f"{SIGH}二")
    said = run(capsys, "--code", "marker")
    number = re.search(r"Batch (\d+): 1 articles fixed, 0 not", said)[1]
    assert (body(post), body(other)) == ("一", f"{SIGH}二")
    assert "1 articles are as before, 0 stay fixed" in run(capsys, "--undo", number)
    assert body(post) == f"{NOISE}一"


@pytest.mark.postgresql
def test_dry_run_says_what_would_change_and_writes_nothing(capsys):
    post = make_post(body=f"{NOISE}{SIGH}一")
    said = run(capsys, "--dry-run")
    assert f"{post.path}: body -{len(NOISE + SIGH)} characters" in said
    assert "1 articles would be fixed" in said
    assert body(post) == f"{NOISE}{SIGH}一"
    assert not FixBatch.objects.exists()


@pytest.mark.postgresql
@pytest.mark.parametrize("args", [("--undo", "7"), ("--undo", "1", "--dry-run"), ("--code", "nonsense")])
def test_command_refuses_in_words(args):
    with pytest.raises(CommandError):
        call_command("fix_posts", *args)
