"""Colours code blocks with Pygments' short class names (``k``, ``s1``, ``c1`` …) inside ``pre.highlight``."""

import html
import re

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_all_lexers, get_lexer_by_name

# Lexers are regular expressions for real code: some of Pygments' 600 never end on a single character, many take
# quadratic time on other text. These were tried with hostile text of the size below (tests/text/test_highlight).
# Longer blocks stay uncoloured, and so do blocks with too many lines or with a long run of white space.
_LISTED = (
    "bash c console cpp css csharp diff docker go html ini java javascript json julia kotlin markdown pycon python r"
    " rust sql swift toml typescript xml yaml"
)
LANGUAGES = frozenset(_LISTED.split())
MAX_COLOURED_CHARS = 4_000
MAX_COLOURED_LINES = 150
# The limit for one article. A block costs a fixed sum for its lexer, a short one its tokens too, and a long one the
# square of its length. The slowest lexer takes 60 nanoseconds for each unit.
MAX_COST = 20_000_000
_COST_OF_LEXER = 100_000
_COSTLY_CHARS = 800
_LONG_WHITE_SPACE = re.compile(r"\s{100}")

# The names that writers use: py, js, c++, shell …
_NAMES = {
    alias: aliases[0]
    for _, aliases, _, _ in get_all_lexers(plugins=False)
    if LANGUAGES.intersection(aliases)
    for alias in aliases
}
# The lexer of Markdown would hand the code blocks inside to any of the 600.
_OPTIONS = {"stripnl": False, "ensurenl": True, "handlecodeblocks": False}
_FORMATTER = HtmlFormatter(nowrap=True)
_LANGUAGE = re.compile(r"[\w+#.-]{1,40}")


def code_block(escaped_code: str, language: str = "", *, colour: bool = True) -> str:
    """Returns a ``<pre>`` for code that is already HTML-escaped; code in other languages than LANGUAGES has no colours.

    The element takes the keyboard's focus, because a long line makes it scroll sideways.
    """
    if not _LANGUAGE.fullmatch(language):
        return f'<pre class="highlight" tabindex="0"><code>{escaped_code}</code></pre>'
    body = (colour and _coloured(html.unescape(escaped_code), language)) or escaped_code
    return f'<pre class="highlight" tabindex="0"><code class="language-{language}">{body}</code></pre>'


def cost(code: str) -> int:
    """An upper bound of the work that colouring takes, in steps of MAX_COST."""
    return _COST_OF_LEXER + len(code) * max(len(code), _COSTLY_CHARS)


def is_coloured(code: str, language: str) -> bool:
    """Whether `code_block` colours such code, as long as the article stays below MAX_COST."""
    return (
        language.lower() in _NAMES
        and len(code) <= MAX_COLOURED_CHARS
        and code.count("\n") <= MAX_COLOURED_LINES
        and not _LONG_WHITE_SPACE.search(code)
    )


def _coloured(code: str, language: str) -> str:
    if not is_coloured(code, language):
        return ""
    return highlight(code, get_lexer_by_name(_NAMES[language.lower()], **_OPTIONS), _FORMATTER)
