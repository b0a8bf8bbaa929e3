"""Taking snapshots, comparing them and putting them back."""

import pytest
from django.test import TestCase

from blog.editing.fields import CONTENT
from blog.editing.renaming import save_moved
from blog.editing.saving import save_post
from blog.editing.snapshots import apply_snapshot, differences, stored_snapshot
from blog.models import Post, Tag
from tests.factories import make_author, make_category, make_draft, make_image, make_post

pytestmark = pytest.mark.sqlite

CHANGES = {
    "title": "別の題",
    "excerpt": "別のリード",
    "key_points": "一つ目\n二つ目",
    "body": "別の本文\r\n",
    "slug": "another",
    "description": "別の説明",
    "canonical_url": "https://first.example/",
    "correction": "訂正しました。",
    "is_sponsored": True,
    "noindex": True,
    "in_sitemap": False,
}


def changed_post() -> Post:
    """A post in which no field has its default."""
    return make_draft(
        author=make_author("調査班", "research"),
        category=make_category("政策", "policy"),
        lead_image=make_image("red"),
        share_image=make_image("blue"),
        pillar=make_post("まとめ"),
        tags=["B", "A"],
        **CHANGES,
    )


class SnapshotTests(TestCase):
    @pytest.mark.postgresql
    def test_it_comes_back_as_it_was(self):
        post, other = changed_post(), make_post("関連")
        save_post(post, related=[(other, "理由")])
        before, blank = stored_snapshot(post), make_draft(slug="blank")
        contents = apply_snapshot(blank, before)
        assert contents == (["B", "A"], [(other, "理由")], [])
        save_post(blank, tags=contents.tags, related=contents.related)
        blank = Post.objects.get(pk=blank.pk)
        assert differences(before, stored_snapshot(blank)) == []
        assert blank.body == CHANGES["body"]  # with its line ends
        assert {name for name in CONTENT if not before[name]} == {"in_sitemap"}

    def test_line_ends_are_no_change(self):
        before = stored_snapshot(make_draft(body="一\r\n二\r", excerpt="一\r\n二"))
        assert differences(before, {**before, "body": "一\n二\n", "excerpt": "一\n二"}) == []

    def test_each_change_is_found(self):
        post = make_draft(tags=["A"])
        before = stored_snapshot(post)
        for name, value in CHANGES.items():
            with self.subTest(name):
                assert differences(before, {**before, name: value}) == [name]
        save_post(post, tags=["A", "B"], related=[(make_post(), "")])
        assert differences(before, stored_snapshot(post)) == ["tags", "related"]

    def test_renamed_rows_are_the_same(self):
        post = changed_post()
        before = stored_snapshot(post)
        for row, name in ((post.author, "新しい署名"), (post.category, "新部門"), (Tag.objects.get(name="A"), "C")):
            row.name = name
            save_moved(row)
        assert differences(before, stored_snapshot(Post.objects.get(pk=post.pk))) == []

    def test_field_that_an_old_snapshot_does_not_know_is_left_alone(self):
        post = make_draft(title="題")
        old = stored_snapshot(post)
        del old["correction"], old["pillar"]
        post.correction = "訂正"
        apply_snapshot(post, old)
        assert post.correction == "訂正"
        assert differences(old, stored_snapshot(post)) == []


class GoneTests(TestCase):
    """Rows that a snapshot names and that no longer exist."""

    def put_back(self, post: Post, snapshot: dict) -> tuple[Post, list[str]]:
        contents = apply_snapshot(post, snapshot)
        save_post(post, tags=contents.tags, related=contents.related)
        return Post.objects.get(pk=post.pk), contents.missing

    @pytest.mark.postgresql
    def test_they_are_named_and_the_post_stays_whole(self):
        post, pillar, image = make_draft(), make_draft("まとめ"), make_image("red")
        author, category = make_author("去った人", "gone"), make_category("閉じた部門", "closed")
        kept = (post.author, post.category)
        post.author, post.category, post.pillar, post.lead_image = author, category, pillar, image
        save_post(post, related=[(pillar, "")])
        snapshot = stored_snapshot(post)
        post.author, post.category = kept
        post.pillar = post.lead_image = None
        save_post(post, related=[])
        for row in (author, category, pillar, image):
            row.delete()
        post, missing = self.put_back(post, snapshot)
        assert (post.author, post.category, post.pillar, post.lead_image) == (*kept, None, None)
        assert not post.related_rows.exists()
        assert missing == [
            "セクション「閉じた部門」",
            "著者「去った人」",
            "リード画像「red.png」",
            "まとめ記事「まとめ」",
            "関連記事「まとめ」",
        ]

    def test_tag_that_was_renamed_comes_back_by_its_new_name(self):
        post = make_draft(tags=["旧"])
        snapshot, tag = stored_snapshot(post), Tag.objects.get()
        save_post(post, tags=[])
        tag.name = "新"
        save_moved(tag)
        post, _ = self.put_back(post, snapshot)
        assert [tag.name for tag in post.tag_list] == ["新"]
