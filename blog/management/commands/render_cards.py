"""Draw the social cards that are missing or out of date."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.pictures.cards import render_cards


class Command(BaseCommand):
    help = "Draws the social cards that articles need and lack, and deletes those that are not needed any more."

    def handle(self, **options: Any) -> None:
        self.drawn = 0
        try:
            render_cards(drawn=self.count)
        except OSError as error:
            raise CommandError(f"stopped after {self.drawn:,} cards, which are done: {error}") from error
        self.stdout.write(f"{self.drawn:,} cards drawn or deleted.")

    def count(self) -> None:
        self.drawn += 1
        if self.drawn % 100 == 0:
            self.stdout.write(f"{self.drawn:,} ...")
