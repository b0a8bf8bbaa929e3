"""The addresses that the scripts of the desk call, below the address of the desk."""

from django.urls import path

from blog.admin.api import autosave, check, endpoints, preview

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
    path("tags/", endpoints.suggest_tags, name="tag_suggestions"),
    path("preview/page/", preview.preview_page, name="page_preview"),
]
