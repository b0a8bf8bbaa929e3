import re
from datetime import timedelta

import pytest

from blog.editing.amendments import amend, newest_read
from blog.editing.permissions import EDITOR
from blog.editing.saving import save_post
from blog.pictures.uploads import store_image
from tests.factories import (
    PUBLISHED_AT,
    make_category,
    make_post,
    make_released,
    make_user,
)
from tests.views.test_media import picture

# About what the page of an article shows: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def page(client, post):
    response = client.get(post.get_absolute_url())
    assert response.status_code == 200
    return response


def test_article_shows_its_head(client):
    post = make_post("題", excerpt="リード。", tags=["半導体", "AI"])
    text = page(client, post).text
    for part in (
        ">題</h1>",
        "リード。",
        '<a href="/authors/editors/" rel="author">編集部</a>',
        '<time datetime="2026-04-01T12:00:00+09:00">2026年4月1日</time>',
        "約1分",
        '<a class="label" href="/category/markets/">市場</a>',
    ):
        assert part in text
    assert text.index(">半導体</a>") < text.index(">AI</a>")


def test_title_is_set_in_its_parts_and_kept_whole_for_machines(client):
    title = "【実例】海運業界 & 港｜荷主の目安と道筋"
    post = make_post(title)
    text = page(client, post).text
    assert (
        '<h1 class="article__title headline"><span class="headline__label">実例</span> 海運業界 &amp; 港'
        ' <span class="headline__deck">荷主の目安と道筋</span></h1>'
    ) in text
    assert f"<title>{title.replace('&', '&amp;')}｜ALLFORCES</title>" in text
    assert f'<meta property="og:title" content="{title.replace("&", "&amp;")}">' in text
    assert title in client.get("/feed.json").json()["items"][0]["title"]


def test_lines_of_a_title_end_within_an_element_of_the_line(client):
    """Firefox makes lines uneven where a <wbr> stands in the block itself."""
    text = page(client, make_post("荷主が変える海運業界の明日｜港で働く人たちが語ったこと")).text
    head = re.search(r"<h1 [^>]*>(.*)</h1>", text)[1]
    assert "<wbr>" in head
    assert re.fullmatch(r'<span>[^ ]*</span> <span class="headline__deck"><span>[^ ]*</span></span>', head)


def test_label_that_says_only_the_year_of_the_article_is_left_out(client):
    this_year = make_post("【2026年版】導入の道筋")
    assert ">導入の道筋</h1>" in page(client, this_year).text
    other_year = make_post("【2027年版】導入の道筋")
    assert '<span class="headline__label">2027年版</span> 導入の道筋</h1>' in page(client, other_year).text


def test_contents_are_lists_in_a_list(client):
    text = page(client, make_post(body="### 前\n\n## 一\n\n### 甲\n\n### 乙\n\n## 二\n")).text
    contents = text.partition('<ol class="contents__list">')[2].partition("</nav>")[0]
    tree = re.sub(r"<(/?[ol][li])[^>]*>|<[^>]*>", r"\1 ", contents).split()
    below = ["li", "一", "ol", "li", "甲", "/li", "li", "乙", "/li", "/ol", "/li"]
    assert tree == ["li", "前", "/li", *below, "li", "二", "/li", "/ol"]


def test_contents_fold_their_second_level_where_the_first_is_enough(client):
    assert "contents--folds" in page(client, make_post(body="## 一\n\n### 細部\n\n## 二\n\n## 三\n")).text
    text = page(client, make_post(body="## 一\n\n### 細部\n\n### 次\n\n## 関連記事\n\n### 別の記事\n")).text
    assert 'class="contents"' in text
    assert 'href="#別の記事"' not in text
    assert "data-contents" not in page(client, make_post(body="## 一\n\n## 関連記事\n\n## 目次\n")).text


def test_page_says_updated_only_with_a_note_to_readers(client, time_machine):
    editor = make_user(role=EDITOR)
    time_machine.move_to(PUBLISHED_AT)
    post = make_released()
    post.body = "直した本文。"
    time_machine.move_to(PUBLISHED_AT + timedelta(days=2))
    save_post(post, by=editor)
    assert "<dt>更新</dt>" not in page(client, post).text
    amend(newest_read(post), kind="update", note="直しました。", by=editor)
    assert '<dt>更新</dt><dd><time datetime="2026-04-03T12:00:00+09:00">2026年4月3日</time>' in page(client, post).text


def test_correction_and_the_sections_notice_stand_under_the_article(client):
    section = make_category("投資", "investing", notice="投資の<助言>ではありません。")
    text = page(client, make_post(category=section, correction="数字を直しました。")).text
    foot = text[text.index("article__footer") :]
    assert foot.index("数字を直しました。") < foot.index("投資の&lt;助言&gt;ではありません。")


@pytest.mark.parametrize("url", ["mailto:desk@example.jp", "https://example.jp/form?a=1&b=2"])
def test_article_says_where_to_report_an_error_once_there_is_a_place(client, settings, url):
    post = make_post()
    assert "お知らせください" not in page(client, post).text
    settings.ERROR_REPORT_URL = url
    assert f'<a href="{url.replace("&", "&amp;")}">編集部へお知らせください</a>' in page(client, post).text


def test_lead_image_is_shown_and_the_share_image_never(client):
    lead, share = store_image(picture("red"), alt="写真", caption="説明", credit="撮影者"), store_image(picture("blue"))
    text = page(client, make_post(lead_image=lead, share_image=share)).text
    assert f'<img src="{lead.file.url}" width="8" height="4" alt="写真" fetchpriority="high">' in text
    assert "説明 <small>撮影者</small>" in text
    assert f'<img src="{share.file.url}"' not in text
    assert f'{lead.file.url}" srcset="' not in text


def test_editors_reason_stands_with_the_related_article(client):
    post, related = make_post(), make_post("選んだ記事")
    save_post(post, related=[(related, "背景が<分かる>。")])
    text = page(client, post).text
    assert "選んだ記事" in text
    assert "背景が&lt;分かる&gt;。" in text


AFFILIATE = "[品](https://www.amazon.co.jp/dp/1)"


def test_affiliate_links_are_disclosed_before_the_first_of_them_on_every_surface(client):
    post = make_post(body=f"前。\n\n{AFFILIATE}\n\n{AFFILIATE}\n")
    for path in (post.get_absolute_url(), f"{post.get_absolute_url()}tate/", "/feed.xml"):
        text = client.get(path).text
        assert text.count("この先には広告リンクがあります") == 1, path
        assert text.index("広告リンク") < text.index("amazon.co.jp")
    assert "広告リンク" not in post.body_html


def test_article_that_somebody_paid_for_needs_no_second_disclosure(client):
    post = make_post(body=AFFILIATE, is_sponsored=True)
    assert "この先には広告リンクがあります" not in client.get(post.get_absolute_url()).text
