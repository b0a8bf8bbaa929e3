"""Keeps the card of each post in step with the post.

A card exists only while its post is published or scheduled, so that a withdrawn post leaves no file. The name of the
file is a hash of all that the card shows and of the post's guid: nobody can guess the card of a scheduled post, and
the name tells whether the card is out of date.
"""

import hashlib
import json
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django_tasks import task

from blog.delivery.freshness import touch
from blog.delivery.purging import purge_files
from blog.models import Post
from blog.pictures.cards.drawing import draw_card

FOLDER = "cards"
DESIGN = 1  # with another number, `render_cards` draws every card again


def card_name(post: Post) -> str:
    """The name of the card's file, drawn or not; "" for a post that needs no card."""
    if not post.wants_card:
        return ""
    shown = [DESIGN, post.guid, post.labelled_title, post.category.name, post.author.name]
    return f"{FOLDER}/{hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]}.png"


def card_of(post: Post) -> str:
    """The name of the stored card if it shows the post as it is now, or ""."""
    return post.card if post.card and post.card == card_name(post) else ""


@task()
def refresh_card(pk: int) -> bool:
    """Draws or deletes the card of a saved post if it is out of date, and returns whether it did.

    Call it outside a transaction.
    """
    posts = Post.objects.for_card().filter(pk=pk)
    post = posts.first()
    while post:
        name = card_name(post)
        if name == post.card and (not name or default_storage.exists(name)):
            return False
        if name and not default_storage.exists(name):
            card = draw_card(title=post.labelled_title, section=post.category.name, byline=post.author.name)
            default_storage.save(name, ContentFile(card))
        # If a save meanwhile changed what the card must show, the loop begins again.
        if _enter(post, name):
            if post.card and post.card != name:
                default_storage.delete(post.card)
            return True
        post = posts.all().first()
    return False


def _enter(post: Post, name: str) -> bool:
    """Enters the card's file in its post, unless somebody saved the post meanwhile."""
    with transaction.atomic():
        is_entered = bool(Post.objects.filter(pk=post.pk, version=post.version).update(card=name))
        if is_entered and post.status == Post.Status.PUBLISHED:
            touch(f"post:{post.pk}")
        if is_entered and post.card and post.card != name:
            purge_files([post.card])
        return is_entered


def render_cards(*, drawn: Callable[[], None]) -> None:
    """Draws or deletes every card that is out of date. It may be stopped: each is complete when `drawn` is called."""
    for pk in Post.objects.order_by("pk").values_list("pk", flat=True):
        if refresh_card.call(pk):
            drawn()
