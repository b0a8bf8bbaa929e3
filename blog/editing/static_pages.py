"""Saves of static pages. Each adds a revision, and compares edit numbers under the lock of the page.

`save_page` is what the desk calls; an import, which only adds pages, begins no history.
"""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from blog.editing import history
from blog.editing.fields import PAGE_CONTENT
from blog.editing.pending import UnconfirmedPath, address_change, lock_for
from blog.editing.pictures import lock_pictures
from blog.editing.renaming import save_moved
from blog.editing.saving import check_version, lock_page
from blog.editing.snapshots import Snapshot, page_snapshot
from blog.models import Page, PageRevision
from blog.models.history import Revision

Kind = Revision.Kind
# Restoring an old version changes neither the address nor whether readers see the page.
RESTORED = tuple(name for name in PAGE_CONTENT if name not in ("path", "is_published"))


@transaction.atomic
def save_page(
    page: Page,
    *,
    by: User | None = None,
    expected_version: int | None = None,
    kind: Kind | None = None,
    source: PageRevision | None = None,
) -> Page:
    """Saves the page with a revision, unless nothing changed. If its path changed, the old one redirects to it.

    The arguments are those of `save_post`. Raises StaleVersion, and Page.DoesNotExist if it was deleted meanwhile.
    """
    line = None
    if page.pk:
        stored = lock_page(page.pk)
        check_version(stored, expected_version)
        line = history.begin_page(stored)
        page.version = stored.version + 1
    lock_pictures(page_snapshot(page))
    save_moved(page)
    if line is not None or by is not None:
        history.record_page(page, line, kind=kind, by=by, source=source)
    return page


@transaction.atomic
def save_page_version(
    page: Page,
    snapshot: Snapshot,
    *,
    by: User,
    expected_version: int,
    kind: Kind,
    source: PageRevision,
    fields: Sequence[str] = PAGE_CONTENT,
    confirmed_path: str = "",
) -> list[str]:
    """Saves these fields of the snapshot as the content of the page. The arguments are those of `save_version`.

    Returns [], for a page refers to no rows that could be gone. Raises PermissionDenied, StaleVersion, UnconfirmedPath,
    and ValidationError for values that the model no longer allows.
    """
    stored = lock_for(by, page, expected_version)
    change = address_change(stored, snapshot) if "path" in fields else None
    for name in {*fields} & snapshot.keys():
        setattr(stored, name, snapshot[name])
    stored.full_clean()
    if change and stored.path not in (change[0], confirmed_path):
        raise UnconfirmedPath(stored)
    save_page(stored, by=by, expected_version=expected_version, kind=kind, source=source)
    return []
