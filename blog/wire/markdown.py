"""An article as Markdown, for programs that read text rather than pages: its facts as front matter, and its text.

Addresses in the text stay as they were written: the file is in the folder of its page, so they lead to the same
places. Only a picture whose file was replaced has its present address, as on the page.
"""

from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from blog.addresses import absolute_url
from blog.models import Post
from blog.models.post.rendering import with_current_files
from blog.text.characters import with_lf
from blog.text.finishing import AFFILIATE, PAID, with_disclosure
from blog.text.markup import without_comments
from blog.times import machine_time
from blog.wire.page_meta import PageMeta, post_meta

CONTENT_TYPE = "text/markdown; charset=utf-8"
WIDE = 10_000  # characters, so that no text is broken into lines


@csrf_exempt
@require_safe
def post_markdown(request: HttpRequest, year: int, month: int, day: int, slug: str) -> HttpResponse:
    post = get_object_or_404(Post.objects.published().for_page().at_address(year, month, day, slug))
    meta = post_meta(post)
    facts = {name: value for name, value in _front_matter(post, meta).items() if value}
    written = yaml.safe_dump(facts, allow_unicode=True, sort_keys=False, width=WIDE)
    # Comments are notes of colleagues, which no page shows.
    body = with_current_files(without_comments(with_lf(post.body)).strip("\n"))
    response = HttpResponse(f"---\n{written}---\n\n{body}\n", content_type=CONTENT_TYPE)
    # Search engines should show the page instead.
    response.headers["Link"] = f'<{meta.url}>; rel="canonical"'
    response.headers["X-Robots-Tag"] = meta.robots
    return response


def _front_matter(post: Post, meta: PageMeta) -> dict[str, Any]:
    return {
        "title": meta.title,
        "url": meta.url,
        "author": post.author.name,
        "date": machine_time(post.published_at),
        "last_modified_at": machine_time(post.updated_at) if post.updated_at != post.published_at else "",
        "section": post.category.name,
        "tags": [tag.name for tag in post.tag_list],
        "sponsored": PAID if post.is_sponsored else "",
        "affiliate": "" if post.is_sponsored or with_disclosure(post.body_html) == post.body_html else AFFILIATE,
        "excerpt": post.standfirst,
        "key_points": post.key_point_list,
        "image": absolute_url(post.lead_image.file.url) if post.lead_image else "",
        "correction": post.correction,
        "changes": [
            {"date": machine_time(row.changed_at), "kind": row.get_kind_display(), "note": row.note}
            for row in post.amendment_list
        ],
        "notice": post.category.notice,
    }
