"""Pictures of the old site, in the front matter and in bodies."""

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from blog.models import Image, Permalink
from tests.jekyll.site import article

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NAME = "2026-04-01-article.md"
OLD = "/assets/images/posts/図-ogp.png"


def ledger() -> dict[str, str]:
    return dict(Permalink.objects.filter(target__gt="").values_list("path", "target"))


def test_the_picture_of_the_front_matter_is_for_cards_and_never_on_the_page(site):
    site.write_image(OLD)
    site.write(NAME, image=OLD)
    report = site.run()
    post = article(NAME)

    assert (post.share_image.width, post.share_image.height, post.lead_image) == (4, 3, None)
    assert post.share_image.original_name == "図-ogp.png"
    assert (report.missing_images, report.failed) == ([], [])


@pytest.mark.postgresql
def test_the_old_path_leads_to_the_stored_file(site, client):
    site.write_image(OLD)
    site.write(NAME, image=OLD)
    site.run()

    assert ledger() == {OLD: article(NAME).share_image.file.url}


def test_pictures_of_a_body_are_stored_and_shown_from_there_with_their_size(site):
    site.write_image("/assets/図.png")
    site.write(NAME, '![図](/assets/図.png "題")\n\n<img src="/assets/%E5%9B%B3.png" alt="">\n')
    report = site.run()
    url = Image.objects.get().file.url

    assert article(NAME).body == f'![図]({url} "題")\n\n<img src="{url}" alt="">\n'
    assert 'width="4" height="3"' in article(NAME).body_html
    assert report.rewritten_links == 2
    assert ledger() == {"/assets/図.png": url}


def test_a_stored_picture_whose_file_is_gone_is_reported_and_the_rest_comes(site):
    site.write_image("/a.png", "teal")
    site.write(NAME, image="/a.png")
    site.run()
    default_storage.delete(Image.objects.get().file.name)
    site.write("2026-04-02-b.md", "![x](/a.png)\n")
    report = site.run()

    assert (report.created, [(item["file"], item["line"]) for item in report.failed]) == (1, [("2026-04-02-b.md", 10)])
    assert "gone" in report.failed[0]["reason"]


def test_a_missing_picture_is_reported_once_and_the_article_is_there(site):
    site.write(NAME, "![x](/none.png)\n", image="/none.png")
    report = site.run()

    assert (report.created, report.missing_images, report.failed) == (1, ["/none.png"], [])
    assert article(NAME).body == "![x](/none.png)\n"


@pytest.mark.parametrize("path", ["../secret.png", "/../secret.png", "/assets/../../secret.png", "/link.png"])
@pytest.mark.parametrize("place", ["front matter", "body"])
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_picture_outside_the_tree_is_never_read_and_has_its_line(site, tmp_path, path, place, dry_run):
    (tmp_path / "secret.png").write_bytes(site.write_image("/ours.png"))
    (site.root / "link.png").symlink_to(tmp_path / "secret.png")
    (site.root / "assets").mkdir()
    if place == "body":
        site.write(NAME, f"![x]({path})\n")
    else:
        site.write(NAME, image=path)
    report = site.run(dry_run=dry_run)

    (failure,) = report.failed
    assert (failure["file"], failure["line"]) == (NAME, 10 if place == "body" else 9)
    assert "leads out of the tree" in failure["reason"]
    assert report.created == 1
    assert not Image.objects.exists()


@pytest.mark.parametrize("data", [b"", b"<svg onload='x'/>", b"\x89PNG\r\n\x1a\n broken"])
@pytest.mark.parametrize("dry_run", [False, True])
def test_what_is_no_picture_is_reported_and_the_article_is_there(site, data, dry_run):
    (site.root / "a.png").write_bytes(data)
    site.write(NAME, image="/a.png")
    report = site.run(dry_run=dry_run)

    assert (report.created, report.missing_images, len(report.failed)) == (1, ["/a.png"], 1)
    assert report.failed[0]["line"] == 9
    assert not Image.objects.exists()


def test_a_tree_without_its_pictures_takes_none_away(site):
    site.write_image("/a.png")
    site.write(NAME, "![x](/a.png)\n", image="/a.png")
    site.run()
    (site.root / "a.png").unlink()
    site.write(NAME, "新 ![x](/a.png)\n", image="/a.png")
    report = site.run()

    assert (report.updated, report.missing_images) == (1, [])
    assert article(NAME).share_image == Image.objects.get()
    assert settings.MEDIA_URL in article(NAME).body


def test_a_new_picture_under_an_old_name_takes_over_its_path(site):
    site.write_image("/a.png", "red")
    site.write(NAME, image="/a.png")
    site.run()
    site.write_image("/a.png", "green")
    site.write(NAME, "新\n", image="/a.png")
    site.run()

    assert Image.objects.count() == 2
    assert ledger() == {"/a.png": article(NAME).share_image.file.url}
