"""Bodies that no writer means to type: signs of Markdown and tags of every kind, each repeated as often as it fits."""

from hypothesis import strategies as st

from blog.text.html_tags import BLOCK, INLINE

SIZE = 200_000  # characters, for which CPU_SECONDS and MEGABYTES are promised
CPU_SECONDS = 2
MEGABYTES = 300

# What an HTML parser treats in a way of its own, and no article may have.
OTHER_TAGS = (
    "address annotation-xml applet big body button center col colgroup desc dir div font foreignObject form frameset"
    " head html iframe image label legend listing main marquee math mglyph mi mtext nobr noframes noscript object"
    " optgroup option plaintext script select span strike style svg template textarea title tt xmp"
)
TAGS = (*sorted(INLINE | BLOCK), *OTHER_TAGS.split())
ATTRIBUTES = ("", "", " lang=#", " href=#", " href=/", " class=a", " title='#'", " id=fn-1", " a", " x='", ' "', "/")
ATTRIBUTES += (" colspan=2", ' alt="">', " =", "\n", " data-footnote-backref-idx=1", " start=9")
SIGNS = (
    *("*", "**", "_", "***", "~~", "`", "```", "~~~\n", "\n```\n", "```ts\n", "```markdown\n", "    ", "\n    ", "\t"),
    *("[", "](", "](/x)", "![", "![a](b)", '![](b "c")\n\n', "[a]: b\n", "[a]", "[#]: b\n", "[#]", "<http://a.b>"),
    *("[^1]", "[^1]: ", "[^#]", "\n\n[^#]: ", "[^2]: [^1]", "https://a.b/", "HTTP://a(", "<a@b.c>", "&amp;", "&nLt;"),
    *("&lrm;", "&ZeroWidthSpace;", "java&rlm;script:a"),
    *("> ", "- ", "\n- ", "1. ", "\n# ", "## #\n", "- [ ] ", "- [x] a\n", "|", "|-|-|\n", "|a|b|\n", "---\n", "  \n"),
    *("<!--", "-->", "--!>", "<![CDATA[", "]]>", "<?", "?>", "<!x", "<", "</", ">", "/>", "&", "&#", "'", '"', "="),
    *("a", "x ", "#\n\n", "日本", "「", "」", "、", "\\", "\n", "\n\n", "\r", "\x00", "😀", "か\u3099", "ﾞ\u0301"),
    *("\u0323\u0301", "e\u0301", "\u200b", "\ud800", "\ufffe", "$", "@", "^", "~", "{", "}", "(", ")"),
)

tags = st.builds(
    "<{}{}{}>".format, st.sampled_from(["", "", "", "/"]), st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)
)
laden = st.builds(
    lambda tag, names: f"<{tag} a#{''.join(f' z{name}' for name in range(names))}>",
    st.sampled_from(TAGS),
    st.sampled_from([10, 200]),
)
pairs = st.builds("<{0}></{0}>".format, st.sampled_from(TAGS))
units = st.lists(tags | laden | pairs | st.sampled_from(SIGNS), min_size=1, max_size=6).map("".join)
counts = st.sampled_from([1, 3, 60, 240, 1_000, 5_000, SIZE])


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """A few runs, each of one unit, and all of it again and again; a `#` counts, so that no two units are equal."""
    runs = draw(st.lists(st.tuples(units, counts), min_size=1, max_size=5))
    body = "".join(repeated(unit, count) for unit, count in runs)
    return (body * draw(st.sampled_from([1, 1, 2, 50])))[:SIZE]


def repeated(unit: str, count: int) -> str:
    count = min(count, SIZE // len(unit))
    return "".join(unit.replace("#", str(number)) for number in range(count)) if "#" in unit else unit * count
