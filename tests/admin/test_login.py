"""Login and logout, and the pages that they lead to."""

import pytest
from django.urls import reverse

from blog.editing.permissions import WRITER
from tests.factories import make_user

# About where a login leads: PostgreSQL gets the same statements from other modules.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PASSWORD = "pass"  # of make_user
LOGIN, LOGOUT, DESK = reverse("admin:login"), reverse("admin:logout"), reverse("admin:index")
ELSEWHERE = [
    "",
    "//evil.example",
    "///evil.example",
    "////evil.example/",
    "https://evil.example",
    "https:evil.example",
    "https:///evil.example",
    "http:///admin/",
    "\\\\evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "\x00//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "//testserver@evil.example/",
    "//[",
]


@pytest.fixture
def writer():
    return make_user("writer", role=WRITER)


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("place", ["query", "form"])
def test_login_that_is_to_lead_elsewhere_leads_to_the_desk(client, writer, place, target):
    credentials = {"username": writer.username, "password": PASSWORD}
    if place == "query":
        response = client.post(LOGIN, credentials, query_params={"next": target})
    else:
        response = client.post(LOGIN, credentials | {"next": target})
    assert (response.status_code, response["Location"]) == (302, DESK)
    assert client.get(DESK).status_code == 200


def test_login_leads_on_to_what_was_asked_for(client, writer):
    asked = reverse("admin:blog_post_changelist")
    response = client.post(client.get(asked)["Location"], {"username": writer.username, "password": PASSWORD})
    assert response["Location"] == asked


@pytest.mark.parametrize("target", [*ELSEWHERE, "/admin/"])
def test_user_without_the_desk_is_told_so_and_led_nowhere(client, target):
    """For a wrong account, logged in or not, a redirect to the login would go in a circle."""
    user = make_user("reader", is_staff=False)
    response = client.post(LOGIN, {"username": user.username, "password": PASSWORD, "next": target})
    assert response.status_code == 200
    client.force_login(user)
    assert client.get(LOGIN, {"next": target}).status_code == 200


@pytest.mark.parametrize("target", [None, *ELSEWHERE])
def test_logout_ends_where_there_is_a_page(client, writer, target):
    client.force_login(writer)
    response = client.post(LOGOUT, query_params={} if target is None else {"next": target}, follow=True)
    assert [url for url, _ in response.redirect_chain] == [LOGIN]
    assert response.status_code == 200
    assert client.get(DESK)["Location"] == f"{LOGIN}?next={DESK}"
