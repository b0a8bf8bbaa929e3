"""What the sites of the browser tests hold. Run in the environment of the site:

python -m tests.sites.content full|single|empty|sample|desk|attacked
"""

import io
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import django
import time_machine
from django.core.management import call_command
from PIL import Image as PILImage

from tests.sites import NOW
from tests.sites.editors import (
    ADMINISTRATORS,
    ARTICLES,
    CODE_BODY,
    COLUMNISTS,
    DESK_BODY,
    EDITORS,
    FLAWED,
    PASSWORD,
    SESSIONS,
    WRITERS,
)

SAMPLE_CONTENT = Path(__file__).parents[2] / "blog" / "sample_content"
ODD_DAY = datetime(2026, 4, 2, 3, 0, tzinfo=UTC)
FULL_DAY = datetime(2026, 4, 5, 3, 0, tzinfo=UTC)
BEFORE = "費用は30円です。まだ続きがあります。\n\n次の段落。\n\n終わりの段落。\n"
LONG_TITLE = (  # of 100 characters
    "推論の費用は下がり続けるのに、なぜ企業の支払いは増え続けるのか。モデルの大型化、利用の広がり、"
    "待ち時間の約束という三つの要因に分け、公開された資料の数字だけを使い、順番に確かめながら読み解いた長い題名"
)


def empty() -> None:
    """A site as it is before its first section."""


def sample() -> None:
    """What a new clone shows."""
    call_command("import_jekyll", SAMPLE_CONTENT, verbosity=0)


def single() -> None:
    from tests.factories import make_post

    make_post("ただ一つの記事", slug="only", tags=["はじめに"])


def full() -> None:
    """Sample articles, enough of them for many pages of a list, and one of each odd kind."""
    from blog.models import Page
    from blog.sample_posts import create_sample_posts
    from tests.views.pages import fill

    sample()
    Page.objects.get(path="/about/").delete()  # there will be another
    fill(24)
    create_sample_posts(250, chars=300)
    odd_articles()
    full_day()
    pending_version()


def desk() -> None:
    """Some public articles, and for each test an editor or writer with a byline and an article of their own."""
    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import Group, User

    from blog.editing import permissions
    from blog.models import Post
    from tests.factories import make_author, make_image, make_released

    sample()
    make_image(credit="撮影：編集部")  # of the length that credits have
    password = make_password(PASSWORD)  # once: it is slow on purpose
    role_of = {
        **dict.fromkeys(EDITORS, permissions.EDITOR),
        **dict.fromkeys(WRITERS, permissions.WRITER),
        **dict.fromkeys(ADMINISTRATORS, permissions.ADMINISTRATOR),
    }
    sessions = {}
    for name, role in role_of.items():
        user = User.objects.create(username=name, password=password, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        sessions[name] = begin_session(user)
        author = make_author(f"編集者{name}", slug=name, user=user)
        if name in (*EDITORS, *COLUMNISTS):
            make_released(f"{name}の記事", slug=name, body=DESK_BODY, tags=["AI", "投資"], author=author)
    one_in_each_state(by="screens")
    batch_of_fixes(by="screens")
    tags_in_groups()
    long_title_in_front()
    articles = {post.title: f"/admin/blog/post/{post.pk}/" for post in Post.objects.only("title")}
    for name, known in ((SESSIONS, sessions), (ARTICLES, articles)):
        (settings.DATA_DIR / name).write_text(json.dumps(known))


def begin_session(user: Any) -> str:
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.session.session_key


def tags_in_groups() -> None:
    """A group, and a tag of one article whose name is near that of another tag."""
    from blog.models import Tag, TagGroup
    from tests.factories import make_released

    make_released("サーバーの話", slug="server", tags=["サーバー", "サーバ"])
    Tag.objects.filter(name="AI").update(group=TagGroup.objects.create(name="技術"))


def long_title_in_front() -> None:
    """An article with code, and a title of 100 characters, that leads the front page."""
    from blog.models import FrontPick
    from tests.factories import make_released

    post = make_released("長い題名でも場所に収まる" * 8 + "巻頭の記事", slug="in-front", body=CODE_BODY)
    FrontPick.objects.create(post=post, position=0)


def batch_of_fixes(by: str) -> None:
    """The first batch, which has mended one article."""
    from django.contrib.auth.models import User

    from blog.editing.fixing import begin_batch, fix_chosen
    from tests.factories import make_draft

    user = User.objects.get(username=by)
    post = make_draft("まとめて直した記事", body=FLAWED, author=user.author)
    fix_chosen(begin_batch(["marker"], by=user), {post.pk: post.version})


def one_in_each_state(by: str) -> None:
    """Articles of one editor that the desk shows in every way it has."""
    from django.contrib.auth.models import User

    from blog.editing.pending import keep_unmerged, save_pending
    from blog.editing.saving import save_post
    from blog.editing.snapshots import unsaved_snapshot
    from tests.factories import make_draft, make_in_review, make_released, make_scheduled, make_unpublished

    user = User.objects.get(username=by)
    about = {"author": user.author, "tags": ["生成AI"]}
    make_in_review(LONG_TITLE, **about)
    make_scheduled("予約した記事", **about)
    make_unpublished("取り下げた記事", **about)
    post = make_released("変更を控えた記事", body=DESK_BODY, **about)
    post.slug, post.body = "moved", DESK_BODY.replace("はじめに。", "はじめに、数字を見る。")
    save_pending(post, by=user, tags=about["tags"], related=[], expected_version=post.version)
    make_draft("傷のある記事", body=f"{FLAWED}\n{'切れ目のない文字列' * 40}", excerpt="", **about)
    post = make_released("傷のある変更", body=DESK_BODY, **about)
    post.body = FLAWED
    save_pending(post, by=user, tags=about["tags"], related=[], expected_version=post.version)
    post = make_draft("二人で直した記事", body=DESK_BODY, **about)
    began, post.body = post.version, "相手が直した文。\n\n" + DESK_BODY
    save_post(post, by=User.objects.get(username="chief"))
    post.body, post.excerpt = DESK_BODY.replace("はじめに。", "自分が直した文。"), "自分だけが直したリード文。"
    keep_unmerged(post, unsaved_snapshot(post, about["tags"], []), by=user, version=began)


def photograph(turned: int = 0) -> bytes:
    out = io.BytesIO()
    PILImage.linear_gradient("L").rotate(turned).resize((1600, 900)).save(out, "JPEG")
    return out.getvalue()


def odd_articles() -> None:
    """What editors do, too; the paths stand in tests.sites.places."""
    from blog.models import Post, Thread
    from blog.pictures.renditions import make_renditions
    from blog.pictures.uploads import store_image
    from blog.sample_posts import write_body
    from tests.factories import make_author, make_category, make_post

    def make(title: str, slug: str, **fields: object) -> Post:
        return make_post(title, slug=slug, at=ODD_DAY - timedelta(minutes=len(slug)), **fields)

    make(
        LONG_TITLE, "long-title", excerpt=LONG_TITLE * 3, tags=["とても長い名前を付けられてしまったタグ" * 2, "A" * 60]
    )
    make("広告主のある記事", "sponsored", is_sponsored=True, correction="日付を直しました。", tags=["広告"])
    changed = make("変わった記事", "changed", body=BEFORE, correction="題の誤字を直しました。")
    tell_of_changes(changed)
    old = make_post("二年前の記事", slug="old", at=ODD_DAY.replace(year=2024))
    Post.objects.filter(pk__in=[changed.pk, old.pk]).update(thread=Thread.objects.create())
    make("五万字の記事", "long-body", body=write_body(Random(1), 50_000))
    make(
        "An article in English only, with_one_very_long_identifier_that_has_no_place_to_break_at_all",
        "latin",
        excerpt="Nothing here is Japanese, and the lines break at words.",
        body="## Background\n\n" + "Plain English text, a paragraph of it. " * 20 + "\n\n" + "x" * 300 + "\n",
        author=make_author("An Author With A Long Latin Name", "latin"),
        category=make_category("Technology", "technology"),
        tags=["Large Language Models", "GPU"],
    )
    picture = store_image(photograph(), name="photograph.jpg", alt="灰色の面", caption="説明。", credit="撮影者")
    below = store_image(photograph(90), name="below.jpg", credit="撮影者")
    for image in (picture, below):
        make_renditions(image)
    make(
        "写真のある記事",
        "lead-picture",
        lead_image=picture,
        body=f'{"本文です。" * 1_000}\n\n![灰色の面]({below.file.url} "本文の写真。")\n',
        author=make_author("顔の見える人", "pictured", avatar=picture),
    )
    row = "|" + "|".join(f"列の{number}" for number in range(12)) + "|\n"
    make(
        "十二列の表", "wide-table", body=f"表を見る。\n\n{row}{'|---' * 12}|\n{row * 5}\n\n```\n{'長い行' * 80}\n```\n"
    )


def tell_of_changes(post: Any) -> None:
    """A correction and an update."""
    from django.contrib.auth.models import User

    from blog.editing.amendments import amend, newest_read
    from blog.editing.saving import save_post

    by = User.objects.create_user("corrector", is_superuser=True, is_staff=True)
    for kind, old, new in (("correction", "30円", "50円"), ("update", "次の段落。", "次の段落。\n\n書き足した段落。")):
        post.body = post.body.replace(old, new)
        save_post(post, by=by)
        amend(newest_read(post), kind=kind, note=f"{old}を改めました。", by=by)


def full_day() -> None:
    """As many articles on a day as its edition composes, with headlines of sixty characters."""
    from blog.sample_posts import ASPECTS, SUBJECTS
    from tests.factories import make_category, make_post

    for number in range(50):
        subject, other = (SUBJECTS[at % len(SUBJECTS)] for at in (number, number + 7))
        aspect, against = (ASPECTS[at % len(ASPECTS)] for at in (number // 5, number + 3))
        make_post(
            f"{subject}の{aspect}が示す数字を読み、{other}の{against}と並べて、費用と見通しを順番に確かめるために書いた題名{number}",
            slug=f"of-a-full-day-{number}",
            at=FULL_DAY - timedelta(minutes=number),
            excerpt=LONG_TITLE,
            category=make_category(f"部門{number % 6}", f"section-{number % 6}"),
        )


def pending_version() -> None:
    """Of an article that readers see already, and a link to it."""
    from blog.editing.pending import save_pending
    from blog.editing.permissions import EDITOR
    from blog.models import Post, PreviewLink
    from tests.factories import make_released, make_user
    from tests.sites.places import PREVIEW_KEY

    post = make_released("変更を控えた記事", slug="with-pending-version", at=ODD_DAY - timedelta(days=1))
    post.title, post.body = f"次の版：{LONG_TITLE}", DESK_BODY
    related = [(Post.objects.get(slug="long-title"), "あわせて読む。")]
    editor = make_user(role=EDITOR)
    save_pending(post, by=editor, tags=["新しいタグ"], related=related, expected_version=post.version)
    PreviewLink.objects.create(post=post, user=editor, key=PREVIEW_KEY, expires_at=NOW + timedelta(days=1))


def attacked() -> None:
    """Every attack of tests.hostile, in the bodies and in each short field of articles."""
    from tests.hostile.attacked import make_attacked

    make_attacked()


def main() -> None:
    django.setup()
    with time_machine.travel(NOW - timedelta(hours=1)):
        call_command("migrate", verbosity=0, interactive=False)
        globals()[sys.argv[1]]()


if __name__ == "__main__":
    main()
