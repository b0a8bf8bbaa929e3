"""The posts of lists, by a statement that is compiled once.

All lists show the same of each post, and the ORM takes five times as long to write the statement as the database to
answer it. Only that step is left out; what comes back goes through Django's own hands.
"""

from collections.abc import Collection
from copy import copy
from functools import cache
from types import SimpleNamespace

from django.db import connections
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler
from django.db.utils import DEFAULT_DB_ALIAS

from blog.models.post import Post

KEYS = "IN (%s)"


def load_posts(keys: RawSQL | Collection[int]) -> list[Post]:
    """The posts with these keys as `for_list()` loads them, unsorted. That they are public, who asks has seen to."""
    if isinstance(keys, RawSQL):
        condition, values = keys.sql, keys.params
    elif keys:
        condition, values = ", ".join(["%s"] * len(keys)), tuple(keys)
    else:
        return []
    template, sql = _compiled()
    compiler = copy(template)
    compiler.connection = connections[DEFAULT_DB_ALIAS]  # the template keeps that of another thread
    compiler.as_sql = lambda *args, **kwargs: (sql.replace(KEYS, f"IN ({condition})"), values)
    query = SimpleNamespace(get_compiler=lambda using: compiler)
    return list(ModelIterable(SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})))


@cache
def _compiled() -> tuple[SQLCompiler, str]:
    compiler = Post.objects.for_list().filter(pk__in=[0]).order_by().query.get_compiler(DEFAULT_DB_ALIAS)
    sql, values = compiler.as_sql()
    if (sql.count("%s"), sql.count(KEYS)) != (1, 1):
        raise AssertionError(f"for_list() takes values of its own: {sql} {values}")
    return compiler, sql
