"""What the functions of `blog.editing.permissions` answer for each role."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.core.management import call_command

from blog.editing import permissions
from blog.models import Post
from tests.factories import (
    make_author,
    make_draft,
    make_in_review,
    make_post,
    make_scheduled,
    make_unpublished,
    make_user,
)

pytestmark = pytest.mark.django_db

MAKERS = {
    "draft": make_draft,
    "in review": make_in_review,
    "scheduled": make_scheduled,
    "published": make_post,
    "withdrawn": make_unpublished,
}
STATES = set(MAKERS)
NONE: set[str] = set()

USERS = {
    "anonymous": AnonymousUser,
    "reader with an account": lambda: make_user(is_staff=False, permissions=("change_post", "publish_post")),
    "disabled editor": lambda: make_user(role=permissions.EDITOR, is_active=False),
    "staff without a role": make_user,
    "writer": lambda: make_user(role=permissions.WRITER),
    "editor": lambda: make_user(role=permissions.EDITOR),
    "administrator": lambda: make_user(role=permissions.ADMINISTRATOR),
    "superuser": lambda: make_user(is_superuser=True),
}
NOBODY = ("anonymous", "reader with an account", "disabled editor", "staff without a role")
EDITORS = ("editor", "administrator", "superuser")
QUESTIONS = ("view", "edit", "work_on", "delete")
UNSEEN = {"draft", "in review", "scheduled"}  # never public, so deleted and not withdrawn

# (question, whose post): the states for which the answer to a writer is yes. Editors get one answer for all posts.
WRITERS = {
    ("view", "own"): STATES,
    ("view", "other"): {"published"},
    ("edit", "own"): {"draft", "withdrawn"},
    ("edit", "other"): NONE,
    ("work_on", "own"): {"draft", "withdrawn", "published"},
    ("work_on", "other"): NONE,
    ("delete", "own"): {"draft"},
    ("delete", "other"): NONE,
}
ANSWERS = {
    (who, question, whose): NONE if who in NOBODY else WRITERS[question, whose] if who == "writer" else editors
    for who in USERS
    for question, editors in zip(QUESTIONS, (STATES, STATES, STATES, UNSEEN), strict=True)
    for whose in ("own", "other")
}


def repeated():
    """PostgreSQL is asked which articles somebody sees, and whether a release of one is planned."""
    for who in USERS:
        asks = who in ("anonymous", "writer", "editor")
        yield pytest.param(who, marks=() if asks else pytest.mark.sqlite)


@pytest.mark.parametrize("state", MAKERS)
@pytest.mark.parametrize("whose", ["own", "other"])
@pytest.mark.parametrize("who", list(repeated()))
def test_may(who, whose, state):
    user = USERS[who]()
    owner = user if whose == "own" and user.pk else make_user("another")
    post = MAKERS[state](author=make_author("署名", "byline", user=owner))
    expected = {question: state in ANSWERS[who, question, whose] for question in QUESTIONS}
    for question in QUESTIONS:
        assert getattr(permissions, f"may_{question}")(user, post) is expected[question], question
    assert permissions.visible_posts(user).filter(pk=post.pk).exists() is expected["view"]
    assert permissions.only_proposes(user, post) is (expected["work_on"] and not expected["edit"])


@pytest.mark.parametrize("who", USERS)
def test_general_questions(who):
    user = USERS[who]()
    assert permissions.may_write(user) is (who not in NOBODY)
    assert permissions.may_upload(user) is (who not in NOBODY)
    assert permissions.may_publish(user) is (who in EDITORS)
    assert permissions.may_link_users(user) is (who in ("administrator", "superuser"))


def test_post_without_an_author_and_author_without_an_account_are_nobodys_own():
    writer = make_user(role=permissions.WRITER)
    assert not permissions.is_own(writer, Post())
    assert not permissions.is_own(AnonymousUser(), make_draft())
    assert not permissions.is_own(writer, make_draft())
    assert not permissions.is_own(User(), make_draft())


# --- the groups ---


def permissions_of(name):
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def migrate():
    call_command("migrate", "blog", verbosity=0)


def test_groups_stand_after_migrate_and_hold_what_their_roles_need():
    assert "publish_post" not in permissions_of(permissions.WRITER)
    assert (
        permissions_of(permissions.WRITER)
        < permissions_of(permissions.EDITOR)
        < permissions_of(permissions.ADMINISTRATOR)
    )
    assert {"add_page", "change_author", "publish_post"} <= permissions_of(permissions.EDITOR)
    assert not any(codename.endswith(("_user", "_group")) for codename in permissions_of(permissions.EDITOR))
    users = {"add_user", "change_user", "delete_user", "view_user"}
    assert permissions_of(permissions.ADMINISTRATOR) - permissions_of(permissions.EDITOR) == users


def test_groups_are_repaired_and_keep_what_was_added_by_hand():
    writers = Group.objects.get(name=permissions.WRITER)
    before = permissions_of(permissions.WRITER)
    writers.permissions.set(Permission.objects.filter(codename="view_page"))
    Group.objects.get(name=permissions.EDITOR).delete()
    migrate()
    assert permissions_of(permissions.WRITER) == before | {"view_page"}
    assert "publish_post" in permissions_of(permissions.EDITOR)
    assert Group.objects.count() == 3
