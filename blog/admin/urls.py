"""What the scripts of the desk ask for, under the desk's own address."""

from django.urls import path

from blog.admin import drafts, preview, views

app_name = "desk"

urlpatterns = [
    path("drafts/", drafts.list_drafts, name="draft_list"),
    path("drafts/keep/", drafts.keep_draft, name="draft_keep"),
    path("drafts/<uuid:key>/", drafts.open_draft, name="draft_open"),
    path("drafts/<uuid:key>/discard/", drafts.discard_draft, name="draft_discard"),
    path("token/", drafts.fresh_token, name="token"),
    path("preview/post/", preview.preview_post, name="post_preview"),
    path("articles/", views.search_articles, name="article_search"),
    path("tags/", views.suggest_tags, name="tag_suggestions"),
    path("preview/page/", preview.preview_page, name="page_preview"),
]
