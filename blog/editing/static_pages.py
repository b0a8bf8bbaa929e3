"""Saves of static pages. Each adds a revision, and compares edit numbers under the lock of the page.

`save_page` is what the desk calls; an import, which only adds pages, begins no history.
"""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from blog.editing import history, permissions
from blog.editing.fields import PAGE_CONTENT
from blog.editing.pending import UnconfirmedPath, address_change
from blog.editing.pictures import lock_pictures
from blog.editing.renaming import save_moved
from blog.editing.saving import check_version
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
        stored = _lock(page.pk)
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
    stored = _lock_for(by, page, expected_version)
    change = address_change(stored, snapshot) if "path" in fields else None
    for name in {*fields} & snapshot.keys():
        setattr(stored, name, snapshot[name])
    stored.full_clean()
    if change and stored.path not in (change[0], confirmed_path):
        raise UnconfirmedPath(stored)
    save_page(stored, by=by, expected_version=expected_version, kind=kind, source=source)
    return []


@transaction.atomic
def keep_unmerged_page(
    page: Page, snapshot: Snapshot, *, by: User, version: int, source: PageRevision | None = None
) -> PageRevision | None:
    """Does what `keep_unmerged` does, for a static page."""
    stored = _lock_for(by, page)
    kept: PageRevision | None = history.add_unmerged(
        stored, snapshot, PAGE_CONTENT, by=by, version=version, source=source
    )
    return kept


def _lock(pk: int) -> Page:
    # `no_key`: others may add rows that refer to the page meanwhile, such as an autosave.
    return Page.objects.select_for_update(no_key=True).get(pk=pk)


def _lock_for(by: User, page: Page, expected_version: int | None = None) -> Page:
    stored = _lock(page.pk)
    check_version(stored, expected_version)
    if not permissions.may_edit(by, stored):
        raise PermissionDenied
    return stored
