from django.contrib.staticfiles.management.commands import collectstatic
from django.core.files.base import ContentFile

from blog.delivery.outages import PAGE, page


class Command(collectstatic.Command):
    """Adds the page that a proxy shows while this site is away. It names the style sheets as just collected."""

    def collect(self) -> dict[str, list[str]]:
        report: dict[str, list[str]] = super().collect()
        if not self.dry_run:
            self.storage.delete(PAGE)
            self.storage.save(PAGE, ContentFile(page().encode()))
        return report
