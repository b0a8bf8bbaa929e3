"""What the scripts of the desk ask for, under the desk's own address."""

from django.urls import path

from blog.admin import preview, views

app_name = "desk"

urlpatterns = [
    path("preview/post/", preview.preview_post, name="post_preview"),
    path("articles/", views.search_articles, name="article_search"),
    path("preview/page/", preview.preview_page, name="page_preview"),
]
