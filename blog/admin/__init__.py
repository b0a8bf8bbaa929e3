"""The desk: writers and editors in the Django admin."""

# These register themselves, which must happen before they can be unregistered below.
import django_otp.plugins.otp_static.admin
import django_otp.plugins.otp_totp.admin  # noqa: F401
import django_tasks_db.admin  # noqa: F401
import taggit.admin  # noqa: F401
from django.contrib import admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tasks_db.models import DBTaskResult
from taggit.models import Tag

from blog.admin import (  # noqa: F401  they register themselves
    front_page,
    house_word,
    image,
    log,
    page,
    permalink,
    queue,
    tag,
    taxonomy,
    user,
)
from blog.admin.account import sessions  # noqa: F401  connects itself before anybody can log in
from blog.admin.findings import finding_admin  # noqa: F401  registers itself
from blog.admin.post import admin as post_admin  # noqa: F401  registers itself

# The "merge tags" of taggit loses data and checks no permission, and articles use another model.
admin.site.unregister(Tag)

# They show the secrets of everybody's second factor. `blog.admin.account` has each user's own.
admin.site.unregister([StaticDevice, TOTPDevice])

# `queue` shows the same rows in Japanese.
admin.site.unregister(DBTaskResult)
