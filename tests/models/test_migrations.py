"""What migrations enter of what was known before."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry

from blog.editing.saving import save_post
from blog.models import Permalink, PostRevision
from tests.factories import make_in_review, make_post, make_user

pytestmark = pytest.mark.django_db

known = import_module("blog.migrations.0011_known_reasons_and_redirects")


def test_reason_of_an_article_that_waits_with_its_writer_comes_to_its_last_return():
    post, editor = make_in_review(), make_user()
    for reason in ("はじめの理由", "いまの理由"):
        post.submit()
        save_post(post, by=editor)
        post.return_to_writer(reason)
        save_post(post, by=editor)
    PostRevision.objects.update(return_reason="")
    known.enter_reasons(apps, None)
    returned = post.revisions.filter(kind=PostRevision.Kind.RETURNED).order_by("number")
    assert [revision.return_reason for revision in returned] == ["", "いまの理由"]
    assert post.revisions.exclude(return_reason="").count() == 1


def test_redirects_that_the_log_of_the_desk_knows_are_those_of_editors():
    editor, post = make_user(), make_post()
    made, left = (Permalink.objects.create(path=path, target="/tags/") for path in ("/made/", "/left/"))
    for row, flag in ((made, ADDITION), (left, CHANGE), (post.permalinks.get(), ADDITION)):
        LogEntry.objects.log_actions(editor.pk, [row], flag, single_object=True)
    known.enter_handmade(apps, None)
    assert [row.path for row in Permalink.objects.filter(is_handmade=True)] == ["/made/"]
