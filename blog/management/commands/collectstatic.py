from django.contrib.staticfiles.management.commands import collectstatic
from django.core.files.base import ContentFile

from blog.delivery import bodies, outages

PAGES = {outages.PAGE: outages.page, outages.BUSY: outages.busy_page, bodies.PAGE: bodies.too_long_page}


class Command(collectstatic.Command):
    """Adds the pages that a proxy shows instead of the site, with the addresses of the collected style sheets."""

    def collect(self) -> dict[str, list[str]]:
        report: dict[str, list[str]] = super().collect()
        for name, page in PAGES.items() if not self.dry_run else ():
            self.storage.delete(name)
            self.storage.save(name, ContentFile(page().encode()))
        return report
