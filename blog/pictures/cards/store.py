"""Which card a post has, where its file is, and how both follow the post.

A card exists only while its post is published, due or not, so that what is withdrawn leaves no file. Its name is a
hash of all it shows and of the post's guid: nobody can tell the address of a card that is still to come, and a card
that no longer says what the post says is known by its name.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from blog.models import Post
from blog.pictures.cards.drawing import draw_card

FOLDER = "cards"
DESIGN = 1  # another number makes every card anew
YOUNG = timedelta(hours=1)  # a file this old without a post is nobody's; a younger one may be about to be entered


def card_name(post: Post) -> str:
    """Where the card of the post is, once it is drawn; "" for a post that has none."""
    if not post.wants_card:
        return ""
    shown = [DESIGN, post.guid, post.labelled_title, post.category.name, post.author.name]
    return f"{FOLDER}/{hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]}.png"


def card_of(post: Post) -> str:
    """The stored card that shows the post as it is now; "" as long as there is none."""
    return post.card if post.card and post.card == card_name(post) else ""


def refresh_card(pk: int, saved: Post | None = None) -> bool:
    """Draws the card of a saved post, or takes it away, where that is due; whether it was. Not for a transaction.

    `saved` is the post, for a caller who has just saved it.
    """
    posts = Post.objects.for_card().filter(pk=pk)
    post = saved or posts.first()
    while post:
        name = card_name(post)
        if name == post.card and (not name or default_storage.exists(name)):
            return False
        if name and not default_storage.exists(name):
            card = draw_card(title=post.labelled_title, section=post.category.name, byline=post.author.name)
            default_storage.save(name, ContentFile(card))
        # A save meanwhile may have changed what the card must show: then it begins again.
        if Post.objects.filter(pk=pk, version=post.version).update(card=name):
            if post.card and post.card != name:
                default_storage.delete(post.card)
            return True
        post = posts.all().first()
    return False


def render_cards(*, drawn: Callable[[], None] = lambda: None) -> int:
    """Draws every card that is missing or out of date, and deletes the files that belong to no post; returns how many.

    Each card is done for good once it is `drawn`, so it may be stopped.
    """
    for pk in Post.objects.order_by("pk").values_list("pk", flat=True):
        if refresh_card(pk):
            drawn()
    return _sweep()


def _sweep() -> int:
    try:
        files = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return 0
    used = set(Post.objects.exclude(card="").values_list("card", flat=True))
    old = [
        name
        for name in (f"{FOLDER}/{file}" for file in files)
        if name not in used and default_storage.get_modified_time(name) < timezone.now() - YOUNG
    ]
    for name in old:
        default_storage.delete(name)
    return len(old)
