"""Files in at the desk: the report of an import, hostile uploads, and the decision about a conflict."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.admin.imports import forms
from blog.editing.saving import delete_posts
from blog.jekyll.files import tree
from blog.models import ImportConflict, Post, PostRevision
from tests.admin.desk import DeskCase
from tests.factories import make_user
from tests.jekyll.importing.test_uploads import NAME, file
from tests.jekyll.site import article, edit, rows

pytestmark = pytest.mark.sqlite

IMPORT = reverse("desk:import")


class ImportCase(DeskCase):
    def send(self, *files, **more):
        """Each file is its content, under NAME, or (name, content)."""
        named = [item if isinstance(item, tuple) else (NAME, item) for item in files]
        uploads = [SimpleUploadedFile(name, data, "text/markdown") for name, data in named]
        return self.client.post(IMPORT, {"uploads": uploads, **more})

    def conflict(self):
        self.send(file())
        edit(NAME, title="デスクの題")
        self.send(file("ファイルの新しい本文。\n"))
        return reverse("desk:import_conflict", args=[ImportConflict.objects.get().pk])

    def decide(self, url, choice, **more):
        shown = ImportConflict.objects.values_list("digest", flat=True).first() or ""
        told = {"choice": choice, "version": article(NAME).version, "file": shown, **more}
        return self.client.post(url, told, follow=True)


class ReportTests(ImportCase):
    @pytest.mark.postgresql
    def test_editor_reads_what_became_of_each_file(self):
        self.send(file())
        response = self.send(
            file("直した本文。\n"),
            (
                "2026-04-02-new.md",
                file("![図](/assets/none.png)\n\n[無い](/2020/01/01/none/)\n", title="新顔", odd="x"),
            ),
            ("2026-04-03-broken.md", b"---\ntitle: [\n---\n"),
            ("notes.txt", b"x"),
        )
        assert [(name, number) for name, number in response.context["counts"] if number] == [
            ("新しい記事", 1),
            ("更新", 1),
            ("失敗", 2),
        ]
        for told in (
            f'<a href="{reverse("admin:blog_post_change", args=[article("2026-04-02-new.md").pk])}">新顔</a>',
            "知らない項目です。使っていません（odd）",
            "リンク先の記事がありません（/2020/01/01/none/）",
            "<li>/assets/none.png</li>",
            "3行目：フロントマターをYAMLとして読めません",
            "ファイル名が「2026-04-01-名前.md」の形ではありません。",
        ):
            self.assertContains(response, told)
        assert article(NAME).revisions.in_line().first().kind == PostRevision.Kind.IMPORTED
        assert article(NAME).revisions.in_line().first().user == self.editor

    def test_errors_of_an_imported_article_are_told(self):
        response = self.send(file("はじめの文です。\n\n---END---\n\nおわりの文です。\n"), ("2026-04-02-two.md", file()))
        self.assertContains(response, "公開を止める指摘が1件あります", count=1)

    def test_files_sent_twice_change_nothing(self):
        self.send(file(), ("2026-04-02-two.md", file(title="二")))
        before = rows()
        response = self.send(file(), ("2026-04-02-two.md", file(title="二")))
        assert dict(response.context["counts"])["変更なし"] == 2
        assert rows() == before

    def test_page_asks_as_much_of_the_database_however_large_the_archive(self):
        def cost(sent):
            with CaptureQueriesContext(connection) as queries:
                self.send(sent) if sent else self.client.get(IMPORT)
            return len(queries)

        self.send(file())
        few = cost(None), cost(file())
        self.send(*((f"2026-04-02-{number}.md", file(title=f"題{number}")) for number in range(10)))
        assert (cost(None), cost(file())) == few
        assert few[0] <= 5
        assert few[1] <= 34

    def test_page_of_a_conflict_asks_as_much_too(self):
        url = self.conflict()

        def cost():
            with CaptureQueriesContext(connection) as queries:
                self.client.get(url)
            return len(queries)

        few = cost()
        self.send(*((f"2026-04-02-{number}.md", file(title=f"題{number}")) for number in range(10)))
        assert cost() == few <= 100  # an import, a save and its undoing among them

    def test_titles_and_values_of_files_are_shown_as_text(self):
        response = self.send(file("[x](/2020/01/01/<script>alert(1)</script>/)\n", title="<script>alert(1)</script>"))
        self.assertNotContains(response, "<script>alert(1)")


class RefusalTests(ImportCase):
    def test_nothing_or_too_much_at_once_is_refused_in_words(self):
        many = [(f"2026-04-02-{number}.md", file()) for number in range(forms.MAX_FILES + 1)]
        for sent, told in (([], "ファイルを選んでください。"), (many, "一度に取り込めるのは30個まで")):
            self.assertContains(self.send(*sent), told)
        assert self.send(*many * 4).status_code == 400  # Django takes no more than 100 files
        assert not Post.objects.exists()

    def test_huge_file_is_not_read_and_the_others_come(self):
        big = b"x" * (tree.MAX_POST_BYTES + 1)
        self.assertContains(self.send(("2026-04-02-big.md", big), file()), "ファイルが大きすぎます。1個10MBまでです。")
        assert article(NAME)
        assert self.client.post(IMPORT, {"uploads": SimpleUploadedFile(NAME, bytes(60 * 2**20))}).status_code == 413

    def test_of_two_files_with_one_name_neither_is_taken(self):
        decomposed = "2026-04-01-\u30ab\u3099.md"
        response = self.send(file(), file(title="別"), ("2026-04-01-ガ.md", file()), (decomposed, file()))
        assert [refusal.name for refusal in response.context["refusals"]] == [NAME, "2026-04-01-ガ.md"]
        self.assertContains(response, "同じ名前のファイルが2個あります")
        assert not Post.objects.exists()

    def test_path_in_a_name_leads_nowhere(self):
        for number, folder in enumerate(("../../../etc/", "/etc/", "..\\", "C:\\x\\", "&#47;etc&#47;")):
            name = f"2026-04-01-a{number}.md"
            head = f'--B\r\nContent-Disposition: form-data; name="uploads"; filename="{folder}{name}"\r\n\r\n'
            body = head.encode() + file() + b"\r\n--B--\r\n"
            self.client.generic("POST", IMPORT, body, content_type="multipart/form-data; boundary=B")
            assert article(name)

    def test_name_that_is_no_article_is_refused(self):
        for name in (
            "article.md",
            "2026-04-01-.md",
            "2026-04-01-a.html",
            f"2026-04-01-{'長' * 90}.md",
            ".md",
            "_config.yml",
        ):
            with self.subTest(name):
                assert len(self.send((name, file())).context["refusals"]) == 1
        assert not Post.objects.exists()

    def test_only_who_may_publish_and_make_bylines_imports(self):
        for number, permissions in enumerate(((), ("add_post", "change_post"), ("publish_post", "add_post"))):
            self.client.force_login(make_user(f"user{number}", permissions=permissions))
            assert self.send(file()).status_code == 403
        self.client.logout()
        assert self.send(file()).status_code == 302
        assert not Post.objects.exists()
        assert self.client.put(IMPORT).status_code == 302


class ConflictTests(ImportCase):
    def test_difference_is_shown_and_the_page_survives_the_upload(self):
        url = self.conflict()
        self.assertContains(self.client.get(IMPORT), "デスクで変えた項目：タイトル")
        before = rows()
        response = self.client.get(url)
        assert [change.name for change in response.context["changes"]] == ["title", "body"]
        self.assertContains(response, "デスクで変えた項目：タイトル")
        assert rows() == before

    def test_editor_takes_the_file_or_keeps_the_article(self):
        self.assertContains(self.decide(self.conflict(), "file"), "の内容にしました")
        assert (article(NAME).title, article(NAME).body) == ("題", "ファイルの新しい本文。\n")
        assert article(NAME).revisions.in_line().first().user == self.editor
        edit(NAME, title="またデスクの題")
        self.send(file("また新しい本文。\n"))
        url = reverse("desk:import_conflict", args=[ImportConflict.objects.get().pk])
        self.assertContains(self.decide(url, "article"), "いまの内容のままにしました")
        assert (article(NAME).title, article(NAME).body) == ("またデスクの題", "ファイルの新しい本文。\n")
        self.assertContains(self.send(file("また新しい本文。\n")), "前に取り込んだものと同じです")

    def test_decision_sent_twice_is_told_and_harmless(self):
        url = self.conflict()
        self.decide(url, "file")
        before = rows()
        self.assertContains(self.decide(url, "article"), "もう片づいています")
        assert rows() == before

    def test_article_that_was_saved_meanwhile_is_shown_again(self):
        url = self.conflict()
        version = article(NAME).version
        edit(NAME, excerpt="あとのリード文。")
        for choice in ("file", "article"):
            self.assertContains(self.decide(url, choice, version=version), "まだ何も変えていません")
        for version in ("", "x", "-1", "9" * 50):
            self.assertContains(self.decide(url, "file", version=version), "まだ何も変えていません")
        self.assertContains(self.decide(url, "x"), "どちらの内容にするか")
        assert article(NAME).excerpt == "あとのリード文。"
        assert ImportConflict.objects.exists()

    @pytest.mark.postgresql
    def test_file_that_was_sent_again_is_shown_before_it_is_taken(self):
        url = self.conflict()
        seen = ImportConflict.objects.get().digest
        self.send(file("本文。\n\n誰も見ていない文。\n"))
        for choice in ("file", "article"):
            for told in (seen, "", "x"):
                response = self.decide(url, choice, file=told)
                self.assertContains(response, "そのあいだに同じ名前のファイルが送られた")
                self.assertContains(response, "誰も見ていない文。")
        assert article(NAME).body == "本文。\n"
        assert self.send(file("本文。\n\n誰も見ていない文。\n")).context["report"].conflicts

    @pytest.mark.postgresql
    def test_deleted_article_stays_deleted_or_is_made_anew(self):
        self.send(file(published=False))
        delete_posts([article(NAME)])
        self.send(file("新しい本文。\n"))
        url = reverse("desk:import_conflict", args=[ImportConflict.objects.get().pk])
        self.assertContains(self.client.get(url), "デスクで削除されています")
        self.client.post(url, {"choice": "file", "version": 0, "file": ImportConflict.objects.get().digest})
        assert article(NAME).body == "新しい本文。\n"

    def test_file_that_cannot_be_imported_any_more_can_only_be_dropped(self):
        url = self.conflict()
        ImportConflict.objects.update(raw=b"x")
        self.assertContains(self.client.get(url), "1行目：先頭の行が「---」ではありません。")
        self.assertNotContains(self.client.get(url), 'value="file"')
        self.assertContains(self.decide(url, "file"), "を取り込めません")
        self.decide(url, "article")
        assert not ImportConflict.objects.exists()

    @pytest.mark.postgresql
    def test_writer_sees_and_settles_nothing(self):
        url = self.conflict()
        self.client.force_login(make_user("staff", permissions=("change_post", "publish_post")))
        for response in (self.client.get(url), self.decide(url, "file"), self.client.get(IMPORT)):
            assert response.status_code == 403
        assert ImportConflict.objects.exists()
