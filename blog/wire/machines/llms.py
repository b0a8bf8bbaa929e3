"""llms.txt: what the site is and where its texts are, for programs that answer questions. https://llmstxt.org"""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from blog.addresses import absolute_url, address
from blog.models import Category, Page, Post
from blog.wire.machines.markdown import plain, quoted
from blog.wire.page_meta import feed_links, list_description, markdown_url, shorten

NEWEST = 50
HINT = "記事のURLの末尾に index.md を付けると、同じ記事をMarkdownで読めます。過去の記事はサイトマップにあります。"


@csrf_exempt
@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    blocks = [
        f"# {plain(settings.SITE_NAME)}",
        quoted(settings.SITE_DESCRIPTION),
        HINT,
        _list("新しい記事", _articles()),
        _list("セクション", _sections()),
        _list("フィードとサイトマップ", _feeds()),
        _list("Optional", _pages()),  # the word by which the format marks what may be skipped
    ]
    return HttpResponse("\n\n".join(filter(None, blocks)) + "\n", content_type="text/plain; charset=utf-8")


def _list(name: str, rows: Iterable[str]) -> str:
    items = "\n".join(rows)
    return f"## {name}\n\n{items}" if items else ""


def _row(name: str, url: str, note: str = "") -> str:
    text = plain(shorten(note))
    return f"- [{plain(' '.join(name.split()))}]({url})" + (f": {text}" if text else "")


def _articles() -> Iterator[str]:
    for post in Post.objects.published().findable().for_list()[:NEWEST]:
        day = timezone.localdate(post.published_at)
        note = f"{day.isoformat()} {post.category.name} {post.description or post.excerpt}"
        yield _row(post.labelled_title, markdown_url(post), note)


def _sections() -> Iterator[str]:
    for section in Category.objects.all():
        yield _row(section.name, absolute_url(section.get_absolute_url()), list_description(section))


def _feeds() -> Iterator[str]:
    for feed in feed_links():
        yield _row(feed.title, feed.url)
    yield _row("サイトマップ", absolute_url(address("sitemap")))


def _pages() -> Iterator[str]:
    for page in Page.objects.published().only("path", "title", "description"):
        yield _row(page.title, absolute_url(page.get_absolute_url()), page.description)
