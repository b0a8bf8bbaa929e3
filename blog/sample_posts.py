"""Makes sample articles by the thousand for load tests. The same seed makes the same articles on any day.

They bypass `blog.editing.saving.save_post`, which saves one post at a time: this module writes the ledger, tags
and search documents in bulk. The text says nothing, but has the length, structure and characters of real
articles.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from blog.delivery.generation import touch
from blog.models import Author, Category, Permalink, Post, Tag, TaggedPost
from blog.models.post.rendering import render_body
from blog.search.index import index_posts
from blog.text.headlines import typeset
from blog.text.japanese import reading_minutes, truncate_japanese, visible_text
from blog.times import month_number

MOST_POSTS, MOST_CHARS, FEWEST_CHARS = 100_000, 100_000, 100
BODIES = 60  # different texts, each rendered once
BATCH = 2_000  # posts in a transaction

# The span lies in the past and has the same months for every count: a bigger archive is a denser one.
FIRST_DAY, LAST_DAY = datetime(2016, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)

SECTIONS = {"markets": "市場", "industry": "産業", "research": "研究", "practice": "実務", "policy": "制度"}
BYLINES = 12
SUBJECTS = ["半導体", "電力", "光通信", "言語モデル", "データセンター", "量子計算", "国債", "為替", "年金", "決算"]
ASPECTS = ["需要", "供給", "費用", "規制", "評価", "設計", "運用", "検証", "見通し", "歴史"]
VERBS = ["読む", "測る", "比べる", "見直す", "支える", "組み立てる", "数える", "確かめる"]
ADJECTIVES = ["静かな", "急な", "長い", "小さな", "意外な", "確かな", "限られた", "新しい"]
SENTENCES = (
    "{0}の{2}を{4}には、{5}期間の数字をそろえる必要がある。",
    "{0}と{1}は別々に語られるが、{2}という点では同じ問いに行き着く。",
    "まず{0}の{2}を見て、次に{1}の{3}と**並べて{4}**。",
    "{5}変化は「{0}の{2}」に表れ、{1}には{6}か月ほど遅れて届く。",
    "この{6}年で{0}の前提は変わったが、{1}の{3}を{4}方法は変わっていない。",
    "{1}への影響は{6}％から{7}％の幅に収まり、{3}だけでは説明できない。",
    "AIの導入が進むほど、{0}では{2}より{3}が問われる。",
    "そこで本稿では、{0}の{2}と{1}の{3}を順に{4}。",
)
TAGS_BEYOND_FIRST = 4


class ImproperSample(ValueError):
    """The arguments make no sense; the message names those that would."""


class Archive(NamedTuple):
    """The parts that posts are made of."""

    texts: list[dict[str, Any]]  # the fields that posts with the same body share
    sections: list[Category]
    authors: list[Author]
    tags: list[Tag]  # commonest first
    weights: list[float]  # cumulative, of all tags but the first


def create_sample_posts(
    count: int, *, chars: int = 1_500, seed: int = 1, progress: Callable[[int], None] = lambda done: None
) -> None:
    """Adds `count` public posts of `chars` characters or little more, over ten years, oldest first.

    It calls `progress` after each transaction with the number of posts so far. Two posts of five have the commonest
    tag. Raises ImproperSample for numbers out of range and for a seed that was used before.
    """
    if not (1 <= count <= MOST_POSTS and FEWEST_CHARS <= chars <= MOST_CHARS and seed >= 0):
        raise ImproperSample(f"1 to {MOST_POSTS:,} posts of {FEWEST_CHARS:,} to {MOST_CHARS:,} characters are made.")
    if Post.objects.filter(guid=_guid(seed, 0)).exists():
        raise ImproperSample(f"The posts of seed {seed} are here already: choose another seed.")
    random = Random(seed)  # noqa: S311  made up, not secret
    archive = _prepare(random, bodies=min(BODIES, count), chars=chars)
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        posts = [_make_post(archive, random, seed, number, (number + random.random()) / count) for number in numbers]
        tags = [_choose_tags(archive, random, number) for number in numbers]
        _write(posts, tags)
        progress(numbers.stop)


def write_body(random: Random, chars: int) -> str:
    """Returns Markdown with headings, paragraphs and lists, of `chars` to `chars` + 250 characters."""
    blocks: list[str] = []
    length = 0
    for block in _blocks(random):
        blocks.append(block)
        length += len(block) + 2
        if length >= chars:
            return "\n\n".join(blocks) + "\n"
    raise AssertionError("the blocks never end")


def _blocks(random: Random) -> Iterator[str]:
    """Yields two paragraphs and a list again and again, from the second time on under a heading."""
    heading = ""
    while True:
        yield heading + _paragraph(random)
        yield _paragraph(random)
        yield "\n".join(f"- {random.choice(SUBJECTS)}：{random.choice(ASPECTS)}を{random.choice(VERBS)}" for _ in "abc")
        heading = f"## {random.choice(SUBJECTS)}の{random.choice(ASPECTS)}を{random.choice(VERBS)}\n\n"


def _paragraph(random: Random) -> str:
    return "".join(_sentence(random) for _ in range(random.randint(2, 4)))


def _sentence(random: Random) -> str:
    words = [*random.sample(SUBJECTS, 2), *random.sample(ASPECTS, 2), random.choice(VERBS), random.choice(ADJECTIVES)]
    return random.choice(SENTENCES).format(*words, random.randint(2, 9), random.randint(10, 40))


def _guid(seed: int, number: int) -> str:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"sample post {seed} {number}").urn


@transaction.atomic
def _prepare(random: Random, *, bodies: int, chars: int) -> Archive:
    tags = _tags()
    return Archive(
        texts=[_text(random, chars) for _ in range(bodies)],
        sections=[_named(Category, name, slug) for slug, name in SECTIONS.items()],
        authors=[_named(Author, f"編集部{number}", f"editors-{number}") for number in range(1, BYLINES + 1)],
        tags=tags,
        weights=list(accumulate(1 / rank for rank in range(2, len(tags) + 1))),
    )


def _text(random: Random, chars: int) -> dict[str, Any]:
    body = write_body(random, chars)
    rendered = render_body(body)
    excerpt = truncate_japanese(visible_text(rendered.html), 120)
    return {
        "body": body,
        "body_html": rendered.html,
        "toc": rendered.toc,
        "reading_minutes": reading_minutes(rendered.html),
        "excerpt": excerpt,
        "description": excerpt,
    }


def _named(model: type[Author] | type[Category], name: str, slug: str) -> Any:
    """Finds the row by name or by slug, or makes it: the site may have a row with only one of the two."""
    return model.objects.filter(Q(slug=slug) | Q(name=name)).first() or model.objects.create(name=name, slug=slug)


def _tags() -> list[Tag]:
    names = [f"{subject}の{aspect}" for aspect in ASPECTS for subject in SUBJECTS]
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    return [known.get(name) or Tag.objects.create(name=name) for name in names]


def _make_post(archive: Archive, random: Random, seed: int, number: int, place: float) -> Post:
    """Makes post `number`, counted from 0; `place` is its place within the ten years, from 0 to 1."""
    at = (FIRST_DAY + (LAST_DAY - FIRST_DAY) * place).replace(microsecond=0)
    subject, aspect = random.choice(SUBJECTS), random.choice(ASPECTS)
    title = f"{random.choice(ADJECTIVES)}{subject}の{aspect}を{random.choice(VERBS)}（見本{seed}-{number + 1}）"
    return Post(
        title=title,
        headline=typeset(title),
        slug=f"{subject}の{aspect}-{seed}-{number + 1}",
        status=Post.Status.PUBLISHED,
        published_at=at,
        updated_at=at,
        url_date=timezone.localdate(at),
        url_month=month_number(timezone.localdate(at)),
        author=random.choice(archive.authors),
        category=random.choice(archive.sections),
        guid=_guid(seed, number),
        **random.choice(archive.texts),
    )


def _choose_tags(archive: Archive, random: Random, number: int) -> list[Tag]:
    """Gives two posts of five the first tag, and every post some others, the n-th tag in proportion to 1/n."""
    first = archive.tags[:1] if number % 5 in (1, 3) else []
    others = random.choices(archive.tags[1:], cum_weights=archive.weights, k=random.randint(1, TAGS_BEYOND_FIRST))
    return [*first, *dict.fromkeys(others)]


@transaction.atomic
def _write(posts: list[Post], tags: list[list[Tag]]) -> None:
    Post.objects.bulk_create(posts)
    Permalink.objects.bulk_create(Permalink(path=post.path, post=post) for post in posts)
    TaggedPost.objects.bulk_create(
        TaggedPost(content_object=post, tag=tag) for post, chosen in zip(posts, tags, strict=True) for tag in chosen
    )
    for post, chosen in zip(posts, tags, strict=True):
        post.tag_list = chosen
    index_posts(posts)
    touch(soon=True)
