"""Tags at the desk: renamed and merged after a confirmation, and proposed while an editor types."""

from urllib.parse import unquote

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from blog.editing.permissions import WRITER
from blog.models import Permalink, Tag
from tests.admin.desk import DeskCase, errors_of, save, url_of
from tests.factories import make_draft, make_post, make_user

LIST, SUGGESTIONS = reverse("admin:blog_tag_changelist"), reverse("desk:tag_suggestions")


def names_of(post):
    return [row.tag.name for row in post.tagged_posts.order_by("pk").select_related("tag")]


@pytest.mark.sqlite
class RenameTests(DeskCase):
    def test_tag_in_use_is_renamed_after_its_count_was_seen(self):
        posts = [make_post(tags=["前", "旧", "後"]), make_draft(tags=["旧"])]
        tag = Tag.objects.get(name="旧")
        response = save(self.client, url_of(tag), name="新", slug="新")
        assert "2件の記事" in errors_of(response)["__all__"][0]
        self.assertContains(response, "旧（/tags/旧/）")
        self.saved(tag, name="新", slug="新", confirmed="新 /tags/新/")
        assert [names_of(post) for post in posts] == [["前", "新", "後"], ["新"]]
        for old, new in (("/tags/旧/", "/tags/新/"), ("/tags/旧/feed.xml", "/tags/新/feed.xml")):
            assert unquote(Client().get(old)["Location"]) == new

    def test_name_of_another_tag_is_refused_with_the_way_to_merge(self):
        make_post(tags=["A", "B"])
        assert "統合する" in self.refused(Tag.objects.get(name="A"), name="b")["name"][0]


class SpellingTests(DeskCase):
    def test_other_spellings_are_kept_in_order_and_folded_for_the_search(self):
        tag = self.added(Tag, name="NVIDIA", other_spellings="エヌビディア、ｎｖｉｄｉａ，Nvidia Corp. 、エヌビデア")
        assert tag.other_spellings == ["エヌビディア", "Nvidia Corp.", "エヌビデア"]
        assert [row.key for row in tag.spellings.all()] == ["エヌビディア", "nvidia corp.", "エヌビデア"]
        assert self.saved(tag, description="説明").other_spellings == ["エヌビディア", "Nvidia Corp.", "エヌビデア"]
        assert self.saved(tag, other_spellings="後、前").other_spellings == ["後", "前"]
        assert self.saved(tag, other_spellings="").other_spellings == []

    def test_tag_is_found_in_the_list_by_another_spelling(self):
        self.added(Tag, name="NVIDIA", other_spellings="エヌビディア、エヌビデア")
        Tag.objects.create(name="別")
        found = self.client.get(LIST, {"q": "エヌビ"}).context["cl"].result_list
        assert [tag.name for tag in found] == ["NVIDIA"]

    def test_spelling_that_means_another_tag_is_refused_and_nothing_is_saved(self):
        make_post(tags=["大規模言語モデル", "LLM"])
        llm = Tag.objects.get(name="LLM")
        self.added(Tag, name="NVIDIA", other_spellings="エヌビディア")
        for text, told in (
            ("大規模言語モデル", "「大規模言語モデル」というタグです"),
            ("基盤モデル、ｴﾇﾋﾞﾃﾞｨｱ", "「NVIDIA」の別表記です"),
            ("長" * 101, "100字まで"),
            ("ﷺ" * 10, "100字まで"),  # becomes 180 characters
            ("、".join(f"書き方{number}" for number in range(31)), "30個まで"),
            ("a\x00", "U+0000"),
        ):
            with self.subTest(text):
                assert told in "".join(self.refused(llm, other_spellings=text, description="説明")["other_spellings"])
        assert (llm.other_spellings, Tag.objects.get(name="LLM").description) == ([], "")

    def test_emptied_url_name_of_a_tag_is_made_anew(self):
        tag = self.added(Tag, name="生成AI", slug="old")
        assert self.saved(tag, slug="").slug == "生成ai"

    @pytest.mark.sqlite
    def test_merged_tags_give_their_spellings_to_the_one_that_stays(self):
        for name, spellings in (("NVIDIA", "エヌビディア"), ("Nvidia社", "エヌビデア")):
            self.added(Tag, name=name, other_spellings=spellings)
        into = Tag.objects.get(name="NVIDIA")
        keys = [tag.pk for tag in Tag.objects.all()]
        self.client.post(LIST, {"action": "merge", "_selected_action": keys, "into": "NVIDIA", "confirmed": "1"})
        assert into.other_spellings == ["エヌビディア", "エヌビデア"]


class MergeTests(DeskCase):
    def merge(self, *names, into=None, **more):
        tags = [Tag.objects.get(name=name).pk for name in names]
        told = {"into": into, "confirmed": "1"} if into is not None else {}
        return self.client.post(LIST, {"action": "merge", "_selected_action": tags, **told, **more})

    def test_counts_are_shown_before_anything_happens_and_the_commonest_is_proposed(self):
        make_post(tags=["生成AI", "Generative AI"])
        make_draft(tags=["生成AI"])
        response = self.merge("Generative AI", "生成AI")
        self.assertContains(response, "合わせて2件")
        self.assertContains(response, "生成AI（2件）")
        self.assertContains(response, "Generative AI（1件）")
        self.assertContains(response, 'value="生成AI"')
        assert Tag.objects.count() == 2

    def test_merged_tags_are_one_and_the_order_of_each_article_stays(self):
        posts = [make_post(tags=tags) for tags in (["X", "A", "Y"], ["A", "X", "B"], ["B", "Y"], ["Y"])]
        response = self.client.post(
            LIST,
            {
                "action": "merge",
                "_selected_action": [Tag.objects.get(name=name).pk for name in "AB"],
                "into": "B",
                "confirmed": "1",
            },
            follow=True,
        )
        self.assertContains(response, "「A」を「B」に統合しました（記事2件）。")
        assert [names_of(post) for post in posts] == [["X", "B", "Y"], ["B", "X"], ["B", "Y"], ["Y"]]
        assert not Tag.objects.filter(name="A").exists()
        assert LogEntry.objects.filter(object_repr="A").exists()

    def test_pages_and_feeds_of_the_merged_lead_on(self):
        make_post(tags=["A", "B"])
        self.merge("A", "B", into="B")
        for old, new in (("/tags/a/", "/tags/b/"), ("/tags/a/feed.xml", "/tags/b/feed.xml")):
            response = Client().get(old)
            assert (response.status_code, response["Location"]) == (301, new)
        make_post(tags=["C"])
        self.merge("B", into="C")
        assert Permalink.objects.get(path="/tags/a/").target == "/tags/c/"

    def test_what_is_no_known_tag_is_refused_in_words_and_merges_nothing(self):
        make_post(tags=["A", "B"])
        for into in ("", "無い", "A、B", "、", "長" * 200, "a\x00"):
            with self.subTest(into):
                response = self.merge("A", into=into)
                assert response.context["form"].errors["into"]
        assert "同じ" in self.merge("A", into="A").context["form"].errors["into"][0]
        assert Tag.objects.count() == 2

    @pytest.mark.sqlite
    def test_name_of_a_merged_tag_is_not_made_anew_when_a_writer_types_it(self):
        make_post(tags=["旧", "新"])
        self.merge("旧", "新", into="新")
        draft = make_draft()
        assert names_of(self.saved(draft, tag_names="旧、別、新")) == ["新", "別"]

    def test_writer_merges_and_renames_nothing(self):
        make_post(tags=["A", "B"])
        for user in (make_user("writer", role=WRITER), make_user("tagger", permissions=("view_tag", "change_tag"))):
            self.client.force_login(user)
            assert (
                "merge" not in dict(self.client.get(LIST).context["action_form"].fields["action"].choices)
                if (self.client.get(LIST).context["action_form"])
                else True
            )
            self.merge("A", "B", into="B")
            assert Tag.objects.count() == 2


@pytest.mark.sqlite
@pytest.mark.django_db
class TestSuggestions:
    def ask(self, text, user):
        client = Client()
        client.force_login(user)
        return client.get(SUGGESTIONS, {"q": text})

    def found(self, text):
        writer = User.objects.filter(username="writer").first() or make_user("writer", role=WRITER)
        return self.ask(text, writer).json()["tags"]

    def test_tags_that_begin_with_the_text_stand_first_then_the_commonest(self):
        make_post(tags=["AI倫理", "生成AI"])
        make_post(tags=["生成AI", "AI"])
        make_post(tags=["AI", "半導体", "GAI"])
        assert self.found("AI") == ["AI", "AI倫理", "生成AI", "GAI"]
