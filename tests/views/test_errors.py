import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import Client
from django.urls import path

from allforces import urls
from allforces.urls import handler400, handler403, handler404, handler500  # noqa: F401
from blog.database import is_unavailable
from blog.delivery.generation import present
from blog.delivery.outages import StoreAway
from tests.factories import make_category, make_post
from tests.views.pages import Document

ON_A_LINE = 13  # letters of a heading on a phone, whose browser may know no phrases


def forbid(request):
    raise PermissionDenied


def away(request):
    """Raises the error of a database that nobody can open, as Django does."""
    broken = DatabaseWrapper({**connection.settings_dict, "NAME": "/", "OPTIONS": {}})
    with broken.wrap_database_errors:
        broken.connect()


def raises(error):
    def view(request):
        raise error

    return view


def mistaken(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")


def without_room(request):
    """Fails as on a full disk: SQLite is told not to let the file grow, PostgreSQL to say so."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DO $$ BEGIN RAISE disk_full; END $$")
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            cursor.execute("CREATE TABLE of_a_full_disk AS SELECT zeroblob(1000000)")
        finally:
            cursor.execute("PRAGMA max_page_count = 4294967294")


urlpatterns = [
    path("full/", without_room),
    path("forbidden/", forbid),
    path("away/", away),
    path("mistaken/", mistaken),
    path("store/", raises(StoreAway)),
    path("pipe/", raises(BrokenPipeError)),
    *urls.urlpatterns,
]


def assert_stands_alone(response, status, words):
    """A page of our own with the site's styles, under the site's policy, without anybody's session."""
    document = Document(response.text)
    assert response.status_code == status
    assert words in response.text
    assert document.headings == [1]
    heading = re.search(r"<h1[^>]*>(.*)</h1>", response.text)[1]
    assert all(len(part) <= ON_A_LINE for part in heading.split("<wbr>"))
    assert document.all("html") == [{"lang": "ja"}]
    assert "/static/css/site.css" in [link["href"] for link in document.all("link")]
    assert "noindex" in [meta["content"] for meta in document.all("meta") if meta.get("name") == "robots"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not response.cookies


@pytest.mark.django_db
def test_404_helps_on(client):
    make_category("部門", "section")
    posts = [make_post() for _ in range(7)]
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert 'role="search"' in response.text
    assert 'href="/category/section/"' in response.text
    assert [post.get_absolute_url() in response.text for post in reversed(posts)] == [True] * 5 + [False] * 2


# Without the mark `django_db`, whatever asks the database fails: these pages must not.


def test_500_needs_no_database():
    response = Client(raise_request_exception=False).get("/")
    assert_stands_alone(response, 500, "表示できませんでした")


def test_400_is_shown_to_a_request_for_another_host():
    response = Client().get("/", headers={"host": "evil.example"})
    assert_stands_alone(response, 400, "リクエストを受け付けられません")
    assert "evil.example" not in response.text


def test_form_without_its_token_is_refused_in_words():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert_stands_alone(response, 403, "もう一度送信してください")


# --- the database is away ---


def assert_503(response):
    assert_stands_alone(response, 503, "ただいま表示できません")
    assert response["Retry-After"] == "60"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.urls(__name__)
def test_503_while_the_database_is_away():
    response = Client(raise_request_exception=False).get("/away/")
    assert_503(response)
    assert "送信" not in response.text


@pytest.mark.urls(__name__)
def test_503_to_a_form_warns_that_it_may_be_lost():
    client = Client(raise_request_exception=False)
    response = client.post("/away/", {"title": "x"})
    assert_503(response)
    assert "保存できていないおそれがあります" in response.text
    answer = client.post("/away/", {}, headers={"accept": "application/json"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "保存できていない" in answer.json()["error"]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_form_that_the_disk_of_the_database_has_no_room_for_is_told_so():
    client = Client(raise_request_exception=False)
    response = client.post("/full/", {"title": "x"})
    assert_stands_alone(response, 507, "ディスクがいっぱいのため、保存できませんでした")
    assert "入力した内容が残っています" in response.text
    answer = client.post("/full/", {}, headers={"accept": "application/json"})
    assert (answer.status_code, "ディスクがいっぱい" in answer.json()["error"]) == (507, True)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_mistake_in_a_statement_is_an_error_of_ours():
    response = Client(raise_request_exception=False).get("/mistaken/")
    assert_stands_alone(response, 500, "表示できませんでした")


@pytest.mark.urls(__name__)
def test_503_while_the_object_store_is_away_and_for_no_other_connection_that_breaks():
    browser = Client(raise_request_exception=False)
    assert_503(browser.get("/store/"))
    assert_stands_alone(browser.get("/pipe/"), 500, "表示できませんでした")


def test_503_at_once_while_the_database_is_known_to_be_away(monkeypatch):
    monkeypatch.setattr(present, "is_polled", True)
    monkeypatch.setattr(present, "has_failed", True)
    for path_ in ("/", "/2026/04/01/a/", "/search/?q=a", "/admin/", "/wp-login.php", "/tags", "/media/a.txt"):
        assert_503(Client().get(path_))
    for path_ in ("/favicon.ico", "/manifest.webmanifest", "/opensearch.xml"):
        assert Client().get(path_).status_code == 200


@pytest.mark.postgresql
@pytest.mark.django_db
def test_statement_that_takes_too_long_may_work_later():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 10")
        with pytest.raises(OperationalError) as caught:
            cursor.execute("SELECT pg_sleep(10)")
        transaction.set_rollback(True)
    assert is_unavailable(caught.value)
