"""What a tool left in the article: end marks, Git's conflicts, a text generator's talk and refusals, placeholders.

What stands in quotes was quoted on purpose, and code, tables and block quotes are not read.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from blog.text.desk.blocks import Block, Kind
from blog.text.desk.findings import Edit, Finding, World
from blog.text.desk.keys import word_key
from blog.text.desk.reading import Reading, is_link_only, shown

_READ = (Kind.PARAGRAPH, Kind.HEADING, Kind.ITEM)


class Leftover(NamedTuple):
    pattern: re.Pattern[str]
    message: str


_GENERATOR = "文章生成AIへの指示や返答が残っています。読者に向けた文に書き直すか、消してください。"
_REFUSAL = "文章生成AIが「書けない」と断った文が残っています。書き直してください。"
_PLACEHOLDER = "あとで埋めるための仮の文字が残っています。実際の言葉に置きかえてください。"

# The gaps in these patterns are bounded and stay in one sentence, so that no text takes long to search.
_LEFTOVERS = (
    Leftover(
        re.compile(
            r"申し訳(?:ありません|ございません)[^。\n]{0,120}"
            r"(?:できません|できず|できかね|出来ません|見つかりません|お答えでき|お手伝いでき|不足して)"
            r"|(?:AI|人工知能|(?:大規模)?言語モデル)(?:として|である(?:ため|私))、?[^。\n]{0,20}私[^。\n]{0,60}"
            r"(?:できません|できかね|持っていません|ありません)"
            r"|私は(?:AI|人工知能|(?:大規模)?言語モデル)(?:な|である|です)[^。\n]{0,60}(?:できません|できかね|持っていません)"
            r"|\bI(?: apologize|['’]m sorry| am sorry)[^.\n]{0,60}(?:unable|can ?not|can['’]t)\b"
            r"|\bI am (?:currently |still )?unable to (?:perform|provide|access|search|fulfill|complete|browse|write)\b"
            r"|\bI can(?:not|['’]t) (?:gather|provide|fulfill|assist|help|browse|access|perform|write|search)\b"
            r"|\bAs an AI(?: language)?(?: model| assistant)?, I\b",
            re.IGNORECASE,
        ),
        _REFUSAL,
    ),
    Leftover(
        re.compile(
            r"既存の?記事(?:で|でも|の中で|内で|において)[^。\n]{0,12}(?:触れ|述べ|言及|紹介|取り上げ|説明|使い|使っ|指摘|お伝え|書い|論じ|解説)"
            r"|既存の?記事の(?:最後の(?:部分|文脈|段落|文)|終わり(?:な|から|の)|続き)"
            r"|(?:提供|提示|入力)された(?:元の)?(?:記事|文章|テキスト|本文)の(?:続き|最後|末尾)"
            r"|(?:(?:関連する?)?(?:トピック|情報)で|に基づいて)記事を(?:作成|執筆)する(?:こと)?(?:も|が)(?:可能|でき)"
            r"|(?:ご(?:要望|指示|指定|依頼)|プロンプト)(?:に沿|に基づ|に従|どおり|通り|の通り)[^。\n]{0,20}"
            r"(?:記事|文章|本文|続き|補完|執筆)[^。\n]{0,20}(?:ます|ました)"
            r"|^(?:以下は|以下に|こちらが)、?[^。\n]{0,20}(?:修正|改善|完成|加筆|リライト)(?:した|後の|版の)[^。\n]{0,10}(?:記事|文章|本文)"
            r"(?:です|を(?:示し|提示|記載|お届け))"
            r"|^(?:はい|ええ|もちろんです)?[、。]?(?:承知(?:いた|致)?しました|かしこまりました)。"
            r"|^はい、(?:まさに)?(?:その通り|おっしゃる(?:とお|通)り)です"
            r"|(?:Web|ウェブ)検索(?:の)?結果(?:によると|によれば|に基づ[いき]|を踏まえ(?:ると|て)|を確認したところ)"
            r"|^タイトル(?:案)?[：:]"
            r"|^[（(](?:約)?(?:文字数|字数|word count)[：:][^（）()\n]{1,20}[）)]$",
            re.IGNORECASE | re.MULTILINE,
        ),
        _GENERATOR,
    ),
    Leftover(
        re.compile(
            r"[〇○◯]{2}|××(?=年|月|日|社|円|氏|さん|株式)|(?<![A-Za-z])[XＸ]{2,4}(?=年|月|日|%|％|円|億|万|社|人|件|氏|ドル)"
            r"|(?:あなたの|ここに|自社の|御社の|貴社の)[^。（）()\n]{0,15}を(?:入れて|入力して|記入して|挿入して|追記して)ください[）)\]】]"
            r"|[\[【（(](?:要確認|要追記|要修正|要出典|要ファクトチェック|執筆中|加筆予定|調査中|仮置き|ここに[^\[\]【】（）()\n]{1,30}"
            r"|(?:画像|図版?|写真|リンク|URL|出典|会社名|企業名|氏名|名前|日付|数値|金額)(?:を|の)?"
            r"(?:挿入|追加|入れる|記入|差し替え|プレースホルダー?)[^\[\]【】（）()\n]{0,12})[\]】）)]"
            r"|\[(?:会社名|企業名|氏名|名前|日付|数値|金額|URL|製品名)\](?![(\[:])"
            r"|\b(?:TODO|TBD|FIXME)\b[：:]|^(?:TODO|TBD|FIXME)\b|[（(\[【](?:TODO|TBD|FIXME)\b|\blorem ipsum\b"
            r"|ダミー(?:テキスト|文章)です",
            re.MULTILINE,
        ),
        _PLACEHOLDER,
    ),
)
_QUOTE_MARK = re.compile(r"[「『」』]")
_EXAMPLE = re.compile(r"[（(]例[^（）()\n]*[）)]|`[^`\n]*`|\]\([^()\n]*\)")
_FOR_EXAMPLE = re.compile(r"例えば|たとえば|例[：:)）]|といった|のような|など")
_CONTINUED = re.compile(r"[ 　]*[（(]続き[）)](?=[*_]{0,3}[ 　]*(?:$|[：:]))", re.MULTILINE)
_NUMBERED = re.compile(r"[表図][ 　]?[0-9０-９.．-]*$")
_INTERVIEW = re.compile(r"[*_]{0,2}(?:[―—–─]|Q[0-9.:：．]|問)")
_TITLE_LINE = re.compile(r"タイトル(?:案)?[：:]")


def marker(article: Reading, world: World) -> Iterator[Finding]:
    yield from _marker_lines(article)
    for name, text in (("title", article.draft.title), ("excerpt", article.draft.excerpt)):
        if found := next(_leftovers(text), None):
            yield Finding("marker", 0, shown(text), f"{_FIELDS[name]}：{found[1]}")
    for at, block in enumerate(article.blocks):
        if block.kind in _READ and not is_link_only(block.text):
            yield from _in_block(article, at, block)


_FIELDS = {"title": "タイトル", "excerpt": "リード文"}


def _in_block(article: Reading, at: int, block: Block) -> Iterator[Finding]:
    for start, end in _continued(block.text):
        edit = Edit("body", block.text_start + start, block.text_start + end)
        yield _finding(block, start, "「（続き）」が残っています。消してください。", (edit,))
    above = article.blocks[at - 1].text if at else ""
    seen = set()
    for start, message in _leftovers(block.text):
        line = block.text.count("\n", 0, start)
        if line in seen or (block.text.startswith("はい", start) and _INTERVIEW.match(above)):
            continue
        seen.add(line)
        yield _finding(block, start, message, _title_line(article, at, start))


def _finding(block: Block, start: int, message: str, fix: tuple[Edit, ...] = ()) -> Finding:
    line = block.text.rfind("\n", 0, start) + 1
    around = max(line, start - 10)
    return Finding("marker", block.line + block.text.count("\n", 0, start), shown(block.text[around:]), message, fix)


def _leftovers(text: str) -> Iterator[tuple[int, str]]:
    """Yields the place and the message of each leftover outside quotes and examples."""
    bare = _without_quotes(text)
    for leftover in _LEFTOVERS:
        for found in leftover.pattern.finditer(bare):
            if leftover.message is _PLACEHOLDER and found[0][0] in "〇○◯×XＸ" and _is_example(bare, found.start()):
                continue
            yield found.start(), leftover.message


def _is_example(text: str, at: int) -> bool:
    """Whether the sentence around the place speaks of anything of a kind, where 〇〇 is a word like any other."""
    begin = max(text.rfind("。", max(0, at - 200), at), text.rfind("\n", max(0, at - 200), at), at - 200, 0)
    end = text.find("。", at, at + 200)
    return _FOR_EXAMPLE.search(text, begin, end if end >= 0 else at + 200) is not None


def _without_quotes(text: str) -> str:
    """The text with ＿ for each character in quotes, examples, code and addresses, so that all places stay."""
    parts, depth, done = [], 0, 0
    for mark in _QUOTE_MARK.finditer(text):
        parts.append("＿" * (mark.start() - done) if depth else text[done : mark.start()])
        depth = depth + 1 if mark[0] in "「『" else max(depth - 1, 0)
        parts.append(mark[0])
        done = mark.end()
    parts.append("＿" * (len(text) - done) if depth else text[done:])
    return _EXAMPLE.sub(lambda found: "＿" * len(found[0]), "".join(parts))


def _continued(text: str) -> Iterator[tuple[int, int]]:
    if "続き" not in text:
        return
    for found in _CONTINUED.finditer(text):
        if not _NUMBERED.search(text, max(0, found.start() - 10), found.start()):
            yield found.span()


def _title_line(article: Reading, at: int, start: int) -> tuple[Edit, ...]:
    """The fix for a paragraph 「タイトル：…」 that repeats the article's own title."""
    text = article.blocks[at].text
    label = _TITLE_LINE.match(text, start)
    if not label or start or "\n" in text:
        return ()
    title = word_key(text[label.end() :])
    return (article.removals({at})[at],) if title and title in word_key(article.draft.title) else ()


def _marker_lines(article: Reading) -> Iterator[Finding]:
    lines = {at: block for at, block in enumerate(article.blocks) if block.kind is Kind.MARKER}
    conflicts = list(_conflicts(lines))
    in_conflicts = {at for conflict in conflicts for at in conflict}
    single = {at for at in lines if at not in in_conflicts and lines[at].text[:7] not in ("=" * 7, "|" * 7)}
    fixable = {at for conflict in conflicts if _is_settled(article, conflict) for at in conflict} | single
    edits = article.removals(fixable)
    for conflict in conflicts:
        message = "Gitの競合の印が残っています。" + (
            "印の行を消してください。" if conflict[0] in fixable else "二つの版を見比べて、一方を残してください。"
        )
        fix = tuple(edits[at] for at in conflict if at in edits)
        yield Finding("marker", lines[conflict[0]].line, shown(lines[conflict[0]].text), message, fix)
    for at in sorted(single):
        message = "文章を作る道具の印が残っています。この行を消してください。"
        yield Finding("marker", lines[at].line, shown(lines[at].text), message, (edits[at],))


def _conflicts(lines: dict[int, Block]) -> Iterator[tuple[int, ...]]:
    """Yields the places of the marker lines of each whole conflict: <<<<<<<, perhaps |||||||, =======, >>>>>>>."""
    open_marks: list[int] = []
    for at, block in lines.items():
        match block.text[0] * (block.text[:7] == block.text[0] * 7):
            case "<":
                open_marks = [at]
            case "|" | "=" if open_marks:
                open_marks.append(at)
            case ">" if open_marks and lines[open_marks[-1]].text[0] == "=":
                yield (*open_marks, at)
                open_marks = []
            case _:
                pass


def _is_settled(article: Reading, conflict: tuple[int, ...]) -> bool:
    """Whether both sides may stay: they are equal, or one is empty, or one is made of trailing sections alone."""
    if len(conflict) != 3:
        return False
    sides = [
        [at for at in range(begin + 1, end) if article.blocks[at].kind not in (Kind.MARKER, Kind.RULE)]
        for begin, end in zip(conflict, conflict[1:], strict=False)
    ]
    if any(all(at in article.trailing for at in side) for side in sides):
        return True
    ours, theirs = ("".join(word_key(article.blocks[at].text) for at in side) for side in sides)
    return ours == theirs
