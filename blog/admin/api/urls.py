"""The addresses of the desk besides those of the admin: what its scripts call."""

from django.urls import path

from blog.admin.api import autosave, check, endpoints, pictures, preview

app_name = "desk"

urlpatterns = [
    path("autosave/", autosave.list_autosaves, name="autosave_list"),
    path("autosave/keep/", autosave.keep_autosave, name="autosave_keep"),
    path("autosave/<uuid:key>/", autosave.open_autosave, name="autosave_open"),
    path("autosave/<uuid:key>/discard/", autosave.discard_autosave, name="autosave_discard"),
    path("check/", check.check_form, name="post_check"),
    path("token/", autosave.fresh_token, name="token"),
    path("preview/post/", preview.preview_post, name="post_preview"),
    path("articles/", endpoints.search_articles, name="article_search"),
    path("pictures/", pictures.picture_list, name="picture_list"),
    path("pictures/add/", pictures.picture_add, name="picture_add"),
    path("pictures/<int:pk>/use/", pictures.picture_use, name="picture_use"),
    path("tags/", endpoints.suggest_tags, name="tag_suggestions"),
    path("preview/page/", preview.preview_page, name="page_preview"),
]
