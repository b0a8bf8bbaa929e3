"""Export and import of the data of the site, and of random sites."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as PILImage

from blog.editing.fields import CONTENT
from blog.editing.saving import add_alias, save_post
from blog.editing.tags import set_spellings
from blog.editing.versions.amendments import amend, newest_read
from blog.jekyll.exporting import export_jekyll
from blog.jekyll.tables import AMENDMENTS, IMAGES, NAMED, TAG_GROUPS
from blog.models import Amendment, Author, FrontPick, Image, Page, Permalink, Post, Tag, TagGroup
from blog.pictures.uploads import store_image
from blog.text.japanese import normalise
from tests.factories import make_author, make_category, make_draft, make_page, make_post, make_user
from tests.jekyll.exporting.state import assert_survives, empty_site
from tests.jekyll.site import Site, article, png

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


def test_tables_are_csv_that_any_reader_takes(out):
    set_spellings(Tag.objects.create(name="AI", slug="ai", description=ODD), ["人工知能", "エーアイ"])
    export_jekyll(out)
    with (out / "_data/tags.csv").open(newline="") as stream:
        assert list(csv.DictReader(stream)) == [
            {
                "name": "AI",
                "slug": "ai",
                "description": ODD,
                "group": "",
                "position": "",
                "other_spellings": "人工知能｜エーアイ",
            }
        ]


# --- random sites ---

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(normalise)
words = texts.map(lambda text: " ".join(text.split()))
typed = texts.map(str.strip)  # as forms leave it: spaces at the ends are no edit of an imported article
articles = st.fixed_dictionaries(
    {
        "title": words,
        "excerpt": typed,
        "description": typed,
        "correction": typed,
        "key_points": st.lists(words.filter(bool), max_size=5).map("\n".join),
        "body": st.one_of(texts, st.sampled_from(["{{ x }}", "{: .y}\n", "[a](/2026/03/01/imported/)", "---\n"])),
        "tags": st.lists(words, max_size=3),
        "state": st.sampled_from(list(Post.State)),
        "is_imported": st.booleans(),
        "day": st.integers(1, 5),
        "is_moved": st.booleans(),
        "is_redated": st.booleans(),
        "picture": st.sampled_from(["", "share_image", "lead_image"]),
        "noindex": st.booleans(),
        "in_sitemap": st.booleans(),
        "is_sponsored": st.booleans(),
        "links": st.lists(st.integers(0, 3), max_size=2, unique=True),
    }
)
named = st.lists(st.tuples(words, texts, texts), max_size=2)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(articles, min_size=1, max_size=4), named, named, named, st.lists(st.tuples(words, texts), max_size=3))
def test_any_site(tmp_path_factory, rows, sections, authors, tags, pages):
    root = tmp_path_factory.mktemp("generated")
    empty_site()
    for number, (name, first, second) in enumerate(sections):
        make_category(f"部{number} {name}".strip(), f"section-{number}", description=first, notice=second)
    for number, (name, bio, _) in enumerate(authors):
        make_author(f"署名{number} {name}".strip(), f"byline-{number}", bio=bio)
    for number, (name, description, _) in enumerate(tags):
        Tag.objects.create(name=f"札{number} {name}".strip(), slug=f"tag-{number}", description=description)
    posts = [make_article(Site(root / f"old-{number}"), number, **row) for number, row in enumerate(rows)]
    for post, row in zip(posts, rows, strict=True):
        link_article(post, [posts[number] for number in row["links"] if number < len(posts)])
    for number, (title, body) in enumerate(pages):
        make_page(f"/page-{number}/", title or "題", body=body, is_published=bool(number % 2))
        Permalink.objects.create(path=f"/old-page-{number}/", target=f"/page-{number}/")
    assert_survives(root / "out")


def make_article(
    site: Site, number: int, *, title, tags, state, is_imported, day, is_moved, is_redated, picture, links, **fields
) -> Post:
    post = import_article(site, number, state, day) if is_imported else make_draft(slug=f"article-{number}")
    for field, value in fields.items():
        setattr(post, field, value)
    post.title = f"{number} {title}".strip()
    if picture:
        setattr(post, picture, store_image(png(["red", "green", "blue", "black"][number])))
    enter(post, state, number)
    if is_moved:
        post.slug = f"moved-{number}"
    if is_redated and post.was_public:
        post.redate(post.published_at - timedelta(weeks=number + 1) + timedelta(seconds=number))  # a day of its own
    save_post(post, tags=[f"{number} {tag}".strip() for tag in tags])
    if post.was_public:
        add_alias(post, f"/old/{number}/")
    return post


def import_article(site: Site, number: int, state: Post.State, day: int) -> Post:
    """Articles with one slug, so that the days of their files and of their addresses collide."""
    name = f"2026-03-0{number + 1}-imported.md"
    is_published = state not in (Post.State.DRAFT, Post.State.IN_REVIEW)
    site.write(name, title="前", date=f"2026-03-0{day}", tags=["AI"], published=is_published)
    site.run()
    return article(name)


def enter(post: Post, state: Post.State, number: int) -> None:
    """Brings a draft or a public article into `state`."""
    at = timezone.now() + timedelta(days=number + 1)
    if state == Post.State.IN_REVIEW:
        post.status = Post.Status.IN_REVIEW
    elif state == Post.State.SCHEDULED and not post.was_public:
        post.publish(at)
    elif state in (Post.State.PUBLISHED, Post.State.WITHDRAWN):
        post.publish(None if post.was_public else at - timedelta(days=30))
        if state == Post.State.WITHDRAWN:
            post.unpublish()


def link_article(post: Post, others: list[Post]) -> None:
    post.pillar = next((other for other in others if other != post), None)
    save_post(post, related=[(other, f"理由: {other.title}"[:300]) for other in others])
