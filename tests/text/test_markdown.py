import json
import re

import pytest

from blog.text.headings import RESERVED_IDS, heading_id
from blog.text.highlight import MAX_COST, cost
from blog.text.html import SIZES, PictureFacts
from blog.text.markdown import render_markdown


def html(source: str, **options) -> str:
    return render_markdown(source, **options).html


class TestProse:
    def test_emphasis_beside_japanese_brackets(self):
        assert html("これは**「強調」**です。") == "<p>これは<strong>「強調」</strong>です。</p>\n"

    def test_rule_under_a_paragraph_makes_no_heading(self):
        assert html("本文\n---\n続き") == "<p>本文</p>\n<hr>\n<p>続き</p>\n"

    def test_tilde_of_a_range_strikes_nothing_out(self):
        assert html("10~20%、30~40%。~~取消~~ `a~b` [x](/~u/)") == (
            '<p>10~20%、30~40%。<del>取消</del> <code>a~b</code> <a href="/~u/">x</a></p>\n'
        )

    @pytest.mark.parametrize(
        "markup",
        [
            "<ruby>漢<rp>（</rp><rt>かん</rt><rp>）</rp></ruby>",
            '<abbr title="Large Language Model">LLM</abbr>',
            '<i lang="en">alpha</i>',
            '<time datetime="2025-01-01">元日</time>',
        ],
    )
    def test_inline_html_of_the_allow_list_is_kept(self, markup):
        assert html(f"前{markup}後") == f"<p>前{markup}後</p>\n"

    def test_markdown_inside_details(self):
        assert html("<details>\n<summary>要約</summary>\n\n**本文**\n\n</details>") == (
            "<details>\n<summary>要約</summary>\n<p><strong>本文</strong></p>\n</details>\n"
        )

    def test_line_ends_and_invisible_characters_do_not_matter(self):
        assert html("\ufeff## a\r\n\r\nb\x00\u202e") == html("## a\n\nb")


class TestHeadings:
    @pytest.mark.parametrize(
        ("text", "anchor"),
        [
            ("概要と背景", "概要と背景"),
            ("AI導入でよくある5つの失敗", "ai導入でよくある5つの失敗"),
            ("まとめ：投資（3社）", "まとめ投資3社"),
            ("DALL-E 3", "dall-e-3"),
            ("API & Foo_bar", "api--foo_bar"),
            ("①か\u3099", "が"),
            ("★★", "section"),
        ],
    )
    def test_id_is_the_one_of_the_old_site(self, text, anchor):
        assert heading_id(text) == anchor
        assert f'<h2 id="{anchor}">' in html(f"## {text}")

    @pytest.mark.parametrize(
        ("headings", "ids"),
        [("表 表 表", "表 表-1 表-2"), ("表 表-1 表", "表 表-1 表-2"), ("表 表 表-1 表", "表 表-1 表-1-1 表-2")],
    )
    def test_repeated_heading_is_numbered_past_ids_that_are_taken(self, headings, ids):
        source = "\n\n".join(f"## {heading}" for heading in headings.split())
        assert [entry["id"] for entry in render_markdown(source).toc] == ids.split()

    @pytest.mark.parametrize("name", ["location", "forms", "body", "cookie", "constructor", "main"])
    def test_id_that_would_hide_a_property_or_a_part_of_the_page_is_prefixed(self, name):
        assert name in RESERVED_IDS
        rendered = html(f"[目次](#{name})\n\n## {name.title()}")
        assert f'<h2 id="section-{name}">' in rendered
        assert f'<a href="#section-{name}">' in rendered

    @pytest.mark.parametrize(
        ("levels", "shown"),
        [("1222", "2222"), ("1333", "2333"), ("2424", "2323"), ("3323", "2223"), ("23456", "23456"), ("661", "222")],
    )
    def test_outline_starts_at_two_and_never_skips_a_level(self, levels, shown):
        rendered = html("\n\n".join(f"{'#' * int(level)} 見出し" for level in levels))
        assert "".join(part[0] for part in rendered.split("<h")[1:]) == shown

    def test_contents_are_plain_json_of_two_levels(self):
        toc = render_markdown("# 一\n\n## 二\n\n### 三\n\n#### 四").toc
        assert json.loads(json.dumps(toc)) == toc
        assert [entry["text"] for entry in toc] == ["一", "二", "三"]


class TestPullQuotes:
    def test_quotation_that_is_one_emphasised_paragraph_is_set_large(self):
        assert html("> **数字は条件と一緒に。**\n") == (
            '<blockquote class="pull-quote"><p>数字は<wbr>条件と<wbr>一緒に。</p></blockquote>\n'
        )

    @pytest.mark.parametrize(
        "source", ["> **文。** 続き", "> 前 **文。**", "> **一**\n>\n> **二**", "> **[文](/x/)**", "**文。**", "> 文。"]
    )
    def test_other_quotations_stay_quotations(self, source):
        assert "pull-quote" not in html(source)


class TestLinks:
    def test_link_whose_text_is_its_address_is_known_so_that_paper_shows_it_once(self):
        assert (
            html("<https://a.example/>") == '<p><a class="url" href="https://a.example/">https://a.example/</a></p>\n'
        )
        assert "class" not in html("[文](https://a.example/)")

    @pytest.mark.parametrize(
        ("text", "url", "rest"),
        [
            ("https://example.com/a/", "https://example.com/a/", ""),
            ("https://example.com/日本語", "https://example.com/", "日本語"),
            ("https://example.com。次", "https://example.com", "。次"),
            ("https://example.com/a_(b))", "https://example.com/a_(b)", ")"),
            ("https://example.com/&lt;b&gt;", "https://example.com/", "&lt;b&gt;"),
        ],
    )
    def test_bare_url_ends_where_a_reader_says(self, text, url, rest):
        assert html(f"見よ{text}") == f'<p>見よ<a class="url" href="{url}">{url}</a>{rest}</p>\n'

    @pytest.mark.parametrize(
        "source",
        ["`https://example.com`", "```\nhttps://example.com\n```", "    https://example.com", "xhttps://example.com"],
    )
    def test_url_in_code_or_in_a_word_is_no_link(self, source):
        assert "<a" not in html(source)

    @pytest.mark.parametrize(
        "url",
        [
            "https://amazon.co.jp/dp/1",
            "https://www.amazon.co.jp/dp/1?tag=x",
            "https://user@amazon.co.jp:443/",
        ],
    )
    def test_link_to_a_sponsor_says_so(self, url):
        rendered = html(f"[本]({url})", sponsored_hosts=["Amazon.co.jp"])
        assert rendered == f'<p><a href="{url}" rel="sponsored">本</a></p>\n'

    @pytest.mark.parametrize(
        "url",
        [
            "https://notamazon.co.jp/",
            "https://amazon.co.jp.evil.example/",
            "https://amazon.co.jp@evil.example/",
        ],
    )
    def test_other_links_say_nothing(self, url):
        assert "rel=" not in html(f"[文]({url})", sponsored_hosts=["amazon.co.jp"])

    def test_every_link_out_of_the_site_may_be_sponsored(self):
        rendered = html(
            "[本](https://a.example/) //b.example [内](/x/#y) [先](mailto:a@b.example)", sponsored_hosts="*"
        )
        assert re.findall('href="([^"]*)"( rel="sponsored")?', rendered) == [
            ("https://a.example/", ' rel="sponsored"'),
            ("/x/#y", ""),
            ("mailto:a@b.example", ""),
        ]

    def test_writer_may_say_nofollow_but_not_open_windows(self):
        assert html('<a href="/x" rel="opener nofollow" target="_blank">x</a>') == (
            '<p><a href="/x" rel="nofollow">x</a></p>\n'
        )


class TestImages:
    SIZES = {
        "/media/a.png": PictureFacts(640, 480),
        "/media/b.png": PictureFacts(
            9, 9, srcset="/r/1.webp 480w, /r/2.webp?a&b 800w", credit='撮影 <b>太郎</b> & "花子"'
        ),
    }

    def test_image_alone_with_a_title_is_a_figure(self):
        assert html('![代替](/media/a.png "説明 & 出典")', find_picture=self.SIZES.get) == (
            '<figure><img src="/media/a.png" alt="代替" width="640" height="480" loading="lazy" decoding="async">'
            "<figcaption>説明 &amp; 出典</figcaption></figure>\n"
        )

    def test_browser_chooses_among_renditions(self):
        assert html("文![](/media/b.png)", find_picture=self.SIZES.get) == (
            '<p>文<img src="/media/b.png" srcset="/r/1.webp 480w, /r/2.webp?a&amp;b 800w"'
            f' sizes="{SIZES}" alt="" width="9" height="9" loading="lazy" decoding="async"></p>\n'
        )

    def test_credit_stands_below_a_picture_that_has_a_paragraph_to_itself(self):
        credit = "<small>撮影 &lt;b&gt;太郎&lt;/b&gt; &amp; &quot;花子&quot;</small>"
        assert f"<figcaption>{credit}</figcaption>" in html("![](/media/b.png)", find_picture=self.SIZES.get)
        assert f"<figcaption>題 {credit}</figcaption>" in html('![](/media/b.png "題")', find_picture=self.SIZES.get)
        assert "太郎" not in html("文![](/media/b.png)", find_picture=self.SIZES.get)
        assert html("![](/media/a.png)", find_picture=self.SIZES.get).startswith("<p><img")


class TestTables:
    def test_table_scrolls_in_a_named_region_and_aligns_by_class(self):
        rendered = html("|a|b|\n|:-:|--:|\n|1|2|")
        region = '<div class="table-scroll" tabindex="0" role="region" aria-label="表（2列）"><table>'
        assert rendered.startswith(region)
        assert rendered.endswith("</table></div>\n")
        assert '<th class="align-center">a</th>' in rendered
        assert '<td class="align-right">2</td>' in rendered
        assert " align=" not in rendered

    def test_column_of_numbers_takes_no_room_from_the_others(self):
        assert 'class="table-scroll table-scroll--numbers"' in html("|No.|a|b|c|\n|-|-|-|-|\n|1|x|y|z|\n|12|x|y|z|")
        assert "table-scroll--numbers" not in html("|No.|a|b|c|\n|-|-|-|-|\n|1|x|y|z|\n|十二|x|y|z|")

    def test_cells_of_a_table_of_texts_name_their_columns_so_that_a_phone_can_stack_them(self):
        text = "一つの文に近い長さの言葉"
        head = '|道具|"用途"|長所|注意|\n|-|-|-|-|\n'
        stacked = html(f"{head}|甲|{text}|{text}|小|")
        assert 'class="table-scroll table-scroll--stacks"' in stacked
        assert '<td data-column="&quot;用途&quot;">' in stacked
        assert "data-column" not in html(f"{head}|甲|1|2|3|")
        assert "data-column" not in html(f"|道具|用途|長所|\n|-|-|-|\n|甲|{text}|{text}|")


class TestEmphasis:
    def test_japanese_has_dots_latin_is_slanted_and_a_sentence_is_a_note(self):
        assert html("*強調* と *emphasis* だ。") == '<p><em class="dots">強調</em> と <em>emphasis</em> だ。</p>\n'
        assert html("***強い強調***") == '<p><em class="dots"><strong>強い強調</strong></em></p>\n'
        assert '<em class="note">※ 価格' in html("*※ 価格は変わります。*")
        assert '<em class="note">' in html(f"*{'長い一文' * 8}*")


class TestFootnotes:
    def test_ids_are_numbers_whatever_the_notes_are_called(self):
        rendered = html("甲[^location]乙[^注]丙[^注]\n\n[^注]: 二\n[^location]: 一")
        for part in ('id="fnref:1"', 'id="fnref:2"', 'id="fnref:2:2"', '<li id="fn:1">', '<li id="fn:2">'):
            assert rendered.count(part) == 1
        for target in ("#fn:1", "#fnref:1", "#fnref:2", "#fnref:2:2"):
            assert f'href="{target}"' in rendered


def test_task_list_boxes_are_disabled_and_named():
    rendered = html("- [ ] 未\n- [x] 済")
    assert '<li class="task-list-item"><input type="checkbox" disabled aria-label="未完了"> 未</li>' in rendered
    assert '<input type="checkbox" disabled checked aria-label="完了"> 済' in rendered


class TestCode:
    def test_fenced_code_is_coloured_by_class(self):
        assert html("```python\nx = '<b>'\n```") == (
            '<pre class="highlight" tabindex="0"><code class="language-python"><span class="n">x</span> '
            '<span class="o">=</span> <span class="s1">\'&lt;b&gt;\'</span>\n</code></pre>\n'
        )

    @pytest.mark.parametrize("lines", [1, 20, 100, 140])
    def test_an_article_made_of_code_is_coloured_only_so_far(self, lines):
        code = "x = 123456789 * 123456789\n" * lines
        coloured = MAX_COST // cost(code)
        rendered = html(f"```python\n{code}```\n\n" * (coloured + 5))
        assert rendered.count("<pre") == coloured + 5
        assert rendered.count('<span class="n">') == lines * coloured
