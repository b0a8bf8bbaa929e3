"""The pictures of a site with MEDIA_BUCKET: in a bucket of an S3-compatible object store instead of a folder.

Readers do not see that: addresses stay below /media/, and the site, or the proxy that keeps them, fetches the files. So
the bucket may be closed to all others. Only MEDIA_BUCKET imports this module; it needs requirements-s3.txt.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from blog.delivery.outages import StoreAway

# Seconds and attempts. While the site waits, a reader and a thread of the server wait too; commands have time.
HURRIED = {"connect_timeout": 3, "read_timeout": 5, "retries": {"total_max_attempts": 1}}
PATIENT = {"connect_timeout": 3, "read_timeout": 15, "retries": {"total_max_attempts": 3, "mode": "standard"}}
CLIENT = {
    "signature_version": "s3v4",
    "s3": {"addressing_style": "path"},  # a store of one's own has no host name for each bucket
    # Checksums in trailers, which boto3 sends unasked, are unknown to many stores.
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}


class BucketStorage(S3Storage):  # type: ignore[misc]
    """Answers as a folder does: FileNotFoundError for what is not there, StoreAway where the store is away.

    A file is there as a whole or not at all; one with the same name is replaced.
    """

    def __init__(self, *, is_hurried: bool, **options: Any) -> None:
        config = Config(**CLIENT, **(HURRIED if is_hurried else PATIENT))
        super().__init__(client_config=config, default_acl=None, file_overwrite=True, **options)

    def url(self, name: str, *args: Any, **options: Any) -> str:
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError(f"files of a bucket are only read, not opened for {mode!r}")
        with translated(name):
            return ContentFile(self.bucket.Object(name).get()["Body"].read(), name)

    def _save(self, name: str, content: File) -> str:
        with translated(name):
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with translated(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with translated(name):
            return super().exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with translated(path):
            return super().listdir(path)

    def size(self, name: str) -> int:
        with translated(name):
            return super().size(name)

    def get_modified_time(self, name: str) -> datetime:
        with translated(name):
            return super().get_modified_time(name)


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Raises for the errors of boto3 those that a folder would raise. Their text may hold a key, so it stays here."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        code = error.response.get("Error", {}).get("Code")
        if status == 404 and code != "NoSuchBucket":
            raise FileNotFoundError(f"{name} is not in the bucket") from None
        raise StoreAway(f"the object store refuses {name!r}: {code}") from None
    except BotoCoreError as error:
        raise StoreAway(f"the object store is away: {type(error).__name__}") from None
