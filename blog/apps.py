from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = "マガジン"

    def ready(self) -> None:
        from blog import checks, roles  # noqa: F401  the checks register themselves

        post_migrate.connect(roles.keep_groups, sender=self)


class DeskConfig(AdminConfig):
    default_site = "blog.desk.DeskSite"
