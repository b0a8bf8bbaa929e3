"""Makes safe fixes in all articles: `fix_posts [--code X …] [--titles] [--dry-run]`, `fix_posts --undo BATCH`."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.editing.fixing import begin_batch, continue_batch, fixable, fixed_texts, undo_batch
from blog.editing.titles import TITLES, shorten_titles, suggested_titles
from blog.models import BatchPost, FixBatch, Post
from blog.text.desk import CODES

SHOWN = {outcome.value: outcome.name.lower() for outcome in BatchPost.Outcome}


class Command(BaseCommand):
    help = (
        "Makes the safe fixes of the desk check in all articles, as one batch that can be undone. If it is stopped, "
        "the next run fixes the rest, as a batch of its own. Run audit_posts before, if the checks have changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--code", action="append", choices=CODES, metavar="CODE", help="fix only this kind; may be given again"
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would be fixed")
        parser.add_argument(
            "--titles", action="store_true", help="take stock tails and false years off the titles, as one batch"
        )
        parser.add_argument("--undo", type=int, metavar="BATCH", help="take back the batch of this number")

    def handle(self, *, code: list[str] | None, dry_run: bool, titles: bool, undo: int | None, **options: Any) -> None:
        if undo is not None:
            if code or dry_run or titles:
                raise CommandError("--undo takes back a whole batch: it goes with no other option")
            self.undo(undo)
        elif titles and code:
            raise CommandError("--titles is a batch of its own: it does not go with --code")
        elif titles:
            self.shorten_titles(dry_run=dry_run)
        elif dry_run:
            self.rehearse(sorted(set(code or CODES)))
        else:
            self.fix(sorted(set(code or CODES)))

    def rehearse(self, codes: list[str]) -> None:
        posts = Post.objects.filter(pk__in=fixable(codes).values("post")).order_by("pk")
        number = 0
        for post in posts.defer("body_html", "toc").iterator(chunk_size=100):
            if changes := fixed_texts(post, codes):
                number += 1
                lengths = (f"{name} {len(text) - len(getattr(post, name)):+,}" for name, text in changes.items())
                self.stdout.write(f"{post.path or post.title}: {', '.join(lengths)} characters")
        self.stdout.write(f"{number:,} articles would be fixed. Nothing was written: this was a dry run.")

    def fix(self, codes: list[str]) -> None:
        if not fixable(codes).exists():
            self.stdout.write("There is nothing to fix.")
            return
        batch = begin_batch(codes, by=None)
        done = self.tell(continue_batch(batch))
        self.stdout.write(f"Batch {batch.pk}: {done['fixed']:,} articles fixed, {done.total() - done['fixed']:,} not.")
        self.stdout.write(f"Take it back with: fix_posts --undo {batch.pk}")

    def shorten_titles(self, *, dry_run: bool) -> None:
        changes = suggested_titles()
        for change in changes:
            said = f"left as it is ({change.refusal.value})" if change.refusal else change.suggestion
            self.stdout.write(f"{change.title}\n    → {said}")
        offered = [change for change in changes if not change.refusal]
        if dry_run or not offered:
            self.stdout.write(f"{len(offered):,} of {len(changes):,} titles have a better one. Nothing was written.")
            return
        batch = begin_batch([TITLES], by=None)
        done = self.tell(shorten_titles(batch, offered))
        self.stdout.write(f"Batch {batch.pk}: {done['fixed']:,} titles, {done.total() - done['fixed']:,} left.")
        self.stdout.write(f"Take it back with: fix_posts --undo {batch.pk}")

    def undo(self, number: int) -> None:
        batch = FixBatch.objects.filter(pk=number).first()
        if batch is None:
            raise CommandError(f"there is no batch {number}")
        done = self.tell(undo_batch(batch, by=None))
        self.stdout.write(f"Batch {batch.pk}: {done['undone']:,} articles are as before, {done['kept']:,} stay fixed.")

    def tell(self, rows: Iterable[BatchPost]) -> Counter[str]:
        """Names the articles that were left alone, and counts all."""
        done: Counter[str] = Counter()
        for row in rows:
            done[SHOWN[row.outcome]] += 1
            if row.outcome not in (BatchPost.Outcome.FIXED, BatchPost.Outcome.UNDONE):
                self.stdout.write(f"{row.post.path or row.post.title}: {SHOWN[row.outcome]}, left as it is")
            if done.total() % 100 == 0:
                self.stdout.write(f"{done.total():,} ...")
        return done
