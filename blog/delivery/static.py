"""Static files: hashed and compressed once collected, by their plain names before that."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Manifest storage that works in a checkout where `collectstatic` has never run.

    The stock one raises for every page until there is a manifest; a file missing from an existing manifest still
    raises, since that is a mistake in a template.
    """

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name
