"""The lists of all articles, of a section, a tag and an author, and the index of tags."""

from operator import attrgetter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from blog.addresses import address
from blog.models import Author, Category, Tag
from blog.queries.post_list import PostList, all_posts, posts_of
from blog.queries.tags import related_tags, tag_index
from blog.views.base import PostListView, ReadOnlyView

FULL_ROWS = 5  # of a long list, under the lead of its section


class AllPostsView(PostListView):
    template_name = "blog/all_posts.html"

    def get_queryset(self) -> PostList:
        return all_posts()


class CategoryView(PostListView):
    template_name = "blog/category_detail.html"

    @cached_property
    def category(self) -> Category:
        return get_object_or_404(Category, slug=self.kwargs["slug"])

    def get_queryset(self) -> PostList:
        return posts_of(self.category)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(category=self.category, **kwargs)
        posts, is_first = context["posts"], context["page"].number == 1
        # What somebody paid for leads a section only if there is nothing else.
        lead = sorted(posts, key=attrgetter("is_sponsored"))[:1] if is_first else []
        others = [post for post in posts if post not in lead]
        full = FULL_ROWS * is_first if context["is_dense"] else len(others)
        return context | {"lead": lead, "rows": others[:full], "dense": others[full:]}


class TagView(PostListView):
    """A tag whose articles are all unpublished does not exist for readers."""

    template_name = "blog/tag_detail.html"
    allow_empty = False

    @cached_property
    def tag(self) -> Tag:
        return get_object_or_404(Tag, slug=self.kwargs["slug"])

    def get_queryset(self) -> PostList:
        return posts_of(self.tag)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(tag=self.tag, **kwargs)
        is_first = context["page"].number == 1
        return context | {"related_tags": related_tags(self.tag) if is_first else []}


class AuthorView(PostListView):
    """An author whose articles are all unpublished does not exist for readers."""

    template_name = "blog/author_detail.html"
    allow_empty = False

    @cached_property
    def author(self) -> Author:
        return get_object_or_404(Author.objects.select_related("avatar"), slug=self.kwargs["slug"])

    def get_queryset(self) -> PostList:
        return posts_of(self.author)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(author=self.author, **kwargs)


class TagIndexView(ReadOnlyView):
    """The common tags by group. A second page holds the others, of which there are many more."""

    template_name = "blog/tag_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("page") == "1":
            return HttpResponsePermanentRedirect(request.path)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        index, number = tag_index(), self.request.GET.get("page", "1")
        if number not in ("1", "2") or (number == "2" and not index.others):
            raise Http404(f"no page {number!r} of tags")
        own = address("tag_list")
        second = {"path": f"{own}?page=2", "trail": [("タグ", own)]} if number == "2" else {}
        return super().get_context_data(index=index, second=second, **kwargs)
