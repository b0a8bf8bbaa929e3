"""Undoes a batch of fixes, and returns the texts that an article had before its fixes."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from blog.editing.blocking import goes_to_readers
from blog.editing.fields import CONTENT, STATE
from blog.editing.fixing.batches import save_texts
from blog.editing.revisions.snapshots import differences, snapshot_of
from blog.editing.saving import lock_for_update
from blog.models import BatchPost, FixBatch, Post, PostRevision
from blog.text.desk import DRAFT_TEXTS

Outcome = BatchPost.Outcome


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
    now = snapshot_of(post, post.tag_list, post.related_list)
    is_edited = differences(now, fix.snapshot, CONTENT) or not _is_text_of(fix, _texts(post))
    goes_out_since = goes_to_readers(post) and differences(now, fix.snapshot, STATE)
    if is_edited or goes_out_since or before is None or post.pending_revision_id:
        row.outcome = Outcome.KEPT
    else:
        texts = {name: text for name, text in before.items() if text != getattr(post, name)}
        if row.updated_at:
            post.updated_at = row.updated_at
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
