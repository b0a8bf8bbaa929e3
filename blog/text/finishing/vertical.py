"""Sets figures and names in vertical lines, as Japanese print does."""

import html as entities
import re

# What is set across, or is no text, is matched first and left alone. Figures that belong to Latin words, decimals or
# ranges lie with them: GPT-5, Gemini 3, 3.5, 2026-04.
_TOKEN = re.compile(
    r"""
      <pre\b.*?</pre> | <table\b.*?</table> | <code\b.*?</code> | <sup\ class="footnote-ref">.*?</sup>
    | <[^>]*> | &[#\w]+;
    | (?<![0-9A-Za-z])(?<![0-9A-Za-z][-.,:/ ])(?P<figures>[0-9]{1,4})(?![-.,:/]?[0-9A-Za-z])(?!\ [A-Za-z])
    """,
    re.VERBOSE | re.DOTALL,
)
_STRONG = re.compile(
    r"(?P<begin><p>)?<strong>(?P<words>(?:(?!</?strong>|</p>).)*+)</strong>(?P<end></p>|<br>)?", re.DOTALL
)
_TAG = re.compile(r"<[^>]*>")
MOST_DOTTED = 24  # characters; dots at the side of more are not read as emphasis
_LATIN = "[A-Za-zÀ-ÖØ-öø-ɏ]+"
_WORDS = re.compile(rf"(?P<words>{_LATIN}(?:(?:[ .-]|&amp;|&\#x27;)+{_LATIN})*)|&[#\w]+;")
MOST_UPRIGHT = 3  # letters


def upright(html: str) -> str:
    """Sets one or two figures side by side in the width of a character, and three or four below each other.

    `html` is what `blog.text.html` finished, or escaped text.
    """
    return _TOKEN.sub(_set, html)


def bold(html: str) -> str:
    """Marks strong words that stay bold, since there would be too many dots: long ones, and a line of its own, which
    writers set in the place of a heading.
    """
    return _STRONG.sub(_thicken, html)


def _thicken(strong: re.Match[str]) -> str:
    begin, words, end = strong["begin"] or "", strong["words"], strong["end"] or ""
    if begin and end:
        return f'{begin}<strong class="bold line">{words}</strong>{end}'
    seen = entities.unescape(_TAG.sub("", words))
    return f'{begin}<strong class="bold">{words}</strong>{end}' if len(seen) > MOST_DOTTED else strong[0]


def lying(html: str) -> str:
    """Lays the Latin words of an upright name on their side, but for short ones of capitals: AI, ESG.

    `html` is escaped text.
    """
    return _WORDS.sub(_lay, html)


def _lay(token: re.Match[str]) -> str:
    words = token["words"]
    seen = entities.unescape(words or "")
    if not words or (len(seen) <= MOST_UPRIGHT and seen.isupper()):
        return token[0]
    return f'<span class="lying">{words}</span>'


def _set(token: re.Match[str]) -> str:
    figures = token["figures"]
    if not figures:
        return token[0]
    return f'<span class="{"tcy" if len(figures) < 3 else "upright"}">{figures}</span>'
