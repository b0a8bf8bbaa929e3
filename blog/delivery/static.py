"""The storage of static files: hashed and compressed after `collectstatic`, under their plain names before it."""

from functools import cache
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Manifest storage that works in a checkout where `collectstatic` has never run.

    WhiteNoise's own raises for every page until there is a manifest. A file that is missing from an existing manifest
    still raises, since it is a mistake in a template.
    """

    # Modules import each other by their hashed names, so that a deployment never mixes old files with new ones.
    support_js_module_import_aggregation = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.hashed_files:
            self.url = cache(self.url)  # type: ignore[method-assign]  # each page has eight; the manifest never changes

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name
