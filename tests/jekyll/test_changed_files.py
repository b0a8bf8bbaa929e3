"""Files that changed after their import, and articles that the desk changed too."""

from datetime import UTC, datetime

import pytest

from blog.editing.pending import save_pending
from blog.editing.saving import save_post
from blog.jekyll import importing as importer
from blog.models import Author, Permalink, Post, Tag
from blog.pictures.uploads import store_image
from tests.factories import make_post, make_user
from tests.jekyll.site import article, edit, png, rows

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NAME = "2026-04-01-article.md"
LATE = "2026-04-01 16:00:00 +0000"  # the second of April in Tokyo


@pytest.mark.postgresql
def test_a_changed_file_updates_a_post_that_the_desk_left_alone(site):
    site.write(NAME, date=LATE)
    site.run()
    guid = article(NAME).guid
    site.write(
        NAME, "新しい。\n", title="新", date="2026-04-05", tags=["LLM", "AI"], categories=["技術"], guid="urn:x:1"
    )
    report = site.run()
    post = article(NAME)

    assert (report.updated, report.created) == (1, 0)
    assert (post.title, post.body, post.category.slug) == ("新", "新しい。\n", "tech")
    assert [tag.name for tag in post.tag_list] == ["LLM", "AI"]
    assert (post.path, post.guid) == ("/2026/04/02/article/", guid)
    assert post.updated_at > post.published_at
    assert site.run().unchanged == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "机"),
        ("excerpt", "机"),
        ("description", "机"),
        ("body", "本文。 \n"),
        ("noindex", True),
        ("in_sitemap", False),
        ("canonical_url", "https://x.example/"),
        ("published_at", datetime(2026, 3, 1, tzinfo=UTC)),
        ("status", Post.Status.DRAFT),
        ("slug", "other"),
    ],
)
def test_what_both_changed_stays_the_desks_and_is_reported_until_it_is_settled(site, field, value):
    site.write(NAME)
    site.run()
    edit(NAME, **{field: value})
    site.write(NAME, "ファイル。\n", tags=["新しい"])
    before = rows()
    name = "path" if field == "slug" else field
    for _ in range(2):
        report = site.run()
        assert (report.updated, report.unchanged) == (0, 0)
        assert [item["file"] for item in report.conflicts] == [NAME]
        assert report.conflicts[0]["reason"].endswith(f": {name}")
        assert rows() == before


def test_tags_authors_and_related_articles_changed_at_the_desk_are_conflicts(site):
    site.write(NAME)
    site.run()
    post = article(NAME)
    post.author = Author.objects.create(name="別人", slug="other")
    save_post(post, tags=["AI", "机"], related=[(make_post(), "")])
    site.write(NAME, "ファイル。\n")

    assert site.run().conflicts[0]["reason"].endswith(": author, related, tags")


def test_overwrite_takes_the_file_and_settles_the_conflict(site):
    site.write(NAME)
    site.run()
    edit(NAME, title="机", body="机")
    save_post(article(NAME), related=[(make_post(), "")])
    site.write(NAME, "ファイル。\n")
    report = site.run(overwrite=True)

    assert (report.updated, report.conflicts) == (1, [])
    assert (article(NAME).title, article(NAME).body) == ("題", "ファイル。\n")
    assert not article(NAME).related_rows.exists()
    assert site.run().unchanged == 1


@pytest.mark.postgresql
def test_an_edit_saved_between_comparing_and_writing_is_not_lost(site, monkeypatch):
    site.write(NAME)
    site.run()
    site.write(NAME, "ファイル。\n")
    assign = importer.assign

    def edit_meanwhile(*args):
        edit(NAME, title="その間に")
        return assign(*args)

    monkeypatch.setattr(importer, "assign", edit_meanwhile)
    report = site.run()

    assert (report.updated, len(report.conflicts), article(NAME).title) == (0, 1, "その間に")


def test_a_file_that_changes_during_the_import_is_left_for_the_next_run(site, monkeypatch):
    site.write(NAME)
    assign = importer.assign

    def change_meanwhile(*args):
        site.write(NAME, "その間に。\n")
        return assign(*args)

    monkeypatch.setattr(importer, "assign", change_meanwhile)
    report = site.run()
    monkeypatch.undo()

    assert "changed during the import" in report.failed[0]["reason"]
    assert site.run().created == 1


def test_what_was_public_is_not_taken_into_the_future(site):
    site.write(NAME)
    site.run()
    site.write(NAME, "二\n", date="2126-01-01")
    report = site.run()

    assert article(NAME).is_public
    assert report.findings["future_date"] == 1


def test_a_permalink_written_later_moves_the_article_and_its_old_path_leads_there(site):
    site.write(NAME)
    site.run()
    site.write(NAME, permalink="/2026/04/01/better/")
    site.run()

    assert article(NAME).path == "/2026/04/01/better/"
    assert Permalink.objects.get(path="/2026/04/01/article/").post == article(NAME)


def test_a_file_can_withdraw_and_publish_its_article(site):
    site.write(NAME)
    site.run()
    site.write(NAME, published=False)
    site.run()
    assert (article(NAME).status, article(NAME).path) == (Post.Status.DRAFT, "/2026/04/01/article/")
    site.write(NAME)
    site.run()

    assert article(NAME).is_public


# --- names that the desk changed ---


@pytest.mark.postgresql
def test_a_tag_merged_at_the_desk_is_not_made_anew(site):
    site.write("2026-04-01-a.md", tags=["AI", "人工知能"])
    site.run()
    gone, kept = Tag.objects.get(name="AI"), Tag.objects.get(name="人工知能")
    save_post(article("2026-04-01-a.md"), tags=["人工知能"])
    Permalink.objects.lead(f"/tags/{gone.slug}/", to=f"/tags/{kept.slug}/")
    gone.delete()
    site.write("2026-04-01-a.md", "二\n", tags=["AI", "人工知能"])
    site.write("2026-04-02-b.md", date="2026-04-02", tags=["AI"])
    report = site.run()

    assert (report.updated, report.created, report.conflicts) == (1, 1, [])
    assert list(Tag.objects.all()) == [kept]


@pytest.mark.postgresql
def test_a_draft_that_the_desk_deleted_stays_away_until_its_file_is_taken_over_it(site):
    site.write(NAME, published=False)
    site.run()
    article(NAME).delete()
    before = rows()
    assert site.run().unchanged == 1
    assert rows() == before

    site.write(NAME, "新しい。\n", published=False)
    assert [conflict["file"] for conflict in site.run().conflicts] == [NAME]
    assert not Post.objects.exists()
    assert site.run(overwrite=True).created == 1
    assert article(NAME).body == "新しい。\n"


# --- fields that the old site did not know: a lead image, a correction ---


def test_what_no_file_says_is_the_desks_and_no_conflict(site):
    site.write(NAME)
    site.run()
    edit(NAME, lead_image=store_image(png()), correction="訂正。", is_sponsored=True, key_points="一\n二")
    site.write(NAME, "新しい。\n")
    assert site.run().updated == 1
    post = article(NAME)
    assert (post.body, post.correction, post.lead_image is None) == ("新しい。\n", "訂正。", False)
    assert post.key_points == "一\n二"


def test_what_a_file_says_follows_the_file_and_goes_with_it(site):
    site.write_image("/assets/lead.png")
    site.write(NAME, lead_image="assets/lead.png", correction="訂正。", sponsored=True, key_points=["一", "二"])
    site.run()
    post = article(NAME)
    assert post.key_points == "一\n二"
    assert (post.lead_image.width, post.correction, post.is_sponsored, post.share_image) == (4, "訂正。", True, None)
    site.write(NAME)
    assert site.run().updated == 1
    post = article(NAME)
    assert (post.lead_image, post.correction, post.is_sponsored, post.key_points) == (None, "", False, "")


def test_a_changed_file_does_not_pass_over_a_version_that_waits_for_its_release(site):
    site.write(NAME, "一。\n")
    site.run()
    post = article(NAME)
    post.body = "公開前の本文。\n"
    save_pending(post, by=make_user(is_superuser=True), tags=[], related=[], expected_version=post.version)
    site.write(NAME, "二。\n")

    (conflict,) = site.run().conflicts
    assert conflict["reason"].endswith(": pending_revision")
    assert article(NAME).body == "一。\n"

    assert site.run(overwrite=True).updated == 1
    post = article(NAME)
    assert (post.body, post.pending_revision) == ("二。\n", None)
    history = post.revisions.order_by("number")
    assert [(revision.kind, revision.snapshot["body"]) for revision in history] == [
        ("original", "一。\n"),
        ("pending", "公開前の本文。\n"),
        ("imported", "二。\n"),
    ]
