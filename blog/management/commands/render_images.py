"""Make the renditions of pictures that have none."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.models import Image
from blog.pictures.renditions import render_images


class Command(BaseCommand):
    help = "Makes the smaller WebP copies that pictures lack, and names the files that are damaged or gone."

    def handle(self, **options: Any) -> None:
        self.made = 0
        self.broken: list[str] = []
        render_images(made=self.count, broken=self.note)
        self.stdout.write(f"{self.made:,} pictures rendered.")
        if self.made:
            self.stdout.write("Articles that show them take them up with: render_posts")
        if self.broken:
            raise CommandError("\n".join([f"{len(self.broken):,} pictures are broken:", *self.broken]))

    def count(self, image: Image) -> None:
        self.made += 1
        if self.made % 100 == 0:
            self.stdout.write(f"{self.made:,} ...")

    def note(self, image: Image, reason: str) -> None:
        self.broken.append(f"{image.pk} {image.file.name} ({image.original_name}): {reason}")
