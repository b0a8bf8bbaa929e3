"""Measures what is offered under articles: whether it belongs there, and whether the whole archive is offered."""

from collections import Counter, defaultdict

from blog.models import KindredPost, Post, SubjectWord
from blog.queries.further_reading import further_reading
from blog.search.vocabulary import SHARE
from blog.text.headings import lists_related


def related_figures() -> dict[str, float]:
    """Reads what each page would offer without an editor's choice; nothing if no article was related yet.

    `sharing` is the share of offers whose two articles have a rare word in common, `offered` that of the articles
    that are offered anywhere, and `most` how often the commonest one is. `shown` is as `offered`, without the pages
    that show none since their writer lists some by hand. A word is rare if one article in SHARE has it at most.
    `in_threads` is the number of articles in `threads`, and the `longest` has so many.
    """
    if not KindredPost.objects.exists():
        return {}
    words, articles = defaultdict(set), Counter()
    for post, word in SubjectWord.objects.values_list("post", "word").iterator():
        words[post].add(word)
        articles[word] += 1
    posts = list(Post.objects.published().for_page())
    rare = {word for word, number in articles.items() if number * SHARE <= len(posts)}
    pairs = [(post, found.post.pk) for post in posts for found in further_reading(post, chosen={}).related]
    times = Counter(offered for _, offered in pairs)
    shown = {offered for post, offered in pairs if not lists_related(post.body_html, post.toc)}
    sizes = Counter(post.thread_id for post in posts if post.thread_id).values()
    threads = [size for size in sizes if size > 1]
    return {
        "offers": len(pairs),
        "sharing": sum(bool(words[post.pk] & words[offered] & rare) for post, offered in pairs) / len(pairs),
        "offered": len(times) / len(posts),
        "most": max(times.values()),
        "shown": len(shown) / len(posts),
        "threads": len(threads),
        "in_threads": sum(threads),
        "longest": max(threads, default=0),
    }
