"""The desk check beside the text: what a script is answered, and what the form lists without one."""

import pytest
from django.test import Client
from django.urls import reverse

from blog.editing.pending import save_pending
from blog.editing.permissions import EDITOR, WRITER
from blog.models import Post
from tests.admin.desk import DeskCase, url_of
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

    def test_form_that_shows_a_pending_version_lists_its_findings(self):
        post = make_post(body=SOUND)
        post.body = MARKED
        save_pending(post, by=self.editor, tags=[], related=[], expected_version=post.version)
        self.assertContains(self.client.get(url_of(post)), "3行目")
