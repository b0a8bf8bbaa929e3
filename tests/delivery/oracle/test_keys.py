"""What the oracle is for: where a page does not name what it shows, a stored page is wrong after an edit."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.core.handlers.wsgi import WSGIHandler

from blog.editing.renaming import save_moved
from blog.editing.saving import save_post
from blog.models import Author, Category, FrontPick, Page, Post, Tag
from blog.search import threads
from tests.delivery.oracle.test_oracle import Oracle, as_filled

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # as the oracle itself


def retitle() -> None:
    post = Post.objects.get(slug="count-4")  # in no thread, whose key would do
    post.title = "直した題"
    save_post(post)


def rewrite() -> None:
    post = Post.objects.get(slug="count-0")
    post.body = "直した本文。"
    save_post(post)


def withdraw() -> None:
    post = Post.objects.get(slug="count-0")
    post.unpublish()
    save_post(post)


def leave_thread() -> None:
    threads.part(Post.objects.get(slug="part-1"))


def unpick() -> None:
    FrontPick.objects.get(category=None).delete()


def saving(model: Any, values: dict[str, str], **wanted: str) -> Callable[[], None]:
    def save() -> None:
        row = model.objects.get(**wanted)
        for name, value in values.items():
            setattr(row, name, value)
        save_moved(row)

    return save


class Case(NamedTuple):
    """An edit after which the page at the address is another; it knows by this key alone, or by one that begins so."""

    key: str
    edit: Callable[[], None]
    address: str


CASES = (
    Case("post:", retitle, "/2026/04/08/count-4/"),
    Case("posts", rewrite, "/feed.xml"),
    Case("thread:", leave_thread, "/"),
    Case("lists", withdraw, "/archive/"),
    Case("in-section:", withdraw, "/category/markets/?page=2"),
    Case("names", saving(Tag, {"name": "ほかの名"}, name="共通"), "/tags/"),
    Case("menus", saving(Category, {"name": "ほかの部門"}, slug="policy"), "/about/"),
    Case("author:", saving(Author, {"name": "ほかの記者"}, slug="reporter"), "/2026/04/17/count-1/"),
    Case("paths", saving(Page, {"path": "/about-us/"}, path="/about/"), "/old-address/"),
    Case("front", unpick, "/"),
)


class Forgetful:
    """The site, as if its views named no key of one kind; "" stands for none."""

    def __init__(self, kind: str) -> None:
        self.site, self.kind = WSGIHandler(), kind

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        def answer(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            told = [(name, self.kept(value) if name == "Surrogate-Key" else value) for name, value in headers]
            return start_response(status, told, *more)

        return self.site(environ, answer)

    def kept(self, keys: str) -> str:
        return " ".join(key for key in keys.split() if not self.kind or not f"{key} ".startswith(self.pattern))

    @property
    def pattern(self) -> str:
        return self.kind if self.kind.endswith(":") else f"{self.kind} "


def is_wrong_after(case: Case, forgotten: str, mark: Any, committed: Callable[..., None]) -> bool:
    with as_filled():
        oracle = Oracle(mark, Forgetful(forgotten))
        assert not oracle.is_stale(case.address)
        committed(case.edit)
        return oracle.is_stale(case.address)


def test_each_key_is_needed_and_found_where_it_is_forgotten(small_site, mark, committed):
    outcomes = {
        case.key: (is_wrong_after(case, "", mark, committed), is_wrong_after(case, case.key, mark, committed))
        for case in CASES
    }
    assert outcomes == {case.key: (False, True) for case in CASES}
