import pytest

from blog.jekyll.links import Links, Translation
from blog.jekyll.reading import Document
from blog.jekyll.yaml_text import Mapping
from tests.cost import cpu_seconds

LIVE = "/2026/04/02/a/"
JAPANESE = "/2026/04/03/生成ai/"


@pytest.fixture(scope="module")
def links() -> Links:
    paths = {LIVE: LIVE, "/2026/04/01/a/": LIVE, JAPANESE: JAPANESE, "/old/": LIVE}
    return Links(paths, "https://old.example", "/base")


def translate(links: Links, body: str, *, first_line: int = 1, **options) -> Translation:
    return Translation(Document(Mapping(), body, first_line), links, **options)


def translated(links: Links, body: str) -> str:
    return translate(links, body).body


@pytest.mark.parametrize(
    ("written", "result"),
    [
        ("[x](/2026/04/01/a/)", f"[x]({LIVE})"),
        ("[x](/2026/04/01/a)", f"[x]({LIVE})"),
        ("[x](/2026/04/01/A-/)", f"[x]({LIVE})"),
        ("[x](/2026/04/01/a.html)", f"[x]({LIVE})"),
        ("[x](/base/2026/04/01/a/)", f"[x]({LIVE})"),
        ("[x](https://old.example/2026/04/01/a/)", f"[x]({LIVE})"),
        ("[x](http://OLD.example/base/2026/04/01/a/)", f"[x]({LIVE})"),
        ("[x](//old.example/2026/04/01/a/)", f"[x]({LIVE})"),
        ("[x](/old/)", f"[x]({LIVE})"),
        ("[x](/2026/04/01/a/?q=1&b=%20#%E8%A6%8B)", f"[x]({LIVE}?q=1&b=%20#%E8%A6%8B)"),
        ('[x](/2026/04/01/a/ "題")', f'[x]({LIVE} "題")'),
        ("[x](</2026/04/01/a/>)", f"[x](<{LIVE}>)"),
        ("[x](/2026/04/03/%E7%94%9F%E6%88%90ai/)", f"[x]({JAPANESE})"),
        ("[**x** [y]](/2026/04/01/a/)", f"[**x** [y]]({LIVE})"),
        ("[x]: /2026/04/01/a/ '題'\n", f"[x]: {LIVE} '題'\n"),
        ('<a class="b" href="/2026/04/01/a/">x</a>', f'<a class="b" href="{LIVE}">x</a>'),
        ("<a href = '/2026/04/01/a/'>x</a>", f"<a href = '{LIVE}'>x</a>"),
        ("<https://old.example/2026/04/01/a/>", f"[https://old.example/2026/04/01/a/]({LIVE})"),
        ("[x]({{ site.baseurl }}/2026/04/01/a/)", f"[x]({LIVE})"),
        ("[x]({{site.url}}{{site.baseurl}}/2026/04/01/a/#b)", f"[x]({LIVE}#b)"),
        ('[x]({{ "/2026/04/01/a/" | relative_url }})', f"[x]({LIVE})"),
        ("<a href=\"{{ '/2026/04/01/a/' | absolute_url }}\">", f'<a href="{LIVE}">'),
        ("[x]({% post_url 2026-04-01-a %})", f"[x]({LIVE})"),
        ("[x]({{ site.baseurl }}{% post_url sub/2026-04-01-a %})", f"[x]({LIVE})"),
        ("[x]({% link _posts/2026-04-01-a.md %})", f"[x]({LIVE})"),
        ("{% post_url 2026-04-01-a %}", LIVE),
    ],
)
def test_a_link_to_an_article_becomes_its_live_path(links, written, result):
    assert translated(links, written) == result


@pytest.mark.parametrize(
    "body",
    [
        "[x](/2026/04/02/a/)",
        "[x](https://other.example/2026/04/01/a/)",
        "[x](https://old.example.evil.example/2026/04/01/a/)",
        "[x](mailto:a@old.example) [y](#見出し) [z](2026/04/01/a/) [w](http://[)",
        "/2026/04/01/a/ in the text",
        "a  \nb\t\r\nc \n\n\n---END---\n   ",
        "`[x](/2026/04/01/a/)` ``a ` {: .b}`` `{% include c %}`",
        "```\n[x](/2026/04/01/a/)\n{: .b}\n{% include c %}\n```\n",
        "- a\n  ~~~ruby\n  [x](/2026/04/01/a/)\n  ~~~\n",
        "````md\n```\n[x](/2026/04/01/a/)\n```\n{{ page.a }}\n````\n",
        "```\n[x](/2026/04/01/a/) in a fence without an end",
        "a {b} {:c text without an end\n集合 {:x} と書く\n",
    ],
)
def test_everything_else_stays_byte_for_byte(links, body):
    result = translate(links, body)

    assert result.body == body
    assert (result.rewritten, result.unresolved) == (0, [])


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("[x](/b){: .c}\n", "[x](/b)\n"),
        ("[x](/b) {: .c #d} --- y\n", "[x](/b) --- y\n"),
        ("**x**{: .c} *y*{:.d} `z`{:.e}\n", "**x** *y* `z`\n"),
        ("a\n{: .c}\nb\n", "a\nb\n"),
        ("a\n  {: .c}  \r\nb\n", "a\nb\n"),
        ("> a\n> {: .c}\n", "> a\n"),
        ("a\n{: .c}", "a\n"),
    ],
)
def test_attribute_lists_go(links, body, result):
    assert translated(links, body) == result


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("a\n\n{% include ads.html %}\n\nb\n", "a\n\n\nb\n"),
        ("a\n  {%- include x.html y='%' z=1 -%}  \r\nb\n", "a\nb\n"),
        ("a {% include x %} b\n", "a  b\n"),
        ("{{ site.url }}/feed.xml", "https://old.example/feed.xml"),
    ],
)
def test_liquid_is_carried_out_or_kept_as_text(links, body, result):
    assert translated(links, body) == result


@pytest.mark.parametrize(
    "body", ["{{ page.title }}", "{% if a %}b{% endif %}", "{% raw %} without an end", "{% post_url x %}"]
)
def test_other_liquid_stays_as_text_and_is_noted(links, body):
    result = translate(links, f"a\n{body}\n", first_line=10)

    assert result.body == f"a\n{body}\n"
    assert set(result.unknown_liquid) == {11}


def test_a_dead_link_stays_and_is_reported_with_its_line_and_as_it_was_written(links):
    body = "a\n```\n\n```\n[x](/2026/04/09/dead/)\n"
    body += "[y](https://old.example/2026/04/09/d%20/#e)\n[z](/2026/04/09/f/)"

    result = translate(links, body, first_line=10)

    assert result.unresolved == [
        (14, "/2026/04/09/dead/"),
        (15, "https://old.example/2026/04/09/d%20/#e"),
        (16, "/2026/04/09/f/"),
    ]
    assert result.rewritten == 0


def test_an_unknown_post_url_becomes_the_path_that_will_lead_there(links):
    result = translate(links, "[x]({% post_url 2026-04-09-later %})")

    assert result.body == "[x](/2026/04/09/later/)"
    assert result.unresolved == [(1, "{% post_url 2026-04-09-later %}")]


def test_links_to_pages_of_the_old_site_stay_and_are_noted_apart(links):
    result = translate(links, "[x](/contact/?a=b)\n[home](/)\n[y](https://old.example/about/)\n")

    assert result.body.startswith("[x](/contact/?a=b)")
    assert (result.page_links, result.unresolved) == ([1, 3], [])


def test_pictures_are_stored_by_their_path_and_line(links):
    asked = []

    def store(path: str, line: int) -> str | None:
        asked.append((path, line))
        return "/media/images/1.png" if path == "/assets/図.png" else None

    body = '![a](/assets/%E5%9B%B3.png "b")\n<img src="https://old.example/base/assets/図.png">\n![c](../d.JPG) ![e](https://x.example/f.png)\n'
    result = translate(links, body, store_image=store)

    assert result.body == (
        '![a](/media/images/1.png "b")\n<img src="/media/images/1.png">\n![c](../d.JPG) ![e](https://x.example/f.png)\n'
    )
    assert asked == [("/assets/図.png", 1), ("/assets/図.png", 2), ("../d.JPG", 3)]


@pytest.mark.parametrize(
    "unit",
    ["{% raw %}", "[x](", "](<", "]((", "`", "`a", "{{", "{{a}}", "{%", "{% include ", "~~~\n", "*{:", "> ", " ",
     "\n> ", "- ", "<https://", "[a", "[a]: ", "1.", 'href="', "src='{{a}}", "\n{:", ") {:", "\n["],
)  # fmt: skip
def test_hostile_text_takes_no_time(links, unit):
    body = unit * (400_000 // len(unit))
    with cpu_seconds(at_most=2):
        translate(links, body)
        translate(links, f"href={'{{a}}' * 10_000}")
