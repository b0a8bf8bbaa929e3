"""The words that tell what a tool or a writer in a hurry left in a text. To add one: a row of `LEFTOVERS`.

The gaps in the patterns are bounded and stay within a sentence or a line, so that no text takes long to search.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

GENERATOR = "文章生成AIへの指示や返答が残っています。読者に向けた文に書き直すか、消してください。"
REFUSAL = "文章生成AIが「書けない」と断った文が残っています。書き直してください。"
CITATION = "文章生成AIが付けた出典の印が残っています。確かめた出典に置き換えるか、消してください。"
PLACEHOLDER = "あとで埋めるための仮の文字が残っています。実際の言葉に置き換えてください。"


class Leftover(NamedTuple):
    """A pattern, searched for only in texts that contain one of the signs: that makes the search ten times faster."""

    message: str
    signs: tuple[str, ...]
    pattern: re.Pattern[str]


def _leftover(message: str, signs: str, pattern: str) -> Leftover:
    return Leftover(message, tuple(signs.split("|")), re.compile(pattern, re.MULTILINE))


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
_IN_BRACKETS = (
    "要確認|要追記|要修正|要出典|要ファクトチェック|執筆中|加筆予定|調査中|仮置き|ここに[^\\[\\]【】（）()\n]{1,30}"
    "|(?:画像|図版?|写真|リンク|URL|出典|会社名|企業名|氏名|名前|日付|数値|金額)(?:を|の)?"
    "(?:挿入|追加|入れる|記入|差し替え|プレースホルダー?)[^\\[\\]【】（）()\n]{0,12}"
)
LEFTOVERS = (
    _leftover(
        REFUSAL,
        "申し訳",
        rf"申し訳(?:ありません|ございません)(?=[^。\n]{{0,120}}{_ASKED_FOR})[^。\n]{{0,120}}{_CANNOT}",
    ),
    _leftover(
        REFUSAL,
        "AIとして|AIである|知能として|知能である|モデルとして|モデルである|私はAI|私は大規模|私は言語|私は人工",
        rf"{_AI}(?:として|であるため)、?[^。\n]{{0,20}}私[^。\n]{{0,60}}(?:{_CANNOT}|持っていません)"
        rf"|私は(?:大規模)?{_AI}(?:な|である|です)[^。\n]{{0,60}}(?:{_CANNOT}|持っていません)",
    ),
    _leftover(
        REFUSAL,
        "apologize|sorry|unable to|I can|an AI|let me know",
        r"\bI(?: apologize|['’]m sorry| am sorry)[^.\n]{0,60}(?:unable|can ?not|can['’]t)\b"
        r"|\bI am (?:currently |still )?unable to (?:perform|provide|access|search|fulfill|complete|browse|write)\b"
        r"|\bI can(?:not|['’]t) (?:gather|provide|fulfill|assist|help|browse|access|perform|write|search)\b"
        r"|\b[Aa]s an AI(?: language)?(?: model| assistant)?, I\b"
        r"|\blet me know if there(?: is|['’]s)[^.\n]{0,60}\b(?:assist|help)\b",
    ),
    _leftover(
        GENERATOR,
        "既存の記事|既存記事",
        r"既存の?記事(?:で|でも|の中で|内で|において)[^。\n]{0,12}"
        r"(?:触れ|述べ|言及|紹介|取り上げ|説明|使い|使っ|指摘|お伝え|書い|論じ|解説)"
        r"|既存の?記事の(?:最後の(?:部分|文脈|段落|文)|終わり(?:な|から|の)|続き)",
    ),
    _leftover(
        GENERATOR,
        "提供された|提示された|入力された",
        r"(?:提供|提示|入力)された(?:元の)?(?:記事|文章|テキスト|本文)の(?:続き|最後|末尾)",
    ),
    _leftover(
        GENERATOR,
        "記事を作成|記事を執筆",
        r"(?:(?:関連する?)?(?:トピック|情報)で|に基づいて)記事を(?:作成|執筆)する(?:こと)?(?:も|が)(?:可能|でき)",
    ),
    _leftover(
        GENERATOR,
        "ご要望|ご指示|ご指定|ご依頼",
        r"ご(?:要望|指示|指定|依頼)(?:に沿|に基づ|に従|どおり|通り|の通り)[^。\n]{0,20}"
        r"(?:記事|文章|本文|続き|補完|執筆)[^。\n]{0,20}(?:ます|ました)",
    ),
    _leftover(
        GENERATOR,
        "以下は|以下に|以下が|こちらが",
        r"^(?:以下[はにが]|こちらが)、?[^。\n]{0,20}(?:修正|改善|完成|加筆|リライト)(?:した|後の|版の)[^。\n]{0,10}"
        r"(?:記事|文章|本文)(?:です|を(?:示し|提示|記載|お届け))",
    ),
    _leftover(
        GENERATOR,
        "承知|かしこまり|はい、",
        r"^(?:(?:はい|ええ|もちろんです)?[、。]?(?:承知(?:いた|致)?しました|かしこまりました)。"
        rf"|はい、(?:まさに)?(?:その通り|そのとおり|おっしゃる(?:とお|通)り)です)(?=[^\n]{{0,80}}{_ANNOUNCED})",
    ),
    _leftover(
        GENERATOR,
        "検索結果|検索の結果",
        r"(?:[Ww][Ee][Bb]|ウェブ)検索(?:の)?結果(?:によると|によれば|に基づ[いき]|を踏まえ(?:ると|て)|を確認したところ)",
    ),
    _leftover(
        GENERATOR,
        "completed|Here is|Here's|Here’s|here is|here's|here’s",
        r"^I(?: have|['’]ve) completed (?:the|your) (?:request|task|article)\b"
        r"|^(?:Sure|Certainly|Of course)[,.!] ?[Hh]ere(?: is|['’]s)\b"
        r"|^Here(?: is|['’]s) (?:the|your) (?:revised |completed |full |final )?(?:article|continuation)\b",
    ),
    _leftover(
        CITATION,
        "[cite|[Cite|oaicite|turn|†",
        r"\[[Cc]ite(?:_start|[:：][^\[\]\n]{1,200})\](?![(:])|oaicite[:：][ ]?[0-9]"
        r"|turn[0-9]{1,3}(?:search|view|fetch|news|image|file|academia)[0-9]|【[0-9:]{1,12}†[^【】\n]{0,60}】",
    ),
    # The order had a section 参照データ, called the last part 開かれた結び, and put words for two names. People write
    # 参照データによると、… and 記事でも触れたが、… too.
    _leftover(CITATION, "（参照データ|(参照データ", r"[（(]参照データ[）)]"),
    _leftover(GENERATOR, "開かれた結び", r"^(?:[0-9]{1,2}[.．][ 　]*)?\**開かれた結び[：:]"),
    _leftover(PLACEHOLDER, "某生成AI企業|某大規模言語モデル企業", "某(?:生成AI|大規模言語モデル)企業"),
    _leftover(GENERATOR, "タイトル", r"^タイトル(?:案)?[：:]"),
    _leftover(GENERATOR, "字数|ord count", r"^[（(](?:約)?(?:文字数|字数|[Ww]ord count)[：:][^（）()\n]{1,20}[）)]$"),
    _leftover(
        PLACEHOLDER,
        "〇〇|○○|◯◯|××|XX|ＸＸ",
        r"[〇○◯]{2}|××(?=年|月|日|社|円|氏|さん|株式)"
        r"|(?<![A-Za-zＸ])[XＸ]{2,4}(?=年|月|日|%|％|円|億|万|社|人|件|氏|ドル)",
    ),
    _leftover(
        PLACEHOLDER,
        "ください）|ください)|ください]|ください】",
        r"(?:あなたの|ここに|自社の|御社の|貴社の)[^。（）()\n]{0,15}を(?:入れて|入力して|記入して|挿入して|追記して)"
        r"ください[）)\]】]",
    ),
    _leftover(
        PLACEHOLDER,
        "要確認|要追記|要修正|要出典|要ファクト|執筆中|加筆予定|調査中|仮置き|ここに|挿入|追加|入れる|記入|差し替え|プレースホル"
        "|名]|名前]|日付]|数値]|金額]|URL]|[Insert |[Your |[Add |メモ：|メモ:",
        rf"[\[【（(](?:{_IN_BRACKETS})[\]】）)](?![(\[])"
        r"|\[(?:Insert|Your|Add) [A-Za-z ]{1,30}\](?![(\[:])|[（(\[【](?:編集|執筆|校正)メモ[：:]"
        r"|\[(?:会社名|企業名|氏名|名前|日付|数値|金額|URL|製品名)\](?![(\[:])",
    ),
    _leftover(
        PLACEHOLDER,
        "TODO|TBD|FIXME|orem ipsum|ダミー",
        r"\b(?:TODO|TBD|FIXME)[：:]|^(?:TODO|TBD|FIXME)\b|[（(\[【](?:TODO|TBD|FIXME)\b|\b[Ll]orem ipsum\b"
        r"|ダミー(?:テキスト|文章)です",
    ),
)


def _first_letters(rows: Sequence[Leftover]) -> re.Pattern[str]:
    """A pattern of the first letter of each sign, where that sign stands."""
    rests: dict[str, list[str]] = {}
    for sign in dict.fromkeys(sign for row in rows for sign in row.signs):
        rests.setdefault(sign[0], []).append(re.escape(sign[1:]))
    # Each alternative begins with a character of its own, so that `re` skips the text between.
    return re.compile("|".join(f"{re.escape(first)}(?={'|'.join(rest)})" for first, rest in rests.items()))


_FIRST_LETTERS = _first_letters(LEFTOVERS)


def signs_by_row(text: str) -> Iterator[tuple[Leftover, list[str]]]:
    """Yields the rows of which a sign may stand in the text, with these signs. One search for the first letters of all
    costs a third of one for each sign.
    """
    letters = set(_FIRST_LETTERS.findall(text))
    for row in LEFTOVERS:
        if signs := [sign for sign in row.signs if sign[0] in letters]:
            yield row, signs


_QUOTE_MARK = re.compile(r"[「『」』]")
# Examples, code and addresses are no more the article's own words than quotes.
_ASIDE = re.compile(r"[（(]例[^（）()\n]*[）)]|`[^`\n]*`|\]\([^()\n]*\)")
_ANY_OF_A_KIND = re.compile(r"[〇○◯×XＸ]")
_FOR_EXAMPLE = re.compile(r"例えば|たとえば|例[：:)）]|といった|のような|など|仮名|伏せ字")
# What goes on so speaks of the sign.
_SPOKEN_OF = re.compile("[^\\s、。「」『』]{0,4}という(?:印|記号|字|文字|語|言葉|言い方|表現|書き方|表記|ラベル|タグ)")
MAX_FOUND = 500  # of a kind in one block
_SENTENCE = 200  # characters to each side that may be of the same sentence


def leftovers(text: str, among: Sequence[Leftover] = LEFTOVERS) -> Iterator[tuple[int, str]]:
    """Yields the place and the message of each leftover in the text. What is quoted was left on purpose."""
    rows = [row for row in among if any(sign in text for sign in row.signs)]
    if not rows:
        return
    bare = _without_quotes(text)
    for row in rows:
        for found in islice(row.pattern.finditer(bare), MAX_FOUND):
            is_example = _ANY_OF_A_KIND.match(found[0]) and _is_example(bare, found.start())
            if not is_example and not _SPOKEN_OF.match(bare, found.end()):
                yield found.start(), row.message


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
