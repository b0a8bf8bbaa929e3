"""One of everything that has short texts, for each text: articles with all that they name, and what editors write."""

from datetime import timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.utils import timezone

from blog.editing.saving import save_post
from blog.models import (
    Amendment,
    Author,
    Category,
    HouseWord,
    Page,
    Permalink,
    Post,
    PostNote,
    PostRevision,
    PreviewLink,
    RelatedPost,
    Tag,
    TagGroup,
)
from blog.pictures.uploads import store_image
from blog.text.japanese import tag_name
from tests.factories import PUBLISHED_AT, make_post
from tests.hostile.attacked import clean
from tests.jekyll.site import png

LONGEST_NAME = 100  # characters of the names of authors, sections and tags
AT_ONCE = 6  # texts that stand together in a description
LEDE = "円安、株価、金利、政策、半導体、電力、輸出、雇用。"  # an excerpt that says no more than the title is not shown
OF_REVISION = 3  # texts that stand together in the name of who saved it
NOTES = 30  # the page of an article's notes shows so many


def joined(payloads: tuple[str, ...], longest: int = LONGEST_NAME) -> list[str]:
    """Few texts that hold all payloads of a line, of so many characters: each goes where it fits first."""
    texts: list[str] = []
    for payload in sorted(dict.fromkeys(map(clean, payloads)), key=len, reverse=True):
        fits = (at for at, text in enumerate(texts) if len(text) + 1 + len(payload) <= longest)
        at = next(fits, len(texts))
        texts[at:] = [f"{texts[at]} {payload}", *texts[at + 1 :]] if at < len(texts) else [payload]
    return texts


def fill(texts: list[str], begin: int) -> list[Post]:
    """An article for each text, with the text in every field that it or what it names has; `begin` numbers them."""
    posts = [_article(texts, at, begin + at) for at in range(len(texts))]
    for post, target, text in zip(posts, posts[1:] + posts[:1], texts, strict=True):
        RelatedPost.objects.create(post=post, target=target, reason=text)
    told = {"kind": Amendment.Kind.UPDATE, "changed_at": timezone.now()}
    Amendment.objects.bulk_create(
        Amendment(post=post, note=text, passages=[["title", [["removed", text], ["added", text]]]], **told)
        for post, text in zip(posts, texts, strict=True)
    )
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(amendment_count=1)
    return posts


def _article(texts: list[str], at: int, number: int) -> Post:
    text, several = texts[at], " ".join(texts[at - at % AT_ONCE :][:AT_ONCE])
    picture = store_image(png(size=(8 + number, 8)), name=text, alt=text, caption=text, credit=text)
    author = Author.objects.create(
        name=text, slug=f"author-{number}", bio=several, links=f"{several} https://a.example/", avatar=picture
    )
    section = Category.objects.create(name=text, slug=f"section-{number}", description=several, notice=text)
    post = make_post(
        text,
        slug=f"filled-{number}",
        at=PUBLISHED_AT - timedelta(minutes=number),
        author=author,
        category=section,
        lead_image=picture,
        tags=[Tag.objects.create(name=tag_name(text), slug=f"tag-{number}")],
        excerpt=f"{LEDE}{texts[at - 1]}",
        **dict.fromkeys(("description", "key_points", "correction"), text),
    )
    group = TagGroup.objects.create(name=text)
    Tag.objects.filter(post=post).update(description=several, group=group)
    Page(path=f"/filled-{number}/", title=text, body="本文です。", description=several, is_published=True).save()
    return post


def write_to_colleagues(posts: list[Post], texts: list[str]) -> list[tuple[Post, list[str]]]:
    """Writes the texts as editors do to each other, about as many of the articles as are needed; returns which."""
    written = [(post, texts[at : at + NOTES]) for post, at in zip(posts, range(0, len(texts), NOTES), strict=False)]
    for post, notes in written:
        _write_about(post, notes)
    return written


def _write_about(post: Post, texts: list[str]) -> None:
    rows = list(enumerate(texts, 1))
    together = [" ".join(texts[at : at + OF_REVISION]) for at in range(0, len(texts), OF_REVISION)]
    newest = save_post(post).revisions.order_by("number").last()  # the history begins with this save
    users = User.objects.bulk_create(
        User(username=f"colleague-{post.pk}-{number}", first_name=text, last_name=text, email="a@example.jp")
        for number, text in rows
    )
    PostNote.objects.bulk_create(
        PostNote(post=post, text=text, by_name=text, to=user) for text, user in zip(texts, users, strict=True)
    )
    PreviewLink.objects.bulk_create(
        PreviewLink(post=post, note=text, expires_at=timezone.now() + timedelta(days=1)) for text in texts
    )
    PostRevision.objects.bulk_create(
        PostRevision(
            post=post,
            number=newest.number + number,
            version=newest.version,
            kind=PostRevision.Kind.SAVED,
            snapshot=newest.snapshot,
            overridden=[text],
            **dict.fromkeys(("user_name", "override_reason", "return_reason"), text),
        )
        for number, text in enumerate(together, 1)
    )
    Post.objects.filter(pk=post.pk).update(return_reason=" ".join(texts))
    HouseWord.objects.bulk_create(
        HouseWord(kind=HouseWord.Kind.SPELLING, word=text, preferred=f"別の{text}"[:100], note=text) for text in texts
    )
    LogEntry.objects.bulk_create(
        LogEntry(user=users[0], object_repr=text[:200], action_flag=CHANGE, change_message=text) for text in texts
    )
    Permalink.objects.bulk_create(Permalink(path=f"/{text}", target=post.path, is_handmade=True) for text in texts)
