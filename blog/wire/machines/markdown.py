"""An article as Markdown, for programs that read text rather than pages. It says what the page says.

Addresses in the text stay as they were written: the file is in the folder of its page, so they lead to the same
places. Only a picture whose file was replaced has its present address, as on the page.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from blog.addresses import absolute_url
from blog.models import Image, Post
from blog.models.post.rendering import with_current_files
from blog.text import diff
from blog.text.changes import Part
from blog.text.characters import with_lf
from blog.text.desk.blocks import Kind, read_blocks
from blog.text.finishing import AFFILIATE, PAID, shown_html
from blog.text.markup import without_comments
from blog.times import machine_time
from blog.wire.machines.hidden import without_hidden
from blog.wire.page_meta import PageMeta, post_meta

CONTENT_TYPE = "text/markdown; charset=utf-8"
# Signs that mean something in Markdown anywhere in a line, and those that do at its beginning.
MARKS, BEGINNINGS = re.compile(r"([\\`*_\[\]<>&|~#])"), re.compile(r"^(\s*(?:\d+(?=[.)])|(?=[-+=])))", re.MULTILINE)
MARKED = {diff.Kind.REMOVED.value: "del", diff.Kind.ADDED.value: "ins"}
FENCE = re.compile("`+|~+")


@csrf_exempt
@require_safe
def post_markdown(request: HttpRequest, year: int, month: int, day: int, slug: str) -> HttpResponse:
    post = get_object_or_404(Post.objects.published().for_markdown().at_address(year, month, day, slug))
    meta = post_meta(post)
    response = HttpResponse(write_post(post, meta), content_type=CONTENT_TYPE)
    # Search engines should show the page instead.
    response.headers["Link"] = f'<{meta.url}>; rel="canonical"'
    response.headers["X-Robots-Tag"] = meta.robots
    return response


def write_post(post: Post, meta: PageMeta) -> str:
    blocks = [
        f"# {plain(meta.title)}",
        PAID if post.is_sponsored else "",
        quoted(post.standfirst),
        "\n".join(f"- {name}: {text}" for name, text in _facts(post, meta)),
        "\n".join(["**要点**\n", *(f"- {plain(point)}" for point in post.key_point_list)]) if post.key_points else "",
        _picture(post.lead_image) if post.lead_image else "",
        AFFILIATE if shown_html(post) != post.body_html else "",
        with_current_files(_own_text(post.body)),
        f"**訂正**\n\n{plain(post.correction)}" if post.correction else "",
        *_changes(post),
        f"---\n\n{plain(post.category.notice)}" if post.category.notice else "",
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def plain(text: str) -> str:
    """Writes a text so that Markdown shows its characters, and the lines stay lines."""
    return BEGINNINGS.sub(r"\1\\", MARKS.sub(r"\\\1", text.strip()))


def plain_within(text: str) -> str:
    """Does what `plain` does, for a piece of a line: spaces at its ends stay."""
    return MARKS.sub(r"\\\1", text)


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in plain(text).splitlines())


def _facts(post: Post, meta: PageMeta) -> Iterator[tuple[str, str]]:
    yield "著者", f"[{plain(post.author.name)}]({absolute_url(post.author.get_absolute_url())})"
    yield "公開", machine_time(post.published_at)
    if post.updated_at != post.published_at:
        yield "更新", machine_time(post.updated_at)
    yield "セクション", f"[{plain(post.category.name)}]({absolute_url(post.category.get_absolute_url())})"
    if post.tag_list:
        yield "タグ", "、".join(plain(tag.name) for tag in post.tag_list)
    yield "URL", f"<{meta.url}>"


def _picture(image: Image) -> str:
    credit = f"（{plain(image.credit)}）" if image.credit else ""
    caption = f"\n\n{plain(image.caption)}{credit}" if image.caption or credit else ""
    return f"![{plain(image.alt)}]({absolute_url(image.file.url)}){caption}"


def _own_text(body: str) -> str:
    """The body without what the page hides, changed so that other readers of Markdown show what the page shows.

    For them a line of hyphens makes a heading of the paragraph right above; on the page it is a rule. A fence without
    an end would go on below the text.
    """
    source = without_comments(without_hidden(with_lf(body))).strip("\n").rstrip()
    blocks, parts, at = read_blocks(source), [], 0
    for above, block in pairwise(blocks):
        if (above.kind, block.kind) == (Kind.PARAGRAPH, Kind.RULE) and above.end + 1 == block.start:
            parts += [source[at : block.start], "\n"]
            at = block.start
    parts.append(source[at:])
    for block in blocks[-1:]:
        # A fence that is indented may be part of a list, and ends with it.
        if block.kind is Kind.FENCE and not block.closed and (mark := FENCE.match(source, block.start)):
            parts.append(f"\n{mark[0]}")
    return "".join(parts)


def _changes(post: Post) -> Iterator[str]:
    """What changed after publication, struck out and inserted as HTML, which Markdown may hold."""
    if post.amendment_list:
        yield "**公開後の変更**"
    for amendment in post.amendment_list:
        yield f"{machine_time(amendment.changed_at)} {amendment.get_kind_display()}"
        yield plain(amendment.note)
        for label, parts in amendment.shown_passages:
            yield f"> {label}: " + "".join(map(_marked, parts)).replace("\n", "\n> ")
        if amendment.left_out:
            yield f"ほかにも変えた箇所があります（{amendment.left_out}か所）。長いため、ここには載せていません。"


def _marked(part: Part) -> str:
    text, tag = plain_within(part.text), MARKED.get(part.kind)
    return f"<{tag}>{text}</{tag}>" if tag else text
