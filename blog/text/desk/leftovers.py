"""The words that tell what a tool or a writer in a hurry left in a text, and which of them a fix may take.

To add one: a line of `PATTERNS`. The gaps in the patterns are bounded and stay within a
sentence or a line, so that no text takes long to search.

A fix takes a clause that only points at "the existing article", a line that answers whoever gave the order, a label
and a citation that names no source. A refusal stays: the article around it answers it, so an editor has to decide.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from blog.text.desk.blocks import Block, Kind
from blog.text.desk.findings import Edit
from blog.text.desk.reading import Reading
from blog.text.keys import exact_key

GENERATOR = "文章生成AIへの指示や返答が残っています。読者に向けた文に書き直すか、消してください。"
REFUSAL = "文章生成AIが「書けない」と断った文が残っています。書き直してください。"
CITATION = "文章生成AIが付けた出典の印が残っています。確かめた出典に置き換えるか、消してください。"
PLACEHOLDER = "あとで埋めるための仮の文字が残っています。実際の言葉に置き換えてください。"

_CANNOT = "(?:できません|できず|できかね|出来ません|見つかりません|お答えでき|お手伝いでき|不足して)"
# A shop is sorry too, and people agree and consent: these words tell the task of a generator from theirs.
_ASKED_FOR = (
    "(?:記事|文章|原稿|本文|テキスト|検索|ご(?:依頼|質問|要望|指示|指定)|リクエスト|(?:具体的|詳細|最新)[なの]情報"
    "|(?:情報|データ|発表)[をが](?:見つ|確認|不足))"
)
_ANNOUNCED = (
    "(?:記事|文章|原稿|本文|続き|テーマ|トピック|論点|ご(?:依頼|要望|指示|指定)|次のように|(?:以下|次)の(?:とお|通)り)"
)
_AI = "(?:AI|人工知能|言語モデル)"
_ARTICLE = "(?:記事|文章|テキスト|本文)"
_IN_BRACKETS = (
    "要確認|要追記|要修正|要出典|要ファクトチェック|執筆中|加筆予定|調査中|仮置き|ここに[^\\[\\]【】（）()\n]{1,30}"
    "|(?:画像|図版?|写真|リンク|URL|出典|会社名|企業名|氏名|名前|日付|数値|金額)(?:を|の)?"
    "(?:挿入|追加|入れる|記入|差し替え|プレースホルダー?)[^\\[\\]【】（）()\n]{0,12}"
)
PATTERNS = {
    REFUSAL: (
        rf"申し訳(?:ありません|ございません)(?=[^。\n]{{0,120}}{_ASKED_FOR})[^。\n]{{0,120}}{_CANNOT}",
        rf"{_AI}(?:として|であるため)、?[^。\n]{{0,20}}私[^。\n]{{0,60}}(?:{_CANNOT}|持っていません)",
        rf"私は(?:大規模)?{_AI}(?:な|である|です)[^。\n]{{0,60}}(?:{_CANNOT}|持っていません)",
        r"(?:Web|WEB|web|ウェブ)検索(?:機能|ツール)?が、?(?:現在|今)、?(?:利用|使用)(?:でき|不可)",
        r"\bI(?: apologize|['’]m sorry| am sorry)[^.\n]{0,60}(?:unable|can ?not|can['’]t)\b",
        r"\bI am (?:currently |still )?unable to (?:perform|provide|access|search|fulfill|complete|browse|write)\b",
        r"\bI can(?:not|['’]t) (?:gather|provide|fulfill|assist|help|browse|access|perform|write|search)\b",
        r"\b[Aa]s an AI(?: language)?(?: model| assistant)?, I\b",
        r"\blet me know if there(?: is|['’]s)[^.\n]{0,60}\b(?:assist|help)\b",
    ),
    GENERATOR: (
        r"既存の?記事(?:で|でも|の中で|内で|において)[^。\n]{0,12}"
        r"(?:触れ|述べ|言及|紹介|取り上げ|説明|使い|使っ|指摘|お伝え|書い|論じ|解説)",
        r"既存の?記事の(?:最後の(?:部分|文脈|段落|文)|終わり(?:な|から|の)|続き)",
        rf"(?:提供|提示|入力)された(?:元の)?{_ARTICLE}の(?:続き|最後|末尾)",
        r"(?:(?:関連する?)?(?:トピック|情報)で|に基づいて)記事を(?:作成|執筆)する(?:こと)?(?:も|が)(?:可能|でき)",
        r"ご(?:要望|指示|指定|依頼)(?:に沿|に基づ|に従|どおり|通り|の通り)[^。\n]{0,20}"
        r"(?:記事|文章|本文|続き|補完|執筆)[^。\n]{0,20}(?:ます|ました)",
        r"^(?:以下[はにが]|こちらが)、?[^。\n]{0,20}(?:修正|改善|完成|加筆|リライト)(?:した|後の|版の)[^。\n]{0,10}"
        r"(?:記事|文章|本文)(?:です|を(?:示し|提示|記載|お届け))",
        r"^(?:(?:はい|ええ|もちろんです)?[、。]?(?:承知(?:いた|致)?しました|かしこまりました)。"
        rf"|はい、(?:まさに)?(?:その通り|そのとおり|おっしゃる(?:とお|通)り)です)(?=[^\n]{{0,80}}{_ANNOUNCED})",
        r"(?:[Ww][Ee][Bb]|ウェブ)検索(?:の)?結果(?:によると|によれば|に基づ[いき]|を踏まえ(?:ると|て)|を確認したところ)",
        r"^I(?: have|['’]ve) completed (?:the|your) (?:request|task|article)\b",
        r"^(?:Sure|Certainly|Of course)[,.!] ?[Hh]ere(?: is|['’]s)\b",
        r"^Here(?: is|['’]s) (?:the|your) (?:revised |completed |full |final )?(?:article|continuation)\b",
        r"^(?:[0-9]{1,2}[.．][ 　]*)?\**開かれた結び[：:]",  # what the order called the last part
        r"^タイトル(?:案)?[：:]",
        r"^[（(](?:約)?(?:文字数|字数|[Ww]ord count)[：:][^（）()\n]{1,20}[）)]$",
    ),
    CITATION: (
        r"\[[Cc]ite(?:_start|[:：][^\[\]\n]{1,200})\](?![(:])",
        r"oaicite[:：][ ]?[0-9]",
        r"turn[0-9]{1,3}(?:search|view|fetch|news|image|file|academia)[0-9]",
        r"【[0-9:]{1,12}†[^【】\n]{0,60}】",
        r"[（(]参照データ[）)]",  # people write 参照データによると、… too
    ),
    PLACEHOLDER: (
        "某(?:生成AI|大規模言語モデル)企業",  # words for two names
        r"[〇○◯]{2}|××(?=年|月|日|社|円|氏|さん|株式)",
        r"(?<![A-Za-zＸ])[XＸ]{2,4}(?=年|月|日|%|％|円|億|万|社|人|件|氏|ドル)",
        r"(?:あなたの|ここに|自社の|御社の|貴社の)[^。（）()\n]{0,15}を(?:入れて|入力して|記入して|挿入して|追記して)"
        r"ください[）)\]】]",
        rf"[\[【（(](?:{_IN_BRACKETS})[\]】）)](?![(\[])",
        r"\[(?:Insert|Your|Add) [A-Za-z ]{1,30}\](?![(\[:])|[（(\[【](?:編集|執筆|校正)メモ[：:]",
        r"\[(?:会社名|企業名|氏名|名前|日付|数値|金額|URL|製品名)\](?![(\[:])",
        r"\b(?:TODO|TBD|FIXME)[：:]|^(?:TODO|TBD|FIXME)\b|[（(\[【](?:TODO|TBD|FIXME)\b",
        r"\b[Ll]orem ipsum\b|ダミー(?:テキスト|文章)です",
    ),
}
_PATTERNS = {message: re.compile("|".join(rows), re.MULTILINE) for message, rows in PATTERNS.items()}
MAX_FOUND = 500  # of a kind in one block

_QUOTE_MARK = re.compile(r"[「『」』]")
# Examples, code and addresses are no more the article's own words than quotes.
_ASIDE = re.compile(r"[（(]例[^（）()\n]*[）)]|`[^`\n]*`|\]\([^()\n]*\)")
_ANY_OF_A_KIND = re.compile(r"[〇○◯×XＸ]")
_FOR_EXAMPLE = re.compile(r"例えば|たとえば|例[：:)）]|といった|のような|など|仮名|伏せ字")
# What goes on so speaks of the sign.
_SPOKEN_OF = re.compile("[^\\s、。「」『』]{0,4}という(?:印|記号|字|文字|語|言葉|言い方|表現|書き方|表記|ラベル|タグ)")
_SENTENCE = 200  # characters to each side that may be of the same sentence


def leftovers(text: str) -> Iterator[tuple[int, str]]:
    """Yields the place and the message of each leftover in the text. What is quoted was left on purpose."""
    bare = _without_quotes(text)
    for message, pattern in _PATTERNS.items():
        for found in islice(pattern.finditer(bare), MAX_FOUND):
            is_example = _ANY_OF_A_KIND.match(found[0]) and _is_example(bare, found.start())
            if not is_example and not _SPOKEN_OF.match(bare, found.end()):
                yield found.start(), message


def _is_example(text: str, at: int) -> bool:
    """Whether the sentence around the place speaks of anything of a kind, where 〇〇 is a word like any other."""
    earliest = max(0, at - _SENTENCE)
    begin = max(text.rfind("。", earliest, at), text.rfind("\n", earliest, at), earliest)
    end = text.find("。", at, at + _SENTENCE)
    return _FOR_EXAMPLE.search(text, begin, end if end >= 0 else at + _SENTENCE) is not None


def _without_quotes(text: str) -> str:
    """The text with ＿ for each character in quotes and asides, so that all places stay."""
    parts, depth, done = [], 0, 0
    for mark in _QUOTE_MARK.finditer(text):
        parts.append("＿" * (mark.start() - done) if depth else text[done : mark.start()])
        depth = depth + 1 if mark[0] in "「『" else max(depth - 1, 0)
        parts.append(mark[0])
        done = mark.end()
    parts.append("＿" * (len(text) - done) if depth else text[done:])
    return _ASIDE.sub(lambda aside: "＿" * len(aside[0]), "".join(parts))


# --- what a fix takes ---

_CLAUSE = re.compile(
    r"既存の?記事でも?(?:少し)?(?:触れ|述べ)(?:たように|た通り|たとおり|ましたが|たが|たけれど)、(?=[^\s。、])"
)
# What may stand before the clause in its sentence.
_BEFORE = re.compile(
    r"(?:^|[。！？!?][」』）)]?|[*＊]{2}|[：:])[ 　]*"
    r"(?:(?:もちろん|一方で?|例えば|たとえば|まず|また|特に|しかし|そして|さらに|なお)、)?$",
    re.MULTILINE,
)
_UP_TO_NOW = "これまでの"
_EMPHASIS = ("*", "＊", "_", "~")
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
_BEFORE_SIGN, _LONGEST_CITATION = 40, 200  # characters
# What announces more, and what ends it: without all that stands between, nothing would be announced.
_ANNOUNCING = ("（", "(", "[", "［", "【", "「", "『", "：", ":", "、", "，", ",")
_ENDING = re.compile(r"[ 　]*(?:[）)\]］】」』。、，,|]|\r?$)", re.MULTILINE)
_ENDING_LABEL = re.compile(r"(?:[0-9]{1,2}[.．][ 　]*)?\**(?P<label>開かれた結び[：:][ 　]*)(?=[^\s*])")
_LINK_TO_PART = re.compile(r"\](?:\(\s{0,9}<?#|:\s{0,9}<?#[^\s>])|href\s{0,9}=\s{0,9}[\"']?#", re.IGNORECASE)
_TITLE_LABEL = re.compile(r"タイトル(?:案)?[：:][ 　]*")


class Removals:
    """Says what the fixes of an article take. It makes the keys of the body once, when they are first asked for."""

    def __init__(self, article: Reading) -> None:
        self.article = article

    def of(self, at: int, start: int) -> tuple[Edit, ...]:
        """The edit that takes the leftover which begins there in the text of the block; nothing if none is safe."""
        block = self.article.blocks[at]
        text = block.text
        if clause := _CLAUSE.match(text, start):
            begin = start - len(_UP_TO_NOW) if text.endswith(_UP_TO_NOW, 0, start) else start
            return _within_line(block, begin, clause.end()) if _BEFORE.search(text[max(0, begin - 20) : begin]) else ()
        if label := _ENDING_LABEL.match(text, start):
            return () if self._has_links_to_parts else (_part(block, *label.span("label")),)
        around = _CITATION.finditer(text, max(0, start - _BEFORE_SIGN), start + _LONGEST_CITATION)
        citation = next((found.span() for found in around if found.start() <= start < found.end()), None)
        if citation == (0, len(text)) and block.kind is Kind.PARAGRAPH:
            return (self.article.removals({at})[at],)
        if citation:
            line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
            says_more = exact_key(_CITATION.sub("", line)) != "" if len(line) < 10 * _SENTENCE else True
            return _within_line(block, *citation) if says_more else ()
        if block.kind is not Kind.PARAGRAPH:
            return ()
        if "\n" not in text:
            return (self.article.removals({at})[at],) if self._is_residue(text) else ()
        begin, end = text.rfind("\n", 0, start) + 1, text.find("\n", start)
        if not _LINE.fullmatch(text[begin : end if end >= 0 else len(text)].strip()):
            return ()
        return (_part(block, begin - 1, len(text)) if end < 0 else _part(block, begin, end + 1),)

    def names_article(self, text: str) -> bool:
        """Whether behind the label タイトル： the line says what the article's own title or excerpt says."""
        label = _TITLE_LABEL.match(text)
        title = exact_key(text[label.end() :].partition("\n")[0]) if label else ""
        draft = self.article.draft
        return title != "" and any(title in exact_key(field) for field in (draft.title, draft.excerpt))

    def _is_residue(self, text: str) -> bool:
        if _TITLE_LABEL.match(text):
            return self.names_article(text)
        recalled = _RECALLED.fullmatch(text)
        return bool(_LINE.fullmatch(text)) or (recalled is not None and exact_key(recalled[1]) in self._staying)

    @cached_property
    def _has_links_to_parts(self) -> bool:
        """Whether a link of the article may lead to a heading, by the words of which it is found."""
        return _LINK_TO_PART.search(self.article.draft.body) is not None

    @cached_property
    def _staying(self) -> str:
        """The key of the body without what fixes take: of two equal recalls, each would vouch for the other."""
        blocks = (block for block in self.article.blocks if block.kind is not Kind.MARKER and not is_recall(block))
        return exact_key("".join(block.text for block in blocks))


def is_recall(block: Block) -> bool:
    """Whether the block is nothing but a passage that the generator was shown, with its label."""
    return block.kind is Kind.PARAGRAPH and _RECALLED.fullmatch(block.text) is not None


def label_removal(name: str, text: str) -> tuple[Edit, ...]:
    """The edit that takes the label タイトル： from a title or an excerpt, of which something must be left."""
    label = _TITLE_LABEL.match(text)
    return (Edit(name, 0, label.end()),) if label and exact_key(text[label.end() :]) else ()


def _part(block: Block, start: int, end: int) -> Edit:
    return Edit("body", block.text_start + start, block.text_start + end)


def _within_line(block: Block, start: int, end: int) -> tuple[Edit, ...]:
    """The edit that takes this. Of words in bold, **…、**, two marks would be left side by side, of others empty
    brackets, or a label without a word: （出典：[cite: 3]）.
    """
    above = block.text[start - 1 : start]
    is_bold = above in _EMPHASIS and block.text[end : end + 1] in _EMPHASIS
    is_announced = above in _ANNOUNCING and _ENDING.match(block.text, end) is not None
    return () if is_bold or is_announced else (_part(block, start, end),)
