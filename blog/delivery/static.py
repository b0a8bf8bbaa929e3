"""Static files: hashed and compressed once collected, by their plain names before that."""

from functools import cache
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Manifest storage that works in a checkout where `collectstatic` has never run.

    The stock one raises for every page until there is a manifest; a file missing from an existing manifest still
    raises, since that is a mistake in a template.
    """

    # A module asks for the others by their hashed names too: a deployment never mixes old files with new ones.
    support_js_module_import_aggregation = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.hashed_files:
            self.url = cache(self.url)  # type: ignore[method-assign]  # each page asks for eight, and the manifest is read but once

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name
