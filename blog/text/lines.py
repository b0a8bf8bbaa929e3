"""Line ends. Browsers send CRLF and files have any; another line end is not a change that somebody made."""


def with_lf(text: str) -> str:
    r"""The text with ``\n`` as its only line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
