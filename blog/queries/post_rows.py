"""Posts by their keys, by statements that are compiled once.

There are few shapes in which pages show a post, and the ORM takes five times as long to write the statement as the
database to answer it. Only that step is left out; what comes back goes through Django's own hands.
"""

from collections.abc import Collection
from copy import copy
from datetime import date
from functools import cache
from types import SimpleNamespace

from django.db import connections
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler
from django.db.utils import DEFAULT_DB_ALIAS

from blog.database import adapted, prepared
from blog.models.post import Post

KEYS = "IN (%s)"


def load_posts(keys: RawSQL | Collection[int], shape: str = "for_list") -> list[Post]:
    """The posts with these keys as the method `shape` of PostQuerySet loads them, unsorted.

    That they are public, who asks sees to.
    """
    if isinstance(keys, RawSQL):
        condition, values = keys.sql, adapted(keys.params)
    elif keys:
        condition, values = ", ".join(["%s"] * len(keys)), tuple(keys)
    else:
        return []
    template, sql = _compiled(shape)
    compiler = copy(template)
    compiler.connection = connections[DEFAULT_DB_ALIAS]  # the template keeps that of another thread
    compiler.as_sql = lambda *args, **kwargs: (sql.replace(KEYS, f"IN ({condition})"), values)
    query = SimpleNamespace(get_compiler=lambda using: compiler)
    with prepared():
        return list(ModelIterable(SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})))


def published_post(url_date: date, slug: str) -> Post | None:
    """The article with this address, for its page, if the public may read it."""
    key = RawSQL("SELECT id FROM blog_post WHERE url_date = %s AND slug = %s", (url_date, slug))
    return next((post for post in load_posts(key, "for_page") if post.is_public), None)


@cache
def _compiled(shape: str) -> tuple[SQLCompiler, str]:
    queryset = getattr(Post.objects, shape)()
    compiler = queryset.filter(pk__in=[0]).order_by().query.get_compiler(DEFAULT_DB_ALIAS)
    sql, values = compiler.as_sql()
    if (sql.count("%s"), sql.count(KEYS)) != (1, 1):
        raise AssertionError(f"{shape}() takes values of its own: {sql} {values}")
    return compiler, sql
