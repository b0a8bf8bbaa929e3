"""What the scripts of the desk ask for, under the desk's own address."""

from django.urls import path

from blog.admin.api import autosave, endpoints, preview

app_name = "desk"

urlpatterns = [
    path("drafts/", autosave.list_drafts, name="draft_list"),
    path("drafts/keep/", autosave.keep_draft, name="draft_keep"),
    path("drafts/<uuid:key>/", autosave.open_draft, name="draft_open"),
    path("drafts/<uuid:key>/discard/", autosave.discard_draft, name="draft_discard"),
    path("token/", autosave.fresh_token, name="token"),
    path("preview/post/", preview.preview_post, name="post_preview"),
    path("articles/", endpoints.search_articles, name="article_search"),
    path("tags/", endpoints.suggest_tags, name="tag_suggestions"),
    path("preview/page/", preview.preview_page, name="page_preview"),
]
