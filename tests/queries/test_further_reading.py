"""What an article's page offers to read next."""

from datetime import timedelta

import pytest

from blog.editing.saving import save_post
from blog.models import KindredPost
from blog.queries.further_reading import further_reading
from blog.search import threads
from tests.factories import PUBLISHED_AT, make_category, make_draft, make_post, make_scheduled, make_unpublished

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def hour(number):
    return PUBLISHED_AT + timedelta(hours=number)


def elsewhere():
    return make_category("別", "other")


def relate(post, *others):
    """Stores what `blog.search.related` would find."""
    for position, other in enumerate(others):
        KindredPost.objects.create(post=post, target=other, position=position)


def related_posts(post, **options):
    return [related.post for related in further_reading(post, **options).related]


@pytest.mark.postgresql
def test_editors_choice_comes_first_in_their_order_then_the_closest_then_the_section():
    post = make_post()
    in_section = [make_post(at=hour(-number)) for number in (4, 2)]
    close = [make_post(category=elsewhere(), at=hour(-number)) for number in range(2)]
    chosen = [make_post(category=elsewhere(), at=hour(number)) for number in (0, 5)]
    save_post(post, related=[(chosen[0], "背景。"), (chosen[1], "")])
    relate(post, *close, chosen[1])
    found = [(other, "") for other in (*close, in_section[1])]
    assert further_reading(post).related == [(chosen[0], "背景。"), (chosen[1], ""), *found]
    relate(close[0], post)
    assert related_posts(close[0]) == [post, *chosen[::-1], close[1]]


def test_no_two_of_one_headline_are_related_unless_editors_chose_them():
    twins = [make_post("同じ題の記事", category=elsewhere(), at=hour(-number)) for number in range(2)]
    other, post = make_post("別の題の記事", category=elsewhere(), at=hour(-3)), make_post()
    relate(post, *twins, other)
    assert related_posts(post) == [twins[0], other]
    save_post(post, related=[(twin, "") for twin in twins])
    assert related_posts(post) == [*twins, other]


def test_no_two_of_one_thread_are_related_unless_editors_chose_them():
    post = make_post("電力", at=hour(9))
    news = [make_post(f"{chr(0x4E00 + number)}の話", at=hour(number), category=elsewhere()) for number in range(3)]
    threads.join(news[0], news[1])
    relate(post, *news[::-1])
    assert related_posts(post) == [news[2], news[1]]
    save_post(post, related=[(news[0], ""), (news[1], "")])
    assert related_posts(post) == [news[0], news[1], news[2]]


def test_paid_article_gives_its_place_to_another_of_its_thread_unless_editors_chose_it():
    post, free = make_post("甲"), make_post("乙", category=elsewhere())
    paid = make_post("丙", category=elsewhere(), is_sponsored=True)
    relate(post, paid, free)
    assert related_posts(post) == [paid, free]
    threads.join(free, paid)
    assert related_posts(post) == [free]
    assert related_posts(post, chosen={paid.pk: ""}) == [paid]
    assert related_posts(post, chosen={free.pk: ""}) == [free]


def test_pillar_is_shown_while_it_is_public():
    pillar = make_post()
    post = make_post(pillar=pillar)
    assert further_reading(post).pillar == pillar
    pillar.unpublish()
    save_post(pillar)
    assert further_reading(post).pillar is None


def test_hidden_posts_are_never_related():
    post, hidden = make_post(), [make() for make in (make_draft, make_scheduled, make_unpublished)]
    save_post(post, related=[(other, "理由") for other in hidden])
    relate(post, *hidden)
    assert related_posts(post) == []
