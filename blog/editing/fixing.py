"""Safe fixes of many articles in one batch, which can be taken back as one.

Each article is a transaction of its own: the fix, its revision and the note in the batch. A batch that was interrupted
at any point goes on with the next article.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone

from blog.editing import history
from blog.editing.blocking import goes_to_readers
from blog.editing.checking import check_post
from blog.editing.facts import draft_of
from blog.editing.fields import CONTENT, STATE
from blog.editing.saving import lock_for_update, save_post
from blog.editing.snapshots import differences, stored_snapshot
from blog.models import Autosave, BatchPost, Category, FixBatch, Post, PostFinding, PostRevision
from blog.models.findings import FindingQuerySet
from blog.models.history import display_name
from blog.models.post.queryset import PostQuerySet
from blog.text.desk import DRAFT_TEXTS, apply

Outcome = BatchPost.Outcome
MAX_ROUNDS = 5
BEING_EDITED = timedelta(hours=1)  # since the last autosave of somebody who may come back


def fixable(codes: Collection[str], *, section: int | None = None, month: int | None = None) -> FindingQuerySet:
    """The stored findings of these kinds that have a safe fix."""
    return PostFinding.objects.within(section=section, month=month).filter(code__in=codes, is_fixable=True)


def fixed_texts(post: Post, codes: Collection[str]) -> dict[str, str]:
    """The fields of the post that safe fixes of these kinds change, with their new texts. The texts of the
    post stay as they are.

    A fix can bring to light another mistake of the same kind, which is fixed too.
    """
    fixing = copy(post)
    for _ in range(MAX_ROUNDS):
        edits = [edit for finding in check_post(fixing) if finding.code in codes for edit in finding.fix]
        if not edits:
            break
        draft = apply(draft_of(fixing), edits)
        for name in DRAFT_TEXTS:
            setattr(fixing, name, getattr(draft, name))
    return {name: getattr(fixing, name) for name in DRAFT_TEXTS if getattr(fixing, name) != getattr(post, name)}


def begin_batch(
    codes: Iterable[str], *, by: User | None, section: int | None = None, month: int | None = None
) -> FixBatch:
    """A new batch for findings of these kinds. Nothing is fixed yet."""
    name = display_name(by)[:310]
    return FixBatch.objects.create(codes=sorted(codes), section_id=section, month=month, by=by, by_name=name)


def waiting_posts(batch: FixBatch) -> PostQuerySet:
    """The articles that the batch has not looked at yet, in the order in which it does."""
    found = fixable(batch.codes, section=batch.section_id, month=batch.month)
    return Post.objects.filter(pk__in=found.values("post"), pk__gt=batch.last_post).order_by("pk")


def continue_batch(batch: FixBatch, *, most: int | None = None) -> Iterator[BatchPost]:
    """Fixes the next articles of the batch, at most `most`, and yields the outcome of each. Ends it after the last."""
    keys = list(waiting_posts(batch).values_list("pk", flat=True)[: most and most + 1])
    for pk in keys[:most]:
        if done := fix_one(batch, pk):
            yield done
    if most is None or len(keys) <= most:
        finish(batch)


def fix_chosen(batch: FixBatch, chosen: Mapping[int, int]) -> list[BatchPost]:
    """Fixes the chosen articles and no others. `chosen` maps their keys to the edit numbers that the editor saw."""
    finish(batch)  # before the first: if it is interrupted, going on would fix articles that nobody chose
    done = [fix_one(batch, pk, version) for pk, version in sorted(chosen.items())]
    return list(filter(None, done))


def finish(batch: FixBatch) -> None:
    batch.finished_at = timezone.now()
    batch.save(update_fields=["finished_at"])


@receiver(pre_delete, sender=Category)
def finish_batches(instance: Category, **kwargs: Any) -> None:
    """Ends the batches of a section that is deleted, which would go on with the articles of all sections."""
    FixBatch.objects.filter(section=instance, finished_at=None).update(finished_at=timezone.now())


@transaction.atomic
def fix_one(
    batch: FixBatch, pk: int, version: int | None = None, texts: Mapping[str, str] | None = None
) -> BatchPost | None:
    """Fixes one article and notes the outcome in the batch. Returns None if the article is gone, or was done by another
    request.

    With a `version`, an article that has another edit number by now is left alone. `texts` are the new texts; without
    them the safe fixes of the desk check make them.
    """
    # Two requests may go on with one batch, or another may take it back.
    if FixBatch.objects.select_for_update().get(pk=batch.pk).undone_at or batch.posts.filter(post=pk).exists():
        return None
    try:
        if not Post.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=pk).exists():
            return note_outcome(batch, pk, Outcome.LOCKED) if Post.objects.filter(pk=pk).exists() else None
        post = lock_for_update(pk)
    except Post.DoesNotExist:
        return None
    if refusal := _refusal(post, version):
        return note_outcome(batch, pk, refusal)
    texts = fixed_texts(post, batch.codes) if texts is None else texts
    if not texts:
        return note_outcome(batch, pk, Outcome.UNCHANGED)
    try:
        with transaction.atomic():
            revision = save_texts(post, texts, kind=PostRevision.Kind.FIXED, by=batch.by)
    except ValidationError:
        return note_outcome(batch, pk, Outcome.REFUSED)
    return note_outcome(batch, pk, Outcome.FIXED, revision=revision)


def _refusal(post: Post, version: int | None) -> Outcome | None:
    if version is not None and post.version != version:
        return Outcome.STALE
    if post.pending_revision_id:
        return Outcome.PENDING
    if Autosave.objects.unsaved().filter(post=post, saved_at__gt=timezone.now() - BEING_EDITED).exists():
        return Outcome.LOCKED
    return None


def save_texts(
    post: Post,
    texts: Mapping[str, str],
    *,
    kind: PostRevision.Kind,
    by: User | None,
    source: PostRevision | None = None,
) -> PostRevision:
    """Saves the post, which the caller has locked, with these texts. Returns the new revision.

    The revision before it has every byte of what they replace, line ends included, which a save that changes nothing
    else would not have stored.
    """
    line = history.begin(post)
    if any(line.newest.snapshot.get(name) != getattr(post, name) for name in texts):
        snapshot = stored_snapshot(post)
        history.add(post, PostRevision.Kind.SAVED, snapshot, before=line.newest, last=line.last)
    for name, text in texts.items():
        setattr(post, name, text)
    post.clean_fields(exclude={field.name for field in post._meta.fields} - texts.keys())
    save_post(post, by=by, kind=kind, source=source)
    return post.revisions.in_line().defer("snapshot")[0]


def note_outcome(batch: FixBatch, pk: int, outcome: Outcome, **values: object) -> BatchPost:
    return BatchPost.objects.create(batch=batch, post_id=pk, outcome=outcome, **values)


# --- taking back ---


def undo_batch(batch: FixBatch, *, by: User | None, most: int | None = None) -> Iterator[BatchPost]:
    """Undoes the fixes of the batch in at most `most` articles, and yields the outcome of each.

    An article that was edited since keeps its content. So does one that was scheduled or published since: its old
    mistakes would go to readers without a check. An undone batch fixes no further articles. A second call undoes what
    is left.
    """
    FixBatch.objects.filter(pk=batch.pk, undone_at=None).update(undone_at=timezone.now())
    batch.refresh_from_db(fields=["undone_at"])
    for pk in list(batch.posts.filter(outcome=Outcome.FIXED).order_by("-post_id").values_list("pk", flat=True)[:most]):
        if done := _undo(pk, by):
            yield done


@transaction.atomic
def _undo(pk: int, by: User | None) -> BatchPost | None:
    """Returns None for an article that is gone."""
    try:
        row = BatchPost.objects.select_related("revision", "batch").get(pk=pk)
        post = lock_for_update(row.post_id)
    except (BatchPost.DoesNotExist, Post.DoesNotExist):
        return None
    row.refresh_from_db(fields=["outcome"])  # another request may have waited for the lock with the same row
    if row.outcome != Outcome.FIXED:
        return row
    fix = fix_of(row)
    before = _before(fix)
    now = stored_snapshot(post)
    is_edited = differences(now, fix.snapshot, CONTENT) or not _is_text_of(fix, _texts(post))
    goes_out_since = goes_to_readers(post) and differences(now, fix.snapshot, STATE)
    if is_edited or goes_out_since or before is None or post.pending_revision_id:
        row.outcome = Outcome.KEPT
    else:
        texts = {name: text for name, text in before.items() if text != getattr(post, name)}
        try:
            with transaction.atomic():
                save_texts(post, texts, kind=PostRevision.Kind.UNFIXED, by=by, source=fix)
            row.outcome = Outcome.UNDONE
        except ValidationError:
            row.outcome = Outcome.KEPT
    row.save(update_fields=["outcome"])
    return row


def before_fixes(post: Post) -> dict[str, str]:
    """The texts that the post had before the batch fixes that nobody has edited since.

    For an import, these texts tell whether the desk edited the article, and an export can write them instead.
    """
    texts = _texts(post)
    for row in post.fixes.filter(outcome=Outcome.FIXED).select_related("revision").order_by("-pk"):
        before = _before(fix_of(row))
        if before is None or not _is_text_of(fix_of(row), texts):
            break
        texts = before
    return texts


def fix_of(row: BatchPost) -> PostRevision:
    """The revision of a fix; the row of an article that was left alone has none."""
    assert row.revision is not None  # noqa: S101  for mypy
    return row.revision


def _texts(post: Post) -> dict[str, str]:
    return {name: getattr(post, name) for name in DRAFT_TEXTS}


def _is_text_of(revision: PostRevision, texts: dict[str, str]) -> bool:
    return all(revision.snapshot.get(name) == text for name, text in texts.items())


def _before(revision: PostRevision) -> dict[str, str] | None:
    """The texts of the revision that this one changed."""
    changed = revision.post.revisions.in_line().filter(number__lt=revision.number).first()
    return {name: changed.snapshot[name] for name in DRAFT_TEXTS} if changed else None
