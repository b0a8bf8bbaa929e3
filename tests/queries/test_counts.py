"""What is kept instead of counted is right after whatever editors do, in whatever order."""

import io
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from blog.editing.renaming import merge_tags
from blog.editing.saving import PathTaken, add_alias, delete_posts, save_post
from blog.models import Post, PostCount, Tag, TaggedPost
from blog.models.post import counts
from blog.models.post.counts import EVER, add, counted
from blog.queries.recount import find_drift, repair_drift
from blog.sample_posts import create_sample_posts
from tests.factories import PUBLISHED_AT, make_author, make_category, make_draft, make_post, make_scheduled

NO_DRIFT = ({}, 0, 0)
TAGS = ["甲", "乙", "丙", "丁"]


def kept() -> dict[tuple, int]:
    rows = PostCount.objects.exclude(count=0).values_list("kind", "month", "count")
    totals = Counter()
    for kind, month, count in rows:
        totals[kind, month] += count
    return dict(totals)


def check() -> str:
    out = io.StringIO()
    call_command("check_counters", stdout=out)
    return out.getvalue()


# --- one save ---


@pytest.mark.django_db
def test_published_post_counts_in_each_of_its_lists():
    make_post(tags=["甲", "乙"])
    assert kept() == {
        ("all", 202604): 1,
        ("all", EVER): 1,
        ("section", 202604): 1,
        ("section", EVER): 1,
        ("author", 202604): 1,
        ("author", EVER): 1,
        ("tag", 202604): 2,
        ("tag", EVER): 2,
        ("archive", 202604): 1,
        ("sitemap", 202604): 1,
    }


@pytest.mark.django_db
def test_drafts_and_withdrawn_posts_count_nowhere_and_scheduled_ones_at_once():
    make_draft(tags=["甲"])
    post = make_post(tags=["甲"])
    post.unpublish()
    save_post(post)
    assert kept() == {}
    make_scheduled(tags=["甲"])
    assert kept()["tag", EVER] == 1


@pytest.mark.django_db
def test_month_is_tokyos_and_in_the_archive_that_of_the_address():
    post = make_post(at=datetime.fromisoformat("2026-03-31T23:59:59+09:00"))
    assert kept()["all", 202603] == 1
    post.url_date = PUBLISHED_AT.date()
    save_post(post)
    assert (kept()["all", 202603], kept()["archive", 202604], kept()["sitemap", 202604]) == (1, 1, 1)


@pytest.mark.django_db
def test_saving_what_changes_no_list_writes_no_count(django_assert_num_queries):
    post = make_post(tags=["甲"])
    with django_assert_num_queries(2), counted(post):
        pass


@pytest.mark.django_db
def test_refused_save_leaves_the_counts_alone():
    add_alias(make_post(), "/2026/04/01/taken/")
    before = kept()
    post = make_draft(slug="taken")
    post.publish(PUBLISHED_AT)
    with pytest.raises(PathTaken):
        save_post(post, tags=["甲"])
    assert kept() == before


@pytest.mark.django_db
def test_many_posts_are_counted_in_one_block(monkeypatch):
    monkeypatch.setattr(counts, "KEYS_AT_ONCE", 2)
    posts = [make_post(tags=["甲", "乙"]) for _ in range(5)]
    merge_tags([Tag.objects.get(name="甲")], Tag.objects.get(name="乙"))
    assert find_drift() == NO_DRIFT
    delete_posts(posts[:3])
    assert find_drift() == NO_DRIFT
    assert kept()["tag", EVER] == 2


# --- many ---


class Desk:
    """An editor who does anything at random, and a clock that goes on."""

    def __init__(self, seed: int, clock: time_machine.Traveller) -> None:
        self.random, self.clock = Random(seed), clock
        self.sections = [make_category(f"部{number}", f"section-{number}") for number in range(2)]
        self.authors = [make_author(f"筆{number}", f"author-{number}") for number in range(2)]
        for _ in range(6):
            self.write()

    def act(self) -> None:
        verbs = [self.write, self.schedule, self.publish, self.withdraw, self.move, self.hide, self.retag, self.merge]
        verb = self.random.choice([*verbs, self.delete, self.wait])
        with suppress(ValidationError):  # refused: nothing may have changed
            verb()

    def any_post(self) -> Post:
        return self.random.choice(list(Post.objects.order_by("pk")) or [make_draft()])

    def tags(self) -> list[str]:
        return self.random.sample(TAGS, self.random.randrange(len(TAGS)))

    def write(self) -> None:
        fields = {"category": self.random.choice(self.sections), "author": self.random.choice(self.authors)}
        self.random.choice([make_draft, make_post, make_scheduled])(tags=self.tags(), **fields)

    def schedule(self) -> None:
        post = self.any_post()
        if not post.was_public:
            post.publish(timezone.now() + timedelta(days=self.random.randrange(1, 60)))
            save_post(post)

    def publish(self) -> None:
        post = self.any_post()
        post.publish()
        save_post(post, tags=self.tags())

    def withdraw(self) -> None:
        post = self.any_post()
        post.unpublish()
        save_post(post)

    def move(self) -> None:
        post = self.any_post()
        post.category, post.author = self.random.choice(self.sections), self.random.choice(self.authors)
        if post.url_date:
            post.url_date -= timedelta(days=self.random.choice([0, 40]))
        if post.published_at:
            post.published_at -= timedelta(days=self.random.choice([0, 40]))
        save_post(post)

    def hide(self) -> None:
        post = self.any_post()
        post.noindex = not post.noindex
        post.canonical_url = self.random.choice(["", "/elsewhere/"])
        save_post(post)

    def retag(self) -> None:
        save_post(self.any_post(), tags=self.tags())

    def merge(self) -> None:
        tags = list(Tag.objects.order_by("pk"))
        if len(tags) == len(TAGS):
            merge_tags(self.random.sample(tags, 2), self.random.choice(tags))

    def delete(self) -> None:
        delete_posts([self.any_post()])

    def wait(self) -> None:
        self.clock.shift(timedelta(days=self.random.randrange(20)))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_counts_and_copies_equal_a_recount_after_random_edits(seed):
    listed = []
    with time_machine.travel(PUBLISHED_AT + timedelta(days=30), tick=False) as clock:
        desk = Desk(seed, clock)
        for _ in range(50):
            desk.act()
            assert find_drift() == NO_DRIFT
            listed.append(sum(number for (kind, month), number in kept().items() if (kind, month) == ("tag", EVER)))
    assert max(listed) > 2
    assert len(set(listed)) > 5


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sample_posts_are_counted_too():
    create_sample_posts(30, chars=100)
    assert find_drift() == NO_DRIFT
    assert kept()["all", EVER] == 30


# --- checking and repairing ---


@pytest.mark.django_db
class TestCheck:
    def test_says_that_all_is_right(self):
        make_post(tags=["甲"])
        assert "is right" in check()

    def test_names_what_is_wrong_and_fails(self):
        make_post(tags=["甲"])
        PostCount.objects.filter(kind=PostCount.Kind.ALL, month=EVER).update(count=7)
        with pytest.raises(CommandError, match="1 counts"):
            check()

    def test_repairs_counts_that_are_wrong_missing_or_too_many(self):
        make_post(tags=["甲", "乙"])
        PostCount.objects.filter(kind=PostCount.Kind.ALL).update(count=-7)
        PostCount.objects.filter(kind=PostCount.Kind.TAG).delete()
        add(Counter({("section", 9_999, 202001): 3}))
        assert len(repair_drift().counts) == 2 + 4 + 1
        assert find_drift() == NO_DRIFT

    def test_repairs_copies_of_the_publication(self):
        for maker in (make_post, make_draft, make_scheduled):
            maker(tags=["甲"])
        TaggedPost.objects.filter(published_at=None).update(published_at=PUBLISHED_AT)
        TaggedPost.objects.filter(published_at__gt=timezone.now()).update(published_at=None)
        assert find_drift().tagged_posts == 2
        call_command("check_counters", "--repair", stdout=io.StringIO())
        assert find_drift() == NO_DRIFT

    def test_repairs_the_months_of_addresses(self):
        for maker in (make_post, make_draft, make_scheduled):
            maker()
        Post.objects.filter(url_month=None).update(url_month=202601)
        Post.objects.filter(published_at__lt=timezone.now()).update(url_month=None)
        assert find_drift().posts == 2
        repair_drift()
        assert find_drift() == NO_DRIFT

    def test_lists_of_nothing_are_no_drift(self):
        post = make_scheduled(tags=["甲"])
        delete_posts([post])
        assert PostCount.objects.exists()
        assert find_drift() == NO_DRIFT
