from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = "マガジン"

    def ready(self) -> None:
        from blog import checks  # noqa: F401  the checks register themselves
        from blog.database import analyze
        from blog.delivery import signals  # noqa: F401  so do the receivers of signals
        from blog.editing import (
            fixing,  # noqa: F401
            permissions,
        )

        if settings.SENTRY_DSN:
            from blog.operations.errors import begin

            begin()
        post_migrate.connect(permissions.keep_groups, sender=self)
        post_migrate.connect(lambda **options: analyze(), sender=self, weak=False)


class DeskConfig(AdminConfig):
    default_site = "blog.desk.DeskSite"
