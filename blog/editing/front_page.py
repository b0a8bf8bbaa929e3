"""The choice of articles for the front page."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from blog.delivery.generation import touch
from blog.editing.log import log_act
from blog.editing.permissions import User
from blog.models import FrontPick


class StaleFrontPage(Exception):
    """Somebody else has saved the picks of the front page meanwhile."""


def set_front_page(picks: Iterable[FrontPick], *, expected: str, by: User | None = None) -> None:
    """Gives the front page exactly these picks.

    Raises StaleFrontPage if the signature of the stored ones is not `expected`: somebody else saved meanwhile.
    """
    picks = list(picks)
    wanted = {(pick.category_id, pick.position, pick.post_id, pick.until) for pick in picks}
    try:
        with transaction.atomic():
            stored = FrontPick.objects.select_for_update()
            if {(pick.category_id, pick.position, pick.post_id, pick.until) for pick in stored} == wanted:
                return  # the form came twice
            if stored.signature() != expected:
                raise StaleFrontPage
            FrontPick.objects.all().delete()
            FrontPick.objects.bulk_create(picks)
            touch()
            for pick in picks:
                log_act(by, pick, str(pick.post))
    except IntegrityError as error:  # there was no row to lock, and the other save took the place first
        raise StaleFrontPage from error
