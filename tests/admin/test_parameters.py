"""The lists of all models at the desk accept only the parameters that they declare."""

import itertools
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.admin.parameters import SEARCHED_CHARS, SEARCHED_WORDS
from blog.editing.permissions import WRITER
from blog.models import (
    AuditEntry,
    Category,
    FrontPick,
    HouseWord,
    Page,
    Permalink,
    Post,
    PostFinding,
    QueuedTask,
    Tag,
    TagGroup,
)
from blog.pictures.cards import refresh_card
from tests.factories import make_author, make_category, make_draft, make_image, make_page, make_post, make_user

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_models() if admin.site.is_registered(model)]
OFFERED = {
    AuditEntry: {"act__exact"},
    Post: {"own", "state", "month", "category__id__exact", "author__id__exact"},
    Page: {"is_published__exact"},
    Permalink: {"kind"},
    Tag: {"group__id__exact", "group__isnull", "posts"},
    PostFinding: {"code", "section", "month"},
    QueuedTask: {"state"},
    User: {"groups__id__exact", "groups__isnull", "is_active__exact"},
}
RELATED = ("exact", "in", "isnull", "iregex", "regex", "icontains", "startswith", "gt", "range")


def label(model: type[Model]) -> str:
    return model._meta.label


def changelist(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def lookups(model: type[Model]) -> Iterator[str]:
    """Every field with each of its look-ups, and the fields of the related models."""
    for field in model._meta.get_fields():
        yield from (field.name, f"{field.name}_id", f"{field.name}__isnull")
        if hasattr(field, "get_lookups"):
            yield from (f"{field.name}__{lookup}" for lookup in field.get_lookups())
        if related := field.related_model:
            for other in (inner.name for inner in related._meta.get_fields()):
                yield from (f"{field.name}__{other}", *(f"{field.name}__{other}__{lookup}" for lookup in RELATED))
        yield from (f"{field.name}__{part}" for part in ("year", "year__gte", "month", "day", "date__lt", "length__gt"))
    yield from ("pk", "pk__in", "id__in", "password__startswith", "post__author__user__password__regex", "nothing", "")


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(make_user("chief", is_superuser=True))
    return client


@pytest.fixture
def writer(client: Client) -> Client:
    client.force_login(make_user("writer", role=WRITER))
    return client


@pytest.mark.sqlite  # the requests ask no database
@pytest.mark.parametrize("model", MODELS, ids=label)
def test_what_a_list_does_not_offer_is_refused_and_never_asked_of_the_database(model, rf):
    view, user = admin.site.get_model_admin(model).changelist_view, make_user(is_superuser=True)
    tried = {*lookups(model)} - OFFERED.get(model, set())
    assert len(tried) > 50
    with CaptureQueriesContext(connection) as queries:
        for name, value in zip(sorted(tried), itertools.cycle(["(.*)*x(.*)*y$", "1", "False"])):
            request = rf.get(changelist(model), {name: value})
            request.user = user
            response = view(request)
            assert (response.status_code, response.get("Location")) == (302, f"{request.path}?e=1"), name
    assert len(queries) == 0


@pytest.mark.sqlite  # the list itself is asked for below
@pytest.mark.parametrize("model", MODELS, ids=label)
def test_refusal_ends_on_the_list_itself(model, chief):
    response = chief.get(changelist(model), {"pk__in": "1,2", "e": "1"}, follow=True)
    assert (response.status_code, response.redirect_chain) == (200, [(f"{changelist(model)}?e=1", 302)])


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_whatever_a_list_offers_is_answered(model, chief):
    make_post(author=make_author("書き手", "writer"), category=make_category("技術", "technology"))
    make_post()
    make_page()
    TagGroup.objects.create(name="企業")
    page = chief.get(changelist(model))
    filters = page.context["cl"].filter_specs if "cl" in page.context else []
    offered = {name for spec in filters for name in spec.expected_parameters()}
    assert OFFERED.get(model, set()) <= offered
    links = [choice["query_string"] for spec in filters for choice in spec.choices(page.context["cl"])]
    links += ["?" + link.split("?")[1] for link in re.findall(r'href="(\?[^"]*o=[^"]*)"', page.content.decode())]
    assert len(links) >= 2 * len(filters)
    for link in [*links, "?q=a&p=1", "?all=", "?_popup=1", "?_popup=1&_to_field=id", "?e=1"]:
        assert chief.get(changelist(model) + link.replace("&amp;", "&")).status_code == 200, link


def test_list_is_refused_to_whoever_may_not_see_it_whatever_they_ask(writer):
    assert writer.get(changelist(User), {"password__regex": "a"}).status_code == 403


@pytest.mark.sqlite
def test_tags_and_section_of_a_hidden_article_are_not_told(writer):
    hidden = make_draft(tags=["極秘"])
    for model, name in ((Tag, "post"), (Tag, "tagged_posts__content_object"), (Category, "posts")):
        for value in (hidden.pk, hidden.pk + 1):
            assert writer.get(changelist(model), {name: value})["Location"] == f"{changelist(model)}?e=1"


def test_action_on_what_a_refused_look_up_would_find_is_refused_too(chief):
    post = make_draft()
    data = {
        "action": "delete_selected",
        "select_across": "1",
        "_selected_action": [post.pk],
        "index": "0",
        "post": "yes",
    }
    assert chief.post(changelist(Post) + "?body__iregex=.", data)["Location"] == f"{changelist(Post)}?e=1"
    assert Post.objects.exists()


# --- the values of declared filters ---


VALUES = ["9" * 30, "-1", "\x00", "\U0001f600"]
# What is asked of the database as another text or number is, or of none.
LIKE_OTHERS = ("x", "1,2", "１", "", "True", "9" * 5000, "' OR 1=1")
NO_MATTER_OF_DATABASES = [pytest.param(value, marks=pytest.mark.sqlite) for value in LIKE_OTHERS]


@pytest.mark.parametrize("value", [*VALUES, *NO_MATTER_OF_DATABASES])
def test_no_value_of_a_filter_is_an_error_of_the_server(value, chief):
    make_post()
    make_page()
    for model, names in OFFERED.items():
        for name in names:
            response = chief.get(changelist(model), {name: value})
            assert response.status_code in (200, 302), name
            if response.status_code == 302:
                assert response["Location"] == f"{changelist(model)}?e=1"


def test_filter_is_asked_once(chief):
    """A thousand values would make a query of a thousand conditions."""
    for names in ("category__id__exact", "state", "own"):
        for values in (["1", "2"], ["1"] * 900):
            assert chief.get(changelist(Post), {names: values})["Location"] == f"{changelist(Post)}?e=1"


def test_section_and_author_that_no_article_lacks_are_not_asked_for_as_lacking(chief):
    for name in ("category__isnull", "author__isnull"):
        assert chief.get(changelist(Post), {name: "True"}).status_code == 302


# --- order and page ---


def test_list_in_the_order_of_an_index_takes_no_other(chief):
    for order in ("0", "1", "-3", "1.2", "4.1", "4.4", "99"):
        assert chief.get(changelist(Post), {"o": order})["Location"] == f"{changelist(Post)}?e=1"


@pytest.mark.sqlite  # a refused order is not asked for
@pytest.mark.parametrize(
    "order", [".".join(["1"] * 3000), "1.1", "1.-1", "x", "1.x", "9" * 5000, "１", "--1", "\x00", "1..2"]
)
def test_order_names_each_column_once(order, chief):
    assert chief.get(changelist(Tag), {"o": order})["Location"] == f"{changelist(Tag)}?e=1"


def test_page_that_there_is_not_is_no_error_of_the_server(chief):
    for number in ("0", "-1", "x", "9" * 30, "9" * 5000, "\x00"):
        assert chief.get(changelist(Tag), {"p": number}).status_code in (200, 302)


def test_field_that_nothing_refers_to_is_no_way_to_choose(chief):
    for name in ("password", "email", "nothing", "\x00"):
        assert chief.get(changelist(User), {"_to_field": name, "_popup": "1"})["Location"] == f"{changelist(User)}?e=1"


ITEM_PAGES = (  # which of them an item is looked up for, means nothing to a database
    "change",
    pytest.param("delete", marks=pytest.mark.sqlite),
    pytest.param("history", marks=pytest.mark.sqlite),
)


@pytest.mark.parametrize("page", ITEM_PAGES)
def test_field_by_which_an_item_is_looked_up_may_be_empty_and_not_unknown(page, chief):
    FrontPick.objects.create(post=make_post(tags=["AI"]), position=0)
    Permalink.objects.create(path="/old/", target="/about/")
    make_page()
    make_image()
    TagGroup.objects.create(name="企業")
    HouseWord.objects.create(kind=HouseWord.Kind.BANNED, word="爆上げ")
    make_post(body="---END---")
    refresh_card.enqueue(0)
    for model in MODELS:
        item = model._meta.default_manager.earliest("pk")
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=[item.pk])
        plain = chief.get(address).status_code
        assert chief.get(address, {"_to_field": ""}).status_code == plain, address
        for name in ("password", "nothing", "\x00", "pk", "id__in"):
            assert chief.get(address, {"_to_field": name}).status_code in (400, plain), (address, name)


# --- search words ---


def conditions(queries: CaptureQueriesContext) -> int:
    return max(query["sql"].upper().count("LIKE") for query in queries)


@pytest.mark.parametrize(
    "model", [model for model in MODELS if admin.site.get_model_admin(model).search_fields], ids=label
)
def test_search_has_so_many_words_and_no_more(model, chief):
    fields = len(admin.site.get_model_admin(model).search_fields)
    for words in ("a " * 3000, "'a' " * 3000, '"a b' * 900, 'a"b"c"' * 900, "長" * 5000, "長　" * 4000):
        with CaptureQueriesContext(connection) as queries:
            assert chief.get(changelist(model), {"q": words}).status_code == 200
        assert conditions(queries) <= 2 * SEARCHED_WORDS * fields
        assert all(
            len(query["sql"]) < 5000 + 4 * SEARCHED_CHARS * fields for query in queries if "LIKE" in query["sql"]
        )


def test_search_finds_what_it_found(chief):
    make_post("半導体の長い夏")
    make_post("半導体の短い冬")
    found = chief.get(changelist(Post), {"q": "半導体　夏"}).context["cl"].result_list
    assert [post.title for post in found] == ["半導体の長い夏"]


# --- autocompletion ---

AUTOCOMPLETE = reverse("admin:autocomplete")


def complete(client: Client, model: str, field: str, term: str = "") -> int:
    asked = {"app_label": "blog", "model_name": model, "field_name": field, "term": term}
    return client.get(AUTOCOMPLETE, asked).status_code


def test_choices_are_offered_for_the_fields_that_forms_fill_in_so(chief):
    fields = [("post", name) for name in ("author", "category", "lead_image", "share_image", "pillar")]
    fields += [("relatedpost", "target"), ("frontpick", "post"), ("author", "avatar"), ("author", "user")]
    for model, field in fields:
        for term in ("", "a", "\x00", "a " * 3000, "'" * 3000):
            assert complete(chief, model, field, term) == 200, (model, field, term[:9])


@pytest.mark.sqlite  # a refused relation is not asked for
def test_choices_are_refused_for_every_other_relation(chief):
    """Reverse relations too: they would list the articles of a section. The view is asked, without the way to it."""
    metas = [model._meta for model in apps.get_models()]
    request = chief.get(changelist(Post)).wsgi_request
    declared = admin.site.autocomplete_fields(request)
    asked = {(meta.app_label, meta.model_name, field.name) for meta in metas for field in meta.get_fields()}
    assert asked > declared
    for label, model, field in asked - declared:
        request.GET = {"app_label": label, "model_name": model, "field_name": field, "term": ""}
        with pytest.raises(PermissionDenied):
            admin.site.autocomplete_view(request)
    for model, field in (("post", ""), ("", "author"), ("post", "\x00"), ("nothing", "nothing"), ("post", "nothing")):
        assert complete(chief, model, field) == 403


@pytest.mark.sqlite  # nothing is asked that a form does not ask
def test_nothing_is_saved_as_another_object(chief):
    make_post(tags=["A"])
    make_image()
    for model in MODELS:
        made = model.objects.first()
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        before = model.objects.count()
        for address in (reverse(f"{name}_add"), reverse(f"{name}_change", args=[made.pk if made else 1])):
            assert chief.post(address, {"_saveasnew": "1"}).status_code == 403, address
        assert model.objects.count() == before, model
