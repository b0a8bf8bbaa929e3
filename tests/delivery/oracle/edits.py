"""Every kind of change that readers may see: the verbs of the desk, the commands, and time that passes."""

import io
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import time_machine
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from PIL import Image as PILImage

from blog.admin.permalink import PermalinkAdmin
from blog.delivery.generation import touch
from blog.editing.amendments import amend, newest_read, read_before, withdraw_amendment
from blog.editing.front_page import set_front_page
from blog.editing.pending import NotPublic, discard_pending, save_pending, save_version
from blog.editing.pictures import finish_replacement, replace_file
from blog.editing.releasing import plan_release, release_all_due
from blog.editing.renaming import merge_tags, save_moved
from blog.editing.saving import delete_posts, save_post
from blog.editing.tags import move_tags, set_spellings
from blog.models import (
    Author,
    Category,
    FrontPick,
    Image,
    Page,
    Permalink,
    Post,
    PostRevision,
    Tag,
    TagGroup,
)
from blog.pictures.stored_files import delete_images
from blog.search import threads
from blog.times import next_midnight
from tests.factories import make_draft, make_image, make_post, make_scheduled
from tests.queue import do_queued_tasks

# What the desk would tell the editor instead of saving.
REFUSED = (ValidationError, ValueError, IntegrityError, NotPublic)  # one is that something else needs the row
WORDS = ("電力", "光", "冷却", "露光", "契約", "推論", "部材", "カエデ")
FILE = (
    "---\ntitle: 取り込んだ記事\ndate: 2026-04-19 10:00:00 +0900\n"
    "categories: [{}]\ntags: [話題1, {}]\nauthor: {}\n---\n{}。\n"
)


class Editor:
    """Makes changes that a random number decides, on a site whose clock is `clock`."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        self.clock = clock
        self.random = Random(0)

    def do(self, name: str, seed: int) -> None:
        self.random = Random(seed)
        with suppress(*REFUSED), transaction.atomic():
            EDITS[name](self)

    def one(self, rows: Any) -> Any:
        """Some row; raises ValueError where there is none."""
        found = list(rows.order_by("pk"))
        if not found:
            raise ValueError("nothing to choose from")
        return self.random.choice(found)

    def text(self) -> str:
        return "".join(self.random.choices(WORDS, k=3)) + str(self.random.randrange(100))

    # --- articles ---

    def post(self, rows: Any = None) -> Post:
        return self.one(Post.objects.all() if rows is None else rows)

    def write(self) -> None:
        post = self.post()
        name = self.random.choice(("title", "excerpt", "body", "correction", "description", "key_points"))
        setattr(post, name, self.text())
        save_post(post)

    def mark(self) -> None:
        post = self.post()
        name = self.random.choice(("noindex", "in_sitemap", "is_sponsored"))
        setattr(post, name, not getattr(post, name))
        post.canonical_url = self.random.choice(("", "/about/"))
        save_post(post)

    def move(self) -> None:
        post = self.post()
        match self.random.randrange(5):
            case 0:
                post.slug = f"moved-{self.random.randrange(100)}"
            case 1:
                post.category = self.one(Category.objects)
            case 2:
                post.author = self.one(Author.objects)
            case 3:
                post.pillar = self.post()
            case 4:
                post.lead_image, post.share_image = self.one(Image.objects), self.one(Image.objects)
        post.full_clean()
        save_post(post)

    def tag(self) -> None:
        names = self.random.sample(["話題0", "話題1", "話題2", "共通", "予約", f"新{self.random.randrange(9)}"], 2)
        save_post(self.post(), tags=names)

    def relate(self) -> None:
        save_post(self.post(), related=[(self.post(), self.text()) for _ in range(self.random.randrange(3))])

    def publish(self) -> None:
        post = self.post()
        later = self.random.choice((None, timezone.now() + timedelta(minutes=self.random.randrange(1, 600))))
        post.publish(later)
        save_post(post)

    def withdraw(self) -> None:
        post = self.post(Post.objects.listed())
        post.unpublish()
        save_post(post)

    def redate(self) -> None:
        post = self.post(Post.objects.published())
        post.redate(timezone.now() - timedelta(hours=self.random.randrange(900)))
        save_post(post)

    def hand_in(self) -> None:
        post = self.post()
        self.random.choice((post.submit, post.return_to_writer))()
        save_post(post)

    def keep_pending(self) -> None:
        post = self.post(Post.objects.published())
        post.title = self.text()
        tags = [tag.name for tag in post.tag_list]
        save_pending(post, by=self.user(), tags=tags, related=post.related_list, expected_version=post.version)

    def settle_pending(self) -> None:
        post = self.post(Post.objects.exclude(pending_revision=None))
        if self.random.random() < 0.3:
            discard_pending(post, by=self.user(), expected_version=post.version)
            return
        revision: Any = post.pending_revision
        kind = PostRevision.Kind.RELEASED
        save_version(post, revision.snapshot, by=self.user(), expected_version=post.version, kind=kind, source=revision)

    def plan_pending(self) -> None:
        """Plans a release, which the passing of time and a look of the worker bring about."""
        post = self.post(Post.objects.exclude(pending_revision=None))
        at = timezone.now() + timedelta(minutes=self.random.randrange(1, 600))
        plan_release(post, at, by=self.user(), expected_version=post.version)

    def release_planned(self) -> None:
        release_all_due()

    def replace_picture(self) -> None:
        image = self.one(Image.objects)
        before, renditions = str(image.file), [name for _, name in image.renditions or ()]
        color = tuple(self.random.randrange(256) for _ in range(3))
        out = io.BytesIO()
        PILImage.new("RGB", (8, 6), color).save(out, "PNG")
        keeps_old = self.random.random() < 0.5
        replace_file(image, out.getvalue(), name="new.png", keeps_old=keeps_old)
        finish_replacement.func(image.pk, before, renditions, keeps_old)

    def tell(self) -> None:
        post = self.post(Post.objects.published())
        revision: Any = newest_read(post)
        if revision is None or read_before(revision) is None:
            raise ValueError("readers have seen no change")
        if self.random.random() < 0.3:
            withdraw_amendment(revision, by=self.user())
            return
        amend(revision, kind=self.random.choice(("correction", "update")), note=self.text(), by=self.user())

    def user(self) -> User:
        return User.objects.get(username="writer")

    def delete(self) -> None:
        delete_posts([self.post()])

    def begin(self) -> None:
        make = self.random.choice((make_draft, make_post, make_scheduled))
        at = {"at": timezone.now() - timedelta(hours=self.random.randrange(300))} if make is make_post else {}
        about = {"category": self.one(Category.objects), "author": self.one(Author.objects)}
        post = make(self.text(), slug=f"begun-{self.random.randrange(10**6)}", tags=["話題0"], **about, **at)
        save_post(post, by=self.user())  # a person's save leaves work to the worker

    def join(self) -> None:
        threads.join(self.post(Post.objects.listed()), self.post(Post.objects.listed()))

    def part(self) -> None:
        threads.part(self.post(Post.objects.exclude(thread=None)))

    # --- what articles are ordered by ---

    def rename(self) -> None:
        row = self.one(self.random.choice((Author, Category, Tag)).objects)
        match row, self.random.randrange(3):
            case _, 0:
                row.name = self.text()
            case _, 1:
                row.slug = f"renamed-{self.random.randrange(100)}"
            case Author(), _:
                row.bio, row.avatar = self.text(), self.one(Image.objects)
            case Category(), _:
                row.notice, row.description, row.position = self.text(), self.text(), self.random.randrange(4)
            case Tag(), _:
                row.description, row.position = self.text(), self.random.randrange(1, 4)
        row.full_clean()
        save_moved(row)

    def make(self) -> None:
        model = self.random.choice((Author, Category, Tag))
        row = model(name=self.text(), slug=f"made-{self.random.randrange(100)}")
        row.full_clean()
        save_moved(row)

    def remove(self) -> None:
        model = self.random.choice((Author, Category, Tag, TagGroup))
        self.one(model.objects).delete()

    def merge(self) -> None:
        merge_tags([self.one(Tag.objects)], self.one(Tag.objects), keep_names=self.random.random() < 0.5)

    def group(self) -> None:
        group = self.random.choice((None, TagGroup.objects.first()))
        move_tags([self.one(Tag.objects)], group)
        set_spellings(self.one(Tag.objects), [self.text()])
        if group:
            group.name = self.text()
            group.save()

    def front(self) -> None:
        until = self.random.choice((None, timezone.now() + timedelta(hours=self.random.randrange(1, 30))))
        post = self.post(Post.objects.listed())
        picks = [
            FrontPick(post=self.post(Post.objects.listed()), until=until),
            FrontPick(post=post, category=post.category),
        ]
        set_front_page(picks[: self.random.randrange(3)], expected=FrontPick.objects.all().signature())

    # --- the rest of the desk ---

    def page(self) -> None:
        page = self.random.choice((self.one(Page.objects), Page(path=f"/page-{self.random.randrange(9)}/", title="新")))
        match self.random.randrange(5):
            case 0:
                page.title, page.body = self.text(), self.text()
            case 1:
                page.is_published = not page.is_published
            case 2:
                page.footer_position = self.random.choice((None, 1, 5))
            case 3:
                page.path = f"/moved-{self.random.randrange(9)}/"
            case 4 if page.pk:
                page.delete()
                return
        page.full_clean()
        save_moved(page)

    def picture(self) -> None:
        image = self.one(Image.objects)
        image.alt, image.caption = self.text(), self.text()
        image.save()
        make_image(self.random.choice(("green", "navy")))

    def remove_picture(self) -> None:
        delete_images(Image.objects.filter(pk=self.one(Image.objects).pk))

    def redirect(self) -> None:
        row = self.random.choice((Permalink(path="/led/"), self.one(Permalink.objects.filter(post=None))))
        row.target = self.random.choice(("/about/", "/terms/", "/category/markets/", "/tags/共通/"))
        row.full_clean()
        row.save()

    def move_redirect(self) -> None:
        row = self.one(Permalink.objects.filter(post=None, is_handmade=True))
        form = SimpleNamespace(changed_data=["path"], initial={"path": row.path})
        row.path = f"/{self.text()}/"
        PermalinkAdmin(Permalink, admin.site).save_model(HttpRequest(), row, form, change=True)

    def remove_redirect(self) -> None:
        self.one(Permalink.objects.filter(post=None)).delete()

    def remove_account(self) -> None:
        other = User.objects.create_user(self.text())
        author = self.one(Author.objects.filter(user=None))
        author.user = other
        save_moved(author)
        other.delete()

    def work(self) -> None:
        do_queued_tasks()

    # --- commands ---

    def command(self) -> None:
        name = self.random.choice(
            ("relate_posts", "render_cards", "render_images", "reindex_search", "tidy", "audit_posts")
        )
        call_command(name, verbosity=0)

    def older_renderer(self) -> None:
        """What an earlier version left in the rows; readers have seen it ever since."""
        Post.objects.filter(pk=self.post().pk).update(body_html="<p>以前のHTML</p>")
        Page.objects.update(body_html="<p>以前のHTML</p>")
        touch()

    def render_posts(self) -> None:
        call_command("render_posts", verbosity=0)

    def import_files(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "_posts").mkdir()
            (Path(name) / "_config.yml").write_text("timezone: Asia/Tokyo\n")
            text = FILE.format(self.text(), self.text(), self.text(), self.text())
            if self.random.random() < 0.3:  # a file that is refused leaves its section
                text = text.replace("取り込んだ記事", "長い" * 200)
            (Path(name) / "_posts" / "2026-04-19-imported.md").write_text(text)
            with suppress(CommandError):
                call_command("import_jekyll", name, verbosity=0)

    # --- time ---

    def wait(self) -> None:
        self.clock.shift(timedelta(minutes=self.random.randrange(1, 90)))

    def wait_for_what_is_due(self) -> None:
        due = [Post.objects.next_due(), FrontPick.objects.next_end(), next_midnight()]
        self.clock.move_to(min(filter(None, due)))


EDITS: dict[str, Callable[[Editor], None]] = {
    name: getattr(Editor, name)
    for name in vars(Editor)
    if name[0] != "_" and name not in ("do", "one", "text", "post", "user")
}
