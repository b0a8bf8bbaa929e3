"""Code blocks coloured by class: Pygments' short names (``k``, ``s1``, ``c1`` …) inside ``pre.highlight``."""

import html
import re

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

# Lexers are regular expressions written for real code, and many take quadratic time on what is not: longer blocks, and
# blocks of a great many lines or with a desert of white space, stay uncoloured.
MAX_COLOURED_CHARS = 5_000
MAX_COLOURED_LINES = 300
_DESERT = re.compile(r"\s{200}")

_FORMATTER = HtmlFormatter(nowrap=True)
_LANGUAGE = re.compile(r"[\w+#.-]{1,40}")


def code_block(escaped_code: str, language: str = "", *, colour: bool = True) -> str:
    """A ``<pre>`` for code that is already HTML-escaped; an unknown language stays uncoloured.

    It takes the keyboard's focus, because a long line makes it scroll sideways.
    """
    if not _LANGUAGE.fullmatch(language):
        return f'<pre class="highlight" tabindex="0"><code>{escaped_code}</code></pre>'
    body = (colour and _coloured(html.unescape(escaped_code), language)) or escaped_code
    return f'<pre class="highlight" tabindex="0"><code class="language-{language}">{body}</code></pre>'


def _coloured(code: str, language: str) -> str:
    if len(code) > MAX_COLOURED_CHARS or code.count("\n") > MAX_COLOURED_LINES or _DESERT.search(code):
        return ""
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return ""
    return highlight(code, lexer, _FORMATTER)
