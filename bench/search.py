"""Asks the search of a filled site, in the site's own environment, and prints how long it takes."""

import math
import time

# One character, two, three and more; Latin, mixed, full-width, half-width kana, long vowels, phrases, exclusions,
# nothing to be found.
QUESTIONS = (
    *("株", "電", "の", "投資", "決算", "金利", "半導体", "不動産", "投資信託", "データセンター", "エージェント"),
    *("AI", "RAG", "NVIDIA", "2025", "生成AI", "AI 活用", "GPT-4", "C++", "ＡＩ", "２０２５年", "ｻｰﾊﾞｰ", "メモリー"),
    *("投資 半導体", "電力 データセンター 需要 費用", '"AIの導入が進むほど"', "「同じ問い」", '"machine learning"'),
    *("AI -投資", "需要 -データセンター", "存在しない言葉", "zzzzzz", "量子計算の歴史 不動産の歴史 国債の歴史"),
)
TURNS = 7


def figures() -> str:
    from blog.search.finding import find
    from blog.search.query import parse

    taken = []
    for question in QUESTIONS:
        query = parse(question)
        for _ in range(TURNS):
            begin = time.perf_counter()
            find(query)
            taken.append((time.perf_counter() - begin) * 1_000)
    taken.sort()
    median, p95 = taken[len(taken) // 2], taken[math.ceil(len(taken) * 0.95) - 1]
    return f"the search: {len(QUESTIONS)} questions, median {median:.1f} ms, p95 {p95:.1f} ms"
