"""Merging tags: the rows, the counts and the ledger; and how the names of merged tags are found."""

import pytest
from django.test import TestCase

from blog.editing.renaming import merge_tags, save_moved
from blog.editing.saving import save_post
from blog.models import Tag
from blog.queries.tags import find_tags
from tests.factories import make_draft, make_post


def tag(name):
    return Tag.objects.get(name=name)


class MergeTests(TestCase):
    def test_merging_into_a_deleted_tag_changes_nothing(self):
        make_post(tags=["A"])
        gone = Tag.objects.create(name="B", slug="b")
        Tag.objects.filter(pk=gone.pk).delete()
        with pytest.raises(Tag.DoesNotExist):
            merge_tags([tag("A")], gone)
        assert tag("A").tagged_posts.count() == 1


@pytest.mark.sqlite
class NameTests(TestCase):
    def found(self, *names):
        return {name: tag.name for name, tag in find_tags(names).items()}

    def test_name_is_found_as_it_is_spelt_before_another_case(self):
        Tag.objects.create(name="AI", slug="ai")
        Tag.objects.create(name="ai", slug="ai-2")
        assert self.found("ai", "AI", "Ai") in (
            {"ai": "ai", "AI": "AI", "Ai": "ai"},
            {"ai": "ai", "AI": "AI", "Ai": "AI"},
        )

    @pytest.mark.postgresql
    def test_case_of_letters_beyond_ascii_does_not_matter(self):
        for name in ("Élan*", "Ωμέγα", "elan"):
            Tag.objects.create(name=name)
        assert self.found("élan*", "ΩΜΈΓΑ", "ÉLA", "ÉLANN") == {"élan*": "Élan*", "ΩΜΈΓΑ": "Ωμέγα"}

    def test_name_that_was_renamed_or_merged_leads_to_what_it_became(self):
        make_post(tags=["旧", "新", "別"])
        merge_tags([tag("旧")], tag("新"))
        renamed = tag("新")
        renamed.name, renamed.slug = "最新", "saishin"
        save_moved(renamed)
        assert self.found("旧", "新", "別", "無い") == {"旧": "最新", "新": "最新", "別": "別"}

    def test_saving_with_two_names_of_one_tag_gives_it_once(self):
        make_post(tags=["旧", "新"])
        merge_tags([tag("旧")], tag("新"))
        post = save_post(make_draft(), tags=["旧", "新"])
        assert [row.tag.name for row in post.tagged_posts.all()] == ["新"]
