"""Runs in the site's own environment: fills it, asks every question and prints what came out as JSON.

python -m bench.search_site SIZE    SIZE made-up posts; 0 for the real ones in CORPUS_DIR
"""

import json
import os
import statistics
import sys
import time
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

CHARS, TURNS, SAVES, FIRST_PAGE = 1_500, 7, 25, 20
ADDED = "<p>この段落は、保存の前に足しました。</p>"

# One character, two, three and more; Latin, mixed, full-width, half-width kana, long vowels, phrases, exclusions,
# nothing to be found.
QUESTIONS = (
    *("株", "電", "図", "龍", "の", "％"),
    *("投資", "半導", "需要", "決算", "金利", "為替", "市場", "鰻重"),
    *("半導体", "不動産", "投資信託", "データセンター", "人工知能", "エージェント", "株価指数の設計"),
    *("AI", "ai", "RAG", "GPU", "NVIDIA", "Kubernetes", "2025"),
    *("生成AI", "AIの導入", "AI 活用", "GPT-4", "C++"),
    *("ＡＩ", "ＧＰＵ", "２０２５年"),
    *("ｻｰﾊﾞｰ", "ﾃﾞｰﾀ", "サーバー", "センター", "メモリー"),
    *("投資 半導体", "AI 投資 市場", "電力 データセンター 需要 費用", "言語モデル　評価"),
    *('"AIの導入が進むほど"', "「同じ問い」", '"machine learning"', '"投資信託の設計"'),
    *("AI -投資", "半導体 -AI", "需要 -データセンター", '投資 -"生成AI"'),
    *("存在しない言葉", "zzzzzz", "株 龍", "量子計算の歴史 不動産の歴史 国債の歴史"),
)


def fill(size: int) -> float:
    """Makes the site and returns the posts written a second."""
    from blog.jekyll.importing import import_jekyll
    from blog.models import Post
    from blog.sample_posts import create_sample_posts
    from blog.search.index import engine

    call_command("migrate", verbosity=0, interactive=False)
    begin = time.perf_counter()
    before = Post.objects.count()
    if size > before:
        create_sample_posts(size - before, chars=CHARS, seed=before)  # no earlier run had this seed
    elif not size:
        import_jekyll(Path(os.environ["CORPUS_DIR"]))
    rate = (Post.objects.count() - before) / (time.perf_counter() - begin)
    engine().optimise()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # the scratch server runs no autovacuum
    return rate


def ask(question: str, readings: list[Any], slugs: dict[int, str]) -> dict[str, Any]:
    from blog.search.finding import find
    from blog.search.query import parse
    from tests.search.truth import scan

    query, taken = parse(question), []
    for _ in range(TURNS):
        begin = time.perf_counter()
        find(query)
        taken.append((time.perf_counter() - begin) * 1_000)
    found = find(query, other_spellings=False)
    true = scan(query, readings)
    hits = len(set(found.keys) & set(true))
    wanted = len(true) if found.is_exact else found.total  # beyond that it says 以上
    return {
        "true": len(true),
        "found": found.total,
        "is_exact": found.is_exact,
        "recall": hits / wanted if wanted else 1.0,
        "precision": hits / found.total if found.total else 1.0,
        "ordered": list(found.keys[:FIRST_PAGE]) == true[:FIRST_PAGE],
        "first": [slugs[key] for key in found.keys[:FIRST_PAGE]],
        "ms": statistics.median(taken),
        "least_ms": min(taken),
    }


def ask_at_the_desk(question: str, desk: Client) -> dict[str, float]:
    """The milliseconds until the list of articles stands there with what was found, its total and its filters."""
    taken = []
    for _ in range(TURNS):
        begin = time.perf_counter()
        response = desk.get(reverse("admin:blog_post_changelist"), {"q": question})
        taken.append((time.perf_counter() - begin) * 1_000)
        if response.status_code != HTTPStatus.OK:
            raise SystemExit(f"The desk answers {response.status_code} to {question}.")
    return {"ms_desk": statistics.median(taken), "least_ms_desk": min(taken)}


def save_cost(posts: list[Any]) -> dict[str, float]:
    """The milliseconds that the index adds to a save of another text: median, least, mean and most of many articles.

    On PostgreSQL most saves only append to a list, which some must put into the index.
    """
    from blog.search.index import index_post

    taken = []
    for post in posts[:: max(len(posts) // SAVES, 1)]:
        post.body_html += ADDED
        with transaction.atomic():
            begin = time.perf_counter()
            index_post(post, post.tag_list)
            taken.append((time.perf_counter() - begin) * 1_000)
    return {
        "save_ms": statistics.median(taken),
        "save_least_ms": min(taken),
        "save_mean_ms": statistics.fmean(taken),
        "save_most_ms": max(taken),
    }


def sizes() -> dict[str, int]:
    from blog.editing.fields import READ
    from blog.models import Post, TaggedPost

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'blog_search%%'")
        else:
            cursor.execute("SELECT pg_total_relation_size('blog_searchdocument')")
        index = cursor.fetchone()[0]
    posts = Post.objects.values_list(*READ).iterator()
    tags = TaggedPost.objects.values_list("tag__name", flat=True).iterator()
    texts = sum(len(text.encode()) for text in chain(chain.from_iterable(posts), tags))
    return {"index_bytes": index, "text_bytes": texts}


def main() -> None:
    size = int(sys.argv[1])
    django.setup()
    rate = fill(size)
    from bench.pages import log_in
    from bench.related import related_figures
    from blog.models import Post
    from blog.models.taxonomy import load_tags
    from tests.search.truth import read

    loaded = ("title", "slug", "excerpt", "body_html", "status", "published_at", "created_at", "url_date", "version")
    posts = list(Post.objects.published().only(*loaded, "author_id", "category_id"))
    for start in range(0, len(posts), 1_000):
        load_tags(posts[start : start + 1_000])
    readings = [read(post) for post in posts]
    slugs = {post.pk: post.path for post in posts}
    about: dict[str, Any] = {"posts": len(posts), "rate": rate, "turns": TURNS, **sizes()}
    desk = log_in()
    rows = {question: ask(question, readings, slugs) | ask_at_the_desk(question, desk) for question in QUESTIONS}
    names = {"p95": "ms", "p95_desk": "ms_desk", "p95_least": "least_ms", "p95_least_desk": "least_ms_desk"}
    for name, column in names.items():
        about[name] = statistics.quantiles((row[column] for row in rows.values()), n=20)[-1]
    for name in ("recall", "precision", "ordered"):
        about[name] = statistics.fmean(row[name] for row in rows.values())
    about |= save_cost(posts)
    about["related"] = related_figures()
    about["load"] = os.getloadavg()[1]
    print(json.dumps({"about": about, "questions": rows}))


if __name__ == "__main__":
    main()
