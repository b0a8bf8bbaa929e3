from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import TestCase
from django.utils import timezone

from blog.editing.permissions import EDITOR
from blog.editing.renaming import merge_tags, save_moved
from blog.editing.saving import (
    NotDeletable,
    PathTaken,
    StaleVersion,
    add_alias,
    delete_posts,
    save_post,
)
from blog.models import Category, Permalink, Post, Tag
from tests.factories import (
    PUBLISHED_AT,
    make_category,
    make_draft,
    make_post,
    make_scheduled,
    make_user,
)

pytestmark = pytest.mark.sqlite


def paths_of(post: Post) -> set[str]:
    return set(post.permalinks.values_list("path", flat=True))


class LedgerTests(TestCase):
    def test_public_path_stays_when_the_slug_changes(self):
        post = make_post(slug="old")
        post.slug = "new"
        save_post(post)
        assert paths_of(post) == {"/2026/04/01/old/", "/2026/04/01/new/"}

    def test_path_that_was_never_public_does_not_stay(self):
        post = make_scheduled(slug="old")
        post.slug = "new"
        save_post(post)
        assert paths_of(post) == {post.path}
        post.unpublish()
        save_post(post)
        assert paths_of(post) == set()

    def test_path_of_another_post_or_redirect_is_refused_and_nothing_is_saved(self):
        add_alias(make_post(slug="owner"), "/2026/04/01/alias/")
        Permalink.objects.lead("/2026/04/01/redirect/", to="/tags/")
        for slug in ("alias", "redirect"):
            post = make_draft(title="前の題", slug=slug)
            post.title = "新しい題"
            post.publish(PUBLISHED_AT)
            with pytest.raises(PathTaken):
                save_post(post)
            assert Post.objects.get(pk=post.pk).title == "前の題"

    def test_alias_that_belongs_to_something_else_is_not_taken(self):
        owner, other = make_post(slug="owner"), make_post(slug="other")
        assert add_alias(owner, "/old/")
        assert add_alias(owner, "/old/")
        assert not add_alias(other, "/old/")
        assert Permalink.objects.get(path="/old/").post == owner


class CanonicalTests(TestCase):
    def test_canonical_url_of_the_post_itself_is_none(self):
        """As that of a page elsewhere it would hide the post from sitemaps."""
        for url in ("/2026/04/01/金利/", f"{settings.SITE_URL}/2026/04/01/%E9%87%91%E5%88%A9/"):
            with self.subTest(url):
                post = make_draft(slug="金利", canonical_url=url)
                post.publish(PUBLISHED_AT)
                save_post(post)
                assert Post.objects.findable().get().canonical_url == ""
                delete_posts([post])

    def test_address_that_leads_to_the_post_is_none(self):
        """In another spelling or form, one that the post had before, or a redirect that an editor made."""
        post = make_post(slug="before")
        add_alias(post, "/old/")
        Permalink.objects.create(path="/short/", target="/2026/04/01/rag/", is_handmade=True)
        Permalink.objects.create(path="/shorter/", target="/short/", is_handmade=True)
        post.slug = "rag"
        for path in (
            *("/2026/04/01/rag", "/2026/04/01/RAG/?a=1#b", "/2026/04/01/rag/index.html", "/2026/04/01/rag/tate/"),
            *("/2026/04/01/rag/index.md", "/2026/04/01/before/", "/2026/04/01/before/tate"),
            *("/old", "/short/", "/shorter/"),
        ):
            with self.subTest(path):
                post.canonical_url = path
                save_post(post)
                assert Post.objects.findable().get().canonical_url == post.canonical_url == ""

    def test_any_other_stays(self):
        for url in ("/2026/04/01/other/", "https://example.com/2026/04/01/rag/", f"{settings.SITE_URL}.example/a/"):
            with self.subTest(url):
                post = make_post(slug="rag", canonical_url=url)
                save_post(post)
                assert Post.objects.get().canonical_url == url
                delete_posts([post])


class TagTests(TestCase):
    def names(self, post: Post) -> list[str]:
        return [tag.name for tag in Post.objects.for_page().get(pk=post.pk).tag_list]

    def test_writers_order_is_kept(self):
        post = make_post(tags=["LLM", "AI・半導体", "Google AI", "C++"])
        assert self.names(post) == ["LLM", "AI・半導体", "Google AI", "C++"]
        save_post(post, tags=["C++", "LLM"])
        assert self.names(post) == ["C++", "LLM"]

    def test_none_leaves_them_and_an_empty_list_takes_them_off(self):
        post = make_post(tags=["LLM"])
        save_post(post)
        assert self.names(post) == ["LLM"]
        save_post(post, tags=[])
        assert self.names(post) == []
        assert Tag.objects.filter(name="LLM").exists()

    def test_name_too_long_is_refused_and_nothing_is_saved(self):
        with pytest.raises(ValidationError):
            make_draft(title="題", tags=["長" * 101])
        assert not Post.objects.exists()


class RelatedTests(TestCase):
    def test_order_and_reason_are_kept_and_the_post_itself_left_out(self):
        post, first, second = make_post(), make_post(), make_post()
        save_post(post, related=[(second, "背景"), (post, "自身"), (first, "")])
        rows = list(post.related_rows.values_list("target_id", "reason"))
        assert rows == [(second.pk, "背景"), (first.pk, "")]


class VersionTests(TestCase):
    def test_second_editor_is_told_and_the_first_ones_text_stays(self):
        mine, theirs = (Post.objects.get(pk=make_draft().pk) for _ in range(2))
        theirs = Post.objects.get(pk=mine.pk)
        began = mine.version
        theirs.title = "先に保存した題"
        save_post(theirs, expected_version=began)
        mine.title = "後から保存した題"
        with pytest.raises(StaleVersion) as caught:
            save_post(mine, expected_version=began)
        assert caught.value.stored.title == "先に保存した題"
        assert Post.objects.get(pk=mine.pk).title == "先に保存した題"


class MoveTests(TestCase):
    def test_old_addresses_of_a_renamed_section_lead_to_the_new_ones(self):
        category = make_category(slug="old")
        category.slug = "new"
        save_moved(category)
        assert dict(Permalink.objects.values_list("path", "target")) == {
            "/category/old/": "/category/new/",
            "/feeds/old.xml": "/feeds/new.xml",
        }

    def test_new_section_at_an_address_that_led_elsewhere_takes_it(self):
        category = make_category(slug="old")
        category.slug = "new"
        save_moved(category)
        save_moved(Category(name="後から", slug="old"))
        assert not Permalink.objects.exists()

    def test_tag_that_was_merged_meanwhile_does_not_come_back(self):
        gone, into = Tag.objects.create(name="甲"), Tag.objects.create(name="乙")
        merge_tags([Tag.objects.get(pk=gone.pk)], into)
        gone.name = "丙"
        with pytest.raises(Tag.DoesNotExist):
            save_moved(gone)
        assert Permalink.objects.get(path="/tags/甲/").target == "/tags/乙/"


class DueTests(TestCase):
    def test_path_of_a_post_that_came_due_stays_when_the_slug_changes(self):
        post = make_scheduled(slug="old", after=timedelta(hours=1))
        Post.objects.filter(pk=post.pk).update(published_at=timezone.now() - timedelta(minutes=1))
        post.refresh_from_db()
        old = post.path
        post.slug = "new"
        save_post(post)
        assert paths_of(post) == {old, post.path}


class DeletionTests(TestCase):
    def test_what_became_public_since_it_was_looked_up_stays_with_all_that_was_to_go_with_it(self):
        editor, seen, other = make_user(role=EDITOR), make_draft("題"), make_draft()
        public = Post.objects.get(pk=seen.pk)
        public.publish(PUBLISHED_AT)
        save_post(public)
        with pytest.raises(NotDeletable) as caught:
            delete_posts([seen, other], by=editor)
        assert caught.value.posts == [public]
        assert Post.objects.count() == 2
        assert paths_of(public) == {public.path}

    def test_deleted_article_does_not_come_back_with_a_save_that_began_before(self):
        post = make_draft()
        delete_posts([Post.objects.get(pk=post.pk)])
        for version in (None, post.version):
            with pytest.raises(Post.DoesNotExist):
                save_post(post, expected_version=version)
        assert not Post.objects.exists()


class LockedTests(TestCase):
    def test_tags_and_related_articles_that_others_change_later_are_not_remembered(self):
        post = make_draft(tags=["A"])
        save_post(post, tags=["A", "B"], related=[(make_post(), "")])
        assert len(post.tag_list) == 2
        save_post(Post.objects.get(pk=post.pk), tags=["C"], related=[])
        save_post(post, by=make_user())
        assert [name for _, name, _ in post.revisions.first().snapshot["tags"]] == ["C"]
        assert post.revisions.first().snapshot["related"] == []
