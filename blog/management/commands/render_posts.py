"""Render the stored HTML of articles and pages again."""

from typing import Any

from django.core.management.base import BaseCommand

from blog.editing.rerendering import render_stored
from blog.models import Page, Post


class Command(BaseCommand):
    help = "Renders articles and static pages again and stores those whose HTML differs. Their dates stay."

    def handle(self, **options: Any) -> None:
        posts, pages = render_stored(Post.objects.all(), progress=self.show_progress), render_stored(Page.objects.all())
        self.stdout.write(f"{posts:,} articles and {pages:,} pages have new HTML.")

    def show_progress(self, done: int) -> None:
        if done % 10_000 == 0:
            self.stdout.write(f"{done:,} ...")
