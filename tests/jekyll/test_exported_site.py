"""Export and import of the data of the site, and of random sites."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from PIL import Image as PILImage

from blog.editing.amendments import amend, newest_read
from blog.editing.fields import CONTENT
from blog.editing.saving import save_post
from blog.editing.tags import set_spellings
from blog.jekyll.exporting import export_jekyll
from blog.jekyll.tables import AMENDMENTS, IMAGES, NAMED, TAG_GROUPS
from blog.models import Amendment, Author, FrontPick, Image, Page, Permalink, Post, Tag, TagGroup
from blog.pictures.uploads import store_image
from tests.factories import make_author, make_category, make_page, make_post, make_user
from tests.jekyll.site import png
from tests.jekyll.state import assert_survives

pytestmark = pytest.mark.django_db
ODD = 'a "quoted", cell\r\n\n=1+1\t終わり \r'


def jpeg(colour: str) -> bytes:
    out = io.BytesIO()
    PILImage.radial_gradient("L").resize((90, 60)).save(out, "JPEG", quality=70)
    return out.getvalue() + colour.encode()


def test_sections_authors_and_tags_come_back_with_all_that_was_written_to_them(out):
    make_category("空の部", "empty", description=ODD, notice=ODD, position=7)
    make_category("使う部", "used", position=7)
    face = store_image(png("pink"), alt="似顔絵")
    make_author("寄稿者", "someone-else", bio=ODD, links="公式 https://example.jp/\r\n", avatar=face)
    set_spellings(Tag.objects.create(name="C++", slug="cpp", description=ODD), ["シープラプラ", "CPP|'\"", "=1+1"])
    TagGroup.objects.create(name="空の群", position=2)
    group = TagGroup.objects.create(name=ODD.replace("\r\n\r\n", " ").strip(), position=5)
    Tag.objects.create(name="使わない", slug="unused", group=group, position=3)
    Tag.objects.create(name="順番なし", slug="last", group=group)
    make_post(tags=["C++"])
    assert_survives(out)


def test_pictures_keep_their_bytes_and_their_texts(site, out):
    """A photograph that is encoded again would become another picture with another address."""
    site.root.joinpath("assets").mkdir()
    site.root.joinpath("assets/photo.jpg").write_bytes(jpeg("old"))
    site.write("2026-04-01-article.md", "![図](/assets/photo.jpg)\n")
    site.run()
    Image.objects.update(alt="古い写真", caption=ODD, credit="撮影: 誰か", focus_x=20, focus_y=0)
    photo = store_image(jpeg("new"), name="IMG_1.jpg", alt="新しい写真", caption="説明", credit="撮影")
    make_post(lead_image=photo, body=f"![図](/media/{photo.file.name})\n")
    store_image(png("gold"), alt="使っていない")
    assert_survives(out)


def test_static_pages_come_back_as_they_are(out):
    photo = store_image(png("navy"))
    make_page("/about/", "運営: について", description="説明", footer_position=0)
    make_page("/about/privacy/", body="{{ x }} {: .y}\r\n[a](/about)  \n", footer_position=3)
    make_page("/empty/", body="")
    make_page("/about-privacy/", body=f"![図](/media/{photo.file.name})", is_published=False)
    Page.objects.update(updated_at=datetime(2026, 3, 1, 2, 3, 4, 567, tzinfo=UTC))
    assert_survives(out)
    assert sorted(path.name for path in (out / "_pages").iterdir()) == [
        "about-privacy-2.md",
        "about-privacy.md",
        "about.md",
        "empty.md",
    ]


def test_redirects_come_back_also_where_the_name_of_a_file_would_take_their_path(site, out):
    site.write("2026-04-01-article.md", date="2026-04-01 16:00:00 +0000")
    site.run()
    Permalink.objects.filter(path="/2026/04/01/article/").delete()
    for path, target in (("/2026/04/01/article/", "/tags/今/"), ("/tags/以前/", "/tags/今/"), ("/old", "/about/")):
        Permalink.objects.create(path=path, target=target)
    for path, target in (("/kurz/", make_post().path), ("/lang/", "/tags/")):  # an editor may delete them again
        Permalink.objects.create(path=path, target=target, is_handmade=True)
    assert_survives(out)


def test_front_page_comes_back_as_it_was_picked(site, out):
    site.write("2026-04-01-imported.md")
    site.run()
    section = make_category()
    one, two, scheduled = make_post("一"), make_post("二"), make_post("三", at=timezone.now() + timedelta(days=1))
    until = timezone.now() + timedelta(days=3, microseconds=7)
    for position, post in enumerate((two, Post.objects.get(source__isnull=False), scheduled)):
        FrontPick.objects.create(post=post, position=position, until=until)
    FrontPick.objects.create(post=one, category=section)
    assert_survives(out)


def test_what_readers_were_told_of_changes_comes_back(site, out):
    site.write("2026-04-01-imported.md", "値は1です。\n")
    site.run()
    editor = make_user(is_superuser=True)
    for post, body in ((Post.objects.get(), "値は2です。\n"), (make_post(body="甲。"), '「乙」,"丙"。')):
        post.body = body
        save_post(post)
        amend(newest_read(post), kind="correction", note="数字を,\n直した。", by=editor)
    assert_survives(out)


def test_marking_alone_leaves_the_file_as_it_was_imported(site, out):
    name = "2026-04-01-imported.md"
    site.write(name, "値は1です。\n")
    site.run()
    raw, post = (site.root / "_posts" / name).read_bytes(), Post.objects.get()
    for body in ("値は2です。\n", post.body):
        post.body = body
        save_post(post)
    amend(newest_read(post), kind="update", note="元に戻した。", by=make_user(is_superuser=True))
    export_jekyll(out)
    assert (out / "_posts" / name).read_bytes() == raw


def test_every_field_that_somebody_can_fill_in_is_in_an_export_or_named_here():
    """A new field fails this test until it is exported, or listed here with the reason why it is not."""
    carried = {
        **{model: {*table.columns} for model, table in NAMED.items()},
        Image: {*IMAGES.columns},
        Amendment: {"post", *AMENDMENTS.columns[1:]},
        FrontPick: {"post", "category", "position", "until"},
        TagGroup: {*TAG_GROUPS.columns},
        Page: {"path", "title", "description", "body", "is_published", "footer_position"},
        Post: {*CONTENT, "published_at", "status"},
    }
    stays = {Author: {"user"}, Amendment: {"revision"}}  # a login; the history does not come back
    for model, names in carried.items():
        fields = {field.name for field in model._meta.get_fields() if not field.auto_created and field.editable}
        assert fields - names == stays.get(model, set()), model
