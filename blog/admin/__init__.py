"""The desk: writers and editors in the Django admin."""

import django_tasks_db.admin  # noqa: F401  registers itself, which must happen before it can be undone
import taggit.admin  # noqa: F401  so does this
from django.contrib import admin
from django_tasks_db.models import DBTaskResult
from taggit.models import Tag

from blog.admin import (  # noqa: F401  they register themselves
    author,
    category,
    front_page,
    house_word,
    image,
    page,
    permalink,
    queue,
    user,
)
from blog.admin.findings import finding_admin  # noqa: F401  registers itself
from blog.admin.post import post_admin  # noqa: F401  registers itself
from blog.admin.tags import group_admin, tag_admin  # noqa: F401  they register themselves

# The "merge tags" of taggit loses data and checks no permission, and articles use another model.
admin.site.unregister(Tag)
# `queue` shows the same rows in Japanese.
admin.site.unregister(DBTaskResult)
