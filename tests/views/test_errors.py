import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import path

from allforces import urls
from allforces.urls import handler400, handler403, handler404, handler500  # noqa: F401
from tests.factories import make_category, make_post
from tests.views.pages import Document


def forbid(request):
    raise PermissionDenied


urlpatterns = [path("forbidden/", forbid), *urls.urlpatterns]


def assert_stands_alone(response, status, words):
    """A page of our own with the site's styles, under the site's policy, without anybody's session."""
    document = Document(response.text)
    assert response.status_code == status
    assert words in response.text
    assert document.headings == [1]
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


@pytest.mark.urls(__name__)
def test_403_is_shown_to_whoever_may_not():
    assert_stands_alone(Client().get("/forbidden/"), 403, "権限がありません")


def test_form_without_its_token_is_refused_in_words():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert_stands_alone(response, 403, "もう一度送信してください")
