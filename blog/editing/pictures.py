"""Finds the articles that show a picture in their text, and replaces the file of a picture."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_tasks import task

from blog.addresses import PICTURE_ADDRESS
from blog.delivery.generation import touch
from blog.editing import permissions
from blog.editing.rerendering import render_stored
from blog.editing.snapshots import Snapshot
from blog.models import Author, FormerFile, Image, Page, Permalink, PictureUse, Post
from blog.pictures.encoding import reencode
from blog.pictures.renditions import make_renditions
from blog.pictures.stored_files import remove_files, remove_former
from blog.pictures.uploads import exchange_file


def names_in(text: str) -> set[str]:
    """The files of pictures of this site that the text names."""
    return set(PICTURE_ADDRESS.findall(text))


def named_images(names: Iterable[str]) -> QuerySet[Image]:
    """The pictures with one of these files, now or before they were replaced."""
    names = list(names)
    return Image.objects.filter(Q(file__in=names) | Q(former_files__name__in=names)).distinct()


def lock_pictures(snapshot: Snapshot) -> None:
    """Keeps the pictures of a version from being deleted until it is stored, for which no foreign key stands."""
    keys = [row[0] for name in ("lead_image", "share_image") if (row := snapshot.get(name))]
    named = named_images(names_in(snapshot["body"])).values("pk")
    list(Image.objects.select_for_update(no_key=True).filter(Q(pk__in=named) | Q(pk__in=keys)).order_by("pk"))


def addresses_of(image: Image) -> list[str]:
    """All addresses by which a text may name the picture."""
    return [default_storage.url(name) for name in (image.file.name, *image.former_files.values_list("name", flat=True))]


def in_texts(images: Iterable[Image], field: str = "body") -> Q:
    """The condition for rows whose text names one of the pictures. `images` must not be empty."""
    how = "icontains" if "__" in field else "contains"  # within JSON, both databases know only the first
    return reduce(or_, (Q(**{f"{field}__{how}": url}) for image in images for url in addresses_of(image)))


def with_uses(images: QuerySet[Image], posts: QuerySet[Post]) -> QuerySet[Image]:
    """Annotates `number_of_uses`: in how many places `posts` show the picture."""
    in_text = PictureUse.objects.filter(image=OuterRef("pk"), post__in=posts).order_by().values("image")
    number: Combinable = Coalesce(Subquery(in_text.annotate(number=Count("pk")).values("number")), 0)
    for field in ("lead_image", "share_image"):
        found = posts.filter(**{field: OuterRef("pk")}).order_by().values(field)
        number = number + Coalesce(Subquery(found.annotate(number=Count("pk")).values("number")), 0)
    return images.annotate(number_of_uses=number)


def markdown_of(image: Image, alt: str | None = None, caption: str | None = None, url: str = "") -> str:
    """The Markdown that shows the picture, with these texts or the picture's own, at its present address or `url`."""
    alt = " ".join((image.alt if alt is None else alt).split())
    for mark in ("\\", "[", "]", "<", "`", "*", "_"):
        alt = alt.replace(mark, f"\\{mark}")
    caption = " ".join((image.caption if caption is None else caption).split())
    caption, url = caption.replace("\\", "\\\\").replace('"', '\\"'), url or image.file.url
    return f'![{alt}]({url} "{caption}")' if caption else f"![{alt}]({url})"


def keep_uses(post: Post, stored: Post | None) -> None:
    """Stores which pictures the text of the post shows. It costs no query if the text names the same ones as before."""
    now, before = names_in(post.body), names_in(stored.body) if stored is not None else set()
    if now == before:
        return
    wanted = set(named_images(now).values_list("pk", flat=True)) if now else set()
    uses = PictureUse.objects.filter(post=post)
    if before:
        uses.exclude(image__in=wanted).delete()
    rows = [PictureUse(image_id=pk, post=post) for pk in sorted(wanted)]
    PictureUse.objects.bulk_create(rows, ignore_conflicts=True)


def unused(posts: QuerySet[Post], readable: QuerySet[Post]) -> Q:
    """The condition for pictures that no post of `posts`, no pending version, no static page and no author shows.

    Only the pending versions of the posts in `readable` count: a writer must not learn of the others.
    """
    bodies = Page.objects.filter(body__contains=settings.MEDIA_URL).values_list("body", flat=True)
    snapshot = "pending_revision__snapshot"
    body = KeyTextTransform("body", snapshot)  # as text even where it is a number
    pending = readable.filter(pending_revision__isnull=False)
    waiting = list(pending.values_list(body, f"{snapshot}__lead_image__0", f"{snapshot}__share_image__0"))
    names = {name for body in (*bodies, *(body for body, *_ in waiting)) for name in names_in(body or "")}
    keys = {key for _, *images in waiting for key in images if key is not None}
    of_posts = [Exists(posts.filter(**{field: OuterRef("pk")})) for field in ("lead_image", "share_image")]
    in_text = Exists(PictureUse.objects.filter(image=OuterRef("pk"), post__in=posts))
    of_authors = Exists(Author.objects.filter(avatar=OuterRef("pk")))
    used = Q(in_text) | Q(of_posts[0]) | Q(of_posts[1]) | Q(of_authors)
    return ~used & ~Q(pk__in=named_images(names).values("pk")) & ~Q(pk__in=keys)


def unused_for(user: permissions.User) -> Q:
    """The condition for pictures that nothing shows, as far as the user may know."""
    posts = permissions.visible_posts(user)
    return unused(posts, posts.filter(permissions.readable_history(user)))


# --- a new file ---


def replace_file(
    image: Image, data: bytes, *, name: str, keeps_old: bool, replaced: Callable[[], object] = lambda: None
) -> None:
    """Gives the picture the file made of `data`, wherever it is shown.

    Articles and pages are rendered again by the worker, once the smaller sizes are there. With `keeps_old`, the address
    of the old file still shows the old picture to whoever holds it; else the file goes and the proxies forget it.

    `replaced` is called in the transaction, which begins after the encoding: until it ends, nobody saves on SQLite.
    Raises ImageRejected, also for a file that is another picture of the library, or this one already.
    """
    encoded = reencode(data)
    with transaction.atomic():
        image = Image.objects.select_for_update().get(pk=image.pk)
        old, renditions = str(image.file), [file for _, file in image.renditions or ()]
        exchange_file(image, encoded, data, name=name)
        image.former_files.filter(name=image.file.name).delete()  # it had this file before, and has it again
        FormerFile.objects.update_or_create(name=old, defaults={"image": image, "is_kept": keeps_old})
        Permalink.objects.filter(target=default_storage.url(old)).update(target=image.file.url)
        touch(withdraws=not keeps_old)
        finish_replacement.enqueue(image.pk, old, renditions, keeps_old)
        replaced()


@task()
def finish_replacement(pk: int, old: str, renditions: list[str], keeps_old: bool) -> None:
    """Makes the smaller sizes and the pages of a replaced picture anew, then removes the files that nothing shows."""
    image = Image.objects.filter(pk=pk).first()
    if image is None:
        return
    make_renditions(image)
    shown = in_texts([image])
    render_stored(Post.objects.filter(shown))
    render_stored(Page.objects.filter(shown))
    remove_former(old)
    remove_files.func(renditions, timezone.now().isoformat())
