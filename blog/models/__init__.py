"""What is stored. Everything else imports from here, not from the modules."""

from blog.models.draft import PostDraft
from blog.models.front_page import FrontPick
from blog.models.image import Image
from blog.models.page import Page
from blog.models.permalink import Permalink
from blog.models.post import Post, RelatedPost
from blog.models.post_count import PostCount
from blog.models.preview_link import PreviewLink
from blog.models.revision import PostRevision
from blog.models.source import PostSource
from blog.models.taxonomy import Author, Category, Tag, TaggedPost

__all__ = [
    "Author",
    "Category",
    "FrontPick",
    "Image",
    "Page",
    "Permalink",
    "Post",
    "PostCount",
    "PostDraft",
    "PostRevision",
    "PostSource",
    "PreviewLink",
    "RelatedPost",
    "Tag",
    "TaggedPost",
]
