"""The tables. Other packages import them from here, not from the modules."""

from blog.models.autosave import Autosave
from blog.models.change import Change
from blog.models.findings import BatchPost, FixBatch, HouseWord, Passage, PostFinding
from blog.models.history import Amendment, PageRevision, PostRevision, PostSource
from blog.models.image import FormerFile, Image, PictureUse
from blog.models.kinship import KindredPost, SubjectWord, Thread
from blog.models.page import Page
from blog.models.permalink import Permalink
from blog.models.picks import FrontPick, RelatedPost
from blog.models.post import Post
from blog.models.preview_link import PreviewLink
from blog.models.queued_task import QueuedTask
from blog.models.search_document import SearchDocument
from blog.models.taxonomy import Author, Category, Tag, TaggedPost, TagGroup, TagSpelling
from blog.models.workflow import PlannedRelease, PostNote

__all__ = [
    "Amendment",
    "Author",
    "Autosave",
    "BatchPost",
    "Category",
    "Change",
    "FixBatch",
    "FormerFile",
    "FrontPick",
    "HouseWord",
    "Image",
    "KindredPost",
    "Page",
    "PageRevision",
    "Passage",
    "Permalink",
    "PictureUse",
    "PlannedRelease",
    "Post",
    "PostFinding",
    "PostNote",
    "PostRevision",
    "PostSource",
    "PreviewLink",
    "QueuedTask",
    "RelatedPost",
    "SearchDocument",
    "SubjectWord",
    "Tag",
    "TagGroup",
    "TagSpelling",
    "TaggedPost",
    "Thread",
]
