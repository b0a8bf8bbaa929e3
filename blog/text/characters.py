"""Characters that are not kept: other line ends than LF, and what XML cannot hold."""

import re


def with_lf(text: str) -> str:
    r"""The text with ``\n`` as its only line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


# XML 1.0 cannot hold these, even escaped. A text stored from a shell may have them all the same.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legal_xml(text: str) -> str:
    """The text without the characters that no XML parser accepts."""
    return ILLEGAL.sub("", text)
