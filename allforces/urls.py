"""The magazine at the root, the desk under /admin/."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from blog.admin.api import endpoints

urlpatterns = [
    # The address that the markdownx widget is told, under the name that its own view would have.
    path(settings.MARKDOWNX_URLS_PATH.removeprefix("/"), endpoints.markdownify, name="markdownx_markdownify"),
    path("admin/desk/", include("blog.admin.api.urls")),
    path("admin/", include("blog.admin.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("blog.urls")),
]
handler400 = "blog.views.errors.bad_request"
handler403 = "blog.views.errors.permission_denied"
handler404 = "blog.views.errors.page_not_found"
handler500 = "blog.views.errors.server_error"
