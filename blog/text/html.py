"""Turns a Markdown renderer's raw HTML into the site's own: an allow-list cleans it, then one pass finishes it."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import count, cycle
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import nh3

from blog.text.charts import CHART, chart_figure
from blog.text.headings import DEEPEST_LISTED, Outline
from blog.text.headlines import cell_in_phrases, heading_in_phrases, name_as_set
from blog.text.highlight import MAX_COST, code_block, cost
from blog.text.html_tags import ATTRIBUTES, BLOCK, CLASSES, INLINE
from blog.text.japanese import CJK, READING_AID, printable, width

EVERY_HOST = "*"


class PictureFacts(NamedTuple):
    """The caller's facts about a picture; width and height are enough. The texts are not escaped."""

    width: int  # pixels
    height: int
    srcset: str = ""
    credit: str = ""
    url: str = ""  # where it is now, if not where the text says


# Returns the facts about the picture at an address, or only its (width, height), or None for an unknown one.
FindPicture = Callable[[str], PictureFacts | tuple[int, int] | None]

# The width of a picture in an article: that of the text column, or of a phone without its margins.
SIZES = "(min-width: 44rem) 40.5rem, 92vw"

# The finisher gives links their `rel` (link_rel=None), and rewrites the ids, classes and alignments that pass here.
_CLEANER = nh3.Cleaner(
    tags=set(INLINE | BLOCK),
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)

# nh3 writes well-formed tags with quoted attributes and escapes < and > inside them, so a tag ends at its first >.
# `[<Hh]` in front lets `re` skip from candidate to candidate, which is five times as fast.
_TOKEN = re.compile(
    r"""
    [<Hh](?:
      (?<=<)(?:
        pre><code(?:\ class="(?:language-)?(?P<language>[^"]*)")?>(?P<code>[^<]*)</code></pre>
      | blockquote>\n<p><strong>(?P<pull_quote>[^<]{0,300})</strong></p>\n</blockquote>
      | p>(?P<figure><img\ [^>]*>)</p>
      | sup\ class="footnote-ref"><a\ [^>]*>(?P<note>\d+)</a></sup>
      | a\ [^>]*data-footnote-backref-idx="(?P<back>\d+(?:-\d+)?)"[^>]*>[^<]*(?:<sup[^>]*>[^<]*</sup>)?</a>
      | (?P<closing>/?)(?P<name>a|code|h[1-6]|pre|table)(?P<attributes>(?:\ [^>]*)?)>
      | (?P<lone>img|input|section|(?:li|t[dh])(?=\ ))(?P<lone_attributes>(?:\ [^>]*)?)>
      | [a-z]+\ [^>]*>
      )
    | (?<![A-Za-z0-9].)(?P<url>[Tt][Tt][Pp][Ss]?://[A-Za-z0-9]
        (?:[A-Za-z0-9\-._~:/?\#@!$'()*+,;=%\[\]]|&amp;){0,2000}(?<=[A-Za-z0-9/\-_~\#@$+=%);]))
    )
    """,
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_EMPHASIS = re.compile(r"<em>((?:[^<]|<(?:/?strong|wbr)>){1,300})</em>")
_HAS_JAPANESE = re.compile(f"[{CJK}]")
MAX_DOTTED = 24  # characters; dots over more are not read as emphasis
CROWDED = 4  # columns of a table that takes room where there is some
WIDE_TEXT = 8  # em, of a cell that is read and not compared
_CELL = re.compile(r"(<t[dh](?: [^>]*)?)>(.*?)(?=</t[dh]>)", re.DOTALL)
_NUMBERED_ROW = re.compile(r"<tr>\s*<td[^>]*>[0-9]{1,3}[.)]?</td>")
_ANY_TAG = re.compile(r"<[^>]*>")
_REL_OF_WRITERS = ("nofollow", "sponsored", "ugc")
MAX_CELLS_IN_PHRASES = 40_000  # characters of tables, the same
MAX_IN_PHRASES = 20_000  # characters of headings and pull quotes split into phrases, in three microseconds each
MAX_CHARTS = 30  # are drawn, in ten milliseconds each at the most; further blocks stay code
MAX_PICTURES = 500  # facts are looked up for so many; the rest is shown without a size
# Chromium shows the end of a line as a space, which no Japanese text has behind these; Firefox shows none.
_LINE_END = re.compile(r"\n(?<=[。、！？」』）】]\n)")
_ALIGNMENTS = ("left", "center", "right")


def sanitise(
    raw_html: str, *, sponsored_hosts: Iterable[str] = (), find_picture: FindPicture | None = None
) -> tuple[str, list[dict[str, int | str]]]:
    """Returns safe, finished HTML and its table of contents for any ``raw_html``."""
    clean = _CLEANER.clean(raw_html)
    visible = printable(clean)
    if visible != clean:  # entities hid characters: without them, `java&#1;script:` is another address
        clean = _CLEANER.clean(visible)
    return _Finisher(sponsored_hosts, find_picture).finish(clean)


class _Finisher:
    """Walks over nh3's output once. Attribute values stay escaped, except where their content is examined."""

    def __init__(self, sponsored_hosts: Iterable[str], find_picture: FindPicture | None) -> None:
        self.sponsored_hosts = tuple(host.lower() for host in sponsored_hosts)
        self.find_picture = find_picture
        self.pictures: dict[str, PictureFacts | None] = {}
        self.outline = Outline()
        self.out: list[str] = []
        self.open_headings = self.heading_start = 0
        self.verbatim = 0  # how many open elements forbid making links of URLs
        self.links: list[int] = []  # for each open anchor: where it stands in self.out, or 0 if it became no link
        self.notes: Iterator[int] | None = None
        self.references: Counter[str] = Counter()
        self.tables = 0
        self.open_tables: list[int] = []  # where they begin in self.out
        self.colouring = self.charts = 0
        self.in_phrases = self.cells = 0

    def finish(self, clean_html: str) -> tuple[str, list[dict[str, int | str]]]:
        position = 0
        for token in _TOKEN.finditer(clean_html):
            self.out.append(self.text(clean_html[position : token.start()]))
            position = token.end()
            # A handler returns the token's HTML; it may look at self.out, which holds all before the token.
            self.out.append(self.HANDLERS[token.lastgroup](self, token))
        self.out.append(self.text(clean_html[position:]))
        finished = "".join(self.out)
        if "<em>" in finished:
            finished = _EMPHASIS.sub(_emphasis, finished)
        if self.outline.renamed:
            finished = re.sub(r'(?<=<a href="#)[^"]+', self.renamed_fragment, finished)
        return finished, self.outline.toc

    def renamed_fragment(self, fragment: re.Match[str]) -> str:
        return self.outline.renamed.get(unquote(fragment[0]), fragment[0])

    def unchanged(self, token: re.Match[str]) -> str:
        return token[0]

    # --- elements that open and close ---

    def tag(self, token: re.Match[str]) -> str:
        name, is_closing = token["name"], bool(token["closing"])
        if name in ("a", "code", "pre"):
            self.verbatim += -1 if is_closing else 1
        if name[0] == "h":
            return self.heading(int(name[1]), is_closing)
        if name == "a":
            return self.link(token["attributes"], is_closing)
        if name == "table":
            return self.table(is_closing)
        if name == "pre" and not is_closing:
            return '<pre class="highlight" tabindex="0">'
        return token[0] if is_closing else f"<{name}>"

    def heading(self, level: int, is_closing: bool) -> str:
        """Writes the opening tag once the text is known, and leaves out an empty heading.

        A heading inside another counts as text of the outer one.
        """
        self.open_headings += -1 if is_closing else 1
        if not is_closing and self.open_headings == 1:
            self.heading_start = len(self.out)
        if not is_closing or self.open_headings:
            return ""
        content = "".join(self.out[self.heading_start + 1 :])
        text = html.unescape(_ANY_TAG.sub("", READING_AID.sub("", content)))
        if not text.strip() and "<img" not in content:
            return ""
        level, anchor = self.outline.add(level, text)
        opening = f"<h{level}{_attribute('id', anchor)}>"
        content = self.set_large(content)
        if self.in_phrases <= MAX_IN_PHRASES and anchor and level <= DEEPEST_LISTED:
            self.outline.toc[-1]["html"] = name_as_set(str(self.outline.toc[-1]["text"]), content)
        self.out[self.heading_start :] = [opening, content]
        return f"</h{level}>"

    def set_large(self, content: str) -> str:
        """Marks where the lines of large letters may end, in a text of usual length."""
        self.in_phrases += len(content)
        return heading_in_phrases(content) if self.in_phrases <= MAX_IN_PHRASES else content

    def link(self, attributes: str, is_closing: bool) -> str:
        """Leaves only the text of an anchor whose address nh3 dropped, and of one in a table inside a link."""
        if is_closing:
            start = self.links.pop()
            if start and f' href="{"".join(self.out[start + 1 :])}"' in self.out[start]:
                self.out[start] = _showing_its_address(self.out[start])
            return "</a>" if start else ""
        values = dict(_ATTRIBUTE.findall(attributes))
        self.links.append(len(self.out) if "href" in values and not any(self.links) else 0)
        return self.link_start(**values) if self.links[-1] else ""

    def link_start(self, href: str, title: str = "", rel: str = "", lang: str = "", **_: str) -> str:
        rels = [word for word in _REL_OF_WRITERS if word in rel.lower().split()]
        if "sponsored" not in rels and self.is_sponsored(href):
            rels.append("sponsored")
        more = _attribute("title", title) + _attribute("lang", lang) + _attribute("rel", " ".join(rels))
        return f'<a href="{href}"{more}>'

    def is_sponsored(self, href: str) -> bool:
        if not self.sponsored_hosts or "//" not in href:
            return False
        try:
            host = urlsplit(html.unescape(href)).hostname or ""
        except ValueError:  # a bracket that opens no IPv6 address
            return False
        if host and EVERY_HOST in self.sponsored_hosts:
            return True
        return f".{host.rstrip('.')}".endswith(tuple(f".{sponsored}" for sponsored in self.sponsored_hosts))

    def table(self, is_closing: bool) -> str:
        """Puts the table into a region that scrolls sideways, takes the keyboard's focus and has a unique name.

        The name tells the number of columns, since a phone does not show all of them at once.
        """
        if not is_closing:
            self.open_tables.append(len(self.out))
            return "<table>"
        self.tables += 1
        start = self.open_tables.pop()
        table = "".join(self.out[start + 1 :])
        label = "表" if self.tables == 1 else f"表{self.tables}"
        if columns := len(_CELL.findall(table.partition("</tr>")[0])):
            label += f"（{columns}列）"
        kind = ""
        if columns >= CROWDED and (stacked := _with_names_of_columns(table)):
            kind, table = " table-scroll--stacks", stacked
        elif columns >= CROWDED and _begins_with_numbers(table):
            kind = " table-scroll--numbers"
        self.cells += len(table)
        if self.cells <= MAX_CELLS_IN_PHRASES and "<table" not in table:
            table = _CELL.sub(lambda cell: f"{cell[1]}>{cell_in_phrases(cell[2])}", table)
        opening = f'<div class="table-scroll{kind}" tabindex="0" role="region" aria-label="{label}"><table>'
        self.out[start:] = [opening, table]
        return "</table></div>"

    # --- elements that are finished where they open ---

    def picture(self, escaped_src: str) -> PictureFacts | None:
        """The facts about the picture. Each address is asked for once, since an answer may cost a query."""
        src = html.unescape(escaped_src)
        if self.find_picture and src not in self.pictures and len(self.pictures) < MAX_PICTURES:
            facts = self.find_picture(src)
            self.pictures[src] = PictureFacts(*facts) if facts else None
        return self.pictures.get(src)

    def lone_tag(self, token: re.Match[str]) -> str:
        values = dict(_ATTRIBUTE.findall(token["lone_attributes"]))
        return self.LONE[token["lone"]](self, token["lone"], values)

    def image(self, _name: str, values: dict[str, str]) -> str:
        alt = values.get("alt", "")
        if not (src := values.get("src")):
            return alt
        width, height = values.get("width", ""), values.get("height", "")
        choices = ""
        if picture := self.picture(src):
            width, height = str(picture.width), str(picture.height)
            src = html.escape(picture.url) if picture.url else src
            choices = f' srcset="{html.escape(picture.srcset)}" sizes="{SIZES}"' if picture.srcset else ""
        return (
            f'<img src="{src}"{choices} alt="{alt}"{_attribute("title", values.get("title", ""))}'
            f'{_number("width", width)}{_number("height", height)} loading="lazy" decoding="async">'
        )

    def figure(self, token: re.Match[str]) -> str:
        """Makes a figure of a picture alone in its paragraph, if it has a caption or a credit."""
        values = dict(_ATTRIBUTE.findall(token["figure"]))
        caption = values.pop("title", "")
        picture = self.picture(values["src"]) if values.get("src") else None
        credit = f"<small>{html.escape(picture.credit)}</small>" if picture and picture.credit else ""
        image = self.image("img", values)
        if not values.get("src") or not (caption or credit):
            return f"<p>{image}</p>"
        return f"<figure>{image}<figcaption>{' '.join(filter(None, [caption, credit]))}</figcaption></figure>"

    def check_box(self, _name: str, values: dict[str, str]) -> str:
        state = 'checked aria-label="完了"' if "checked" in values else 'aria-label="未完了"'
        return f'<input type="checkbox" disabled {state}>'

    def cell(self, name: str, values: dict[str, str]) -> str:
        alignment = values.get("align")
        aligned = f' class="align-{alignment}"' if alignment in _ALIGNMENTS else ""
        spans = "".join(_number(span, values.get(span, "")) for span in ("colspan", "rowspan"))
        return f"<{name}{aligned}{spans}>"

    def list_item(self, _name: str, values: dict[str, str]) -> str:
        if self.notes and values.get("id", "").startswith("fn-"):
            return f'<li id="fn:{next(self.notes)}">'
        return f"<li{_attribute('class', values.get('class', ''))}>"

    def section(self, _name: str, values: dict[str, str]) -> str:
        if values.get("class") != "footnotes" or self.notes:
            return "<section>"
        self.notes = count(1)
        return '<section class="footnotes" role="doc-endnotes" aria-label="脚注">'

    def pull_quote(self, token: re.Match[str]) -> str:
        """Sets large a quotation that is a single bold paragraph: it repeats a sentence of the article.

        A longer one stays a quotation: its lines would not end with phrases (`blog.text.phrases.MAX_CHARS`).
        """
        return f'<blockquote class="pull-quote"><p>{self.set_large(token["pull_quote"])}</p></blockquote>'

    # --- footnotes: numbered ids with a colon, which no heading's id has ---

    def note_reference(self, token: re.Match[str]) -> str:
        number = token["note"]
        self.references[number] += 1
        nth = f":{self.references[number]}" if self.references[number] > 1 else ""
        return (
            f'<sup class="footnote-ref"><a href="#fn:{number}" id="fnref:{number}{nth}" role="doc-noteref"'
            f' aria-label="脚注{number}">{number}</a></sup>'
        )

    def note_back(self, token: re.Match[str]) -> str:
        number, _, nth = token["back"].partition("-")
        target, mark = (f"{number}:{nth}", f"<sup>{nth}</sup>") if nth else (number, "")
        return (
            f'<a href="#fnref:{target}" class="footnote-backref" role="doc-backlink"'
            f' aria-label="本文の注{number}に戻る">↩\ufe0e{mark}</a>'
        )

    # --- text ---

    def text(self, between: str) -> str:
        """Finishes what stands between two tokens: text, and the tags that stay as they are."""
        return between if self.verbatim else _LINE_END.sub("", between)

    def code(self, token: re.Match[str]) -> str:
        self.colouring += cost(token["code"])
        language = html.unescape(token["language"] or "")
        if language == CHART and self.charts < MAX_CHARTS:
            self.charts += 1
            return chart_figure(html.unescape(token["code"]))
        return code_block(token["code"], language, colour=self.colouring <= MAX_COST)

    def url(self, token: re.Match[str]) -> str:
        """Makes a link of a bare URL, without a bracket or full stop that belongs to the sentence around it."""
        if self.verbatim:
            return token[0]
        url = _before_unopened_bracket(token[0])
        return f"{_showing_its_address(self.link_start(url))}{url}</a>{token[0][len(url) :]}"

    HANDLERS = {
        "code": code,
        "figure": figure,
        "pull_quote": pull_quote,
        "note": note_reference,
        "back": note_back,
        "attributes": tag,
        "lone_attributes": lone_tag,
        "url": url,
        None: unchanged,
    }
    LONE = {
        "img": image,
        "input": check_box,
        "li": list_item,
        "section": section,
        "td": cell,
        "th": cell,
    }


def _emphasis(emphasised: re.Match[str]) -> str:
    """Marks what is not slanted: Japanese gets dots at its side; a whole sentence of it is a note in small letters."""
    text = html.unescape(_ANY_TAG.sub("", emphasised[1]))
    if not _HAS_JAPANESE.search(text):
        return emphasised[0]
    is_note = len(text) > MAX_DOTTED or text.startswith("※")
    return f'<em class="{"note" if is_note else "dots"}">{emphasised[1]}</em>'


def _with_names_of_columns(table: str) -> str | None:
    """Names in each cell its column, for a phone, which stacks the cells of a row; None for a table of figures or short
    words, which are compared down a column, and for one that is no plain grid.
    """
    head, body = table.partition("<tbody>")[::2]
    names = [html.escape(_seen(cell)) for _, cell in _CELL.findall(head)]
    rows = [_CELL.findall(row) for row in body.split("</tr>")[:-1]]
    if not rows or "span=" in table or "<table" in table or any(len(row) != len(names) for row in rows):
        return None
    columns = [max(width(_seen(cell)) for _, cell in column) for column in list(zip(*rows, strict=True))[1:]]
    if sum(widest > WIDE_TEXT for widest in columns) < 2:
        return None
    name = cycle(names)
    return f"{head}<tbody>" + _CELL.sub(lambda cell: f'{cell[1]} data-column="{next(name)}">{cell[2]}', body)


def _showing_its_address(link: str) -> str:
    """Marks the tag of a link whose text is its address, so that paper shows that once."""
    return link.replace("<a ", '<a class="url" ', 1)


def _seen(markup: str) -> str:
    return html.unescape(_ANY_TAG.sub("", markup)).strip()


def _begins_with_numbers(table: str) -> bool:
    """Whether the first column has numbers only, which need no room."""
    body = table.partition("<tbody>")[2]
    rows = body.count("<tr>")
    return rows > 0 and len(_NUMBERED_ROW.findall(body)) == rows


def _attribute(name: str, escaped_value: str) -> str:
    return f' {name}="{escaped_value}"' if escaped_value else ""


def _number(name: str, value: str | int) -> str:
    return f' {name}="{value}"' if re.fullmatch(r"[0-9]{1,5}", str(value)) else ""


def _before_unopened_bracket(url: str) -> str:
    depth = 0
    for position, char in enumerate(url):
        depth += (char in "([") - (char in ")]")
        if depth < 0:
            return url[:position].rstrip(".,:!?'")
    return url if url.endswith("&amp;") else url.rstrip(";")
