"""Tells how a line ends: with a sentence, or with what needs no full stop."""

import re

from blog.text.desk.reading import LONGEST_MARKS, is_link_only, is_small_print, without_note_marks

END_MARK = re.compile(r"(?<![ 　])[ 　]*(?<!-)-{3,} ?END ?-{3,}[ 　]*")
CLOSING = "」』）)】〉》］]｣”’\"'*_~`\\ \t　\u200b\ufe0f\ufeff"
_FINISHED = "。．｡！？!?‼⁇⁈⁉…♪."
# Hearts and faces end a last line, but do not make a sentence of every item that they decorate.
_FACE = re.compile("[♡♥\u2600-\u2775\U0001f300-\U0001faff]\ufe0f?$")
_LAUGH = re.compile(r"[（(](?:(?:笑|苦笑|爆笑|泣|涙|汗)[）)]?|[^（）()\w\s]{0,3}[\^´≧][^（）()\w\s]{0,3}[）)])$")
_UNSEEN = re.compile(r"(?:\s{0,9}(?:</?[A-Za-z][^<>]*>|<!--[^<>]*-->|&nbsp;|\[[0-9][0-9,、 -]{0,12}\]))+$")
_ORNAMENT = re.compile(r"[◆◇■□●○◎▲△▼▽★☆＊*・＝=～〜―─—\s]+")
_ADDRESS = re.compile(r"(?:[^。\s]{1,30}[：:])?[ 　]*<?https?://[!-;=?-~]+>?")
_ROLE = "(?:取材|文|文責|構成|執筆|著|撮影|写真|図版?|編集|聞き手|監修|協力|提供|翻訳|訳|イラスト)"
# What stands below a text by itself: a sign-off, the day, the holder of the rights, an address, tags, a formula.
_SIGN_OFF = "以上|おわり|お?終わり|完|了|続く|つづく|(?:次回|次号|後編|次ページ)[にへ]続く|敬具|草々|かしこ"
_OFFICE = r"[^。、はがをにのでと\s]{0,12}編集部"
_DAY = r"20[0-9]{2}(?:年[0-9]{1,2}月[0-9]{1,2}日|[-/.][0-9]{1,2}[-/.][0-9]{1,2})"
_BELOW = re.compile(
    rf"[〈<（(【\[―—–─ 　]*(?:{_SIGN_OFF})[〉>）)】\]―—–─→ 　]*|{_OFFICE}"
    rf"|(?:[^。、\s]{{1,8}}[：:][ 　]?)?{_DAY}(?:[ 　]?(?:公開|更新|掲載|現在|時点))?(?:[ 　]+{_OFFICE})?"
    r"|(?:©|\([Cc]\)|[Cc]opyright\b)[^。]{1,80}"
    r"|(?:お問い?合わせ先?|TEL|FAX|メール(?:アドレス)?)[：:][^。]{1,80}(?<![、をはがのにで])"
    # The clause of a sentence has a particle and ends with an inflection: 会場：東京で開かれた催しには人が訪れ.
    r"|(?:電話(?:番号)?|住所|会場|日時)[：:](?:[^。、をはがにで]{1,80}(?<!の)|[^。]{1,80}(?:(?<![ぁ-ん、])|ほか|など|まで|にて|のみ|なし"
    r"|(?<=[0-9０-９時分半頃日）)])(?:から|より)))"
    r"|(?:[#＃][^\s#＃]{1,40}(?:[ 　]+|$)){2,30}"
    r"|\$[^$]{1,300}\$|\$\$[^$]{1,300}\$\$"
)
# Behind a space, a particle begins a sentence (図1 から分かるように), and other hiragana a word (図1 がん検診の費用).
_REFERS = "を|(?:[はがもにでとの]|から|より)[はも]?(?:[^ぁ-ん]|よう|とお|わか|みる|みれ|ある)"
_CAPTION = re.compile(
    rf"[*_]{{0,3}}[図表][ 　]?[0-9０-９]{{1,3}}(?:[-.－][0-9０-９]{{1,2}})?(?:[：:．.]|[　 ]++(?!{_REFERS}))"
    r"[^。]{1,80}(?<![、をはがのにで])"
)
# 詳しく見たように費用は goes on with a sentence of its own.
_POINTER = re.compile(
    r"[^。]{0,20}(?:(?:詳し|くわし|詳細|続き|前編|後編)(?:(?!ように|とおり|通り)[^。、\[\]]){0,12}"
    r"|[前次]回(?:(?:まで)?の(?:記事|話|内容|様子|予告|[^。、\[\]]{1,10}(?=は[、 ]?\[(?:こちら|ここ))))?)"
    r"は[、 ]?\[[^\[\]\n]*\]\([^()\n]*\)"
)
_SPEECH_OF = re.compile(r"[^。、「」\s]{1,8}(?:さん|氏|先生|記者|くん|ちゃん|[A-ZＡ-Ｚ])[：: 　]?「[^「」]*」")
_CREDIT = re.compile(rf"{_ROLE}(?:[・、／/＆&]{_ROLE})*[ 　]?[：:＝=／/][^。]{{1,60}}(?<![、をはがのにで])")
SOURCE = re.compile(
    r"[*_]{0,3}(?:出典|出所|参考(?:文献|資料|記事)?|資料|引用元?|画像(?:提供)?|写真(?:提供)?|図版提供|注[0-9０-９]{0,3})[*_]{0,3}[：:]"
)
_NOTE = re.compile(r"\[[0-9]{1,3}\][ 　]|[（(]注[0-9０-９]{0,3}[）)]|注[0-9０-９]{1,3}[）)]|[*＊][0-9０-９]{1,2}[ 　]")
_EMPHASISED = re.compile(r"(?:\*{1,3}|_{1,3})[^*_]+(?:\*{1,3}|_{1,3})[：:]?")
_SOURCE_LINKS = re.compile(r"[。！？!?…♪][」』）)]*[ 　]?(?:\[[^\[\]\n]*\]\([^()\n]*\))+$")
# Speech, （a note） or 【the end】 needs no full stop where a sentence may begin, nor does （the speaker） behind it.
_BEGIN = "(?:^|[。．！？!?…♪])[ 　]*"
_ASIDE = re.compile(rf"{_BEGIN}(?:(?:「[^「」]*」|『[^『』]*』|（[^（）]*）|\([^()]*\)|【[^【】]*】)[ 　]*)+$")
_ASIDE_ENDS = ("」", "』", "）", ")", "】")
_DASHES = "―—–─"
_SPEAKER = re.compile(
    rf"(?:^|{_BEGIN}(?:「[^「」]*」|『[^『』]*』))[*_ 　]*"
    rf"[{_DASHES}]{{1,2}}[ 　]*[^。、「」{_DASHES}]{{1,40}}(?<![はがをにのでと])$"
)
_IN_BRACKETS = re.compile(r"(?<![ 　])[ 　]*（[^（）]*）$")
_EQUALS = re.compile(r"(?<=\S)[ 　][=＝≒≈][ 　](?=\S)")
_GOES_ON = "+＋-−×÷*/=＝≒≈はがをにので"
_LEFT_OPEN = ("の", "を", "が", "は", "に", "へ", "で", "、")


def is_finished(line: str) -> bool:
    """Whether an article may end with the line: a whole sentence, or a line that needs no full stop."""
    line = without_note_marks(without_unseen(line))
    if is_link_only(line) or is_small_print(line) or _ADDRESS.fullmatch(line) or _CREDIT.fullmatch(line):
        return True
    if _NOTE.match(line) or (SOURCE.match(line) and "。" not in line and not is_left_open(line)):
        return True
    if _EMPHASISED.fullmatch(line) or _ORNAMENT.fullmatch(line) or not line.strip(CLOSING):
        return True
    if _is_formula(line) or _closes_speech(line):
        return True
    if ends_a_sentence(line) or _ends_with_aside(line) or _LAUGH.search(line[-8:]) or _FACE.search(line[-3:]):
        return True
    if any(ending.fullmatch(line) for ending in (_BELOW, _CAPTION, _SPEECH_OF)):
        return True
    if line.endswith(")") and _POINTER.fullmatch(line[line.rfind("。") + 1 :]):
        return True
    return _SOURCE_LINKS.search(line[-LONGEST_MARKS:]) is not None


def ends_a_sentence(line: str) -> bool:
    bare = without_note_marks(line).rstrip(CLOSING)
    return bare != "" and bare[-1] in _FINISHED


def is_left_open(line: str) -> bool:
    """Whether the line ends with a particle or a comma, after which a sentence goes on. もの is a noun."""
    return line.endswith(_LEFT_OPEN) and not line.endswith("もの")


def without_unseen(text: str) -> str:
    """The text without the tags, comments, &nbsp; and numbers of notes, such as [1], at its end."""
    text = text.rstrip()
    if text[-1:] not in (">", "]", ";"):
        return text
    end = text[-LONGEST_MARKS:]
    return (text[: len(text) - len(end)] + _UNSEEN.sub("", end)).rstrip()


def _ends_with_aside(line: str) -> bool:
    """Whether the line ends with speech, a note in brackets or a speaker's name."""
    if line.rstrip(" 　").endswith(_ASIDE_ENDS) and _ASIDE.search(line):
        return True
    return any(dash in line for dash in _DASHES) and _SPEAKER.search(line) is not None


def _is_formula(line: str) -> bool:
    """Whether the line is 費用 = 単価 × 数量, and has both sides."""
    if "。" in line or "、" in line or not _EQUALS.search(line):
        return False
    return line.rstrip(CLOSING)[-1:] not in _GOES_ON


def _closes_speech(line: str) -> bool:
    """Whether speech that began on a line above ends here, with or without （the speaker） after it."""
    line = _IN_BRACKETS.sub("", line).rstrip("*_ 　")
    return line[-1:] in ("」", "』") and line.count(line[-1]) > line.count("「『"["」』".index(line[-1])])
