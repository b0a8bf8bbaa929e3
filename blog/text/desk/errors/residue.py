"""What a fix may take of a generator's talk: a closed list, each row of which was read in every place of the archive.

A clause goes that only points at "the existing article" and leaves its sentence whole; so does a line that answers
whoever gave the order. A refusal stays: the article around it answers it, so that an editor has to decide on the whole.
So does a clause that belongs to a noun (既存の記事で触れた各技術), without which another thing is meant. A citation
goes that names no source; [cite: Gartner] names one, and [cite: この数値は仮定のもの] tells what an editor must know.
"""

import re
from functools import cached_property

from blog.text.desk.blocks import Block, Kind
from blog.text.desk.findings import Edit
from blog.text.desk.keys import exact_key
from blog.text.desk.reading import Reading

_REFERENCE = re.compile(
    r"既存の?記事でも?(?:少し)?(?:触れ|述べ)(?:たように|た通り|たとおり|ましたが|たが|たけれど)、(?=[^\s。、])"
)
# What may stand before it in its sentence.
_BEFORE = re.compile(
    r"(?:^|[。！？!?][」』）)]?|[*＊]{2}|[：:])[ 　]*"
    r"(?:(?:もちろん|一方で?|例えば|たとえば|まず|また|特に|しかし|そして|さらに|なお)、)?$",
    re.MULTILINE,
)
_UP_TO_NOW = "これまでの"
_BACK = 20  # characters
_BEFORE_SIGN, _LONGEST_CITATION = 40, 200  # characters
_EMPHASIS = ("*", "＊", "_", "~")
# What announces more, and what ends it: without all that stands between, nothing would be announced.
_ANNOUNCING = ("（", "(", "[", "［", "【", "「", "『", "：", ":", "、", "，", ",")
_ENDING = re.compile(r"[ 　]*(?:[）)\]］】」』。、，,|]|\r?$)", re.MULTILINE)
_LINE = re.compile(
    r"I(?: have|['’]ve) completed (?:the|your) (?:request|task|article)\.?"
    r"|(?:提供|提示|入力)された(?:元の)?(?:記事|文章|テキスト|本文)の続きを、?ご(?:要望|指示|指定|依頼)"
    r"(?:に沿って|に基づいて|に従って|どおりに|通りに)[^。\n]{0,12}(?:補完|執筆|作成)し、?(?:完成させ)?(?:ます|ました)。"
    r"|[…\s]*(?:の)?直前までが既存の?記事の終わりなので、そこから続きを書(?:く|きます)。"
    r"|既存の?記事の最後の部分の繰り返しを省くと、[^。\n]{0,12}最後の段落は(?:以下|次)の(?:通り|とおり)(?:です|である)?。"
    r"|[（(](?:約)?(?:文字数|字数|[Ww]ord count)[：:][^（）()\n]{1,20}[）)]"
)
_RECALLED = re.compile(r"[（(]既存の?記事の最後の(?:部分|文脈|段落|文)[：:]([^\n]+)[）)]")
_NO_SOURCE = r"(?:[0-9]{1,3}(?:-[0-9]{1,3})?|参照データ|検証済みファクト)"
_CITED = (
    rf"(?:[（(]参照データ[）)]|\[[Cc]ite(?:_start|[:：] ?{_NO_SOURCE}(?:[,、] ?{_NO_SOURCE})*)\]"
    r"|:contentReference\[oaicite:[0-9]{1,3}\]\{index=[0-9]{1,3}\}|【[0-9:]{1,12}†source】"
    r"|\ue200?cite(?:\ue202?turn[0-9]{1,3}(?:search|view|fetch|news|image|file|academia)[0-9]{1,3})+\ue201?)"
)
# Behind _, a letter would end no emphasis, and behind the mark of an item, a heading or a task it would be text.
_GAP = r"(?<=[^\s>|_#])(?<!(?<![^\s>])[-+*])(?<![0-9][.)])(?<!\[[ xX]\])[ 　]{1,9}"
_CITATION = re.compile(rf"(?P<gap>{_GAP})?{_CITED}(?:[ 　]{{0,9}}{_CITED})*(?(gap)(?:[ 　]+(?=[^\x00-\x7f]))?)")
_ENDING_LABEL = re.compile(r"(?:[0-9]{1,2}[.．][ 　]*)?\**(?P<label>開かれた結び[：:][ 　]*)(?=[^\s*])")
_LINK_TO_PART = re.compile(r"\](?:\(\s{0,9}<?#|:\s{0,9}<?#[^\s>])|href\s{0,9}=\s{0,9}[\"']?#", re.IGNORECASE)
_TITLE_LABEL = re.compile(r"タイトル(?:案)?[：:][ 　]*")


class Residue:
    """Tells what the fixes of an article take of a generator's talk. It makes the keys of the body once, when the first
    recalled passage is looked up.
    """

    def __init__(self, article: Reading) -> None:
        self.article = article
        self._speaking: dict[int, bool] = {}  # by the places of lines

    def removal(self, at: int, start: int) -> tuple[Edit, ...]:
        """The edit that takes the leftover which begins there in the text of the block; nothing if none is safe."""
        block = self.article.blocks[at]
        if reference := _REFERENCE.match(block.text, start):
            return _clause(block, start, reference.end())
        if label := _ENDING_LABEL.match(block.text, start):
            return () if self._has_links_to_parts else (_part(block, *label.span("label")),)
        if citation := _citation(block.text, start):
            is_all = block.kind is Kind.PARAGRAPH and citation == (0, len(block.text))
            if is_all:
                return (self.article.removals({at})[at],)
            return _within_line(block, *citation) if self._says_more(block, start) else ()
        if block.kind is not Kind.PARAGRAPH:
            return ()
        if "\n" not in block.text:
            return (self.article.removals({at})[at],) if self._is_residue(block.text) else ()
        return _line(block, start)

    def _is_residue(self, text: str) -> bool:
        if _LINE.fullmatch(text):
            return True
        if _TITLE_LABEL.match(text):
            return self.names_article(text)
        recalled = _RECALLED.fullmatch(text)
        return recalled is not None and exact_key(recalled[1]) in self._staying

    def _says_more(self, block: Block, start: int) -> bool:
        """Whether the line says anything beside citations. Each is read once, whatever stands in it."""
        begin, end = block.text.rfind("\n", 0, start) + 1, block.text.find("\n", start)
        line = block.start + begin
        if line not in self._speaking:
            text = block.text[begin : end if end >= 0 else len(block.text)]
            self._speaking[line] = exact_key(_CITATION.sub("", text)) != ""
        return self._speaking[line]

    def names_article(self, text: str) -> bool:
        """Whether behind the label タイトル： the line says what the article's own title or excerpt says."""
        label = _TITLE_LABEL.match(text)
        title = exact_key(text[label.end() :].partition("\n")[0]) if label else ""
        return title != "" and any(title in field for field in self._fields)

    @cached_property
    def _has_links_to_parts(self) -> bool:
        """Whether a link of the article may lead to a heading, by the words of which it is found."""
        return _LINK_TO_PART.search(self.article.draft.body) is not None

    @cached_property
    def _fields(self) -> tuple[str, str]:
        return exact_key(self.article.draft.title), exact_key(self.article.draft.excerpt)

    @cached_property
    def _staying(self) -> str:
        """The key of the body without what fixes take: of two equal recalls, each would vouch for the other."""
        body, parts, done = self.article.draft.body, [], 0
        for block in self.article.blocks:
            if block.kind is Kind.MARKER or is_recall(block):
                parts.append(body[done : block.start])
                done = block.end
        return exact_key("".join([*parts, body[done:]]))


def is_recall(block: Block) -> bool:
    """Whether the block is nothing but a passage that the generator was shown, with its label."""
    return block.kind is Kind.PARAGRAPH and _RECALLED.fullmatch(block.text) is not None


def label_removal(name: str, text: str) -> tuple[Edit, ...]:
    """The edit that takes the label タイトル： from a title or an excerpt, of which something must be left."""
    label = _TITLE_LABEL.match(text)
    return (Edit(name, 0, label.end()),) if label and exact_key(text[label.end() :]) else ()


def _part(block: Block, start: int, end: int) -> Edit:
    return Edit("body", block.text_start + start, block.text_start + end)


def _clause(block: Block, start: int, end: int) -> tuple[Edit, ...]:
    if block.text.endswith(_UP_TO_NOW, 0, start):
        start -= len(_UP_TO_NOW)
    return _within_line(block, start, end) if _BEFORE.search(block.text[max(0, start - _BACK) : start]) else ()


def _citation(text: str, start: int) -> tuple[int, int] | None:
    """The span of the citation that has its sign there, with those right beside it."""
    around = _CITATION.finditer(text, max(0, start - _BEFORE_SIGN), start + _LONGEST_CITATION)
    return next((found.span() for found in around if found.start() <= start < found.end()), None)


def _within_line(block: Block, start: int, end: int) -> tuple[Edit, ...]:
    """The edit that takes this. Of words in bold, **…、**, two marks would be left side by side, of others empty
    brackets, or a label without a word: （出典：[cite: 3]）.
    """
    above = block.text[start - 1 : start]
    is_bold = above in _EMPHASIS and block.text[end : end + 1] in _EMPHASIS
    is_announced = above in _ANNOUNCING and _ENDING.match(block.text, end) is not None
    return () if is_bold or is_announced else (_part(block, start, end),)


def _line(block: Block, start: int) -> tuple[Edit, ...]:
    begin, end = block.text.rfind("\n", 0, start) + 1, block.text.find("\n", start)
    if not _LINE.fullmatch(block.text[begin : end if end >= 0 else len(block.text)].strip()):
        return ()
    if end < 0:
        begin, end = begin - 1, len(block.text) - 1
    return (Edit("body", block.text_start + begin, block.text_start + end + 1),)
