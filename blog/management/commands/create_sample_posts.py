"""Fill the site with sample articles for load tests."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.sample_posts import ImproperSample, create_sample_posts


class Command(BaseCommand):
    help = "Adds public Japanese sample articles for load tests; the same seed makes the same ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, required=True, help="how many")
        parser.add_argument("--chars", type=int, default=1_500, help="characters of Markdown in each (default 1500)")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other articles (default 1)")

    def handle(self, *args: Any, count: int, chars: int, seed: int, **options: Any) -> None:
        started = time.monotonic()
        try:
            create_sample_posts(count, chars=chars, seed=seed, progress=self.report)
        except ImproperSample as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - started
        self.stdout.write(self.style.SUCCESS(f"{count:,} posts in {seconds:.1f} s, {count / seconds:,.0f} a second."))

    def report(self, done: int) -> None:
        if done % 100_000 == 0:
            self.stdout.write(f"{done:,} ...")
