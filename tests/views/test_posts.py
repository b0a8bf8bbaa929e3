import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from blog.editing.amendments import amend, newest_read
from blog.editing.permissions import EDITOR
from blog.editing.saving import save_post
from blog.models import Post
from blog.pictures.renditions import make_renditions
from blog.pictures.uploads import store_image
from tests.factories import (
    PUBLISHED_AT,
    make_category,
    make_draft,
    make_in_review,
    make_post,
    make_released,
    make_scheduled,
    make_unpublished,
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


def test_standfirst_that_says_the_title_again_is_left_out_on_page_and_in_rows(client):
    post = make_post("荷主が変える海運業界の明日", excerpt="荷主が変える海運業界の明日を解説します。")
    more = make_post("港湾の混雑", excerpt="**荷主**が三年で変えた。")
    assert "article__standfirst" not in page(client, post).text
    assert '<p class="article__standfirst">荷主が三年で変えた。</p>' in page(client, more).text
    rows = client.get("/2026/04/").text
    assert rows.count("post-row__excerpt") == 1
    assert '<p class="post-row__excerpt">荷主が三年で変えた。</p>' in rows
    assert '<meta name="description" content="荷主が変える海運業界の明日を解説します。">' in page(client, post).text


def test_label_that_says_only_the_year_of_the_article_is_left_out(client):
    this_year = make_post("【2026年版】導入の道筋")
    assert ">導入の道筋</h1>" in page(client, this_year).text
    other_year = make_post("【2027年版】導入の道筋")
    assert '<span class="headline__label">2027年版</span> 導入の道筋</h1>' in page(client, other_year).text


@pytest.mark.postgresql
def test_day_is_tokyos(client):
    post = make_post(at=PUBLISHED_AT.replace(hour=15))  # midnight of the 2nd in Tokyo
    assert post.get_absolute_url().startswith("/2026/04/02/")
    assert '<time datetime="2026-04-02T00:00:00+09:00">2026年4月2日</time>' in page(client, post).text


def test_body_is_the_stored_html(client):
    post = make_post(body="**強調**\n\n## 見出し\n")
    text = page(client, post).text
    assert f'<div class="prose">{post.body_html}</div>' in text
    assert '<h2 id="見出し">' in text


def test_contents_list_the_headings(client):
    text = page(client, make_post(body="## 背景 & 経緯\n\n### 詳細\n\n本文。\n\n## 結び\n")).text
    assert '<a href="#背景--経緯">背景 &amp; 経緯</a>' in text
    assert "contents__item--3" in text


def test_contents_are_lists_in_a_list(client):
    text = page(client, make_post(body="### 前\n\n## 一\n\n### 甲\n\n### 乙\n\n## 二\n")).text
    contents = text.partition('<ol class="contents__list">')[2].partition("</nav>")[0]
    tree = re.sub(r"<(/?[ol][li])[^>]*>|<[^>]*>", r"\1 ", contents).split()
    below = ["li", "一", "ol", "li", "甲", "/li", "li", "乙", "/li", "/ol", "/li"]
    assert tree == ["li", "前", "/li", *below, "li", "二", "/li", "/ol"]


@pytest.mark.postgresql
def test_contents_part_between_phrases(client):
    text = page(client, make_post(body="## 荷主が変える海運業界の明日\n\n## 二\n\n## 三\n")).text
    assert '<a href="#荷主が変える海運業界の明日">荷主が<wbr>変える<wbr>' in text


@pytest.mark.postgresql
def test_contents_that_an_older_version_stored_are_shown_too(client):
    post = make_post(body="## 背景 & 経緯\n\n## 二\n\n## 三\n")
    old = [{name: entry[name] for name in ("level", "id", "text")} for entry in post.toc]
    Post.objects.filter(pk=post.pk).update(toc=old)
    assert '<a href="#背景--経緯">背景 &amp; 経緯</a>' in page(client, post).text


def test_contents_fold_their_second_level_where_the_first_is_enough(client):
    assert "contents--folds" in page(client, make_post(body="## 一\n\n### 細部\n\n## 二\n\n## 三\n")).text
    text = page(client, make_post(body="## 一\n\n### 細部\n\n### 次\n\n## 関連記事\n\n### 別の記事\n")).text
    assert 'class="contents"' in text
    assert 'href="#別の記事"' not in text
    assert "data-contents" not in page(client, make_post(body="## 一\n\n## 関連記事\n\n## 目次\n")).text


def test_article_without_headings_tags_picture_or_standfirst_has_none_of_their_places(client):
    text = page(client, make_post(excerpt="", body="本文だけ。")).text
    for part in ("目次", 'class="tags"', "<figure", "standfirst", "訂正", "前後の記事", "関連記事"):
        assert part not in text


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


def test_lead_image_comes_in_the_width_the_screen_needs(client):
    lead = store_image(picture("red", (900, 20)))
    make_renditions(lead)
    text = page(client, make_post(lead_image=lead)).text
    assert f'<img src="{lead.file.url}" srcset="{lead.srcset}" sizes="' in text
    assert [candidate.split()[1] for candidate in lead.srcset.split(", ")] == ["480w", "800w", "900w"]
    assert 'loading="lazy"' not in text
    home = client.get("/").content.decode()
    assert f'srcset="{lead.srcset}"' in home


def test_pillar_is_linked_while_it_is_public(client):
    pillar = make_post("まとめの記事")
    post = make_post(pillar=pillar, category=make_category("別", "other"))
    assert f'<a href="{pillar.get_absolute_url()}" class="headline">まとめの記事</a>' in page(client, post).text
    pillar.unpublish()
    save_post(pillar)
    assert "まとめの記事" not in page(client, post).text


def test_editors_reason_stands_with_the_related_article(client):
    post, related = make_post(), make_post("選んだ記事")
    save_post(post, related=[(related, "背景が<分かる>。")])
    text = page(client, post).text
    assert "選んだ記事" in text
    assert "背景が&lt;分かる&gt;。" in text


@pytest.mark.parametrize("maker", [make_draft, make_in_review, make_scheduled, make_unpublished])
def test_article_that_is_not_public_is_404_for_everyone(client, maker):
    post = maker(slug="hidden")
    path = post.get_absolute_url() or "/2026/04/01/hidden/"
    assert client.get(path).status_code == 404
    client.force_login(make_user(is_superuser=True))
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/2026/04/02/article/", "/2026/02/30/article/", "/0000/01/01/article/"])
def test_article_is_not_at_another_day(client, path):
    make_post(slug="article")
    assert client.get(path).status_code == 404


@pytest.mark.postgresql
@pytest.mark.parametrize("slug", ["エーシェント", "生成ai-と-投資", "a" * 200, "1"])
def test_slug_in_any_script_has_a_page(client, slug):
    post = make_post(slug=slug)
    assert page(client, post).context["post"] == post
    assert client.get(quote(f"/2026/04/01/{slug}/")).status_code == 200


@pytest.mark.postgresql
def test_odd_texts_are_shown_as_they_are(client):
    for title in (
        "長" * 100,
        "Latin only: a title without spaces " + "x" * 120,
        "<script>alert(1)</script>",
        "{{ x }}",
    ):
        text = page(client, make_post(title, excerpt=title)).text
        assert title.replace("<", "&lt;").replace(">", "&gt;") in text


AFFILIATE = "[品](https://www.amazon.co.jp/dp/1)"


def test_affiliate_links_are_disclosed_before_the_first_of_them_in_page_and_feed(client):
    post = make_post(body=f"前。\n\n{AFFILIATE}\n\n{AFFILIATE}\n")
    for path in (post.get_absolute_url(), "/feed.xml"):
        text = client.get(path).text
        assert text.count("この先には広告リンクがあります") == 1, path
        assert text.index("広告リンク") < text.index("amazon.co.jp")
    assert "広告リンク" not in post.body_html


def test_article_that_somebody_paid_for_needs_no_second_disclosure(client):
    post = make_post(body=AFFILIATE, is_sponsored=True)
    assert "この先には広告リンクがあります" not in client.get(post.get_absolute_url()).text
