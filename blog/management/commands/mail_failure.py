"""Tell administrators that a unit of systemd failed: `mail_failure UNIT`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.core.management.base import BaseCommand

TEXT = """\
{unit} が失敗しました（{site}）。

原因は、サーバーで次のように打つと見られます。

    journalctl --unit {unit} --lines 50
"""


class Command(BaseCommand):
    help = "Mails every active superuser who has an address. `OnFailure=` of the timers runs it."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("unit")

    def handle(self, *, unit: str, **options: Any) -> None:
        people = User.objects.filter(is_active=True, is_superuser=True).exclude(email="")
        subject = f"【{settings.SITE_NAME}】{unit} が失敗しました"
        text = TEXT.format(unit=unit, site=settings.SITE_URL)
        for address in people.values_list("email", flat=True):
            send_mail(subject, text, None, [address])
        self.stdout.write(f"{len(people):,} people were told that {unit} failed.")
