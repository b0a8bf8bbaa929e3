from django.apps import AppConfig


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = "マガジン"

    def ready(self) -> None:
        from blog import checks  # noqa: F401  registered by being imported
