"""The magazine at the root, the desk under /admin/."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("blog.urls")),
]
handler400 = "blog.views.errors.bad_request"
handler403 = "blog.views.errors.permission_denied"
handler404 = "blog.views.errors.page_not_found"
handler500 = "blog.views.errors.server_error"
