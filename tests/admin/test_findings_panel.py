"""The desk check beside the text: what a script is answered, and what the form lists without one."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from blog.admin.post.findings import SHOWN
from blog.editing.permissions import EDITOR, WRITER
from blog.editing.versions.pending import save_pending
from blog.models import Post
from blog.text.bounds import MAX_CHARS
from tests.admin.desk import DeskCase, url_of, values_at
from tests.factories import make_author, make_draft, make_in_review, make_post, make_scheduled, make_user

CHECK = reverse("desk:post_check")
MARKED = "はじめの文です。\n\n---END---\n\nおわりの文です。\n"
SOUND = "はじめの文です。\n\nおわりの文です。\n"


def in_units(text: str) -> list[int]:
    """The places of a text that a browser can name, as numbers of code points: one in a pair has none of its own."""
    return [at for at, character in enumerate(text) for _ in range(len(character.encode("utf-16-le")) // 2)] + [
        len(text)
    ]


@pytest.mark.sqlite
class CheckTests(DeskCase):
    def check(self, post=None, **texts):
        fields = {"title": "題", "excerpt": "リード文です。", "description": "", "body": SOUND, **texts}
        return self.client.post(CHECK, {"object": post.pk if post else "", **fields})

    def codes(self, *args, **texts):
        return [finding["code"] for finding in self.check(*args, **texts).json()["findings"]]

    def test_text_in_order_has_no_findings(self):
        assert self.check().json() == {"errors": 0, "warnings": 0, "left": 0, "findings": []}

    def test_finding_says_what_is_wrong_and_where(self):
        answer = self.check(body=MARKED).json()
        finding = answer["findings"][0]
        assert (finding["code"], finding["severity"], finding["line"]) == ("marker", "error", 3)
        assert (finding["field"], finding["place"]) == ("body", "3行目")
        assert "---END---" in finding["excerpt"]
        assert finding["message"]
        assert answer["errors"] == 1

    def test_finding_outside_the_body_names_its_field(self):
        finding = self.check(excerpt="").json()["findings"][0]
        assert (finding["code"], finding["field"], finding["place"]) == ("empty_excerpt", "excerpt", "リード文")

    def test_errors_come_first(self):
        kinds = [finding["severity"] for finding in self.check(body=f"# 見出し\n\n{MARKED}").json()["findings"]]
        assert kinds == sorted(kinds)
        assert {"error", "warning"} == set(kinds)

    def test_fix_counts_as_a_browser_does_and_as_if_lines_ended_with_one_character(self):
        for body in (MARKED, f"𠮷野家と😀の絵文字です。\n\n{MARKED}", f"👨‍👩‍👧です。\n\n{MARKED}"):
            with self.subTest(body):
                finding = self.check(body=body.replace("\n", "\r\n")).json()["findings"][0]
                places = in_units(body)
                for edit in finding["fix"]:
                    assert "---END---" in body[places[edit["start"]] : places[edit["end"]]]
                fixed = body
                for edit in reversed(finding["fix"]):
                    fixed = fixed[: places[edit["start"]]] + edit["text"] + fixed[places[edit["end"]] :]
                assert "---END---" not in fixed
                assert fixed.replace("\n", "") == body.replace("---END---", "").replace("\n", "")

    def test_what_is_checked_is_what_stands_in_the_form_and_nothing_is_stored(self):
        post = make_draft(body=MARKED)
        assert self.codes(post) == []
        assert self.codes(post, body=MARKED) == ["marker"]
        assert Post.objects.get(pk=post.pk).body == MARKED

    def test_answer_stays_small_for_a_text_with_a_finding_in_every_line(self):
        answer = self.check(body="---END---\n\n" * 5_000).json()
        assert len(answer["findings"]) == SHOWN
        assert answer["left"] == answer["errors"] + answer["warnings"] - SHOWN

    @pytest.mark.postgresql
    def test_hostile_texts_get_a_clear_answer(self):
        for texts, words in (
            ({"body": "あ" * (MAX_CHARS + 1)}, "本文が長すぎる"),
            ({"excerpt": "あ" * (MAX_CHARS + 1)}, "リード文が長すぎる"),
            ({"body": "本文\x00です。"}, "U+0000"),
            ({"title": "題\x00"}, "U+0000"),
        ):
            with self.subTest(words):
                response = self.check(**texts)
                assert response.status_code == 400
                assert words in response.json()["error"]
        for body in ("<" * 20_000, "**" * 20_000, "\ud800".encode("utf-8", "surrogatepass"), "\u202e\ufeff" * 9):
            assert self.check(body=body).status_code == 200
        for key in ("x", "9" * 40, "-1", "' OR 1=1"):
            assert self.client.post(CHECK, {"object": key, "body": ""}).status_code == 404
        assert self.client.post(CHECK, {}).status_code == 200
        assert self.client.get(CHECK).status_code == 405


ALLOWED = {"anonymous": 403, "staff": 403, "writer": 200, "editor": 200}


@pytest.mark.django_db
@pytest.mark.parametrize("who", ALLOWED)
def test_who_may_preview_a_text_may_have_it_checked(who):
    roles = {"staff": None, "writer": WRITER, "editor": EDITOR}
    client = Client()
    if who in roles:
        user = make_user(role=roles[who])
        client.force_login(user)
        own = make_draft(author=make_author("署名", "own", user=user))
        assert client.post(CHECK, {"object": own.pk, "body": SOUND}).status_code == ALLOWED[who]
    assert client.post(CHECK, {"object": "", "body": SOUND}).status_code == ALLOWED[who]
    if who == "writer":
        assert client.post(CHECK, {"object": make_draft().pk}).status_code == 404
        assert client.post(CHECK, {"object": make_post().pk}).status_code == 403
        assert client.post(CHECK, {"object": make_in_review(author=own.author).pk}).status_code == 403


@pytest.mark.django_db
def test_finding_tells_nothing_of_what_others_have_not_published(client):
    paragraph = "同じ段落がほかの記事にもあるかどうかを、公開した記事とだけ比べて確かめます。" * 2
    client.force_login(make_user(role=WRITER))
    for make in (make_draft, make_scheduled):
        make("伏せた題", body=f"{paragraph}\n", slug="secret")
    answer = client.post(CHECK, {"object": "", "title": "伏せた題", "excerpt": "リード文です。", "body": paragraph})
    assert answer.json()["findings"] == []
    make_post("開いた題", body=f"{paragraph}\n", slug="open")
    answer = client.post(CHECK, {"object": "", "title": "開いた題", "excerpt": "リード文です。", "body": "本文です。"})
    assert [finding["code"] for finding in answer.json()["findings"]] == ["title_used"]


@pytest.mark.sqlite
class PanelTests(DeskCase):
    def test_form_lists_the_findings_without_a_script(self):
        page = self.client.get(url_of(make_draft(body=MARKED, excerpt="")))
        self.assertContains(page, "公開を止める指摘2件、助言0件")
        self.assertContains(page, '<a class="finding__place" href="#id_body" data-place>3行目</a>', html=True)
        self.assertContains(page, 'href="#id_excerpt"')

    def test_form_without_findings_says_so(self):
        self.assertContains(self.client.get(url_of(make_draft(body=SOUND))), "指摘はありません。")

    def test_new_form_is_not_blamed_for_being_empty(self):
        page = self.client.get(url_of(Post, "add"))
        self.assertContains(page, "本文を書くと、ここに指摘が出ます。")
        self.assertNotContains(page, 'finding--error"')

    def test_form_that_shows_a_pending_version_lists_its_findings(self):
        post = make_post(body=SOUND)
        post.body = MARKED
        save_pending(post, by=self.editor, tags=[], related=[], expected_version=post.version)
        self.assertContains(self.client.get(url_of(post)), "3行目")

    def test_refused_form_lists_the_findings_of_what_was_typed(self):
        post = make_draft(body=SOUND)
        sent = values_at(self.client, url_of(post)) | {"title": "", "body": MARKED}
        self.assertContains(self.client.post(url_of(post), sent), "3行目")
        too_long = "あ" * (MAX_CHARS + 1)
        self.assertContains(self.client.post(url_of(post), sent | {"body": too_long}), "ここに指摘が出ます")

    def test_who_only_looks_sees_no_findings(self):
        reader = Client()
        reader.force_login(make_user("writer", role=WRITER))
        self.assertNotContains(reader.get(url_of(make_post(body=MARKED))), "data-findings")

    def test_excerpt_of_a_finding_is_shown_as_text(self):
        page = self.client.get(url_of(make_draft(body="はじめの文です。\n\n---END--- <script>alert(1)</script>\n")))
        self.assertNotContains(page, "<script>alert(1)</script>")

    def test_answer_is_json_that_a_page_cannot_take_for_markup(self):
        response = self.client.post(CHECK, {"object": "", "body": "---END--- </script><b>"})
        assert response["Content-Type"] == "application/json"
        assert json.loads(response.content)
