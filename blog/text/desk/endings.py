"""How paragraphs end and begin: a body or a paragraph that ends in mid-sentence, and one that begins there; and what is
missing altogether.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice

from blog.text.desk.blanks import without_comments
from blog.text.desk.blocks import GAPS, INTRODUCED, Block, Kind
from blog.text.desk.findings import Finding, World
from blog.text.desk.prose import EXCERPT_CHARS, found
from blog.text.desk.reading import (
    END_MARK,
    LONGEST_MARKS,
    Reading,
    is_label,
    is_link_only,
    is_small_print,
    shown,
    without_note_marks,
)
from blog.text.japanese import unescaped

CLOSING = "」』）)】〉》］]｣”’\"'*_~`\\ \t　\u200b\ufe0f\ufeff"
_FINISHED = "。．｡！？!?‼⁇⁈⁉…♪."
_LEFT_OPEN = ("の", "を", "が", "は", "に", "へ", "で", "、")
_UNSEEN = re.compile(r"(?:\s{0,9}(?:</?[A-Za-z][^<>]*>|<!--[^<>]*-->|&nbsp;|\[[0-9][0-9,、 -]{0,12}\]))+$")
_FACE = re.compile("[♡♥\u2600-\u2775\U0001f300-\U0001faff]\ufe0f?$")
# Speech, （a note） or 【the end】 needs no full stop where a sentence may begin, nor does （笑）.
_ASIDE = re.compile(
    r"(?:^|[。．！？!?…♪])[ 　]*(?:(?:「[^「」]*」|『[^『』]*』|（[^（）]*）|\([^()]*\)|【[^【】]*】)[ 　]*)+$"
    r"|[（(](?:笑|苦笑|爆笑|泣|涙|汗|[^（）()\w\s]{0,3}[\^´≧][^（）()\w\s]{0,3})[）)]$"
    r"|^[^。、「」\s]{1,8}(?:さん|氏|先生|記者)[：: 　]?「[^「」]*」$"
    r"|(?:^|(?:^|[。！？])[「『][^「」『』]*[」』])[*_ 　]*[―—–─]{1,2}[ 　]*[^。、「」]{1,40}(?<![はがをにのでと])$"
    r"|(?:^|[。！？])[^。]{0,20}(?:詳し|くわし|詳細|続き|前編|後編|前回|次回)(?![^。]*(?:ように|とおり|通り))[^。、\[\]]{0,12}"
    r"は[、 ]?\[[^\[\]\n]*\]\([^()\n]*\)$"  # 詳しくは[資料](…)
)
_ROLE = "(?:取材|文|文責|構成|執筆|著|撮影|写真|図版?|編集|聞き手|監修|協力|提供|翻訳|訳|イラスト)"
_DAY = r"20[0-9]{2}(?:年[0-9]{1,2}月[0-9]{1,2}日|[-/.][0-9]{1,2}[-/.][0-9]{1,2})"
# What stands below a text by itself: a sign-off, the day, a holder of rights, an address, tags, a credit, a formula.
_BELOW = re.compile(
    r"[〈<（(【\[―—–─ 　]*(?:以上|おわり|お?終わり|完|了|続く|つづく|(?:次回|次号|後編|次ページ)[にへ]続く"
    r"|敬具|草々|かしこ)[〉>）)】\]―—–─→ 　]*|[^。、はがをにのでと\s]{0,12}編集部"
    rf"|(?:[^。、\s]{{1,8}}[：:][ 　]?)?{_DAY}(?:[ 　]?(?:公開|更新|掲載|現在|時点))?(?:[ 　]+[^。、]{{1,12}})?"
    r"|(?:©|\([Cc]\)|[Cc]opyright\b)[^。]{1,80}|(?:[^。\s]{1,30}[：:])?[ 　]*<?https?://[!-;=?-~]+>?"
    rf"|{_ROLE}(?:[・、／/＆&]{_ROLE})*[ 　]?[：:＝=／/][^。]{{1,60}}(?<![、をはがのにで])"
    r"|(?:お問い?合わせ先?|TEL|FAX|メール(?:アドレス)?|電話(?:番号)?|住所|会場|日時)[：:]"
    r"(?:[^。、をはがにで]{1,80}(?<!の)|[^。]{1,80}(?:(?<![ぁ-ん、])|まで|から|ほか|にて|のみ))"
    r"|(?:[#＃][^\s#＃]{1,40}(?:[ 　]+|$)){2,30}|\$+[^$]{1,300}\$+|[◆◇■□●○◎▲△▼▽★☆＊*・＝=～〜―─—\s]+"
    r"|[図表][ 　]?[0-9０-９]{1,3}(?:[：:．.]|[ 　]++(?!(?:[はがもにでとのを]|から|より)[はも]?[^ぁ-ん]))"
    r"[^。]{1,80}(?<![、をはがのにで])"
    r"|[^。、]*\S[ 　][=＝≒≈][ 　][^。、]*[^。、+＋×÷*/=＝はがをにので 　-]"
)
_SOURCE = re.compile(
    r"[*_]{0,3}(?:出典|出所|参考(?:文献|資料|記事)?|資料|引用元?|(?:画像|写真|図版)(?:提供)?|注[0-9０-９]{0,3})[*_]{0,3}[：:]"
    r"|\[[0-9]{1,3}\][ 　]|[（(]注[0-9０-９]{0,3}[）)]|[*＊][0-9０-９]{1,2}[ 　]"
)
_EMPHASISED = re.compile(r"(?:\*{1,3}|_{1,3})[^*_]+(?:\*{1,3}|_{1,3})[：:]?")
_SOURCE_LINKS = re.compile(r"[。！？!?…♪][」』）)]*[ 　]?(?:\[[^\[\]\n]*\]\([^()\n]*\))+$")
# An item of several words may be a slogan (水とトイレを世界に). One that goes on so far behind a full stop is none.
_LEFT_OFF = re.compile(r"[。！？](?:[^。！？\n]{20,}[をが]|[^。！？\n]+、)$")
_SLOGAN_ENDS = ("を", "に", "へ", "で")
LONGEST_SLOGAN = 25  # characters
_ENOUGH = 8  # items above that are looked at: who wrote so many sentences writes the next one too

LONGEST = 1_000  # characters of a paragraph
RUNNING = 60  # characters; a shorter line without a full stop may be a label or a heading
MOST_CUTS = 500  # a text with more is no article
_TITLE_ENDS = ("とは", "へ", "で")  # 未来へ, say
_LABEL = re.compile(r"\*\*[^*\n]{1,60}(?:[：:]\*\*|\*\*[ 　]?[：:])[ 　]*")
_LABELLED = re.compile(r"[*_]{2}[^*_\n]+[*_]{2}[ 　]?[:：]|[^。\n]{1,20}[:：]|[→⇒※＊]|\*(?!\*)")
_ENDING_LINK = re.compile(r"\]\([^()\n]*\)$")
_SPOKEN = re.compile(r"(?:^|[。！？!?…：:])[*_ 　]*(?:[「『“\"].*[」』”\"]|[（(].*[）)])$")
_NOUN = "一-龥々ァ-ヴA-Za-z0-9「『"
_BEGINS_INSIDE = re.compile(
    r"[、。，．）」』】〉》ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮンをん]"
    r"|…(?!…)|\.{3}(?!\.)"
    rf"|[のがにでもや](?=[{_NOUN}])|は、|への|といった|という(?!わけ|の|こと|か)"
    r"|の(?:である|です|だ(?!め|から))|てい(?!ね)|です(?!から|が|ので|けど)|でしょう|ます(?!ます)|ました|ません|だろう|である(?!から)|する(?![とっどす])"
    r"|られ|れる|べき(?![乗等数])"
)
_DOING = re.compile("して[いおくしき]")  # しておけばよかった。 is a sentence, where no cut is above
OPENING = 12  # characters of a first sentence that is looked for elsewhere
_BORDERS = "。！？!?、，,.「『（(：:―—…*#>"
_NO_TEXT = (Kind.RULE, Kind.MARKER, Kind.TEMPLATE, Kind.DEFINITION)


# --- the end of the article ---


def cut(article: Reading, world: World) -> Iterator[Finding]:
    """Finds a body that ends in mid-sentence. Tables, code, quotes, notes and lines of links need no full stop, nor do
    most list items.
    """
    blocks = [block for block in article.article if block.kind not in _NO_TEXT and not _is_unseen(block)]
    if not blocks:
        return
    last = blocks[-1]
    lines = _without_unseen(last.text).split("\n")
    line = last.line + len(lines) - 1
    if last.kind is Kind.HEADING or (is_label(last) and not _heads_more(article, last)):
        message = "本文が見出しで終わっています。続きを書くか、見出しを消してください。"
        yield Finding("cut", line, shown(last.text), message)
    elif last.kind is Kind.PARAGRAPH and not _is_finished(lines[-1].strip()):
        yield Finding("cut", line, lines[-1][-40:], "本文が文の途中で終わっています。最後の文を書き終えてください。")
    elif last.kind is Kind.ITEM and _is_cut_item(blocks, len(blocks) - 1):
        message = "最後の箇条書きが文の途中で終わっています。その文を書き終えてください。"
        yield Finding("cut", line, lines[-1][-40:], message)


def _heads_more(article: Reading, label: Block) -> bool:
    """Whether notes or a template follow the label, as in **参考：**."""
    kinds = (Kind.DEFINITION, Kind.TEMPLATE)
    return any(block.kind in kinds and block.start > label.start for block in article.article)


def _is_unseen(block: Block) -> bool:
    """Whether the block is nothing but comments, closed or not, and line breaks."""
    return block.kind is Kind.HTML and not _TAGS.sub("", without_comments(block.text, is_raw=True)).strip()


def _is_finished(line: str) -> bool:
    """Whether an article may end with the line: a whole sentence, or a line that needs no full stop."""
    line = without_note_marks(_without_unseen(END_MARK.sub("", line)))
    if is_link_only(line) or is_small_print(line) or _ends_a_sentence(line) or not line.strip(CLOSING):
        return True
    is_source = _SOURCE.match(line) is not None and "。" not in line and not _is_left_open(line)
    if is_source or _EMPHASISED.fullmatch(line) or _BELOW.fullmatch(line):
        return True
    end = line[-LONGEST_MARKS:].rstrip("*_ 　")
    return _closes_speech(end) or any(ending.search(end) for ending in (_ASIDE, _FACE, _SOURCE_LINKS))


def _closes_speech(line: str) -> bool:
    """Whether speech that began on a line above ends here, with or without （the speaker） after it."""
    line = re.sub("（[^（）]*）$", "", line)
    return line[-1:] in ("」", "』") and line.count(line[-1]) > line.count("「『"["」』".index(line[-1])])


def _ends_a_sentence(line: str) -> bool:
    return without_note_marks(line).rstrip(CLOSING).endswith(tuple(_FINISHED))


def _is_left_open(line: str) -> bool:
    """Whether the line ends with a particle or a comma, after which a sentence goes on. もの is a noun."""
    return line.endswith(_LEFT_OPEN) and not line.endswith("もの")


def _without_unseen(text: str) -> str:
    """The text without the tags, comments, &nbsp; and numbers of notes, such as [1], at its end."""
    text = text.rstrip()
    if text[-1:] not in (">", "]", ";"):
        return text
    end = text[-LONGEST_MARKS:]
    return (text[: len(text) - len(end)] + _UNSEEN.sub("", end)).rstrip()


def _is_cut_item(blocks: Sequence[Block], at: int) -> bool:
    """Whether the item stops in mid-sentence, or is not a sentence although all items above it are. The second counts
    if the item has a whole sentence before its unfinished one, or if it ends the article below two items or more.
    """
    last = _without_unseen(blocks[at].text).rsplit("\n", 1)[-1].strip()
    bare = _LABEL.sub("", without_note_marks(last), count=1)
    is_long = len(bare) >= LONGEST_SLOGAN and "、" in bare and not bare.endswith(_SLOGAN_ENDS)
    is_left_off = _is_left_open(bare) and (is_long or _LEFT_OFF.search(bare) is not None)
    needed = 1 if "。" in last else 2 if at + 1 == len(blocks) else 0
    is_odd = needed > 0 and _sentences_above(blocks, at) >= needed
    return (is_left_off or is_odd) and not _is_finished(last)


def _sentences_above(blocks: Sequence[Block], at: int) -> int:
    """How many items stand above this one if all are sentences, at most _ENOUGH; else 0."""
    place = at - 1
    while place >= max(at - _ENOUGH, 0) and blocks[place].kind is Kind.ITEM:
        if not _ends_a_sentence(blocks[place].text.rsplit("\n", 1)[-1].strip()):
            return 0
        place -= 1
    return at - 1 - place


# --- paragraphs ---


def broken_off(article: Reading, world: World) -> Iterator[Finding]:
    """The findings `cut_inside` and `starts_inside`. The article's last paragraph or item is the business of `cut`."""
    blocks = [block for block in article.article if block.kind not in (*GAPS, Kind.DEFINITION)]
    cuts = [*islice((at for at in range(len(blocks) - 1) if _is_cut(blocks, at)), MOST_CUTS)]
    for at in cuts:
        block = blocks[at]
        what = "箇条書き" if block.kind is Kind.ITEM else "段落"
        place = max(len(block.text) - EXCERPT_CHARS, block.text.rfind("\n") + 1)
        yield found("cut_inside", block, f"{what}が文の途中で切れています。", at=place)
    below_cuts = {at + 1 for at in cuts}
    for at, block in enumerate(blocks):
        if _starts_inside(block) or (at in below_cuts and _goes_on(block, article.draft.body)):
            yield found("starts_inside", block, "段落が文の途中から始まっています。")


def _starts_inside(block: Block) -> bool:
    return block.kind is Kind.PARAGRAPH and _BEGINS_INSIDE.match(block.text.lstrip("*_ 　")) is not None


def _goes_on(block: Block, body: str) -> bool:
    """Whether the paragraph below a cut one says what is done with it, or begins with the end of a sentence that stands
    whole elsewhere, behind the begin of its clause.
    """
    opening = block.text.partition("。")[0]
    if block.kind is not Kind.PARAGRAPH or "\n" in opening:
        return False
    if _DOING.match(opening):
        return True
    return len(opening) >= OPENING and re.search(rf"[^{_BORDERS}\s]{re.escape(opening)}。", body) is not None


def _is_cut(blocks: Sequence[Block], at: int) -> bool:
    """Whether the last line of the block ends within a sentence. A headline on top, a label, a line that stands by
    itself and what introduces a list do not.
    """
    block = blocks[at]
    text = _without_unseen(block.text)
    last = without_note_marks(text[text.rfind("\n") + 1 :].strip())
    bare = last.rstrip(CLOSING)
    if not bare or bare.endswith(("：", ":", *_FINISHED)) or (at == 0 and "。" not in text):
        return False
    if block.kind is Kind.ITEM:
        return _is_cut_item(blocks, at)
    if block.kind is not Kind.PARAGRAPH or blocks[at + 1].kind in INTRODUCED:
        return False
    is_running = len(last) >= RUNNING or (_is_left_open(bare) and not bare.endswith(_TITLE_ENDS))
    looks_cut = "。" in last or _starts_inside(blocks[at + 1]) or (is_running and not _LABELLED.match(last))
    end = last[-LONGEST_MARKS:]  # of an endless line, `_SPOKEN` would search each beginning to its end
    ends_otherwise = _ENDING_LINK.search(end) or _SPOKEN.search(end.rstrip("*_"))
    return looks_cut and not ends_otherwise and not _is_finished(last)


# --- what is missing ---

_NO_LINK_TEXT = re.compile(r"\[\s*\]\([^()\n]*\)")
_SHOWN = re.compile(r"<(?:audio|embed|iframe|img|object|svg|video)\b", re.IGNORECASE)
_TAGS = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>]*)?/?>")  # not <https://example.com/>, which shows


def empty_body(article: Reading, world: World) -> Iterator[Finding]:
    if not any(_has_text(block) for block in article.article):
        yield Finding("empty_body", 0, "", "本文がありません。")


def _has_text(block: Block) -> bool:
    """Whether a reader finds anything in the block: a word, an emoji, or a picture or a film."""
    if block.kind in (*_NO_TEXT, Kind.HEADING):
        return False
    if block.kind is Kind.FENCE:
        return any(char.isalnum() for char in block.text.partition("\n")[2])
    text = without_comments(block.text, is_raw=block.kind is Kind.HTML)
    if "![" in text or _SHOWN.search(text):
        return True
    text = unescaped(_TAGS.sub("", _NO_LINK_TEXT.sub("", text)))
    return any(char.isalnum() or unicodedata.category(char) == "So" for char in text)


def empty_excerpt(article: Reading, world: World) -> Iterator[Finding]:
    if not article.draft.excerpt.strip():
        yield Finding("empty_excerpt", 0, "", "リード文がありません。一覧や検索結果に出る文です。")


def run_on(article: Reading, world: World) -> Iterator[Finding]:
    for block in article.article:
        if block.kind is Kind.PARAGRAPH and len(block.text) > LONGEST:
            message = f"1つの段落が{len(block.text):,}字あります。{LONGEST:,}字までに分けてください。"
            yield found("run_on", block, message)
