"""What the tests of the desk check share: articles around the lines under test, and a world that knows all."""

import re
import unicodedata
from collections import Counter
from collections.abc import Container
from functools import cache

from blog.text.desk import CODES, Draft, Finding, World, apply, check

LONG = "市場の見通しは前の四半期から大きく変わり、各社は設備への投資計画を静かに組み直しはじめている。"
OTHER = "電力の確保が計算資源の拡大を左右するようになり、立地の選び方はこの二年で別のものになった。"
THIRD = "読者に残る問いは、これらの費用を最終的に誰が負担するのか、そしてそれがいつ決まるのかである。"
END = "今後の発表を待ちたい。"


class Everything:
    def __contains__(self, name: object) -> bool:
        return True


KNOWING = World(paths=Everything(), images=Everything(), own_origin="https://allforces.example")


def draft(body: str, *, title: str = "計算資源の費用", excerpt: str = "費用を誰が負担するのかを追う。") -> Draft:
    return Draft(title=title, excerpt=excerpt, body=body)


def article(text: str) -> str:
    """An article without a mistake, in whose middle the text stands."""
    return f"## はじめに\n\n{LONG}\n\n{text}\n\n## おわりに\n\n{END}\n"


def found(body: str, code: str, world: World = KNOWING) -> list[Finding]:
    return [finding for finding in check(draft(body), world) if finding.code == code]


def fixed(body: str, code: str = "", world: World = KNOWING) -> str:
    """The body after all fixes of the code, or of every code."""
    findings = check(draft(body), world)
    return apply(draft(body), [edit for finding in findings if code in ("", finding.code) for edit in finding.fix]).body


def fix(draft: Draft, world: World, codes: Container[str] = CODES) -> Draft:
    """Makes all fixes of these codes, and those that come to light by them, as where two parts become one repeat."""
    for _ in range(5):
        edits = [edit for finding in check(draft, world) if finding.code in codes for edit in finding.fix]
        if not edits:
            break
        draft = apply(draft, edits)
    return draft


@cache
def word_characters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", unicodedata.normalize("NFKC", text)))


def repeated_paragraphs(body: str) -> int:
    """The paragraphs of 40 word characters or more that stand earlier word for word, without headings and code.

    A single sentence within a paragraph is none: it may stay, reported to an editor.
    """
    outside_code = "".join(body.split("```")[::2])
    paragraphs = (text for text in re.split(r"\n\s*\n", outside_code) if not text.startswith("#"))
    seen = Counter(key for key in map(word_characters, paragraphs) if len(key) >= 40)
    return seen.total() - len(seen)
