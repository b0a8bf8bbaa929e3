"""Renames sections, authors, tags and static pages, and merges tags. The old address redirects to the new one."""

import unicodedata
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Min

from blog.database import check_references, lock_by_name
from blog.delivery.generation import touch
from blog.editing.announcing import announce, feeds_of_name
from blog.editing.tags import hand_over_spellings
from blog.models import Author, Category, Page, Permalink, Post, Tag, TaggedPost
from blog.models.permalink import clean_path
from blog.search.index import index_again


@transaction.atomic
def merge_tags(sources: Iterable[Tag], into: Tag, *, keep_names: bool = False) -> int:
    """Merges the tags `sources` into the tag `into`. Returns the number of posts that had one of `sources`.

    Each of these posts gets `into` once, at the first place that one of the tags had. The pages and feeds of the merged
    tags redirect to those of `into`, which gets their other spellings too and, with `keep_names`, their names as
    such. Raises Tag.DoesNotExist if `into` is gone.
    """
    gone = {tag.pk for tag in sources} - {into.pk}
    locked = _lock_tags({*gone, into.pk})
    posts = list(Post.objects.only("pk").filter(tagged_posts__tag__in=gone).distinct())
    if into not in locked:
        raise Tag.DoesNotExist
    rows = TaggedPost.objects.filter(tag__in=locked).order_by()
    first = rows.values("content_object").annotate(first=Min("pk")).values("first")
    rows.exclude(pk__in=first).delete()
    TaggedPost.objects.filter(tag__in=gone).update(tag=into)
    hand_over_spellings(gone, into, [tag.name for tag in locked if tag != into] if keep_names else [])
    for tag in locked:
        if tag != into:
            for old, new in zip(_addresses(tag), _addresses(into), strict=True):
                Permalink.objects.lead(old, to=new)
            tag.delete()
    index_again([post.pk for post in posts])
    if gone:
        touch()
        announce(feed for tag in locked for feed in feeds_of_name(tag))
    return len(posts)


@transaction.atomic
def save_moved(item: Author | Category | Tag | Page) -> None:
    """Saves an author, section, tag or page. If its address changed, the old address redirects to the new one.

    Raises DoesNotExist of its model if somebody deleted it: an insert would bring a merged tag back.
    """
    if isinstance(item, Tag) and item.pk:
        _lock_tags({item.pk})
    # Rows that refer to it may be added meanwhile: they need only that it stays.
    stored = type(item).objects.select_for_update(no_key=True).get(pk=item.pk) if item.pk else None
    item.save()
    check_references()  # before others' rows are written, as in a save of an article
    Permalink.objects.free(_addresses(item))
    if stored is None:
        return
    moved = [(old, new) for old, new in zip(_addresses(stored), _addresses(item), strict=True) if old != new]
    for old, new in moved:
        Permalink.objects.lead(old, to=new)
    if isinstance(item, Category) and isinstance(stored, Category) and item.name != stored.name:
        _keep_address_by_name(stored.name, item)
    if moved or str(stored) != str(item):
        touch()
        announce([*feeds_of_name(item), *(feeds_of_name(stored) if moved else [])])  # subscribers have the old address
    if isinstance(item, Tag) and isinstance(stored, Tag) and item.name != stored.name:
        index_again(TaggedPost.objects.filter(tag=stored).values_list("content_object_id", flat=True))


def _lock_tags(keys: Collection[int]) -> list[Tag]:
    """Locks the tags after the posts that bear them, as a save does, and returns the tags.

    From now on nobody gives them to a post or saves one of these posts until the transaction ends.
    """
    lock_by_name("tags")  # two who lock many posts each could wait for each other
    tagged = Post.objects.filter(pk__in=TaggedPost.objects.filter(tag__in=keys).values("content_object"))
    in_order = tagged.locked().order_by("pk").values_list("pk")
    list(in_order.all())
    tags = list(Tag.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    list(in_order.all())  # and those that got one until then
    return tags


def _keep_address_by_name(name: str, section: Category) -> None:
    """Redirects the address that the old site made of the section's former name, unless it is another section's.

    The ledger has it in lower case.
    """
    slug = unicodedata.normalize("NFC", name).lower()
    if "/" not in slug and not Category.objects.filter(slug=slug).exists():
        target = clean_path(section.get_absolute_url())
        Permalink.objects.get_or_create(path=f"/category/{slug}/", defaults={"target": target})


def _addresses(item: Author | Category | Tag | Page) -> list[str]:
    urls = [item.get_absolute_url()]
    if not isinstance(item, Page):
        urls.append(item.get_feed_url())
    return [clean_path(url) for url in urls]
