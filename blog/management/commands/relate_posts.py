"""Find related articles and threads anew."""

from typing import Any

from django.core.management.base import BaseCommand

from blog.models import Post
from blog.search.related import relate_all
from blog.search.threads import tidy_threads


class Command(BaseCommand):
    help = "Finds the closest articles and the threads of all published articles anew, as after an import."

    def handle(self, **options: Any) -> None:
        done = relate_all(Post.objects.listed(), progress=self.say)
        self.stdout.write(f"{done:,} articles related, {tidy_threads():,} empty threads deleted.")

    def say(self, done: int, total: int) -> None:
        if done % 1000 == 0:
            self.stdout.write(f"{done:,} ...")
