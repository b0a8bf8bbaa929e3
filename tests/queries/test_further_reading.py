"""What pages choose from the archive: counts, neighbours, related articles, the newest of each section."""

from datetime import date, timedelta

import pytest

from blog.editing.saving import save_post
from blog.models import Post
from blog.queries.counts import authors_in_use, months_in_use, tags_in_use
from blog.queries.further_reading import further_reading
from blog.search import threads
from tests.factories import (
    PUBLISHED_AT,
    make_author,
    make_category,
    make_draft,
    make_post,
    make_scheduled,
    make_unpublished,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def make_hidden(**fields):
    """One of each kind of post that readers may not see."""
    return [make(**fields) for make in (make_draft, make_scheduled, make_unpublished)]


def hour(number):
    return PUBLISHED_AT + timedelta(hours=number)


# --- counts ---


def test_counts_are_of_public_posts_only():
    author, section = make_author(), make_category()
    for number in range(3):
        make_post(at=hour(number), tags=["半導体"], author=author, category=section)
    make_hidden(tags=["半導体"], author=author)
    make_hidden(tags=["隠れたタグ"], author=make_author("隠れた署名", "hidden"))
    assert [(tag.name, tag.post_count) for tag in tags_in_use()] == [("半導体", 3)]
    assert [(author.name, author.post_count) for author in authors_in_use()] == [("編集部", 3)]
    assert months_in_use() == [(date(2026, 4, 1), 3)]


def neighbours(post):
    return further_reading(post)[:2]


def related_posts(post, **options):
    return [related.post for related in further_reading(post, **options).related]


# --- neighbours ---


@pytest.mark.postgresql
def test_neighbours_are_the_nearest_public_posts_of_the_section():
    posts = [make_post(at=hour(number)) for number in range(5)]
    make_post(at=hour(2) + timedelta(minutes=1), category=make_category("別", "other"))
    assert neighbours(posts[2]) == (posts[1], posts[3])
    assert neighbours(posts[0]) == (None, posts[1])
    assert neighbours(posts[4]) == (posts[3], None)
    posts[3].unpublish()
    save_post(posts[3])
    assert neighbours(posts[2]) == (posts[1], posts[4])


@pytest.mark.postgresql
def test_posts_of_the_same_moment_are_neighbours_in_a_fixed_order():
    posts = [make_post() for _ in range(3)]
    assert [neighbours(post) for post in posts] == [(None, posts[1]), (posts[0], posts[2]), (posts[1], None)]


@pytest.mark.postgresql
def test_scheduled_post_is_no_neighbour():
    post = make_post()
    make_scheduled()
    assert neighbours(post) == (None, None)


# --- related posts ---


def test_editors_choice_comes_first_then_shared_tags_then_the_section():
    elsewhere = make_category("別", "other")
    in_section = make_post(at=hour(-4))
    make_post(at=hour(-2))  # right before it in the section, where the page links it anyway
    one_tag = make_post(tags=["甲"], category=elsewhere, at=hour(-1))
    two_tags = make_post(tags=["甲", "乙"], category=elsewhere, at=hour(-3))
    chosen = make_post(category=elsewhere, at=hour(-5))
    make_post(category=elsewhere)
    post = make_post(tags=["甲", "乙"])
    save_post(post, related=[(chosen, "背景。")])
    assert further_reading(post).related == [(chosen, "背景。"), (two_tags, ""), (one_tag, ""), (in_section, "")]


@pytest.mark.postgresql
def test_editors_choice_keeps_the_editors_order():
    chosen = [make_post(at=hour(number)) for number in (2, 0, 1)]
    post = make_post()
    save_post(post, related=[(other, "") for other in chosen])
    assert related_posts(post)[:3] == chosen


def test_related_posts_are_as_many_as_fit_and_each_once():
    post = make_post(tags=["甲"])
    others = [make_post(tags=["甲"], at=hour(-number)) for number in range(9)]
    save_post(post, related=[(others[4], "")])
    assert related_posts(post, limit=4) == [others[4], others[2], others[3], others[5]]  # 0 and 1 stand right beside it


def test_no_two_of_one_headline_are_related_unless_editors_chose_them():
    elsewhere = make_category("別", "other")
    twins = [make_post("同じ題の記事", tags=["甲"], category=elsewhere, at=hour(-number)) for number in range(2)]
    other = make_post("別の題の記事", tags=["甲"], category=elsewhere, at=hour(-3))
    post = make_post(tags=["甲"])
    assert related_posts(post) == [twins[0], other]
    save_post(post, related=[(twin, "") for twin in twins])
    assert related_posts(post) == [*twins, other]


def test_no_paid_article_is_related_in_the_place_of_another_of_its_thread():
    post, elsewhere = make_post("甲", tags=["一"]), make_category("別", "other")
    free = make_post("乙", tags=["一"], category=elsewhere)
    paid = make_post("丙", tags=["一"], category=elsewhere, is_sponsored=True)
    assert [found.post for found in further_reading(post).related] == [paid, free]
    threads.join(free, paid)
    assert [found.post for found in further_reading(post).related] == [free]
    assert [found.post for found in further_reading(post, chosen={paid.pk: ""}).related] == [paid]


def test_paid_article_gives_no_place_to_one_that_the_editor_chose_already():
    post, elsewhere = make_post("甲", tags=["一"]), make_category("別", "other")
    free = make_post("乙", tags=["一"], category=elsewhere)
    paid = make_post("丙", tags=["一"], category=elsewhere, is_sponsored=True)
    threads.join(free, paid)
    assert [found.post for found in further_reading(post, chosen={free.pk: ""}).related] == [free]


def test_paid_article_stays_related_if_the_only_other_one_of_its_thread_is_not_shown():
    post, elsewhere = make_post("甲", tags=["一"]), make_category("別", "other")
    twin = make_post("甲", tags=["一"], category=elsewhere)
    paid = make_post("丙", tags=["一"], category=elsewhere, is_sponsored=True)
    threads.join(twin, paid)
    assert [found.post for found in further_reading(post).related] == [paid]


def test_no_two_of_one_thread_are_related_unless_editors_chose_them():
    post = make_post("電力", at=hour(9), tags=["電力"])
    told = [make_post(f"{chr(0x4E00 + number)}の話", at=hour(number), tags=["電力"]) for number in range(3)]
    make_post("間の記事", at=hour(8))
    threads.join(told[0], told[1])
    assert related_posts(post) == [told[2], told[1]]
    save_post(post, related=[(told[0], ""), (told[1], "")])
    assert related_posts(post) == [told[0], told[1], told[2]]


def test_what_stands_beside_it_in_the_section_is_related_only_by_choice():
    post, older, newer = make_post(tags=["甲"]), make_post(tags=["甲"], at=hour(-1)), make_post(at=hour(1))
    assert further_reading(post)[:4] == (older, newer, None, [])
    save_post(post, related=[(older, "理由")])
    assert further_reading(post)[:4] == (older, newer, None, [(older, "理由")])


def test_pillar_is_shown_while_it_is_public():
    pillar = make_post()
    post = make_post(pillar=pillar)
    assert further_reading(post).pillar == pillar
    pillar.unpublish()
    save_post(pillar)
    assert further_reading(post).pillar is None


@pytest.mark.postgresql
def test_rare_tag_counts_for_more_than_a_common_one():
    elsewhere = make_category("別", "other")
    common = [make_post(tags=["甲"], category=elsewhere, at=hour(-number)) for number in range(4)]
    rare = make_post(tags=["乙"], category=elsewhere, at=hour(-9))
    post = make_post(tags=["甲", "乙"])
    assert related_posts(post) == [rare, *common]


def test_hidden_posts_are_never_related():
    post = make_post(tags=["甲"])
    save_post(post, related=[(hidden, "理由") for hidden in make_hidden(tags=["甲"])])
    assert related_posts(post) == []


@pytest.mark.postgresql
def test_article_leads_on_in_two_queries_however_much_it_shows(django_assert_num_queries):
    post = Post.objects.for_page().get(pk=make_post(tags=["甲", "乙"]).pk)
    chosen, tagged, fellow = make_post(), make_post(tags=["甲"]), make_post()
    save_post(post, related=[(chosen, "")])
    with django_assert_num_queries(2):  # the keys and what they stand for
        related = further_reading(post).related
        shown = [
            (other.title, other.get_absolute_url(), other.category.name, other.published_at) for other, _ in related
        ]
    assert {title for title, *_ in shown} == {chosen.title, tagged.title, fellow.title}
