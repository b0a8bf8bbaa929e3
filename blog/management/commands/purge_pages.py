"""Make every stored page stale, on all hosts."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from blog.delivery.generation import touch


class Command(BaseCommand):
    help = "Makes every stored page stale, so that the next request makes it anew: for repairs by hand in SQL."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            touch(withdraws=True)
        self.stdout.write("Every page will be made anew.")
